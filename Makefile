# What one does with Onrecord in a checkout; `make` alone lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help env dev up passwords test lint types imports check audit pythons faults model growth fuzz bench eval docs wheel containers lock clean

help: ## this list
	@echo "Onrecord: drop news articles into a folder; ask in SQL who said what, where and when."
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 - \2/p' Makefile

env: .venv/.installed ## build .venv with the locked dependencies and the onrecord command

.venv/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

dev: .venv/.dev ## the same, with what tests and checks need

.venv/.dev: requirements-dev.lock .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

up: env ## start all of it, ingest seeds/, and keep watching
	@exec $(BIN)/onrecord up

passwords: ## write new passwords for Docker Compose into .env; passwords that are there stay
	@umask 077; test -z "$$(tail -c 1 .env 2>/dev/null)" || echo >> .env; for name in DB READER REPORT BROKER WEB; do \
		grep -qs "^ONRECORD_$${name}_PASSWORD=" .env || echo "ONRECORD_$${name}_PASSWORD=$$(od -An -N24 -tx1 /dev/urandom \
			| tr -d ' \n')" >> .env; \
	done; chmod 600 .env; echo "The passwords are in .env, which only you can read."

test: dev ## the whole suite, on real servers
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder # three, since tests also wait; slow files come first

lint: dev ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: dev ## mypy, strict
	$(BIN)/mypy

imports: dev ## import directions
	$(BIN)/lint-imports

check: lint types imports ## lint, types and imports

audit: dev ## known vulnerabilities of the locked dependencies (.ci/audit-exceptions.toml: those lived with, and why)
	$(BIN)/python .ci/audit.py $(AUDIT)

pythons: ## try each Python from 3.11 to 3.14 that is here: install, store the sample articles, run tests
	$(PYTHON) .ci/pythons.py $(PYTHONS)

faults: dev ## the long form of the fault suite: real processes broken in every way we know; prints a table
	$(BIN)/python -m pytest tests/faults tests/integration/backups/test_backups_deaths.py -n 2 --dist load -m "" $(FAULTS)

model: dev ## 10,000 operations of the folder's model, with people who decide and with kills: make model SEED=7
	MODEL_SEED=$(or $(SEED),1) MODEL_OPERATIONS=$(or $(OPERATIONS),10000) \
		$(BIN)/python -m pytest tests/faults/test_faults_model.py -n 2 --dist load -m long

growth: dev ## the time of every stage for 50 shapes of text between 50 and 800 kB; needs a quiet machine
	$(BIN)/python -m pytest tests/unit/growth -m long -v

fuzz: dev ## at least 100,000 made-up inputs for every parser and the extractor; prints a table
	$(BIN)/python -m tests.fuzz $(FUZZ)

bench: dev ## the numbers of the README, each with its floor
	$(BIN)/python -m benchmarks

eval: env ## the extractor against a gold file: make eval GOLD=file.jsonl
	@test -n "$(GOLD)" || { echo 'Name the gold file: make eval GOLD=file.jsonl'; exit 2; }
	@$(BIN)/onrecord eval "$(GOLD)"

docs: dev ## write the outputs in docs/sql.md anew
	$(BIN)/python docs/regenerate_sql.py

wheel: dev ## build the wheel into dist/, and try a wheel where the oldest pip installs it
	$(BIN)/python -m hatchling build -t wheel
	$(BIN)/python -m pytest tests/integration/install/test_install_wheel.py -m long

containers: dev ## Docker Compose as a stranger uses it: two workers behind PgBouncer, the page; needs a Docker engine
	$(BIN)/python -m pytest tests/integration/install/test_install_compose.py -m long

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra build -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra build --extra dev -o requirements-dev.lock

clean: ## remove what was built, not what was stored
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
