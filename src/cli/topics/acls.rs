//! `tripline topics acls`: the rights that a settings file needs, as commands or for a program.

use std::io::{self, Write, stdout};

use serde_json::{Value, json};

use super::super::exit::{Exit, Failure, WhileRunning as _};
use super::super::scan::Format;
use super::super::settings::SettingsFlags;
use crate::config::Settings;
use crate::pipeline::topic_uses;
use crate::stream;

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::super::example("Example:\n  tripline topics acls -c tripline.toml --principal User:moderation"))]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    settings: SettingsFlags,
    /// Who runs tripline
    #[arg(long, value_name = "PRINCIPAL", default_value = PRINCIPAL)]
    principal: String,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    format: Format,
}

/// A principal until somebody names theirs.
pub(super) const PRINCIPAL: &str = "User:tripline";

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let settings = arguments.settings.load()?;
    let mut out = stdout().lock();
    match arguments.format {
        Format::Text => write_commands(&mut out, &settings, &arguments.principal).while_running()?,
        Format::Json => writeln!(out, "{}", as_json(&settings, &arguments.principal)).while_running()?,
    }
    Ok(Exit::Clean)
}

/// One command a right, below a comment that says what for.
pub(super) fn write_commands(out: &mut impl Write, settings: &Settings, principal: &str) -> io::Result<()> {
    for acl in acls(settings) {
        writeln!(out, "# {}", acl.why)?;
        writeln!(out, "{}", acl.command(first_server(settings), principal))?;
    }
    Ok(())
}

/// A list of rights.
pub(super) fn as_json(settings: &Settings, principal: &str) -> Value {
    let one = |acl: stream::Acl| {
        json!({
            "operations": acl.operations,
            "resource": acl.resource.as_str(),
            "names": acl.names,
            "needed_by": acl.needed_by.as_str(),
            "why": acl.why,
            "command": acl.command(first_server(settings), principal),
        })
    };
    acls(settings).into_iter().map(one).collect()
}

fn acls(settings: &Settings) -> Vec<stream::Acl> {
    stream::acls(&topic_uses(settings), &settings.kafka.group_id)
}

fn first_server(settings: &Settings) -> &str {
    settings.kafka.bootstrap_servers.split(',').next().unwrap_or_default().trim()
}
