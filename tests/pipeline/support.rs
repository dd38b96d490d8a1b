//! What the tests of this harness share: topics and settings of a run, and the process that runs them.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use tempfile::TempDir;

use crate::kafka::{Broker, unique};

/// A name that the shipped lists hold: website-shutdown, without a caution.
pub const LISTED: &str = "中国雷锋基金会";

/// Topics of one test, and the settings of the processes that work on them.
#[derive(Clone)]
pub struct Setup {
    pub bootstrap: String,
    pub group: String,
    pub posts: String,
    pub registrations: String,
    pub verdicts: String,
    pub dead_letters: String,
    pub receipts: String,
    pub mode: &'static str,
    pub emit: &'static str,
    pub start: String,
    pub gaps: &'static str,
    pub consumers: usize,
    pub drain_ms: u64,
    /// A folder of rules.
    pub rules: PathBuf,
    /// More arguments of `tripline run`, such as `--set kafka.compression=zstd`.
    pub flags: Vec<String>,
}

impl Setup {
    /// Topics with names of their own on the shared broker: `partitions` each for the sources, three for what comes out.
    pub fn on(broker: &Broker, partitions: i32) -> Setup {
        let setup = Setup::without_topics(broker.bootstrap());
        broker.create_topic(&setup.posts, partitions, &[]);
        broker.create_topic(&setup.registrations, partitions, &[("message.timestamp.type", "LogAppendTime")]);
        for output in [&setup.verdicts, &setup.dead_letters, &setup.receipts] {
            broker.create_topic(output, 3, &[]);
        }
        setup
    }

    /// The same without making the topics.
    pub fn without_topics(bootstrap: &str) -> Setup {
        Setup {
            bootstrap: bootstrap.to_owned(),
            group: unique("group"),
            posts: unique("posts"),
            registrations: unique("registrations"),
            verdicts: unique("verdicts"),
            dead_letters: unique("dead-letters"),
            receipts: unique("receipts"),
            mode: "binary",
            emit: "flagged",
            start: "earliest".to_owned(),
            gaps: "stop",
            consumers: 1,
            drain_ms: 10_000,
            rules: PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")),
            flags: Vec::new(),
        }
    }

    /// With a setting of its own.
    pub fn set(mut self, key: &str, value: &str) -> Setup {
        self.flags.extend(["--set".to_owned(), format!("{key}={value}")]);
        self
    }

    /// Both source topics.
    pub fn sources(&self) -> [&str; 2] {
        [&self.posts, &self.registrations]
    }

    /// Settings for a command that listens nowhere.
    pub fn write_settings(&self, folder: &Path) -> PathBuf {
        let file = folder.join("tripline.toml");
        fs::write(&file, self.settings("one", free_address())).expect("settings can be written");
        file
    }

    fn settings(&self, instance: &str, http: SocketAddr) -> String {
        let rules = self.rules.display().to_string();
        let mut text = String::new();
        let mut section = |section: &str, lines: &[(&str, String)]| {
            writeln!(text, "{section}").expect("a string takes everything");
            for (key, value) in lines {
                writeln!(text, "{key} = {value}").expect("a string takes everything");
            }
        };
        let quoted = |value: &str| format!("{value:?}");
        section(
            "[kafka]",
            &[
                ("bootstrap_servers", quoted(&self.bootstrap)),
                ("group_id", quoted(&self.group)),
                ("instance", quoted(instance)),
                ("start", quoted(&self.start)),
                ("gaps", quoted(self.gaps)),
                ("consumers", self.consumers.to_string()),
            ],
        );
        section(
            "[kafka.properties]",
            &[
                // The shortest that brokers allow by default: a killed process is missed after six seconds, not 45.
                ("\"session.timeout.ms\"", quoted("6000")),
                // New partitions are seen after a second, not five minutes.
                ("\"topic.metadata.refresh.interval.ms\"", quoted("1000")),
            ],
        );
        section(
            "[[source]]",
            &[
                ("topic", quoted(&self.posts)),
                ("kind", quoted("post")),
                ("id", quoted("/id")),
                ("author", quoted("/author/id")),
                ("text", r#"{ title = "/title", body = "/body" }"#.to_owned()),
                ("links", r#"{ urls = "/urls/*/href" }"#.to_owned()),
            ],
        );
        section(
            "[[source]]",
            &[
                ("topic", quoted(&self.registrations)),
                ("kind", quoted("registration")),
                ("id", quoted("/account_id")),
                (
                    "text",
                    r#"{ display_name = "/display_name", organization = "/organization", bio = "/bio" }"#.to_owned(),
                ),
                ("links", r#"{ website = "/website" }"#.to_owned()),
            ],
        );
        let verdicts = [("topic", quoted(&self.verdicts)), ("mode", quoted(self.mode)), ("emit", quoted(self.emit))];
        section("[verdicts]", &verdicts);
        section("[dead_letters]", &[("topic", quoted(&self.dead_letters))]);
        section("[receipts]", &[("topic", quoted(&self.receipts))]);
        section("[rules]", &[("paths", format!("[{rules:?}]"))]);
        section("[http]", &[("listen", quoted(&http.to_string()))]);
        section("[shutdown]", &[("drain_ms", self.drain_ms.to_string())]);
        text
    }
}

/// How a command ended.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command with the settings of a setup, and `--set` for what it sets.
pub fn tripline(setup: &Setup, words: &[&str]) -> Ran {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("tripline.toml");
    fs::write(&file, setup.settings("command", free_address())).expect("settings can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tripline"));
    command.args(words).arg("-c").arg(&file).args(&setup.flags).stdin(Stdio::null());
    let output = command.output().expect("tripline runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes UTF-8");
    Ran { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A running `tripline run`. It ends with the test, however that ends.
pub struct Service {
    process: Child,
    watcher: Child,
    pub http: SocketAddr,
    folder: TempDir,
}

impl Service {
    /// Starts one process of the group. `instance` is its name in the group and in messages.
    pub fn start(setup: &Setup, instance: &str) -> Service {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = fs::File::create(folder.path().join("log")).expect("a log can be made");
        Service::start_in(folder, setup, instance, log.into())
    }

    /// The same with a log that goes elsewhere.
    pub fn start_in(folder: TempDir, setup: &Setup, instance: &str, log: Stdio) -> Service {
        let http = free_address();
        let file = folder.path().join("tripline.toml");
        fs::write(&file, setup.settings(instance, http)).expect("settings can be written");
        let process = Command::new(env!("CARGO_BIN_EXE_tripline"))
            .args(["run".as_ref(), "-c".as_ref(), file.as_os_str()])
            .args(&setup.flags)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("tripline runs");
        let watcher = watcher(process.id());
        Service { process, watcher, http, folder }
    }

    /// The same, and waits until it is ready.
    pub fn start_ready(setup: &Setup, instance: &str) -> Service {
        let mut service = Service::start(setup, instance);
        service.until("it is ready", Duration::from_secs(60), |service| service.status("/ready") == Some(200));
        service
    }

    /// Waits until something holds.
    ///
    /// # Panics
    /// With the log, when the time is over or the process has ended.
    pub fn until(&mut self, what: &str, limit: Duration, mut holds: impl FnMut(&Service) -> bool) {
        let deadline = Instant::now() + limit;
        while !holds(self) {
            if let Some(status) = self.process.try_wait().expect("a child can be asked") {
                panic!("tripline ended ({status}) before {what}; its log:\n{}", self.log());
            }
            assert!(Instant::now() < deadline, "not within {limit:?}: {what}; the log:\n{}", self.log());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Everything it has written so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).expect("the log can be read")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The status of a GET; `None` when nobody answers.
    pub fn status(&self, path: &str) -> Option<u16> {
        self.get(path).map(|(status, _)| status)
    }

    /// Status and body of a GET.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        self.ask("GET", path, "")
    }

    /// Status and body of a POST with more headers (each with its line's end).
    pub fn post(&self, path: &str, headers: &str) -> Option<(u16, String)> {
        self.ask("POST", path, &format!("Content-Length: 0\r\n{headers}"))
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect_timeout(&self.http, Duration::from_secs(1)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.http).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, body.to_owned()))
    }

    /// The sum of a metric's series whose labels contain `labels`.
    pub fn metric(&self, name: &str, labels: &str) -> f64 {
        let (_, text) = self.get("/metrics").expect("metrics are served");
        let lines = text.lines().filter(|line| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| (rest.starts_with(['{', ' '])) && rest.contains(labels))
        });
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    /// Sends a signal: `TERM`, `INT`, `KILL`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        signal(self.process.id(), name);
    }

