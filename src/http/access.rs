//! Who may ask for a reload.
//!
//! ```text
//! a web page (Origin, Sec-Fetch-Site)              403
//! from this machine                                200, no token needed
//! through a proxy on this machine, or elsewhere    200 with the token, 401 without, 403 when the settings have none
//! ```
//! A proxy on this machine makes everybody's requests look local. One that says so (`Forwarded`, `X-Forwarded-For`,
//! `X-Real-IP`, `Via`) is seen through; one that does not is to keep `/-/` to itself, and the settings file says so.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, header};
use sha2::{Digest as _, Sha256};

/// What a request from elsewhere has to bring. Kept as its SHA-256: equally long whatever the token, so that comparing takes the
/// same time whatever was brought.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// From the text of the settings.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    fn is(&self, other: &Token) -> bool {
        let difference = self.0.iter().zip(other.0).fold(0, |sum, (own, theirs)| sum | (own ^ theirs));
        std::hint::black_box(difference) == 0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A browser asks for a page of somebody else's.
    WebPage,
    /// No token, or not the right one.
    Unauthorized,
    /// There is no token that would do.
    NoToken,
}

impl Refusal {
    pub const fn reason(self) -> &'static str {
        match self {
            Refusal::WebPage => "a web page may not ask for a reload",
            Refusal::Unauthorized => "bring the token of the settings (http.token): Authorization: Bearer TOKEN",
            Refusal::NoToken => {
                "from elsewhere than this machine a reload needs a token, and the settings have none: set http.token, or \
                 send the request from this machine, or send SIGHUP"
            }
        }
    }
}

/// What a browser adds to a request that a page makes, also to one of its own origin.
const OF_A_PAGE: [HeaderName; 2] = [header::ORIGIN, HeaderName::from_static("sec-fetch-site")];
/// What a proxy adds to a request that it passes on.
const OF_A_PROXY: [HeaderName; 4] =
    [header::FORWARDED, header::VIA, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

/// Decides by where a request comes from and what it brings.
pub(super) fn may_reload(peer: IpAddr, headers: &HeaderMap, token: Option<&Token>) -> Result<(), Refusal> {
    let has = |names: &[HeaderName]| names.iter().any(|name| headers.contains_key(name));
    if has(&OF_A_PAGE) {
        return Err(Refusal::WebPage);
    }
    // An IPv6 socket shows IPv4 peers as ::ffff:127.0.0.1.
    if peer.to_canonical().is_loopback() && !has(&OF_A_PROXY) {
        return Ok(());
    }
    let token = token.ok_or(Refusal::NoToken)?;
    match bearer(headers) {
        Some(brought) if token.is(&Token::new(brought)) => Ok(()),
        _ => Err(Refusal::Unauthorized),
    }
}

/// The scheme's name is compared without case; two of the header are none.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (first, None) = (all.next()?, all.next()) else {
        return None;
    };
    let (scheme, token) = first.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Answer = Result<(), Refusal>;

    const FINE: Answer = Ok(());
    const PAGE: Answer = Err(Refusal::WebPage);
    const WRONG: Answer = Err(Refusal::Unauthorized);
    const NONE: Answer = Err(Refusal::NoToken);

    #[test]
    fn who_may_reload_depends_on_where_from_and_what_they_bring() {
        let right = "Authorization: Bearer open-sesame";
        // peer, headers, allowed: without a token in the settings, with one
        let table: [(&str, &[&str], Answer, Answer); 26] = [
            ("127.0.0.1", &[], FINE, FINE),
            ("127.8.9.10", &[], FINE, FINE),
            ("::1", &[], FINE, FINE),
            ("::ffff:127.0.0.1", &[], FINE, FINE),
            ("127.0.0.1", &["Authorization: Bearer wrong"], FINE, FINE),
            ("127.0.0.1", &["Host: evil.example"], FINE, FINE),
            ("10.0.0.7", &[], NONE, WRONG),
            ("::ffff:10.0.0.7", &[], NONE, WRONG),
            ("2001:db8::7", &[], NONE, WRONG),
            ("0.0.0.0", &[], NONE, WRONG),
            ("10.0.0.7", &[right], NONE, FINE),
            ("10.0.0.7", &["authorization: bearer  open-sesame"], NONE, FINE),
            ("10.0.0.7", &["Authorization: Bearer open-sesam"], NONE, WRONG),
            ("10.0.0.7", &["Authorization: Bearer open-sesame2"], NONE, WRONG),
            ("10.0.0.7", &["Authorization: Bearer"], NONE, WRONG),
            ("10.0.0.7", &["Authorization: Basic open-sesame"], NONE, WRONG),
            ("10.0.0.7", &["Authorization: open-sesame"], NONE, WRONG),
            ("10.0.0.7", &[right, "Authorization: Bearer wrong"], NONE, WRONG),
            // A proxy on this machine that says for whom it asks.
            ("127.0.0.1", &["X-Forwarded-For: 10.0.0.7"], NONE, WRONG),
            ("127.0.0.1", &["Forwarded: for=10.0.0.7"], NONE, WRONG),
            ("127.0.0.1", &["Via: 1.1 proxy.example"], NONE, WRONG),
            ("127.0.0.1", &["X-Real-IP: 127.0.0.1", right], NONE, FINE),
            // A page in the browser of somebody on this machine; its request is simple, so no preflight stops it.
            ("127.0.0.1", &["Origin: https://evil.example"], PAGE, PAGE),
            ("127.0.0.1", &["Origin: null"], PAGE, PAGE),
            ("127.0.0.1", &["Sec-Fetch-Site: cross-site"], PAGE, PAGE),
            ("10.0.0.7", &["Origin: http://10.0.0.1:9464", right], PAGE, PAGE),
        ];
        let token = Token::new("open-sesame");
        for (peer, lines, without, with) in table {
            let mut headers = HeaderMap::new();
            for line in lines {
                let (name, value) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
                let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
                headers.append(name, value.parse().expect("a header's value"));
            }
            let peer = peer.parse().expect("an address");
            assert_eq!(may_reload(peer, &headers, None), without, "{peer} {lines:?} without a token");
            assert_eq!(may_reload(peer, &headers, Some(&token)), with, "{peer} {lines:?} with a token");
        }
    }

    #[test]
    fn an_empty_token_opens_nothing_else_and_none_is_shown() {
        let token = Token::new("open-sesame");
        assert!(token.is(&Token::new("open-sesame")) && !token.is(&Token::new("")));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
