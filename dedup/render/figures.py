"""Figures of a report (which outlet published later than which, and when) as marks, for PNG.

A mark has a tone instead of a color. Lengths are in pixels; ``y`` grows downwards. The page draws
the same figures by `figures.js`, because its filters change them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from dedup.model.dates import is_day

Shape = Literal["rect", "text"]
N_TONES = 5
# Maximum number of rows; the rest is merged into one row.
_MAX_OUTLETS = 24
_MAX_LABEL = 22
_MAX_BINS = 60
_CELL = 26
_SIDE = 176


class Mark(NamedTuple):
    """A rectangle or a line of text."""

    shape: Shape
    x: float
    y: float
    tone: str
    width: float = 0
    height: float = 0
    text: str = ""
    anchor: Literal["start", "middle", "end"] = "start"
    is_upright: bool = False


class Figure(NamedTuple):
    """A picture."""

    name: str
    title: str
    summary: str
    width: int
    height: int
    marks: tuple[Mark, ...]


class DatedArticle(Protocol):
    """The fields of an article that figures use."""

    @property
    def outlet(self) -> str | None:
        """Who published it."""

    @property
    def published(self) -> datetime | None:
        """When; aware."""


def report_figures(
    articles: Sequence[DatedArticle], reuses: Iterable[tuple[int, int, bool]]
) -> Iterator[Figure]:
    """Draw the figures of a report."""
    known = list(reuses)
    if any(_outlets_of(articles, pair) for pair in known):
        yield draw_outlets(articles, known)
    dated = sum(article.published is not None for article in articles)
    if known and dated > 1:
        yield draw_timeline(articles, {number for pair in known for number in pair[:2]})


def draw_outlets(
    articles: Sequence[DatedArticle], reuses: Iterable[tuple[int, int, bool]]
) -> Figure:
    """Draw which outlet published text earlier than which: a row per later outlet.

    Pairs of unknown order, of unknown outlets and within one outlet are not counted; the summary
    says how many there are.
    """
    pairs = set(reuses)
    between = [outlets for pair in pairs if (outlets := _outlets_of(articles, pair))]
    later = Counter(between)
    names = _most_named(later)
    cells = Counter[tuple[int, int]]()
    for (row, column), n in later.items():
        cells[_place(names, row), _place(names, column)] += n
    shown = [*names, "all others"] if len({*sum(later, ())}) > len(names) else names
    top = 34 + round(7.2 * max((len(_short(name)) for name in shown), default=0))
    marks = [*_outlet_labels(shown, top), *_cells(cells, shown, top)]
    summary = _told_most(cells, names)
    if n_left := len(pairs) - len(between):
        summary += (
            f" Not counted: {n_left:,} {_pairs(n_left)} in unknown order, of an unknown outlet or "
            "within one outlet."
        )
    size = len(shown) * _CELL
    title = "Pairs of articles that share text, by later and earlier outlet"
    return Figure("outlets", title, summary, _SIDE + size + 8, top + size + 8, tuple(marks))


def _outlets_of(
    articles: Sequence[DatedArticle], pair: tuple[int, int, bool]
) -> tuple[str, str] | None:
    """Return the later and the earlier outlet; None if they are not two known ones in order."""
    later, earlier = (articles[number].outlet for number in pair[:2])
    is_counted = later and earlier and later != earlier and pair[2]
    return (later, earlier) if later and earlier and is_counted else None


def _told_most(cells: Counter[tuple[int, int]], names: Sequence[str]) -> str:
    between = {cell: n for cell, n in cells.items() if max(cell) < len(names)} or cells
    if not between:
        return "No two outlets share text in known order."
    (row, column), n = max(between.items(), key=lambda one: (one[1], one[0]))
    later, earlier = ([*names, "others"][at] for at in (row, column))
    return f"Most: {n:,} {_pairs(n)}, {later} later than {earlier}."


def _pairs(n: int) -> str:
    return "pair" if n == 1 else "pairs"


def _most_named(later: Counter[tuple[str, str]]) -> list[str]:
    named = Counter[str]()
    for pair, n in later.items():
        for name in {*pair}:
            named[name] += n
    ranked = sorted(named, key=lambda name: (-named[name], name))
    return ranked[:_MAX_OUTLETS] if len(ranked) > _MAX_OUTLETS + 1 else ranked


def _place(names: list[str], name: str) -> int:
    return names.index(name) if name in names else len(names)


def _outlet_labels(names: Sequence[str], top: int) -> Iterator[Mark]:
    yield Mark("text", _SIDE - 10, 14, "quiet", text="earlier outlet →", anchor="end")
    yield Mark("text", _SIDE - 10, top - 12, "quiet", text="later outlet ↓", anchor="end")
    for n, name in enumerate(names):
        middle = n * _CELL + _CELL / 2 + 4
        yield Mark("text", _SIDE - 10, top + middle, "ink", text=_short(name), anchor="end")
        yield Mark("text", _SIDE + middle, top - 8, "ink", text=_short(name), is_upright=True)


def _cells(cells: Counter[tuple[int, int]], names: Sequence[str], top: int) -> Iterator[Mark]:
    most = max(cells.values(), default=1)
    for row, later in enumerate(names):
        for column, earlier in enumerate(names):
            n = cells[row, column]
            x, y = _SIDE + column * _CELL, top + row * _CELL
            label = f"{later} ← {earlier}: {n:,}" if n else ""
            side = _CELL - 2
            yield Mark("rect", x, y, f"tone-{_tone(n, most)}", side, side, label)
            if n:
                ink = "on-dark" if _tone(n, most) > 2 else "on-light"
                mark = Mark("text", x + side / 2, y + 16, f"{ink} small", text=_brief(n))
                yield mark._replace(anchor="middle")


def _tone(n: int, most: int) -> int:
    """Return the shade of a count, scaled by a power to keep small counts distinct."""
    if n == 0 or most == 1:
        return min(n, 1) * 3
    steps = n.bit_length() * (N_TONES - 1) // most.bit_length()
    return 1 + min(steps, N_TONES - 1)


def _brief(n: int) -> str:
    return str(n) if n < 1000 else f"{n // 1000}k"


def draw_timeline(articles: Sequence[DatedArticle], sharing: set[int]) -> Figure:
    """Draw the number of articles over the middle 98 % of dates, and how many share text."""
    known = [
        (article.published, number in sharing)
        for number, article in enumerate(articles)
        if article.published is not None
    ]
    # A date without a time is in no hour.
    has_days = any(is_day(when) for when, _ in known)
    dated = sorted((_in_utc(when), shares) for when, shares in known)
    bins = None if has_days else _bins(dated, _CLOCK_UNITS)
    if bins is None:
        # A day is that of the outlet, as the page shows it.
        dated = sorted((when.replace(tzinfo=UTC), shares) for when, shares in known)
        bins = _bins(dated, _CALENDAR_UNITS)
    unit, starts = bins or _centuries(dated)
    counts = Counter((_floor(when, unit), shares) for when, shares in dated)
    heights = [(counts[start, True], counts[start, False]) for start in starts]
    most = max(sum(one) for one in heights)
    n_sharing = sum(shares for _, shares in dated)
    summary = (
        f"Of {len(dated):,} articles with a date, {n_sharing:,} share text with another one; "
        f"the maximum in one {unit} is {most:,}."
    )
    if n_outside := len(dated) - sum(map(sum, heights)):
        summary += f" Not drawn: {n_outside:,} before or after."
    marks = _timeline_marks(unit, starts, heights, most)
    return Figure("timeline", f"Articles by {unit}", summary, 900, 230, tuple(marks))


def _timeline_marks(
    unit: str, starts: list[datetime], heights: list[tuple[int, int]], most: int
) -> Iterator[Mark]:
    left, right, top, bottom = 44.0, 892.0, 30.0, 200.0
    yield Mark("rect", left, 6, "tone-4", 12, 12)
    yield Mark("text", left + 18, 16, "ink", text="share text with another article")
    yield Mark("rect", left + 240, 6, "all", 12, 12)
    yield Mark("text", left + 258, 16, "ink", text="do not")
    for share in {most, most // 2} - {0}:
        y = round(bottom - (bottom - top) * share / most, 1)
        yield Mark("rect", left, y, "grid", right - left, 1)
        yield Mark("text", left - 6, y + 4, "quiet", text=f"{share:,}", anchor="end")
    step = (right - left) / len(starts)
    labeled = max(1, -(-len(starts) // 8))
    for n, (start, (shares, others)) in enumerate(zip(starts, heights, strict=True)):
        x, y = round(left + n * step, 1), bottom
        label = f"{_date(start, unit)}: {shares:,} of {shares + others:,} share text"
        for count, tone in ((shares, "tone-4"), (others, "all")):
            height = round((bottom - top) * count / most, 1)
            y = round(y - height, 1)
            if count:
                yield Mark("rect", x, y, tone, round(max(step - 2, 1), 1), height, label)
        if n % labeled == 0:
            is_last = x > right - 80
            mark = Mark("text", right if is_last else x, bottom + 18, "quiet")
            yield mark._replace(text=_date(start, unit), anchor="end" if is_last else "start")
    yield Mark("rect", left, bottom, "ink", right - left, 1)


def _middle(dated: Sequence[tuple[datetime, bool]]) -> tuple[datetime, datetime]:
    """Return the ends of the middle 98 %: one wrong date would squeeze all others into one bar."""
    n_cut = len(dated) // 100
    return dated[n_cut][0], dated[-1 - n_cut][0]


def _bins(
    dated: Sequence[tuple[datetime, bool]], units: Sequence[str]
) -> tuple[str, list[datetime]] | None:
    first, last = _middle(dated)
    for unit in units:
        starts = [_floor(first, unit)]
        while starts[-1] <= last and len(starts) <= _MAX_BINS:
            starts.append(_after(starts[-1], unit))
        if starts[-1] > last:
            return unit, starts[:-1]
    return None


def _centuries(dated: Sequence[tuple[datetime, bool]]) -> tuple[str, list[datetime]]:
    first, last = _middle(dated)
    years = (max(100 * n, 1) for n in range(first.year // 100, last.year // 100 + 1))
    return "century", [datetime(year, 1, 1, tzinfo=UTC) for year in years]


_CLOCK_UNITS = ("minute", "hour")
_CALENDAR_UNITS = ("day", "week", "month", "quarter", "year", "decade")
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}


def _floor(when: datetime, unit: str) -> datetime:
    day = when.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "week":
        return day - min(timedelta(days=day.weekday()), day - datetime.min.replace(tzinfo=UTC))
    if unit in _SECONDS:
        past = (when - day).total_seconds()
        return day + timedelta(seconds=past - past % _SECONDS[unit])
    months = (when.year * 12 + when.month - 1) // _MONTHS[unit] * _MONTHS[unit]
    return day.replace(year=max(months // 12, 1), month=months % 12 + 1, day=1)


def _after(start: datetime, unit: str) -> datetime:
    try:
        if unit in _SECONDS:
            return start + timedelta(seconds=_SECONDS[unit])
        # The decade of year 1 is cut short, because there is no year 0.
        months = ((start.year * 12 + start.month - 1) // _MONTHS[unit] + 1) * _MONTHS[unit]
        return start.replace(year=months // 12, month=months % 12 + 1)
    except (OverflowError, ValueError):  # beyond the year 9999
        return datetime.max.replace(tzinfo=UTC)


def _date(start: datetime, unit: str) -> str:
    day = f"{start.day} {start:%b} {start.year}"
    if unit in _CLOCK_UNITS:
        return f"{start.day} {start:%b %H:%M} UTC"
    if unit in ("day", "week"):
        return day
    return f"{start:%b} {start.year}" if unit in ("month", "quarter") else str(start.year)


def _short(name: str) -> str:
    return name if len(name) <= _MAX_LABEL else name[: _MAX_LABEL - 1] + "…"


def _in_utc(moment: datetime) -> datetime:
    """Return a time in UTC; at the ends of the calendar it may be outside of it."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
