//! Files as contents: which are records, which fields they have, and reading them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, stdin};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::folder::{Contents, contents, holds_records};
use crate::cli::progress::Progress;
use crate::cli::render::printable;
use crate::cli::settings::{SHIPPED, load_layers, read_text};
use crate::cli::tell::tell;
use crate::config::{Layers, Override};
use crate::content::{Content, Kind};
use crate::stream::{Decoded, FieldMap, Poison, PoisonClass, SourceFields, decode};

/// How records are read.
#[derive(Debug, Default, clap::Args)]
pub(in crate::cli) struct RecordFlags {
    /// Files hold records: post or registration
    #[arg(long, value_parser = kind, help_heading = "Records")]
    kind: Option<Kind>,
    /// Where the record's id is
    #[arg(long, value_name = "POINTER", help_heading = "Records")]
    id: Option<String>,
    /// A field of text, such as body=/body
    #[arg(long, value_name = "NAME=POINTER", value_parser = field, help_heading = "Records")]
    map: Vec<(String, String)>,
    /// A URL or e-mail field, such as website=/website
    #[arg(long, value_name = "NAME=POINTER", value_parser = field, help_heading = "Records")]
    link: Vec<(String, String)>,
    /// Take the fields from this settings file
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, help_heading = "Records")]
    config: Option<PathBuf>,
    /// Which source [default: the only one]
    #[arg(long, value_name = "TOPIC", requires = "config", help_heading = "Records")]
    source: Option<String>,
}

pub(in crate::cli) fn kind(word: &str) -> Result<Kind, String> {
    Kind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| "must be post or registration".to_owned())
}

fn field(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, pointer)| (name.to_owned(), pointer.to_owned()))
        .ok_or_else(|| "write NAME=POINTER, such as body=/body".to_owned())
}

impl RecordFlags {
    /// The settings file.
    pub fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// All files hold records, whatever their names.
    fn is_given(&self) -> bool {
        self.kind.is_some() || self.config.is_some() || !self.map.is_empty() || !self.link.is_empty()
    }

    fn compile(&self) -> anyhow::Result<FieldMap> {
        FieldMap::compile(&self.fields()?).map_err(|errors| {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            anyhow::Error::msg(lines.join("\n")).context("the fields of the records cannot be read")
        })
    }

    fn fields(&self) -> anyhow::Result<SourceFields> {
        let mut fields = match &self.config {
            Some(path) => self.configured(path)?,
            None => self.mapped()?,
        };
        if self.id.is_some() {
            fields.id.clone_from(&self.id);
        }
        Ok(fields)
    }

    /// What the flags map, or else the shipped fields.
    fn mapped(&self) -> anyhow::Result<SourceFields> {
        let kind = self.kind.unwrap_or(Kind::Post);
        if self.map.is_empty() && self.link.is_empty() {
            return default_fields(kind);
        }
        Ok(SourceFields {
            kind,
            id: None,
            author: None,
            time: None,
            region: None,
            attributes: vec![],
            text: self.map.clone(),
            links: self.link.clone(),
        })
    }

    fn configured(&self, path: &Path) -> anyhow::Result<SourceFields> {
        let file = Some((path.display().to_string(), read_text(path)?));
        let settings = load_layers(&Layers { file, ..Layers::default() })?;
        let topics: Vec<_> = settings.sources.iter().map(|source| source.topic.clone()).collect();
        let mut sources = settings.sources.into_iter();
        let chosen = match &self.source {
            Some(topic) => sources.find(|source| source.topic == *topic),
            None if topics.len() == 1 => sources.next(),
            None => bail!("{} has several sources: choose one with --source {}", path.display(), topics.join(" | ")),
        };
        chosen.map(|source| source.fields).with_context(|| {
            format!("{} has no such source: choose one with --source {}", path.display(), topics.join(" | "))
        })
    }
}

/// The fields of the shipped settings' source of this kind; only those are used, so its rules need not be here.
pub(in crate::cli) fn default_fields(kind: Kind) -> anyhow::Result<SourceFields> {
    let built_in = Override { key: "rules.paths".to_owned(), value: String::new(), flag: "--rules".to_owned() };
    let file = Some(("deploy/tripline.toml".to_owned(), SHIPPED.to_owned()));
    let settings = load_layers(&Layers { file, overrides: vec![built_in], ..Layers::default() })?;
    let source = settings.sources.into_iter().find(|source| source.fields.kind == kind);
    source.map(|source| source.fields).context("the shipped settings have no such source")
}

/// One file, and how it is read.
#[derive(Debug)]
pub(in crate::cli) struct Input {
    /// As the user named it.
    pub name: String,
    path: Option<PathBuf>,
    records: Option<Arc<FieldMap>>,
    /// In a folder, and not named by hand: it may be anything.
    is_found: bool,
}

/// Where in an input something stands.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Place<'a> {
    /// The file.
    pub file: &'a str,
    /// The line of a record, from 1; `None` when the file is one text.
    pub line: Option<u64>,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let file = printable(self.file);
        match self.line {
            Some(line) => write!(f, "{file}:{line}"),
            None => f.write_str(&file),
        }
    }
}

/// What stands there.
#[derive(Debug)]
pub(in crate::cli) enum Item<'a> {
    Content(Content<'a>),
    /// Nothing to judge.
    Empty,
    /// Cannot be judged, and why.
    Poison(String),
}

