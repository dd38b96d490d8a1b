//! How a text speaks of each body it names: five stances, posts of two halves, each mention by itself.
//!
//! The development half has a floor and shows its misses. The test half is blind: only its figures are printed, and only on
//! request: `STANCE_HALF=both cargo test --test rules stance -- --nocapture`.

use super::{corpus, shipped_rules};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tripline::content::{Content, Field, Kind, Role};
use tripline::engine::{Scanner, Stance};

/// Macro-F1 that the development half must reach.
const FLOOR: f64 = 0.90;

#[test]
fn each_mention_has_the_stance_that_a_reader_gives_it() {
    let both = std::env::var("STANCE_HALF").is_ok_and(|half| half == "both");
    // lines of one's own, for trying out
    let lines = std::env::var("STANCE_FILE").map_or_else(
        |_| corpus("stance/stance.jsonl"),
        |path| std::fs::read_to_string(path).expect("the file of STANCE_FILE can be read"),
    );
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    let mut halves: BTreeMap<&str, Half> = BTreeMap::new();
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let half = if case["half"] == "test" { "test" } else { "dev" };
        if half == "dev" || both {
            halves.entry(half).or_default().add(&mut scanner, &case);
        }
    }
    for (name, half) in &halves {
        println!("{}", half.table(name));
    }
    let dev = &halves["dev"];
    println!("{}", dev.misses);
    assert!(dev.macro_f1() >= FLOOR, "the development half has a macro-F1 of {:.3}", dev.macro_f1());
}

/// Counts of one half.
#[derive(Default)]
struct Half {
    /// Expected, then given.
    confusion: [[usize; 5]; 5],
    launderings: (usize, usize),
    actions: (usize, usize),
    not_found: usize,
    misses: String,
}

impl Half {
    fn add(&mut self, scanner: &mut Scanner<'_>, case: &Value) {
        let content = content_of(case);
        let verdict = scanner.scan(&content).expect("the policy runs");
        let id = case["id"].as_str().expect("an id");
        let (mut caught, mut wanted_any) = (true, false);
        for wanted in case["expect"].as_array().expect("a list") {
            let (organization, field, start) = place(&content, wanted);
            let expected = number(wanted["stance"].as_str().expect("a stance"));
            wanted_any = true;
            let found = verdict.mentions.iter().find(|m| {
                m.organization.is_some_and(|o| *o.id == organization)
                    && *m.field == field
                    && m.span.bytes.start == start
            });
            let Some(mention) = found else {
                self.not_found += 1;
                continue;
            };
            self.confusion[expected][number(mention.stance.as_str())] += 1;
            caught &= mention.stance == Stance::Promotion;
            if expected != number(mention.stance.as_str()) {
                let cues: Vec<String> = mention.cues.iter().map(|c| format!("{} {:?}", c.kind, c.text)).collect();
                let _ = writeln!(
                    self.misses,
                    "{id}: {} called {}: {}\n    {}",
                    Stance::ALL[expected].as_str(),
                    mention.stance.as_str(),
                    cues.join(", "),
                    content.fields.iter().map(|f| &*f.value).collect::<Vec<_>>().join(" ## "),
                );
            }
        }
        if case["trap"] == "laundering" && wanted_any {
            self.launderings.0 += usize::from(caught);
            self.launderings.1 += 1;
        }
        if let Some(action) = case["action"].as_str() {
            self.actions.0 += usize::from(action == verdict.action.as_str());
            self.actions.1 += 1;
        }
    }

    fn expected(&self, stance: usize) -> usize {
        self.confusion[stance].iter().sum()
    }

    fn given(&self, stance: usize) -> usize {
        self.confusion.iter().map(|row| row[stance]).sum()
    }

    fn f1(&self, stance: usize) -> f64 {
        ratio(2 * self.confusion[stance][stance], self.expected(stance) + self.given(stance))
    }

    fn macro_f1(&self) -> f64 {
        (0..5).map(|stance| self.f1(stance)).sum::<f64>() / 5.0
    }

    fn table(&self, name: &str) -> String {
        let mut out = format!("stance, {name} half; rows are what a reader says, columns what was given\n{:12}", "");
        for stance in Stance::ALL {
            let _ = write!(out, "{:>12}", stance.as_str());
        }
        out.push_str("   precision  recall   F1\n");
        for (row, stance) in Stance::ALL.iter().enumerate() {
            let _ = write!(out, "{:12}", stance.as_str());
            for count in self.confusion[row] {
                let _ = write!(out, "{count:>12}");
            }
            let right = self.confusion[row][row];
            let (precision, recall) = (ratio(right, self.given(row)), ratio(right, self.expected(row)));
            let _ = writeln!(out, "   {precision:>9.3} {recall:>7.3} {:.3}", self.f1(row));
        }
        let all: usize = (0..5).map(|stance| self.expected(stance)).sum();
        let right: usize = (0..5).map(|stance| self.confusion[stance][stance]).sum();
        let (report, promotion) = (number("report"), number("promotion"));
        let _ = writeln!(out, "macro-F1 {:.3}; mentions not found {}", self.macro_f1(), self.not_found);
        for (what, part, whole) in [
            ("mentions right", right, all),
            ("promotion called report", self.confusion[promotion][report], self.expected(promotion)),
            ("report called promotion", self.confusion[report][promotion], self.expected(report)),
            ("launderings caught", self.launderings.0, self.launderings.1),
            ("actions right", self.actions.0, self.actions.1),
        ] {
            let (low, high) = wilson(part, whole);
            let _ = writeln!(out, "{what}: {part} of {whole}, {:.3} [{low:.3}, {high:.3}]", ratio(part, whole));
        }
        out
    }
}

fn number(stance: &str) -> usize {
    Stance::ALL.iter().position(|one| one.as_str() == stance).expect("one of the five")
}

#[expect(clippy::cast_precision_loss, reason = "counts of an exam")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Wilson's interval of a proportion at 95 %.
#[expect(clippy::cast_precision_loss, reason = "counts of an exam")]
fn wilson(part: usize, whole: usize) -> (f64, f64) {
    const Z: f64 = 1.96;
    if whole == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (whole as f64, ratio(part, whole));
    let centre = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
}

fn content_of(case: &Value) -> Content<'static> {
    let mut content = Content::new(Kind::Post);
    let fields = case["fields"].as_object().expect("fields");
    // the title stands first, as in the settings
    let order = |name: &str| u8::from(name != "title");
    let mut names: Vec<&String> = fields.keys().collect();
    names.sort_by_key(|name| order(name));
    for name in names {
        let value = &fields[name];
        let role = if name == "urls" { Role::Link } else { Role::Text };
        let items: Vec<&Value> = value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
        for (index, item) in items.into_iter().enumerate() {
            let item_number = value.is_array().then(|| u32::try_from(index).expect("few items"));
            let value = item.as_str().expect("text").to_owned().into();
            content.fields.push(Field { name: name.as_str().into(), item: item_number, role, value });
        }
    }
    content
}

/// Organization, field and first byte of an expected mention.
fn place(content: &Content<'_>, mention: &Value) -> (String, String, usize) {
    let field = mention["field"].as_str().expect("a field");
    let words = mention["text"].as_str().expect("words");
    let nth = mention["occurrence"].as_u64().map_or(0, |n| usize::try_from(n).expect("small"));
    let values = content.fields.iter().filter(|f| &*f.name == field);
    let (start, _) =
        values.flat_map(|f| f.value.match_indices(words)).nth(nth).unwrap_or_else(|| panic!("{words} is not there"));
    (mention["organization"].as_str().expect("an id").to_owned(), field.to_owned(), start)
}
