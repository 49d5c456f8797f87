"""Tags of absurd pages: more attributes, levels or tags than any page needs, in linear time."""

from __future__ import annotations

import re
from collections import Counter

from dedup.pattern import lazy_pattern

# Parsers compare each attribute of a tag with all others; a tag of fewer characters is fast.
_LONG = 10_000
# Attributes of a long tag that make it absurd; long values, such as embedded data, are usual.
_MANY = 1000
_START = lazy_pattern(r"<(?=[a-zA-Z])")
_NAME = lazy_pattern(r"<[^\s/>]*")
_STOP = lazy_pattern("[>\"']")
_SPACE = lazy_pattern(r"[\s/]+")
# A parser stops at 256 levels, and the rest of the page is lost.
MAX_DEPTH = 200
# Levels that `flatten` keeps; browsers keep 512.
_KEPT = 100
# Tags that do not end a word. Extraction takes the square of their number; of 809 front pages of
# news sites none has more than 700.
_MANY_INLINE = 2000
_INLINE_NAMES = frozenset({
    "abbr", "b", "big", "em", "font", "i", "mark", "s", "small", "span", "strike", "strong", "sub",
    "sup", "tt", "u",
})  # fmt: skip
_INLINE = lazy_pattern(rf"</?(?:{'|'.join(sorted(_INLINE_NAMES))})(?:\s[^<>]*)?>", re.IGNORECASE)
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip
# The next start of an element of these ends the one before.
_IMPLIED_END = frozenset({"dd", "dt", "li", "option", "p", "td", "th", "tr"})
# Their content has no tags.
_RAW = frozenset({"iframe", "noembed", "script", "style", "textarea", "title", "xmp"})
_MARKUP = lazy_pattern(r"<!--|<(/?)([a-zA-Z][^\s/>]*)")


def cut_attributes(page: str) -> str:
    """Return a page whose tags have no absurd number of attributes, in linear time."""
    if len(page) < _LONG:
        return page
    parts, at, done = [], 0, 0
    closing = dict.fromkeys("\"'", 0)
    while found := _START.search(page, at):
        at = _find_end(page, found.end(), closing)
        if at - found.start() < _LONG:
            continue
        tag = page[found.start() : at]
        if len(_SPACE.findall(tag)) > _MANY:
            name = _NAME.match(tag)
            parts += [page[done : found.start()], name[0] if name else "<", ">"]
            done = at
    return "".join([*parts, page[done:]]) if parts else page


def _find_end(page: str, at: int, closing: dict[str, int]) -> int:
    """Return the position after a tag; `closing` has the next mark of each kind, -1 for none."""
    while found := _STOP.search(page, at):
        mark, at = found[0], found.end()
        if mark == ">":
            return at
        if 0 <= closing[mark] < at:
            closing[mark] = page.find(mark, at)
        if closing[mark] >= at:
            at = closing[mark] + 1
    return len(page)


def cut_inline(page: str) -> str:
    """Return a page without the tags that do not end a word, if it has absurdly many."""
    many = page.count("<") > _MANY_INLINE and len(_INLINE.findall(page)) > _MANY_INLINE
    return _INLINE.sub("", page) if many else page


def flatten(page: str) -> str:
    """Return a page whose elements nest a bounded number of levels, in linear time.

    Tags of deeper elements are left out, and their text is kept. Each end tag is written where its
    element ends, so that a parser counts the same levels.
    """
    return _Flattener(page).flatten()


class _Flattener:
    """Open elements, and the page written so far."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._parts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._counts: Counter[str] = Counter()
        self._n_kept = 0

    def flatten(self) -> str:
        """Write the page."""
        page, at = self._page, 0
        closing = dict.fromkeys("\"'", 0)
        while found := _MARKUP.search(page, at):
            self._parts.append(page[at : found.start()])
            if found[0] == "<!--":
                at = page.find("-->", found.end()) + 3
                if at < 3:
                    break
                continue
            at = _find_end(page, found.end(), closing)
            name = found[2].lower()
            if found[1]:
                self._end(name)
            elif name in _RAW:
                end = re.compile(f"</{name}", re.IGNORECASE).search(page, at)
                if not end:
                    break
                self._parts.append(page[found.start() : end.start()] + f"</{name}>")
                at = _find_end(page, end.end(), closing)
            elif name in _VOID or page[at - 2 : at] == "/>":
                self._parts.append(page[found.start() : at])
            else:
                self._start(name, page[found.start() : at])
        else:
            self._parts.append(page[at:])
        return "".join(self._parts)

    def _start(self, name: str, tag: str) -> None:
        if name in _IMPLIED_END and self._open and self._open[-1][0] == name:
            self._end(name)
        is_kept = self._n_kept < _KEPT
        self._open.append((name, is_kept))
        self._counts[name] += 1
        self._n_kept += is_kept
        if is_kept:
            self._parts.append(tag)
        else:
            self._separate(name)

    def _end(self, name: str) -> None:
        """End an element and those in it; a tag that ends nothing is left out."""
        while self._counts[name]:
            inner, is_kept = self._open.pop()
            self._counts[inner] -= 1
            self._n_kept -= is_kept
            if is_kept:
                self._parts.append(f"</{inner}>")
            else:
                self._separate(inner)
            if inner == name:
                return

    def _separate(self, name: str) -> None:
        if name not in _INLINE_NAMES and self._parts[-1:] != ["<br>"]:
            self._parts.append("<br>")
