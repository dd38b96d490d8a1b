#!/bin/bash
# Made-up records, over and over: posts as people write them, small talk above all, and now and then a registration.
set -uo pipefail

producer() { # TOPIC; records on stdin
    /opt/kafka/bin/kafka-console-producer.sh --bootstrap-server "$BOOTSTRAP" --topic "$1"
}

slowly() { # FILE PAUSE
    while IFS= read -r line; do
        printf '%s\n' "$line"
        sleep "$2"
    done <"$1"
}

posts() {
    while :; do
        while IFS= read -r line; do
            slowly /feed/chat.ndjson 0.1
            printf '%s\n' "$line"
        done </feed/posts.ndjson
    done
}

registrations() {
    while :; do
        slowly /feed/registrations.ndjson 2
    done
}

# Ends when one of the two does; the container is then started anew.
posts | producer posts &
registrations | producer registrations &
wait -n
