//! One number for all that is judged: equal digests, equal verdicts.
//!
//! Every value that a verdict depends on or shows is fed to sha256 in one canonical order, each with its length, so that no two
//! different sets feed the same bytes. Not fed, because no verdict knows of them: the order of files and keys, layout, comments,
//! notes, and where a domain or a protected name was seen.

use super::date::{Effective, PartialDate};
use super::organization::{BranchOf, Notice, Organization};
use cel::common::ast::{Expr, IdedExpr, LiteralValue};
use sha2::{Digest as _, Sha256};

/// sha256 over the canonical form of all documents; independent of their order and of layout and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

/// Takes values in the canonical order.
pub(super) struct Digester(Sha256);

impl Digester {
    pub fn new() -> Self {
        Self(Sha256::new_with_prefix(b"tripline rules 1\n"))
    }

    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }

    fn length(&mut self, n: usize) -> &mut Self {
        self.0.update((n as u64).to_le_bytes());
        self
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.length(text.len()).0.update(text);
        self
    }

    pub fn optional(&mut self, text: Option<&str>) -> &mut Self {
        self.length(usize::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
        self
    }

    pub fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) -> &mut Self {
        self.length(items.len());
        for item in items {
            each(self, item);
        }
        self
    }

    /// A list whose order means nothing.
    pub fn set<'t>(&mut self, items: impl IntoIterator<Item = &'t str>) -> &mut Self {
        let mut items: Vec<&str> = items.into_iter().collect();
        items.sort_unstable();
        items.dedup();
        self.list(&items, |d, item| {
            d.text(item);
        })
    }

    fn date(&mut self, date: Option<PartialDate>) -> &mut Self {
        self.optional(date.map(|d| d.to_string()).as_deref())
    }

    pub fn notice(&mut self, notice: &Notice) {
        let Notice { id, authority, title, kind, jurisdiction, published, batch, announced, sources, status, note: _ } =
            notice;
        self.text(id).optional(authority.zh.as_deref()).optional(authority.en.as_deref());
        self.optional(title.as_deref()).text(kind.as_str()).text(jurisdiction).date(*published);
        self.optional(batch.as_deref()).optional(announced.map(|n| n.to_string()).as_deref());
        self.text(status.as_str());
        self.list(sources, |d, source| {
            d.text(&source.url).text(source.kind.as_str());
        });
    }

    pub fn organization(&mut self, organization: &Organization, notices: &[Notice]) {
        let Organization {
            id,
            name,
            translations,
            aliases,
            branch_of,
            listing,
            focus,
            domains,
            accounts,
            registered_lookalikes: _, // among the protected names
            caution,
            effective: Effective { from, until },
            status,
            notices: cited,
            note: _,
        } = organization;
        self.text(id).optional(name.as_deref());
        self.list(translations, |d, t| {
            d.text(&t.language).text(&t.name);
        });
        self.list(aliases, |d, a| {
            d.text(&a.name).length(usize::from(a.requires_full_name));
        });
        self.optional(branch_of.as_ref().map(|b| match b {
            BranchOf::Organization(_) => "organization",
            BranchOf::Unlisted(_) => "unlisted",
        }));
        self.optional(branch_of.as_ref().map(|b| match b {
            BranchOf::Organization(id) => &**id,
            BranchOf::Unlisted(name) => name,
        }));
        self.text(listing.as_str()).set(focus.iter().map(|f| f.as_str()));
        self.list(domains, |d, listed| {
            d.text(listed.domain.as_ascii()).date(listed.last_seen);
        });
        self.list(accounts, |d, account| {
            d.text(&account.platform).text(&account.id);
        });
        self.set(caution.iter().map(|c| c.as_str())).date(*from).date(*until).text(status.as_str());
        self.set(cited.iter().map(|&n| &*notices[n].id));
    }

    /// A condition as its tree, so that spaces and line breaks in it do not count.
    pub fn expression(&mut self, e: &IdedExpr) {
        match &e.expr {
            Expr::Ident(name) => {
                self.text("name").text(name);
            }
            Expr::Select(select) => {
                self.text("field").text(&select.field);
                self.expression(&select.operand);
            }
            Expr::Call(call) => {
                self.text("call").text(&call.func_name).length(usize::from(call.target.is_some()));
                call.target.iter().for_each(|target| self.expression(target));
                self.list(&call.args, Self::expression);
            }
            Expr::List(list) => {
                self.text("list").list(&list.elements, Self::expression);
            }
            Expr::Literal(literal) => self.literal(literal),
            // the check refuses the other kinds
            Expr::Map(_) | Expr::Struct(_) | Expr::Comprehension(_) | Expr::Unspecified => {
                self.text("unknown");
            }
        }
    }

    fn literal(&mut self, literal: &LiteralValue) {
        let (kind, text) = match literal {
            LiteralValue::Boolean(b) => ("bool", b.inner().to_string()),
            LiteralValue::Int(n) => ("int", n.inner().to_string()),
            LiteralValue::UInt(n) => ("uint", n.inner().to_string()),
            LiteralValue::Double(n) => ("double", format!("{:016x}", n.inner().to_bits())),
            LiteralValue::String(s) => ("text", s.inner().to_owned()),
            LiteralValue::Bytes(_) | LiteralValue::Null => ("unknown", String::new()),
        };
        self.text(kind).text(&text);
    }
}
