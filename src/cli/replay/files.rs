//! Files as a replay reads them: as `scan` does.

use std::io::{self, IsTerminal as _, stdin};

use super::arguments::Arguments;
use crate::cli::progress::Progress;
use crate::cli::scan::{Input, open};
use crate::replay::RecordFile;
use crate::stream::Decoded;

/// The files of a replay, each known to be there.
pub(super) struct Files(Vec<Input>);

impl Files {
    pub fn open(arguments: &Arguments) -> anyhow::Result<Self> {
        if arguments.files.iter().any(|file| file.as_os_str() == "-") && stdin().is_terminal() {
            anyhow::bail!("standard input is a terminal: a replay reads records from a pipe or a file");
        }
        Ok(Self(open(&arguments.files, &arguments.records.0, false)?))
    }

    pub fn all(&self) -> Vec<&dyn RecordFile> {
        self.0.iter().map(|input| input as &dyn RecordFile).collect()
    }
}

impl RecordFile for Input {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> Option<u64> {
        Input::size(self)
    }

    fn for_each_record(&self, each: &mut dyn FnMut(Option<u64>, &[u8]) -> bool) -> io::Result<()> {
        Input::for_each_record(self, &Progress::over(None), each)
    }

    fn decode<'a>(&self, bytes: &'a [u8]) -> Decoded<'a> {
        Input::decode(self, bytes)
    }
}
