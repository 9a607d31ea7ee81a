# `make demo` and `make test` each work alone on a machine with git, make and Python 3.11 or newer.

VENV := .venv
BIN := $(VENV)/bin

# The first Python that really starts (a pyenv shim may exist and fail), is new enough and can make
# a virtual environment. `make PYTHON=/path/to/python test` decides instead.
CANDIDATES := python3.14 python3.13 python3.12 python3.11 python3
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in $(CANDIDATES); do \
	if $$each -c '$(USABLE)' >/dev/null 2>&1; then echo $$each; break; fi; done)

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# What is installed for development can run the demo too.
DEMO_READY := $(firstword $(wildcard $(VENV)/.installed-dev) $(VENV)/.installed-embedded)
DEV_READY := $(VENV)/.installed-dev

.PHONY: help demo test lint docs corpus bench clean

help:
	@echo 'make demo   play the day of a developer on three databases of its own, under a minute'
	@echo 'make test   everything that must hold: format, lint, types, layers, tests'
	@echo 'make lint   the same without the tests'
	@echo 'make docs   write the generated pages again'
	@echo 'make corpus what the linter finds in labelled migrations, beside plain squawk'
	@echo 'make bench  measure beside a peer'
	@echo 'make clean  remove the virtual environment and every cache'

demo: $(DEMO_READY)
	$(BIN)/migrate-hooks demo

test: lint
	$(BIN)/python -m pytest

lint: $(DEV_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(DEV_READY)
	$(BIN)/python docs/generate.py

corpus: $(DEV_READY)
	$(BIN)/python -m tests.lint.figures

bench: $(DEV_READY)
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.installed-%: pyproject.toml | $(BIN)/pip
	$(PIP) --editable '.[$*]'
	@touch $@

# pip comes last when a virtual environment is made, so an interrupted one is made again.
$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo 'No Python 3.11 or newer with the venv module was found.' \
		'Install one (Debian: python3-venv), or run: make PYTHON=/path/to/python'; exit 1; }
	$(PYTHON) -m venv $(VENV)
