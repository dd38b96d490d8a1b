//! What a notice says of an organization.

use crate::domain::Domain;
use jiff::Timestamp;
use std::sync::Arc;

/// How an organization stands on the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Listing {
    Banned,
    WebsiteShutdown,
    Suspected,
    Deregistered,
}
/// Life of an entry or of a policy condition: draft is never judged, shadow is judged and counted but emits nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Draft,
    Shadow,
    Active,
    Retired,
}
/// The authorities' five focus types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Focus {
    StateName,
    NearRegisteredBody,
    CentenaryAwards,
    PseudoStudies,
    NationalStrategy,
}
/// Why a name must not be taken at its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Caution {
    EnglishOnly,
    GenericName,
    ShortName,
    NearRegistered,
    IdenticalToRegistered,
    UnverifiedName,
}
/// Kind of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoticeKind {
    WebsiteShutdown,
    Ban,
    Suspected,
    Statistics,
}
/// Where a source stands: `Mirror` is never linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceKind {
    Official,
    Press,
    Mirror,
}

// each of the enums: const ALL, as_str() -> &'static str (kebab-case as in product.md), parse(&str) -> Option<Self>

/// Text in Chinese and English.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bilingual {
    pub zh: Option<String>,
    pub en: Option<String>,
}

/// A date of which the day or the month may be unknown; it counts from (or to) its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartialDate {
    pub year: i16,
    pub month: Option<i8>,
    pub day: Option<i8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeSource {
    pub url: String,
    pub kind: SourceKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: Arc<str>,
    pub authority: Bilingual,
    pub title: Option<String>,
    pub kind: NoticeKind,
    pub jurisdiction: String,
    pub published: Option<PartialDate>,
    pub batch: Option<String>,
    pub announced: Option<u32>,
    pub sources: Vec<NoticeSource>,
    pub note: Option<String>,
}
impl Notice {
    /// The first source that may be linked to (never a mirror).
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.sources
            .iter()
            .find(|s| s.kind != SourceKind::Mirror)
            .map(|s| s.url.as_str())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub name: String,
    pub requires_full_name: bool,
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    pub language: String,
    pub name: String,
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchOf {
    /** id of another organization of the set */
    Organization(Arc<str>),
    /** a parent that no notice lists */
    Unlisted(String),
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDomain {
    pub domain: Domain,
    pub last_seen: Option<PartialDate>,
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub platform: String,
    pub id: String,
}
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Effective {
    pub from: Option<PartialDate>,
    pub until: Option<PartialDate>,
}
impl Effective {
    /// `from` counts from the end of its date (a day begins at 00:00 UTC+8 of the next instant of the period's last day; see impl docs), `until` to its end.
    /// `None` = no time known: has begun, has not ended.
    #[must_use]
    pub fn holds_at(&self, _at: Option<Timestamp>) -> bool {
        todo!()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    pub id: Arc<str>,
    /// The official (Chinese) name; `None` where no source shows it.
    pub name: Option<String>,
    pub translations: Vec<Translation>,
    pub aliases: Vec<Alias>,
    pub branch_of: Option<BranchOf>,
    pub listing: Listing,
    pub focus: Vec<Focus>,
    pub domains: Vec<ListedDomain>,
    pub accounts: Vec<Account>,
    pub registered_lookalikes: Vec<Bilingual>,
    pub caution: Vec<Caution>,
    pub effective: Effective,
    pub status: Status,
    /// Indices into [`super::RuleSet::notices`], earliest first.
    pub notices: Vec<usize>,
    pub note: Option<String>,
}
impl Organization {
    /// The name for people: the official one, else the first translation.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name
            .as_deref()
            .or_else(|| self.translations.first().map(|t| t.name.as_str()))
            .unwrap_or(&self.id)
    }
    #[must_use]
    pub fn has(&self, caution: Caution) -> bool {
        self.caution.contains(&caution)
    }
}
