"""Each file of the table of bad inputs costs what is bad in it, and the docs list the table."""

from __future__ import annotations

from pathlib import Path

import pytest

import dedup
from tests.readers.bad_inputs import BAD_INPUTS, MAX_TEXT, BadInput
from tools.make_bad_inputs import PAGE, make_page

pytest.importorskip("pyarrow")
pytest.importorskip("trafilatura")


@pytest.mark.parametrize("one", BAD_INPUTS, ids=lambda one: f"{one.name} {one.what}")
def test_a_fault_is_named_and_costs_its_record(tmp_path: Path, one: BadInput) -> None:
    path = tmp_path / one.name
    path.write_bytes(one.make())
    reading = dedup.read(path, max_text=MAX_TEXT)
    assert len(list(reading)) == one.n_read
    (fault,) = reading.skipped
    assert fault.path == str(path)
    assert one.said in fault.reason


def test_the_table_in_the_docs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == make_page()
