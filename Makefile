# Careline. Run `make` alone for the list of what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
export PYTHON

.PHONY: help
help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: environment
environment:
	@cat requirements.lock requirements-setup.lock pyproject.toml 2>/dev/null | cmp -s - .venv/installed-run || scripts/setup-environment

.PHONY: test-environment
test-environment:
	@cat requirements-test.lock requirements-setup.lock pyproject.toml 2>/dev/null | cmp -s - .venv/installed-test || scripts/setup-environment test

.PHONY: setup
setup: environment ## Install everything, make the database, load the content
	@.venv/bin/careline prepare

.PHONY: run
run: environment ## Start Careline on this machine (installs first what is missing)
	@exec .venv/bin/careline run

.PHONY: doctor
doctor: environment ## Check this installation and say how to mend what is wrong
	@.venv/bin/careline doctor

.PHONY: test
test: test-environment ## Run everything: lint, types, tests on SQLite and on PostgreSQL with Redis
	@scripts/run-tests

.PHONY: lint
lint: test-environment ## Style, templates, import direction and types only
	@scripts/run-lint

.PHONY: lock
lock: environment ## Lock the dependencies anew, with hashes
	@scripts/lock-dependencies

.PHONY: clean
clean: ## Remove the environment and caches; the state folder stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
