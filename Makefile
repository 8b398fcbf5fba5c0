# `make` lists what it can do. PYTHON chooses the interpreter: make book PYTHON=python3.12
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: book test notebooks lint requirements clean help

book: $(READY)  ## Build the site and print the page to open
	@$(BIN)/python -m book.build

test: $(READY)  ## Run every test
	@$(BIN)/python -m pytest -n 2 --cov

notebooks: $(READY)  ## Execute the notebooks and write them back
	@$(BIN)/python -m book.execute

lint: $(READY)  ## Check the style of the code
	@$(BIN)/ruff check && $(BIN)/ruff format --check

requirements: $(READY)  ## Pin the newest versions that pyproject.toml allows
	@$(BIN)/python -m pip install --quiet uv
	@rm requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	  --extra losslab --group book --group test --group lint --no-annotate --no-emit-index-url \
	  --custom-compile-command "make requirements" --output-file requirements.txt pyproject.toml

clean:  ## Remove everything that make made
	@rm -rf .venv _build .coverage .hypothesis .pytest_cache .ruff_cache *.egg-info

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

# The environment is made again only when what it holds has changed.
problem = $(shell if command -v $(PYTHON) >/dev/null; then \
  $(PYTHON) book/check_python.py $(PYTHON) 2>/dev/null || echo "$(PYTHON) does not start: $(other)"; \
  else echo "$(PYTHON) was not found: $(other)"; fi)
other = install Python 3.11 or newer, or name yours, for example: make book PYTHON=python3.12

$(READY): requirements.txt pyproject.toml
	$(if $(wildcard $(BIN)/python*),,$(if $(problem),$(error $(problem))))
	@test -e $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the pinned requirements into .venv: once, about a minute"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
