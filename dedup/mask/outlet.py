"""Find credits to outlets of a collection: contributors, bylines, copyright lines.

Any name may be that of an outlet, so rules are stricter than those for agencies, and an article
never credits its own outlet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from dedup.mask.agency import (
    END_OF_LINE,
    MAX_LINE,
    SENTENCE_END,
    STAFF,
    NamedLine,
    find_contribution,
    find_copyright,
    find_phrase,
    locate,
    number_lines,
)
from dedup.mask.credit import credit_windows
from dedup.mask.names import NameFinder
from dedup.mask.phrases import phrases
from dedup.mask.scan import PhraseTable, WindowScan, scan_windows
from dedup.model.article import Credit, Span
from dedup.model.outlets import (
    add_other_names,
    find_agencies,
    find_sources,
    fold_name,
    is_among,
    split_names,
)
from dedup.pattern import lazy_pattern

# Shorter names stand for too much else.
_MIN_NAME = 3
# Longest field that is a byline or a line of rights, in code points.
_MAX_FIELD = 400
_JOINED = lazy_pattern(r"\s*(?:/|,|&|;|\b(?:and|und|et|y)\b)\s*", re.IGNORECASE)
# A part of a longer name: "Los Angeles [Times]", "[Harbor Gazette] Herald's", "[Times] Herald".
_LONGER_BEFORE = lazy_pattern(r"[^\W\d_a-z][\w'’-]{3,}[ ]\Z")
_LONGER_AFTER = lazy_pattern(r"[ ](?:[A-Z][\w-]*[ ]?){1,3}['’]")
_NEXT_CAPITAL = lazy_pattern(
    r"[ ](?!(?:Staff|Writers?|Reporters?|Correspondents?|Editors?|News)\b)[A-Z]"
)
_NAME_END = lazy_pattern(r"\s*(?:[.,;|)]|\Z|all rights)", re.IGNORECASE)
_RIGHTS = lazy_pattern(
    r"^(?:\s|[©,:|-]|\(c\)|copyright\b|by\b|(?:19|20)\d\d)*|"
    r"[\s.,|]*(?:all rights reserved.*)?$",
    re.IGNORECASE | re.DOTALL,
)


class OutletNames:
    """Names of the outlets of a collection.

    Parameters
    ----------
    outlets : iterable of (str or None)
        The outlet of each article.
    """

    def __init__(self, outlets: Iterable[str | None]) -> None:
        own = {name for name in outlets if name}
        self._named = {fold_name(name): name for name in sorted(own)}
        names = {name for name in add_other_names(own) if len(fold_name(name)) >= _MIN_NAME}
        self._table = NameFinder(names, names)
        self._phrases = PhraseTable.make(self._table.list_keys())
        # Cached, because few names are said, and those often.
        self._read = lru_cache(maxsize=1 << 14)(self._read_names)

    def find_credits(
        self, texts: Sequence[str], own: Sequence[frozenset[str]]
    ) -> Iterator[list[Credit]]:
        """Yield the credits of each of some texts.

        Parameters
        ----------
        texts : sequence of str
            The texts of articles.
        own : sequence of frozenset of str
            Names of their own outlets, as :func:`dedup.model.outlets.fold_name` returns them. If
            there are none, any name may be its own, and there are no credits.
        """
        windows = [
            list(credit_windows(text)) if names else []
            for text, names in zip(texts, own, strict=True)
        ]
        ends = [
            text[slice(*one)] for text, some in zip(texts, windows, strict=True) for one in some
        ]
        scans = scan_windows(ends, self._phrases)
        for text, names, some in zip(texts, own, windows, strict=True):
            yield [one for span in some for one in self.find_in(text, span, names, next(scans))]

    def find_in(
        self, text: str, window: Span, own: frozenset[str], scan: WindowScan
    ) -> Iterator[Credit]:
        """Yield the credits in a scanned window of a text, see :meth:`find_credits`."""
        places = scan.names
        if places is not None:
            places = [(window.start + at, word) for at, word in places]
        found = self._table.find(text, window, places)
        named = [
            (name, self._read(text[name.start : name.end], own))
            for name in found
            if not name.is_small
        ]
        named = [(name, names) for name, names in named if names]
        lines = number_lines(text, window) if named else (0, 0)
        for name, names in named:
            if span := _find_span(text, locate(text, name, window, lines)):
                yield Credit(span, "credit-line", "/".join(names))

    def split(self, name: str) -> list[str]:
        """Split the name of a credit into those of agencies and outlets."""
        parts = name.split("/")
        if fold_name(name) not in self._named and any(
            fold_name(one) in self._named for one in parts
        ):
            return parts
        return split_names(name)

    def read_byline(self, byline: str) -> list[str]:
        """Return the outlets that a field of authors names."""
        units = [one for one in re.split(r"[;\n]", byline[:_MAX_FIELD]) if not _is_denied(one)]
        return [name for one in units for name in find_sources(one, self._find)]

    def read_rights(self, rights: str) -> list[str]:
        """Return the outlets and agencies that a line of rights names as its holder."""
        holder = _RIGHTS.sub("", rights[:_MAX_FIELD])
        named = self._find(holder) if holder else None
        return [named] if named else find_agencies(holder)

    def _find(self, name: str) -> str | None:
        return self._named.get(fold_name(name))

    def _read_names(self, said: str, own: frozenset[str]) -> list[str]:
        """Return outlets in a name or in joined names, except its own."""
        parts = [said] if fold_name(said) in self._named else _JOINED.split(said)
        keys = dict.fromkeys(fold_name(part) for part in parts if part)
        known = [key for key in keys if key in self._named]
        ordered = sorted(own)
        return [self._named[key] for key in known if not is_among(key, ordered)]


def add_credits(credits: tuple[Credit, ...], found: Iterable[Credit]) -> tuple[Credit, ...]:
    """Add credits to those of an article; one that overlaps another adds only its name."""
    kept = list(credits)
    for one in sorted(found, key=lambda credit: credit.span):
        over = [at for at, old in enumerate(kept) if _overlap(old.span, one.span)]
        if not over:
            kept.append(one)
        else:
            old = kept[over[0]]
            names = [*(old.name or "").split("/"), *(one.name or "").split("/")]
            name = "/".join(filter(None, dict.fromkeys(names))) or None
            kept[over[0]] = Credit(old.span, old.kind, name)
    return tuple(sorted(kept, key=lambda credit: credit.span))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_denied(said: str) -> bool:
    return bool(phrases().denied.search(said))


def _find_span(text: str, place: NamedLine) -> Span | None:
    """Return the span of a credit, or None if the name is none or part of a longer one."""
    said = text[place.name.start : place.name.end]
    is_longer = _LONGER_BEFORE.search(place.before) or _LONGER_AFTER.match(place.after)
    if is_longer or (" " not in said and _NEXT_CAPITAL.match(place.after)):
        return None
    rules = (_find_contribution, _find_rights, _find_reporting, _find_byline)
    return next((one.span for rule in rules if (one := rule(text, place))), None)


def _find_contribution(text: str, place: NamedLine) -> Credit | None:
    credit = find_contribution(text, place)
    if credit is None:
        return None
    ending = phrases().ends.search(place.after)
    end = place.name.end + ending.start() if ending else credit.span.end
    around = text[credit.span.start : place.name.start], text[place.name.end : end]
    return None if any(map(_is_denied, around)) else credit


def _find_rights(text: str, place: NamedLine) -> Credit | None:
    credit = find_copyright(text, place)
    if credit is None or not _NAME_END.match(place.after):
        return None
    lead = place.before[: len(place.before) - (place.name.start - credit.span.start)]
    return credit if not lead.strip(" \t|") or SENTENCE_END.search(lead) else None


def _find_reporting(text: str, place: NamedLine) -> Credit | None:
    return find_phrase(text, place) if END_OF_LINE.match(place.after) else None


def _find_byline(text: str, place: NamedLine) -> Credit | None:
    """Match lines of the head: "By Jo Lee, The Gazette", "Jo Lee / Gazette", "Gazette" below."""
    length = len(place.before) + len(place.after)
    if not place.is_head or length > MAX_LINE or not STAFF.match(place.after):
        return None
    signed = phrases().signed.match(place.before)
    person = signed and (signed["person"] or signed["alone"]).strip()
    if person and signed:
        fits = _is_person(person) and (bool(signed["person"]) or _is_title_above(text, place))
    else:
        fits = not place.before.strip() and _is_signed_above(text, place)
    start = len(place.before) - len(place.before.lstrip())
    return place.credit(text, "credit-line", start, len(place.after.rstrip())) if fits else None


def _is_person(said: str) -> bool:
    """Return whether these are names: no line of words, and no photograph."""
    words = said.split()
    is_written = said[0].isalpha() and not said[0].islower() and not any(map(str.isdigit, said))
    return is_written and len(words) <= 10 and not _is_denied(said) and ":" not in said


def _lines_above(text: str, place: NamedLine) -> list[str]:
    head = text[: place.name.start - len(place.before)]
    return [line.strip() for line in head.split("\n") if line.strip()]


def _is_title_above(text: str, place: NamedLine) -> bool:
    """Return whether only titles stand above: a caption would have a photographer below."""
    above = _lines_above(text, place)
    return all(len(line) <= MAX_LINE and not SENTENCE_END.search(line) for line in above)


def _is_signed_above(text: str, place: NamedLine) -> bool:
    """Return whether the line above is "By Jo Lee"."""
    above = _lines_above(text, place)[-1:]
    return any(
        len(line) <= MAX_LINE and phrases().byline.match(f"{line}, ") and not _is_denied(line)
        for line in above
    )
