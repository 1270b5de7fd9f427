# The two commands: `make demo` and `make test`. Each sets everything up by itself (.venv in this folder).
SHELL := /bin/sh
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check format eval train bench clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make or refresh .venv
	@scripts/setup.sh

demo: setup ## play the founding story on a local site: three days, from draft to alert
	@$(BIN)/limen demo

run: setup ## crawl the real catalogue once (needs the network)
	@$(BIN)/limen run

check: setup ## format, lint, types, layers, fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -q -n 2 -m "not slow" tests/unit tests/property

test: setup ## everything: check, golden, integration, end to end, accuracy floors
	@scripts/browser.sh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

format: setup ## rewrite the code in its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: setup ## accuracy on the annotated corpora
	$(BIN)/python -m tests.eval

train: setup ## fit the models anew to the passages in training/corpus (two hours)
	@scripts/train.sh

bench: setup ## speed, as ratios in one run
	$(BIN)/python -m benchmarks

clean: ## remove what make made
	rm -rf .venv demo-data .mypy_cache .ruff_cache .pytest_cache .hypothesis
