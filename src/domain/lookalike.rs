//! Hosts that are made to look like one of a list: `mca-gov-cn.example` like `mca.gov.cn`.
//!
//! Nothing is compared with everything: tokens, skeletons and slips are tables made once, and a host costs a few look-ups.
//! What it looks like is all that is said here; whose host it is, and what else the record must say, is not.

use super::skeleton::{merged, skeleton, skeleton_into};
use super::slips::Slips;
use super::{Disguise, Domain};
use std::collections::HashMap;

/// A host that others may imitate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imitable {
    /// The host.
    pub host: Domain,
    /// Everybody could register a name like its own; the names of others only stand under a suffix of their own
    /// (`.gov.cn`), so what is like them says more.
    pub is_registrable: bool,
}

/// What a host looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// Index of the imitated host.
    pub of: usize,
    /// In which way.
    pub disguise: Disguise,
    /// It says so by itself; what is not sure needs a second signal.
    pub is_sure: bool,
}

/// The hosts that others may imitate, ready to be looked up.
#[derive(Debug, Default)]
pub struct Lookalikes {
    hosts: Vec<Target>,
    by_first_token: HashMap<String, Vec<usize>>,
    /// By merged skeleton.
    by_skeleton: HashMap<String, Vec<usize>>,
    slips: Slips,
    keys: Vec<Key>,
}

/// What is looked for of a host.
#[derive(Debug)]
struct Target {
    tokens: Vec<String>,
    /// Letters of its own name, without the suffix under which it stands.
    name: String,
    is_registrable: bool,
}

/// A spelling without dots and hyphens.
#[derive(Debug)]
struct Key {
    of: usize,
    /// With its dots and hyphens.
    written: String,
    text: String,
    skeleton: String,
    /// With the last label: the suffix is compared, too.
    is_whole: bool,
}

/// A name that is so long is nobody else's by chance.
const DISTINCTIVE: usize = 8;
/// Shorter names are not compared at all: two of three letters are everybody's.
const SHORTEST: usize = 5;
/// A name that is so long may be two slips away.
const TWO_SLIPS: usize = 10;
/// A name that is so long is told with one slip; a shorter one when the slip shows or the record says more.
const ONE_SLIP: usize = 6;
/// Labels of a host that are compared: no official host has more.
const LABELS: usize = 5;

impl Lookalikes {
    /// The tables over `hosts`.
    #[must_use]
    pub fn new(hosts: &[Imitable]) -> Self {
        let mut table = Self::default();
        for (of, imitable) in hosts.iter().enumerate() {
            table.add(of, imitable);
        }
        table
    }

    fn add(&mut self, of: usize, imitable: &Imitable) {
        let host = imitable.host.to_unicode();
        let tokens: Vec<String> = host.split(['.', '-']).map(str::to_owned).collect();
        self.by_first_token.entry(tokens[0].clone()).or_default().push(of);
        let stem = host.rsplit_once('.').map_or("", |(stem, _)| stem);
        let name = own_name(&imitable.host, imitable.is_registrable);
        self.key(of, &host, true, squeezed(&name).chars().count().max(squeezed(stem).chars().count()));
        let mut names = vec![stem, name.as_str()];
        names.dedup();
        for name in names {
            self.key(of, name, false, squeezed(name).chars().count());
        }
        self.hosts.push(Target { tokens, name: squeezed(&name), is_registrable: imitable.is_registrable });
    }

    fn key(&mut self, of: usize, text: &str, is_whole: bool, length: usize) {
        if length < SHORTEST {
            return;
        }
        let (written, text, skeleton) = (text.to_owned(), squeezed(text), skeleton(text));
        self.by_skeleton.entry(merged(&skeleton).into_owned()).or_default().push(self.keys.len());
        self.slips.add(&skeleton, if length >= TWO_SLIPS { 2 } else { 1 });
        self.keys.push(Key { of, written, text, skeleton, is_whole });
    }

