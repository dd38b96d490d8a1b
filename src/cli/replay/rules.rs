//! One rule set, or a base and a candidate.

use std::path::{Path, PathBuf};

use super::arguments::Arguments;
use crate::cli::settings::{build, describe, source_of};
use crate::cli::tell::tell;
use crate::config::{RuleSource, Settings};
use crate::event::RuleSetStamp;
use crate::report::Side;
use crate::rule::RuleSet;

/// The rule sets of a replay, in the order of its report.
pub(super) struct RuleSets {
    sets: Vec<(&'static str, RuleSource, RuleSet)>,
    jurisdictions: Vec<String>,
}

impl RuleSets {
    /// Reads and builds them; each says on stderr what it is.
    pub fn load(arguments: &Arguments, settings: Option<&Settings>) -> anyhow::Result<Self> {
        let jurisdictions = match settings {
            Some(settings) if arguments.jurisdiction.is_empty() => &settings.rules.jurisdictions,
            _ => &arguments.jurisdiction,
        };
        let mut sets = Vec::new();
        for (role, paths) in roles(arguments) {
            no_comma(role, paths)?;
            let source = source(paths, settings)?;
            let rules =
                build(&source, jurisdictions).map_err(|error| error.context(format!("cannot use the {role}")))?;
            tell!("{role}: {}", describe(&source, &rules));
            sets.push((role, source, rules));
        }
        Ok(Self { sets, jurisdictions: jurisdictions.clone() })
    }

    pub fn sets(&self) -> Vec<&RuleSet> {
        self.sets.iter().map(|(_, _, rules)| rules).collect()
    }

    pub fn sides(&self) -> Vec<Side> {
        let side = |(role, source, rules): &(&'static str, RuleSource, RuleSet)| Side {
            role,
            from: name(source),
            digest: rules.digest().to_string(),
            organizations: rules.organizations().len(),
            jurisdictions: self.jurisdictions.clone(),
            left_out: rules.left_out(),
        };
        self.sets.iter().map(side).collect()
    }

    /// What verdicts say of the rules that judged: the candidate's.
    pub fn stamp(&self, settings: &Settings) -> RuleSetStamp {
        let digest = self.sets.last().map_or(String::new(), |(_, _, rules)| rules.digest().to_string());
        RuleSetStamp { digest, epoch: 0, engine: env!("CARGO_PKG_VERSION"), settings: settings.digest() }
    }
}

fn roles(arguments: &Arguments) -> Vec<(&'static str, &[PathBuf])> {
    if arguments.candidate.is_empty() {
        return vec![("rules", &arguments.rules)];
    }
    vec![("base", &arguments.base), ("candidate", &arguments.candidate)]
}

/// `a,b` is one path, and hardly the one that was meant.
fn no_comma(role: &str, paths: &[PathBuf]) -> anyhow::Result<()> {
    let looks_like_two = |path: &&PathBuf| path.to_string_lossy().contains(',') && !path.exists();
    match paths.iter().find(looks_like_two) {
        Some(path) => {
            anyhow::bail!("--{role} {}: no such file or folder; repeat the flag for overlays", path.display())
        }
        None => Ok(()),
    }
}

/// The named rules; without a name the settings' own, or else those that `scan` takes.
fn source(paths: &[PathBuf], settings: Option<&Settings>) -> anyhow::Result<RuleSource> {
    if paths == [Path::new("built-in")] {
        return Ok(RuleSource::BuiltIn);
    }
    if paths.is_empty() || paths == [Path::new("settings")] {
        return match settings {
            Some(settings) => Ok(RuleSource::from_paths(&settings.rules.paths)),
            None if paths.is_empty() => Ok(source_of(&[])),
            None => anyhow::bail!("there are no settings whose rules could be taken: name a file with -c"),
        };
    }
    let mut all = Vec::new();
    for path in paths {
        match (path.to_str(), settings) {
            (Some("built-in"), _) => anyhow::bail!("built-in cannot be one of several: the lists are not on disk"),
            (Some("settings"), Some(settings)) => all.extend(settings.rules.paths.iter().cloned()),
            _ => all.push(path.clone()),
        }
    }
    Ok(RuleSource::Paths(all))
}

fn name(source: &RuleSource) -> String {
    match source {
        RuleSource::BuiltIn => "built-in lists".to_owned(),
        RuleSource::Paths(paths) => paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
    }
}
