"""Names, counts, width and color of text output."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from dedup.model import Match
from dedup.model.article import Article
from dedup.model.dates import find_days, find_lag, is_day
from dedup.model.headline import find_headline
from dedup.render.columns import Piece, wrap

LABEL_STYLE = "1"
# Words and characters of a headline.
_N_WORDS, _N_CHARS = 12, 120


@dataclass(frozen=True, slots=True)
class Look:
    """Width and color of text output, and whether it shows every passage."""

    width: int = 80
    color: bool = False
    shows_all: bool = False

    def wrap(self, pieces: str | list[Piece], label: str = "") -> Iterator[str]:
        """Wrap `pieces` behind `label`."""
        if isinstance(pieces, str):
            pieces = [Piece(pieces)]
        return wrap(pieces, max(self.width, 20), label, self.color)


def title_of(id_: str, article: Article | Match | None) -> list[Piece]:
    """Name an article by its id, title, outlet and date."""
    title = cut_words(_headline(article)) if article else ""
    known = [f"“{title}”" if title not in ("", id_) else "", _outlet(article), _date(article)]
    return [Piece(id_, LABEL_STYLE), *(Piece(f", {text}") for text in known if text)]


def _headline(article: Article | Match) -> str:
    return find_headline(article) if isinstance(article, Article) else article.title or ""


def cut_words(text: str) -> str:
    """Return the first words of a text, on one line."""
    words = text[: 4 * _N_CHARS].split()
    shown = " ".join(words[:_N_WORDS])
    is_whole = len(words) <= _N_WORDS and len(shown) <= _N_CHARS
    return shown if is_whole else f"{shown[:_N_CHARS].rstrip()} …"


def _outlet(article: Article | Match | None) -> str:
    return (article and article.outlet) or ""


def _date(article: Article | Match | None) -> str:
    if article is None or article.published is None:
        return ""
    return date_of(article.published)


def date_of(published: datetime) -> str:
    """Format a date, with the time of day if it has one."""
    # A bare date has no known hour.
    if is_day(published):
        return published.date().isoformat()
    local = published.replace(tzinfo=None).isoformat(" ", "minutes")
    offset = published.utcoffset()
    # A bare "13:16-05:00" reads like a range of hours; `when` of the page agrees.
    return local if offset is None else f"{local} {timezone(offset)}"


def tell_lag(first: datetime, second: datetime) -> str:
    """Say how much later a date is: in days if either has no time; `tellLag` of the page agrees."""
    days = find_days(first, second)
    if days is None:
        return f"{_duration((second - first).total_seconds())} later"
    return "the next day" if days == 1 else f"{count(days, 'day')} later"


def tell_spread(dates: Sequence[datetime]) -> str:
    """Say how much later than another the last date surely is; `tellSpread` of the page agrees."""
    if len(dates) < 2:
        return ""
    lag = find_lag(dates)
    if lag is not None:
        return f"the last one {tell_lag(*lag)}"
    if not any(map(is_day, dates)):
        return "within 10 minutes"
    # A tie of two dates may have any order and any lag.
    return "on one day" if len({date.date() for date in dates}) == 1 else ""


def _duration(seconds: float) -> str:
    """Format a duration in the largest unit that gives two or more."""
    units = (("day", 86_400), ("hour", 3_600), ("minute", 60))
    unit, size = next((one for one in units if seconds >= 2 * one[1]), units[-1])
    return count(int(seconds / size + 0.5), unit)


def count_same_words(said: str, texts: Iterable[Iterable[str]]) -> int:
    """Count the articles with exactly the words of a passage, by its texts in each article."""
    words = _words(said)
    return sum(any(_words(text) == words for text in own) for own in texts)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def count(n: int, noun: str) -> str:
    """Format a number with its noun."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def percent(fraction: float) -> str:
    """Format a fraction as a percentage."""
    # Do not round to 0% or 100%.
    if 0 < fraction < 0.01:
        return "<1%"
    if 0.99 < fraction < 1:
        return ">99%"
    return f"{int(100 * fraction + 0.5)}%"  # as the page rounds
