# `make` lists what it can do. PYTHON chooses the interpreter: make book PYTHON=python3.12
# DEPENDENCIES: pinned (as in requirements.txt), or the newest or oldest that pyproject.toml allows,
# in an environment of their own: make test DEPENDENCIES=newest
PYTHON ?= python3
DEPENDENCIES ?= pinned
VENV := .venv$(patsubst %,-%,$(filter-out pinned,$(DEPENDENCIES)))
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/.ready
PEERS := .venv-peers
MUTATION := .venv-mutation

.DEFAULT_GOAL := help
.PHONY: book test pdf links lighthouse notebooks assignments grade bench fuzz times versions mutation flaky lint requirements peers address clean help

book: $(READY)  ## Build the site and print the page to open
	@$(BIN)/python -m book.build

test: $(READY)  ## Run every test
	@$(BIN)/python -m pytest -n 2 --cov

pdf: $(READY)  ## Print the whole book into one PDF (needs Chromium)
	@$(BIN)/python -m book.pdf

links: $(READY)  ## Ask whether the pages that the book links to are there (needs a network)
	@$(BIN)/python -m book.links

lighthouse: $(READY)  ## Judge some pages by Lighthouse, on a phone (needs npm, Chromium, a network once)
	@$(BIN)/python -m book.lighthouse

notebooks: $(READY)  ## Execute the notebooks and write them back
	@$(BIN)/python -m book.execute

assignments: $(READY)  ## Generate the assignments' student versions
	@$(BIN)/python -m coursework release

SUBMISSIONS ?= $(error name the folder or zip of submissions: make grade SUBMISSIONS=… ASSIGNMENT=…)
ASSIGNMENT ?= $(error name the assignment: make grade SUBMISSIONS=… ASSIGNMENT=…)
grade: $(READY)  ## Grade them: make grade SUBMISSIONS=folder ASSIGNMENT=name
	@$(BIN)/python -m coursework grade "$(SUBMISSIONS)" --assignment "$(ASSIGNMENT)" $(GRADE)

bench: $(READY)  ## Time the losses against plain NumPy and, after make peers, their peers
	@PEERS=$(PEERS) $(BIN)/python -m benchmarks.bench
	@$(BIN)/python -m benchmarks.page

fuzz: $(READY)  ## Let Hypothesis search for ten minutes
	@$(BIN)/python -m benchmarks.fuzz
	@$(BIN)/python -m benchmarks.page

times: $(READY)  ## Time every notebook
	@$(BIN)/python -m benchmarks.notebooks
	@$(BIN)/python -m benchmarks.page

versions: $(READY)  ## Test with the oldest and newest dependencies on each Python that is here
	@$(BIN)/python -m pip install --quiet uv
	@PATH="$(BIN):$$PATH" $(BIN)/python -m benchmarks.versions
	@$(BIN)/python -m benchmarks.page

mutation: $(MUTATION)/.ready  ## Test the tests of lossfns: about an hour; one file: make mutation FILES=hinge.py
	@$(MUTATION)/bin/python -m benchmarks.mutation $(FILES)
	@$(BIN)/python -m benchmarks.page

RUNS ?= 10
flaky: $(READY)  ## Run all tests ten times: make flaky RUNS=10
	@$(BIN)/python -m benchmarks.flaky --runs $(RUNS)
	@$(BIN)/python -m benchmarks.page

lint: $(READY)  ## Check the style of the code
	@$(BIN)/ruff check && $(BIN)/ruff format --check

requirements: $(READY)  ## Pin the newest versions that pyproject.toml allows
	@$(BIN)/python -m pip install --quiet uv
	@rm requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	  --extra losslab --group book --group test --group coursework --group lint --no-annotate \
	  --no-emit-index-url --custom-compile-command "make requirements" \
	  --output-file requirements.txt pyproject.toml
	@$(BIN)/uv pip compile --quiet --python-platform x86_64-manylinux_2_28 --python-version 3.11 \
	  --extra losslab --constraint requirements.txt --no-annotate --no-emit-index-url \
	  --custom-compile-command "make requirements" --output-file .binder/requirements.txt pyproject.toml

address: $(READY)  ## Copy the repository's address from _config.yml to where it cannot be read
	@$(BIN)/python -m book.address $(URL) $(BRANCH)

peers: $(PEERS)/.ready  ## Install PyTorch, Keras and optax, so that the Rosetta table is checked in full

clean:  ## Remove everything that make made
	@rm -rf .venv .venv-* _build .coverage .hypothesis .pytest_cache .ruff_cache *.egg-info

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

# The environment is made again only when what it holds has changed.
problem = $(shell if command -v $(PYTHON) >/dev/null; then \
  $(PYTHON) book/check_python.py $(PYTHON) 2>/dev/null || echo "$(PYTHON) does not start: $(other)"; \
  else echo "$(PYTHON) was not found: $(other)"; fi)
other = install Python 3.11 or newer, or name yours, for example: make book PYTHON=python3.12

pip = $(BIN)/python -m pip install --quiet --disable-pip-version-check
resolve = $(pip) uv && $(BIN)/uv pip install --quiet --python $(BIN)/python -r pyproject.toml \
  --extra losslab --group book --group test --group coursework --group lint --resolution
install-pinned = $(pip) -r requirements.txt
install-newest = $(resolve) highest
install-oldest = $(resolve) lowest-direct

$(READY): requirements.txt pyproject.toml
	$(if $(wildcard $(BIN)/python*),,$(if $(problem),$(error $(problem))))
	@test -e $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the $(DEPENDENCIES) requirements into $(VENV): once, about a minute"
	@$(install-$(DEPENDENCIES))
	@$(pip) --no-deps --no-build-isolation --editable .
	@touch $(READY)

# PyTorch has a small build without CUDA on an index of its own; the ordinary one is the fallback.
pip-peers = $(subst $(VENV)/,$(PEERS)/,$(pip))

$(PEERS)/.ready: requirements-peers.txt
	@test -e $(PEERS) || $(PYTHON) -m venv $(PEERS)
	@echo "Installing the peers into $(PEERS): once, 1.6 GB, about two minutes"
	@$(pip-peers) --retries 0 --timeout 15 --index-url https://download.pytorch.org/whl/cpu \
	  $$(grep '^torch==' requirements-peers.txt) 2>/dev/null || true
	@$(pip-peers) -r requirements-peers.txt
	@touch $@

$(MUTATION)/.ready: $(READY)
	@test -e $(MUTATION)/bin/python || $(PYTHON) -m venv $(MUTATION)
	@$(subst $(VENV)/,$(MUTATION)/,$(pip)) -r requirements.txt cosmic-ray==8.7.0
	@touch $(MUTATION)/.ready
