"""Verdicts as other programs read them: Python's CloudEvents and confluent-kafka, kcat, and a JSON Schema validator."""

import json
import subprocess

import pytest
from cloudevents.core.bindings import kafka as cloudevents
from cloudevents.core.formats.json import JSONFormat
from conftest import LISTED, ROOT, post, tool
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = ROOT / "deploy/schema"
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]


def validator(name):
    """The schema of that file, with those it refers to."""
    files = sorted(SCHEMAS.glob("*.json"))
    resources = [(file.name, Resource.from_contents(json.loads(file.read_text()))) for file in files]
    return Draft202012Validator(json.loads((SCHEMAS / name).read_text()), registry=Registry().with_resources(resources))


def one_of_each_codec(broker, topic):
    """For each codec a flagged post and a clean one, in a batch of their own."""
    for number, codec in enumerate(CODECS):
        flagged = {"key": codec, "value": post(number, f"看，{LISTED}，{codec}"), "timestamp": 1_767_225_600_000}
        broker.produce(topic, [flagged, post(100 + number, "茶很好喝。" * 50)], **{"compression.type": codec})


def event_of(message):
    """A Kafka message as the CloudEvents SDK reads it, whatever its content mode."""
    headers = dict(message.headers())
    return cloudevents.from_kafka(cloudevents.KafkaMessage(headers, message.key(), message.value()), JSONFormat())


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_python_reads_the_verdicts_of_records_in_every_codec(broker, service, mode):
    running = service(mode=mode).start()
    one_of_each_codec(broker, running.posts)
    broker.produce(running.registrations, [json.dumps({"account_id": "a-1", "display_name": LISTED})])

    messages = broker.read(running.verdicts, len(CODECS) + 1)
    assert running.stop() == 0

    by_key = {message.key(): event_of(message) for message in messages}
    assert sorted(key.decode() for key in by_key if key) == sorted(CODECS)
    data_schema = validator("verdict.v1.schema.json")
    for message in messages:
        event = event_of(message)
        assert (event.get_specversion(), event.get_type()) == ("1.0", "tripline.verdict.v1")
        assert event.get_source().startswith("/tripline/")
        data_schema.validate(event.get_data())
        mention = event.get_data()["mentions"][0]
        assert (mention["name"], mention["text"]) == (LISTED, LISTED)
    of_zstd = by_key[b"zstd"]
    assert of_zstd.get_subject().startswith(f"{running.posts}/")
    assert of_zstd.get_time().isoformat() == "2026-01-01T00:00:00+00:00"
    assert (of_zstd.get_data()["action"], of_zstd.get_data()["record"]["author"]) == ("flag", "u-4")
    of_registration = by_key[None].get_data()
    assert (of_registration["record"]["kind"], of_registration["action"]) == ("registration", "review")
    if mode == "structured":
        whole = validator("verdict.v1.cloudevent.schema.json")
        for message in messages:
            whole.validate(json.loads(message.value()))


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_kcat_reads_the_same_in_a_shell(broker, service, mode):
    running = service(mode=mode).start()
    broker.produce(running.posts, [{"key": "k-1", "value": post(1, f"{LISTED} 揭牌")}])
    [message] = broker.read(running.verdicts, 1)
    assert running.stop() == 0

    read = [tool("kcat"), "-C", "-q", "-e", "-b", broker.bootstrap, "-t", running.verdicts, "-o", "beginning", "-J"]
    [line] = subprocess.run(read, check=True, capture_output=True, text=True, timeout=60).stdout.splitlines()
    seen = json.loads(line)
    headers = dict(zip(seen["headers"][::2], seen["headers"][1::2], strict=True))
    assert seen["key"] == "k-1"
    value = json.loads(seen["payload"])
    if mode == "binary":
        assert headers["ce_type"] == "tripline.verdict.v1"
        assert headers["ce_id"] == dict(message.headers())["ce_id"].decode()
        data = value
    else:
        assert headers["content-type"].startswith("application/cloudevents+json")
        data = value["data"]
    assert data["record"]["id"] == "p-1"


def test_receipts_and_dead_letters_are_readable_too(broker, service):
    running = service().start()
    broker.produce(running.posts, [{"key": "k", "value": "no json", "headers": [("trace", b"t-1")]}, post(1, "茶")])
    [letter] = broker.read(running.dead_letters, 1)
    headers = dict(letter.headers())
    assert (letter.key(), letter.value(), headers["trace"]) == (b"k", b"no json", b"t-1")
    assert headers["tripline.error.class"] == b"invalid-json"
    assert headers["tripline.source.topic"].decode() == running.posts

    def judged(receipts):
        return sum(json.loads(receipt.value())["records"] for receipt in receipts)

    receipts = broker.read(running.receipts, lambda found: judged(found) >= 2)
    assert running.stop() == 0
    schema = validator("receipt.v1.schema.json")
    counts = [json.loads(receipt.value()) for receipt in receipts]
    for count in counts:
        schema.validate(count)
    assert judged(receipts) == 2
    assert sum(count["outcomes"]["dead_letter"] for count in counts) == 1
