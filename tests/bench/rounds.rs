//! Rounds of several contestants in turns, so that what else the machine does falls on all of them alike.

use std::time::Instant;

/// One of those who are compared.
pub struct Contestant<'c> {
    pub name: &'c str,
    /// Does its work once and returns the seconds that count.
    pub round: Box<dyn FnMut() -> f64 + 'c>,
}

impl<'c> Contestant<'c> {
    /// All of its work counts.
    pub fn timed(name: &'c str, mut work: impl FnMut() + 'c) -> Contestant<'c> {
        let round = Box::new(move || {
            let started = Instant::now();
            work();
            started.elapsed().as_secs_f64()
        });
        Contestant { name, round }
    }
}

/// Runs `rounds` rounds and prints a line for each contestant: units a second, and the ratio to the first one's.
///
/// A ratio is the median of the rounds' own ratios, because a round's contestants shared their minute of the machine.
/// Returns the medians of units a second.
#[expect(clippy::cast_precision_loss, reason = "a count of units has far fewer than 52 bits")]
pub fn compare(title: &str, unit: &str, units: usize, rounds: usize, mut contestants: Vec<Contestant<'_>>) -> Vec<f64> {
    println!("\n{title} ({units} {unit} a round, medians of {rounds} rounds in turns)");
    for contestant in &mut contestants {
        (contestant.round)();
    }
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); contestants.len()];
    for _ in 0..rounds {
        for (rates, contestant) in rates.iter_mut().zip(&mut contestants) {
            rates.push(units as f64 / (contestant.round)());
        }
    }
    let baseline = rates[0].clone();
    for (rates, contestant) in rates.iter().zip(&contestants) {
        let ratios = rates.iter().zip(&baseline).map(|(own, first)| own / first).collect();
        let slowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
        println!(
            "  {:<44} {:>12.0} {unit}/s   {:>8.3} x the first   (slowest round {slowest:.0})",
            contestant.name,
            median(rates.clone()),
            median(ratios),
        );
    }
    rates.into_iter().map(median).collect()
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}
