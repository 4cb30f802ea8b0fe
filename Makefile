# The two commands a newcomer needs are `make repro` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# LightFM would compile itself for this very CPU, and its models would then differ from machine to machine.
export LIGHTFM_NO_CFLAGS := 1

LOCKS := $(wildcard requirements/*.lock)
NATIVE := $(wildcard src/recommender/native/*.h src/recommender/training/core/native/* src/recommender/peers/native/*)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: venv
venv: $(VENV)/.complete ## Make .venv from the hash-pinned locks (the other targets do it when needed)

$(VENV)/.complete: $(LOCKS) $(NATIVE) pyproject.toml setup.py requirements/make_venv.sh
	@requirements/make_venv.sh $(VENV) $(PYTHON)
	@docs/plots/draw.sh || echo "make venv: dvc plots show needs a network for now; 'make plots' tries again" >&2

.PHONY: repro
repro: venv ## Run what changed, from the raw CSVs to the recommendations, and print a summary
	@recommender repair
	@dvc repro
	@recommender summary

.PHONY: test
test: venv ## Run the whole test suite
	@pytest

.PHONY: lint
lint: venv ## Check style and types
	@ruff check
	@ruff format --check
	@mypy

.PHONY: plots
plots: venv ## Make `dvc plots show` and `dvc plots diff` work without a network, if `make venv` could not
	@docs/plots/draw.sh

.PHONY: bench
bench: venv ## Measure speed, memory and quality against peers (takes a while; BENCH="--quick" less so)
	@benchmarks/run.sh $(BENCH)

.PHONY: lock
lock: venv ## Resolve the dependencies again; UPGRADE="--upgrade" or "--upgrade-package NAME" moves pins
	@requirements/lock.sh $(UPGRADE)
