//! What a policy condition can ask: one table of facts with their types, and the facts of one record in the shape of CEL values.

use super::imitation::ImitatedKind;
use super::index::Via;
use super::organization::{Caution, Focus, Listing, Status};
use crate::domain::Disguise;
use crate::text::Fold;
use cel::common::types::{CelBool, CelDouble, CelList, CelMap, CelMapKey, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use std::collections::{BTreeSet, HashMap};

/// Facts of the record, `record.*` in conditions.
#[derive(Clone, Debug, Default)]
pub struct RecordFacts<'a> {
    /// post | registration
    pub kind: &'a str,
    /// As the field map found it; empty when unknown.
    pub region: &'a str,
    /// The author's id, to be compared and never kept; empty when unknown.
    pub author: &'a str,
    /// The topic; empty outside of one.
    pub source: &'a str,
    /// What the settings of the source take from the record, by name.
    pub attributes: Vec<(&'a str, &'a str)>,
}

/// Facts of one mention, `mention.*` in conditions (and each item of `mentions`).
#[derive(Clone, Debug, Default)]
pub struct MentionFacts<'a> {
    /// The id of the organization or of the canary; of an imitated authority its host or short name.
    pub organization: &'a str,
    /// A word of [`Listing`], `official` or `canary`.
    pub listing: &'a str,
    /// A word of [`Status`].
    pub status: &'a str,
    /// Words of [`Focus`].
    pub focus: Vec<&'a str>,
    /// Words of [`Caution`].
    pub caution: Vec<&'a str>,
    /// A word of [`Via`].
    pub via: &'a str,
    /// The name of the field, as the field map gives it.
    pub field: &'a str,
    /// text | handle | link
    pub role: &'a str,
    /// The host of an e-mail address.
    pub in_email: bool,
    /// The organization is a branch of another, or what was found is an unlisted branch or preparatory committee of it.
    pub branch: bool,
    /// Ids of the notices, earliest first.
    pub notices: Vec<&'a str>,
    /// Jurisdictions of the notices.
    pub jurisdictions: Vec<&'a str>,
    /// Words of [`Fold`]: the differences between the text and the name.
    pub folds: Vec<&'a str>,
    /// Those of them that hide rather than differ by habit.
    pub evasion: Vec<&'a str>,
    /// 0 to 1.
    pub score: f64,
    /// report | warning | promotion | affiliation | neutral
    pub stance: &'a str,
    /// A word of [`ImitatedKind`]; empty unless a host imitates another.
    pub imitates: &'a str,
    /// A word of [`Disguise`]; empty unless a host imitates another.
    pub technique: &'a str,
}

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactType {
    /// `true` or `false`.
    Bool,
    /// A floating point number.
    Number,
    /// Any text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of these words.
    Words(&'static [&'static str]),
    /// Texts by the names that the settings give them; one that is not there is empty.
    Attributes,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// `record` or `mention`.
    pub of: &'static str,
    /// The field: `mention.<name>`.
    pub name: &'static str,
    /// Its type.
    pub kind: FactType,
    /// What it says.
    pub doc: &'static str,
}

const fn fact(of: &'static str, name: &'static str, kind: FactType, doc: &'static str) -> Fact {
    Fact { of, name, kind, doc }
}

const FOLDS: [&str; Fold::ALL.len()] = {
    let mut words = [""; Fold::ALL.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = Fold::ALL[i].as_str();
        i += 1;
    }
    words
};

/// How a text can speak of an organization.
pub(super) const STANCES: [&str; 5] = ["report", "warning", "promotion", "affiliation", "neutral"];

/// Every fact that a condition can use. `mentions` is the list of all mentions of the record.
pub const FACTS: &[Fact] = &[
    fact("record", "kind", FactType::Word(&["post", "registration"]), "what the record is"),
    fact("record", "region", FactType::Text, "where its author is, as the field map says; empty when unknown"),
    fact("record", "author", FactType::Text, "the author's id; empty when unknown"),
    fact("record", "source", FactType::Text, "the topic it came from; empty outside of one"),
    fact("record", "attributes", FactType::Attributes, "what the source's settings take from it, by name: [\"name\"]"),
    fact(
        "mention",
        "organization",
        FactType::Text,
        "the id of the organization or of the canary, or the authority that a host imitates",
    ),
    fact("mention", "listing", FactType::Word(&LISTINGS), "how the organization is listed"),
    fact("mention", "status", FactType::Word(Status::WORDS), "whether its entry is active or in shadow"),
    fact("mention", "focus", FactType::Words(Focus::WORDS), "the authorities' focus types"),
    fact("mention", "caution", FactType::Words(Caution::WORDS), "why its names must not be taken at their word"),
    fact("mention", "via", FactType::Word(Via::WORDS), "what of it was found"),
    fact("mention", "field", FactType::Text, "the field, as the field map names it"),
    fact("mention", "role", FactType::Word(&["text", "handle", "link"]), "what the field is for"),
    fact("mention", "in_email", FactType::Bool, "found as the host of an e-mail address"),
    fact("mention", "branch", FactType::Bool, "a branch of another, or an unlisted branch or preparatory committee"),
    fact("mention", "notices", FactType::Texts, "ids of its notices, earliest first"),
    fact("mention", "jurisdictions", FactType::Texts, "jurisdictions of its notices"),
    fact("mention", "folds", FactType::Words(&FOLDS), "how the text differs from the name"),
    fact("mention", "evasion", FactType::Words(&FOLDS), "those of them that hide"),
    fact("mention", "score", FactType::Number, "how sure the match is, 0 to 1"),
    fact("mention", "stance", FactType::Word(&STANCES), "what the text does with the name"),
    fact("mention", "imitates", FactType::Word(ImitatedKind::WORDS), "what a host imitates; empty when it does not"),
    fact("mention", "technique", FactType::Word(&Disguise::WORDS), "how it imitates; empty when it does not"),
];

