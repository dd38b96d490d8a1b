//! The figures of one half of an exam: tables for people, named measures for the floors.

use super::exam::{Exam, Half};
use std::collections::BTreeMap;
use std::fmt;

/// What one run of one half gave.
#[derive(Debug)]
pub struct Figures {
    half: Half,
    heading: String,
    body: String,
    measures: BTreeMap<String, f64>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub hits: usize,
    pub of: usize,
}

impl Figures {
    pub fn new(exam: Exam, half: Half, records: usize) -> Self {
        let heading = format!("== {}, {} half: {records} records", exam.name, half.as_str());
        Self { half, heading, body: String::new(), measures: BTreeMap::new() }
    }

    /// A paragraph or a table.
    pub fn say(&mut self, text: &str) {
        self.body.push_str(text.trim_end());
        self.body.push('\n');
    }

    /// A measure by which a floor can hold it.
    pub fn measure(&mut self, name: &str, value: f64) {
        self.measures.insert(name.to_owned(), value);
    }

    /// A share with its interval, said and measured.
    pub fn share(&mut self, name: &str, share: Share) {
        self.say(&format!("{name}: {share}"));
        self.measure(name, share.ratio());
    }

    /// A count, said and measured.
    #[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
    pub fn count(&mut self, name: &str, count: usize) {
        self.say(&format!("{name}: {count}"));
        self.measure(name, count as f64);
    }

    /// One line for each thing that went wrong: its id, and for a development half what went wrong.
    pub fn wrong(&mut self, id: &str, what: impl FnOnce() -> String) {
        match self.half {
            Half::Dev => self.say(&format!("  {id}:{}", what())),
            Half::Test => self.say(&format!("  {id}")),
        }
    }

    pub fn measures(&self) -> &BTreeMap<String, f64> {
        &self.measures
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.heading, self.body)
    }
}

impl Share {
    pub fn of(hits: impl IntoIterator<Item = bool>) -> Self {
        hits.into_iter().fold(Self::default(), Self::and)
    }

    pub fn and(self, hit: bool) -> Self {
        Self { hits: self.hits + usize::from(hit), of: self.of + 1 }
    }

    /// 1 of nothing is all of it.
    #[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
    pub fn ratio(self) -> f64 {
        if self.of == 0 { 1.0 } else { self.hits as f64 / self.of as f64 }
    }

    /// The Wilson score interval of 95 %.
    #[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
    pub fn interval(self) -> (f64, f64) {
        const Z: f64 = 1.959_964;
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (n, p) = (self.of as f64, self.ratio());
        let middle = p + Z * Z / (2.0 * n);
        let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        (((middle - reach) / scale).max(0.0), ((middle + reach) / scale).min(1.0))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.interval();
        let (hits, of) = (self.hits, self.of);
        write!(f, "{hits} of {of}, {:.2} % [{:.2}, {:.2}]", self.ratio() * 100.0, low * 100.0, high * 100.0)
    }
}

/// Rows by columns of shares: `hits/of` in each cell, with the sums of rows and columns.
#[derive(Debug, Default)]
pub struct Shares {
    cells: BTreeMap<(String, String), Share>,
}

impl Shares {
    pub fn add(&mut self, row: &str, column: &str, hit: bool) {
        let cell = self.cells.entry((row.to_owned(), column.to_owned())).or_default();
        *cell = cell.and(hit);
    }

    pub fn row(&self, row: &str) -> Share {
        self.sum(|(own, _)| own == row)
    }

    pub fn rows(&self) -> Vec<String> {
        let mut rows: Vec<String> = self.cells.keys().map(|(row, _)| row.clone()).collect();
        rows.dedup();
        rows
    }

    pub fn all(&self) -> Share {
        self.sum(|_| true)
    }

    fn sum(&self, wanted: impl Fn(&(String, String)) -> bool) -> Share {
        let cells = self.cells.iter().filter(|(key, _)| wanted(key)).map(|(_, share)| share);
        cells.fold(Share::default(), |sum, share| Share { hits: sum.hits + share.hits, of: sum.of + share.of })
    }

    /// The table, under a heading for the rows.
    pub fn table(&self, heading: &str) -> String {
        self.written(heading, true)
    }

    /// The table without sums over columns, for columns that count different things.
    pub fn grid(&self, heading: &str) -> String {
        self.written(heading, false)
    }

    fn written(&self, heading: &str, sums: bool) -> String {
        let mut columns: Vec<&str> = self.cells.keys().map(|(_, column)| column.as_str()).collect();
        columns.sort_unstable();
        columns.dedup();
        let cell = |share: Share| if share.of == 0 { "-".to_owned() } else { format!("{}/{}", share.hits, share.of) };
        let line = |name: &str, wanted: &dyn Fn(&(String, String)) -> bool| {
            let mut line = vec![name.to_owned()];
            line.extend(columns.iter().map(|c| cell(self.sum(|key| wanted(key) && key.1 == *c))));
            let all = self.sum(wanted);
            line.extend(sums.then(|| [cell(all), format!("{:.1} %", all.ratio() * 100.0)]).into_iter().flatten());
            line
        };
        let last: &[&str] = if sums { &["all", "%"] } else { &[] };
        let mut rows = vec![[heading].iter().chain(&columns).chain(last).map(ToString::to_string).collect()];
        rows.extend(self.rows().iter().map(|row| line(row, &|key: &(String, String)| key.0 == *row)));
        rows.push(line("all", &|_| true));
        aligned(&rows)
    }
}

/// Columns of equal width: the first to the left, the others to the right.
pub fn aligned(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max();
    let mut text = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = width(column).unwrap_or_default();
            let padding = " ".repeat(width - cell.chars().count());
            text.extend(if column == 0 { ["  ", cell, &padding] } else { ["  ", &padding, cell] });
        }
        text.push('\n');
    }
    text
}

#[test]
fn intervals_are_those_of_the_textbook() {
    // Wilson score, 95 %, as published tables and other programs give it.
    for (hits, of, low, high) in
        [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962), (95, 100, 0.8882, 0.9785)]
    {
        let (found_low, found_high) = Share { hits, of }.interval();
        assert!(
            (found_low - low).abs() < 1e-4 && (found_high - high).abs() < 1e-4,
            "{hits}/{of}: {found_low} {found_high}"
        );
    }
    assert_eq!(Share::default().interval(), (0.0, 1.0), "nothing is known of nothing");
}