    /// Waits for its end.
    pub fn ended_within(&mut self, limit: Duration) -> ExitStatus {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.process.try_wait().expect("a child can be asked") {
                return status;
            }
            assert!(Instant::now() < deadline, "it did not end within {limit:?}; its log:\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// SIGTERM, and its end in good order.
    pub fn stop(mut self) {
        self.signal("TERM");
        let status = self.ended_within(Duration::from_secs(20));
        assert_eq!(status.code(), Some(0), "its log:\n{}", self.log());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
    }
}

pub fn signal(process: u32, name: &str) {
    let sent = Command::new("bash").args(["-c", "kill -s \"$0\" \"$1\"", name, &process.to_string()]).status();
    assert!(sent.expect("bash runs").success(), "no process {process} to signal");
}

/// A process that kills another when this one is gone: the pipe on its standard input closes then.
fn watcher(process: u32) -> Child {
    Command::new("bash")
        .args(["-c", "read -r; kill -s KILL \"$0\" 2>/dev/null", &process.to_string()])
        .process_group(0)
        .stdin(Stdio::piped())
        .spawn()
        .expect("bash runs")
}

pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("it is bound")
}

/// Waits until the group has committed everything that is in its sources, asking now and then.
pub fn until_all_committed(broker: &Broker, setup: &Setup, services: &mut [&mut Service], limit: Duration) {
    let deadline = Instant::now() + limit;
    while let Some(left) = left_to_commit(broker, setup) {
        for service in &mut *services {
            let ended = service.process.try_wait().expect("a child can be asked");
            assert!(ended.is_none(), "tripline ended ({ended:?}); its log:\n{}", service.log());
        }
        if Instant::now() > deadline {
            let logs: Vec<String> = services.iter().map(|service| service.log()).collect();
            panic!("{left} records not committed after {limit:?}; the logs:\n{}", logs.join("\n----\n"));
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// How many offsets lie between the group's commits and the ends of its sources; `None` when none do.
fn left_to_commit(broker: &Broker, setup: &Setup) -> Option<i64> {
    let left = |topic: &str| {
        let committed = broker.committed(&setup.group, topic);
        let partitions = broker.partitions(topic).into_iter();
        let left = partitions.map(|partition| {
            let (low, high) = broker.watermarks(topic, partition);
            let done = committed.iter().find(|(at, _)| *at == partition).map_or(low, |(_, offset)| *offset);
            high - done
        });
        left.sum::<i64>()
    };
    let left: i64 = setup.sources().iter().map(|topic| left(topic)).sum();
    (left > 0).then_some(left)
}

/// How many records of its sources the group has committed.
pub fn committed_records(broker: &Broker, setup: &Setup) -> i64 {
    let committed = |topic: &&str| broker.committed(&setup.group, topic).iter().map(|(_, offset)| offset).sum::<i64>();
    setup.sources().iter().map(committed).sum()
}
