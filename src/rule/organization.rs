//! What a notice says of an organization.

use crate::domain::Domain;
use jiff::Timestamp;
use std::sync::Arc;

/// An enum whose values have one name each, in YAML, verdicts, metrics and conditions.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every value, in the order of the format's page.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The name in YAML, verdicts, metrics and conditions.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The value of a name; `None` for any other text.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

named! {
    /// How an organization stands on the lists.
    Listing {
        /// Banned by an authority.
        Banned = "banned",
        /// Its websites and accounts were closed.
        WebsiteShutdown = "website-shutdown",
        /// Suspected by an authority; never more than a low flag.
        Suspected = "suspected",
        /// Has lost or given up its registration.
        Deregistered = "deregistered",
    }
}
named! {
    /// The life of an entry or of a policy condition.
    Status {
        /// Never judged.
        Draft = "draft",
        /// Judged and counted, emits nothing.
        Shadow = "shadow",
        /// In force.
        Active = "active",
        /// Kept for the record, never judged.
        Retired = "retired",
    }
}
named! {
    /// The authorities' five focus types.
    Focus {
        /// Uses 中国, 中华, 全国 or 国家 in its name.
        StateName = "state-name",
        /// A name close to a registered body's.
        NearRegisteredBody = "near-registered-body",
        /// Sells awards around the centenary of 2021.
        CentenaryAwards = "centenary-awards",
        /// Pseudo-scholarly studies.
        PseudoStudies = "pseudo-studies",
        /// Borrows a national strategy.
        NationalStrategy = "national-strategy",
    }
}
named! {
    /// Why a name must not be taken at its word.
    Caution {
        /// Known only by a translated name, or a translated name equals another body's.
        EnglishOnly = "english-only",
        /// A name that others use innocently.
        GenericName = "generic-name",
        /// Too short to stand alone.
        ShortName = "short-name",
        /// Close to a registered body: no tolerance.
        NearRegistered = "near-registered",
        /// A registered body has exactly this name.
        IdenticalToRegistered = "identical-to-registered",
        /// The name is not verified.
        UnverifiedName = "unverified-name",
    }
}
named! {
    /// What a notice does.
    NoticeKind {
        /// Closes websites and accounts.
        WebsiteShutdown = "website-shutdown",
        /// Bans organisations.
        Ban = "ban",
        /// Names suspected organisations.
        Suspected = "suspected",
        /// Gives numbers and lists nobody.
        Statistics = "statistics",
    }
}
named! {
    /// Where a source stands.
    SourceKind {
        /// The authority's own page.
        Official = "official",
        /// A newspaper or agency.
        Press = "press",
        /// A copy on somebody's site: never linked to.
        Mirror = "mirror",
    }
}

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
        self.sources.iter().find(|s| s.kind != SourceKind::Mirror).map(|s| s.url.as_str())
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
        self.name.as_deref().or_else(|| self.translations.first().map(|t| t.name.as_str())).unwrap_or(&self.id)
    }
    #[must_use]
    pub fn has(&self, caution: Caution) -> bool {
        self.caution.contains(&caution)
    }
}
