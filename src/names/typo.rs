//! Slips of the pen: a bounded edit distance, and how many edits a word of a length may have.

/// Words of this many letters may differ by one edit, from the next row on by two.
const BUDGETS: &[(usize, usize)] = &[(1, 1), (9, 2)];
/// Han characters each carry as much as a word's half: one of three may differ.
const HAN_SHARE: usize = 3;

/// How alike two words of letters are: `Some(0.5..1)` within the budget of the longer one.
pub(super) fn likeness(a: &str, b: &str) -> Option<f64> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longest = a.len().max(b.len());
    let budget = BUDGETS.iter().rev().find(|(from, _)| longest >= *from)?.1;
    let edits = distance(&a, &b, budget)?;
    Some(1.0 - share(edits, longest + 2))
}

/// How alike two runs of Han characters are.
pub(super) fn han_likeness(a: &str, b: &str) -> Option<f64> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longest = a.len().max(b.len());
    let edits = distance(&a, &b, longest / HAN_SHARE)?;
    Some(1.0 - share(edits, longest))
}

#[expect(clippy::cast_precision_loss, reason = "lengths of words")]
fn share(edits: usize, of: usize) -> f64 {
    edits as f64 / of as f64
}

/// The edits between two words (insert, remove, replace, swap of neighbours), if they are at most `most`.
fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut two_above: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut costs = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(costs[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(two_above[j - 1] + 1);
            }
            costs.push(least);
        }
        if costs.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        two_above = std::mem::replace(&mut above, costs);
    }
    above.last().copied().filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_in_a_short_word_two_in_a_long_one() {
        for (a, b, alike) in [
            ("walmart", "wallmart", true),
            ("toyota", "tayota", true),
            ("agriculture", "agricultural", true),
            ("recieve", "receive", true),
            ("hathaway", "halloway", false),
            ("chad", "china", false),
            ("boston", "atlanta", false),
        ] {
            assert_eq!(likeness(a, b).is_some(), alike, "{a} {b}");
            assert_eq!(likeness(a, b), likeness(b, a), "{a} {b}");
        }
    }

    #[test]
    fn a_run_of_han_may_differ_in_one_of_three() {
        for (a, b, alike) in [
            ("硬笔书法", "硬笔书法家", true),
            ("室内装修", "室内装饰", true),
            ("志愿者", "爱国者", false),
            ("书法", "书画", false),
        ] {
            assert_eq!(han_likeness(a, b).is_some(), alike, "{a} {b}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_bounded_distance_is_symmetric_and_zero_for_equal_words(a in "[ab]{0,8}", b in "[ab]{0,8}") {
            let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            proptest::prop_assert_eq!(distance(&x, &y, 3), distance(&y, &x, 3));
            proptest::prop_assert_eq!(distance(&x, &x, 0), Some(0));
            proptest::prop_assert!(distance(&x, &y, 8).is_some());
        }
    }
}
