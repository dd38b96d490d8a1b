//! Our end of `tests/kafka/guardian`, the process that owns a broker's JVM.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::jars;

/// A running guardian. Dropping it, or the end of this process however it comes, kills its JVM and removes its folder.
pub struct Guardian {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Guardian {
    /// A guardian of `command` (not started yet), which writes its log to `folder`.
    pub fn of<S: AsRef<OsStr>>(folder: &Path, command: impl IntoIterator<Item = S>) -> Guardian {
        let mut process = Command::new("bash")
            .arg(jars::script("guardian"))
            .arg(folder)
            .args(command)
            // A process group of its own: whoever kills ours as a group leaves it alive to clean up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash runs");
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().expect("stdout is a pipe"));
        Guardian { process, orders, answers }
    }

    /// Sends `order` (see the script) and returns its answer.
    pub fn order(&mut self, order: &str) -> String {
        let orders = self.orders.as_mut().expect("orders close only in drop");
        writeln!(orders, "{order}").expect("the guardian listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the guardian answers");
        answer.trim_end().to_owned()
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.process.wait();
    }
}
