SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test quality quality-names test-clients bench lint

NEEDS := tests/prerequisites.sh
CARGO := cargo
say = printf '\n== %s\n' "$(1)"

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## the demo: a Kafka inside the process, sample records, their verdicts; ARGS="--for 30s" are its arguments
	@$(NEEDS) rust c
	@$(CARGO) run --locked -- demo $(ARGS)

test: ## every test that needs only Rust and Kafka; KAFKA_BOOTSTRAP=host:port uses a broker of yours instead of Java
	@$(NEEDS) rust c kafka
	@$(call say,the core alone: no Kafka and no C compiler)
	@$(CARGO) test --locked --no-default-features
	@$(call say,everything: the service and a real Kafka)
	@$(CARGO) test --locked
	@$(call say,all tests passed)

quality: ## how well is judged: the exams of tests/corpus as tables; QUALITY_HALF=dev|test|both, QUALITY_EXAM=name,name
	@$(NEEDS) rust
	@$(call say,how well is judged)
	@$(CARGO) test --locked --no-default-features --quiet --test quality -- --nocapture --test-threads 1

# Fetched and never committed; of one commit, so that figures compare. MIT.
NAME_BENCH := https://raw.githubusercontent.com/opensanctions/nomenklatura/502208c22543a0ca8f394a2509c8be55738dbb38/contrib/name_bench/cases.csv
NAME_BENCH_SHA256 := cfec1e99b182337f0a9931191e6bae2a7e88694b4c3da0a2ebff3d7e4a9c84e6

quality-names: ## how well names are compared, by pairs that others labelled (fetched); TRIPLINE_NAME_BENCH=FILE takes yours
	@$(NEEDS) rust
	@$(call say,how well names are compared)
	@file="$$TRIPLINE_NAME_BENCH"; if [ -z "$$file" ]; then file="$(CURDIR)/target/name-bench.csv"; mkdir -p target; \
	  curl -fsSL --retry 2 -o "$$file" "$(NAME_BENCH)" && echo "$(NAME_BENCH_SHA256)  $$file" | sha256sum -c --quiet - \
	  || { echo "the pairs could not be fetched from $(NAME_BENCH)"; exit 1; }; fi; \
	  TRIPLINE_NAME_BENCH="$$file" $(CARGO) test --locked --no-default-features --quiet --test quality names:: -- --nocapture --test-threads 1

test-clients: ## other people's programs against ours: kcat, Python's Kafka and CloudEvents clients, Prometheus and promtool
	@$(call say,the clients of others: kcat and Python and Prometheus)
	@tests/clients/run $(ARGS)

bench: ## release builds: speed as ratios to a baseline of the same run
	@$(NEEDS) rust c kafka
	@$(CARGO) bench --locked $(ARGS)

lint: ## formatting, clippy, documentation, licences and sources of what we depend on
	@$(NEEDS) rust lint c
	@$(call say,cargo fmt)
	@$(CARGO) fmt --check
	@$(call say,clippy: everything)
	@$(CARGO) clippy --locked --all-targets -- -D warnings
	@$(call say,clippy: the core alone)
	@$(CARGO) clippy --locked --all-targets --no-default-features -- -D warnings
	@$(call say,documentation)
	@RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps
	@$(call say,licences and sources)
	@$(CARGO) test --locked --no-default-features --quiet --test architecture dependencies
