//! What a notice says of an organization.

use super::date::{Effective, PartialDate};
use crate::domain::Domain;
use std::sync::Arc;

/// An enum whose values have one name each, in YAML, verdicts, metrics and conditions.
macro_rules! named {
    ($(#[$doc:meta])* $vis:vis $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name { $($(#[$variant_doc])* $variant),+ }

        #[allow(dead_code, reason = "the words of one folder need not all of it")]
        impl $name {
            /// Every value, in the order of the format's page.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Their names, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($text),+];

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

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::rule::fields::Word for $name {
            const VALUES: &'static [Self] = Self::ALL;
            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    };
}
pub(super) use named;

named! {
    /// How an organization stands on the lists.
    pub Listing {
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
    pub Status {
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
    pub Focus {
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
    pub Caution {
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
    pub NoticeKind {
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
    pub SourceKind {
        /// The authority's own page.
        Official = "official",
        /// A newspaper or agency.
        Press = "press",
        /// A copy on somebody's site: never linked to.
        Mirror = "mirror",
    }
}

impl Status {
    /// How much of an entry is in force: of several notices the one in which most is decides.
    pub(super) const fn force(self) -> u8 {
        match self {
            Status::Active => 3,
            Status::Shadow => 2,
            Status::Draft => 1,
            Status::Retired => 0,
        }
    }
}

impl Listing {
    /// The sort of notice that puts an organization there; losing a registration has none of its own.
    #[must_use]
    pub const fn kind(self) -> Option<NoticeKind> {
        match self {
            Listing::Banned => Some(NoticeKind::Ban),
            Listing::WebsiteShutdown => Some(NoticeKind::WebsiteShutdown),
            Listing::Suspected => Some(NoticeKind::Suspected),
            Listing::Deregistered => None,
        }
    }
}

/// Text in Chinese and English.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bilingual {
    /// Chinese.
    pub zh: Option<String>,
    /// English.
    pub en: Option<String>,
}

/// Where a notice can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeSource {
    /// http or https.
    pub url: String,
    /// Whose page it is.
    pub kind: SourceKind,
}

/// An announcement by an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Unique in the set.
    pub id: Arc<str>,
    /// Who announced it.
    pub authority: Bilingual,
    /// What it announced.
    pub title: Option<String>,
    /// What it does.
    pub kind: NoticeKind,
    /// ISO 3166, as `CN` or `CN-44`.
    pub jurisdiction: String,
    /// When; `None` when no source says.
    pub published: Option<PartialDate>,
    /// As the authority numbers it.
    pub batch: Option<String>,
    /// How many organizations it names; more than are listed where we hold a part.
    pub announced: Option<u32>,
    /// Where it can be read, the best first.
    pub sources: Vec<NoticeSource>,
    /// Whether what it names is judged.
    pub status: Status,
    /// For authors; in no verdict.
    pub note: Option<String>,
}
impl Notice {
    /// The first source that may be linked to (never a mirror).
    #[must_use]
    pub fn linked(&self) -> Option<&NoticeSource> {
        self.sources.iter().find(|s| s.kind != SourceKind::Mirror)
    }
}

/// Another name of an organization, or another spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// As a source writes it.
    pub name: String,
    /// Counts only in a record that has a full name of the organization, too.
    pub requires_full_name: bool,
}
/// A name in another language; none is official.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// ISO 639, as `en`.
    pub language: String,
    /// As a source writes it.
    pub name: String,
}
/// Whose branch an organization is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchOf {
    /// The id of another organization.
    Organization(Arc<str>),
    /// The name of a parent that no notice lists.
    Unlisted(String),
}
/// A domain of an organization; its subdomains follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDomain {
    /// A registrable domain.
    pub domain: Domain,
    /// When it was the organization's: a lapsed domain gets an innocent owner.
    pub last_seen: Option<PartialDate>,
}
/// An account of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Where, as a slug.
    pub platform: String,
    /// As the platform shows it.
    pub id: String,
}
/// What the notices say of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Unique in the set.
    pub id: Arc<str>,
    /// The official (Chinese) name; `None` where no source shows it.
    pub name: Option<String>,
    /// By language.
    pub translations: Vec<Translation>,
    /// Other names, and spellings seen in sources.
    pub aliases: Vec<Alias>,
    /// Whose branch it is.
    pub branch_of: Option<BranchOf>,
    /// How it stands on the lists.
    pub listing: Listing,
    /// Set from its name alone.
    pub focus: Vec<Focus>,
    /// Its domains.
    pub domains: Vec<ListedDomain>,
    /// Its accounts.
    pub accounts: Vec<Account>,
    /// Lawful bodies with names like its own.
    pub registered_lookalikes: Vec<Bilingual>,
    /// Why its names must not be taken at their word.
    pub caution: Vec<Caution>,
    /// When it is judged.
    pub effective: Effective,
    /// Whether it is judged.
    pub status: Status,
    /// Indices into [`super::RuleSet::notices`], earliest first.
    pub notices: Vec<usize>,
    /// For authors; in no verdict.
    pub note: Option<String>,
}
impl Organization {
    /// The name for people: the official one, else the first translation.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().or_else(|| self.translations.first().map(|t| t.name.as_str())).unwrap_or(&self.id)
    }
    /// Whether its names are to be read with this caution.
    #[must_use]
    pub fn has(&self, caution: Caution) -> bool {
        self.caution.contains(&caution)
    }
}
