//! The host of a link field: `HTTPS://user@www.example.cn:8080/x` → `www.example.cn`.

use super::{Domain, HostFound};

/// The host of a link field: a URL with or without its scheme, a bare host, an e-mail address
/// (`mailto:` and `Name <a@b>` too). `None` when there is none: a path, an IP address, empty.
#[must_use]
pub fn host_of_link(value: &str) -> Option<HostFound> {
    let base = value.as_ptr() as usize;
    let trimmed = value.trim();
    let inner = trimmed.rsplit_once('<').map_or(trimmed, |(_, rest)| rest.split('>').next().unwrap_or(rest));
    let (scheme, rest) = split_scheme(inner);
    // Browsers take a backslash for a slash and any number of them.
    let rest = rest.trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest);
    let (userinfo, host) =
        authority.rsplit_once(['@', '＠']).map_or((None, authority), |(user, host)| (Some(user), host));
    let host = host.split(':').next().unwrap_or(host).trim();
    let domain = Domain::read(host).ok()?;
    let start = host.as_ptr() as usize - base;
    let in_email =
        scheme.is_none_or(|s| s.eq_ignore_ascii_case("mailto")) && userinfo.is_some_and(|user| !user.is_empty());
    Some(HostFound { domain, bytes: start..start + host.len(), in_email })
}

/// Splits `scheme:` off; a port behind a bare host is not a scheme's end.
fn split_scheme(link: &str) -> (Option<&str>, &str) {
    let Some((scheme, rest)) = link.split_once(':') else { return (None, link) };
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'));
    if named && (rest.starts_with(['/', '\\']) || scheme.eq_ignore_ascii_case("mailto")) {
        (Some(scheme), rest)
    } else {
        (None, link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_link_is_found_in_every_form() {
        for (value, host, written, in_email) in [
            ("https://www.sham.example/a/b?c#d", "www.sham.example", "www.sham.example", false),
            ("HTTP://SHAM.example:8080", "sham.example", "SHAM.example", false),
            ("//sham.example/x", "sham.example", "sham.example", false),
            ("sham.example", "sham.example", "sham.example", false),
            ("sham.example:80/x", "sham.example", "sham.example", false),
            ("sham.example.", "sham.example", "sham.example.", false),
            ("info@sham.example", "sham.example", "sham.example", true),
            ("mailto:info@sham.example?subject=x", "sham.example", "sham.example", true),
            ("Some One <some@sham.example>", "sham.example", "sham.example", true),
            ("https://official.test@sham.example/", "sham.example", "sham.example", false),
            ("https:\\\\sham.example\\x", "sham.example", "sham.example", false),
            (" https://sham.example ", "sham.example", "sham.example", false),
            ("https://協會.example/", "xn--3kry17b.example", "協會.example", false),
        ] {
            let found = host_of_link(value).expect(value);
            assert_eq!(
                (found.domain.as_ascii(), &value[found.bytes], found.in_email),
                (host, written, in_email),
                "{value}"
            );
        }
    }

    #[test]
    fn the_listed_part_of_a_host_is_told_apart_from_its_subdomains() {
        let listed = Domain::parse("sham.example").expect("a domain");
        for (value, part) in [
            ("https://a.b.sham.example/x", "sham.example"),
            ("sham.example", "sham.example"),
            ("www.ｓｈａｍ。example", "ｓｈａｍ。example"),
            ("www.sham.example.", "sham.example."),
        ] {
            let found = host_of_link(value).expect(value);
            assert_eq!(&value[found.bytes_of(value, &listed)], part, "{value}");
        }
    }

    #[test]
    fn what_has_no_host_gives_none() {
        for value in [
            "",
            " ",
            "n/a",
            "https://",
            "/path/only",
            "http://192.0.2.1/x",
            "https://[2001:db8::1]/",
            "@handle",
            "nohost",
        ] {
            assert_eq!(host_of_link(value), None, "{value}");
        }
    }
}
