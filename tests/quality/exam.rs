//! The exams: their files, and what is expected of each line.

use super::lists::{corpus, root};
use serde_json::{Value, json};
use std::ops::Range;
use tripline::content::{Content, Field, Kind, Role};

/// An exam of `tests/corpus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exam {
    pub name: &'static str,
    pub file: &'static str,
    /// Every line was looked at: all of it is for development, whatever `half` says.
    pub is_spent: bool,
}

pub const EVASION: Exam = Exam { name: "evasion", file: "evasion/evasion.jsonl", is_spent: false };
/// Every active name and domain by every technique, from a seeded generator that knows nothing of the program.
pub const HIDDEN: Exam = Exam { name: "evasion-generated", file: "evasion/generated.jsonl", is_spent: true };
pub const BENIGN: Exam = Exam { name: "benign", file: "benign/benign.jsonl", is_spent: false };
/// Names one edit away from every listed one, lawful bodies however written, places, official hosts: generated alike.
pub const NEAR: Exam = Exam { name: "benign-generated", file: "benign/generated.jsonl", is_spent: true };
pub const STANCE: Exam = Exam { name: "stance", file: "stance/stance.jsonl", is_spent: true };
pub const SECOND_STANCE: Exam = Exam { name: "stance-second", file: "stance/second.jsonl", is_spent: true };
/// Many ways of saying the same, for development alone.
pub const WORDINGS: Exam = Exam { name: "stance-wordings", file: "stance/wordings.jsonl", is_spent: true };
pub const THIRD_STANCE: Exam = Exam { name: "stance-third", file: "stance/third.jsonl", is_spent: false };
pub const REGISTRATION: Exam = Exam { name: "registration", file: "registration/registration.jsonl", is_spent: false };
pub const POSTS: Exam = Exam { name: "posts", file: "posts/posts.jsonl", is_spent: false };

/// Every exam.
pub const ALL: [Exam; 10] =
    [EVASION, HIDDEN, BENIGN, NEAR, STANCE, SECOND_STANCE, WORDINGS, THIRD_STANCE, REGISTRATION, POSTS];

/// Which lines of an exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    Dev,
    Test,
}

impl Half {
    pub const fn as_str(self) -> &'static str {
        match self {
            Half::Dev => "dev",
            Half::Test => "test",
        }
    }
}

/// One line: a record, and what must be said of it.
#[derive(Debug)]
pub struct Case {
    pub id: String,
    pub action: String,
    pub content: Content<'static>,
    pub expected: Vec<Expected>,
    /// The whole line, for the keys that one exam has and others have not.
    pub line: Value,
}

/// A mention that must be found.
#[derive(Debug)]
pub struct Expected {
    /// An organization's id, or `impersonation`.
    pub who: String,
    /// The exact places that are right: one, or for a branch also that of its whole name.
    pub places: Vec<Place>,
    pub line: Value,
}

/// Words of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub field: String,
    pub item: Option<u32>,
    pub bytes: Range<usize>,
}

impl Exam {
    /// The lines of one half; nothing when the exam has none.
    pub fn cases(self, half: Half) -> Option<Vec<Case>> {
        if !root().join("tests/corpus").join(self.file).exists() {
            return None;
        }
        let text = corpus(self.file);
        let lines = text.lines().enumerate().map(|(number, line)| {
            // The line itself is not shown: it may be of a test half.
            serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{}:{} is no JSON", self.file, number + 1))
        });
        let cases: Vec<Case> = lines.map(spelt_out).filter(|line| self.half_of(line) == half).map(Case::new).collect();
        (!cases.is_empty()).then_some(cases)
    }

    fn half_of(self, line: &Value) -> Half {
        if line["half"] == "test" && !self.is_spent { Half::Test } else { Half::Dev }
    }
}

impl Case {
    pub fn new(line: Value) -> Self {
        let text = |key: &str| line[key].as_str().unwrap_or_else(|| panic!("{} has no {key}", line["id"])).to_owned();
        let content = content_of(&line);
        let mentions = line["expect"].as_array().expect("a list");
        let expected = mentions.iter().map(|m| Expected::new(&content, m, &line["id"])).collect();
        Self { id: text("id"), action: text("action"), content, expected, line }
    }

