"""What the tests here share: a real broker, topics, a running tripline, and small ways to wait and to ask.

Nothing here knows how tripline works inside: it is used as its users use it, by its command line, its topics and its
HTTP routes.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
import uuid

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRIPLINE = os.environ["TRIPLINE"]
# A name that the shipped lists hold without a caution.
LISTED = "中国雷锋基金会"


def free_port():
    """A port of the loopback that nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(what, ask, seconds=60, every=0.1):
    """Asks until the answer is true and returns it; fails by name when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(every)
    pytest.fail(f"no {what} within {seconds} s")


def get(url):
    """Status and text of a GET; status 0 where nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return 0, ""


class Broker:
    """One Kafka node on loopback, owned by `tests/kafka/guardian`, which ends it when we are gone."""

    def __init__(self):
        self.bootstrap = os.environ.get("KAFKA_BOOTSTRAP") or self._start()
        self.admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
        wait_for("broker", self._answers)

    def _start(self):
        jars = subprocess.run([ROOT / "tests/kafka/jars", os.environ["TARGET"]], check=True, capture_output=True, text=True)
        classpath = f"{jars.stdout.strip()}/*"
        folder = tempfile.mkdtemp(prefix="tripline-clients-kafka-")
        port, controller = free_port(), free_port()
        settings = pathlib.Path(folder, "server.properties")
        settings.write_text(
            f"""process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/data
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
"""
        )
        java = ["java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classpath]
        format_storage = ["kafka.tools.StorageTool", "format", "--standalone", "-t", "dHJpcGxpbmUtdGVzdHMtMQ"]
        subprocess.run([*java, *format_storage, "-c", settings], check=True, capture_output=True)
        command = [*java, "-Xmx512m", "-XX:+UseSerialGC", "kafka.Kafka", settings]
        self.guardian = subprocess.Popen(
            ["bash", ROOT / "tests/kafka/guardian", folder, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.guardian.stdin.write("start\n")
        self.guardian.stdin.flush()
        assert self.guardian.stdout.readline().startswith("started")
        return f"127.0.0.1:{port}"

    def _answers(self):
        try:
            return self.admin.list_topics(timeout=1).brokers
        except KafkaException:
            return None

    def close(self):
        """Closing its input ends the guardian, and that the broker."""
        if guardian := getattr(self, "guardian", None):
            guardian.stdin.close()
            guardian.wait(timeout=60)

    def create(self, topic, partitions=1):
        """Makes a topic and waits for its leaders."""
        made = self.admin.create_topics([NewTopic(topic, partitions, 1)])
        made[topic].result(30)
        wait_for(f"leaders of {topic}", lambda: self._has_leaders(topic, partitions))

    def _has_leaders(self, topic, partitions):
        seen = self.admin.list_topics(topic, timeout=5).topics[topic].partitions
        return len(seen) == partitions and all(partition.leader >= 0 for partition in seen.values())

    def produce(self, topic, values, **settings):
        """Writes records (values, or keyword arguments of `produce`) and waits until all have arrived."""
        failures = []
        producer = Producer({"bootstrap.servers": self.bootstrap, "linger.ms": 5, **settings})
        for value in values:
            record = value if isinstance(value, dict) else {"value": value}
            producer.produce(topic, on_delivery=lambda error, _: error and failures.append(error), **record)
        assert producer.flush(60) == 0 and not failures, failures

    def read(self, topic, enough, seconds=60):
        """Records of a topic as a reader of committed records sees them: so many, or until `enough` says so of the list."""
        if isinstance(enough, int):
            count = enough
            enough = lambda found: len(found) >= count  # noqa: E731
        group = {"group.id": f"reader-{uuid.uuid4()}", "enable.auto.commit": False}
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "isolation.level": "read_committed", **group})
        partitions = self.admin.list_topics(topic, timeout=5).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        found, deadline = [], time.monotonic() + seconds
        while not enough(found) and time.monotonic() < deadline:
            message = consumer.poll(0.2)
            if message is not None:
                assert message.error() is None, message.error()
                found.append(message)
        consumer.close()
        assert enough(found), f"{len(found)} records in {topic} after {seconds} s are not enough"
        return found


@pytest.fixture(scope="session")
def broker():
    """The broker of this run: `KAFKA_BOOTSTRAP`, or one of our own."""
    broker = Broker()
    yield broker
    broker.close()


class Service:
    """`tripline run` with topics of its own."""

    def __init__(self, broker, folder, mode="binary", rules=(ROOT / "rules",), partitions=2):
        self.broker, self.folder = broker, folder
        name = uuid.uuid4().hex[:8]
        self.posts, self.registrations = f"posts-{name}", f"registrations-{name}"
        self.verdicts, self.dead_letters, self.receipts = f"verdicts-{name}", f"dead-{name}", f"receipts-{name}"
        for topic in [self.posts, self.registrations]:
            broker.create(topic, partitions)
        for topic in [self.verdicts, self.dead_letters, self.receipts]:
            broker.create(topic)
        self.http = f"http://127.0.0.1:{free_port()}"
        self.settings = folder / "tripline.toml"
        self.settings.write_text(self._settings(name, mode, [str(path) for path in rules]))
        self.process = None

    def _settings(self, name, mode, rules):
        return f"""
[kafka]
bootstrap_servers = "{self.broker.bootstrap}"
group_id = "tripline-{name}"
consumers = 1
[kafka.properties]
"session.timeout.ms" = "6000"
[[source]]
topic = "{self.posts}"
kind = "post"
id = "/id"
author = "/author/id"
attributes = {{ newsroom = "/author/newsroom" }}
text = {{ title = "/title", body = "/body" }}
links = {{ urls = "/urls/*" }}
[[source]]
topic = "{self.registrations}"
kind = "registration"
id = "/account_id"
text = {{ display_name = "/display_name", organization = "/organization", bio = "/bio" }}
[verdicts]
topic = "{self.verdicts}"
mode = "{mode}"
[dead_letters]
topic = "{self.dead_letters}"
[receipts]
topic = "{self.receipts}"
[rules]
paths = {json.dumps(rules)}
[http]
listen = "{self.http.removeprefix('http://')}"
"""

    def start(self):
        """Starts it and waits until it is ready."""
        self.log = open(self.folder / "tripline.log", "ab")
        self.process = subprocess.Popen([TRIPLINE, "run", "-c", self.settings], stderr=self.log, stdin=subprocess.DEVNULL)
        wait_for("readiness", lambda: get(f"{self.http}/ready")[0] == 200 or self._ended())
        return self

    def _ended(self):
        if self.process.poll() is not None:
            pytest.fail(f"tripline ended with {self.process.returncode}:\n{self.said()}")

    def said(self):
        """Its log."""
        return (self.folder / "tripline.log").read_text(errors="replace")

    def stop(self, how=signal.SIGTERM):
        """Stops it and returns its exit code."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(how)
        return self.process.wait(timeout=60)


@pytest.fixture
def service(broker, tmp_path):
    """Makes services; each ends with the test."""
    made = []

    def make(**settings):
        folder = tmp_path / f"service-{len(made)}"
        folder.mkdir()
        made.append(Service(broker, folder, **settings))
        return made[-1]

    yield make
    for one in made:
        one.stop(signal.SIGKILL)


def post(number, body, **more):
    """One post as the services here read it."""
    return json.dumps({"id": f"p-{number}", "author": {"id": f"u-{number}"}, "body": body, **more}, ensure_ascii=False)


def tool(name):
    """A program of ours or of the machine, by its path."""
    found = shutil.which(name, path=f"{os.environ['PROMETHEUS']}:{os.environ['PATH']}")
    assert found, f"{name} is missing"
    return found
