# Two commands do everything: `make demo` (set up, read the examples, answer) and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LIBRARY ?= build/demo-library
SHARED ?= ../shared

.PHONY: setup demo demo-written test test-slow test-local-model check chat eval bench

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Jupilu needs Python 3.11 or newer: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,local]'
	touch $@

demo: setup ## read the example records and ask five questions
	$(BIN)/jupilu ingest examples/records --library $(LIBRARY)
	$(BIN)/python -m examples.demo $(LIBRARY)

demo-written: demo ## the same, and let the local language model write (1.1 GB are fetched once)
	$(BIN)/jupilu models pull
	$(BIN)/python -m examples.demo $(LIBRARY) --written

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not local_model"

test-slow: setup ## tests that take minutes: crashes, real records, large inputs
	$(BIN)/python -m pytest -m slow

test-local-model: setup ## the real local model behind the gate (fetches 1.1 GB once)
	$(BIN)/jupilu models pull
	$(BIN)/python -m pytest -m local_model

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

chat: setup
	$(BIN)/jupilu chat --library $(LIBRARY)

eval: setup ## the built-in cases over the examples, and over real records where they are
	$(BIN)/python -m eval.everything --shared $(SHARED)

bench: setup ## speed and memory, as ratios measured side by side in one run
	$(BIN)/python -m eval.bench --shared $(SHARED)
