//! Settings: one TOML file, the environment over it, flags over both.
//!
//! ```text
//! [kafka] group_id = "a"  <-  TRIPLINE__KAFKA__GROUP_ID=b  <-  --set kafka.group_id=c     ->  "c"
//! ```
//! [`load`] gives complete, checked [`Settings`], or every problem at once, each with its key and where its value came
//! from. A file's values must have the type of their key; the environment and flags are text, read by that key's
//! reader: whole numbers in digits, lists with commas. Every key is declared once, in [`SECTIONS`]. [`load`] touches no file, environment or broker: the
//! caller brings them as values ([`Layers`], [`Surroundings`]); only [`RuleSource`] reads files.
//!
//! From the environment every key can be reached but those of `[[source]]`: `TRIPLINE__SECTION__KEY`, in capitals, two
//! underscores between the parts; in `kafka.properties` an underscore stands for a dot
//! (`TRIPLINE__KAFKA__PROPERTIES__SSL_CA_LOCATION`). Flags reach all: `--set source[0].topic=posts`.

mod check;
mod file;
mod keys;
mod layers;
mod literal;
mod load;
mod problem;
mod properties;
mod read;
#[cfg(test)]
mod reference;
mod rule_files;
mod rule_state;
mod secret;
mod settings;
mod shown;
#[cfg(test)]
mod tests;

pub use keys::{Key, Preset, SECTIONS, Section, Shape};
pub use layers::{Layers, Override};
pub use literal::{Literal, quoted, quoted_key};
pub use load::{Surroundings, inspect, load};
pub use problem::{Origin, Problem, Problems};
pub use properties::PropertyCheck;
pub use rule_files::{RuleFilesError, RuleSource};
pub use rule_state::RulesState;
pub use secret::{HIDDEN, is_secret_property};
pub use settings::*;
pub use shown::{Shown, ShownValue};
