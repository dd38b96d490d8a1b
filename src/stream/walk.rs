//! The walk over one record: the trie of a field map along the JSON, values off the trie skipped.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::attribute;
use super::field_map::{End, Fact, FieldMap, Node, ROOT, Use};
use super::poison::{Poison, PoisonClass};
use crate::content::{Content, Field};

/// The fields of a JSON text that was found to be shallow enough.
pub(super) fn walk<'a>(map: &FieldMap, text: &'a str) -> Result<Content<'a>, Poison> {
    let mut walk = Walk {
        map,
        counters: vec![0; map.counters],
        found: Vec::with_capacity(map.slots.len()),
        content: Content::new(map.kind()),
        fault: None,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let place = Place::new(&mut walk, ROOT);
    let result = place.deserialize(&mut json).and_then(|()| json.end());
    match (walk.fault.take(), result) {
        (Some(fault), _) => Err(fault),
        (None, Err(error)) => Err(Poison::new(PoisonClass::InvalidJson, error.to_string())),
        (None, Ok(())) => Ok(walk.finish()),
    }
}

/// A value that a pointer of a judged field led to.
struct Found<'a> {
    slot: usize,
    item: Option<u32>,
    value: Cow<'a, str>,
}

/// The walk over one record.
struct Walk<'m, 'a> {
    map: &'m FieldMap,
    /// How many items each `*` has seen.
    counters: Vec<u32>,
    found: Vec<Found<'a>>,
    content: Content<'a>,
    /// Why the walk broke off, when it was not the JSON.
    fault: Option<Poison>,
}

impl<'a> Walk<'_, 'a> {
    fn put(&mut self, end: End, value: Cow<'a, str>) {
        match &self.map.slots[end.slot].what {
            Use::Fact(fact) => {
                let place = match fact {
                    Fact::Id => &mut self.content.id,
                    Fact::Author => &mut self.content.author,
                    Fact::Time => &mut self.content.time,
                    Fact::Region => &mut self.content.region,
                };
                *place = Some(value);
            }
            Use::Attribute(name) => attribute::put(&mut self.content.attributes, name, value),
            Use::Field { .. } => self.found.push(Found {
                slot: end.slot,
                item: end.counter.map(|c| self.counters[c].saturating_sub(1)),
                value,
            }),
        }
    }

    /// The fields in the order of the settings, then of the record.
    fn finish(mut self) -> Content<'a> {
        self.found.sort_by_key(|found| found.slot);
        self.content.fields.reserve_exact(self.found.len());
        let mut repeats: (usize, u32) = (usize::MAX, 0);
        for found in self.found {
            let Use::Field { name, role } = &self.map.slots[found.slot].what else {
                continue;
            };
            let times = if repeats.0 == found.slot { repeats.1 + 1 } else { 0 };
            repeats = (found.slot, times);
            self.content.fields.push(Field {
                name: name.clone(),
                item: found.item.or((times > 0).then_some(times)),
                role: *role,
                value: found.value,
            });
        }
        self.content
    }
}

/// One value of the record, at a node of the trie.
struct Place<'w, 'm, 'a> {
    walk: &'w mut Walk<'m, 'a>,
    node: &'m Node,
    /// The value has been looked at as raw text already.
    is_raw: bool,
}

impl<'w, 'm, 'a> Place<'w, 'm, 'a> {
    fn new(walk: &'w mut Walk<'m, 'a>, node: usize) -> Self {
        let node = &walk.map.nodes[node];
        Place { walk, node, is_raw: false }
    }

    fn text<E: de::Error>(mut self, value: Cow<'a, str>) -> Result<(), E> {
        let map = self.walk.map;
        let (own, mut of_item) = (&self.node.ends, &[][..]);
        // A single text where `*` expects an array of texts. What only copies the text, an id say, must not hide it.
        if let Some(each) = self.node.each
            && !own.iter().any(|end| map.is_field(*end))
        {
            self.count_item(1);
            of_item = &map.nodes[each.node].ends;
        }
        let mut ends = own.iter().chain(of_item);
        let Some(last) = ends.next_back() else {
            return if value.is_empty() { Ok(()) } else { self.misfit("a text") };
        };
        for end in ends {
            self.walk.put(*end, value.clone());
        }
        self.walk.put(*last, value);
        Ok(())
    }

    fn number<E: de::Error>(mut self, literal: &'a str) -> Result<(), E> {
        if self.node.ends.iter().any(|end| self.walk.map.is_field(*end)) {
            return self.misfit("a number");
        }
        for end in &self.node.ends {
            self.walk.put(*end, Cow::Borrowed(literal));
        }
        Ok(())
    }

