"""Compiled code is kept, found again, and never older than what it was made from."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.kernels import compiling

PACKAGE = Path(compiling.__file__).parents[1]

HASH = """
import json, logging
logging.basicConfig()
import numpy as np
from dedup.kernels import hashing
value = hashing.xxh64(np.arange(99, dtype=np.uint8), 99)
stats = hashing.xxh64.stats
print(json.dumps([int(value), sum(stats.cache_hits.values()),
                  sum(stats.cache_misses.values())]))
"""

# Every kernel that a search, an explanation or a sketch calls, and how often it was compiled.
COUNT = """
import importlib, json, pkgutil
import numpy as np
import dedup, dedup.kernels
from dataclasses import replace
text = "The council voted nine to four to close the Elm Street library branch. "
articles = [dedup.Article(str(n), f"{n} opens. {text * n}") for n in range(1, 4)]
for name in ("news", "pan"):
    params = dedup.Params.preset(name)
    whole = replace(params, seed=replace(params.seed, min_bits=8),
                    align=replace(params.align, min_score=14, snap=0))
    for one in (params, whole):
        dedup.find_overlaps(articles, one)
        dedup.compare(articles[0], articles[1], one)
        dedup.explain(articles[0], articles[1], one)
dedup.sketch([text, ""])
dedup.sketch(dedup.TextBuffer(np.frombuffer(text.encode(), np.uint8), np.array([0, 9, 30])))
counts = {}
for found in pkgutil.iter_modules(dedup.kernels.__path__):
    module = importlib.import_module(f"dedup.kernels.{found.name}")
    for name, kernel in vars(module).items():
        if getattr(kernel, "__module__", "") == module.__name__ and hasattr(kernel, "signatures"):
            counts[f"{found.name}.{name}"] = len(kernel.signatures)
print(json.dumps(counts))
"""


def _start(code: str, package: Path = PACKAGE, **variables: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(package.parent)} | variables
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=package.parent,
        text=True,
    )


def _finish(process: subprocess.Popen[str]) -> tuple[object, str]:
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return json.loads(output), errors


@pytest.fixture
def package(tmp_path):
    """A copy of the package beside which nothing can be written."""
    copy = tmp_path / "site" / "dedup"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    # A file where the directory would be: not even root can write there.
    (copy / "kernels" / "__pycache__").write_text("")
    return copy


def test_two_processes_compile_at_once_and_a_third_finds_it(tmp_path):
    kept = {"NUMBA_CACHE_DIR": str(tmp_path)}
    answers = [_finish(process)[0] for process in [_start(HASH, **kept), _start(HASH, **kept)]]
    value, hits, misses = _finish(_start(HASH, **kept))[0]
    assert [answer[0] for answer in answers] == [value, value]
    assert (hits, misses) == (1, 0)


def test_an_installation_that_cannot_be_written_keeps_code_with_the_user(package, tmp_path):
    home = {"XDG_CACHE_HOME": str(tmp_path / "home"), "HOME": str(tmp_path / "home")}
    (_, _, misses), errors = _finish(_start(HASH, package, **home))
    (_, hits, _), _ = _finish(_start(HASH, package, **home))
    assert (misses, hits, errors) == (1, 1, "")


def test_without_any_directory_it_works_and_says_so(package):
    nowhere = {"XDG_CACHE_HOME": os.devnull, "HOME": os.devnull}
    for _ in range(2):
        (value, hits, _), errors = _finish(_start(HASH, package, **nowhere))
        assert value
        assert hits == 0
        assert errors.count("set NUMBA_CACHE_DIR") == 1


def test_nothing_is_compiled_twice(tmp_path):
    """Whole numbers for fractions, one article or many, a buffer or a list: one signature.

    From the start, since of what was kept only the outermost kernels are loaded.
    """
    counts, _ = _finish(_start(COUNT, NUMBA_CACHE_DIR=str(tmp_path)))
    for_any_tuples = {"pairing.to_array": counts.pop("pairing.to_array")}
    assert {name: count for name, count in counts.items() if count > 1} == {}
    # Rows of three, four and five whole numbers, and of three fractions.
    assert for_any_tuples == {"pairing.to_array": 4}
    assert sum(counts.values()) > 70


def _write(package: Path, **modules: str) -> Path:
    package.mkdir()
    for name, source in modules.items():
        (package / f"{name}.py").write_text(source)
    return package


def test_a_digest_heeds_what_is_imported_and_nothing_else(tmp_path):
    top = "import numpy\nfrom dedup.kernels.middle import (\n    a,\n)\n"
    middle = "from dedup.kernels.low import b\n"
    old = _write(tmp_path / "old", top=top, middle=middle, low="b = 1\n", other="c = 1\n")
    new = _write(tmp_path / "new", top=top, middle=middle, low="b = 2\n", other="c = 2\n")
    same = _write(tmp_path / "same", top=top, middle=middle, low="b = 1\n", other="c = 2\n")
    for module in ("top", "middle", "low"):
        assert compiling.digest(old, module) != compiling.digest(new, module)
        assert compiling.digest(old, module) == compiling.digest(same, module)


def test_kernels_import_one_another_as_the_digest_reads_it():
    """By ``from dedup.kernels.x import``: any other form would go unseen."""
    for path in (PACKAGE / "kernels").glob("*.py"):
        for line in path.read_text().splitlines():
            if "import" in line and "dedup" in line and not line.startswith(("    ", "#")):
                assert line.startswith("from dedup.kernels."), f"{path.name}: {line}"
