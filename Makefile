# `make` alone starts the demo. Any Python >= 3.7 may run the bootstrap; it looks for 3.12 or newer itself.
.DEFAULT_GOAL := run
.PHONY: run test test-long bench lint format lock clean demo-reset icons help
BOOT := $(firstword $(ANLIEGEN_PYTHON) $(shell command -v python3 || command -v python || echo python3))
PY := .venv/bin/python

run: ## Prepare everything, load the demo company if empty, and start Anliegen (Ctrl-C ends it)
	@$(BOOT) tools/bootstrap.py run
	@exec $(PY) -m anliegen.project.cli serve --demo

test: ## Run every test (SQLite, then the action tests on PostgreSQL); ARGS="-k name" narrows
	@$(BOOT) tools/bootstrap.py dev
	@exec $(PY) tools/test.py $(ARGS)

test-long: ## The long figures: more rounds of crash, property and concurrency tests
	@$(BOOT) tools/bootstrap.py dev
	@exec $(PY) tools/test.py --long $(ARGS)

bench: ## Measure pages, actions and the engine on both databases
	@$(BOOT) tools/bootstrap.py dev
	@exec $(PY) -m bench $(ARGS)

lint: ## Everything that can be checked without running the product
	@$(BOOT) tools/bootstrap.py dev
	@exec $(PY) tools/lint

format: ## Put code into the common form and repair what can be repaired
	@$(BOOT) tools/bootstrap.py dev
	@$(PY) -m ruff format -q . && exec $(PY) -m ruff check -q --fix .

lock: ## Renew requirements/*.txt from requirements/*.in
	@$(BOOT) tools/bootstrap.py lock

demo-reset: ## Remove the demo company and load it afresh
	@$(BOOT) tools/bootstrap.py run
	@$(PY) -m anliegen.project.cli migrate
	@$(PY) -m anliegen.project.cli demo wipe --yes
	@$(PY) -m anliegen.project.cli demo load

icons: ## Renew the icon subset from its list
	@$(BOOT) tools/bootstrap.py dev
	@exec $(PY) tools/icons.py

clean: ## Remove what the bootstrap made; the demo's data in var/ too
	rm -rf .venv .tools node_modules var

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
