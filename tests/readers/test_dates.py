"""Dates in the forms that exports write, and no guesses at others."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import date_words
from dedup.model.date_forms import find_date
from dedup.readers.records import Fields, convert, to_article
from tools import make_date_words


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-23", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23 10:00", "2026-11-23T10:00:00+00:00"),
        (" 2026-11-23T10:00:00Z\n", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23 10:00:00 UTC", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23 10:00:00.5 +0100", "2026-11-23T10:00:00.500000+01:00"),
        ("Mon, 23 Nov 2026 10:00:00 GMT", "2026-11-23T10:00:00+00:00"),
        ("mon, 3 nov 2026 10:00 -0500", "2026-11-03T10:00:00-05:00"),
        ("23 Nov 2026 10:00:00 EST", "2026-11-23T10:00:00-05:00"),
        (1763892000, "2025-11-23T10:00:00+00:00"),
        (1763892000.5, "2025-11-23T10:00:00.500000+00:00"),
        ("1763892000", "2025-11-23T10:00:00+00:00"),
        (1763892000500, "2025-11-23T10:00:00.500000+00:00"),
        ("1763892000500", "2025-11-23T10:00:00.500000+00:00"),
    ],
)
def test_what_is_clear_is_understood(said: object, meant: str) -> None:
    published = to_article({"text": "a", "date": said}, Fields(), "x").published
    assert published is not None
    assert published.isoformat() == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("14 February 2021", "2021-02-14T00:00:00+00:00"),
        ("Sunday, February 14th, 2021 at 10:15 p.m. ET", "2021-02-14T22:15:00-05:00"),
        ("Published: 2021-02-14", "2021-02-14T00:00:00+00:00"),
        ("14-Feb-21", "2021-02-14T00:00:00+00:00"),
        ("Sun, 14 Feb 21 10:00:00 GMT", "2021-02-14T10:00:00+00:00"),
        ("Sun Feb 14 10:00:00 +0000 2021", "2021-02-14T10:00:00+00:00"),
        ("Sun Feb 14 2021 10:00:00 GMT+0100 (CET)", "2021-02-14T10:00:00+01:00"),
        ("14/Feb/2021:10:00:00 +0000", "2021-02-14T10:00:00+00:00"),
        ("14.02.2021", "2021-02-14T00:00:00+00:00"),
        ("14.02.2021 10:15 Uhr", "2021-02-14T10:15:00+00:00"),
        ("2021-02-14 10.15", "2021-02-14T10:15:00+00:00"),
        ("2021:02:14 10:15:00", "2021-02-14T10:15:00+00:00"),
        ("1.6132968e9", "2021-02-14T10:00:00+00:00"),
        ({"seconds": 1613296800, "nanos": 0}, "2021-02-14T10:00:00+00:00"),
        ("14/02/2021", "2021-02-14T00:00:00+00:00"),
        ("02/14/2021 3:04 PM", "2021-02-14T15:04:00+00:00"),
        ("20210214T100000Z", "2021-02-14T10:00:00+00:00"),
        ("20210214100000", "2021-02-14T10:00:00+00:00"),
        (20210214, "2021-02-14T00:00:00+00:00"),
        ("2021-045", "2021-02-14T00:00:00+00:00"),
        ("2021-02-14T24:00:00Z", "2021-02-15T00:00:00+00:00"),
        ("2021-02-14T10:00:00[Europe/Paris]", "2021-02-14T10:00:00+01:00"),
        ("Mon, 23 Nov 2026 10:00:00 CET", "2026-11-23T10:00:00+01:00"),
        (1613296800000000, "2021-02-14T10:00:00+00:00"),
        (1613296800000000000, "2021-02-14T10:00:00+00:00"),
        ("/Date(1613296800000)/", "2021-02-14T10:00:00+00:00"),
        ({"$date": "2021-02-14T10:00:00Z"}, "2021-02-14T10:00:00+00:00"),
        (["2021-02-14"], "2021-02-14T00:00:00+00:00"),
        ("14 février 2021 à 10h15", "2021-02-14T10:15:00+00:00"),
        ("14. März 2021", "2021-03-14T00:00:00+00:00"),
        ("14 февраля 2021 г.", "2021-02-14T00:00:00+00:00"),
        ("2021. 2. 14.", "2021-02-14T00:00:00+00:00"),
        ("14 lutego 2021", "2021-02-14T00:00:00+00:00"),
        ("রবিবার, ১৪ ফেব্রুয়ারি ২০২১", "2021-02-14T00:00:00+00:00"),
        ("2021年2月14日(日)", "2021-02-14T00:00:00+00:00"),
        ("2021年2月14日", "2021-02-14T00:00:00+00:00"),
        ("\u0662\u0660\u0662\u0661/\u0660\u0662/\u0661\u0664", "2021-02-14T00:00:00+00:00"),
    ],
)
def test_dates_of_feeds_databases_and_people_are_understood(said: object, meant: str) -> None:
    published = find_date(said)
    assert published is not None
    assert published.isoformat() == meant


NOTHING = ["", " ", "None", "N/A", "nan", "NaT", "null", "0000-00-00 00:00:00", float("nan"), 0]


@pytest.mark.parametrize("said", [*NOTHING, "0001-01-01T00:00:00Z", None])
def test_nothing_is_no_date_and_no_fault(said: object) -> None:
    assert find_date(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "02/03/2021",
        "14/02/21",
        "Mon, 23 Nov 2026 10:00:00 CST8",
        "Mon, 23 Nov 2026 10:00:00 IST",
        "Mon, 99 Nov 2026 10:00:00 GMT",
        "2026-13-23 10:00:00 UTC",
        "2021-02-30",
        "2021-02",
        "2021",
        "soon",
        "2 hours ago",
        float("inf"),
        10**400,
        2021,  # a year
        44927,  # a day of a spreadsheet
        "1401/10/15",  # of the calendar of Iran
        "5/1/2566",  # of that of Thailand
        True,
        {},
        [1, 2],
    ],
)
def test_what_is_not_understood_costs_the_date_alone(said: object) -> None:
    with pytest.raises(ValueError, match="not a date"):
        find_date(said)
    article, notes = convert({"text": "a", "date": said}, Fields(), "x")
    assert (article.text, article.published, [note.kind for note in notes]) == ("a", None, ["date"])


@pytest.mark.parametrize(
    ("said", "hours"), [("2 hours ago", 2), ("vor 2 Stunden", 2), ("1 day ago", 24)]
)
def test_a_time_before_fetching_is_counted_from_it(said: str, hours: int) -> None:
    record = {"text": "a", "date": said, "fetched_at": "2021-02-14T12:00:00Z"}
    published = to_article(record, Fields(), "x").published
    assert published == datetime(2021, 2, 14, 12, tzinfo=UTC) - timedelta(hours=hours)


def test_the_next_date_is_taken_if_the_first_is_not_understood() -> None:
    record = {"text": "a", "date": "soon", "published_at": "2021-02-14"}
    assert to_article(record, Fields(), "x").published == datetime(2021, 2, 14, tzinfo=UTC)


@given(st.text(max_size=30) | st.integers() | st.floats())
def test_any_value_is_a_date_or_a_fault(said: object) -> None:
    try:
        found = find_date(said)
    except ValueError:
        return
    assert found is None or found.tzinfo is not None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2199, 1, 1)))
def test_every_day_is_read_in_every_form(day: datetime) -> None:
    day = day.replace(microsecond=0, tzinfo=UTC)
    forms = ["%d %B %Y %H:%M:%S", "%B %d, %Y %I:%M:%S %p", "%Y%m%dT%H%M%SZ", "%c"]
    for form in [*forms, "%a, %d %b %Y %H:%M:%S +0000", "%d.%m.%Y %H:%M:%S", "%Y/%m/%d, %H:%M:%S"]:
        assert find_date(day.strftime(form)) == day


@pytest.mark.parametrize("said", ["5 brumaire 2021", "14 of Smarch 2021", "Q1 2021 14", "±14 2021"])
def test_words_that_no_language_knows_are_not_given_to_the_library(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dateparser", None)
    with pytest.raises(ValueError, match="not a date"):
        find_date(said)


def test_the_words_are_those_of_the_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = tmp_path / "words.txt"
    monkeypatch.setattr("tools.make_date_words.TABLE", table)
    make_date_words.main()
    kept = Path(date_words.__file__).with_name("date_words.txt")
    assert table.read_bytes() == kept.read_bytes()
