# Two commands do everything: `make demo` (set up, read the examples, answer, let the local model write) and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LIBRARY ?= build/demo-library
SHARED ?= ../shared

.PHONY: setup demo test test-slow test-local-model check chat eval bench

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Jupilu needs Python 3.11 or newer: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,local]'
	touch $@

demo: setup ## read the example records, ask five questions, then let the local model write (NO_MODEL=1 leaves it out)
	$(BIN)/jupilu ingest examples/records --library $(LIBRARY)
	$(BIN)/python -m examples.demo $(LIBRARY)
ifndef NO_MODEL
	@echo "Next: the local language model, 1.1 GB, fetched once (NO_MODEL=1 leaves it out)"
	$(BIN)/jupilu models pull
	$(BIN)/python -m examples.demo $(LIBRARY) --written
endif

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
	$(BIN)/python -m eval.studies.everything --shared $(SHARED)

bench: setup ## speed and memory, as ratios measured side by side in one run
	$(BIN)/python -m eval.studies.bench --shared $(SHARED)
	$(BIN)/python -m eval.studies.bench_scoring
