//! Settings to be shown: every key with its value and where it came from, without what must not be seen.

use super::keys::{Key, Section, Shape};
use super::literal::Literal;
use super::problem::Origin;
use super::read::{Entry, Scope};
use super::secret::is_secret_property;

/// One key as it may be shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The full name, such as `kafka.group_id` or `source[0].text.body`.
    pub key: String,
    /// The name of its table, such as `kafka`, `kafka.properties` or `source[0]`.
    pub table: String,
    /// The name within that table.
    pub name: String,
    /// The section that declares it.
    pub section: &'static Section,
    /// Its declaration.
    pub declared: &'static Key,
    /// The value.
    pub value: ShownValue,
    /// Who set it; none: nobody, so that the default holds.
    pub origin: Option<Origin>,
    /// Whether the value is another one than the default.
    pub differs: bool,
}

/// A value as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShownValue {
    /// This one.
    Value(Literal),
    /// There is one, and it must not be shown.
    Hidden,
    /// None: it is optional, and nobody set it.
    Unset,
    /// What was set cannot be read: a problem says why.
    Wrong,
}

impl Shown {
    /// The environment variable that sets the key, or would; none where the environment cannot reach.
    #[must_use]
    pub fn variable(&self) -> Option<String> {
        let name = self.declared.variable(self.section)?;
        let item = self.name.to_uppercase().replace('.', "_");
        Some(if self.declared.shape.is_table() { name.replace('…', &item) } else { name })
    }
}

/// Everything that was read, in the order of the reference.
pub(super) fn shown(scopes: &[Scope]) -> Vec<Shown> {
    scopes.iter().flat_map(|scope| scope.entries.iter().map(move |entry| show(scope, entry))).collect()
}

fn show(scope: &Scope, entry: &Entry) -> Shown {
    let (table, name) = match &entry.item {
        Some(item) => (format!("{}.{}", scope.path, entry.declared.name), item.clone()),
        None => (scope.path.clone(), entry.declared.name.to_owned()),
    };
    let key = format!("{table}.{name}"); // a property's name may have been put together from nested tables
    let differs = entry.origin.is_some() && entry.value != entry.declared.preset.literal();
    Shown {
        key,
        table,
        name,
        section: scope.section,
        declared: entry.declared,
        value: value(entry),
        origin: entry.origin.clone(),
        differs,
    }
}

fn value(entry: &Entry) -> ShownValue {
    match &entry.value {
        None if entry.origin.is_some() => ShownValue::Wrong,
        None => ShownValue::Unset,
        Some(value) if must_be_hidden(entry, value) => ShownValue::Hidden,
        Some(value) => ShownValue::Value(value.clone()),
    }
}

/// Nothing is hidden where there is nothing: that no token is set is worth seeing.
fn must_be_hidden(entry: &Entry, value: &Literal) -> bool {
    match (entry.declared.shape, &entry.item, value) {
        (_, _, Literal::Text(text)) if text.is_empty() => false,
        (Shape::Properties, Some(item), Literal::Text(text)) => is_secret_property(item, text),
        _ => entry.declared.is_secret,
    }
}
