"""Find credits: datelines at the head of an article, credit lines at both ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from dedup.mask.agency import find_agency_credits
from dedup.mask.phrases import LINKS, any_of, phrases
from dedup.mask.scan import WindowScan, scan_windows
from dedup.model.article import Credit, Span
from dedup.model.outlets import is_known
from dedup.pattern import lazy_pattern

# Code points at either end of an article that are searched for credits. Patterns run only there
# and have no unbounded repetition, so that no text makes them slow.
_WINDOW = 1500

# Any name in brackets after a place in capitals, except as in "SEN. HARBOR (D-ME) --".
_PLACED = lazy_pattern(
    r"^[ \t]{0,8}(?P<place>[^\W\d_a-z][^()\na-z]{1,60})\([ \t]?(?P<name>[^\W\d_][\w .&/'’]{1,30})\)"
    r"[ \t]{0,3}(?:--|[–—―])",
    re.MULTILINE,
)
_BRACKET_DASH = lazy_pattern(r"\)[ \t]{0,3}(?:--|[–—―])")
_MONTHS = frozenset(
    {"january", "february", "march", "april", "june", "july", "august", "september", "october",
     "november", "december", "sept"}
)  # fmt: skip
# More code points than any lead has on either side of its trigger.
_AROUND = 100

_NAME = r"(?P<name>[^\s|:;][^\n|]{0,59}?)"
# More code points than stand on a line before the ASCII letters of a label.
_BEFORE_LABEL = 40
_SHORT_LINE = lazy_pattern(r"^.{4,100}$", re.MULTILINE)


def find_credits(text: str) -> tuple[Credit, ...]:
    """Find the credits of an article."""
    return find_all_credits([text])[0]


def find_all_credits(texts: Sequence[str]) -> list[tuple[Credit, ...]]:
    """Find the credits of each of some articles; much faster than one by one."""
    windows = [list(credit_windows(text)) for text in texts]
    ends = [text[slice(*one)] for text, own in zip(texts, windows, strict=True) for one in own]
    scans = scan_windows(ends)
    return [
        find_scanned(text, [(one, next(scans)) for one in own])
        for text, own in zip(texts, windows, strict=True)
    ]


def find_scanned(text: str, windows: Sequence[tuple[Span, WindowScan]]) -> tuple[Credit, ...]:
    """Find the credits of an article in its scanned windows."""
    found = list(_placed(text))
    for window, scan in windows:
        found += find_agency_credits(text, window, scan.names)
        found += _credit_lines(text, window, scan)
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
        rf"(?P<link>{any_of(list(LINKS))})(?=[ \t.:]{{0,3}}$))",
        re.IGNORECASE,
    )


@cache
def _triggers() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words to search for, of ASCII and of other letters."""
    words = sorted({trigger for trigger, _ in phrases().leads})
    plain = tuple(word for word in words if word.isascii())
    return plain, tuple(word for word in words if not word.isascii())


def _credit_lines(text: str, window: Span, scan: WindowScan) -> Iterator[Credit]:
    matches: list[re.Match[str]] = []
    leads = _triggered(text[window.start : window.end].lower()) if scan.has_lead else ()
    for low, high in leads:
        start, end = window.start + low, min(window.start + high, window.end)
        found = _lead_pattern().finditer(text, start, end)
        # A match that ends with the part may be cut off, unless the text ends there too.
        matches += (match for match in found if match.end() < end or end == len(text))
    for line in _short_lines(text, window, scan):
        if match := _line_pattern().match(text, *line):
            matches.append(match)
    for match in matches:
        groups = match.groupdict()
        if groups["name"] and not _is_name(groups["name"]):
            continue
        start = match.start("lead" if groups["lead"] else "link")
        yield Credit(Span(start, match.end()), "credit-line", groups["name"])


def _short_lines(text: str, window: Span, scan: WindowScan) -> Iterator[tuple[int, int]]:
    """Yield the short lines that may begin with a label."""
    if scan.labels is None:
        yield from (line.span() for line in _SHORT_LINE.finditer(text, *window))
        return
    last = -1
    for label in scan.labels:
        place = window.start + label
        start = text.rfind("\n", 0, place) + 1
        if start == last or start < window.start or place - start > _BEFORE_LABEL:
            continue
        last = start
        if line := _SHORT_LINE.match(text, start, window.end):
            yield line.span()


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
    # What every such dateline has is found much faster.
    if text.find(")", 0, _WINDOW) < 0 or not _BRACKET_DASH.search(text, 0, _WINDOW):
        return
    for match in _PLACED.finditer(text, 0, _WINDOW):
        if match["place"] == match["place"].upper() and _is_name(match["name"]):
            name = match["name"].strip()
            yield Credit(Span(match.start("place"), match.end()), "dateline", name)
