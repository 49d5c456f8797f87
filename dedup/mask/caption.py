"""Recognize lines around an article by their shape: captions, rights, addresses, links."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from dedup.pattern import lazy_pattern

# Most words of a caption, and of a line of rights or with an e-mail address.
MAX_WORDS, _MAX_CONTACT = 90, 25
_MIN_WORDS = 8
# From this number on, dated lines are captions of a gallery, whatever their verbs; and lines with a
# photographer of one owner below each.
_GALLERY = 3
# "(Jo Smith / Gazette)" at the end of a line.
_CREDIT = lazy_pattern(
    r"\([ \t]?[^\W\d_a-z][^()\n\d/]{1,60}/[ \t]?[^\W\d_a-z][^()\n\d/]{1,60}\)[ \t]*(?=\n|$)"
)
# A line that is nothing but "Jo Smith/Gazette".
# It starts with the line feed before, which is found far faster than the start of a line.
_BARE_CREDIT = lazy_pattern(
    r"\n[ \t]*[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3} ?/ ?[A-Z][\w.,'’-]*(?: [A-Z][\w.,'’-]*){0,4}"
    r"[ \t]*(?=\n|\Z)"
)
# The line below a picture of a gallery: "Jo Smith, HARBOR GAZETTE Sports".
_CAPITALS = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*"
_GALLERY_CREDIT = lazy_pattern(
    rf"\n[ \t]*{_CAPITALS}(?: {_CAPITALS}){{1,3}}, (?P<owner>{_CAPITALS}(?: {_CAPITALS}){{0,4}})"
    r"[ \t]*(?=\n|$)"
)
# A link to another article, alone on its line: "[Harbor bridge to stay closed]".
_LINK = lazy_pattern(r"^[ \t]*[\[［【][^\[\]［］【】\n]{12,250}[\]］】][ \t]*$", re.MULTILINE)
# Below an embedded post: "— Jo Smith (@josmith) December 3, 2016".
_POSTED = lazy_pattern(r"\(@\w{1,15}\)[ \t]{1,3}\w{3,9}\.? \d{1,2}, 20\d\d[ \t]*(?=\n|$)")
_RIGHTS = lazy_pattern(r"©|\(c\) ?(?:19|20)\d\d", re.IGNORECASE)
_ADDRESS = lazy_pattern(r"@[\w-]{2,40}\.[a-z]{2,}", re.IGNORECASE)
# A weekday with day, month and year dates a picture; a report of the day has no year.
_DATED = lazy_pattern(
    r"day, (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.) \d{1,2}, (?:19|20)\d\d"
)
_SHOWS = lazy_pattern(
    r"\b(?:is|are|left|right|center|seen|pictured|shown|(?:speak|look|walk|hold|listen|stand|sit|"
    r"gather|hug|arrive|pose|talk|wave|pray|play|ride|sing|smile|leave|work|wait|march|protest|"
    r"reach|sift|fill|lead|react|make|take|give|run|shake|embrace|celebrate|answer|attend|greet|"
    r"perform|throw|head)s?|carr(?:y|ies)|tr(?:y|ies)|fl(?:y|ies)|watch(?:es)?)\b"
)
_TELLS = lazy_pattern(
    r"[\"“”]|\b(?:said|says|will|would|announced|told|voted|released|introduced|added|issued|"
    r"according)\b|\b[ap]\.m\."
)


def find_marks(text: str) -> Iterator[tuple[int, int]]:
    """Yield places on lines that may be furniture, and the most words of such a line."""
    if "/" in text:
        yield from ((one.end() - 1, MAX_WORDS) for one in _CREDIT.finditer(text))
        yield from ((one.end() - 2, _MAX_CONTACT) for one in _BARE_CREDIT.finditer("\n" + text))
    if "[" in text or "【" in text or "［" in text:
        yield from ((one.start() + 1, _MAX_CONTACT) for one in _LINK.finditer(text))
    if "©" in text or "(c)" in text:
        yield from ((one.start(), _MAX_CONTACT) for one in _RIGHTS.finditer(text))
    if "@" in text:
        yield from ((one.start(), _MAX_CONTACT) for one in _ADDRESS.finditer(text))
        yield from ((one.start(), _MAX_CONTACT) for one in _POSTED.finditer(text))
    yield from ((place, MAX_WORDS) for place in _find_dated(text))
    yield from ((place, MAX_WORDS) for place in _find_gallery(text))


def _find_dated(text: str) -> Iterator[int]:
    """Yield places of captions with a full date."""
    lines = {}
    for one in _DATED.finditer(text):
        low, high = text.rfind("\n", 0, one.start()) + 1, text.find("\n", one.end())
        line = text[low : high if high >= 0 else len(text)]
        if len(line.split()) >= _MIN_WORDS and not _TELLS.search(line):
            lines[one.start()] = line
    is_gallery = len(lines) >= _GALLERY
    yield from (place for place, line in lines.items() if is_gallery or _SHOWS.search(line))


def _find_gallery(text: str) -> Iterator[int]:
    """Yield places of captions that have a line with their photographer below, and of these lines.

    A list of names, say below a letter, has no captions between them.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for one in _GALLERY_CREDIT.finditer(text):
        above = text[text.rfind("\n", 0, one.start()) + 1 : one.start()]
        if len(above.split()) >= _MIN_WORDS:
            places[one["owner"]] += [one.start() - 1, one.end() - 1]
    yield from (at for own in places.values() if len(own) >= 2 * _GALLERY for at in own)
