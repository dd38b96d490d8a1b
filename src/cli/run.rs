//! `tripline run`: the service.

use super::exit::{Exit, Failure};
use super::service::{Service, stop_on_signals};
use super::settings::{SettingsFlags, build, describe};
use crate::config::RuleSource;

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("\
Settings come from the file, from the environment over it
(TRIPLINE__KAFKA__GROUP_ID=…), and from flags over both. SIGTERM or Ctrl-C
finishes and commits what is under way; a second one exits at once.

Example:
  tripline run -c tripline.toml --set kafka.start=latest"))]
pub(super) struct Arguments {
    #[command(flatten)]
    settings: SettingsFlags,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let settings = arguments.settings.load()?;
    super::log::start(&settings.log)?;
    let source = RuleSource::from_paths(&settings.rules.paths);
    let rules = build(&source, &settings.rules.jurisdictions)?;
    let stop = stop_on_signals()?;
    let service = Service::listen(&settings, &stop)?;
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
