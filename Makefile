# Everything a person does with this repository. `make` alone lists it.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
# Compiled modules are kept: without them each process compiles the world anew.
unexport PYTHONDONTWRITEBYTECODE

# The first Python of the machine that is recent enough; make PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
PY := .venv/bin/python
PACKAGES := $(sort $(notdir $(wildcard services/*/src/*_service)))
CODE := services infra/embedded tests conftest.py

##@ Use it

.PHONY: run
run: front ## Start the whole product on this machine; prints its address; Ctrl-C stops it
	@$(PY) -m embedded up

.PHONY: reset
reset: setup ## Erase the data of `make run`: the next start is a first start
	@$(PY) -m embedded reset

.PHONY: secrets
secrets: setup ## Write .env, the secrets docker-compose.yml asks for: make secrets DOMAIN=portail.exemple.fr
	@test -n "$(DOMAIN)" || { echo "✗ make secrets DOMAIN=portail.exemple.fr" >&2; exit 1; }
	@$(PY) -m embedded secrets "$(DOMAIN)" .env

##@ Work on it

.PHONY: setup
setup: ## Make .venv from the lock (done by the other targets)
	@test -n "$(PYTHON)" || { echo "✗ No Python 3.11 or later here. Install one, or: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "✗ $(PYTHON) is older than 3.11." >&2; exit 1; }
	@$(PYTHON) infra/embedded/bootstrap.py

.PHONY: front
front: setup ## Install and build the front end, if a source changed
	@$(PY) -m embedded.frontend

.PHONY: openapi
openapi: setup ## Write openapi/ from the code and the front end's client from openapi/
	@mkdir -p openapi/facts
	@for package in $(PACKAGES); do $(PY) -m servicekit contract "$$package" || exit; done
	@$(PY) -m embedded.frontend run client

.PHONY: format
format: setup ## Format the Python code and mend what ruff can
	@$(PY) -m ruff check --fix $(CODE) && $(PY) -m ruff format $(CODE)

.PHONY: lock
lock: setup ## Lock what the pyprojects name; UPGRADE=1 also takes newer versions
	@infra/embedded/lock.sh

##@ Check it

.PHONY: test
test: setup browser front lint drift test-front ## Everything, pytest last
	@printf '\n── pytest\n'
	@$(PY) -m pytest -n 2

.PHONY: lint
lint: setup ## Style, types, boundaries between packages
	@printf '\n── ruff\n'
	@$(PY) -m ruff check $(CODE)
	@$(PY) -m ruff format --check $(CODE)
	@printf '\n── mypy\n'
	@$(PY) -m mypy $(filter-out conftest.py,$(CODE))
	@$(PY) -m mypy conftest.py  # a name that tests/ has too
	@printf '\n── import-linter\n'
	@.venv/bin/lint-imports --no-logo

.PHONY: drift
drift: front ## Are openapi/ and the front end's client what the code says?
	@printf '\n── contracts and client\n'
	@fresh=$$(mktemp -d) && mkdir "$$fresh/facts" && trap 'rm -r "$$fresh"' EXIT && \
	for package in $(PACKAGES); do $(PY) -m servicekit contract "$$package" --folder "$$fresh" || exit; done && \
	{ diff -ru openapi "$$fresh" || { echo "✗ openapi/ differs from the code: make openapi, and commit." >&2; exit 1; }; }
	@$(PY) -m embedded.frontend run client -- --check

.PHONY: test-front
test-front: front ## Lint and tests of the front end (its build has checked the types)
	@printf '\n── front end\n'
	@$(PY) -m embedded.frontend run lint
	@$(PY) -m embedded.frontend run test

.PHONY: rules
rules: setup ## Each rule of the domain: the code that applies it, the test that proves it, or why not yet
	@$(PY) tests/rules

.PHONY: bench
bench: setup ## Measured against promised, beside a peer, in one run on this machine
	@$(PY) tests/bench

.PHONY: browser
browser: ## Install Chromium for the browser tests, where apt is there
	@$(PYTHON) infra/embedded/bootstrap.py browser

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
