//! Speed as ratios: each figure stands beside a baseline of the same run, taken in turns with it, medians of the rounds.
//!
//! `make bench` runs all; `make bench ARGS="-- engine"` (`decode`, `techniques`, `kafka`, `reload`) runs one. Records per second depend on the
//! machine; the ratios are what to compare between two states of the code.

#[path = "../kafka/mod.rs"]
mod kafka;
#[path = "../pipeline/made_up.rs"]
mod made_up;

mod end_to_end;
mod http;
mod memory;
mod records;
mod reload;
mod replay;
mod rounds;
mod techniques;

use std::env;

/// What can be measured, by name.
const BENCHES: &[(&str, fn())] = &[
    ("decode", memory::decoding),
    ("engine", memory::judging),
    ("techniques", techniques::one_by_one),
    ("kafka", end_to_end::against_a_raw_consumer),
    ("replay", replay::against_reading_and_judging),
    ("reload", reload::under_load),
];

fn main() {
    let wanted: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    for (name, bench) in BENCHES {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            bench();
        }
    }
}
