//! From the pointers of the settings to a trie: each is inserted by itself, then what `*` leads to is spread to the items beside it.
//!
//! `/urls/0` and `/urls/*/href` -> `urls` -> { `0` -> end and `href` -> end, each -> `href` -> end }.

use super::{Each, End, Fact, FieldMapError, FieldMapFault, Node, ROOT, Slot, SourceFields, Use};
use crate::content::Role;
use crate::stream::pointer::{self, Token};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is compiled so far, and what is wrong with it.
pub(super) struct Compiler {
    pub slots: Vec<Slot>,
    pub nodes: Vec<Node>,
    pub counters: usize,
    names: BTreeMap<String, String>,
    pointers: BTreeMap<String, String>,
    pub errors: Vec<FieldMapError>,
}

impl Default for Compiler {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            nodes: vec![Node::default()],
            counters: 0,
            names: BTreeMap::new(),
            pointers: BTreeMap::new(),
            errors: Vec::new(),
        }
    }
}

impl Compiler {
    pub fn fail(&mut self, key: &str, pointer: &str, fault: FieldMapFault) {
        self.errors.push(FieldMapError { key: key.to_owned(), pointer: pointer.to_owned(), fault });
    }

    pub fn add_facts(&mut self, source: &SourceFields) {
        for (key, pointer, fact) in [
            ("id", &source.id, Fact::Id),
            ("author", &source.author, Fact::Author),
            ("time", &source.time, Fact::Time),
            ("region", &source.region, Fact::Region),
        ] {
            let Some(pointer) = pointer else { continue };
            let Some(tokens) = self.parse(key, pointer) else {
                continue;
            };
            if tokens.contains(&Token::Each) {
                self.fail(key, pointer, FieldMapFault::Many);
            } else {
                self.insert(pointer, &tokens, Use::Fact(fact));
            }
        }
    }

    pub fn add_attributes(&mut self, source: &SourceFields) {
        for (name, pointer) in &source.attributes {
            let key = format!("attributes.{name}");
            let Some(tokens) = self.parse(&key, pointer) else { continue };
            if name.is_empty() {
                self.fail(&key, pointer, FieldMapFault::NoName);
            } else if tokens.contains(&Token::Each) {
                self.fail(&key, pointer, FieldMapFault::Many);
            } else {
                self.insert(pointer, &tokens, Use::Attribute(Arc::from(name.as_str())));
            }
        }
    }

    pub fn add_fields(&mut self, source: &SourceFields) {
        let texts = source.text.iter().map(|(name, pointer)| {
            let role = if name == "handle" { Role::Handle } else { Role::Text };
            ("text", name, pointer, role)
        });
        let links = source.links.iter().map(|(name, pointer)| ("links", name, pointer, Role::Link));
        for (table, name, pointer, role) in texts.chain(links) {
            let key = format!("{table}.{name}");
            let name_is_good = self.check_name(&key, name, pointer);
            let Some(tokens) = self.parse(&key, pointer) else {
                continue;
            };
            let taken = self.pointers.get(pointer).cloned();
            if let Some(other) = taken {
                self.fail(&key, pointer, FieldMapFault::SamePointer(other));
            } else if name_is_good {
                self.pointers.insert(pointer.clone(), key);
                let name = Arc::from(name.as_str());
                self.insert(pointer, &tokens, Use::Field { name, role });
            }
        }
    }

    fn check_name(&mut self, key: &str, name: &str, pointer: &str) -> bool {
        if name.is_empty() {
            self.fail(key, pointer, FieldMapFault::NoName);
            return false;
        }
        if let Some(other) = self.names.get(name).cloned() {
            self.fail(key, pointer, FieldMapFault::SameName(other));
            return false;
        }
        self.names.insert(name.to_owned(), key.to_owned());
        true
    }

    fn parse(&mut self, key: &str, pointer: &str) -> Option<Vec<Token>> {
        let fault = match pointer::parse(pointer) {
            Ok(tokens) if tokens.first() == Some(&Token::Each) => FieldMapFault::ItemsOfRecord,
            Ok(tokens) => return Some(tokens),
            Err(error) => FieldMapFault::Pointer(error),
        };
        self.fail(key, pointer, fault);
        None
    }

    fn insert(&mut self, pointer: &str, tokens: &[Token], what: Use) {
        let (mut node, mut counter) = (ROOT, None);
        for token in tokens {
            node = match token {
                Token::Key(key) => self.child(node, key),
                Token::Each => {
                    let each = self.each(node);
                    counter = Some(each.counter);
                    each.node
                }
            };
        }
        let slot = self.slots.len();
        self.nodes[node].ends.push(End { slot, counter });
        self.slots.push(Slot { pointer: pointer.to_owned(), what });
    }

    fn child(&mut self, node: usize, key: &str) -> usize {
        match self.nodes[node].keys.binary_search_by(|(k, _)| (**k).cmp(key)) {
            Ok(at) => self.nodes[node].keys[at].1,
            Err(at) => {
                let new = self.new_node();
                self.nodes[node].keys.insert(at, (key.into(), new));
                new
            }
        }
    }

    fn each(&mut self, node: usize) -> Each {
        if let Some(each) = self.nodes[node].each {
            return each;
        }
        let each = Each { node: self.new_node(), counter: self.counters };
        self.counters += 1;
        self.nodes[node].each = Some(each);
        each
    }

    fn new_node(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    /// Gives each numbered item what `*` beside it has, so that a record is walked along one node at a time.
    pub fn spread(&mut self, node: usize) {
        let items: Vec<(usize, usize)> =
            self.nodes[node].keys.iter().filter_map(|(key, child)| Some((pointer::index(key)?, *child))).collect();
        if let Some(each) = self.nodes[node].each {
            for (_, child) in &items {
                self.merge(*child, each.node);
            }
        }
        let mut items = items;
        items.sort_unstable();
        self.nodes[node].items = items;
        for child in self.children(node) {
            self.spread(child);
        }
    }

    /// Copies everything under `from` to `into`.
    fn merge(&mut self, into: usize, from: usize) {
        let Node { keys, each, ends, .. } = self.nodes[from].clone();
        self.nodes[into].ends.extend(ends);
        for (key, child) in keys {
            let own = self.child(into, &key);
            self.merge(own, child);
        }
        if let Some(each) = each {
            let own = self.nodes[into].each.unwrap_or_else(|| {
                // The same `*` of the same pointer: its items are counted on.
                let own = Each { node: self.new_node(), counter: each.counter };
                self.nodes[into].each = Some(own);
                own
            });
            self.merge(own.node, each.node);
        }
    }

    /// Works out what each node needs to know of the pointers that end at and under it.
    pub fn settle(&mut self, node: usize) -> Option<usize> {
        let is_field = |slot: usize| matches!(self.slots[slot].what, Use::Field { .. });
        let ends = &self.nodes[node].ends;
        let takes_numbers = ends.iter().any(|end| !is_field(end.slot));
        let own = ends.iter().map(|end| end.slot).find(|slot| is_field(*slot));
        let below: Vec<Option<usize>> = self.children(node).into_iter().map(|child| self.settle(child)).collect();
        let judged = own.or_else(|| below.into_iter().flatten().next());
        self.nodes[node].takes_numbers = takes_numbers;
        self.nodes[node].judged = judged;
        judged
    }

    fn children(&self, node: usize) -> Vec<usize> {
        let node = &self.nodes[node];
        let each = node.each.map(|each| each.node);
        node.keys.iter().map(|(_, n)| *n).chain(each).collect()
    }
}
