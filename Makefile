# make quiz    set up everything and start a session
# make test    set up everything and run every check
#
# Needs Python 3.11 or newer, and make (GNU make 3.81 will do). Everything lands in .venv.

SHELL = /bin/sh
VENV = .venv
BIN = $(VENV)/bin
PYTEST = $(BIN)/python -m pytest

.PHONY: quiz test lint types imports unit e2e check check-all bench mutate docs schemas digests diagnosis clean simulate

quiz: $(VENV)/.run
	@$(BIN)/osdrill

test: lint types imports check unit
	@echo "all checks passed"

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

unit: $(VENV)/.dev
	$(PYTEST) -n 2 --dist loadfile

e2e: $(VENV)/.dev
	$(PYTEST) -m pty

check: $(VENV)/.dev
	$(BIN)/osdrill check --seeds 20

check-all: $(VENV)/.dev
	$(BIN)/osdrill check --seeds 200
	OSDRILL_KILLS=300 $(PYTEST) tests/trainer/store/test_faults.py tests/e2e/test_kills.py -k kill

bench: $(VENV)/.dev
	$(BIN)/python tools/bench.py

mutate: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group mutate
	$(BIN)/python tools/mutate.py

simulate: $(VENV)/.dev
	$(BIN)/python tools/simulate.py

docs: $(VENV)/.dev
	$(BIN)/python tools/docs.py

schemas: $(VENV)/.dev
	$(BIN)/python -m tools.schemas

digests: $(VENV)/.dev
	$(BIN)/python -m tools.digests

diagnosis: $(VENV)/.dev
	$(BIN)/python -m tools.diagnosis

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The first Python from 3.11 on; a venv without pip means that the distribution splits it off.
$(VENV)/bin/python:
	@python=; for one in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	  if $$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$one; break; fi; done; \
	if [ -z "$$python" ]; then echo "osdrill needs Python 3.11 or newer; python3 --version tells yours." >&2; exit 1; fi; \
	if ! $$python -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; fi; \
	echo "Setting up in $(VENV), once (about a minute) …"; \
	$$python -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip

$(VENV)/.run: pyproject.toml $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@ $(VENV)/.run
