//! The pointers of one source, compiled into a trie: a record is read once, whatever the number of fields.
//!
//! `title = "/post/title"`, `urls = "/post/urls/*/href"` -> `post` -> { `title` -> end, `urls` -> each -> `href` -> end }.
//! Values off the trie are skipped, not built.
//!
//! Id, author, time, region and attributes may share a pointer with a judged field (the handle of an account is often its id);
//! two judged fields may not.

mod compiler;

use std::sync::Arc;

use super::pointer::PointerError;
use crate::content::{Kind, Role};
use compiler::Compiler;

/// Where the fields of one source stand in its records, as the settings say it: RFC 6901 pointers, `*` = each item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFields {
    /// What the records of the source are.
    pub kind: Kind,
    /// The record's own id.
    pub id: Option<String>,
    /// The author's id.
    pub author: Option<String>,
    /// What the record says of its own time.
    pub time: Option<String>,
    /// Where the record comes from.
    pub region: Option<String>,
    /// Name to pointer of what allow-lists and conditions ask for, in the order of the file: a badge, a role.
    pub attributes: Vec<(String, String)>,
    /// Name to pointer of the fields read as text, in the order of the file; one named `handle` is an account name.
    pub text: Vec<(String, String)>,
    /// Name to pointer of the fields of which only the host is judged, in the order of the file.
    pub links: Vec<(String, String)>,
}

/// Something wrong with one key of a source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} = \"{pointer}\": {fault}")]
pub struct FieldMapError {
    /// The key within the source: `id`, `text.title`, `links.urls`; `text` when nothing is mapped at all.
    pub key: String,
    /// The pointer as the settings write it; empty when there is none.
    pub pointer: String,
    /// What is wrong.
    pub fault: FieldMapFault,
}

/// What is wrong with one key of a source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldMapFault {
    /// The pointer is none.
    #[error("{0}")]
    Pointer(PointerError),
    /// Two judged fields read the same place.
    #[error("the pointer is already that of {0}")]
    SamePointer(String),
    /// Two judged fields have the same name, which verdicts could not tell apart.
    #[error("the name is already that of {0}")]
    SameName(String),
    /// A field without a name.
    #[error("a field needs a name")]
    NoName,
    /// A `*` in a pointer that must lead to one value.
    #[error("`*` leads to many values; only fields under `text` and `links` may have it")]
    Many,
    /// A record is an object, which has keys and no items.
    #[error("a record is an object, so its pointers begin with a key and not with `*`")]
    ItemsOfRecord,
    /// Nothing would ever be judged.
    #[error("a source needs at least one field under `text` or `links`")]
    Empty,
}

/// The values that are copied to the verdict and not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Id,
    Author,
    Time,
    Region,
}

/// What a pointer is for.
#[derive(Clone, Debug)]
pub(super) enum Use {
    Fact(Fact),
    /// What no reader of the text sees: whatever stands there, it is never poison.
    Attribute(Arc<str>),
    Field {
        name: Arc<str>,
        role: Role,
    },
}

/// One pointer of the settings.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub pointer: String,
    pub what: Use,
}

/// A pointer that ends at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub slot: usize,
    /// The counter of the last `*` of the pointer.
    pub counter: Option<usize>,
}

/// Where each item of an array goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Each {
    pub node: usize,
    /// Counts the items over the whole record.
    pub counter: usize,
}

/// A place in a record at which at least one pointer ends or goes on.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Keys of an object, sorted.
    pub keys: Vec<(Box<str>, usize)>,
    /// Those keys that are indices of an array, sorted; each node has what `each` has as well.
    pub items: Vec<(usize, usize)>,
    pub each: Option<Each>,
    pub ends: Vec<End>,
    /// A fact ends here, which may be a number.
    pub takes_numbers: bool,
    /// A judged field at or under this place, to be named when the value here fits no pointer.
    pub judged: Option<usize>,
}

impl Node {
    pub fn key(&self, key: &str) -> Option<usize> {
        let at = self.keys.binary_search_by(|(k, _)| (**k).cmp(key)).ok()?;
        Some(self.keys[at].1)
    }

    /// Where the item of this number goes on.
    pub fn item(&self, index: usize) -> Option<usize> {
        let own = self.items.binary_search_by_key(&index, |(i, _)| *i);
        match own {
            Ok(at) => Some(self.items[at].1),
            Err(_) => self.each.map(|e| e.node),
        }
    }
}

/// The compiled pointers of one source. Immutable; share it between threads.
#[derive(Clone, Debug)]
pub struct FieldMap {
    kind: Kind,
    pub(super) slots: Vec<Slot>,
    pub(super) nodes: Vec<Node>,
    pub(super) counters: usize,
}