    /// What `host` looks like, which is none of the hosts nor within one: the surest and most telling likeness.
    #[must_use]
    pub fn likeness(&self, host: &Domain) -> Option<Likeness> {
        let text = written(host);
        let read = Read::new(&text, host.suffix_labels());
        let mut all = self.by_tokens(&read);
        all.extend(self.by_form(&read));
        all.into_iter()
            .min_by_key(|it| (!it.is_sure, it.disguise, std::cmp::Reverse(self.hosts[it.of].tokens.len()), it.of))
    }

    /// Whole tokens of a host: `mca`, `gov`, `cn` in this order, with dots or hyphens between them.
    fn by_tokens(&self, read: &Read<'_>) -> Vec<Likeness> {
        let mut found = Vec::new();
        for at in 0..read.tokens.len() {
            let here = self.by_first_token.get(read.tokens[at].text);
            found.extend(here.into_iter().flatten().filter_map(|of| self.tokens_at(read, at, *of)));
        }
        found
    }

    fn tokens_at(&self, read: &Read<'_>, at: usize, of: usize) -> Option<Likeness> {
        let target = &self.hosts[of];
        let same =
            read.tokens[at..].iter().zip(&target.tokens).take_while(|(token, own)| token.text == own.as_str()).count();
        let has_dots = read.are_labels(at, same);
        let length = target.name.chars().count();
        let is_long = length >= DISTINCTIVE || is_unspeakable(&target.name);
        let likeness = |disguise, is_sure| Some(Likeness { of, disguise, is_sure });
        if same == target.tokens.len() {
            // At the end and between dots it would be within the host itself.
            return if has_dots && at + same < read.tokens.len() {
                likeness(Disguise::Subdomain, true)
            } else {
                let is_own = read.tokens[at].begins_label || length >= DISTINCTIVE;
                likeness(Disguise::Hyphen, !target.is_registrable || (is_own && is_long))
            };
        }
        let is_name = at + same == read.names && (at == 0 || read.tokens[at].begins_label);
        if !target.is_registrable && same + 1 == target.tokens.len() && same >= 2 {
            return match (has_dots, is_name) {
                (true, true) => likeness(Disguise::OtherSuffix, is_long),
                (true, false) => likeness(Disguise::Subdomain, is_long),
                (false, _) => likeness(Disguise::Hyphen, is_long),
            };
        }
        let is_own_name = same >= 1 && squeezed(&target.tokens[..same].concat()) == target.name;
        if !is_own_name || length < SHORTEST {
            return None;
        }
        match (has_dots, is_name) {
            (true, true) => likeness(Disguise::OtherSuffix, is_long),
            // The short name of an authority within another name is a token of it.
            _ if !target.is_registrable => None,
            (true, false) => likeness(Disguise::Subdomain, length >= DISTINCTIVE),
            (false, _) => likeness(Disguise::Hyphen, length >= DISTINCTIVE),
        }
    }

    /// Spellings without dots and hyphens: equal, alike, or a slip away.
    fn by_form(&self, read: &Read<'_>) -> Vec<Likeness> {
        let mut found = Vec::new();
        let mut spelt = String::new();
        for place in read.places() {
            spelt.clear();
            place.labels(read).for_each(|label| skeleton_into(label, &mut spelt));
            if spelt.len() + 1 < SHORTEST {
                continue;
            }
            let alike = self.by_skeleton.get(&*merged(&spelt));
            let near = self.slips.near(&spelt);
            if alike.is_none() && near.is_empty() {
                continue;
            }
            let form = place.form(read);
            let alike = alike.into_iter().flatten().filter_map(|key| self.alike(read, &form, &self.keys[*key]));
            found.extend(alike);
            found.extend(near.into_iter().filter_map(|(key, slips)| self.near(&form, &spelt, &self.keys[key], slips)));
        }
        found
    }

