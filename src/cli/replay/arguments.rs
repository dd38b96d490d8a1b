//! What can be asked of a replay.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command, FromArgMatches};
use jiff::Timestamp;

use crate::cli::scan::RecordFlags;
use crate::cli::settings::{key_and_value, layers, load_without_rules};
use crate::config::{Override, Settings};
use crate::replay::Bound;
use crate::report::{Asked, Gates};

/// The settings file that is read when nobody names one.
const SETTINGS: &str = "tripline.toml";
/// Examples of each kind where a program picks those that it wants.
pub(super) const EXAMPLES_ALL: usize = 5;

/// Who reads the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// People at a terminal.
    Text,
    /// Programs.
    Json,
    /// People at a pull request.
    Markdown,
}

#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "the terminal shows these comments as they are")]
#[command(after_long_help = crate::cli::example("\
Without files, the source topics of the settings are read: no consumer group is
joined and nothing is committed, so the running service does not notice.
Records behind the last stable offset at the start are left out, also when
somebody keeps writing. FROM and TO are earliest, latest, an offset, a time
(2026-11-22T08:00:00Z, 2026-11-22) or a span back (-24h); TO is not read itself.

RULES are folders or files, overlays in order, or the words settings and
built-in. Gates make the exit code 1; without one it is 0, whatever changes.

Example:
  tripline replay -c tripline.toml --from -24h
  tripline replay --from -7d --base main/rules --candidate rules --format markdown
  tripline replay --candidate rules --no-lost --max-new-per-million 50 posts.ndjson"))]
pub(in crate::cli) struct Arguments {
    /// Files of records instead of topics, - for standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) files: Vec<PathBuf>,
    /// Begin each partition here [default: earliest]
    #[arg(long, value_name = "FROM", allow_hyphen_values = true, conflicts_with = "files")]
    pub(super) from: Option<Bound>,
    /// End before this [default: latest, as of now]
    #[arg(long, value_name = "TO", allow_hyphen_values = true, conflicts_with = "files")]
    pub(super) to: Option<Bound>,
    /// Only this source topic
    #[arg(long, value_name = "TOPIC", conflicts_with = "files")]
    pub(super) topic: Vec<String>,
    /// Only this partition
    #[arg(long, value_name = "N", conflicts_with = "files", hide_short_help = true)]
    pub(super) partition: Vec<i32>,
    /// At most so many records of each partition or file
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) limit: Option<u64>,
    /// Judge by these rules [default: the settings']
    ///
    /// Without settings those that scan takes: ./rules, or built-in.
    #[arg(long, value_name = "RULES", conflicts_with_all = ["base", "candidate"])]
    pub(super) rules: Vec<PathBuf>,
    /// Compare from these [default: the settings']
    #[arg(long, value_name = "RULES", requires = "candidate")]
    pub(super) base: Vec<PathBuf>,
    /// Compare with these rules
    #[arg(long, value_name = "RULES")]
    pub(super) candidate: Vec<PathBuf>,
    /// Only this jurisdiction's notices [default: the settings']
    #[arg(long, value_name = "CODE", hide_short_help = true)]
    pub(super) jurisdiction: Vec<String>,
    /// Judge dates by this, not by records' times
    #[arg(long, value_name = "DATE", value_parser = Bound::moment)]
    pub(super) as_of: Option<Timestamp>,
    /// text, json or markdown
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true, hide_default_value = true)]
    pub(super) format: Format,
    /// Examples of each organisation and change [default: 3, in JSON 5]
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) examples: Option<usize>,
    /// Gate: most newly flagged of a million
    #[arg(long, value_name = "N", value_parser = limit, allow_negative_numbers = true)]
    max_new_per_million: Option<f64>,
    /// Gate: nothing may be no longer flagged
    #[arg(long)]
    no_lost: bool,
    /// Write the candidate's verdicts to this topic
    #[arg(long, value_name = "TOPIC", conflicts_with = "files")]
    pub(super) output_topic: Option<String>,
    /// Threads that judge [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads, hide_short_help = true)]
    pub(super) threads: Option<usize>,
    /// How long a broker may be silent, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "30",
        value_parser = clap::value_parser!(u64).range(1..=3600),
        hide_short_help = true
    )]
    pub(super) timeout: u64,
    /// Any setting, such as kafka.group_id=me
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_and_value, conflicts_with = "files", hide_short_help = true)]
    set: Vec<(String, String)>,
    /// kafka.bootstrap_servers of the settings
    #[arg(long, value_name = "LIST", conflicts_with = "files")]
    bootstrap_servers: Option<String>,
    #[command(flatten)]
    pub(super) records: Records,
}

fn limit(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "must be a number from 0".to_owned())
}

fn threads(text: &str) -> Result<usize, String> {
    // More is a slip: each has a scanner and a share of the queue.
    text.parse().ok().filter(|threads| (1..=256).contains(threads)).ok_or_else(|| "must be 1 to 256".to_owned())
}

/// How records of files are read: the flags of `scan`, of which only `-c` stands in the short help.
#[derive(Debug, Default)]
pub(super) struct Records(pub RecordFlags);

impl FromArgMatches for Records {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        RecordFlags::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Args for Records {
    fn augment_args(command: Command) -> Command {
        let mut command = RecordFlags::augment_args(command);
        for of_files in ["kind", "id", "map", "link", "source"] {
            command = command.mut_arg(of_files, |arg| arg.hide_short_help(true).requires("files"));
        }
        command.mut_arg("config", |arg| {
            arg.help("Settings file [default: tripline.toml]").help_heading(None).display_order(0)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl Arguments {
    /// The settings: always for topics, for files where a file of settings is named. The rules that they name are
    /// looked for only when they are used.
    pub(super) fn settings(&self) -> anyhow::Result<Option<Settings>> {
        let named = self.records.0.config();
        if !self.files.is_empty() && named.is_none() {
            return Ok(None);
        }
        let set = self.set.iter().map(|(key, value)| (key.clone(), value.clone(), format!("--set {key}")));
        let servers = self.bootstrap_servers.iter();
        let servers =
            servers.map(|list| ("kafka.bootstrap_servers".to_owned(), list.clone(), "--bootstrap-servers".to_owned()));
        let overrides = set.chain(servers).map(|(key, value, flag)| Override { key, value, flag }).collect();
        load_without_rules(&layers(named.unwrap_or(Path::new(SETTINGS)), overrides)?).map(Some)
    }

    /// A gate without a change would pass whatever happens; clap's `requires` is silent beside `--rules`.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if self.candidate.is_empty() && !self.gates().is_empty() {
            anyhow::bail!("--no-lost and --max-new-per-million need --candidate");
        }
        Ok(())
    }

    /// The range, with a span back as the time that it means.
    pub(super) fn asked(&self, now: Timestamp) -> Asked {
        let told = |bound: Option<Bound>| bound.map(|bound| bound.at(now).to_string());
        Asked { from: told(self.from), to: told(self.to), limit: self.limit }
    }

    /// What is asked of the change.
    pub(super) fn gates(&self) -> Gates {
        Gates { max_new_per_million: self.max_new_per_million, no_lost: self.no_lost }
    }
}
