# make serve    the search page over the seed articles, at http://127.0.0.1:8000
# make test     every test, the browser's too
# make check    what a change must pass: lint, types and every test
# make bench    the measurements that README shows

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

HOST ?= 127.0.0.1
PORT ?= 8000
SOURCE ?= seeds
INDEX ?= index

# Nothing is activated and no script of the environment is called by name, so that the folder may
# be moved. A stamp says what is installed; it is out of date when pyproject.toml changes.
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check install --quiet

.PHONY: help
help:
	@sed -n 's/^# make/make/p' Makefile

.PHONY: serve
serve: $(VENV)/.installed
	$(RUN) -m searcher reindex $(SOURCE) --index $(INDEX)
	$(RUN) -m searcher serve --index $(INDEX) --host $(HOST) --port $(PORT)

.PHONY: test
test: $(VENV)/.installed-dev
	$(RUN) -m pytest --cov

# The index is one that any Whoosh can read: the engine's tests, on the last of its first author's.
.PHONY: test-whoosh2
test-whoosh2: $(VENV)/.installed-whoosh2
	PYTHONPATH=$(VENV)/whoosh2 $(RUN) -m pytest tests/test_engine_*.py

.PHONY: lint
lint: $(VENV)/.installed-dev
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check

.PHONY: types
types: $(VENV)/.installed-dev
	$(RUN) -m mypy

.PHONY: check
check: lint types test test-whoosh2

.PHONY: bench
bench: $(VENV)/.installed-bench
	$(RUN) -m bench

.PHONY: clean
clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        $$python -m venv $(VENV) && touch $@ && exit 0; \
	        echo "$$python cannot make an environment: install its venv module" \
	            "(Debian, Ubuntu: apt install python3-venv)." >&2; \
	        exit 1; \
	    fi; \
	done; \
	echo "Searcher needs Python 3.11 or newer and found none. Install one from" \
	    "https://www.python.org/downloads/ or name it: make serve PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	@echo "Installing what Searcher needs; this takes a minute." >&2
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.made pyproject.toml
	@echo "Installing what the tests need; this takes a minute." >&2
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-whoosh2: $(VENV)/.installed-dev
	$(PIP) --no-deps --upgrade --target $(VENV)/whoosh2 whoosh==2.7.4
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.made pyproject.toml
	$(PIP) --editable '.[dev,bench]'
	@touch $@ $(VENV)/.installed-dev $(VENV)/.installed