    /// The same letters, or letters that look the same.
    fn alike(&self, read: &Read<'_>, form: &Form, key: &Key) -> Option<Likeness> {
        let is_same = form.text == key.text;
        let target = &self.hosts[key.of];
        let length = key.text.chars().count();
        let is_long = length >= DISTINCTIVE || (target.is_registrable && is_unspeakable(&target.name));
        let likeness = |disguise, is_sure| Some(Likeness { of: key.of, disguise, is_sure });
        match (is_same, key.is_whole, form.has_suffix) {
            // The suffix is the same in all of these.
            (true, true, true) => likeness(if form.lost_www { Disguise::Typo } else { Disguise::Hyphen }, true),
            (false, true, true) => likeness(Disguise::Homoglyph, true),
            (_, false, true) => None,
            (true, _, false) if form.lost_www => likeness(Disguise::Typo, false),
            (true, false, false) if form.written == key.written => likeness(Disguise::OtherSuffix, is_long),
            (true, _, false) => likeness(Disguise::Hyphen, is_long),
            (false, _, false) => likeness(Disguise::Homoglyph, is_long && !read.is_ascii),
        }
    }

    fn near(&self, form: &Form, skeleton: &str, key: &Key, slips: usize) -> Option<Likeness> {
        if form.has_suffix != key.is_whole {
            return None;
        }
        let target = &self.hosts[key.of];
        let length = if target.is_registrable { target.name.chars().count() } else { key.text.chars().count() };
        let is_plain = length >= ONE_SLIP || is_telling(skeleton, &key.skeleton);
        let is_sure = slips == 1 && key.is_whole && is_plain;
        Some(Likeness { of: key.of, disguise: Disguise::Typo, is_sure })
    }
}

/// A host's own name: of a registrable host its label, of an official one what stands before the suffix that only
/// authorities have.
fn own_name(host: &Domain, is_registrable: bool) -> String {
    let text = host.to_unicode();
    let labels = if is_registrable { 1 } else { text.split('.').count().saturating_sub(2).max(1) };
    let suffix = host.suffix_labels();
    let names = text.split('.').count().saturating_sub(suffix).max(1).min(labels.max(1));
    text.split('.').take(names).collect::<Vec<_>>().join(".")
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '.' | '-' | '_')).collect()
}

/// Without a vowel it is nobody's word.
fn is_unspeakable(name: &str) -> bool {
    name.chars().count() >= SHORTEST && !name.contains(['a', 'e', 'i', 'o', 'u'])
}

/// Two letters swapped, or one doubled or undoubled: slips that are made to be overlooked.
fn is_telling(text: &str, word: &str) -> bool {
    let (text, word): (Vec<char>, Vec<char>) = (text.chars().collect(), word.chars().collect());
    let first = text.iter().zip(&word).take_while(|(a, b)| a == b).count();
    let (longer, shorter) = if text.len() > word.len() { (&text, &word) } else { (&word, &text) };
    match longer.len() - shorter.len() {
        0 => first + 1 < text.len() && text[first] == word[first + 1] && text[first + 1] == word[first],
        1 => first > 0 && longer.get(first) == longer.get(first - 1),
        _ => false,
    }
}

/// A host in its own letters.
fn written(host: &Domain) -> String {
    if host.as_ascii().contains("xn--") { host.to_unicode() } else { host.as_ascii().to_owned() }
}

/// A part of a host between dots and hyphens.
#[derive(Debug)]
struct Token<'t> {
    text: &'t str,
    begins_label: bool,
}

/// A host, read for comparison.
#[derive(Debug)]
struct Read<'t> {
    labels: Vec<&'t str>,
    /// Labels before the suffix under which it stands.
    own: usize,
    tokens: Vec<Token<'t>>,
    /// Tokens before the suffix.
    names: usize,
    is_ascii: bool,
}

impl<'t> Read<'t> {
    fn new(text: &'t str, suffix: usize) -> Self {
        let labels: Vec<&str> = text.split('.').collect();
        let own = labels.len().saturating_sub(suffix);
        let mut tokens = Vec::with_capacity(labels.len() + 2);
        let mut names = 0;
        for (at, label) in labels.iter().enumerate() {
            tokens.extend(label.split('-').enumerate().map(|(nth, text)| Token { text, begins_label: nth == 0 }));
            if at < own {
                names = tokens.len();
            }
        }
        Self { labels, own, tokens, names, is_ascii: text.is_ascii() }
    }