    /// Counts an item of the array that stands here.
    fn count_item(&mut self, step: i32) {
        if let Some(each) = self.node.each {
            let count = &mut self.walk.counters[each.counter];
            *count = count.saturating_add_signed(step);
        }
    }

    /// Attributes take `true` and `false` as words; for the rest it is a scalar like any other.
    fn truth<E: de::Error>(self, value: bool) -> Result<(), E> {
        let word = if value { "true" } else { "false" };
        for end in self.node.ends.iter().filter(|end| self.walk.map.is_attribute(**end)) {
            self.walk.put(*end, Cow::Borrowed(word));
        }
        self.scalar("a truth value")
    }

    /// A number or a truth value: wrong where a text is expected, of no interest on the way to one.
    fn scalar<E: de::Error>(mut self, what: &'static str) -> Result<(), E> {
        let item_ends = |map: &FieldMap| self.node.each.is_some_and(|e| !map.nodes[e.node].ends.is_empty());
        if self.node.ends.is_empty() && !item_ends(self.walk.map) { Ok(()) } else { self.misfit(what) }
    }

    /// The value fits none of the pointers that come by here. That is poison where one of them ends, and where
    /// a text to judge could be in it.
    fn misfit<E: de::Error>(&mut self, found: &'static str) -> Result<(), E> {
        let own = self.node.ends.iter().find(|end| !self.walk.map.is_attribute(**end)).map(|end| end.slot);
        let Some(slot) = own.or(self.node.judged) else {
            return Ok(());
        };
        let pointer = &self.walk.map.slots[slot].pointer;
        let message = if own.is_some() {
            format!("{pointer}: {found} where a text is expected")
        } else if self.node.each.is_some() {
            format!("{pointer}: {found} where `*` expects an array")
        } else {
            format!("{pointer}: {found} on the way, where an object is expected")
        };
        self.walk.fault = Some(Poison::new(PoisonClass::WrongType, message));
        Err(E::custom("a value of the wrong type"))
    }

    /// Reads the value once as raw text, so that a number keeps its digits, then as what it is.
    fn deserialize_raw<D: Deserializer<'a>>(self, json: D) -> Result<(), D::Error> {
        let raw = <&'a RawValue as de::Deserialize>::deserialize(json)?.get();
        if raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return self.number(raw);
        }
        let place = Place { walk: &mut *self.walk, node: self.node, is_raw: true };
        // The depth of the whole was checked, so a reader that begins to count anew here goes no deeper.
        let mut inner = serde_json::Deserializer::from_str(raw);
        place.deserialize(&mut inner).map_err(|error| {
            // Its line and column are those of the raw text: only its nature is worth telling.
            if error.is_eof() || error.is_syntax() {
                de::Error::custom("invalid text")
            } else {
                de::Error::custom(error)
            }
        })
    }
}

impl<'a> DeserializeSeed<'a> for Place<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, json: D) -> Result<(), D::Error> {
        if self.node.takes_numbers && !self.is_raw { self.deserialize_raw(json) } else { json.deserialize_any(self) }
    }
}

impl<'a> Visitor<'a> for Place<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a record")
    }

    fn visit_borrowed_str<E: de::Error>(self, value: &'a str) -> Result<(), E> {
        self.text(Cow::Borrowed(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.text(Cow::Owned(value.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.truth(value)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.scalar("a number")
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.scalar("a number")
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.scalar("a number")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<(), A::Error> {
        if self.node.keys.is_empty() {
            let is_empty = map.next_key::<IgnoredAny>()?.is_none();
            if !(is_empty && self.node.ends.is_empty()) {
                self.misfit("an object")?;
            }
            if !is_empty {
                map.next_value::<IgnoredAny>()?;
            }
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        while let Some(child) = map.next_key_seed(Key(self.node))? {
            match child {
                Some(child) => map.next_value_seed(Place::new(&mut *self.walk, child))?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut seq: A) -> Result<(), A::Error> {
        if self.node.each.is_none() && self.node.items.is_empty() {
            let is_empty = seq.next_element::<IgnoredAny>()?.is_none();
            if !(is_empty && self.node.ends.is_empty()) {
                self.misfit("an array")?;
            }
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        for index in 0.. {
            self.count_item(1);
            let more = match self.node.item(index) {
                Some(child) => seq.next_element_seed(Place::new(&mut *self.walk, child))?.is_some(),
                None => seq.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                self.count_item(-1);
                break;
            }
        }
        Ok(())
    }
}

/// Looks a key up in a node without keeping it.
struct Key<'m>(&'m Node);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.key(key))
    }
}
