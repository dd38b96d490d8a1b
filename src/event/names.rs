//! Names of rule values in events.

use crate::rule::{Action, PartialDate, Severity};

pub(super) const fn action(action: Action) -> &'static str {
    match action {
        Action::None => "none",
        Action::Flag => "flag",
        Action::Review => "review",
        Action::Hold => "hold",
    }
}

pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
    }
}

pub(super) fn date(date: PartialDate) -> String {
    let year = format!("{:04}", date.year);
    [date.month, date.day].into_iter().flatten().fold(year, |text, part| format!("{text}-{part:02}"))
}
