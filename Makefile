# Each target does all its own set-up on a fresh Debian or Ubuntu machine with git, make and Python 3.11+.
SHELL := /bin/bash
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run test coverage prove matrix check bench compare soak readability pictures sbom lock format

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | column -t -s $$'\t'

setup: ## install everything that running takes
	@tools/setup

setup-tests: ## install everything that testing takes
	@tools/setup tests

run: setup ## the portal at http://127.0.0.1:8000 (web and worker)
	.venv/bin/kyberkunto serve

test: setup-tests ## every test, on real servers in a network of its own
	tools/test

coverage: setup-tests ## the same tests, and how many of the branches they take (half as long again)
	KYBERKUNTO_COVERAGE=1 tools/test

prove: setup-tests ## every fix that can be pasted, applied to a broken domain: does it mend it?
	tools/test tests/farm/test_broken.py

matrix: setup-tests ## who may do what: everybody x every path x every method x whose it is
	KYBERKUNTO_TEST_MATRIX=1 tools/test tests/portal/matrix -qq

check: setup-tests ## ruff, mypy --strict, import-linter
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup-tests ## timings, as ratios; never part of the tests
	tools/bench

compare: setup-tests ## the same domains seen by checkdmarc, sslyze and testssl.sh; results go to docs/compare.md
	tools/compare

soak: setup-tests ## the tests again with the full counts; results go to docs/soak/
	tools/soak

readability: setup-tests ## how hard our English is to read; the figures go to docs/readability.md
	$(PYTHON) -m tools.readability

pictures: setup-tests ## the pictures in docs/pictures/, from the real portal
	$(PYTHON) tools/make_pictures.py

sbom: setup-tests ## the bill of materials (CycloneDX) of what runs; goes to var/sbom.cdx.json
	$(PYTHON) -m tools.sbom

format: ## let ruff arrange the code
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: ## pin all dependencies anew, with hashes and without addresses
	@tools/lock
