//! `tripline man DIR`: a manual page for the program and one for each command, made from the same words as the help.
//!
//! Pages of an earlier version are replaced. A file of the same name that is no page of ours is left, and nothing is
//! written at all.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap_mangen::Man;

use super::exit::{Exit, Failure, WhileRunning as _};

/// What every page of ours has, so that it can be told from anybody else's.
const MARK: &str = "tripline manual";

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("\
Writes tripline.1 and a page for each command, and prints their names. Pages of
an earlier version are replaced; any other file is left, and the command fails.

Example:
  tripline man ~/.local/share/man/man1 && man tripline-scan"))]
pub(super) struct Arguments {
    /// Where to write; made if it is not there
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments, command: clap::Command) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    let pages = pages(command)?;
    for (name, _) in &pages {
        refuse_a_stranger(&folder.join(name))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut out = std::io::stdout().lock();
    for (name, page) in &pages {
        let path = folder.join(name);
        std::fs::write(&path, page).with_context(|| format!("cannot write {}", path.display())).while_running()?;
        writeln!(out, "{}", path.display()).while_running()?;
    }
    Ok(Exit::Clean)
}

fn refuse_a_stranger(path: &Path) -> anyhow::Result<()> {
    let Ok(bytes) = std::fs::read(path) else {
        return Ok(()); // nothing there; or nothing that can be read, which writing will tell
    };
    let is_ours = String::from_utf8_lossy(&bytes).lines().any(|line| line.starts_with(".TH") && line.contains(MARK));
    anyhow::ensure!(is_ours, "{} is there and is no manual page of tripline: remove it first", path.display());
    Ok(())
}

/// Name and text of every page, the program's first.
fn pages(command: clap::Command) -> anyhow::Result<Vec<(String, String)>> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add(&command, &mut pages)?;
    Ok(pages)
}

fn add(command: &clap::Command, pages: &mut Vec<(String, String)>) -> anyhow::Result<()> {
    let version = concat!("tripline ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(version).manual(MARK);
    let mut page = Vec::new();
    man.render(&mut page)?;
    // the end of every help: an example, and the exit codes
    let page = String::from_utf8(page)?.replace(".SH EXTRA\n", ".SH \"EXAMPLES AND EXIT CODES\"\n");
    pages.push((man.get_filename(), ascii(&page)));
    command.get_subcommands().filter(|inner| !inner.is_hide_set()).try_for_each(|inner| add(inner, pages))
}

/// A page that every formatter reads, whatever encoding it expects: `中` as `\[u4E2D]`.
fn ascii(page: &str) -> String {
    let mut ascii = String::with_capacity(page.len());
    for c in page.chars() {
        match c {
            c if c.is_ascii() => ascii.push(c),
            c => {
                let _ = write!(ascii, "\\[u{:04X}]", u32::from(c));
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn every_command_has_a_page_of_sound_roff() {
        let pages = pages(crate::cli::Cli::command()).unwrap();
        let names: Vec<_> = pages.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["tripline.1", "tripline-scan.1", "tripline-config.1", "tripline-config-show.1"] {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
        for (name, page) in &pages {
            let title = format!(".TH {} 1", name.strip_suffix(".1").unwrap());
            assert!(page.lines().any(|line| line.starts_with(&title) && line.contains(MARK)), "{name}\n{page}");
            assert!(page.is_ascii(), "{name}");
            for section in [".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION"] {
                assert_eq!(page.lines().filter(|line| *line == section).count(), 1, "{name}: {section}\n{page}");
            }
            for line in page.lines().filter(|line| line.starts_with(['.', '\''])) {
                assert!(is_request(line), "{name}: {line:?} is no request of roff\n{page}");
            }
        }
    }

    /// The requests that a manual page is made of; anything else that begins with a dot would be swallowed.
    fn is_request(line: &str) -> bool {
        const REQUESTS: &[&str] = &["TH", "SH", "SS", "TP", "IP", "PP", "RS", "RE", "br", "sp", "ie", "el", "nf", "fi"];
        REQUESTS.contains(&line[1..].split(' ').next().unwrap_or_default())
    }

    #[test]
    fn a_page_has_the_example_and_the_exit_codes_line_by_line() {
        let pages = pages(crate::cli::Cli::command()).unwrap();
        let (_, page) = pages.iter().find(|(name, _)| name == "tripline-config-check.1").unwrap();
        let end = page.split_once("EXAMPLES AND EXIT CODES").unwrap().1;
        for words in ["tripline config check", "0  clean", "3  stopped while running"] {
            assert!(end.contains(words), "{words} in {end}");
        }
    }
}
