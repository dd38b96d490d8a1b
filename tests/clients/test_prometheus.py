"""A real Prometheus over a real tripline: its rules and alerts loaded, every query of the dashboard answered, an alert fired."""

import json
import re
import signal
import subprocess
import urllib.parse


import pytest
from conftest import LISTED, ROOT, free_port, get, post, tool, wait_for

PROMETHEUS = ROOT / "deploy/prometheus"
DASHBOARD = ROOT / "deploy/grafana/tripline.json"
# What Grafana puts in the place of its variables.
VARIABLES = {
    "__rate_interval": "1m",
    "__interval": "15s",
    "__range": "1h",
    "job": "tripline",
    "instance": ".*",
    "topic": ".*",
    "source": ".*",
}


def test_promtool_accepts_the_rules_and_every_alert_fires_and_stays_silent_where_it_should():
    checked = subprocess.run([tool("promtool"), "check", "rules", *map(str, rule_files())], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tests = sorted(map(str, PROMETHEUS.glob("*_test.yaml")))
    tested = subprocess.run([tool("promtool"), "test", "rules", *tests], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not():
    alerts = set(re.findall(r"- alert: (\w+)", (PROMETHEUS / "alerts.yaml").read_text()))
    fires, silent = set(), set()
    for name, expected in expectations():
        (silent if expected.startswith("[]") else fires).add(name)
    # Where one series of a test fires and another does not, the list that is expected says both.
    told_apart = {"TriplineDeadLetters", "TriplineDeadLetterFlood", "TriplineReloadFailed"}
    assert alerts - fires == set()
    assert alerts - silent - told_apart == set()


def expectations():
    """Each alert that a test asks about, and what stands behind its `exp_alerts:`."""
    for file in PROMETHEUS.glob("*_test.yaml"):
        asked = re.split(r"alertname: ", file.read_text())[1:]
        for text in asked:
            yield re.match(r"\w+", text).group(), text.split("exp_alerts:", 1)[1].strip()


def rule_files():
    return [PROMETHEUS / "rules.yaml", PROMETHEUS / "alerts.yaml"]


class Prometheus:
    """A Prometheus that scrapes every half second and does not wait as long as ours does before it alerts."""

    def __init__(self, folder, targets):
        self.url = f"http://127.0.0.1:{free_port()}"
        # The expressions are ours to the letter; only the waiting is cut short, and the time over which `up` is averaged.
        for file in rule_files():
            text = re.sub(r"^(\s+)(for|interval): \d+m$", r"\1\2: 1s", file.read_text(), flags=re.MULTILINE)
            text = re.sub(r'(up\{job="tripline"\})\[\d+m\]', r"\1[5s]", text)
            (folder / file.name).write_text(text)
        targets = json.dumps([target.removeprefix("http://") for target in targets])
        (folder / "prometheus.yml").write_text(
            f"""
global: {{ scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s }}
rule_files: [rules.yaml, alerts.yaml]
scrape_configs:
  - job_name: tripline
    static_configs: [{{ targets: {targets} }}]
"""
        )
        config = f"--config.file={folder}/prometheus.yml"
        checked = subprocess.run([tool("promtool"), "check", "config", f"{folder}/prometheus.yml"], capture_output=True)
        assert checked.returncode == 0, checked.stderr.decode()
        listen = f"--web.listen-address={self.url.removeprefix('http://')}"
        self.process = subprocess.Popen(
            [tool("prometheus"), config, listen, f"--storage.tsdb.path={folder}/data", "--log.level=warn"],
            stderr=open(folder / "prometheus.log", "wb"),
        )
        wait_for("ready Prometheus", lambda: get(f"{self.url}/-/ready")[0] == 200)

    def query(self, expression):
        """The result of an instant query; fails where Prometheus refuses it."""
        status, text = get(f"{self.url}/api/v1/query?{urllib.parse.urlencode({'query': expression})}")
        answer = json.loads(text)
        assert answer["status"] == "success", f"{expression}: {answer}"
        return answer["data"]["result"]

    def alert(self, name):
        """Its state: firing, pending or nothing."""
        alerts = json.loads(get(f"{self.url}/api/v1/alerts")[1])["data"]["alerts"]
        return next((alert["state"] for alert in alerts if alert["labels"]["alertname"] == name), None)

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


@pytest.fixture
def prometheus(tmp_path):
    made = []

    def start(*targets):
        folder = tmp_path / f"prometheus-{len(made)}"
        folder.mkdir()
        made.append(Prometheus(folder, targets))
        return made[-1]

    yield start
    for one in made:
        one.close()


ALLOW = """
allow:
  - id: made-up-newsroom
    text: A newsroom that the test knows.
    basis: made up
    effect: none
    when: record.attributes['newsroom'] == 'true'
"""


def everything_there_is(broker, running):
    """Records of every outcome: clean, flagged, allowed, hidden, empty, unreadable, and a registration."""
    broker.produce(running.posts, [post(n, "今天天气很好") for n in range(100)])
    broker.produce(running.posts, [post(n, LISTED) for n in range(20)] + [post(n, "·".join(LISTED)) for n in range(5)])
    broker.produce(running.posts, [post(n, LISTED, author={"id": "u", "newsroom": "true"}) for n in range(5)])
    broker.produce(running.posts, ["{", {"value": None, "key": "deleted"}])
    broker.produce(running.registrations, [json.dumps({"account_id": "a", "display_name": LISTED})])


def test_prometheus_answers_every_query_of_the_dashboard(broker, service, prometheus, tmp_path):
    (tmp_path / "allow.yaml").write_text(ALLOW)
    running = service(rules=[ROOT / "rules", tmp_path / "allow.yaml"]).start()
    seen = prometheus(running.http)
    # Half of it before the first scrape and half after it, so that there is something that grew.
    everything_there_is(broker, running)
    wait_for("a scrape", lambda: seen.query('up{job="tripline"} == 1'))
    everything_there_is(broker, running)
    total = 'sum(tripline_records_total{job="tripline"})'
    wait_for("the last record in a scrape", lambda: seen.query(f"{total} >= 266"))

    for name in recorded():
        wait_for(f"data of {name}", lambda name=name: seen.query(name), seconds=20)
    queries = dashboard_queries()
    assert len(queries) > 20, "the dashboard asks something"
    silent = [query for query in queries if not patient(seen, query)]
    assert silent == []
    assert running.stop() == 0


def patient(seen, query):
    """Whether there is an answer, also when what it is made of was scraped once so far."""
    try:
        return wait_for(query, lambda: seen.query(query), seconds=10)
    except pytest.fail.Exception:
        return False


def recorded():
    names = re.findall(r"- record: (\S+)", (PROMETHEUS / "rules.yaml").read_text())
    return [name for name in names if name]


def dashboard_queries():
    """Every expression of every panel and variable, with Grafana's variables filled in."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            if isinstance(node.get("expr"), str):
                found.append(node["expr"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(DASHBOARD.read_text()))
    return sorted({filled_in(expression) for expression in found})


def filled_in(expression):
    def value(match):
        name = match.group(1) or match.group(2)
        assert name in VARIABLES, f"{expression}: what is ${name}?"
        return VARIABLES[name]

    return re.sub(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)", value, expression)


def test_an_alert_fires_when_the_consumer_is_stopped_and_ends_when_it_is_back(broker, service, prometheus):
    running = service().start()
    seen = prometheus(running.http)
    everything_there_is(broker, running)
    wait_for("a scrape", lambda: seen.query('up{job="tripline"} == 1'))
    # Before its first scrape it knew of nobody.
    wait_for("silence of TriplineDown", lambda: seen.alert("TriplineDown") is None)

    running.stop(signal.SIGKILL)
    wait_for("TriplineDown", lambda: seen.alert("TriplineDown") == "firing")

    running.start()
    wait_for("the end of TriplineDown", lambda: seen.alert("TriplineDown") is None)
    assert running.stop() == 0
