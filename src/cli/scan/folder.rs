//! What a folder holds that can be scanned: everything below it, sorted by path.
//!
//! `news/` -> `news/a.md`, `news/b/c.ndjson`, and a count of what was left out: files of other kinds. Hidden files and
//! folders (a leading dot) are not looked at. A folder is read once, however many links lead to it, so a loop ends.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Endings of files that hold one record a line.
const RECORD_ENDINGS: &[&str] = &["ndjson", "jsonl"];
/// Endings of files that are one text.
const TEXT_ENDINGS: &[&str] = &["txt", "md"];
/// Deeper is no folder that somebody made by hand.
const MAX_DEPTH: usize = 64;

/// What was found below a folder.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Files to scan, and what cannot be looked into: reading that says why.
    pub files: Vec<PathBuf>,
    /// How many files of other kinds were left out.
    pub skipped: u64,
    seen: HashSet<PathBuf>,
}

/// Whether a file holds records, by its name.
pub(super) fn holds_records(path: &Path) -> bool {
    ends_with(path, RECORD_ENDINGS)
}

/// Looks through a folder; with `all`, whatever the files are called.
pub(super) fn contents(folder: &Path, all: bool) -> Contents {
    let mut contents = Contents::default();
    contents.look_into(folder, all, 0);
    contents
}

impl Contents {
    fn look_into(&mut self, folder: &Path, all: bool, depth: usize) {
        let Ok(mut paths) = entries(folder) else {
            self.files.push(folder.to_owned());
            return;
        };
        let is_new = fs::canonicalize(folder).is_ok_and(|path| self.seen.insert(path));
        if !is_new || depth > MAX_DEPTH {
            return;
        }
        paths.sort();
        for path in paths.into_iter().filter(|path| !is_hidden(path)) {
            if path.is_dir() {
                self.look_into(&path, all, depth + 1);
            } else if all || holds_records(&path) || ends_with(&path, TEXT_ENDINGS) {
                self.files.push(path);
            } else {
                self.skipped += 1;
            }
        }
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        folder
    }

    fn names(contents: &Contents, root: &Path) -> Vec<String> {
        contents.files.iter().map(|path| path.strip_prefix(root).unwrap().display().to_string()).collect()
    }

    #[test]
    fn texts_and_records_are_found_below_sorted_and_the_rest_is_counted() {
        let folder = folder(&[
            "b.txt",
            "a/z.md",
            "a/c.ndjson",
            "A.TXT",
            "d.jsonl",
            "e.html",
            "a/f",
            ".hidden.txt",
            ".git/g.txt",
        ]);
        let found = contents(folder.path(), false);
        assert_eq!(names(&found, folder.path()), ["A.TXT", "a/c.ndjson", "a/z.md", "b.txt", "d.jsonl"]);
        assert_eq!(found.skipped, 2);
        let found = contents(folder.path(), true);
        assert_eq!(
            names(&found, folder.path()),
            ["A.TXT", "a/c.ndjson", "a/f", "a/z.md", "b.txt", "d.jsonl", "e.html"]
        );
        assert_eq!(found.skipped, 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends_and_a_link_to_nowhere_is_kept_for_its_error() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["a/b.txt"]);
        symlink("..", folder.path().join("a/up")).unwrap();
        symlink("a", folder.path().join("z")).unwrap();
        symlink("gone", folder.path().join("gone.txt")).unwrap();
        let found = contents(folder.path(), false);
        assert_eq!(names(&found, folder.path()), ["a/b.txt", "gone.txt"]);
    }
}
