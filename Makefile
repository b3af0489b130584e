# `make run` serves the site, `make test` checks it; both set themselves up. `make install` gets everything ready for a
# server that runs it as another user. `make lock` chooses versions again, `make messages` brings new sentences into the catalogues for translators.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run install test lock messages

run: .venv/run-ready
	@exec $(BIN)/python app.py

install: .venv/run-ready
	$(BIN)/python -c 'from pathlib import Path; from core.catalogue import compile_stale; compile_stale(Path("translations").absolute())'
	$(BIN)/python -m compileall -q -x '[.]venv|tests' .

test: .venv/test-ready
	$(BIN)/python -m pytest $(ARGS)

lock:
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/pip install --quiet uv
	.venv/lock/bin/uv pip compile --quiet --upgrade --universal --no-emit-index-url --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	.venv/lock/bin/uv pip compile --quiet --upgrade --universal --no-emit-index-url --generate-hashes --no-header --python-version 3.11 -c requirements.lock pyproject.toml --group test -o requirements-test.lock

messages: .venv/run-ready
	$(BIN)/pybabel --quiet extract --mapping babel.cfg --keyword N_ --no-location --no-wrap --output .venv/messages.pot .
	$(BIN)/pybabel --quiet update --input .venv/messages.pot --output-dir translations --no-fuzzy-matching --no-wrap --ignore-pot-creation-date

$(BIN)/python:
	@command -v git > /dev/null || { echo "git is needed." >&2; exit 1; }
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/run-ready: requirements.lock | $(BIN)/python
	@echo "Fetching what the site stands on: a minute or two, the first time." >&2
	$(INSTALL) -r requirements.lock
	@touch $@

.venv/test-ready: requirements-test.lock | $(BIN)/python
	$(INSTALL) -r requirements-test.lock
	@touch $@ .venv/run-ready
