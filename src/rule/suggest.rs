//! "did you mean": the nearest of a few known words.

/// The known word that `written` is most likely a slip of: the same but for case and separators, or at most a third of its letters away.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |s: &str| s.to_lowercase().replace(['_', ' '], "-");
    let written = plain(written);
    let limit = (written.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|word| (distance(&written, &plain(word)), word))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, word)| word)
}

/// The help line for a word that is not one of `known`: the nearest, or all of them when they are few.
pub(super) fn help<'a>(written: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(word) = nearest(written, known.clone()) {
        return Some(format!("did you mean {word:?}?"));
    }
    let all: Vec<&str> = known.into_iter().collect();
    (!all.is_empty() && all.len() <= 20).then(|| format!("one of {}", all.join(", ")))
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX; // not a slip of a word
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let substituted = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = substituted.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_does_not() {
        let known = ["banned", "website-shutdown", "suspected", "deregistered"];
        for (written, expected) in [
            ("baned", Some("banned")),
            ("bnaned", Some("banned")),
            ("Banned", Some("banned")),
            ("website_shutdown", Some("website-shutdown")),
            ("suspcted", Some("suspected")),
            ("unlisted", None),
            ("", None),
            ("b", None),
            ("register", None),
            (&"x".repeat(10_000), None),
        ] {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
    }
}
