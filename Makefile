# make episode   sets up and makes the sample episode          make test   sets up and runs the tests
# make lint      ruff, mypy                                     make pins   renews constraints.txt (needs uv)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
ARTICLE ?= episodes/night-library.txt

.PHONY: episode test lint pins clean

episode: $(VENV)/.product
	$(BIN)/python produce.py render $(ARTICLE)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.product: pyproject.toml constraints.txt | $(VENV)/bin/python
	@# The compiled vocoder comes along wherever numba has a wheel; without it numpy speaks, at half the speed.
	$(PIP) --editable '.[fast]' || $(PIP) --editable .
	@# As pip does for what is not editable: a start without it takes a fifth of a second more where Python may not write.
	$(BIN)/python -m compileall -q yomicast
	touch $@

$(VENV)/.dev: $(VENV)/.product requirements-dev.txt
	$(PIP) --requirement requirements-dev.txt
	touch $@

pins:
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra fast --extra cluster --extra publish --extra coqui pyproject.toml requirements-dev.txt requirements-bench.txt --output-file constraints.txt

clean:
	rm -rf $(VENV)
