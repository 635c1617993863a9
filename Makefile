# The two commands: make run, make test. Both set up what they need in .venv.
PYTHON ?= $(shell for each in python3.13 python3.12 python3.11 python3; do \
	command -v $$each >/dev/null 2>&1 && $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $$each && break; done)
BIN := .venv/bin

.PHONY: run test prove lint bench clean setup setup-dev

run: setup
	@$(BIN)/med demo --site . --serve

test: setup-dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal

prove: setup-dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal --prove

lint: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: setup-dev
	@$(BIN)/python -m bench

setup: .venv/run-ready
setup-dev: .venv/dev-ready

.venv/python-ready:
	@test -n "$(PYTHON)" || { echo "Medfrist needs Python 3.11 or newer. Install it (Debian: apt install python3 python3-venv), or name it: make run PYTHON=/path/to/python3.12"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make a virtual environment. Install it (Debian: apt install python3-venv), then run make again."; exit 2; }
	@echo "Setting up Medfrist in .venv (once)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run-ready: .venv/python-ready requirements/run.txt pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements/run.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev-ready: .venv/run-ready requirements/dev.txt tests/parts.sh
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements/dev.txt
	@sh tests/parts.sh
	@touch $@

clean:
	rm -rf .venv var calendars/published
