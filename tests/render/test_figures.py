"""Figures: every article is counted once, whatever the dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article
from dedup.render.figures import Figure, draw_outlets, draw_timeline, report_figures
from dedup.render.png import picture
from tests.strategies import law

MOMENTS = st.datetimes(
    timezones=st.sampled_from([UTC, *(timezone(timedelta(hours=n)) for n in (-12, -5, 14))])
)
NAMES = st.one_of(st.none(), st.text(max_size=40))


def article(outlet: str | None, published: datetime | None) -> Article:
    return Article("x", "text", outlet=outlet, published=published)


@law()
@given(st.lists(MOMENTS, min_size=2, max_size=210), st.data())
def test_a_timeline_counts_every_article(moments: list[datetime], data: st.DataObject) -> None:
    articles = [article(None, when) for when in moments]
    sharing = data.draw(st.sets(st.integers(0, len(articles) - 1), min_size=1))
    figure = draw_timeline(articles, sharing)
    bars = [mark for mark in figure.marks if mark.text.endswith("share text")]
    counts = {mark.x: mark.text.rsplit(": ", 1)[1].split() for mark in bars}
    # Each article is in a bar, or is one of the few before and after that are counted.
    outside = re.search(r"Not drawn: ([\d,]+)", figure.summary)
    n_outside = int(outside[1].replace(",", "")) if outside else 0
    assert n_outside <= 2 * (len(articles) // 100)
    assert (
        sum(int(words[2].replace(",", "")) for words in counts.values())
        == len(articles) - n_outside
    )
    n_sharing = sum(int(words[0].replace(",", "")) for words in counts.values())
    assert len(sharing) - n_outside <= n_sharing <= len(sharing)
    assert len(counts) <= 100
    assert_inside(figure)


@pytest.mark.parametrize(
    ("dates", "bars"),
    [
        (
            ("2016-12-01T20:33-05:00", "2016-12-03T23:59-08:00", "2016-12-02"),
            ["1 Dec 2016", "2 Dec 2016", "3 Dec 2016"],
        ),
        (
            ("2016-12-01T20:33-05:00", "2016-12-02T02:40Z", "2016-12-02T13:10+09:00"),
            ["2 Dec 01:00 UTC", "2 Dec 02:00 UTC", "2 Dec 04:00 UTC"],
        ),
    ],
)
def test_a_bar_of_a_day_has_the_dates_of_its_outlets(
    dates: tuple[str, ...], bars: list[str]
) -> None:
    articles = [Article("x", "text", published=date) for date in dates]
    marks = draw_timeline(articles, {0, 1, 2}).marks
    assert [mark.text for mark in marks if mark.shape == "rect" and mark.text] == [
        f"{bar}: 1 of 1 share text" for bar in bars
    ]


def test_a_timeline_of_decades_may_begin_in_the_first() -> None:
    articles = [article(None, datetime(year, 1, 1, tzinfo=UTC)) for year in (600, 9)]
    bars = [mark.text for mark in draw_timeline(articles, {0, 1}).marks if ": 1 of 1" in mark.text]
    assert bars == ["1: 1 of 1 share text", "600: 1 of 1 share text"]


@law()
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=60))
def test_a_matrix_counts_every_pair_of_two_outlets_in_order(
    names: list[tuple[str | None, str | None]],
) -> None:
    articles = [article(name, None) for pair in names for name in pair]
    pairs = [(2 * n, 2 * n + 1, n % 3 > 0) for n in range(len(names))]
    figure = draw_outlets(articles, pairs)
    cells = [mark for mark in figure.marks if mark.shape == "rect" and mark.text]
    n_counted = sum(
        known and bool(a) and bool(b) and a != b
        for (a, b), (*_, known) in zip(names, pairs, strict=True)
    )
    assert sum(int(mark.text.rsplit(": ", 1)[1]) for mark in cells) == n_counted
    assert (f"Not counted: {len(names) - n_counted:,}" in figure.summary) == (
        n_counted < len(names)
    )
    assert_inside(figure)


def assert_inside(figure: Figure) -> None:
    for mark in figure.marks:
        assert 0 <= mark.x <= figure.width
        assert 0 <= mark.y <= figure.height
        if mark.shape == "rect":
            assert mark.x + mark.width <= figure.width
            assert mark.y + mark.height <= figure.height


def test_pairs_of_unknown_order_or_of_one_outlet_count_for_nobody() -> None:
    articles = [article(name, None) for name in ("a", "b", "a", None)]
    left = [(0, 1, False), (0, 2, True), (1, 3, True)]
    assert list(report_figures(articles, left)) == []
    (figure,) = report_figures(articles, [*left, (2, 1, True)])
    counts = [mark.text for mark in figure.marks if mark.shape == "rect" and mark.text]
    assert counts == ["a ← b: 1"]
    assert "Not counted: 3 pairs" in figure.summary


def test_one_wrong_date_does_not_squeeze_the_others() -> None:
    days = [datetime(2023, 1, 1 + n % 28, tzinfo=UTC) for n in range(100)]
    articles = [article(None, when) for when in [*days, datetime(1970, 1, 1, tzinfo=UTC)]]
    figure = draw_timeline(articles, {0, 1})
    assert figure.title == "Articles by day"
    assert "Not drawn: 1 before or after." in figure.summary


def test_a_timeline_holds_the_first_and_the_last_moment() -> None:
    said = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2024-01-01")
    articles = [Article("x", "text", published=one) for one in said]
    assert_inside(draw_timeline(articles, {0, 1}))


def test_a_day_without_a_time_is_in_no_hour() -> None:
    moments = [datetime(2023, 1, 10, hour, 5, tzinfo=UTC) for hour in (8, 11)]
    assert draw_timeline([article(None, one) for one in moments], {0}).title == "Articles by hour"
    days = [*moments, datetime(2023, 1, 10, tzinfo=UTC)]
    assert draw_timeline([article(None, one) for one in days], {0}).title == "Articles by day"


def test_without_outlets_and_dates_there_is_nothing_to_draw() -> None:
    assert list(report_figures([article(None, None)] * 2, [(0, 1, False)])) == []


def test_a_picture_is_a_png_of_the_same_bytes() -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra plots")
    articles = [article(f"$a_b$ {day}", datetime(2023, 1, day, tzinfo=UTC)) for day in (1, 2)]
    figures = list(report_figures(articles, [(1, 0, True)]))
    assert [figure.name for figure in figures] == ["outlets", "timeline"]
    for figure in figures:
        drawn = picture(figure)
        assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
        assert drawn == picture(figure)
