#!/bin/bash
# The topics that the feeder writes, once.
set -euo pipefail
for topic in posts registrations; do
    /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$BOOTSTRAP" --create --if-not-exists --topic "$topic" --partitions 4
done
