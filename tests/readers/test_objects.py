"""Articles, records and data frames: one collection, however it is given."""

import datetime
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dedup
from dedup.readers.objects import open_articles

pyarrow = pytest.importorskip("pyarrow")

TEXT = "The council voted nine to four to close the Elm Street library branch on Monday."
LONGER = f"It was late, and the hall was all but empty. {TEXT}"
RECORDS: list[dict[str, Any]] = [
    {"id": "a", "text": TEXT, "outlet": "Herald", "published": "2024-05-01T08:00:00+00:00"},
    {
        "id": "b",
        "text": f"It was late, and the hall was all but empty. {TEXT}",
        "outlet": None,
        "published": None,
    },
    {"id": "c", "text": "Rain is expected in the north of the country.", "outlet": "Courier"},
]


def _as_frame(records: Iterable[dict[str, Any]]) -> object:
    return pyarrow.Table.from_pylist(list(records), schema=_SCHEMA)


_SCHEMA = pyarrow.schema(
    [(name, pyarrow.string()) for name in ("id", "text", "outlet", "published")]
)
SHAPES: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "records": list,
    "generator of records": iter,
    "articles": lambda records: [dedup.Article.from_dict(one) for one in records],
    "both": lambda records: [dedup.Article.from_dict(records[0]), *records[1:]],
    "Arrow table": _as_frame,
    "Arrow batches": lambda records: _as_frame(records).to_reader(max_chunksize=1),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_collection_of_any_shape_gives_the_same_report(shape: str) -> None:
    expected = dedup.find_overlaps([dedup.Article(**one) for one in RECORDS])
    report = dedup.find_overlaps(SHAPES[shape](RECORDS))
    assert report.overlaps == expected.overlaps
    assert [one.to_dict() for one in report.articles] == [
        one.to_dict() for one in expected.articles
    ]
    assert len(report.overlaps) == 1


@pytest.mark.parametrize("level", ["passages", "document"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_collection_of_any_shape_is_filtered(shape: str, level: Any) -> None:
    records = [*RECORDS, {**RECORDS[0], "id": "z"}]
    found = dedup.filter(SHAPES[shape](records), level=level)
    assert [(one.id, one.duplicate_of) for one in found.dropped] == [("z", "a")]


def test_a_record_that_cannot_be_read_is_skipped_and_counted() -> None:
    report = dedup.find_overlaps([RECORDS[0], {"id": "x"}, {"id": "y", "text": None}, RECORDS[1]])
    assert [(one.path, one.line) for one in report.skipped] == [("articles", 2), ("articles", 3)]
    assert "name it with Article.from_dict(record, text_field=...)" in report.skipped[0].reason
    assert len(report.overlaps) == 1
    with pytest.raises(dedup.ReadError, match="articles:2: no text field"):
        dedup.find_overlaps([RECORDS[0], {"id": "x"}], strict=True)


def test_a_record_without_an_id_has_its_number() -> None:
    records = [{"text": TEXT}, {"text": "Rain is expected in the north.", "id": float("nan")}]
    assert [one.id for one in open_articles(records)] == ["articles#1", "articles#2"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["one", "two"], "articles: item 1 is str 'one'"),
        ("folder/", r"articles must be an iterable, not str 'folder/'.*dedup\.read"),
        (b"folder/", r"articles must be an iterable, not bytes"),
        (7, "articles must be an iterable, not int 7"),
        (None, "articles must be an iterable, not None"),
        (RECORDS[0], "articles must be many, not one dict"),
        (dedup.Article("a", TEXT), "articles must be many, not one Article"),
        ([RECORDS], "articles: item 1 is list"),
    ],
)
def test_what_is_no_collection_is_named(given: Any, message: str) -> None:
    with pytest.raises(dedup.ParameterError, match=message):
        dedup.find_overlaps(given)


class _OldFrame(list[str]):
    """As a data frame of pandas before 2.2: iterates over the names of its columns."""

    iloc = None


def test_a_frame_without_the_arrow_interface_says_what_to_do() -> None:
    with pytest.raises(dedup.ParameterError, match=r"give frame\.to_dict\('records'\)"):
        dedup.find_overlaps(_OldFrame(["id", "text"]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"id": "a"}, "no text field"),
        ({"text": TEXT}, "no id field"),
        ({"id": "a", "text": 5}, "field 'text' must be a string"),
        ("a text", "must be an Article or a dict, not str"),
    ],
)
def test_a_record_that_is_no_article_is_named(record: Any, message: str) -> None:
    with pytest.raises(dedup.ParameterError, match=message):
        dedup.Article.from_dict(record)


def test_an_unknown_option_names_the_known_ones() -> None:
    with pytest.raises(dedup.ParameterError, match="unknown option 'body_field'; known: id_field"):
        dedup.Article.from_dict({"id": "a", "text": TEXT}, body_field="x")


