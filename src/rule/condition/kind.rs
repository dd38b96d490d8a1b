//! The types of a condition's expressions, and which of them can be compared.
//!
//! `mention.score` is a number and `mention.via` a word of a known list, which is a text too.

use crate::rule::facts::FactType;
use std::fmt;

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Bool,
    Number,
    Text,
    /// A text that is one of these.
    Word(&'static [&'static str]),
    List(Box<Type>),
    Record,
    Mention,
    Attributes,
    /// A problem has been told.
    Unknown,
}

impl Type {
    pub fn of(kind: FactType) -> Self {
        match kind {
            FactType::Bool => Type::Bool,
            FactType::Number => Type::Number,
            FactType::Text => Type::Text,
            FactType::Word(words) => Type::Word(words),
            FactType::Attributes => Type::Attributes,
            FactType::Texts => Type::List(Box::new(Type::Text)),
            FactType::Words(words) => Type::List(Box::new(Type::Word(words))),
        }
    }

    /// Values of both types can be compared: a word is a text, and of what is unknown enough has been said.
    pub fn fits(&self, other: &Type) -> bool {
        use Type::{List, Text, Unknown, Word};
        match (self, other) {
            (Unknown, _) | (_, Unknown) | (Text | Word(_), Text | Word(_)) => true,
            (List(a), List(b)) => a.fits(b),
            (a, b) => a == b,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Bool => "true or false",
            Type::Number => "a number",
            Type::Text => "a text",
            Type::Word(_) => "a word",
            Type::Record => "the record",
            Type::Mention => "a mention",
            Type::Attributes => "all attributes",
            Type::Unknown => "unknown",
            Type::List(item) => match **item {
                Type::Text => "a list of texts",
                Type::Word(_) => "a list of words",
                Type::Mention => "a list of mentions",
                Type::Number => "a list of numbers",
                _ => "a list",
            },
        })
    }
}
