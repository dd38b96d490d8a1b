//! Where rules come from: folders and files in order, or the lists built into the program.
//!
//! A folder gives every `*.yaml` and `*.yml` below it, sorted by path, except what is hidden (a leading dot, so that a
//! Kubernetes volume is not read twice) and the folder `cases`, which holds other documents.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry, include_dir};

use super::rule_state::{RulesFile, RulesState};
use crate::rule::{RuleSet, RuleSetBuilder};

/// The shipped lists.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");
/// Folders below a rules folder that hold no rules.
const OTHER_DOCUMENTS: &[&str] = &["cases"];
/// Deeper is a loop of symbolic links.
const MAX_DEPTH: usize = 16;

/// Where rules come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleSource {
    /// Folders or files, overlays in order.
    Paths(Vec<PathBuf>),
    /// The shipped lists, as they were when the program was built.
    BuiltIn,
}

/// Why rules could not be read. What is wrong inside a document is told by [`RuleSetBuilder::build`].
#[derive(Debug, thiserror::Error)]
pub enum RuleFilesError {
    /// A file or folder is missing, or the system refuses to read it.
    #[error("cannot read rules from {}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not UTF-8.
    #[error("rules file {} is not UTF-8: byte {at} (counted from 0) begins no character", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The first byte that is not UTF-8.
        at: usize,
    },
    /// A folder has no rules, which would mean to judge nothing without saying so.
    #[error("no *.yaml file in {}", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// Folders are nested without end.
    #[error("folders are nested too deep at {}", path.display())]
    TooDeep {
        /// The folder.
        path: PathBuf,
    },
}

impl RuleSource {
    /// What `rules.paths` means: an empty list is the shipped lists.
    #[must_use]
    pub fn from_paths(paths: &[PathBuf]) -> Self {
        if paths.is_empty() { RuleSource::BuiltIn } else { RuleSource::Paths(paths.to_vec()) }
    }

    /// Reads all documents into a builder.
    ///
    /// # Errors
    /// The first path that cannot be read.
    pub fn builder(&self) -> Result<RuleSetBuilder, RuleFilesError> {
        let mut builder = RuleSet::builder();
        for (file, text) in self.documents()? {
            builder = builder.add_yaml(&file, &text);
        }
        Ok(builder)
    }

    /// All documents in order: the name for messages, and the text.
    ///
    /// # Errors
    /// The first path that cannot be read.
    pub fn documents(&self) -> Result<Vec<(String, String)>, RuleFilesError> {
        match self {
            RuleSource::BuiltIn => Ok(built_in()),
            RuleSource::Paths(_) => self.files()?.iter().map(|file| read_file(&file.path)).collect(),
        }
    }

    /// What the files look like now. Only their names, sizes and times are asked for, so this is cheap enough to be asked
    /// every second.
    #[must_use]
    pub fn state(&self) -> RulesState {
        RulesState::of(self.files())
    }

    /// The files below the folders that are not read, because of their ending or their folder; hidden ones are not looked at.
    #[must_use]
    pub fn unread(&self) -> Vec<PathBuf> {
        let RuleSource::Paths(paths) = self else { return Vec::new() };
        let mut unread = Vec::new();
        for path in paths.iter().filter(|path| path.is_dir()) {
            list_unread(path, true, 0, &mut unread);
        }
        unread
    }

    /// The files that are read, in order: what is watched is what is read.
    fn files(&self) -> Result<Vec<RulesFile>, RuleFilesError> {
        let mut files = Vec::new();
        if let RuleSource::Paths(paths) = self {
            for path in paths {
                list_root(path, &mut files)?;
            }
        }
        Ok(files)
    }
}

fn built_in() -> Vec<(String, String)> {
    let mut documents = Vec::new();
    collect_built_in(&BUILT_IN, &mut documents);
    documents.sort();
    documents
}

fn collect_built_in(dir: &Dir<'_>, documents: &mut Vec<(String, String)>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(inner) if is_rules_folder(inner.path()) => collect_built_in(inner, documents),
            DirEntry::File(file) if is_rules_file(file.path()) => {
                let text = file.contents_utf8().expect("the shipped lists are UTF-8: a test reads them all");
                documents.push((format!("rules/{}", file.path().display()), text.to_owned()));
            }
            _ => {}
        }
    }
}

fn list_root(path: &Path, files: &mut Vec<RulesFile>) -> Result<(), RuleFilesError> {
    let metadata = std::fs::metadata(path).map_err(|source| unreadable(path, source))?;
    if metadata.is_file() {
        files.push(RulesFile::new(path, &metadata)); // named by hand, so whatever its ending
        return Ok(());
    }
    let before = files.len();
    list_folder(path, 0, files)?;
    if files.len() == before {
        return Err(RuleFilesError::Empty { path: path.to_owned() });
    }
    Ok(())
}

