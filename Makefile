# The words of this project. Each works on a machine that has Python 3.11 or later and make.
export PYTHON ?= python3
BIN := .venv/bin
CORE := pyproject.toml CMakeLists.txt $(wildcard dedup/core/*)

.PHONY: setup demo test check format bench gate docs accuracy scale index spark stories floors digests sanitize fuzz wheel clean

setup: .venv/ready

.venv/ready: $(CORE)
	tools/install '[dev]'
	touch $@ .venv/main

# What the main job needs, without the developer's tools.
.venv/main: $(CORE)
	tools/install
	touch $@

demo: .venv/main
	$(BIN)/dedup report corpus/articles.jsonl

test: setup
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

.venv/typescript/ready: tools/typescript | .venv/ready
	tools/typescript
	touch $@

check: setup .venv/typescript/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/oxlint --config dedup/render/html/oxlint.json dedup/render/html
	PATH="$$PATH:$(BIN)" .venv/typescript/node_modules/.bin/tsc --project dedup/render/html

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# A peer that cannot be installed here is no error: its rows say so. Without matplotlib there is no picture.
.venv/bench: .venv/ready
	-tools/extras bench && touch $@

bench: .venv/bench
	$(BIN)/python -m bench.run

gate: .venv/bench
	$(BIN)/python -m bench.gate

# The site needs the extra `docs` and not the package, so nothing is compiled for it.
EXTRA := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"])

.venv/docs: pyproject.toml
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $$($(BIN)/python -c '$(EXTRA)')
	touch $@

docs: .venv/docs
	$(BIN)/python -m tools.make_site
	$(BIN)/zensical build --clean --strict

accuracy: .venv/bench
	$(BIN)/python -m bench.accuracy

scale: .venv/bench
	$(BIN)/python -m bench.scale

index: .venv/bench
	$(BIN)/python -m bench.index

# The articles are those of DEDUP_ARTICLES.
spark: setup
	tools/extras spark
	$(BIN)/python -m bench.spark
	$(BIN)/python -m bench.spark.skew
	$(BIN)/python -m bench.spark.failures
	$(BIN)/python -m bench.spark.cost

stories: setup
	$(BIN)/python -m bench.stories

floors: setup
	$(BIN)/python -m bench.gate --accuracy

digests: setup
	$(BIN)/python -m bench.digests

# The core under the address and undefined-behavior sanitizers, which needs g++; a few minutes.
sanitize: setup
	tools/sanitize

fuzz: setup
	tools/fuzz

wheel:
	tools/wheel

clean:
	rm -rf .venv build dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
