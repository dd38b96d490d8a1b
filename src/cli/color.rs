//! Colours, only where somebody sees them: one table of rules, for both streams.
//!
//! The first rule that applies decides; each stream is asked for itself, so that errors are coloured on a terminal while
//! results go to a file.
//!
//! | | |
//! |---|---|
//! | `--color always`, `--color never` | on, off |
//! | `NO_COLOR` set and not empty (<https://no-color.org>) | off |
//! | `CLICOLOR_FORCE` or `FORCE_COLOR` set, neither empty nor 0 | on |
//! | the stream is no terminal, `TERM=dumb`, `CLICOLOR=0` | off |
//! | else | on |

use std::io::IsTerminal;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// The palette for a stream.
    pub fn palette(self, stream: &impl IsTerminal) -> Palette {
        let variable = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Palette { on: is_on(self, stream.is_terminal(), &variable) }
    }

    /// What is asked for on the command line, before that is parsed: the parser's own messages follow it too.
    pub fn asked_for(arguments: impl Iterator<Item = std::ffi::OsString>) -> Self {
        let mut words = arguments.map(|word| word.to_string_lossy().into_owned()).take_while(|word| word != "--");
        let mut choice = Self::Auto;
        while let Some(word) = words.next() {
            let value = if word == "--color" { words.next() } else { word.strip_prefix("--color=").map(str::to_owned) };
            choice = value.and_then(|value| clap::ValueEnum::from_str(&value, false).ok()).unwrap_or(choice);
        }
        choice
    }

    /// The same for clap, which writes help to stdout and errors to stderr with one setting.
    pub fn for_clap(self) -> clap::ColorChoice {
        let is_on = |is_terminal: bool| {
            is_on(self, is_terminal, &|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
        };
        match (is_on(false), is_on(true)) {
            (true, _) => clap::ColorChoice::Always,
            (_, false) => clap::ColorChoice::Never,
            _ => clap::ColorChoice::Auto,
        }
    }
}

fn is_on(choice: ColorChoice, is_terminal: bool, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is_forced = |name: &str| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
    let is = |name: &str, value: &str| variable(name).is_some_and(|it| it == value);
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if is_set("NO_COLOR") => false,
        ColorChoice::Auto if is_forced("CLICOLOR_FORCE") || is_forced("FORCE_COLOR") => true,
        ColorChoice::Auto => is_terminal && !is("TERM", "dumb") && !is("CLICOLOR", "0"),
    }
}

/// What a piece of output is; how it looks is decided here alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// Words of a text that matched.
    Match,
    /// The name of an organization, a heading.
    Strong,
    /// Where something stands.
    Place,
    /// What a reader may skip.
    Quiet,
    /// Holds, passed.
    Good,
    /// An action, a problem.
    Alarm,
}

impl Paint {
    /// The SGR parameters of a terminal.
    const fn code(self) -> &'static str {
        match self {
            Paint::Match => "1;30;43",
            Paint::Strong => "1",
            Paint::Place => "36",
            Paint::Quiet => "2",
            Paint::Good => "32",
            Paint::Alarm => "1;31",
        }
    }
}

/// Colours or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Palette {
    on: bool,
}

impl Palette {
    /// No colours.
    #[cfg(test)]
    pub const PLAIN: Palette = Palette { on: false };

    /// Whether matched words can be told by colour.
    pub const fn is_on(self) -> bool {
        self.on
    }

    /// A text in a colour.
    pub fn paint(self, paint: Paint, text: &str) -> String {
        if self.on && !text.is_empty() { format!("\u{1b}[{}m{text}\u{1b}[0m", paint.code()) } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_where_somebody_sees_them() {
        use ColorChoice::{Always, Auto, Never};
        for (choice, is_terminal, environment, expected) in [
            (Auto, true, &[][..], true),
            (Auto, false, &[], false),
            (Always, false, &[("NO_COLOR", "1")], true),
            (Never, true, &[("CLICOLOR_FORCE", "1")], false),
            (Auto, true, &[("NO_COLOR", "1")], false),
            (Auto, true, &[("NO_COLOR", "")], true),
            (Auto, true, &[("TERM", "dumb")], false),
            (Auto, true, &[("TERM", "xterm-256color")], true),
            (Auto, true, &[("CLICOLOR", "0")], false),
            (Auto, false, &[("CLICOLOR", "1")], false),
            (Auto, false, &[("CLICOLOR_FORCE", "1")], true),
            (Auto, false, &[("CLICOLOR_FORCE", "0")], false),
            (Auto, false, &[("FORCE_COLOR", "1")], true),
            (Auto, false, &[("FORCE_COLOR", "")], false),
            (Auto, true, &[("FORCE_COLOR", "1"), ("TERM", "dumb")], true),
            (Auto, true, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false),
        ] {
            let variable = |name: &str| environment.iter().find(|(it, _)| *it == name).map(|(_, v)| (*v).to_owned());
            let found = is_on(choice, is_terminal, &variable);
            assert_eq!(found, expected, "{choice:?}, terminal {is_terminal}, {environment:?}");
        }
    }

    #[test]
    fn the_choice_is_known_before_the_arguments_are_parsed() {
        for (arguments, expected) in [
            (&["scan", "--color", "never"][..], ColorChoice::Never),
            (&["--color=always", "scan"], ColorChoice::Always),
            (&["--color=always", "--color=never"], ColorChoice::Never),
            (&["--color", "pink"], ColorChoice::Auto),
            (&["--color"], ColorChoice::Auto),
            (&["explain", "--", "--color=never"], ColorChoice::Auto),
        ] {
            let found = ColorChoice::asked_for(arguments.iter().map(Into::into));
            assert_eq!(found, expected, "{arguments:?}");
        }
    }
}
