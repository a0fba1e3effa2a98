# Two commands are enough for a newcomer: `make report` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
# Containers often forbid bytecode; every process that starts would compile the package anew.
export PYTHONDONTWRITEBYTECODE :=

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp makes a second call free; a changed lock or pyproject makes it run again.
.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"Python 3.11 or newer is needed; this is {v[0]}.{v[1]}. Say which one to use: make PYTHON=python3.12 ...")'
	@echo "Setting up .venv from requirements.lock (once, a few minutes) ..."
	@rm -rf .venv && $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: .venv/.ready  ## make .venv from the lock

report: setup  ## build every report from data/cakranegara into reports/
	@$(BIN)/cakra report

test: setup  ## run the whole test suite
	@$(BIN)/python -m pytest

fast: setup  ## run the tests that take under a minute together
	@$(BIN)/python -m pytest -m "not slow"

thorough: setup  ## the whole suite with many more cases (an hour)
	@CAKRA_THOROUGH=1 $(BIN)/python -m pytest

.venv-spark/.ready: requirements.lock pyproject.toml
	@rm -rf .venv-spark && $(PYTHON) -m venv .venv-spark
	@.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[spark]'
	@touch $@

spark: .venv-spark/.ready  ## the same sums on PySpark, in .venv-spark (needs Java 17)
	@.venv-spark/bin/python -m pytest tests/test_needs_sums.py

check: setup  ## lint, format and type checks
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

lab: setup  ## open JupyterLab on a guided tour
	@$(BIN)/jupyter lab notebooks/README.ipynb

region: setup  ## write data/cakranegara again from its seed
	@$(BIN)/cakra synthetic --to data/cakranegara

bench: setup  ## interval coverage and speed; writes docs/benchmarks.md
	@$(BIN)/python -m benchmarks

lock: setup  ## resolve requirements.lock again (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --extra dev pyproject.toml -o requirements.lock

.PHONY: help setup report test fast thorough spark check lab region bench lock
