//! Colours, only where somebody sees them.

use std::io::IsTerminal;

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// The palette for a stream.
    pub fn palette(self, stream: &impl IsTerminal) -> Palette {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let on = match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                stream.is_terminal()
                    && !is_set("NO_COLOR")
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        Palette { on }
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
