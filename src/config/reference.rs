//! `deploy/SETTINGS.md`, made from the table of keys, and the shipped settings file against the same table.
//!
//! The test compares; `TRIPLINE_BLESS=1` rewrites the file.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::*;

const SHIPPED: &str = include_str!("../../deploy/tripline.toml");

const INTRODUCTION: &str = "\
# Settings

<!-- Generated: `TRIPLINE_BLESS=1 cargo test --lib config::reference` makes it anew from src/config/keys.rs. Do not edit. -->

One TOML file, the environment over it, flags over both:

```console
tripline config example > tripline.toml                      # the commented file, with every key and its default
TRIPLINE__KAFKA__GROUP_ID=b tripline run --set kafka.gaps=continue
tripline config check -c tripline.toml                       # every problem at once, with key, line and variable
tripline config show -c tripline.toml                        # every value and where it came from, without secrets
```

In a variable's name two underscores stand between the parts; a list of texts is written with commas. In the names of
librdkafka's properties an underscore stands for a dot there: `TRIPLINE__KAFKA__PROPERTIES__SECURITY_PROTOCOL=SASL_SSL`.
The environment reaches every key but those of `[[source]]`, which is a list; a flag reaches all:
`--set source[0].topic=posts`. A key that is not listed here is an error. Secrets, marked so, belong into the environment.
";

fn settings_md() -> String {
    let mut page = INTRODUCTION.to_owned();
    for section in SECTIONS {
        writeln!(page, "\n## `{}`\n\n{}\n", section.heading(), section.meaning).unwrap();
        writeln!(page, "| key | value | default | meaning | environment |\n|---|---|---|---|---|").unwrap();
        for key in section.keys {
            writeln!(page, "{}", row(section, key)).unwrap();
        }
    }
    page
}

fn row(section: &Section, key: &Key) -> String {
    let preset = match (key.preset, key.preset.literal()) {
        (Preset::Required, _) => "must be set".to_owned(),
        (_, Some(literal)) => format!("`{literal}`"),
        (_, None) => "not set".to_owned(),
    };
    let secret = if key.is_secret { "; a secret" } else { "" };
    let variable = key.variable(section).map_or("no".to_owned(), |name| format!("`{name}`"));
    let cells =
        [format!("`{}`", key.name), key.shape.to_string(), preset, format!("{}{secret}", key.meaning), variable];
    format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

#[test]
fn the_committed_reference_is_what_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/SETTINGS.md");
    let made = settings_md();
    if std::env::var_os("TRIPLINE_BLESS").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    let differs = committed.lines().zip(made.lines()).find(|(old, new)| old != new);
    assert_eq!(differs, None, "TRIPLINE_BLESS=1 rewrites it");
    assert_eq!(committed.len(), made.len(), "TRIPLINE_BLESS=1 rewrites it");
}

#[test]
fn the_shipped_file_names_every_key_with_its_default() {
    let layers = Layers { file: Some(("deploy/tripline.toml".into(), SHIPPED.into())), ..Layers::default() };
    let around = Surroundings { host_name: "h".into(), property: &|_, _| Ok(()), exists: &|_| true };
    let (all, result) = inspect(&layers, &around);
    assert_eq!(result.err(), None);
    let named: BTreeSet<_> =
        all.iter().filter(|it| it.origin.is_some()).map(|it| (it.section.name, it.declared.name)).collect();
    for section in SECTIONS {
        for key in section.keys {
            let is_named = match key.shape {
                Shape::Properties => SHIPPED.contains(&format!("[{}.{}]", section.name, key.name)),
                _ => named.contains(&(section.name, key.name)),
            };
            assert!(is_named, "deploy/tripline.toml does not name {}.{}", section.name, key.name);
        }
    }
    let others: Vec<_> = all.iter().filter(|it| it.differs && !it.section.is_list).map(|it| &it.key).collect();
    assert_eq!(others, [""; 0], "deploy/tripline.toml says another default");
}
