# make setup: .venv and what runs     make run: everything on 127.0.0.1:$(PORT)
# make test: all tests                make lint / bench / # pytest answers 5 when there is nothing to run.
drills: setup-tests
	@$(python) -m pytest -n auto -m drill $(ARGS) || { code=$$?; test $$code -eq 5; }

bench: setup-tests
	@if [ -d bench ]; then $(python) -m bench $(ARGS); else echo "还没有性能测量。"; fi
