"""Tags of pages with more attributes than any page needs."""

from __future__ import annotations

import re

# Parsers compare each attribute of a tag with all others; a tag of fewer characters is fast.
_LONG = 10_000
# Attributes of a long tag that make it absurd; long values, such as embedded data, are usual.
_MANY = 1000
_START = re.compile(r"<(?=[a-zA-Z])")
_NAME = re.compile(r"<[^\s/>]*")
_STOP = re.compile("[>\"']")
_SPACE = re.compile(r"[\s/]+")


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
