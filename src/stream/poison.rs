//! Why a record cannot be judged.

use std::fmt;

/// The kind of fault: the label `reason` of `tripline_dead_letters_total`, and the header `tripline.error.class`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PoisonClass {
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// The text is not JSON, or something follows the JSON.
    InvalidJson,
    /// The JSON is an array, a text, a number, a truth value or `null`.
    NotAnObject,
    /// A pointer of the settings leads to something that is not a text.
    WrongType,
    /// Deeper nesting than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// The value begins with the framing of a schema registry, whose payload is not JSON text.
    SchemaRegistryFraming,
    /// More bytes than can be judged or passed on.
    TooLarge,
    /// The scan of this record panicked; a fault of ours.
    ScanPanic,
    /// A policy condition cannot be evaluated for this record.
    Policy,
    /// The brokers refuse the verdict on this record, whatever its size (its time, a rule of theirs).
    Refused,
}

impl PoisonClass {
    /// Every class, so that each label value can be touched at start.
    pub const ALL: [PoisonClass; 10] = [
        PoisonClass::InvalidUtf8,
        PoisonClass::InvalidJson,
        PoisonClass::NotAnObject,
        PoisonClass::WrongType,
        PoisonClass::TooDeep,
        PoisonClass::SchemaRegistryFraming,
        PoisonClass::TooLarge,
        PoisonClass::ScanPanic,
        PoisonClass::Policy,
        PoisonClass::Refused,
    ];

    /// The name in headers and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            PoisonClass::InvalidUtf8 => "invalid-utf8",
            PoisonClass::InvalidJson => "invalid-json",
            PoisonClass::NotAnObject => "not-an-object",
            PoisonClass::WrongType => "wrong-type",
            PoisonClass::TooDeep => "too-deep",
            PoisonClass::SchemaRegistryFraming => "schema-registry-framing",
            PoisonClass::TooLarge => "too-large",
            PoisonClass::ScanPanic => "scan-panic",
            PoisonClass::Policy => "policy",
            PoisonClass::Refused => "refused",
        }
    }
}

/// Why one record cannot be judged. The message names places, never what an author wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poison {
    /// The kind of fault.
    pub class: PoisonClass,
    /// The fault itself, for a person.
    pub message: String,
}

impl Poison {
    /// A fault of one class.
    #[must_use]
    pub fn new(class: PoisonClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into() }
    }
}

impl fmt::Display for Poison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class.as_str(), self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_class_has_a_name_of_its_own() {
        let names: BTreeSet<_> = PoisonClass::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(names.len(), PoisonClass::ALL.len());
        assert!(names.iter().all(|n| { n.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()) }));
    }
}
