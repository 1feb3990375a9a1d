# Love Chat. `make help` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test check format migrate bench guard-eval guard-train lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## serve everything at http://localhost:8000 (PORT=8010 changes the port)
	@PORT="$(PORT)" exec $(BIN)/python -m lovechat run

test: $(VENV)/dev.stamp ## the whole test suite; starts and stops what it needs
	@$(BIN)/python -m tests

check: $(VENV)/dev.stamp ## format, lint, types and import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/ty check --error-on-warning
	@$(BIN)/lint-imports

format: $(VENV)/dev.stamp ## mend the format and what lint can mend by itself
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

migrate: $(VENV)/run.stamp ## bring the database to this version's schema
	@$(BIN)/python -m lovechat migrate

bench: $(VENV)/dev.stamp ## measure streaming against a bare relay, and what the guard costs
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.guard

guard-eval: $(VENV)/dev.stamp ## measure the guard; fails below its targets
	@$(BIN)/python -m tests.guard_eval

guard-train: $(VENV)/train.stamp ## train the guard's models on the sentences anew
	@$(BIN)/python -m tests.guard_eval.train

lock: $(VENV)/dev.stamp ## pin the requirements anew from pyproject.toml
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group train -c requirements-dev.txt -o requirements-train.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Love Chat needs Python 3.11 or later; try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing requirements …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(BIN)/python
	@echo "Installing requirements for development …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

$(VENV)/train.stamp: requirements-train.txt | $(VENV)/dev.stamp
	@echo "Installing requirements for training …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-train.txt
	@touch $@
