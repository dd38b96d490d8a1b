//! What rule files look like from outside: enough to see that somebody changed them, without reading them.
//!
//! ```text
//! a.yaml 812 bytes, 10:00:00.25, inode 7   ->   (editor saves)   ->   a.yaml 815 bytes, 10:03:11.90, inode 9
//! ```
//! Links are followed, so that the swap of a Kubernetes volume (`..data` points elsewhere) is a change of every file in it.
//! Asking is all that works everywhere: notifications of the kernel do not cross network file systems and container
//! mounts, and lose the file when an editor renames a new one over it.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::rule_files::RuleFilesError;

/// What the files of a [`super::RuleSource`] looked like at one moment; unequal when one was written, added or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesState {
    /// Or why they could not be listed.
    files: Result<Vec<RulesFile>, String>,
}

impl RulesState {
    pub(super) fn of(files: Result<Vec<RulesFile>, RuleFilesError>) -> Self {
        let reason = |error: RuleFilesError| match std::error::Error::source(&error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        };
        Self { files: files.map_err(reason) }
    }
}

/// A file that is read, as it looked when it was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RulesFile {
    pub path: PathBuf,
    bytes: u64,
    modified: Option<SystemTime>,
    identity: Identity,
}

impl RulesFile {
    /// `metadata` is that of the file itself, not of a link to it.
    pub fn new(path: &Path, metadata: &Metadata) -> Self {
        Self {
            path: path.to_owned(),
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            identity: Identity::of(metadata),
        }
    }
}

/// What tells two files of one size and one time apart: a copy that keeps times (`rsync -t`, `git stash`) makes such.
#[cfg(unix)]
#[derive(Clone, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    changed: (i64, i64),
}

#[cfg(unix)]
impl Identity {
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: metadata.dev(), inode: metadata.ino(), changed: (metadata.ctime(), metadata.ctime_nsec()) }
    }
}

#[cfg(not(unix))]
#[derive(Clone, Debug, PartialEq, Eq)]
struct Identity;

#[cfg(not(unix))]
impl Identity {
    fn of(_: &Metadata) -> Self {
        Self
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use crate::config::RuleSource;

    type Change = fn(&Path);

    /// A folder as Kubernetes mounts one: visible links into a hidden folder, itself a link.
    fn volume() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for version in ["..v1", "..v2"] {
            fs::create_dir(root.join(version)).unwrap();
            fs::write(root.join(version).join("a.yaml"), "# the same text\n").unwrap();
        }
        symlink("..v1", root.join("..data")).unwrap();
        symlink("..data/a.yaml", root.join("a.yaml")).unwrap();
        fs::create_dir(root.join("notices")).unwrap();
        fs::write(root.join("notices/b.yaml"), "# b\n").unwrap();
        folder
    }

    #[test]
    fn every_change_of_what_is_read_is_seen_and_no_other() {
        let table: [(&str, Change, bool); 14] = [
            ("nothing", |_| {}, false),
            ("written in place", |f| fs::write(f.join("notices/b.yaml"), "# c\n").unwrap(), true),
            (
                "one renamed over it",
                |f| {
                    fs::write(f.join("notices/.b.swp"), "# c\n").unwrap();
                    fs::rename(f.join("notices/.b.swp"), f.join("notices/b.yaml")).unwrap();
                },
                true,
            ),
            (
                "another of one size and one time renamed over it",
                |f| {
                    let time = fs::metadata(f.join("notices/b.yaml")).unwrap().modified().unwrap();
                    fs::write(f.join("new"), "# c\n").unwrap();
                    fs::File::options().write(true).open(f.join("new")).unwrap().set_modified(time).unwrap();
                    fs::rename(f.join("new"), f.join("notices/b.yaml")).unwrap();
                },
                true,
            ),
            (
                "a volume swapped",
                |f| {
                    symlink("..v2", f.join("..data_tmp")).unwrap();
                    fs::rename(f.join("..data_tmp"), f.join("..data")).unwrap();
                },
                true,
            ),
            ("a file more", |f| fs::write(f.join("notices/c.yml"), "# c\n").unwrap(), true),
            ("a file less", |f| fs::remove_file(f.join("notices/b.yaml")).unwrap(), true),
            ("the folder gone", |f| fs::remove_dir_all(f).unwrap(), true),
            ("a link to nowhere", |f| symlink("nowhere", f.join("z.yaml")).unwrap(), true),
            ("a hidden file", |f| fs::write(f.join(".a.yaml.swp"), "x").unwrap(), false),
            ("a hidden folder", |f| fs::create_dir_all(f.join("..v3/x")).unwrap(), false),
            ("another document", |f| fs::write(f.join("README.md"), "x").unwrap(), false),
            (
                "a case",
                |f| {
                    fs::create_dir(f.join("cases")).unwrap();
                    fs::write(f.join("cases/a.yaml"), "x").unwrap();
                },
                false,
            ),
            ("a link to nowhere that is no document", |f| symlink("nowhere", f.join("4913")).unwrap(), false),
        ];
        for (name, change, expected) in table {
            let folder = volume();
            let source = RuleSource::Paths(vec![folder.path().to_owned()]);
            let before = source.state();
            change(folder.path());
            assert_eq!(source.state() != before, expected, "{name}");
        }
    }

    #[test]
    fn the_built_in_lists_never_change() {
        assert_eq!(RuleSource::BuiltIn.state(), RuleSource::BuiltIn.state());
    }
}
