//! Which protected names have to be looked for: of a whole register, those that a listed name can meet.
//!
//! A protected name does its work where a listed one stands inside it, on it, or half in it. A hundred thousand names of bodies that no listed
//! name comes near would only make the automaton large and slow. What is left out is protected all the same: nothing would be found in it.

use super::hidden::SHORTEST_TAIL;
use super::index::ProtectedName;
use crate::matcher::{Automaton, BuildError};
use crate::text::fold;
use std::collections::HashSet;

/// So many names are looked for as they are, and shown where they stand: the shipped lists have a fifth of it.
const ALL_UP_TO: usize = 1_000;
/// So many units that end one name and begin another make them overlap; in letters two of them are in any two names.
const OVERLAP: (usize, usize) = (2, 4);

/// For each protected name its units if it is to be looked for. `listed` are the units of everything else that is.
pub(super) fn needed(protected: &[ProtectedName], listed: &[Vec<u16>]) -> Result<Vec<Option<Vec<u16>>>, BuildError> {
    let folded = protected.iter().map(|name| (name, fold(&name.name)));
    if protected.len() <= ALL_UP_TO {
        return Ok(folded.map(|(_, units)| Some(units)).collect());
    }
    let inside = Automaton::new(listed)?;
    let beginnings: HashSet<&[u16]> =
        listed.iter().flat_map(|units| (2..units.len()).map(|len| &units[..len])).collect();
    let endings: HashSet<&[u16]> =
        listed.iter().flat_map(|units| (1..units.len().saturating_sub(1)).map(|at| &units[at..])).collect();
    // a listed name may be known by its tail alone, and must not be where a lawful body has the same
    let tail = |units: &[u16]| units.len().checked_sub(SHORTEST_TAIL).map(|at| units[at..].to_vec());
    let tails: HashSet<Vec<u16>> = listed.iter().filter_map(|units| tail(units)).collect();
    let longest = listed.iter().map(Vec::len).max().unwrap_or(0);
    let is_met = |units: &[u16]| {
        let is_ascii = units.iter().all(|unit| *unit < 0x80);
        let least = if is_ascii { OVERLAP.1 } else { OVERLAP.0 };
        let lengths = || least..units.len().min(longest);
        let mut contains = false;
        inside.for_each(units, |_| contains = true);
        contains
            || tail(units).is_some_and(|tail| tails.contains(&tail))
            || lengths().any(|len| beginnings.contains(&units[units.len() - len..]))
            || lengths().any(|len| endings.contains(&units[..len]))
    };
    Ok(folded.map(|(name, units)| (name.is_channel || is_met(&units)).then_some(units)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of some names are looked for, in a register of so many others.
    fn kept<'n>(names: &[&'n str], others: usize) -> Vec<&'n str> {
        let protected = |name: String| ProtectedName { name, basis: String::new(), is_channel: false };
        let mut all: Vec<_> = names.iter().map(|name| protected((*name).to_owned())).collect();
        all.extend((0..others).map(|number| protected(format!("某地第{number}联谊社"))));
        let listed = ["中国假钢笔书法协会", "China Made-up Union"].map(fold);
        let needed = needed(&all, &listed).expect("two names fit");
        names.iter().zip(needed).filter(|(_, units)| units.is_some()).map(|(name, _)| *name).collect()
    }

    #[test]
    fn of_a_register_only_the_neighbours_of_listed_names_are_looked_for() {
        let neighbours = [
            "上海中国假钢笔书法协会",
            "中国假钢笔书法协会大学",
            "中国假钢笔书法协会",
            "中國假鋼筆書法協會出版社",
            "某某驻中国",
            "协会之家",
            "亚洲假钢笔书法协会", // the same tail
            "Friends of China",
            "The China Made-up Union of Here",
        ];
        let others = ["中国假画协会", "某某笔书法协会", "某某书法协", "Made-up Society", "On"];
        let all: Vec<&str> = neighbours.iter().chain(&others).copied().collect();
        assert_eq!(kept(&all, ALL_UP_TO), neighbours);
        assert_eq!(kept(&all, 0), all, "a short list is kept whole");
    }
}
