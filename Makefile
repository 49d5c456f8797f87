# The words of this project. Each works on a machine that has Python 3.11 or later and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test check format bench gate docs accuracy scale index stories floors digests clean

setup: .venv/ready

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: setup
	$(BIN)/dedup report corpus/articles.jsonl

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# A peer that cannot be installed here is no error: its rows say so. Without matplotlib there is no picture.
.venv/bench: .venv/ready
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]' && touch $@

bench: .venv/bench
	$(BIN)/python -m bench.run

gate: .venv/bench
	$(BIN)/python -m bench.gate

docs: setup
	$(BIN)/python -m pytest tests/docs tests/test_readme.py tests/test_doors.py

accuracy: .venv/bench
	$(BIN)/python -m bench.accuracy

scale: .venv/bench
	$(BIN)/python -m bench.scale

index: .venv/bench
	$(BIN)/python -m bench.index

stories: setup
	$(BIN)/python -m bench.stories

floors: setup
	$(BIN)/python -m bench.gate --accuracy

digests: setup
	$(BIN)/python -m bench.digests

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
