//! `tripline explain`: every step from a text to its verdict.
//!
//! Written for somebody who is woken up by an alert: what was written, what was read, what was found and what was left
//! alone and why, which conditions hold, what was decided.

mod fold;
mod json;
mod text;

use std::io::{IsTerminal as _, Read as _, stdin, stdout};

use anyhow::Context as _;

use super::color::ColorChoice;
use super::exit::{Exit, Failure, WhileRunning as _};
use super::render::printable;
use super::scan::{Format, default_fields};
use super::settings::RulesFlags;
use super::tell::tell;
use crate::content::{Content, Kind, Role};
use crate::engine::{Scanner, Verdict, failing_parts};
use crate::rule::{Action, RuleSet};

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("\
Example:
  tripline explain '中 國 雷·锋基金會 招募会员'
  tripline explain --kind registration --field website http://www.example.test/join"))]
pub(super) struct Arguments {
    /// The text, or - for standard input
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    text: String,
    /// post or registration
    #[arg(long, value_parser = super::scan::kind, default_value = "post")]
    kind: Kind,
    /// The field's name [default: by kind]
    ///
    /// A post's text is its `body`, a registration's its `display_name`.
    #[arg(long, value_name = "NAME")]
    field: Option<String>,
    /// text, handle or link [default: by the field's name]
    #[arg(long, value_parser = role)]
    role: Option<Role>,
    /// text, or json: one object
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    format: Format,
    /// What the record says of itself, such as verified=true; for allow-lists
    #[arg(long, value_name = "NAME=VALUE", value_parser = attribute)]
    attribute: Vec<(String, String)>,
    /// The author's id, for allow-lists
    #[arg(long, value_name = "ID")]
    author: Option<String>,
    /// The topic, for allow-lists
    #[arg(long, value_name = "TOPIC")]
    source: Option<String>,
    #[command(flatten)]
    rules: RulesFlags,
}

const ROLES: &[(&str, Role)] = &[("text", Role::Text), ("handle", Role::Handle), ("link", Role::Link)];
/// Fields of the shipped settings that are read as links.
const LINK_FIELDS: &[&str] = &["urls", "website", "email"];

fn role(word: &str) -> Result<Role, String> {
    let found = ROLES.iter().find(|(name, _)| *name == word).map(|(_, role)| *role);
    found.ok_or_else(|| "must be text, handle or link".to_owned())
}

fn attribute(text: &str) -> Result<(String, String), String> {
    let found = text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    found.ok_or_else(|| "write NAME=VALUE, such as verified=true".to_owned())
}

/// Everything that was found out about a text.
struct Explanation<'a, 'r> {
    rules: &'r RuleSet,
    content: &'a Content<'a>,
    verdict: Verdict<'r>,
    /// For each mention and condition, the part that does not hold.
    failing: Vec<Vec<Option<String>>>,
}

impl Explanation<'_, '_> {
    /// The one text that is explained.
    fn text(&self) -> &str {
        self.content.fields.first().map_or("", |field| &*field.value)
    }
}

pub(super) fn run(arguments: &Arguments, color: ColorChoice) -> Result<Exit, Failure> {
    let text = text_of(arguments)?;
    let rules = arguments.rules.load(color)?;
    note_unknown_field(arguments)?;
    let content = content(arguments, &text);
    let verdict = Scanner::new(&rules).explain(&content).while_running()?;
    let failing = failing_parts(&rules, &content, &verdict).while_running()?;
    let explanation = Explanation { rules: &rules, content: &content, verdict, failing };
    let mut out = stdout().lock();
    match arguments.format {
        Format::Text => text::write(&mut out, &explanation, color.palette(&stdout())).while_running()?,
        Format::Json => json::write(&mut out, &explanation).while_running()?,
    }
    Ok(if explanation.verdict.action == Action::None { Exit::Clean } else { Exit::Found })
}

fn text_of(arguments: &Arguments) -> anyhow::Result<String> {
    if arguments.text != "-" {
        return Ok(arguments.text.clone());
    }
    if stdin().is_terminal() {
        tell!("type a text and end it with Ctrl-D");
    }
    let mut text = String::new();
    stdin().read_to_string(&mut text).context("cannot read a text from standard input")?;
    Ok(text.strip_suffix('\n').map(str::to_owned).unwrap_or(text))
}

/// A misspelt name is no error, for settings may name their fields as they like; but conditions may ask for it.
fn note_unknown_field(arguments: &Arguments) -> anyhow::Result<()> {
    let Some(name) = &arguments.field else { return Ok(()) };
    let fields = default_fields(arguments.kind)?;
    let known: Vec<&str> = fields.text.iter().chain(&fields.links).map(|(known, _)| known.as_str()).collect();
    if !known.contains(&name.as_str()) {
        let kind = arguments.kind.as_str();
        tell!("note: the shipped settings have no field {} of a {kind}: {}", printable(name), known.join(", "));
    }
    Ok(())
}

fn content<'a>(arguments: &'a Arguments, text: &'a str) -> Content<'a> {
    let usual = match arguments.kind {
        Kind::Post => "body",
        Kind::Registration => "display_name",
    };
    let field = arguments.field.as_deref().unwrap_or(usual);
    let by_name = match field {
        "handle" => Role::Handle,
        name if LINK_FIELDS.contains(&name) => Role::Link,
        _ => Role::Text,
    };
    let content = Content::new(arguments.kind).with_field(field, arguments.role.unwrap_or(by_name), text);
    let attributes = arguments.attribute.iter();
    Content {
        author: arguments.author.as_deref().map(Into::into),
        source: arguments.source.as_deref().map(Into::into),
        attributes: attributes.map(|(name, value)| (name.as_str().into(), value.as_str().into())).collect(),
        timestamp: Some(jiff::Timestamp::now()),
        ..content
    }
}
