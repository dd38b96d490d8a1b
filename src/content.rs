//! The decoded thing to judge: the fields of one post or registration.
//!
//! A [`Content`] borrows from the record it was decoded from wherever a JSON string needs no
//! unescaping, so a clean record costs no copy of its text.
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

/// What sort of thing a record is; policies differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Something an author published.
    Post,
    /// An account that somebody asks for.
    Registration,
}

impl Kind {
    /// Every kind, in the order of the settings reference.
    pub const ALL: [Kind; 2] = [Kind::Post, Kind::Registration];

    /// The name used in settings, verdicts, metrics and policy conditions.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Post => "post",
            Kind::Registration => "registration",
        }
    }
}

/// How a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Free text: names and domains are looked for anywhere in it.
    Text,
    /// An account name: read as text, and compared as a whole with listed accounts.
    Handle,
    /// One URL, host or e-mail address: only its host is judged.
    Link,
}

/// One field of a record, with the name that the settings gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name in the settings, such as `body` or `display_name`.
    pub name: Arc<str>,
    /// Which item of a pointer with `*` this is, from 0; `None` for a plain pointer.
    pub item: Option<u32>,
    /// How the value is read.
    pub role: Role,
    /// The value as the author wrote it.
    pub value: Cow<'a, str>,
}

/// The decoded thing to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content<'a> {
    /// Post or registration.
    pub kind: Kind,
    /// The record's own id, as the settings' `id` pointer found it.
    pub id: Option<Cow<'a, str>>,
    /// The author's id; copied to the verdict, and compared where an allow-list names it. Nothing is kept of it.
    pub author: Option<Cow<'a, str>>,
    /// What the record says of its own time; copied, never judged (anybody can write it).
    pub time: Option<Cow<'a, str>>,
    /// Where the record comes from, for rules limited to a jurisdiction.
    pub region: Option<Cow<'a, str>>,
    /// The topic, for allow-lists; `None` outside of one.
    pub source: Option<Cow<'a, str>>,
    /// What the settings take from the record for allow-lists and conditions, by name; what it does not have is not here.
    pub attributes: Vec<(Arc<str>, Cow<'a, str>)>,
    /// The broker's time of the record, by which effective dates are judged.
    /// `None` judges by today's lists without an end: nothing has expired, everything has begun.
    pub timestamp: Option<Timestamp>,
    /// The fields, in the order of the settings; a pointer with `*` gives one field per item.
    pub fields: Vec<Field<'a>>,
}

impl<'a> Content<'a> {
    /// An empty content of one kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            id: None,
            author: None,
            time: None,
            region: None,
            source: None,
            attributes: Vec::new(),
            timestamp: None,
            fields: Vec::new(),
        }
    }

    /// A post with one text field, `body`.
    #[must_use]
    pub fn post(body: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Post).with_field("body", Role::Text, body)
    }

    /// The same content with one more field.
    #[must_use]
    pub fn with_field(mut self, name: impl Into<Arc<str>>, role: Role, value: impl Into<Cow<'a, str>>) -> Self {
        self.fields.push(Field { name: name.into(), item: None, role, value: value.into() });
        self
    }
}
