//! Folds a text to the letters and digits a reader would see: `中 國 雷·锋` -> `中国雷锋`, `ＣＨÍＮＡ` -> `china`.
//!
//! Context-free: the fold of a text is the folds of its characters, one after the other. It is coarser than NFKC and may only
//! over-match: whoever finds a candidate in it proves it on the original.

use super::table::Table;

/// Folds `text`, appending its units to `out` (which is cleared first). Never fails, never allocates beyond `out`.
///
/// The units are UTF-16: a character above U+FFFF that folds to itself gives its surrogate pair.
pub fn fold_into(text: &str, out: &mut Vec<u16>) {
    let table = Table::get();
    let bytes = text.len();
    out.clear();
    // At every turn there is room for one unit per byte that is left, so that the usual character is one unchecked-size write.
    out.resize(bytes, 0);
    let mut len = 0;
    for (at, c) in text.char_indices() {
        if let Some(unit) = table.quick(c) {
            out[len] = unit;
            len += usize::from(unit != 0);
        } else {
            out.truncate(len);
            table.push(c, out);
            len = out.len();
            out.resize(len + (bytes - at), 0);
        }
    }
    out.truncate(len);
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
    Table::get().quick(c)
}
