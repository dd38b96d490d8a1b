//! Numbers as people read them.

/// Of a million records, how many: 0 when there is no record.
#[expect(clippy::cast_precision_loss, reason = "a count of records has far fewer than 52 bits")]
pub(super) fn per_million(count: u64, records: u64) -> f64 {
    if records == 0 { 0.0 } else { count as f64 * 1e6 / records as f64 }
}

/// `1234567` -> `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A rate with as many digits as tell something: `0.25`, `3.1`, `1,234`.
pub(super) fn rate(number: f64) -> String {
    match number {
        0.0 => "0".to_owned(),
        n if n < 1.0 => format!("{n:.2}"),
        n if n < 100.0 => format!("{n:.1}"),
        n => grouped(whole(n)),
    }
}

/// How many there are: `1 record`, `2 records`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// The difference with its sign: `+3`, `-3`, `0`.
pub(super) fn difference(from: u64, to: u64) -> String {
    match to.cmp(&from) {
        std::cmp::Ordering::Less => format!("-{}", grouped(from - to)),
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", grouped(to - from)),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate is positive and below 2^53")]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        for (number, expected) in
            [(0, "0"), (12, "12"), (123, "123"), (1_234, "1,234"), (123_456, "123,456"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), expected);
        }
        for (number, expected) in
            [(0.0, "0"), (0.25, "0.25"), (0.004, "0.00"), (3.15, "3.1"), (99.94, "99.9"), (1234.4, "1,234")]
        {
            assert_eq!(rate(number), expected);
        }
        for (from, to, expected) in [(1, 1, "0"), (0, 1_500, "+1,500"), (3, 0, "-3")] {
            assert_eq!(difference(from, to), expected);
        }
        assert_eq!(
            (count(1, "record", "records"), count(0, "record", "records")),
            ("1 record".into(), "0 records".into())
        );
    }

    #[test]
    fn no_record_has_no_rate() {
        for (count, records, expected) in [(0, 0, 0.0), (5, 0, 0.0), (1, 1_000_000, 1.0), (1, 4, 250_000.0)] {
            assert!((per_million(count, records) - expected).abs() < 1e-9, "{count} of {records}");
        }
    }
}
