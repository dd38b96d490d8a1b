//! One broker: started here and owned by a guardian, or given by the environment.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};

use super::guardian::Guardian;
use super::jars;

/// A port may be taken between our look and the broker's bind: so many times we look again.
const PORT_TRIES: usize = 5;
const START_LIMIT: Duration = Duration::from_secs(60);
/// 16 bytes in base64: the same in every run, so that ids which depend on the cluster can be written down.
const CLUSTER_ID: &str = "dHJpcGxpbmUtdGVzdHMtMQ";

/// A Kafka broker for tests.
pub struct Broker {
    bootstrap: String,
    guardian: Option<Mutex<Guardian>>,
    /// Where its logs lie.
    data: Option<PathBuf>,
}

impl Broker {
    /// The broker of this test process: `KAFKA_BOOTSTRAP`, or one that is started at the first call.
    pub fn shared() -> &'static Broker {
        static SHARED: OnceLock<Broker> = OnceLock::new();
        SHARED.get_or_init(|| given().map_or_else(Broker::start, Broker::at))
    }

    fn at(bootstrap: String) -> Broker {
        let broker = Broker { bootstrap, guardian: None, data: None };
        assert!(
            broker.answers_within(Duration::from_secs(15)),
            "no broker answers at KAFKA_BOOTSTRAP={}",
            broker.bootstrap
        );
        broker
    }

    /// A broker of the test's own, to be stopped, paused and started again; `None` where the environment gives a broker,
    /// because there may be no Java, and that one is not ours to stop. The test is then skipped.
    pub fn own() -> Option<Broker> {
        if given().is_some() {
            eprintln!("skipped: KAFKA_BOOTSTRAP gives a broker, and this test needs one that it may stop");
            return None;
        }
        Some(Broker::start())
    }

    /// # Panics
    /// When no broker can be started, with the end of its log.
    fn start() -> Broker {
        let classpath = jars::classpath();
        for _ in 0..PORT_TRIES {
            if let Some(broker) = Broker::try_start(&classpath) {
                return broker;
            }
        }
        panic!("no broker after {PORT_TRIES} tries with other ports");
    }

    /// `None` when another process was quicker to take a port.
    fn try_start(classpath: &str) -> Option<Broker> {
        let folder = fresh_folder();
        let [port, controller] = free_ports();
        let properties = folder.join("server.properties");
        fs::write(&properties, server_properties(&folder, port, controller)).expect("a temporary folder is writable");
        let settings = properties.to_str().expect("the temporary folder's name is UTF-8");
        format_storage(classpath, settings);
        let mut guardian = Guardian::of(
            &folder,
            // The heap is the smallest that holds 100,000 records of the tests without long collections.
            ["java", "-Xmx768m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classpath]
                .into_iter()
                .chain(["kafka.Kafka", settings]),
        );
        guardian.order("start");
        let broker = Broker {
            bootstrap: format!("127.0.0.1:{port}"),
            guardian: Some(Mutex::new(guardian)),
            data: Some(folder.join("data")),
        };
        if broker.comes_up() {
            return Some(broker);
        }
        let log = fs::read_to_string(folder.join("broker.log")).unwrap_or_default();
        assert!(log.contains("Address already in use"), "the broker did not start; its log ends with:\n{}", tail(&log));
        None
    }

    /// The address for `bootstrap.servers`.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// The folder of its logs; `None` on a broker that is not ours.
    pub fn data(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// Stops it in good order.
    pub fn stop(&self) {
        self.order("stop");
    }

    /// Stops it with SIGKILL.
    pub fn kill(&self) {
        self.order("kill");
    }

    /// Lets it hang (SIGSTOP): connections stay open and nothing answers.
    pub fn pause(&self) {
        self.order("pause");
    }

    /// Ends [`Broker::pause`].
    pub fn resume(&self) {
        self.order("resume");
    }

    /// Starts it again after [`Broker::stop`] or [`Broker::kill`], with the same data on the same ports.
    pub fn start_again(&self) {
        // The old connections' ports may linger for a moment, and the guardian's answer does not wait for the bind.
        for _ in 0..PORT_TRIES {
            self.order("start");
            if self.comes_up() {
                return;
            }
        }
        panic!("the broker did not come back");
    }

    /// # Panics
    /// On a broker that is not ours (`KAFKA_BOOTSTRAP`): tests that stop a broker call [`Broker::own`].
    fn order(&self, order: &str) -> String {
        let guardian = self.guardian.as_ref().expect("only a broker that the test started can be stopped");
        guardian.lock().expect("no order panics").order(order)
    }

    /// Waits until it answers; `false` as soon as its process has ended.
    fn comes_up(&self) -> bool {
        let started = Instant::now();
        while started.elapsed() < START_LIMIT {
            if self.answers_within(Duration::from_secs(1)) {
                return true;
            }
            if self.order("alive") == "ended" {
                return false;
            }
        }
        panic!("the broker runs but does not answer after {START_LIMIT:?}");
    }

    fn answers_within(&self, limit: Duration) -> bool {
        let probe: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", &self.bootstrap)
            .set("reconnect.backoff.ms", "50")
            .set("reconnect.backoff.max.ms", "200")
            .set("log_level", "0")
            .create()
            .expect("the settings are valid");
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            let answer = probe.fetch_metadata(None, Duration::from_millis(500));
            if answer.is_ok_and(|cluster| !cluster.brokers().is_empty()) {
                return true;
            }
            thread::sleep(Duration::from_millis(100));
        }
        false
    }
}

/// The broker that the environment gives.
fn given() -> Option<String> {
    env::var("KAFKA_BOOTSTRAP").ok().filter(|bootstrap| !bootstrap.is_empty())
}

fn format_storage(classpath: &str, settings: &str) {
    let out = Command::new("java")
        .args(["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classpath])
        .args(["kafka.tools.StorageTool", "format", "--standalone", "-t", CLUSTER_ID, "-c", settings])
        .output()
        .expect("java runs (`tests/prerequisites.sh kafka` says how to get it)");
    assert!(
        out.status.success(),
        "the broker's storage was not formatted:\n{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
}

/// Everything a one-node cluster needs to be quick: single replicas, few internal partitions, no waiting for group members.
fn server_properties(folder: &Path, port: u16, controller: u16) -> String {
    let data = folder.join("data");
    let data = data.display();
    format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=2
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
log.cleaner.backoff.ms=200
group.min.session.timeout.ms=1000
"
    )
}

/// A folder that the guardian removes.
fn fresh_folder() -> PathBuf {
    for attempt in 0..1000 {
        let folder = env::temp_dir().join(format!("tripline-kafka-{}-{attempt}", process::id()));
        if fs::create_dir(&folder).is_ok() {
            return folder;
        }
    }
    panic!("no folder can be made in {}", env::temp_dir().display());
}

/// Ports that nobody listened on a moment ago.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