    /// `count` tokens from `at` are whole labels.
    fn are_labels(&self, at: usize, count: usize) -> bool {
        let own = self.tokens.get(at..at + count).unwrap_or_default();
        own.iter().all(|token| token.begins_label) && self.tokens.get(at + count).is_none_or(|next| next.begins_label)
    }

    /// The host from each of its last labels on, with and without its suffix; and without a `www` that lost its dot.
    fn places(&self) -> impl Iterator<Item = FormPlace> {
        let own = self.own;
        let last = own.checked_sub(1).filter(|last| self.labels[*last].starts_with("www"));
        let starts = (own.saturating_sub(LABELS)..own).map(|start| (start, false)).chain(last.map(|last| (last, true)));
        starts.flat_map(|(start, lost_www)| [true, false].map(|has_suffix| FormPlace { start, has_suffix, lost_www }))
    }
}

/// Which labels of a host are compared.
#[derive(Clone, Copy, Debug)]
struct FormPlace {
    start: usize,
    has_suffix: bool,
    /// `www` was written without its dot.
    lost_www: bool,
}

impl FormPlace {
    fn labels<'r>(self, read: &'r Read<'_>) -> impl Iterator<Item = &'r str> {
        let end = if self.has_suffix { read.labels.len() } else { read.own };
        read.labels[self.start..end].iter().enumerate().map(move |(nth, label)| match label.strip_prefix("www") {
            Some(rest) if self.lost_www && nth == 0 => rest.trim_start_matches('-'),
            _ => label,
        })
    }

    fn form(self, read: &Read<'_>) -> Form {
        let written = self.labels(read).collect::<Vec<_>>().join(".");
        Form { text: squeezed(&written), written, has_suffix: self.has_suffix, lost_www: self.lost_www }
    }
}

/// One way of writing a host without dots.
#[derive(Debug)]
struct Form {
    text: String,
    /// With its dots and hyphens.
    written: String,
    has_suffix: bool,
    lost_www: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use Disguise::{Homoglyph, Hyphen, OtherSuffix, Subdomain, Typo};

    const OFFICIAL: [&str; 5] = ["gov.cn", "mca.gov.cn", "cac.gov.cn", "chinanpo.gov.cn", "chinanpo.mca.gov.cn"];
    const LISTED: [&str; 3] = ["shmxy.com", "samplehouse.cn", "样例网.cn"];

    fn table() -> (Vec<&'static str>, Lookalikes) {
        let all = OFFICIAL.iter().map(|host| (*host, false)).chain(LISTED.iter().map(|host| (*host, true)));
        let hosts: Vec<Imitable> = all
            .clone()
            .map(|(host, is_registrable)| Imitable { host: Domain::parse(host).expect("a host"), is_registrable })
            .collect();
        (all.map(|(host, _)| host).collect(), Lookalikes::new(&hosts))
    }

