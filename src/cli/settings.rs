//! Settings and rules from the command line: which file, which flags, which lists.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueHint;

use super::color::{ColorChoice, Paint};
use super::render::counted;
use super::tell::tell;
use crate::config::{Layers, Override, Problems, RuleSource, Settings, Shown, Surroundings, inspect};
use crate::rule::RuleSet;

/// The commented settings file, whose sources are the fields that are read when nobody says otherwise.
pub(super) const SHIPPED: &str = include_str!("../../deploy/tripline.toml");

/// Flags that say what the settings are.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct SettingsFlags {
    /// Settings file
    #[arg(short, long, value_name = "FILE", default_value = "tripline.toml", value_hint = ValueHint::FilePath)]
    config: PathBuf,
    #[command(flatten)]
    over: OverrideFlags,
}

/// Flags that go over the file and the environment.
#[derive(Clone, Debug, Default, clap::Args)]
#[expect(clippy::doc_markdown, reason = "the terminal shows these comments as they are")]
pub(super) struct OverrideFlags {
    /// Any setting, such as kafka.start=latest
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_and_value)]
    set: Vec<(String, String)>,
    /// kafka.bootstrap_servers
    #[arg(long, value_name = "LIST")]
    bootstrap_servers: Option<String>,
    /// kafka.group_id
    #[arg(long, value_name = "ID")]
    group_id: Option<String>,
    /// http.listen
    #[arg(long, value_name = "IP:PORT")]
    http_listen: Option<String>,
    /// rules.paths: folders or files in order
    #[arg(long, value_name = "DIR", value_hint = ValueHint::AnyPath)]
    rules: Vec<String>,
    /// log.level
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
    /// log.format: text or json
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
}

pub(super) fn key_and_value(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(key, value)| (key.trim().to_owned(), value.to_owned()))
        .ok_or_else(|| "write KEY=VALUE".to_owned())
}

impl SettingsFlags {
    /// The file's path.
    pub fn file(&self) -> &Path {
        &self.config
    }

    /// Reads the file and the environment, and checks everything.
    pub fn load(&self) -> anyhow::Result<Settings> {
        load_layers(&self.layers()?)
    }

    /// The file, the environment over it, and the flags over both.
    pub fn layers(&self) -> anyhow::Result<Layers> {
        layers(&self.config, self.over.overrides())
    }

    /// The same with another file, where one is named without a flag.
    pub fn or_file(mut self, file: Option<&Path>) -> Self {
        if let Some(file) = file {
            file.clone_into(&mut self.config);
        }
        self
    }
}

/// A settings file with this process's environment over it, and flags over both.
pub(super) fn layers(file: &Path, overrides: Vec<Override>) -> anyhow::Result<Layers> {
    let text = match file.try_exists() {
        Ok(false) => anyhow::bail!("there is no settings file {}{}", file.display(), first_steps()),
        _ => read_text(file)?,
    };
    let environment = std::env::vars_os().collect();
    Ok(Layers { file: Some((file.display().to_string(), text)), environment, overrides })
}

/// What somebody does who has only just got the program.
fn first_steps() -> &'static str {
    "
  make one    tripline config example > tripline.toml
  name one    -c FILE
  see it work without settings and without Kafka
              tripline demo"
}

impl OverrideFlags {
    /// Named flags after `--set`: the more particular word wins. The origin never holds the value, which may be a secret.
    pub fn overrides(&self) -> Vec<Override> {
        let set = self.set.iter().map(|(key, value)| Override {
            key: key.clone(),
            value: value.clone(),
            flag: format!("--set {key}"),
        });
        let rules = (!self.rules.is_empty()).then(|| self.rules.join(","));
        let named = [
            ("kafka.bootstrap_servers", &self.bootstrap_servers, "--bootstrap-servers"),
            ("kafka.group_id", &self.group_id, "--group-id"),
            ("http.listen", &self.http_listen, "--http-listen"),
            ("rules.paths", &rules, "--rules"),
            ("log.level", &self.log_level, "--log-level"),
            ("log.format", &self.log_format, "--log-format"),
        ];
        let named = named.into_iter().filter_map(|(key, value, flag)| {
            Some(Override { key: key.to_owned(), value: value.clone()?, flag: flag.to_owned() })
        });
        set.chain(named).collect()
    }
}

