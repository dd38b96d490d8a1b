#!/usr/bin/env bash
# Makes sure that what a make target needs is on this machine. On a Debian-like system, as root, what is missing is
# installed; anywhere else the command that installs it is printed, and the exit code is 2.
#
# Usage: tests/prerequisites.sh NEED...
#   rust    cargo, at least the rust-version of Cargo.toml
#   lint    cargo's rustfmt and clippy
#   c       C and C++ compilers with their headers, make and perl: librdkafka and OpenSSL are built from source
#   kafka   a Java runtime and Maven, for a real Kafka in the tests; not with KAFKA_BOOTSTRAP=host:port
#   clients Python with venv, kcat, curl and Prometheus (which tests/clients/run unpacks where apt-get can fetch it)
#
# Only bash's own commands are used to find out: a bare system may have little else.
set -uo pipefail

here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
packages=()
trouble=()

have() { command -v "$1" >/dev/null 2>&1; }

# 1.95.0 -> 1095, so that versions compare as numbers
version_number() {
    [[ $1 =~ ^([0-9]+)\.([0-9]+) ]] && echo $((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2]))
}

minimum_rust() {
    local line
    while read -r line; do
        [[ $line =~ ^rust-version\ =\ \"([0-9.]+)\" ]] && echo "${BASH_REMATCH[1]}" && return
    done <"$here/../Cargo.toml"
}

need_rust() {
    local minimum found
    minimum=$(minimum_rust)
    if ! have cargo; then
        trouble+=("Rust is missing: tripline needs cargo $minimum or newer.")
    else
        found=$(cargo --version 2>/dev/null)
        found=${found#cargo }
        found=${found%% *}
        [ "$(version_number "${found:-0.0}")" -ge "$(version_number "$minimum")" ] && return
        trouble+=("Rust is too old: tripline needs cargo $minimum or newer, this is ${found:-unknown}.")
    fi
    trouble+=(
        "  Debian's own cargo package is older than that; install Rust with rustup (https://rustup.rs):"
        "    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
        "  or, where rustup is already there: rustup update stable"
    )
}

need_lint() {
    local part
    for part in fmt clippy; do
        have cargo && ! cargo "$part" --version >/dev/null 2>&1 || continue
        trouble+=("cargo $part is missing; install it with: rustup component add rustfmt clippy")
    done
}

need_c() {
    # Without its headers a compiler is of no use: Debian only recommends libc6-dev with gcc. librdkafka's C++ part is
    # built along with it, though nothing here uses it; g++ brings gcc and the headers of both.
    if ! c++ -E -x c++ - <<<'#include <cstdio>' >/dev/null 2>&1; then
        packages+=(g++)
    elif ! cc -E -x c - <<<'#include <stdio.h>' >/dev/null 2>&1; then
        packages+=(gcc libc6-dev)
    fi
    have make || packages+=(make)
    # Debian's perl-base lacks the modules that OpenSSL's build uses.
    perl -MIPC::Cmd -MFindBin -e 1 >/dev/null 2>&1 || packages+=(perl)
}

need_kafka() {
    [ -z "${KAFKA_BOOTSTRAP:-}" ] || return
    java_is_new_enough || packages+=(openjdk-17-jre-headless)
    have mvn || packages+=(maven)
}

need_clients() {
    python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || packages+=(python3-venv)
    have kcat || packages+=(kcat)
    have curl || packages+=(curl)
    { have prometheus && have promtool; } || have apt-get || packages+=(prometheus)
}

# Kafka 4 runs on Java 17 and newer: `openjdk version "17.0.15" ...`
java_is_new_enough() {
    local said
    said=$(java -version 2>&1) || return 1
    [[ $said =~ version\ \"([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 17 ]
}

install_packages() {
    echo "installing with apt-get: ${packages[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
}

say_packages() {
    echo "missing on this machine: ${packages[*]}"
    if have apt-get; then
        echo "  install them with: sudo apt-get install ${packages[*]}"
    else
        echo "  (names of Debian packages; your system's names may differ)"
    fi
    case " ${packages[*]} " in
    *maven* | *jre*) echo "  or give the tests a broker of yours: KAFKA_BOOTSTRAP=host:port make test" ;;
    esac
}

for need in "$@"; do
    case $need in
    rust | lint | c | kafka | clients) "need_$need" ;;
    *) trouble+=("unknown need: $need") ;;
    esac
done

if [ ${#trouble[@]} -gt 0 ]; then
    [ ${#packages[@]} -eq 0 ] || say_packages >&2
    printf '%s\n' "${trouble[@]}" >&2
    exit 2
fi
[ ${#packages[@]} -gt 0 ] || exit 0

if have apt-get && [ "$(id -u)" = 0 ]; then
    install_packages && exit 0
    # Newer releases have dropped Java 17; their default is newer.
    case " ${packages[*]} " in
    *openjdk-17*)
        packages=("${packages[@]/openjdk-17-jre-headless/default-jre-headless}")
        install_packages && exit 0
        ;;
    esac
    echo "apt-get could not install them" >&2
fi
say_packages >&2
exit 2