/// How an organization is listed; `official` for an authority whose host is imitated, `canary` for the test string.
const LISTINGS: [&str; Listing::WORDS.len() + 2] = {
    let mut words = ["official"; Listing::WORDS.len() + 2];
    let mut i = 0;
    while i < Listing::WORDS.len() {
        words[i] = Listing::WORDS[i];
        i += 1;
    }
    words[i] = "canary";
    words
};

/// The facts of one record as CEL values, converted once: conditions look at them, and copy nothing.
pub(super) struct Converted<'a> {
    record: Box<dyn Val + 'a>,
    mentions: CelList<'a>,
}

impl<'a> Converted<'a> {
    /// `asked`: the attributes that conditions ask for. One that the record has not is empty, so that no condition can fail.
    pub fn new(record: &RecordFacts<'a>, mentions: &'a [MentionFacts<'a>], asked: &'a BTreeSet<String>) -> Self {
        let RecordFacts { kind, region, author, source, attributes } = record;
        let of = |name: &str| attributes.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        let attributes = asked.iter().map(|name| (CelMapKey::from(name.as_str()), text(of(name))));
        Self {
            record: map([
                ("kind", text(kind)),
                ("region", text(region)),
                ("author", text(author)),
                ("source", text(source)),
                ("attributes", Box::new(CelMap::from(attributes.collect::<HashMap<_, _>>()))),
            ]),
            mentions: CelList::from(mentions.iter().map(mention).collect::<Vec<_>>()),
        }
    }
    pub fn len(&self) -> usize {
        self.mentions.inner().len()
    }
}

/// The variables of a condition for one mention.
pub(super) struct Variables<'f, 'a> {
    pub facts: &'f Converted<'a>,
    pub mention: usize,
}

impl VariableResolver for Variables<'_, '_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        match variable {
            "mention" => self.facts.mentions.inner().get(self.mention).map(|m| CowVal::Borrowed(&**m)),
            "mentions" => Some(CowVal::Borrowed(&self.facts.mentions)),
            "record" => Some(CowVal::Borrowed(&*self.facts.record)),
            _ => None,
        }
    }
}

fn text<'a>(text: &'a str) -> Box<dyn Val + 'a> {
    Box::new(CelString::from(text))
}

fn texts<'a>(texts: &[&'a str]) -> Box<dyn Val + 'a> {
    Box::new(CelList::from(texts.iter().map(|t| text(t)).collect::<Vec<_>>()))
}

fn map<'a, const N: usize>(entries: [(&'static str, Box<dyn Val + 'a>); N]) -> Box<dyn Val + 'a> {
    let entries: HashMap<_, _> = entries.into_iter().map(|(key, value)| (CelMapKey::from(key), value)).collect();
    Box::new(CelMap::from(entries))
}

fn mention<'a>(facts: &'a MentionFacts<'a>) -> Box<dyn Val + 'a> {
    // every field is named: a new one is a row of the table, too
    let MentionFacts {
        organization,
        listing,
        status,
        focus,
        caution,
        via,
        field,
        role,
        in_email,
        branch,
        notices,
        jurisdictions,
        folds,
        evasion,
        score,
        stance,
        imitates,
        technique,
    } = facts;
    map([
        ("organization", text(organization)),
        ("listing", text(listing)),
        ("status", text(status)),
        ("focus", texts(focus)),
        ("caution", texts(caution)),
        ("via", text(via)),
        ("field", text(field)),
        ("role", text(role)),
        ("in_email", Box::new(CelBool::from(*in_email))),
        ("branch", Box::new(CelBool::from(*branch))),
        ("notices", texts(notices)),
        ("jurisdictions", texts(jurisdictions)),
        ("folds", texts(folds)),
        ("evasion", texts(evasion)),
        ("score", Box::new(CelDouble::from(*score))),
        ("stance", text(stance)),
        ("imitates", text(imitates)),
        ("technique", text(technique)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_values_name_the_same_facts() {
        let mentions = [MentionFacts::default()];
        let asked = BTreeSet::new();
        let facts = Converted::new(&RecordFacts::default(), &mentions, &asked);
        let variables = Variables { facts: &facts, mention: 0 };
        for of in ["record", "mention"] {
            let value = variables.resolve(of).unwrap();
            let map = value.downcast_ref::<CelMap>().unwrap();
            let mut there: Vec<String> =
                map.inner().keys().map(|k| String::try_from(k.inner().clone_as_boxed()).unwrap()).collect();
            let mut table: Vec<&str> = FACTS.iter().filter(|f| f.of == of).map(|f| f.name).collect();
            there.sort();
            table.sort_unstable();
            assert_eq!(there, table, "{of}");
        }
        assert!(variables.resolve("mentoin").is_none());
    }
}
