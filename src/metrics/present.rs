//! Every label value that is known beforehand is present from the start: a series that appears with its first event has no rate.

use super::{BatchStage, CommitResult, Metrics, READY_CONDITIONS, Rebalance, ReloadResult, TRANSACTION_RESULTS};
use crate::content::Kind;
use crate::engine::Subject;
use crate::rule::{Action, Focus, Listing, RuleSet, Severity, Status, Via};
use crate::stream::{Outcome, PoisonClass};
use crate::text::Fold;
use prometheus::IntCounterVec;

impl Metrics {
    /// Touches the series of the settings: source topics with their kinds, and the topics we write to.
    pub fn touch_topics(&self, sources: &[(&str, Kind)], outputs: &[&str]) {
        for (topic, kind) in sources {
            for outcome in Outcome::ALL {
                self.records.with_label_values(&[*topic, kind.as_str(), outcome.as_str()]);
            }
            for reason in PoisonClass::ALL {
                self.dead_letters.with_label_values(&[*topic, reason.as_str()]);
            }
            self.gaps.with_label_values(&[topic]);
        }
        for topic in outputs {
            self.retries.with_label_values(&[topic]);
        }
    }

    /// Touches the series of a rule set, before it judges. Those of a set before it stay: a counter must not vanish.
    pub fn touch_rules(&self, rules: &RuleSet) {
        for notice in rules.notices() {
            for via in Via::ALL {
                self.mentions.with_label_values(&[&notice.id, via.as_str()]);
            }
        }
        // A host that imitates an authority's is in no notice.
        self.mentions.with_label_values(&[Subject::OFFICIAL, Via::Impersonation.as_str()]);
        for condition in rules.policy().conditions() {
            self.rule_hits.with_label_values(&[&condition.id, condition.status.as_str()]);
            if condition.status == Status::Active && condition.action > Action::Flag {
                self.breaker_open.with_label_values(&[&condition.id]);
                self.degraded.with_label_values(&[&condition.id]);
            }
        }
        for allow in rules.policy().allows() {
            self.allowed.with_label_values(&[&allow.id, allow.status.as_str()]);
        }
    }

    pub(super) fn touch_fixed(&self) {
        self.ready(READY_CONDITIONS.iter().map(|condition| (*condition, false)));
        self.build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        touch(&self.evasions, Fold::ALL.iter().map(|fold| fold.as_str()));
        touch(&self.transactions, TRANSACTION_RESULTS.iter().copied());
        touch(&self.reloads, ReloadResult::ALL.iter().map(|v| v.as_str()));
        self.reload_successful.set(1); // whoever gets so far has loaded its first rules
        touch(&self.rebalances, Rebalance::ALL.iter().map(|v| v.as_str()));
        touch(&self.commits, CommitResult::ALL.iter().map(|v| v.as_str()));
        for stage in BatchStage::ALL {
            self.batch.with_label_values(&[stage.as_str()]);
        }
        for listing in Listing::ALL {
            let focus = Focus::ALL.iter().map(|f| f.as_str()).chain(["none"]);
            focus.for_each(|f| drop(self.findings.with_label_values(&[listing.as_str(), f])));
        }
        self.findings.with_label_values(&[Subject::OFFICIAL, "none"]);
        for kind in Kind::ALL {
            self.touch_verdicts(kind);
        }
    }

    /// Only pairs that exist: no action has no severity, and an action has one.
    fn touch_verdicts(&self, kind: Kind) {
        for status in [Status::Active, Status::Shadow] {
            let touch = |action: Action, severity| {
                let labels = [kind.as_str(), action.as_str(), severity, status.as_str()];
                self.verdicts.with_label_values(&labels);
            };
            touch(Action::None, "none");
            for action in [Action::Flag, Action::Review, Action::Hold] {
                for severity in Severity::ALL {
                    touch(action, severity.as_str());
                }
            }
        }
    }
}

fn touch<'a>(family: &IntCounterVec, values: impl Iterator<Item = &'a str>) {
    for value in values {
        family.with_label_values(&[value]);
    }
}
