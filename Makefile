# The commands of Callboard. `make run` starts a studio's server; `make test` runs the tests. Both work on a fresh clone.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run work test check format routes permissions audit lint types layers migrations

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/run.stamp: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements.txt requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch .venv/run.stamp $@

run: .venv/run.stamp ## install what runs, make the studio ready, serve it at http://localhost:8000
	@exec $(BIN)/python manage.py serve

work: .venv/run.stamp ## run jobs in a process of their own
	@exec $(BIN)/python manage.py work

test: .venv/dev.stamp ## run the tests, on SQLite or on the PostgreSQL server of DATABASE_URL
	$(BIN)/python -m pytest

check: lint types layers migrations ## format, lint, types, import order, migrations

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp
	$(BIN)/mypy

layers: .venv/dev.stamp
	$(BIN)/lint-imports

migrations: .venv/dev.stamp
	$(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/dev.stamp ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

audit: .venv/dev.stamp ## ask the advisories about every installed package
	@$(BIN)/python .ci/audit.py

routes: .venv/run.stamp ## print every route with its view and its check
	@$(BIN)/python manage.py routes

permissions: .venv/run.stamp ## print every check, for whom it holds, and the routes that it guards
	@$(BIN)/python manage.py permissions
