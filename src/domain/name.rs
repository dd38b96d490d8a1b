//! A host name, checked and in one spelling.

use std::fmt;

/// A host name in ASCII lower case (IDNA A-labels), of at least two labels, without a trailing dot.
///
/// Equal hosts are equal values, however they were written: `Bücher.Example` and
/// `xn--bcher-kva.example.` are one `Domain`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(String);

/// Why a text is not a host name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct DomainError {
    /// For people, without the text itself.
    pub reason: String,
}

impl DomainError {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

impl Domain {
    /// Reads a host name; letters of all scripts are allowed (UTS 46, STD 3 rules, DNS lengths).
    ///
    /// # Errors
    /// URLs, ports, addresses, wildcards, single labels, and whatever IDNA refuses.
    pub fn parse(text: &str) -> Result<Self, DomainError> {
        const NOT_A_HOST: [(&str, &str); 6] = [
            ("://", "a URL, not a host name: leave out the scheme and the path"),
            ("/", "a path, not a host name"),
            ("@", "an e-mail address, not a host name"),
            (":", "a host with a port, or an IPv6 address: a domain has neither"),
            ("*", "a wildcard: subdomains follow their domain without one"),
            ("_", "an underscore cannot stand in a registered domain"),
        ];
        if let Some((_, reason)) = NOT_A_HOST.iter().find(|(sign, _)| text.contains(sign)) {
            return Err(DomainError::new(*reason));
        }
        if text.chars().any(char::is_whitespace) {
            return Err(DomainError::new("a domain has no spaces"));
        }
        Self::read(text).and_then(|domain| {
            let strict = idna::domain_to_ascii_strict(&domain.0);
            strict.map(|_| domain).map_err(|_| DomainError::new("not a host name by IDNA's strict rules"))
        })
    }

    /// Reads a host as browsers do: more lenient than [`Domain::parse`], for what authors wrote.
    pub(super) fn read(text: &str) -> Result<Self, DomainError> {
        let text = text.strip_suffix('.').unwrap_or(text);
        let ascii = if is_plain(text) {
            text.to_ascii_lowercase()
        } else {
            idna::domain_to_ascii(text).map_err(|_| DomainError::new("not a host name by IDNA's rules"))?
        };
        let ascii = ascii.strip_suffix('.').unwrap_or(&ascii);
        if ascii.is_empty() {
            return Err(DomainError::new("an empty host name"));
        }
        if !ascii.contains('.') {
            return Err(DomainError::new("a single label: a domain has a name and a suffix"));
        }
        if ascii.len() > 253 || ascii.split('.').any(|label| label.is_empty() || label.len() > 63) {
            return Err(DomainError::new("an empty label, or one over 63 bytes, or over 253 in all"));
        }
        if ascii.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit())) {
            return Err(DomainError::new("an IP address, not a domain"));
        }
        Ok(Self(ascii.to_owned()))
    }

    /// The `xn--` form, lower case.
    #[must_use]
    pub fn as_ascii(&self) -> &str {
        &self.0
    }

    /// The form with its own letters.
    #[must_use]
    pub fn to_unicode(&self) -> String {
        idna::domain_to_unicode(&self.0).0
    }

    /// One label below the public suffix (<https://publicsuffix.org>, private section included);
    /// `None` for a public suffix itself.
    #[must_use]
    pub fn registrable(&self) -> Option<&str> {
        psl::domain_str(&self.0)
    }

    /// Under this name everybody can register: `com`, `com.cn`, `github.io`.
    #[must_use]
    pub fn is_public_suffix(&self) -> bool {
        psl::domain_str(&self.0).is_none()
    }

    /// The last label is one that the public suffix list knows, or a special-use name (RFC 2606, RFC 6761, RFC 6762, RFC 7686).
    pub(super) fn has_known_suffix(&self) -> bool {
        const SPECIAL: [&str; 6] = ["example", "invalid", "local", "localhost", "onion", "test"];
        let last = self.0.rsplit('.').next().unwrap_or_default();
        psl::suffix(self.0.as_bytes()).is_some_and(|suffix| suffix.is_known()) || SPECIAL.contains(&last)
    }

    /// How many labels belong to the suffix under which everybody, or only authorities, can register.
    pub(super) fn suffix_labels(&self) -> usize {
        psl::suffix_str(&self.0).map_or(1, |suffix| suffix.split('.').count())
    }

    /// The runs of letters and of digits in its labels before the suffix: `12315-help.example` has 12315 and help.
    pub fn name_runs(&self) -> impl Iterator<Item = &str> {
        let names = self.0.split('.').count().saturating_sub(self.suffix_labels());
        self.0.split('.').take(names).flat_map(|label| {
            let mut rest = label;
            std::iter::from_fn(move || {
                let own = rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
                let first = own.chars().next()?.is_ascii_digit();
                let end = own.find(|c: char| !c.is_ascii_alphanumeric() || c.is_ascii_digit() != first);
                let (run, behind) = own.split_at(end.unwrap_or(own.len()));
                rest = behind;
                Some(run)
            })
        })
    }

    /// A host that only an authority of some country can have: `.gov`, `.gov.uk`, `.gouv.fr`, `.go.jp`, `.政务`.
    #[must_use]
    pub fn is_governmental(&self) -> bool {
        const TOP: [&str; 4] = ["gov", "mil", "int", "xn--zfr164b"];
        const SECOND: [&str; 11] =
            ["gov", "gob", "gouv", "govt", "government", "go", "gub", "gv", "gc", "mil", "admin"];
        let mut labels = self.0.rsplit('.');
        let last = labels.next().unwrap_or_default();
        let is_country = last.len() == 2 || last.starts_with("xn--");
        TOP.contains(&last) || (is_country && labels.next().is_some_and(|label| SECOND.contains(&label)))
    }

    /// `self` is `other` or one of its subdomains.
    #[must_use]
    pub fn is_within(&self, other: &Domain) -> bool {
        self.0.strip_suffix(other.as_ascii()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// The host and its parents, longest first: `a.b.example`, `b.example`, `example`.
    pub fn ancestors(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.0.as_str()), |name| name.split_once('.').map(|(_, parent)| parent))
    }
}

