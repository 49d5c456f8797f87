"""A few cases of the fuzzer of files; `tools/fuzz` runs many."""

from __future__ import annotations

import pytest

from tests.fuzz import samples
from tests.fuzz.files import run_case
from tests.fuzz.targets import TARGETS, WHOLE

pytest.importorskip("pyarrow")
pytest.importorskip("trafilatura")


@pytest.fixture(scope="module")
def corpus() -> dict[str, samples.Files]:
    made = samples.make()
    WHOLE.update(made["index"])
    return made


@pytest.mark.parametrize("target", TARGETS)
def test_damaged_files_are_read_or_refused(corpus: dict[str, samples.Files], target: str) -> None:
    assert set(corpus) == set(TARGETS)
    assert run_case(target, corpus[target], 0)  # nothing is damaged
    taken = {run_case(target, corpus[target], case) for case in range(1, 40)}
    assert False in taken


# Cases that once ended in an error of Python.
FOUND = [("index", 100657), ("parquet", 203071), ("parquet", 305930)]


@pytest.mark.parametrize(("target", "case"), FOUND)
def test_what_was_found_is_mended(corpus: dict[str, samples.Files], target: str, case: int) -> None:
    assert not run_case(target, corpus[target], case)
