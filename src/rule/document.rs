//! What one document says, with the places that the checks across documents need. Never leaves this folder.

use super::allow::RawAllow;
use super::cue::{CueKind, Scope, Strength};
use super::date::Effective;
use super::index::Via;
use super::organization::{Account, BranchOf, Caution, Focus, ListedDomain, Listing, Notice, Status};
use super::policy::{Action, Severity};
use super::source::At;
use super::yaml::Scalar;
use crate::domain::Domain;

/// A document, told by its top-level keys.
#[derive(Debug)]
pub(super) enum Document {
    Notice(Box<NoticeDocument>),
    Protected(ProtectedDocument),
    Policy(Vec<RawCondition>),
    Canary(At<Canary>),
    Context(Vec<RawCue>),
    Allow(Vec<RawAllow>),
    Imitation(ImitationDocument),
}

/// `notice`, `organizations`, `also`.
#[derive(Debug)]
pub(super) struct NoticeDocument {
    pub notice: At<Notice>,
    pub organizations: Vec<RawOrganization>,
    pub also: Vec<At<String>>,
}

/// A name to look for.
#[derive(Debug)]
pub(super) struct RawName {
    pub text: At<String>,
    pub via: Via,
    pub requires_full_name: bool,
    /// Of a translation.
    pub language: Option<String>,
}

/// A lawful body: its names in all languages.
#[derive(Debug)]
pub(super) struct RawBody {
    pub zh: Option<At<String>>,
    pub en: Vec<At<String>>,
    pub basis: String,
}

impl RawBody {
    pub fn names(&self) -> impl Iterator<Item = &At<String>> {
        self.zh.iter().chain(&self.en)
    }
}

#[derive(Debug)]
pub(super) struct RawOrganization {
    pub id: At<String>,
    /// The official name first, then aliases, then translations by language.
    pub names: Vec<RawName>,
    pub branch_of: Option<At<BranchOf>>,
    pub listing: Listing,
    pub focus: Vec<Focus>,
    pub domains: Vec<At<ListedDomain>>,
    pub accounts: Vec<At<Account>>,
    pub lookalikes: Vec<RawBody>,
    pub caution: Vec<Caution>,
    pub effective: Effective,
    pub status: Status,
    pub note: Option<String>,
}

super::organization::named! {
    /// What an official channel is known by.
    pub(super) OfficialKind {
        /// A suffix and everything under it.
        DomainSuffix = "domain-suffix",
        /// A host with its subdomains.
        Domain = "domain",
        /// The id of a WeChat account.
        Wechat = "wechat",
        /// The name that an account shows.
        AccountName = "account-name",
        /// A short number.
        Hotline = "hotline",
        /// A number.
        Phone = "phone",
        /// A mailbox.
        Email = "email",
    }
}

#[derive(Debug)]
pub(super) struct RawOfficial {
    pub kind: OfficialKind,
    pub value: At<String>,
    /// Of the two kinds that are hosts.
    pub host: Option<Domain>,
    pub what: String,
}

/// `registered`, `official`, `shared_hosts`.
#[derive(Debug, Default)]
pub(super) struct ProtectedDocument {
    pub registered: Vec<RawBody>,
    pub official: Vec<RawOfficial>,
    pub shared_hosts: Vec<At<Domain>>,
}

/// An entry of `policy`.
#[derive(Debug)]
pub(super) struct RawCondition {
    pub id: At<String>,
    pub text: String,
    pub when: At<Scalar>,
    pub action: Action,
    pub severity: Severity,
    pub status: Status,
}

/// A cue word.
#[derive(Debug)]
pub(super) struct RawCue {
    pub text: At<String>,
    pub kind: CueKind,
    pub strength: Strength,
    pub scope: Scope,
}

/// The short name of an authority.
#[derive(Debug)]
pub(super) struct RawToken {
    pub token: At<String>,
    pub of: Option<At<Domain>>,
    pub what: String,
}

/// `imitation`.
#[derive(Debug, Default)]
pub(super) struct ImitationDocument {
    pub tokens: Vec<RawToken>,
    pub known_hosts: Vec<At<Domain>>,
    pub claims: Vec<At<String>>,
    pub denials: Vec<At<String>>,
}

/// The deployment test string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Canary {
    pub id: String,
    pub text: String,
}