/// Letters, digits and hyphens of ASCII, no `xn--`: what IDNA makes of such a host is its lower case, at a tenth of the cost.
fn is_plain(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    text.bytes().all(is_plain) && !text.as_bytes().windows(4).any(|four| four.eq_ignore_ascii_case(b"xn--"))
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_one_spelling() {
        for (written, ascii) in [
            ("Example.COM", "example.com"),
            ("example.com.", "example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("XN--bcher-kva.example", "xn--bcher-kva.example"),
            ("協會.example", "xn--3kry17b.example"),
            ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
            ("例子。中国", "xn--fsqu00a.xn--fiqs8s"),
        ] {
            assert_eq!(Domain::parse(written).map(|d| d.to_string()), Ok(ascii.to_owned()), "{written}");
        }
    }

    #[test]
    fn what_is_no_domain_is_refused_with_its_reason() {
        for (written, part) in [
            ("https://example.com", "URL"),
            ("example.com/list", "path"),
            ("info@example.com", "e-mail"),
            ("example.com:80", "port"),
            ("*.example.com", "wildcard"),
            ("a_b.example.com", "underscore"),
            ("example", "single label"),
            ("", "empty"),
            ("exa mple.com", "spaces"),
            ("a..example.com", "label"),
            ("-a.example.com", "strict"),
            ("192.0.2.7", "IP address"),
            ("2001:db8::1", "port"),
        ] {
            let error = Domain::parse(written).expect_err(written);
            assert!(error.reason.contains(part), "{written}: {error}");
        }
    }

    #[test]
    fn within_is_by_whole_labels() {
        let listed = Domain::parse("sham.example").unwrap();
        for (host, within) in [
            ("sham.example", true),
            ("www.sham.example", true),
            ("a.b.sham.example", true),
            ("notsham.example", false),
            ("sham.example.com", false),
            ("sham.test", false),
        ] {
            assert_eq!(Domain::parse(host).unwrap().is_within(&listed), within, "{host}");
        }
    }

    #[test]
    fn the_public_suffix_list_decides_what_can_be_registered() {
        for (host, registrable) in [
            ("a.b.example.com", Some("example.com")),
            ("www.example.com.cn", Some("example.com.cn")),
            ("com.cn", None),
            ("x.github.io", Some("x.github.io")),
            ("github.io", None),
            ("例子.中国", Some("xn--fsqu00a.xn--fiqs8s")),
        ] {
            assert_eq!(Domain::parse(host).unwrap().registrable(), registrable, "{host}");
        }
    }

    #[test]
    fn a_name_is_read_in_runs_of_letters_and_of_digits() {
        for (host, runs) in [
            ("12315-help.example", &["12315", "help"][..]),
            ("www.cert315.com.cn", &["www", "cert", "315"]),
            ("a--1b.example", &["a", "1", "b"]),
            ("com.cn", &[]),
        ] {
            assert_eq!(Domain::parse(host).unwrap().name_runs().collect::<Vec<_>>(), runs, "{host}");
        }
    }

    #[test]
    fn authorities_have_suffixes_of_their_own() {
        for (host, is_governmental) in [
            ("mca.gov.cn", true),
            ("www.gov.uk", true),
            ("mca.gov.in", true),
            ("x.gouv.fr", true),
            ("x.go.jp", true),
            ("x.usa.gov", true),
            ("样例.政务", true),
            ("gov.example", false),
            ("mca-gov.cn", false),
            ("gov.com", false),
            ("govan.uk", false),
            ("x.gov.cn.example", false),
        ] {
            assert_eq!(Domain::parse(host).unwrap().is_governmental(), is_governmental, "{host}");
        }
    }

    #[test]
    fn ancestors_come_longest_first() {
        let host = Domain::parse("a.b.example").unwrap();
        assert_eq!(host.ancestors().collect::<Vec<_>>(), ["a.b.example", "b.example", "example"]);
    }
}
