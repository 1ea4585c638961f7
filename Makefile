# make setup: .venv and what runs     make run: everything on 127.0.0.1:$(PORT)
# make test: all tests                make lint / bench / drills: for developers
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run test lint drills bench
MAKEFLAGS += --no-print-directory
# The tests start dozens of processes; none of them shall compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
python := .venv/bin/python
# More words for the tool, such as: make test ARGS="tests/rankings -n0"
ARGS ?=

help:
	@sed -n '1,2s/^# //p' Makefile

setup:
	@SETUP_SAYS_READY=$(if $(filter setup,$(MAKECMDGOALS)),1) bin/with-python bin/bootstrap.py

setup-tests:
	@bin/with-python bin/bootstrap.py --tests

run: setup
	@$(python) bin/run.py

test: setup-tests
	@$(python) -m pytest -n auto --maxschedchunk 1 $(ARGS)

lint: setup-tests
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

drills: setup-tests
	@$(python) -c "import atheris" 2>/dev/null || $(python) -m pip install -q \
	  --disable-pip-version-check -r tests/drills/requirements.txt || true
	@$(python) -m pytest -n auto -m drill $(ARGS) tests/drills

bench: setup-tests
	@$(python) -c "import pandas" 2>/dev/null || $(python) -m pip install -q \
	  --disable-pip-version-check -r bench/requirements.txt || true
	@$(python) -m bench $(ARGS)
