//! Folds a text to the letters and digits a reader would see: `中 國 雷·锋` -> `中国雷锋`, `ＣＨÍＮＡ` -> `china`.
//!
//! Context-free: the fold of a text is the folds of its characters, one after the other. It is coarser than NFKC and may only
//! over-match: whoever finds a candidate in it proves it on the original.

use super::signs::{Seen, said_by};
use super::table::Table;

/// Folds `text`, appending its units to `out` (which is cleared first), and says by which signs something may be hidden in it. Never
/// fails, never allocates beyond `out`.
///
/// The units are UTF-16: a character above U+FFFF that folds to itself gives its surrogate pair.
pub fn fold_into(text: &str, out: &mut Vec<u16>) -> Seen {
    let table = Table::get();
    let bytes = text.as_bytes();
    out.clear();
    // At every turn there is room for one unit per byte that is left, so that the usual character is one write.
    out.resize(bytes.len(), 0);
    let (mut rest, mut len, mut seen) = (bytes, 0, Seen::default());
    while let [one, behind @ ..] = rest {
        // Nearly every character has one byte or three; `str` says that the bytes are there.
        let (usual, behind) = match (one, behind) {
            (0..0x80, behind) => (table.usual(u16::from(*one)), behind),
            (0xE0..0xF0, [two, three, behind @ ..]) => {
                let code = u16::from(one & 0xF) << 12 | u16::from(two & 0x3F) << 6 | u16::from(three & 0x3F);
                (table.usual(code), behind)
            }
            _ => (None, behind),
        };
        if let Some(unit) = usual {
            out[len] = unit;
            len += usize::from(unit != 0);
            rest = behind;
            continue;
        }
        let at = bytes.len() - rest.len();
        let Some(c) = text[at..].chars().next() else { break };
        if let Some((can_be, unit)) = table.sign(c) {
            seen.add(said_by(c, can_be, text, at), at);
            out[len] = unit;
            len += usize::from(unit != 0);
        } else {
            len = put(table, c, out, len);
        }
        rest = &rest[c.len_utf8()..];
        if out.len() < len + rest.len() {
            out.resize(len + rest.len(), 0);
        }
    }
    out.truncate(len);
    seen
}

/// Puts the units of `c` to `out[len..]`, and says where they end.
#[inline(never)]
fn put(table: &Table, c: char, out: &mut Vec<u16>, len: usize) -> usize {
    let mut end = len;
    table.each_unit(c, &mut |unit| {
        if end == out.len() {
            out.push(unit);
        } else {
            out[end] = unit;
        }
        end += 1;
    });
    end
}

/// The units of `text` in a fresh vector; for patterns and tests.
#[must_use]
pub fn fold(text: &str) -> Vec<u16> {
    let mut units = Vec::new();
    fold_into(text, &mut units);
    units
}

/// The unit of a character that folds to exactly one; 0 when it is dropped, `None` when it folds to several.
#[must_use]
pub fn unit_of(c: char) -> Option<u16> {
    Table::get().unit(c)
}