/// Layers to settings, with what this machine knows.
pub(super) fn load_layers(layers: &Layers) -> anyhow::Result<Settings> {
    load_around(layers, &|path| path.exists())
}

/// The same for a command that reads other rules than the settings': theirs need not be here.
pub(super) fn load_without_rules(layers: &Layers) -> anyhow::Result<Settings> {
    load_around(layers, &|_| true)
}

fn load_around(layers: &Layers, exists: &dyn Fn(&Path) -> bool) -> anyhow::Result<Settings> {
    inspect(layers, &around(exists)).1.map_err(|problems| {
        let count = problems.0.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        anyhow::Error::from(problems).context(format!("{count} {noun} in the settings"))
    })
}

/// Every key with its value, and the settings or what is wrong with them.
pub(super) fn inspect_layers(layers: &Layers) -> (Vec<Shown>, Result<Settings, Problems>) {
    inspect(layers, &around(&|path| path.exists()))
}

fn around(exists: &dyn Fn(&Path) -> bool) -> Surroundings<'_> {
    Surroundings { host_name: host_name(), property: &crate::kafka::check_property, exists }
}

/// The problems that a failed [`SettingsFlags::load`] found, if it came so far.
pub(super) fn problems(error: &anyhow::Error) -> Option<&Problems> {
    error.downcast_ref()
}

fn host_name() -> String {
    hostname::get().ok().and_then(|name| name.into_string().ok()).unwrap_or_else(|| "tripline".to_owned())
}

/// A whole file of UTF-8 text.
pub(super) fn read_text(path: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        anyhow::anyhow!("{} is not UTF-8: byte {at} (counted from 0) begins no character", path.display())
    })
}

/// Flags of commands that judge without the service.
#[derive(Debug, Default, clap::Args)]
pub(super) struct RulesFlags {
    /// Rules, folder or file [default: ./rules or built-in]
    ///
    /// Without it ./rules is read when it is there, or else the lists that were built into the program.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::AnyPath)]
    rules: Vec<PathBuf>,
    /// Only this jurisdiction's notices [default: all]
    #[arg(long, value_name = "CODE")]
    jurisdiction: Vec<String>,
}

impl RulesFlags {
    /// Reads the lists and says on stderr which.
    pub fn load(&self, color: ColorChoice) -> anyhow::Result<RuleSet> {
        let source = source_of(&self.rules);
        let rules = build(&source, &self.jurisdiction)?;
        tell!("rules: {}", describe(&source, &rules));
        warn_of_nothing(&rules, color);
        Ok(rules)
    }
}

/// A policy alone, or lists of other jurisdictions, are rules too; whoever judges by them should know that they find nothing.
pub(super) fn warn_of_nothing(rules: &RuleSet, color: ColorChoice) {
    if rules.organizations().is_empty() {
        let warning = color.palette(&std::io::stderr()).paint(Paint::Alarm, "warning:");
        tell!("{warning} these rules list no organisation: no text is flagged by them");
    }
}

/// The given paths, or else `./rules`, or else the built-in lists.
pub(super) fn source_of(paths: &[PathBuf]) -> RuleSource {
    let here = PathBuf::from("rules");
    if paths.is_empty() && here.is_dir() { RuleSource::Paths(vec![here]) } else { RuleSource::from_paths(paths) }
}

/// Reads and builds, or tells every problem with its place.
pub(super) fn build(source: &RuleSource, jurisdictions: &[String]) -> anyhow::Result<RuleSet> {
    source.builder()?.jurisdictions(jurisdictions).build().map_err(|diagnostics| {
        let count = diagnostics.0.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        anyhow::Error::from(diagnostics).context(format!("{count} {noun} in the rules"))
    })
}

/// Where the rules came from and what they are, in one line.
pub(super) fn describe(source: &RuleSource, rules: &RuleSet) -> String {
    let from = match source {
        RuleSource::BuiltIn => "the lists built into the program".to_owned(),
        RuleSource::Paths(paths) => paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
    };
    let digest = rules.digest().to_string();
    let short = digest.get(..19).unwrap_or(&digest);
    format!("{from} ({}, {short}…)", counted(rules.organizations().len() as u64, "organisation"))
}
