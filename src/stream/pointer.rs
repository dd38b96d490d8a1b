//! JSON Pointers (RFC 6901), with one addition: a token `*` is each item of an array.
//!
//! `/entities/urls/*/expanded_url` -> `entities`, `urls`, each item, `expanded_url`. There is no way to write a key
//! that is itself `*`.

use super::MAX_DEPTH;

/// One step from a value to a value within it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A key of an object; of an array the item of that number, if it is one.
    Key(String),
    /// Each item of an array.
    Each,
}

/// Why a text is not a pointer of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// The text does not begin with `/`.
    #[error("a pointer begins with `/`, as in `/author/id`")]
    NoSlash,
    /// A `~` that is followed by neither `0` nor `1`.
    #[error("`~` is written `~0` and `/` within a key is written `~1`")]
    BadEscape,
    /// The token `-`, which RFC 6901 keeps for the item behind the last.
    #[error("`-` stands for the item behind the last, which has no value")]
    PastTheEnd,
    /// More steps than a record may be deep.
    #[error("the pointer goes deeper than the {MAX_DEPTH} levels that a record may have")]
    TooDeep,
}

/// Takes a pointer to pieces.
pub(super) fn parse(pointer: &str) -> Result<Vec<Token>, PointerError> {
    let rest = pointer.strip_prefix('/').ok_or(PointerError::NoSlash)?;
    let tokens = rest.split('/').map(token).collect::<Result<Vec<Token>, PointerError>>()?;
    if tokens.len() > MAX_DEPTH {
        return Err(PointerError::TooDeep);
    }
    Ok(tokens)
}

fn token(raw: &str) -> Result<Token, PointerError> {
    match raw {
        "*" => return Ok(Token::Each),
        "-" => return Err(PointerError::PastTheEnd),
        _ => {}
    }
    let mut pieces = raw.split('~');
    let mut key = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (sign, tail) = match piece.as_bytes().first() {
            Some(b'0') => ('~', &piece[1..]),
            Some(b'1') => ('/', &piece[1..]),
            _ => return Err(PointerError::BadEscape),
        };
        key.push(sign);
        key.push_str(tail);
    }
    Ok(Token::Key(key))
}

/// The array index that a token is: digits without a leading zero.
pub(super) fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || (!token.starts_with('0') && !token.is_empty());
    if plain && token.bytes().all(|b| b.is_ascii_digit()) { token.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Token {
        Token::Key(text.to_owned())
    }

    #[test]
    fn a_pointer_comes_to_pieces_as_rfc_6901_says() {
        for (pointer, expected) in [
            ("/a", Ok(vec![key("a")])),
            ("/", Ok(vec![key("")])),
            ("/a//b", Ok(vec![key("a"), key(""), key("b")])),
            ("/a~1b/m~0n", Ok(vec![key("a/b"), key("m~n")])),
            ("/~01", Ok(vec![key("~1")])),
            ("/正文/0", Ok(vec![key("正文"), key("0")])),
            ("/a/*/b", Ok(vec![key("a"), Token::Each, key("b")])),
            ("/a*", Ok(vec![key("a*")])),
            ("", Err(PointerError::NoSlash)),
            ("a", Err(PointerError::NoSlash)),
            ("#/a", Err(PointerError::NoSlash)),
            ("/a~", Err(PointerError::BadEscape)),
            ("/a~2", Err(PointerError::BadEscape)),
            ("/~界", Err(PointerError::BadEscape)),
            ("/a/-", Err(PointerError::PastTheEnd)),
        ] {
            assert_eq!(parse(pointer), expected, "{pointer}");
        }
        assert_eq!(parse(&"/a".repeat(MAX_DEPTH + 1)), Err(PointerError::TooDeep));
        assert!(parse(&"/a".repeat(MAX_DEPTH)).is_ok());
    }

    #[test]
    fn an_index_has_no_leading_zero_and_no_sign() {
        for (token, expected) in [
            ("0", Some(0)),
            ("7", Some(7)),
            ("10", Some(10)),
            ("", None),
            ("00", None),
            ("01", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(index(token), expected, "{token}");
        }
    }
}
