"""Large values of Parquet files cost themselves, and their memory is known before they are read."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup.readers.parquet_pages import ColumnChunk, PageSizes, measure_pages, read_groups

pytest.importorskip("pyarrow")
import pyarrow
import pyarrow.parquet

TYPES = [pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()]
WRITING: list[dict[str, Any]] = [
    {},
    {"use_dictionary": False},
    {"compression": "none", "data_page_version": "2.0"},
    {"compression": "zstd", "write_statistics": False},
]


def write(texts: list[str], kind: Any = None, **how: Any) -> bytes:
    columns = {
        "id": [str(n) for n in range(len(texts))],
        "text": pyarrow.array(texts, kind or pyarrow.string()),
    }
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), out, **how)
    return out.getvalue()


@pytest.mark.parametrize("how", WRITING)
@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_a_large_value_costs_its_record(tmp_path: Path, kind: Any, how: dict[str, Any]) -> None:
    texts = ["one", "x" * 5000, "two", "y" * 900, "z" * 6000, "three"]
    (tmp_path / "a.parquet").write_bytes(write(texts, kind, **how))
    reading = dedup.read(tmp_path / "a.parquet", max_text=1000)
    assert [article.id for article in reading] == ["0", "2", "3", "5"]
    assert [(one.line, one.reason[:11]) for one in reading.skipped] == [
        (2, "record of 5"),
        (5, "record of 6"),
    ]


@pytest.mark.parametrize("how", WRITING)
def test_a_page_that_is_too_large_costs_its_rows(tmp_path: Path, how: dict[str, Any]) -> None:
    texts = ["one", "x" * 30_000, "two", "three"]
    (tmp_path / "a.parquet").write_bytes(write(texts, row_group_size=3, **how))
    reading = dedup.read(tmp_path / "a.parquet", max_text=1000)
    assert [article.text for article in reading] == ["three"]
    (fault,) = reading.skipped
    assert (fault.line, fault.reason.split(",")[0]) == (1, "rows 1 to 3: page of 30 kB")


@settings(deadline=None)
@given(
    texts=st.lists(st.integers(0, 3000), min_size=1, max_size=40),
    how=st.sampled_from(WRITING),
    page=st.sampled_from([100, 3000, 1 << 20]),
)
def test_pages_fill_their_column(texts: list[int], how: dict[str, Any], page: int) -> None:
    rng = random.Random(0)
    values = ["".join(rng.choices("abcdefgh", k=n)) for n in texts]
    raw = write(values, data_page_size=page, write_batch_size=1, **how)
    (group,) = read_groups(io.BytesIO(raw))
    metadata = pyarrow.parquet.ParquetFile(io.BytesIO(raw)).metadata.row_group(0)
    assert (group.n_rows, len(group.columns)) == (metadata.num_rows, metadata.num_columns)
    for number, column in enumerate(group.columns):
        twin = metadata.column(number)
        first = twin.dictionary_page_offset or twin.data_page_offset
        assert column == ColumnChunk(
            first, twin.total_compressed_size, twin.total_uncompressed_size
        )
        sizes = measure_pages(io.BytesIO(raw), column)
        assert sizes.largest <= column.n_bytes
        assert bool(sizes.dictionary) == twin.has_dictionary_page
    # The last column has the long values, and a page holds at least one.
    assert sizes.largest >= max(texts)


def test_of_a_damaged_header_the_size_of_the_column_counts() -> None:
    raw = bytearray(write(["words"] * 10))
    column = read_groups(io.BytesIO(raw))[0].columns[1]
    for fill in (0x00, 0x7F, 0xFF, 0x15):
        raw[column.start :] = bytes([fill]) * 60
        assert measure_pages(io.BytesIO(raw), column) == PageSizes(column.n_bytes, column.n_bytes)


def test_a_footer_that_ends_the_library_is_refused(tmp_path: Path) -> None:
    raw = write(["words"] * 10)
    n_bytes = int.from_bytes(raw[-8:-4], "little")
    for at in range(len(raw) - 8 - n_bytes, len(raw) - 8):
        changed = raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :]
        (tmp_path / "a.parquet").write_bytes(changed)
        reading = dedup.read(tmp_path / "a.parquet")
        assert list(reading) or reading.skipped


OUT_OF_RANGE = [
    pyarrow.array([2**40], pyarrow.timestamp("s")),
    pyarrow.array([2**63 - 1], pyarrow.timestamp("us")),
    pyarrow.array([0], pyarrow.timestamp("ms", tz="Mars/Olympus")),
    pyarrow.array([2**31 - 1], pyarrow.date32()),
    pyarrow.array([2**52], pyarrow.date64()),
    pyarrow.array([b"\xff"], pyarrow.binary()).view(pyarrow.string()),
]


@pytest.mark.parametrize("column", OUT_OF_RANGE, ids=lambda one: str(one.type))
def test_a_value_that_python_cannot_hold_costs_its_field(
    tmp_path: Path, column: pyarrow.Array, caplog: pytest.LogCaptureFixture
) -> None:
    table = pyarrow.table({"id": ["a"], "text": ["Words of it"], "date": column, "other": column})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    (article,) = dedup.read(tmp_path / "a.parquet", strict=True)
    assert (article.id, article.text, article.published) == ("a", "Words of it", None)
    assert "field 'date': unreadable value" in caplog.text


def test_nested_text_is_found(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "doc": {"text": "One", "title": "t"}},
        {"id": "b", "doc": {"text": "Two", "title": None}},
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    lists = [{"id": "c", "paragraphs": ["One", None, "Two"]}]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(lists), tmp_path / "b.parquet")
    found = [one.text for one in dedup.read(tmp_path, strict=True)]
    assert found == ["One", "Two", "One\n\nTwo"]
