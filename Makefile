# `make demo` shows Opslore at work, `make test` runs every test. Each installs what it needs into .venv
# once, and downloads nothing after that.

NEWEST := python3 python3.14 python3.13 python3.12 python3.11
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in $(NEWEST); do \
	$$each -c '$(RECENT)' 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n auto --dist worksteal
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check bench evaluate pictures clean

demo: .venv/demo
	@$(BIN)/opslore demo

# Without the npm registry everything else is still tested.
test: .venv/dev
	@$(MAKE) --no-print-directory .venv/page/package-lock.json || \
		echo "The page's code isn't checked, because its tools couldn't be installed."
	$(PYTEST)

check: .venv/dev .venv/page/package-lock.json
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.house.page
	$(PYTEST)

bench: .venv/dev
	$(BIN)/python -m tests.bench

evaluate: .venv/evaluation
	$(BIN)/python -m tests.recognition.evaluate

# The pictures of the README and docs/tour.md. Needs Chromium, like the tests of the
# page, and an emoji font.
pictures: .venv/dev
	$(BIN)/python -m tests.pictures

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each file marks an installation. If it's older than pyproject.toml, make installs again.
.venv/demo: pyproject.toml | $(BIN)/python
	@echo "Installing what the demo needs into .venv, once."
	@$(PIP) --editable '.[sandbox,semantic]'
	@touch $@

.venv/dev: pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need into .venv, once."
	@$(PIP) --editable '.[dev]'
	@touch $@ .venv/demo

.venv/evaluation: pyproject.toml | .venv/dev
	@echo "Installing what the evaluation needs into .venv, once."
	@$(PIP) --editable '.[dev,train]'
	@touch $@ .venv/dev .venv/demo

# Pinned npm packages that check the sandbox's page. If the machine has no npm, it comes from PyPI.
.venv/page/package-lock.json: tests/house/page/package-lock.json | .venv/dev
	@echo "Installing what checks the page's code into .venv/page, once."
	@$(BIN)/python -m tests.house.page --install
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Opslore needs Python 3.11 or newer; none was found. Name" \
		"one with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c '$(RECENT)' || { echo "$(PYTHON) is older than Python 3.11."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) can't create" \
		"virtual environments. Install its venv module (Debian, Ubuntu: apt install" \
		"python3-venv)."; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
