SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test quality test-clients bench lint

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
