//! What must not be shown: which of librdkafka's properties hold secrets, and lines of a file that may.
//!
//! `sasl.password` -> hidden, `sasl.username` and `ssl.key.location` -> shown. Hidden too much is a nuisance, hidden too
//! little a leak, so a name that only looks like a secret (misspelt, or of a later librdkafka) is one.

/// What stands for a hidden value.
pub const HIDDEN: &str = "<hidden>";

/// Parts of names that mean a secret. `passw` also finds what was misspelt, and other languages.
const SECRET: &[&str] = &["passw", "passphrase", "secret", "token", "credential", "jaas", "key.pem", "private.key"];
/// Ends of names that say where a secret is, or how to ask for one, and not what it is.
const NOT_SECRET: &[&str] =
    &[".location", ".file", ".url", ".endpoint.url", ".alg", ".algorithm", ".refresh", ".credential.name"];
/// The configuration of OAuth by librdkafka's own, unsecured method is one text with everything in it.
const NAMED: &[&str] = &["sasl.oauthbearer.config", "sasl.kerberos.kinit.cmd"];

/// Whether the value of a librdkafka property must not be shown.
#[must_use]
pub fn is_secret_property(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let means = SECRET.iter().any(|part| name.contains(part)) && !NOT_SECRET.iter().any(|end| name.ends_with(end));
    means || NAMED.contains(&name.as_str()) || names_a_user_in_a_url(value) || value.contains("-----BEGIN")
}

/// `http://user:password@proxy.example:3128`.
fn names_a_user_in_a_url(value: &str) -> bool {
    let authority = |rest: &str| rest.split(['/', '?', '#', ',']).next().is_some_and(|it| it.contains('@'));
    value.split("://").skip(1).any(authority)
}

/// Whether a line of a settings file may hold a secret: whoever shows the line of a syntax error asks.
pub(super) fn may_hold_a_secret(line: &str) -> bool {
    let name = line.split('=').next().unwrap_or(line).replace(['"', '\'', ' ', '\t'], "");
    is_secret_property(&name, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_a_door_is_hidden_and_what_only_points_at_it_is_not() {
        for (name, hidden) in [
            ("sasl.password", true),
            ("SASL.PASSWORD", true),
            ("sasl.passwort", true),
            ("ssl.key.password", true),
            ("ssl.keystore.password", true),
            ("ssl.key.pem", true),
            ("sasl.jaas.config", true),
            ("sasl.oauthbearer.config", true),
            ("sasl.oauthbearer.client.secret", true),
            ("sasl.oauthbearer.client.credentials.client.secret", true),
            ("sasl.oauthbearer.assertion.private.key.pem", true),
            ("sasl.oauthbearer.assertion.private.key.passphrase", true),
            ("sasl.username", false),
            ("sasl.mechanism", false),
            ("sasl.oauthbearer.token.endpoint.url", false),
            ("sasl.oauthbearer.assertion.private.key.file", false),
            ("ssl.key.location", false),
            ("ssl.certificate.pem", false),
            ("ssl.ca.location", false),
            ("security.protocol", false),
            ("linger.ms", false),
        ] {
            assert_eq!(is_secret_property(name, "value"), hidden, "{name}");
        }
    }

    #[test]
    fn a_value_that_shows_itself_to_be_secret_is_hidden_under_any_name() {
        for (value, hidden) in [
            ("http://user:word@proxy.example:3128", true),
            ("https://a.example,https://user@b.example", true),
            ("-----BEGIN PRIVATE KEY-----\n…", true),
            ("https://proxy.example/path@home", false),
            ("someone@example.test", false),
        ] {
            assert_eq!(is_secret_property("https.proxy", value), hidden, "{value}");
        }
    }

    #[test]
    fn a_line_with_a_secret_is_known_by_its_key() {
        for (line, hidden) in [
            ("token = \"abc", true),
            ("\"sasl.password\" = abc", true),
            ("sasl . password = abc", true),
            ("group_id = ", false),
            ("[kafka", false),
        ] {
            assert_eq!(may_hold_a_secret(line), hidden, "{line}");
        }
    }
}
