//! Rule sets of made-up names, as large as asked for, in a folder that is swapped whole, as Kubernetes swaps a volume.

#![allow(dead_code, reason = "each harness uses its part of this module")]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

const FILES: usize = 10;
const DIGITS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
/// Each set has names of its own.
const SETS: [char; 4] = ['春', '夏', '秋', '冬'];

/// Name `n` of a set. No other set has it.
pub fn name(set: usize, n: usize) -> String {
    let digit = |power: usize| DIGITS[n / power % 10];
    let digits: String = [10_000, 1_000, 100, 10, 1].into_iter().map(digit).collect();
    format!("{}季{digits}样例会", SETS[set])
}

/// A folder of rules that shows one of several sets.
pub struct Volume {
    folder: PathBuf,
}

impl Volume {
    /// Makes `sets` sets of `names` names each below `folder`, and shows the first.
    pub fn make(folder: &Path, sets: usize, names: usize) -> Volume {
        for set in 0..sets {
            let hidden = folder.join(hidden(set));
            fs::create_dir(&hidden).expect("a temporary folder is writable");
            for file in 0..FILES {
                fs::write(hidden.join(visible(file)), notice(set, file, names)).expect("it is writable");
            }
        }
        for file in 0..FILES {
            symlink(Path::new("..data").join(visible(file)), folder.join(visible(file))).expect("it can link");
        }
        let volume = Volume { folder: folder.to_owned() };
        volume.show(0);
        volume
    }

    /// From now on the folder shows this set, all of it at once.
    pub fn show(&self, set: usize) {
        let link = self.folder.join("..data_tmp");
        symlink(hidden(set), &link).expect("it can link");
        fs::rename(link, self.folder.join("..data")).expect("a link can be renamed");
    }

    /// Where a set lies, shown or not.
    pub fn path(&self, set: usize) -> PathBuf {
        self.folder.join(hidden(set))
    }

    /// The folder that shows one.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn hidden(set: usize) -> String {
    format!("..set{set}")
}

fn visible(file: usize) -> String {
    format!("notice-{file}.yaml")
}

/// One file's share of a set: a notice and its bodies.
fn notice(set: usize, file: usize, names: usize) -> String {
    let mut text = format!(
        "notice:
  id: made-up-{file}
  authority: {{ zh: 样例机关, en: Example Authority }}
  kind: ban
  jurisdiction: CN
  published: 2021-04-14
  sources: [{{ url: https://authority.example/list, kind: official }}]
organizations:
"
    );
    let share = names / FILES;
    for n in file * share..(file + 1) * share {
        let name = name(set, n);
        writeln!(text, "  - {{ id: body-{set}-{n}, name: {name}, listing: banned }}")
            .expect("a string takes everything");
    }
    text
}
