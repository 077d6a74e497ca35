# Every command sets up what it needs. Another Python: make test PYTHON=python3.13

PYTHON ?= python3
ARGS ?=
# Processes that run the tests; most of the time they wait, so that two gain on two cores.
WORKERS ?= 2

VERSION := $(or $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null),none)
VENV := .venv/$(VERSION)
DEV_VENV := .venv/$(VERSION)-dev
EVENTLET_VENV := .venv/$(VERSION)-eventlet
NODE_VENV := .venv/$(VERSION)-node
BIN := $(VENV)/bin
DEV_BIN := $(DEV_VENV)/bin
WITH_NODE := PATH="$(CURDIR)/$(BIN):$(CURDIR)/$(NODE_VENV)/bin:$$PATH"
# What is tested and measured has what a user installs, and nothing of what tests it.
ON_TRIAL := RUNTIME_VENV=$(CURDIR)/$(VENV) EVENTLET_VENV=$(CURDIR)/$(EVENTLET_VENV)

RUNTIME := $(VENV)/.runtime
DEV := $(DEV_VENV)/.dev
EVENTLET := $(EVENTLET_VENV)/.runtime
NODE := $(NODE_VENV)/.runtime
DEMO := $(VENV)/.demo
CLIENT := client/dist/index.html
CLIENT_TOOLS := client/node_modules/.package-lock.json
CLIENT_SOURCES := $(shell find client/src client/public client/tools -type f ! -name '*.gen.ts') \
	$(wildcard client/*.html client/*.json client/*.ts rendezvous/protocol/*.py rendezvous/docs/*.py)
TEST_TOOLS := tests/tools/node_modules/.package-lock.json

LOCKED := requirements requirements-client requirements-demo requirements-eventlet requirements-dev

PIP_INSTALL := -m pip install --disable-pip-version-check --quiet --require-hashes
CHECKED := $(wildcard *.py assembly rendezvous tests bench simulate)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run demo test lint format bench simulate soak chaos attacks fuzz screenshots lock upgrade clean system-packages

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(RUNTIME) $(CLIENT) ## Install what the server needs into .venv
	@echo "Installed into $(VENV)"

run: $(RUNTIME) $(CLIENT) ## Serve on http://localhost:5000
	@exec $(BIN)/python run.py

demo: $(DEMO) $(CLIENT) ## The same, with bots that talk to whoever is alone
	@exec $(BIN)/python run.py --demo

test: $(DEV) $(RUNTIME) $(EVENTLET) $(CLIENT) $(TEST_TOOLS) system-packages ## Run the tests; ARGS="-k name" picks some
	cd client && $(WITH_NODE) npm test --silent
	$(WITH_NODE) $(ON_TRIAL) $(DEV_BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder $(ARGS)

lint: $(DEV) ## Check style, types and who imports whom
	$(DEV_BIN)/ruff check
	$(DEV_BIN)/ruff format --check
	$(DEV_BIN)/mypy $(CHECKED)
	$(DEV_BIN)/lint-imports --no-logo

format: $(DEV) ## Format the code, and fix what can be fixed by itself
	$(DEV_BIN)/ruff check --fix
	$(DEV_BIN)/ruff format

bench: $(DEV) $(RUNTIME) $(EVENTLET) $(NODE) ## Measure against Node and the plain stack
	$(WITH_NODE) $(ON_TRIAL) $(DEV_BIN)/python -m bench $(ARGS)

simulate: $(DEV) ## Let made-up crowds come, and see how well they are introduced
	$(DEV_BIN)/python -m simulate $(ARGS)

soak: $(DEV) $(RUNTIME) ## Look for leaks: thousands of chats against one server
	$(ON_TRIAL) $(DEV_BIN)/python -m tests.soak $(ARGS)

attacks: $(DEV) $(RUNTIME) system-packages ## Try what an attacker would, on every kind of store and database
	$(ON_TRIAL) $(DEV_BIN)/python -m tests.attacks $(ARGS)

fuzz: $(DEV) $(RUNTIME) ## Send a million broken packets to one server
	$(ON_TRIAL) $(DEV_BIN)/python -m tests.attacks.fuzz $(ARGS)

chaos: $(DEV) $(RUNTIME) system-packages ## Break everything that can break, under load, and see who notices
	$(ON_TRIAL) $(DEV_BIN)/python -m tests.chaos $(ARGS)

screenshots: $(DEV) $(RUNTIME) $(CLIENT) system-packages ## Take the pictures of the page for the README anew
	$(ON_TRIAL) $(DEV_BIN)/python -m tests.browser.screenshots

lock: $(DEV) ## Write the requirements*.txt anew after a change of a .in file
	@for name in $(LOCKED); do \
		$(DEV_BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
			$(LOCK_FLAGS) $$name.in --output-file $$name.txt || exit 1; \
	done

upgrade: LOCK_FLAGS := --upgrade
upgrade: lock ## The same, with the latest versions

clean: ## Remove everything that make has made
	rm -rf client/dist client/node_modules client/src/rendezvous/protocol.gen.ts
	rm -rf .venv tests/tools/node_modules bench/servers/node/node_modules
	rm -rf test-results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system-packages: tools/test-packages.txt
	@tools/system-packages.sh $$(sed 's/#.*//' $<)

.venv/%/.created:
	tools/make-venv.sh $(PYTHON) $(@D)
	@touch $@

$(RUNTIME): requirements.txt $(VENV)/.created
	$(BIN)/python $(PIP_INSTALL) -r $<
	@touch $@

$(DEMO): requirements-demo.txt $(RUNTIME)
	$(BIN)/python $(PIP_INSTALL) -r $<
	@touch $@

$(DEV): requirements-dev.txt $(DEV_VENV)/.created
	$(DEV_BIN)/python $(PIP_INSTALL) -r $<
	@touch $@

$(EVENTLET): requirements-eventlet.txt $(EVENTLET_VENV)/.created
	$(EVENTLET_VENV)/bin/python $(PIP_INSTALL) -r $<
	@touch $@

$(NODE): requirements-client.txt tools/link-node.sh $(NODE_VENV)/.created
	$(NODE_VENV)/bin/python $(PIP_INSTALL) -r $<
	@tools/link-node.sh $(NODE_VENV)
	@touch $@

$(CLIENT_TOOLS): client/package-lock.json | $(NODE)
	cd client && $(WITH_NODE) npm ci
	@touch $@

# Its types are made from the models of the protocol, so it is built anew when those change.
$(CLIENT): $(CLIENT_SOURCES) $(CLIENT_TOOLS) | $(RUNTIME)
	cd client && $(WITH_NODE) npm run build --silent

$(TEST_TOOLS): tests/tools/package-lock.json | $(NODE)
	cd tests/tools && $(WITH_NODE) npm ci --no-fund --no-audit --no-update-notifier