    /// A key of the line, such as its class; empty when it has none.
    pub fn key(&self, key: &str) -> &str {
        self.line[key].as_str().unwrap_or_default()
    }
}

impl Expected {
    fn new(content: &Content<'_>, line: &Value, id: &Value) -> Self {
        let wrong = || panic!("{id}: an expected mention is not there");
        let place = place(content, line).unwrap_or_else(wrong);
        let whole = line["whole"].as_str().map(|whole| around(content, &place, whole).unwrap_or_else(wrong));
        let who =
            line["organization"].as_str().or_else(|| line["kind"].as_str()).unwrap_or_else(|| panic!("{id}: who?"));
        Self { who: who.to_owned(), places: [place].into_iter().chain(whole).collect(), line: line.clone() }
    }
}

/// A line of a generated set (`before`, `span`, `after`; or a `body` in which nothing may be found) as a line of an exam.
fn spelt_out(mut line: Value) -> Value {
    let Some(object) = line.as_object_mut().filter(|object| !object.contains_key("fields")) else { return line };
    let take = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (before, span, after, body) = (take("before"), take("span"), take("after"), take("body"));
    let mut expect = Vec::new();
    if !span.is_empty() {
        let whole = format!("{before}{span}{after}");
        let occurrence = whole.match_indices(&span).take_while(|(start, _)| *start < before.len()).count();
        let mut mention = json!({ "field": "body", "text": span, "occurrence": occurrence });
        for key in ["organization", "technique", "via"] {
            mention[key] = object[key].clone();
        }
        expect.push(mention);
    }
    let action = if expect.is_empty() { "none" } else { "flag" };
    object.insert("action".to_owned(), action.into());
    object.insert("kind".to_owned(), "post".into());
    object.insert("fields".to_owned(), json!({ "body": format!("{before}{span}{after}{body}") }));
    object.insert("expect".to_owned(), expect.into());
    line
}

/// Fields by the names of the settings page: links are links, a handle is a handle, the rest is text.
fn content_of(case: &Value) -> Content<'static> {
    let kind = if case["kind"] == "registration" { Kind::Registration } else { Kind::Post };
    let mut content = Content::new(kind);
    for (name, value) in case["fields"].as_object().expect("fields") {
        let role = match name.as_str() {
            "urls" | "website" | "email" => Role::Link,
            "handle" => Role::Handle,
            _ => Role::Text,
        };
        let items: Vec<&Value> = value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
        for (index, item) in items.into_iter().enumerate() {
            let item_number = value.is_array().then(|| u32::try_from(index).expect("few items"));
            let value = item.as_str().expect("text").to_owned().into();
            content.fields.push(Field { name: name.as_str().into(), item: item_number, role, value });
        }
    }
    content
}

/// Where the expected words stand: `occurrence` counts from 0, in a list through its items in order.
fn place(content: &Content<'_>, mention: &Value) -> Option<Place> {
    let (field, words) = (mention["field"].as_str()?, mention["text"].as_str()?);
    let nth = usize::try_from(mention["occurrence"].as_u64().unwrap_or(0)).ok()?;
    let values = content.fields.iter().filter(|f| &*f.name == field);
    let mut places = values.flat_map(|f| f.value.match_indices(words).map(move |(start, _)| (f.item, start)));
    let (item, start) = places.nth(nth)?;
    Some(Place { field: field.to_owned(), item, bytes: start..start + words.len() })
}

/// The `whole` that has `part` in it.
fn around(content: &Content<'_>, part: &Place, whole: &str) -> Option<Place> {
    let field = content.fields.iter().find(|f| *f.name == *part.field && f.item == part.item)?;
    let mut starts = field.value.match_indices(whole).map(|(start, _)| start);
    let start = starts.find(|start| *start <= part.bytes.start && part.bytes.end <= start + whole.len())?;
    Some(Place { bytes: start..start + whole.len(), ..part.clone() })
}

/// Reading is no run: nothing is judged, and of a line that is wrong the id is said.
#[test]
fn every_line_of_every_exam_can_be_read() {
    for exam in ALL {
        let read: usize =
            [Half::Dev, Half::Test].into_iter().filter_map(|half| exam.cases(half)).map(|cases| cases.len()).sum();
        assert_eq!(read, corpus(exam.file).lines().count(), "{}", exam.name);
        assert!(read > 250, "{} is whole", exam.name);
    }
}
