//! Settings: one TOML file, the environment over it, flags over both.

mod settings;

pub use settings::*;