/// Decides how each file is read, and that each is there, before the first verdict is written. Of folders, what can be
/// scanned; with `all_files`, whatever the files are called.
pub(in crate::cli) fn open(files: &[PathBuf], flags: &RecordFlags, all_files: bool) -> anyhow::Result<Vec<Input>> {
    let mut opener = Opener { flags, map: None, inputs: Vec::new() };
    for path in files {
        opener.open(path, all_files)?;
    }
    Ok(opener.inputs)
}

struct Opener<'f> {
    flags: &'f RecordFlags,
    /// Compiled when the first file of records is met.
    map: Option<Arc<FieldMap>>,
    inputs: Vec<Input>,
}

impl Opener<'_> {
    fn open(&mut self, path: &Path, all_files: bool) -> anyhow::Result<()> {
        if path == Path::new("-") {
            let records = self.records(self.flags.is_given())?;
            self.inputs.push(Input { name: "stdin".to_owned(), path: None, records, is_found: false });
            return Ok(());
        }
        let shown = || printable(&path.display().to_string());
        let metadata = std::fs::metadata(path).with_context(|| format!("cannot read {}", shown()))?;
        if !metadata.is_dir() {
            return self.push(path, self.flags.is_given() || holds_records(path), false);
        }
        let Contents { files, skipped, .. } = contents(path, all_files);
        let others =
            if skipped == 1 { "1 file of another kind".into() } else { format!("{skipped} files of other kinds") };
        if files.is_empty() {
            bail!("no *.txt, *.md, *.ndjson or *.jsonl file in {} ({others}; --all-files reads them too)", shown());
        }
        if skipped > 0 {
            tell!("{}: {others} skipped; --all-files reads them too", shown());
        }
        // the ending decides: with texts beside records, --kind says how the records are read
        files.iter().try_for_each(|file| self.push(file, holds_records(file), true))
    }

    fn push(&mut self, path: &Path, holds_records: bool, is_found: bool) -> anyhow::Result<()> {
        let records = self.records(holds_records)?;
        self.inputs.push(Input { name: path.display().to_string(), path: Some(path.to_owned()), records, is_found });
        Ok(())
    }

    fn records(&mut self, holds_records: bool) -> anyhow::Result<Option<Arc<FieldMap>>> {
        if holds_records && self.map.is_none() {
            self.map = Some(Arc::new(self.flags.compile()?));
        }
        Ok(if holds_records { self.map.clone() } else { None })
    }
}

impl Input {
    /// Calls `each` for every content until it says false.
    pub fn for_each(&self, progress: &Progress, mut each: impl FnMut(Place<'_>, Item<'_>) -> bool) -> io::Result<()> {
        self.for_each_record(progress, &mut |line, bytes| {
            let item = match self.decode(bytes) {
                _ if line.is_some() && bytes.is_empty() => Item::Empty,
                Decoded::Content(content) => Item::Content(content),
                Decoded::Empty => Item::Empty,
                Decoded::Poison(poison) if line.is_none() => Item::Poison(poison.message),
                Decoded::Poison(poison) => Item::Poison(poison.to_string()),
            };
            each(Place { file: &self.name, line }, item)
        })
    }

    /// Calls `each` for the bytes of every record until it says false: the lines of a file of records, counted from 1
    /// (a blank one is empty), or all of a text.
    pub fn for_each_record(
        &self,
        progress: &Progress,
        each: &mut dyn FnMut(Option<u64>, &[u8]) -> bool,
    ) -> io::Result<()> {
        let mut reader: Box<dyn BufRead> = match &self.path {
            Some(path) => Box::new(BufReader::with_capacity(1 << 18, progress.reading(File::open(path)?))),
            None => Box::new(stdin().lock()),
        };
        let mut bytes = Vec::new();
        if self.records.is_none() {
            reader.read_to_end(&mut bytes)?;
            if !self.is_found && looks_like_records(&bytes) {
                let name = printable(&self.name);
                progress
                    .beside(|| tell!("note: {name}: this looks like JSON lines: --kind post reads them as records"));
            }
            each(None, &bytes);
            return Ok(());
        }
        for line in 1.. {
            bytes.clear();
            if reader.read_until(b'\n', &mut bytes)? == 0 || !each(Some(line), bytes.trim_ascii()) {
                break;
            }
        }
        Ok(())
    }

    /// What the bytes of one record say.
    pub fn decode<'a>(&self, bytes: &'a [u8]) -> Decoded<'a> {
        match &self.records {
            Some(map) => decode(map, Some(bytes)),
            None => text(bytes, self.is_found),
        }
    }

    /// How many bytes there are to read; `None` where nobody knows.
    pub fn size(&self) -> Option<u64> {
        std::fs::metadata(self.path.as_ref()?).ok().map(|metadata| metadata.len())
    }
}

/// Whether the first line that is not blank is a JSON object.
fn looks_like_records(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    first.is_some_and(|line| line.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok())
}

/// A whole file as one post. A zero byte in a text is a way to hide and is read through; in a file that nobody named, it
/// means that the file is no text.
fn text(bytes: &[u8], is_found: bool) -> Decoded<'_> {
    if let Some(at) = bytes.iter().position(|byte| *byte == 0).filter(|_| is_found) {
        let message = format!("not a text: byte {at} (counted from 0) is zero");
        return Decoded::Poison(Poison::new(PoisonClass::InvalidUtf8, message));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded::Content(Content::post(text.strip_prefix('\u{feff}').unwrap_or(text))),
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes[..at].split(|byte| *byte == b'\n').count();
            let message = format!("not UTF-8: byte {at} (counted from 0, in line {line}) begins no character");
            Decoded::Poison(Poison::new(PoisonClass::InvalidUtf8, message))
        }
    }
}
