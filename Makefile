# The commands of the project. `make` alone lists them.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ROWS ?= 10000
ENGINE ?= sqlite
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

export HOST PORT
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
# As pip does: a company's own certificates are known to the system alone.
export UV_SYSTEM_CERTS ?= 1

.PHONY: help setup data run test bench lint messages requirements clean
.DEFAULT_GOAL := help

help: ## List these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# Both in the background, because the shell heeds a signal only while it waits. When the server ends, or
# on Ctrl+C, both do.
run: .venv/.run data ## Serve the site with demo content on http://localhost:8000 (PORT=, HOST=, DATABASE_URL=)
	@export SITE_URL=$${SITE_URL:-http://localhost:$(PORT)}; \
	trap 'kill $$server $$worker 2>/dev/null; wait' EXIT; trap 'exit 0' INT TERM; \
	$(BIN)/gunicorn -c deploy/gunicorn.conf.py config.wsgi & server=$$!; \
	$(MANAGE) work & worker=$$!; \
	wait $$server

data: .venv/.run
	@DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -c '$(LOAD)'

setup: .venv/.dev ## Prepare a development environment in .venv

test: .venv/.dev ## Run the tests (ARGS= goes to pytest)
	@$(BIN)/python -m pytest $(ARGS)

bench: .venv/.dev ## Measure what answers cost (ROWS=10000, ENGINE=sqlite or postgresql, ARGS=)
	@$(BIN)/python -m bench.scale --rows $(ROWS) --engine $(ENGINE) $(ARGS)

lint: .venv/.dev ## Check the code and the templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check --tabwidth 2 templates

messages: .venv/.dev ## Collect the sentences to translate and compile the catalogues (needs gettext)
	$(MANAGE) makemessages --locale fr --extension html,txt,py --add-location file --no-wrap \
		--ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*' --ignore 'bench/*'
	$(MANAGE) compilemessages --ignore '.venv/*'

requirements: .venv/.dev ## Bring the pinned dependencies up to date
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-semantic.in -o requirements-semantic.txt

clean: ## Remove the environment and everything generated, the local database included
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .coverage var

COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11

# In one process, because each start of manage.py takes a second of the visitor's time.
LOAD := import django; django.setup(); from django.core.management import call_command as do; \
	do("migrate", verbosity=0); do("load_vocabulary"); do("load_demo"); do("rebuild_index", missing=True)

# What is installed, each stamp renewed when its list of dependencies changes. uv, whose pin is in
# requirements-dev.txt, installs ten times faster than pip; where it cannot be had, pip serves.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement $(1) \
	|| $(BIN)/pip install --quiet --require-hashes --requirement $(1)

.venv/.base: | requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Retex needs Python 3.11 or newer: make PYTHON=python3.11")'
	@echo "Preparing .venv …"
	@$(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/# via/p' requirements-dev.txt > .venv/uv.txt
	@$(BIN)/pip install --quiet --require-hashes --requirement .venv/uv.txt || echo "uv cannot be had: pip will take its time."
	@touch $@

.venv/.run: requirements.txt | .venv/.base
	@echo "Installing dependencies …"
	@$(call INSTALL,requirements.txt)
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/.base
	@echo "Installing dependencies …"
	@$(call INSTALL,requirements-dev.txt)
	@touch $@ .venv/.run

.venv/.semantic: requirements-semantic.txt | .venv/.dev
	@$(call INSTALL,requirements-semantic.txt)
	@touch $@