    /// Whose likeness, by what, and whether that is sure.
    type Likeness<'h> = Option<(&'h str, Disguise, bool)>;

    fn check(cases: &[(&str, Likeness<'_>)]) {
        let (names, table) = table();
        for (host, expected) in cases {
            let found = table.likeness(&Domain::parse(host).expect(host));
            let found = found.map(|it| (names[it.of], it.disguise, it.is_sure));
            assert_eq!(found, *expected, "{host}");
        }
    }

    #[test]
    fn an_official_host_is_known_in_disguise() {
        check(&[
            ("mca.gov.cn.query.example", Some(("mca.gov.cn", Subdomain, true))),
            ("chinanpo.mca.gov.cn.portal.test", Some(("chinanpo.mca.gov.cn", Subdomain, true))),
            ("town.gov.cn.portal.test", Some(("gov.cn", Subdomain, true))),
            ("chinanpo-gov-cn.test", Some(("chinanpo.gov.cn", Hyphen, true))),
            ("www-mca-gov-cn.test", Some(("mca.gov.cn", Hyphen, true))),
            ("mca.gov-cn.example", Some(("mca.gov.cn", Hyphen, true))),
            ("mcagov.cn", Some(("mca.gov.cn", Hyphen, true))),
            ("mca-gov.cn", Some(("mca.gov.cn", Hyphen, true))),
            ("mca-gov.example", Some(("mca.gov.cn", Hyphen, false))),
            ("chinanpogovcn.example", Some(("chinanpo.gov.cn", Hyphen, true))),
            ("chinanpo.gov.example", Some(("chinanpo.gov.cn", OtherSuffix, true))),
            ("chinanpo.example", Some(("chinanpo.gov.cn", OtherSuffix, true))),
            ("mca.gov.example", Some(("mca.gov.cn", OtherSuffix, false))),
            ("chinapno.gov.example", Some(("chinanpo.gov.cn", Typo, false))),
            ("mсa.gov.example", Some(("mca.gov.cn", Homoglyph, false))),
            ("mca.g0v.cn", Some(("mca.gov.cn", Homoglyph, true))),
            ("mca.goy.cn", Some(("mca.gov.cn", Typo, true))),
        ]);
    }

    #[test]
    fn a_listed_host_is_known_in_disguise() {
        check(&[
            ("samplehouse.cn.apply.test", Some(("samplehouse.cn", Subdomain, true))),
            ("shmxy-com.example", Some(("shmxy.com", Hyphen, true))),
            ("sample-house.cn", Some(("samplehouse.cn", Hyphen, true))),
            ("sample-house.test", Some(("samplehouse.cn", Hyphen, true))),
            ("samplehouse-vip.test", Some(("samplehouse.cn", Hyphen, true))),
            ("samplehouse.test", Some(("samplehouse.cn", OtherSuffix, true))),
            ("not-shmxy.com", Some(("shmxy.com", Hyphen, false))),
            ("shmxy-apply.test", Some(("shmxy.com", Hyphen, false))),
            ("shmxy.net", Some(("shmxy.com", OtherSuffix, true))),
            ("samp1ehouse.cn", Some(("samplehouse.cn", Homoglyph, true))),
            ("ѕamplehouse.cn", Some(("samplehouse.cn", Homoglyph, true))),
            ("ѕamplehouse.test", Some(("samplehouse.cn", Homoglyph, true))),
            ("samp1ehouse.test", Some(("samplehouse.cn", Homoglyph, false))),
            ("samplehuose.cn", Some(("samplehouse.cn", Typo, true))),
            ("m.samplehous.cn", Some(("samplehouse.cn", Typo, true))),
            ("samplehuose.test", Some(("samplehouse.cn", Typo, false))),
            ("samplehuses.cn", Some(("samplehouse.cn", Typo, false))),
            ("shmxyy.com", Some(("shmxy.com", Typo, true))),
            ("shmyx.com", Some(("shmxy.com", Typo, true))),
            ("shmxa.com", Some(("shmxy.com", Typo, false))),
            ("wwwsamplehouse.cn", Some(("samplehouse.cn", Typo, true))),
            ("样例网.example", None),
        ]);
    }

    #[test]
    fn neighbours_by_chance_are_like_nothing() {
        check(&[
            ("example.com", None),
            ("mca.example", None),
            ("chinanpo.org.example", None),
            ("mca-dogs.example", None),
            ("cac.com", None),
            ("govan-choir.example", None),
            ("room315.example", None),
            ("chinanpofriends.example", None),
            ("china-npo-notes.example", None),
            ("sample.cn", None),
            ("house.cn", None),
            ("sampleroom.cn", None),
            ("shm.com", None),
            ("xy.shm.com", None),
            ("gov.example", None),
        ]);
    }
}
