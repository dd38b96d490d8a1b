//! The parts of a condition, for telling which one does not hold.

/// `a && (b || c) && d` -> `a`, `(b || c)`, `d`. Nothing for a text of another form, where no part alone decides: one with `||`
/// or `?` outside of brackets, or without `&&`.
pub(super) fn conjuncts(when: &str) -> Vec<&str> {
    let (mut parts, mut begun, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    let mut signs = when.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        if let Some(open) = quote {
            match sign {
                '\\' => drop(signs.next()),
                _ if sign == open => quote = None,
                _ => {}
            }
            continue;
        }
        match sign {
            '"' | '\'' => quote = Some(sign),
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '|' | '?' if depth == 0 => return Vec::new(),
            '&' if depth == 0 => {
                signs.next();
                parts.push(when[begun..at].trim());
                begun = at + "&&".len();
            }
            _ => {}
        }
    }
    if parts.is_empty() {
        return parts;
    }
    parts.push(when[begun..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_decides_alone_is_a_part() {
        for (when, expected) in [
            ("a && b", &["a", "b"][..]),
            ("a\n  && (b || c) && d in [1, 2]", &["a", "(b || c)", "d in [1, 2]"]),
            ("m.exists(x, x && y) && !z", &["m.exists(x, x && y)", "!z"]),
            ("a == \"x && y\" && b == 'it\\'s || no'", &["a == \"x && y\"", "b == 'it\\'s || no'"]),
            ("a == '假 && 名' && b", &["a == '假 && 名'", "b"]),
            ("a", &[]),
            ("a || b && c", &[]),
            ("a && b || c", &[]),
            ("a && b ? c : d", &[]),
            ("(a && b)", &[]),
            ("", &[]),
        ] {
            assert_eq!(conjuncts(when), expected, "{when}");
        }
    }
}
