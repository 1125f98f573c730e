# Lianxian. `make run` starts a hub with a demo; `make test` checks everything; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PY := $(VENV)/bin/python
WEB := clients/web
NATIVE := hub/media/native
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public $(WEB)/grid $(WEB)/index.html $(WEB)/*.ts $(WEB)/*.json $(WEB)/*.js -type f 2>/dev/null)
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: help run native test check lint types contracts web-check unit inproc e2e bench proof-recording rehearsal campaign matrix fuzz format notices docs pins clean system

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .stamps/runtime .stamps/web native ## Hub with the tree of Yueyang, demo accounts and four demo stations
	@$(PY) -m hub serve --demo

test: system .stamps/dev .stamps/web .stamps/tests-npm native ## Everything: format, lint, types, contracts, pages, unit, in-process, browsers
	@tools/check.sh

check: .stamps/dev .stamps/node ## The quick part of test: format, lint, types, contracts, pages
	@tools/check.sh quick

unit: .stamps/dev native ## Unit tests only
	@$(PY) -m pytest -n 2 --dist loadfile tests/unit

inproc: .stamps/dev .stamps/tests-npm native ## Tests with real processes, databases and sockets
	@$(PY) -m pytest -n 3 --dist loadfile tests/inproc

e2e: .stamps/dev .stamps/web .stamps/tests-npm native ## Tests in real browsers
	@$(PY) -m pytest tests/e2e

bench: system .stamps/dev .stamps/web .stamps/tests-npm native ## Measure, print, and write docs/benchmarks.md; ONLY="orders lists" renews those
	@$(PY) -m tests.bench $(if $(ONLY),--page $(ONLY))

proof-recording: system .stamps/dev native ## An hour of six tracks in step, and 50 kills -9 while six are recorded
	@$(PY) -m tests.bench recording_hour recording_kills recorder

rehearsal: system .stamps/dev native ## Convene 2,047 simulated stations and call the roll; writes rehearsal.html
	@$(PY) -m tests.rehearsal $(REHEARSAL)

campaign: system .stamps/dev native ## Hold a campaign of 2020's size with made-up people; its statistics have to show it
	@$(PY) -m tests.campaign $(CAMPAIGN)

matrix: system .stamps/dev .stamps/web .stamps/tests-npm native ## See what works with what, and write docs/compatibility.md
	@$(PY) -m tests.matrix $(if $(ONLY),--only "$(ONLY)")

fuzz: .stamps/fuzz native ## Fuzz what reads bytes of strangers, FUZZ_SECONDS (60) each, and write docs/fuzzing.md
	@$(PY) -m tests.fuzz $(TARGETS)

format: .stamps/dev ## Rewrite the code in the one format
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

system: ## Check for system packages; with root, install them
	@tools/system-packages.sh

native: $(NATIVE)/loops.so ## Compile the packet loops (without a C compiler Python does its work)

docs: .stamps/dev ## Write the lists of docs/ that the code knows
	@$(PY) -m tools.docs_lists

notices: .stamps/dev .stamps/node ## Write THIRD-PARTY-NOTICES from the pins and what is installed
	@$(PY) -m tools.third_party

pins: ## Renew the pinned dependencies (needs uv)
	@for f in installer runtime dev fuzz; do uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate -o requirements/$$f.txt requirements/$$f.in; done

clean: ## Remove what was built (not the data folder)
	@rm -rf $(VENV) .stamps $(NATIVE)/*.so $(WEB)/node_modules tests/npm/node_modules $(WEB)/dist test-artifacts

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (Debian: python3)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tools/system-packages.sh venv
	@$(PYTHON) -m venv $(VENV)

.stamps/installer: requirements/installer.txt | $(VENV)/bin/python
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@mkdir -p .stamps && touch $@

.stamps/runtime: requirements/runtime.txt .stamps/installer | $(VENV)/bin/python
	@echo "installing Python packages"; $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@mkdir -p .stamps && touch $@

.stamps/dev: requirements/dev.txt requirements/media.txt .stamps/runtime | $(VENV)/bin/python
	@echo "installing Python packages for tests"; $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/media.txt
	@mkdir -p .stamps && touch $@

.stamps/fuzz: requirements/fuzz.txt .stamps/dev
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@mkdir -p .stamps && touch $@

$(NATIVE)/loops.so: $(wildcard $(NATIVE)/*.c $(NATIVE)/*.h) tools/build-native.sh
	@tools/build-native.sh

.stamps/node: $(WEB)/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 22 with npm is needed to build the pages"; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit((a === 20 && b >= 19) || (a === 22 && b >= 13) || a > 22 ? 0 : 1)' || \
	  { echo "Node.js 22 (22.13 and newer, or 20.19 and newer of 20) is needed to build the pages; this is $$(node --version)"; exit 1; }
	@echo "installing packages for the pages"; cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p .stamps && touch $@

.stamps/tests-npm: tests/npm/package-lock.json
	@cd tests/npm && npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p .stamps && touch $@

.stamps/web: .stamps/node $(WEB_SOURCES) THIRD-PARTY-NOTICES
	@echo "building the pages"; cd $(WEB) && npm run --silent build
	@cp THIRD-PARTY-NOTICES $(WEB)/dist/third-party-notices.txt
	@mkdir -p .stamps && touch $@