@pytest.mark.parametrize(
    ("value", "id"),
    [
        (7, "7"),
        (np.int64(7), "7"),
        (uuid.UUID(int=7), str(uuid.UUID(int=7))),
    ],
)
def test_an_id_of_another_type_is_written_out(value: object, id: str) -> None:
    assert dedup.Article.from_dict({"id": value, "text": TEXT}).id == id


def test_from_dict_is_the_inverse_of_to_dict() -> None:
    article = dedup.Article(
        "a", TEXT, "Herald", "2024-05-01T08:00:00+02:00", "https://a.example", "Vote", {"n": [1]}
    )
    assert dedup.Article.from_dict(article.to_dict()) == article


def test_fields_are_named_or_guessed() -> None:
    record = {"guid": "a", "copy": TEXT, "stamp": "3 May 2024", "headline": "Vote"}
    article = dedup.Article.from_dict(record, text_field="copy", published_field="stamp")
    assert (article.text, article.title) == (TEXT, "Vote")
    assert article.published == datetime.datetime(2024, 5, 3, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "published",
    [datetime.date(2024, 5, 3), datetime.datetime(2024, 5, 3), "3 May 2024", 1714694400],
)
def test_an_article_takes_any_date_that_the_readers_take(published: Any) -> None:
    found = dedup.Article("a", TEXT, published=published).published
    assert found == datetime.datetime(2024, 5, 3, tzinfo=datetime.UTC)


def test_records_are_compared_and_explained() -> None:
    a, b = ({"text": one["text"]} for one in RECORDS[:2])
    assert dedup.compare(a, b).relation == "contained"
    assert dedup.explain(a, b).is_reported
    assert dedup.explain(RECORDS[0], "b", among=RECORDS).is_reported


@pytest.mark.parametrize("shape", SHAPES)
def test_a_collection_of_any_shape_is_indexed(shape: str, tmp_path: Path) -> None:
    with dedup.Index(tmp_path / "x.index") as index:
        found = list(index.add_many(SHAPES[shape](RECORDS)))
        assert [(one.id, len(one)) for one in found] == [("a", 0), ("b", 1), ("c", 0)]
        assert index.add(RECORDS[0]).status == "unchanged"
        assert [one.id for one in index.query({"text": TEXT})] == ["a", "b"]


def test_a_record_that_cannot_be_indexed_ends_the_rest(tmp_path: Path) -> None:
    with dedup.Index(tmp_path / "x.index") as index:
        with pytest.raises(dedup.ReadError, match="articles:2: no text field"):
            index.load([RECORDS[0], {"id": "x"}, RECORDS[1]])
        assert [one.id for one in index] == ["a"]
        with pytest.raises(dedup.ParameterError, match="no text field"):
            index.add({"id": "x"})


def test_a_frame_that_arrow_does_not_take_is_named() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(RECORDS)
    with pytest.raises(dedup.ParameterError, match="this Series is not read as a table"):
        dedup.filter(frame.text)
    with pytest.raises(dedup.ParameterError, match="failed for column rank"):
        dedup.filter(frame.assign(rank=[1, "first", None]))


def _found(given: Any) -> list[dict[str, Any]]:
    return [one.to_dict() for one in dedup.find_overlaps(given).overlaps]


def test_polars_gives_what_records_give() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(RECORDS)
    assert _found(frame) == _found(RECORDS)
    assert _found(frame.with_columns(polars.col("outlet").cast(polars.Categorical))) == _found(
        RECORDS
    )
    with pytest.raises(dedup.ParameterError, match="collect"):
        dedup.filter(frame.lazy())


def test_a_dataset_of_hugging_face_gives_what_records_give() -> None:
    datasets = pytest.importorskip("datasets")
    given = datasets.Dataset.from_list(RECORDS)
    assert _found(given) == _found(RECORDS)
    assert _found(given.select([2, 1, 0])) == _found(RECORDS)
    assert _found(given.to_iterable_dataset()) == _found(RECORDS)
    with pytest.raises(dedup.ParameterError, match="train"):
        dedup.filter(datasets.DatasetDict({"train": given}))


def test_a_date_that_is_not_understood_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record = RECORDS[0] | {"published": "32 Foo 2020"}
    said = (
        "record 'a': field 'published': not a date: '32 Foo 2020'; the article is undated "
        "(published_field names another field, or none)"
    )
    assert dedup.Article.from_dict(record).published is None
    assert caplog.messages == [said]
    with dedup.Index(tmp_path / "index") as index:
        index.add(record)
    assert caplog.messages == [said, said]
    dedup.Article.from_dict(RECORDS[0])
    assert len(caplog.messages) == 2
