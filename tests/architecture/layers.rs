//! The table "who may import whom", read from where people read it: the documentation in `src/lib.rs`.

use std::collections::BTreeMap;
use std::fs;

use crate::root;

/// Layers 0 to 2 are the core.
pub const LAST_CORE_LAYER: u8 = 2;

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub layer: u8,
    pub may_use: Vec<String>,
}

/// The table, by folder.
#[derive(Clone, Debug, Default)]
pub struct Layers(BTreeMap<String, Row>);

impl Layers {
    /// The table of the documentation in `src/lib.rs`.
    pub fn of_the_crate() -> Layers {
        let source = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs can be read");
        let layers = Layers::parse(&source);
        assert!(!layers.0.is_empty(), "src/lib.rs has no table of layers: `//! | 0 | `text` | nothing |`");
        layers
    }

    /// Reads lines like ``//! | 1 | `engine` | `rule`, `matcher` |``; all others are no rows.
    pub fn parse(source: &str) -> Layers {
        Layers(source.lines().filter_map(row).collect())
    }

    pub fn get(&self, folder: &str) -> Option<&Row> {
        self.0.get(folder)
    }

    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn is_core(&self, folder: &str) -> bool {
        self.get(folder).is_some_and(|row| row.layer <= LAST_CORE_LAYER)
    }

    /// What is wrong with the table itself: a use of a folder that has no row, or that lies above.
    pub fn faults(&self) -> Vec<String> {
        let uses = self.0.iter().flat_map(|(folder, row)| row.may_use.iter().map(move |used| (folder, row, used)));
        let fault = |(folder, row, used): (&String, &Row, &String)| match self.get(used) {
            None => Some(format!("`{folder}` may use `{used}`, which has no row")),
            Some(other) if other.layer > row.layer => Some(format!("`{folder}` may use `{used}`, which lies above it")),
            Some(other) if other.may_use.contains(folder) => {
                Some(format!("`{folder}` and `{used}` may use each other"))
            }
            Some(_) => None,
        };
        uses.filter_map(fault).collect()
    }
}

fn row(line: &str) -> Option<(String, Row)> {
    let cells = line.strip_prefix("//! |")?.strip_suffix('|')?;
    let mut cells = cells.split('|').map(str::trim);
    let layer = cells.next()?.parse().ok()?;
    let folder = cells.next()?.trim_matches('`').to_owned();
    let may_use = match cells.next()? {
        "nothing" => Vec::new(),
        list => list.split(',').map(|name| name.trim().trim_matches('`').to_owned()).collect(),
    };
    Some((folder, Row { layer, may_use }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_crate_points_downwards() {
        assert_eq!(Layers::of_the_crate().faults(), [""; 0]);
    }

    #[test]
    fn a_table_that_points_upwards_or_nowhere_or_in_a_circle_is_refused() {
        for (table, expected) in [
            (
                "//! | 0 | `text` | `engine` |\n//! | 1 | `engine` | nothing |",
                "`text` may use `engine`, which lies above it",
            ),
            ("//! | 0 | `text` | `texts` |", "`text` may use `texts`, which has no row"),
            ("//! | 0 | `a` | `b` |\n//! | 0 | `b` | `a` |", "`a` and `b` may use each other"),
        ] {
            assert_eq!(Layers::parse(table).faults().first().map(String::as_str), Some(expected), "{table}");
        }
    }
}
