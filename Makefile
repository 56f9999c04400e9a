PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= .demo
EXAMPLES ?= 50
SEED ?= 1
VENV := .venv
BIN := $(VENV)/bin
NODE := tests/node/node_modules
CLIENT := clients/typescript
.DEFAULT_GOAL := help
.PHONY: help demo test lint lint-contract contract-gates schemathesis check bench bench-servers fuzz lock format contract clients clean viewer screenshots tables links proxy

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements/run.txt pyproject.toml
	@echo "installing what the service needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "installing what the tests need into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Without Node.js there is nothing to install, and the tests that need it are skipped.
%/node_modules/.installed: %/package-lock.json
	@if command -v npm >/dev/null; then echo "installing what $* needs of Node.js ..." && \
		npm ci --prefix $* --ignore-scripts --no-audit --no-fund --silent && touch $@; fi

demo: $(VENV)/.run ## start everything with fictional people on http://127.0.0.1:8000 (PORT=… DATA_DIR=…)
	@exec $(BIN)/support-api demo --port $(PORT) --data-dir "$(DATA_DIR)"

test: $(VENV)/.dev $(NODE)/.installed $(CLIENT)/node_modules/.installed ## run all tests on a PostgreSQL of their own
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

lint: $(VENV)/.dev ## format, lint, types and layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lint-contract: $(NODE)/.installed ## lint the contract with the NL API Design Rules, without a network (needs Node.js)
	@$(NODE)/.bin/spectral lint --ruleset openapi/rules/nl-api-design-rules-2.2.0.yaml --fail-severity hint openapi/support-api.yaml

contract-gates: $(VENV)/.dev $(NODE)/.installed ## may this contract be released: made by the code, by the rules, breaking no promise
	@$(BIN)/python -m tests.contract.gates

schemathesis: $(VENV)/.dev ## hold the service to its contract with more generated requests (EXAMPLES=… SEED=…)
	@SCHEMATHESIS_EXAMPLES=$(EXAMPLES) SCHEMATHESIS_SEED=$(SEED) $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal tests/schemathesis

check: lint ## the quick loop: lint, and the fast tests
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal -m "not slow and not node and not browser and not nginx and not promtool"

bench: $(VENV)/.dev ## measure against the bare yardstick, in one run
	@$(BIN)/python -m bench

bench-servers: $(VENV)/.dev ## measure Granian beside uvicorn with the same application (docs/adr/0010)
	@$(BIN)/python -m bench.servers

fuzz: $(VENV)/.dev ## send mutants of good requests to a served process (N=… SEED=… ONLY=…)
	@$(BIN)/python -m tests.hostile.fuzz $(or $(N),20000) "$(SEED)" "$(ONLY)"

contract: $(VENV)/.run ## write openapi/support-api.yaml and docs/glossary.md anew from the code
	@$(BIN)/support-api openapi > openapi/support-api.yaml.new && mv openapi/support-api.yaml.new openapi/support-api.yaml
	@$(BIN)/support-api glossary > docs/glossary.md.new && mv docs/glossary.md.new docs/glossary.md

clients: $(VENV)/.dev $(CLIENT)/node_modules/.installed ## make the example clients from the contract (TypeScript needs Node.js)
	@$(BIN)/openapi-python-client generate --path openapi/support-api.yaml --config openapi/python-client.yaml \
		--meta none --overwrite --fail-on-warning --output-path clients/python/support_api_client
	@if command -v npm >/dev/null; then npm run --prefix $(CLIENT) --silent generate && npm run --prefix $(CLIENT) --silent build; \
	else echo "without Node.js there is no client in TypeScript"; fi

tables: $(VENV)/.dev ## write docs/invariants.md, docs/access-matrix.md and the tables of docs/running.md anew from code and tests
	@$(BIN)/python -m tests.deploy.made_tables
	@$(BIN)/python -m tests.invariants.page
	@$(BIN)/python -m tests.access.matrix.page

links: $(VENV)/.dev ## do the links to other sites still lead somewhere (needs a network)
	@$(BIN)/python -m tests.docs.external

proxy: $(VENV)/.dev ## write deploy/nginx/compose.conf anew from support-api.conf
	@$(BIN)/python -m tests.proxy.made_conf

format: $(VENV)/.dev ## put the code in the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

viewer: $(VENV)/.python $(NODE)/.installed ## carry the API viewer anew, in the version of tests/node/package.json (needs Node.js)
	@$(BIN)/python -m tests.pages.viewer

screenshots: $(VENV)/.dev ## make the pictures in docs/images anew (needs Chromium)
	@$(BIN)/python -m tests.browser.screenshots

lock: $(VENV)/.python ## make the hashed requirement files anew from requirements/*.in
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@for f in run dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header requirements/$$f.in -o requirements/$$f.txt; done

clean: ## remove the environment and the demo's data
	@rm -rf $(VENV) .demo