fn list_folder(folder: &Path, depth: usize, files: &mut Vec<RulesFile>) -> Result<(), RuleFilesError> {
    if depth > MAX_DEPTH {
        return Err(RuleFilesError::TooDeep { path: folder.to_owned() });
    }
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut paths: Vec<PathBuf> =
        entries.map_err(|source| unreadable(folder, source))?.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    for path in paths {
        if is_hidden(&path) {
            continue;
        }
        let metadata = match std::fs::metadata(&path) {
            Ok(metadata) => metadata,
            // An editor's scratch file that is gone again, or a link that leads nowhere: only a document is missed.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_rules_file(&path) => continue,
            Err(error) => return Err(unreadable(&path, error)),
        };
        if metadata.is_dir() && is_rules_folder(&path) {
            list_folder(&path, depth + 1, files)?;
        } else if metadata.is_file() && is_rules_file(&path) {
            files.push(RulesFile::new(&path, &metadata));
        }
    }
    Ok(())
}

/// The other half of [`list_folder`]; what cannot be looked into is its business.
fn list_unread(folder: &Path, holds_rules: bool, depth: usize, unread: &mut Vec<PathBuf>) {
    let Some(entries) = std::fs::read_dir(folder).ok().filter(|_| depth <= MAX_DEPTH) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| !is_hidden(path)).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            list_unread(&path, holds_rules && is_rules_folder(&path), depth + 1, unread);
        } else if !(holds_rules && is_rules_file(&path)) {
            unread.push(path);
        }
    }
}

fn read_file(path: &Path) -> Result<(String, String), RuleFilesError> {
    let bytes = std::fs::read(path).map_err(|source| unreadable(path, source))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| RuleFilesError::NotUtf8 { path: path.to_owned(), at: error.utf8_error().valid_up_to() })?;
    Ok((path.display().to_string(), text))
}

fn unreadable(path: &Path, source: io::Error) -> RuleFilesError {
    RuleFilesError::Unreadable { path: path.to_owned(), source }
}

fn is_rules_file(path: &Path) -> bool {
    !is_hidden(path) && path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

fn is_rules_folder(path: &Path) -> bool {
    !is_hidden(path) && !path.file_name().and_then(OsStr::to_str).is_some_and(|name| OTHER_DOCUMENTS.contains(&name))
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
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, format!("# {file}\n")).unwrap();
        }
        folder
    }

    fn names(source: &RuleSource, root: &Path) -> Vec<String> {
        let documents = source.documents().unwrap();
        let strip = |name: &str| Path::new(name).strip_prefix(root).unwrap().display().to_string();
        documents.iter().map(|(name, _)| strip(name)).collect()
    }

    #[test]
    fn what_is_not_read_can_be_told() {
        let folder =
            folder(&["a.yaml", "b.YAML", "README.md", ".c.md", "d/e.yml", "d/e.txt", "cases/f.yaml", ".g/h.md"]);
        let root = folder.path().to_owned();
        let unread = RuleSource::Paths(vec![root.clone()]).unread();
        let names: Vec<_> = unread.iter().map(|path| path.strip_prefix(&root).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["README.md", "b.YAML", "cases/f.yaml", "d/e.txt"]);
        assert_eq!(RuleSource::BuiltIn.unread(), Vec::<PathBuf>::new());
        assert_eq!(RuleSource::Paths(vec![root.join("README.md")]).unread(), Vec::<PathBuf>::new(), "named by hand");
    }

    #[test]
    fn a_folder_gives_its_yaml_files_sorted_and_nothing_else() {
        let folder = folder(&[
            "policy.yaml",
            "notices/b.yaml",
            "notices/a.yml",
            "README.md",
            ".hidden.yaml",
            ".git/x.yaml",
            "cases/a.yaml",
            "context/cues.yaml",
            "notices/old.yaml.bak",
        ]);
        let source = RuleSource::Paths(vec![folder.path().into()]);
        assert_eq!(
            names(&source, folder.path()),
            ["context/cues.yaml", "notices/a.yml", "notices/b.yaml", "policy.yaml"]
        );
    }

    #[test]
    fn overlays_keep_their_order_and_a_file_may_be_named_itself() {
        let folder = folder(&["z/one.yaml", "a/two.yaml", "three.txt"]);
        let paths = ["z", "a", "three.txt"].map(|name| folder.path().join(name));
        let source = RuleSource::Paths(paths.to_vec());
        assert_eq!(names(&source, folder.path()), ["z/one.yaml", "a/two.yaml", "three.txt"]);
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_names_it() {
        let folder = folder(&["README.md", "bad/latin.yaml"]);
        std::fs::write(folder.path().join("bad/latin.yaml"), b"a: \xff\n").unwrap();
        for (path, expected) in
            [("gone", "cannot read rules from "), ("", "no *.yaml file in "), ("bad", "is not UTF-8: byte 3 ")]
        {
            if path.is_empty() {
                std::fs::rename(folder.path().join("bad"), folder.path().join("cases")).unwrap();
            }
            let error = RuleSource::Paths(vec![folder.path().join(path)]).builder().map(|_| ());
            if path.is_empty() {
                std::fs::rename(folder.path().join("cases"), folder.path().join("bad")).unwrap();
            }
            let message = error.unwrap_err().to_string();
            assert!(message.contains(expected), "{path}: {message}");
        }
    }

    #[test]
    fn the_built_in_lists_are_there() {
        let documents = RuleSource::BuiltIn.documents().unwrap();
        let names: Vec<_> = documents.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&"rules/protected.yaml"), "{names:?}");
        assert!(names.contains(&"rules/context/zh.yaml"), "{names:?}");
        assert!(names.is_sorted());
    }
}
