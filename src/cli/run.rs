//! `tripline run`: the service.

use super::color::ColorChoice;
use super::exit::{Exit, Failure};
use super::service::{Service, on_signals};
use super::settings::{SettingsFlags, build, describe};
use crate::config::RuleSource;
use crate::pipeline::Options;

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("\
Settings come from the file, from the environment over it
(TRIPLINE__KAFKA__GROUP_ID=…), and from flags over both. SIGTERM or Ctrl-C
finishes and commits what is under way; a second one exits at once.

Rules are loaded again when their files change (rules.watch), at SIGHUP, and
by POST /-/reload. They are built aside and take over between two batches;
a set with a problem is said and never replaces the one that judges.

Example:
  tripline run -c tripline.toml --set kafka.start=latest
  tripline run -c tripline.toml --once"))]
pub(super) struct Arguments {
    #[command(flatten)]
    settings: SettingsFlags,
    /// End when what is there now is judged
    ///
    /// Each partition is read to where it ended when this process got it; then what is under way is finished and
    /// committed. Other members of the group do their share. What is missing at the start is waited for 15 s.
    #[arg(long)]
    once: bool,
}

pub(super) fn run(arguments: &Arguments, color: ColorChoice) -> Result<Exit, Failure> {
    let settings = arguments.settings.load()?;
    super::log::start(&settings.log, color)?;
    let (stop, reload) = on_signals()?; // before the rules are read, which may take its time: a SIGHUP must not end us
    let source = RuleSource::from_paths(&settings.rules.paths);
    let rules_state = Some(source.state());
    let rules = build(&source, &settings.rules.jurisdictions)?;
    let service =
        Service::listen(&settings, Options { stop, reload, rules_state, once: arguments.once, ..Options::default() })?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        rules = describe(&source, &rules),
        settings = settings.digest(),
        http = %service.address(),
        "starting"
    );
    service.run(&settings, rules)?;
    tracing::info!("stopped");
    Ok(Exit::Clean)
}
