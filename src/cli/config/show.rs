//! `tripline config show`: every setting with its value and where it came from; secrets stay hidden.
//!
//! As text, one key a line; as JSON, one object; as TOML, a settings file that says the same again. What is hidden is a
//! comment there: a file that has `"<hidden>"` for its token would be opened by that word.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::count;
use crate::cli::color::{ColorChoice, Paint, Palette};
use crate::cli::exit::{Exit, Failure, WhileRunning as _};
use crate::cli::settings::{SettingsFlags, inspect_layers};
use crate::cli::tell::tell;
use crate::config::{HIDDEN, Literal, Origin, Preset, Problem, Problems, Shown, ShownValue, quoted_key};

#[derive(Debug, clap::Args)]
#[command(after_long_help = crate::cli::example("\
Secrets are shown as \"<hidden>\". Problems are told on stderr: exit code 1.
The environment reaches every key but those of [[source]]: TRIPLINE__SECTION__KEY;
--format json names the variable of each. Flags reach all: --set KEY=VALUE.

Example:
  tripline config show -c tripline.toml --changed
  tripline config show -c tripline.toml --format toml > same.toml"))]
pub(in crate::cli) struct Arguments {
    /// text, json or toml
    ///
    /// toml: a settings file that says the same again, but for what is hidden.
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    format: Format,
    /// Only what is not the default
    #[arg(long)]
    changed: bool,
    #[command(flatten)]
    settings: SettingsFlags,
    /// The same as --config FILE
    #[arg(value_name = "FILE", conflicts_with = "config", value_hint = clap::ValueHint::FilePath)]
    file: Option<PathBuf>,
}

/// Who reads the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// People.
    Text,
    /// Programs.
    Json,
    /// `tripline run`.
    Toml,
}

pub(super) fn run(arguments: &Arguments, color: ColorChoice) -> Result<Exit, Failure> {
    let flags = arguments.settings.clone().or_file(arguments.file.as_deref());
    let (all, result) = inspect_layers(&flags.layers()?);
    let shown: Vec<_> = all.into_iter().filter(|it| !arguments.changed || it.is_worth_a_look()).collect();
    let problems = result.err().map_or_else(Vec::new, |problems| problems.0);
    let text = match arguments.format {
        Format::Text => text(&shown, color.palette(&io::stdout())),
        Format::Json => json_object(&shown, &problems),
        Format::Toml => toml(&shown),
    };
    io::stdout().write_all(text.as_bytes()).while_running()?;
    if problems.is_empty() {
        return Ok(Exit::Clean);
    }
    let problems = Problems(problems);
    tell!("{problems}\n{}", count(&problems));
    Ok(Exit::Found)
}

impl Shown {
    fn is_worth_a_look(&self) -> bool {
        self.differs || self.value == ShownValue::Wrong
    }

    fn value_told(&self) -> String {
        match &self.value {
            ShownValue::Value(literal) => literal.to_string(),
            ShownValue::Hidden => format!("\"{HIDDEN}\""),
            ShownValue::Unset if matches!(self.declared.preset, Preset::Required) => "(missing)".to_owned(),
            ShownValue::Unset => "(not set)".to_owned(),
            ShownValue::Wrong => "(wrong)".to_owned(),
        }
    }
}

fn from(origin: Option<&Origin>) -> String {
    origin.map_or_else(|| "default".to_owned(), ToString::to_string)
}

/// Longer values push their origin to the right instead of moving everybody's.
const WIDEST: usize = 36;

fn text(all: &[Shown], palette: Palette) -> String {
    let key_width = all.iter().map(|it| it.key.len()).max().unwrap_or(0);
    let values = all.iter().map(|it| it.value_told().chars().count());
    let value_width = values.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let mut text = String::new();
    for it in all {
        let paint = match (&it.value, &it.origin) {
            (ShownValue::Wrong, _) => Paint::Alarm,
            (_, None) => Paint::Quiet,
            _ => Paint::Strong,
        };
        let value = format!("{:value_width$}", it.value_told());
        let origin =
            palette.paint(if it.origin.is_some() { Paint::Place } else { Paint::Quiet }, &from(it.origin.as_ref()));
        let _ = writeln!(text, "{:key_width$}  {}  {origin}", it.key, palette.paint(paint, &value));
    }
    text
}

fn json_object(all: &[Shown], problems: &[Problem]) -> String {
    let settings: Vec<_> = all.iter().map(json_setting).collect();
    let problems: Vec<_> = problems
        .iter()
        .map(|it| json!({ "key": it.key, "message": it.message, "from": it.origin.as_ref().map(json_origin) }))
        .collect();
    format!("{:#}\n", json!({ "settings": settings, "problems": problems }))
}

fn json_setting(it: &Shown) -> Value {
    let value = match &it.value {
        ShownValue::Value(Literal::Text(text)) => json!(text),
        ShownValue::Value(Literal::Number(number)) => json!(number),
        ShownValue::Value(Literal::Flag(flag)) => json!(flag),
        ShownValue::Value(Literal::Texts(texts)) => json!(texts),
        ShownValue::Hidden => json!(HIDDEN),
        ShownValue::Unset | ShownValue::Wrong => Value::Null,
    };
    json!({
        "key": it.key,
        "value": value,
        "hidden": it.value == ShownValue::Hidden,
        "wrong": it.value == ShownValue::Wrong,
        "differs": it.differs,
        "from": it.origin.as_ref().map_or(json!({ "kind": "default" }), json_origin),
        "environment": it.variable(),
    })
}

fn json_origin(origin: &Origin) -> Value {
    match origin {
        Origin::File { path, line } => json!({ "kind": "file", "file": path, "line": line }),
        Origin::Environment(name) => json!({ "kind": "environment", "variable": name }),
        Origin::Flag(flag) => json!({ "kind": "flag", "flag": flag }),
    }
}

fn toml(all: &[Shown]) -> String {
    let mut text = String::new();
    let mut table = "";
    for it in all {
        if it.table != table {
            let _ = writeln!(text, "{}{}", if table.is_empty() { "" } else { "\n" }, heading(it, table));
            table = &it.table;
        }
        let comment = if matches!(it.value, ShownValue::Value(_)) { "" } else { "# " };
        let _ =
            writeln!(text, "{comment}{} = {}  # {}", quoted_key(&it.name), it.value_told(), from(it.origin.as_ref()));
    }
    text
}

/// `[kafka]`, `[[source]]`, `[source.text]`. A table of the list begins before its own tables, even when all that is left of it is those.
fn heading(it: &Shown, before: &str) -> String {
    let (name, is_inner) = (it.section.name, it.declared.shape.is_table());
    let inner = format!("[{name}.{}]", it.declared.name);
    match (it.section.is_list, is_inner) {
        (false, false) => format!("[{name}]"),
        (false, true) => inner,
        (true, false) => format!("[[{name}]]"),
        (true, true) => {
            let element = it.table.split('.').next().unwrap_or_default();
            if before.split('.').next() == Some(element) { inner } else { format!("[[{name}]]\n{inner}") }
        }
    }
}