impl FieldMap {
    /// Compiles the pointers of a source.
    ///
    /// # Errors
    /// Every fault of every key, in the order of the settings.
    pub fn compile(source: &SourceFields) -> Result<FieldMap, Vec<FieldMapError>> {
        let mut compiler = Compiler::default();
        compiler.add_facts(source);
        compiler.add_attributes(source);
        compiler.add_fields(source);
        if source.text.is_empty() && source.links.is_empty() {
            compiler.fail("text", "", FieldMapFault::Empty);
        }
        if !compiler.errors.is_empty() {
            return Err(compiler.errors);
        }
        compiler.spread(ROOT);
        compiler.settle(ROOT);
        Ok(FieldMap { kind: source.kind, slots: compiler.slots, nodes: compiler.nodes, counters: compiler.counters })
    }

    /// The names of the attributes that it takes.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter_map(|slot| match &slot.what {
            Use::Attribute(name) => Some(&**name),
            Use::Fact(_) | Use::Field { .. } => None,
        })
    }

    pub(super) fn is_field(&self, end: End) -> bool {
        matches!(self.slots[end.slot].what, Use::Field { .. })
    }

    pub(super) fn is_attribute(&self, end: End) -> bool {
        matches!(self.slots[end.slot].what, Use::Attribute(_))
    }

    /// What the records of the source are.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

/// The node of the whole record.
pub(super) const ROOT: usize = 0;

#[cfg(test)]
mod tests {
    use super::*;

    fn source(facts: [&str; 4], text: &[(&str, &str)], links: &[(&str, &str)]) -> SourceFields {
        let fact = |at: usize| (!facts[at].is_empty()).then(|| facts[at].to_owned());
        let fields = |list: &[(&str, &str)]| list.iter().map(|(n, p)| ((*n).to_owned(), (*p).to_owned())).collect();
        SourceFields {
            kind: Kind::Post,
            id: fact(0),
            author: fact(1),
            time: fact(2),
            region: fact(3),
            attributes: vec![],
            text: fields(text),
            links: fields(links),
        }
    }

    fn errors(source: &SourceFields) -> Vec<String> {
        match FieldMap::compile(source) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn the_maps_of_the_settings_reference_compile() {
        let posts = source(
            ["/id", "/author/id", "/created_at", "/geo/country"],
            &[("title", "/title"), ("body", "/body")],
            &[("urls", "/entities/urls/*/expanded_url")],
        );
        assert_eq!(errors(&posts), Vec::<String>::new());
        let handle_is_the_id = source(["/handle", "", "", ""], &[("handle", "/handle")], &[]);
        assert_eq!(errors(&handle_is_the_id), Vec::<String>::new());
        let item_and_items =
            source([""; 4], &[], &[("first", "/urls/0"), ("all", "/urls/*"), ("hrefs", "/urls/*/href")]);
        assert_eq!(errors(&item_and_items), Vec::<String>::new());
    }

    #[test]
    fn a_fault_names_its_key_and_its_pointer() {
        let none = [""; 4];
        for (source, expected) in [
            (
                source(["id", "", "", ""], &[("body", "/body")], &[]),
                r#"id = "id": a pointer begins with `/`, as in `/author/id`"#,
            ),
            (source(none, &[("body", "")], &[]), r#"text.body = "": a pointer begins with `/`, as in `/author/id`"#),
            (
                source(none, &[("body", "/a~b")], &[]),
                r#"text.body = "/a~b": `~` is written `~0` and `/` within a key is written `~1`"#,
            ),
            (source(none, &[("a", "/x")], &[("b", "/x")]), r#"links.b = "/x": the pointer is already that of text.a"#),
            (source(none, &[("a", "/x")], &[("a", "/y")]), r#"links.a = "/y": the name is already that of text.a"#),
            (source(none, &[("", "/x")], &[]), r#"text. = "/x": a field needs a name"#),
            (
                source(["/a/*/id", "", "", ""], &[("body", "/body")], &[]),
                r#"id = "/a/*/id": `*` leads to many values; only fields under `text` and `links` may have it"#,
            ),
            (
                source(none, &[("body", "/*/body")], &[]),
                r#"text.body = "/*/body": a record is an object, so its pointers begin with a key and not with `*`"#,
            ),
            (
                source(["/id", "", "", ""], &[], &[]),
                r#"text = "": a source needs at least one field under `text` or `links`"#,
            ),
        ] {
            assert_eq!(errors(&source), [expected]);
        }
    }

    #[test]
    fn all_faults_come_at_once() {
        let bad = source(["id", "author", "", ""], &[("a", "x"), ("b", "/y"), ("c", "/y")], &[("d", "/~")]);
        let keys: Vec<String> = FieldMap::compile(&bad).unwrap_err().into_iter().map(|e| e.key).collect();
        assert_eq!(keys, ["id", "author", "text.a", "text.c", "links.d"]);
    }

    #[test]
    fn a_map_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<FieldMap>();
    }
}
