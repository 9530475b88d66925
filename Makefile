# Everything a newcomer needs. `make` alone lists the targets; each does its own set-up.
PYTHON ?= python3
ENGINE ?= embedded
BIN := .venv/bin
PATHS := postroom.py cli models producers workers tests deploy benchmarks docs
FAST := tests/rules $(patsubst %,tests/test_%.py,commands laws lifecycle policy tokens letter understanding statements)

EDITOR := producers/workspace/static/editor.js

.DEFAULT_GOAL := help
.PHONY: help run test check lint demo bench docs screenshots lock clean engines

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

# A sample world: no mail leaves, its clock can be moved, and a reminder goes out after two days.
run: export POSTROOM_PROFILE ?= demo
run: export POSTROOM_CLOCK_FILE ?= $(if $(filter demo,$(POSTROOM_PROFILE)),var/clock)
run: export POSTROOM_REMINDER_AFTER ?= $(if $(filter demo,$(POSTROOM_PROFILE)),P2D)
run: .venv/ready $(EDITOR) ## start the embedded product with sample customers
	@$(BIN)/python -m postroom run

test: .venv/ready $(EDITOR) engines ## all tests, real RabbitMQ and PostgreSQL included
	$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder

check: lint ## style, types, import laws and the tests without servers
	$(BIN)/python -m pytest $(FAST) -k "not postgres"

lint: .venv/ready ## style, types and import laws
	$(BIN)/ruff check $(PATHS)
	$(BIN)/ruff format --check $(PATHS)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

demo: .venv/ready $(if $(filter rabbitmq,$(ENGINE)),engines) ## the whole life of an interaction, checked; ENGINE=rabbitmq for the production shape
	@$(BIN)/python -m postroom demo --engine $(ENGINE)

bench: .venv/ready engines ## measure; writes a table and a plot
	$(BIN)/python -m benchmarks

docs: .venv/ready ## generate the reference pages
	$(BIN)/python -m docs.generate

screenshots: .venv/ready engines ## take the README's pictures of the workspace again
	@$(BIN)/python -m docs.screenshots

engines: # RabbitMQ and PostgreSQL as programs; nothing is started
	@sh deploy/install-engines.sh

lock: ## pin the newest versions that pyproject.toml allows
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --upgrade "pip>=25.1" "setuptools>=77"
	.venv-lock/bin/python -m pip install --quiet --group dev .
	(echo "# Written by \`make lock\`; used by the Makefile, CI and the Dockerfile."; \
	 .venv-lock/bin/python -m pip list --format=freeze --exclude pip --exclude postroom) > requirements.lock
	rm -rf .venv-lock build postroom.egg-info

# The lock decides; --no-build-isolation keeps the build itself pinned too.
.venv/ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version) if sys.version_info < (3, 11) else 0'
	@echo "Installing what requirements.lock names…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Formatted letters; without npm or its registry they are plain, and nothing stops.
$(EDITOR): $(addprefix producers/workspace/editor/,package.json package-lock.json editor.js) | .venv/ready
	@$(BIN)/python -m deploy.editor

clean: ## remove what was generated; the data folder var stays
	rm -rf $(EDITOR) producers/workspace/editor/node_modules .venv .venv-lock build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis benchmarks/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
