"""Find credits: datelines at the head of an article, credit lines at both ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dedup.mask.agency import find_agency_credits
from dedup.mask.phrases import phrases
from dedup.model.article import Credit, Span
from dedup.model.outlets import is_known

# Code points at either end of an article that are searched for credits. Patterns run only there
# and have no unbounded repetition, so that no text makes them slow.
_WINDOW = 1500

# Any name in brackets after a place in capitals, except as in "SEN. HARBOR (D-ME) --".
_PLACED = re.compile(
    r"^[ \t]{0,8}(?P<place>[^\W\d_a-z][^()\na-z]{1,60})\([ \t]?(?P<name>[^\W\d_][\w .&/'’]{1,30})\)"
    r"[ \t]{0,3}(?:--|[–—―])",
    re.MULTILINE,
)
_MONTHS = frozenset(
    {"january", "february", "march", "april", "june", "july", "august", "september", "october",
     "november", "december", "sept"}
)  # fmt: skip
# More code points than any lead has on either side of its trigger.
_AROUND = 100

_NAME = r"(?P<name>[^\s|:;][^\n|]{0,59}?)"
_SHORT_LINE = re.compile(r"^.{4,100}$", re.MULTILINE)


def find_credits(text: str) -> tuple[Credit, ...]:
    """Find the credits of an article."""
    windows = list(credit_windows(text))
    found = [*_placed(text), *find_agency_credits(text, windows)]
    found += (credit for window in windows for credit in _credit_lines(text, window))
    kept: list[Credit] = []
    for credit in sorted(found, key=lambda one: (one.span.start, -one.span.end)):
        if not kept or credit.span.start >= kept[-1].span.end:
            kept.append(credit)
    return tuple(kept)


def credit_windows(text: str) -> Iterator[Span]:
    """Yield the ends of an article, where its credits stand."""
    if len(text) <= 2 * _WINDOW:
        yield Span(0, len(text))
    else:
        yield Span(0, _WINDOW)
        yield Span(len(text) - _WINDOW, len(text))


@cache
def _lead_pattern() -> re.Pattern[str]:
    leads = "|".join(dict.fromkeys(pattern for _, pattern in phrases().leads))
    return re.compile(
        rf"(?P<lead>(?:\bthis |\bthe )?\b(?:{leads}))[ \t]{{0,3}}:?[ \t]{{1,3}}{_NAME}"
        r"(?=[ \t]{0,3}(?:$|\||[.!?…](?:\s|$))|[ \t]{1,3}(?:on )?[a-z]{3,9}\.? \d)",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _line_pattern() -> re.Pattern[str]:
    return re.compile(
        r"[ \t]{0,8}(?:"
        rf"(?P<lead>[(（\[]?(?:{phrases().labels})[ \t\u00a0]?[:：՝])[ \t]{{0,3}}{_NAME}"
        r"(?=[ \t.。)）\]]{0,3}$)|"
        r"(?P<link>source link|link to source|original source|source article)(?=[ \t.:]{0,3}$))",
        re.IGNORECASE,
    )


@cache
def _triggers() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words to search for, of ASCII and of other letters."""
    words = sorted({trigger for trigger, _ in phrases().leads})
    plain = tuple(word for word in words if word.isascii())
    return plain, tuple(word for word in words if not word.isascii())


def _credit_lines(text: str, window: Span) -> Iterator[Credit]:
    matches: list[re.Match[str]] = []
    for low, high in _triggered(text[window.start : window.end].lower()):
        start, end = window.start + low, min(window.start + high, window.end)
        found = _lead_pattern().finditer(text, start, end)
        # A match that ends with the part may be cut off, unless the text ends there too.
        matches += (match for match in found if match.end() < end or end == len(text))
    for line in _SHORT_LINE.finditer(text, *window):
        if match := _line_pattern().match(text, *line.span()):
            matches.append(match)
    for match in matches:
        groups = match.groupdict()
        if groups["name"] and not _is_name(groups["name"]):
            continue
        start = match.start("lead" if groups["lead"] else "link")
        yield Credit(Span(start, match.end()), "credit-line", groups["name"])


def _is_name(name: str) -> bool:
    """Return whether this is a name or a domain, not "the two-cent coin" or "February 14"."""
    words = [word for word in name.split() if word.casefold() != "the"]
    if not words or words[0][0].isdigit() or words[0].casefold() in _MONTHS:
        return False
    return not words[0][0].islower() or "." in words[0] or is_known(name)


def _triggered(lowered: str) -> Iterator[tuple[int, int]]:
    """Yield spans that may contain a lead and a name."""
    plain, foreign = _triggers()
    for trigger in plain if lowered.isascii() else plain + foreign:
        at = lowered.find(trigger)
        while at >= 0:
            yield max(at - _AROUND, 0), at + 3 * _AROUND
            at = lowered.find(trigger, at + _AROUND)


def _placed(text: str) -> Iterator[Credit]:
    for match in _PLACED.finditer(text, 0, _WINDOW):
        if match["place"] == match["place"].upper() and _is_name(match["name"]):
            name = match["name"].strip()
            yield Credit(Span(match.start("place"), match.end()), "dateline", name)
