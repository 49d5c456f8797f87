"""Names, counts, width and color of text output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dedup.model import Match
from dedup.model.article import Article
from dedup.model.dates import is_day
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
    title = cut_words(article.title or "") if article else ""
    known = [f"“{title}”" if title else "", _outlet(article), _date(article)]
    return [Piece(id_, LABEL_STYLE), *(Piece(f", {text}") for text in known if text)]


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
    return published.isoformat(" ", "minutes")


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
    return f"{fraction:.0%}"
