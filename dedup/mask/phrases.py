"""Words around the name of a source, from the files of languages in ``credits/``."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from dedup.pattern import lazy_pattern

# Between a word and a name: "der dpa", "l'AFP", "the AP".
ARTICLE = (
    r"(?:(?:the|der|die|dem|des|la|las|el|los|le|les|da|do|de|del|della|dell|o|a|het)\s+|l['’]\s?)?"
)

# Links to a source, alone on a line.
LINKS = ("source link", "link to source", "original source", "source article")


class Phrases(NamedTuple):
    """Patterns of all languages, for any case.

    Parameters
    ----------
    labels : str
        Pattern of the words before a colon and any name: "Source".
    label_words : tuple of str
        These words.
    before : pattern
        Ends at a name; group ``strong`` is a phrase that needs no end of line, ``weak`` a word.
    lists : pattern
        Begins a line that lists sources: "Quelle: ntv.de, dpa". Group 1 starts at the word.
    byline : pattern
        From the start of a line to an agency: "By Jo Smith, ".
    signed : pattern
        A whole text before a name: a word of a byline, a person and a separator. "By Jo Smith, ".
    denied : pattern
        A word of a sentence that is about the name: "former", "who".
    triggers : tuple of str
        Words of `ends`, to search for first.
    ends : pattern
        What follows the name in a sentence: "contributed to this report".
    leads : tuple of (str, str)
        Words to search for, and a pattern before any name.
    """

    labels: str
    label_words: tuple[str, ...]
    before: re.Pattern[str]
    lists: re.Pattern[str]
    byline: re.Pattern[str]
    signed: re.Pattern[str]
    denied: re.Pattern[str]
    triggers: tuple[str, ...]
    ends: re.Pattern[str]
    leads: tuple[tuple[str, str], ...]


@cache
def phrases() -> Phrases:
    """Return the phrases of all languages."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    leads = []
    folder = files("dedup.mask") / "credits"
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, _, rest = line.partition("\t")
            if kind == "lead":
                triggers, _, pattern = rest.partition("\t")
                leads += [(trigger, pattern) for trigger in triggers.split("|")]
            elif kind == "end":
                triggers, _, pattern = rest.partition("\t")
                found["trigger"] += triggers.split("|")
                found[kind].append(pattern)
            elif not line.startswith("#"):
                found[kind] += rest.split("|")
    strong, weak = any_of(found["with"]), any_of([*found["weak"], *found["label"]])
    lists = any_of([*found["list"], *found["label"]])
    return Phrases(
        any_of(found["label"]),
        tuple(found["label"]),
        lazy_pattern(
            rf"(?<!\w)(?:(?P<strong>{strong})|(?P<weak>{weak}))[\s:：;(（-]{{0,3}}{ARTICLE}$",
            re.IGNORECASE,
        ),
        lazy_pattern(rf"\W{{0,4}}({lists})\s?[:：՝]", re.IGNORECASE),
        lazy_pattern(
            rf"\W{{0,3}}(?:{any_of(found['by'])})[\s:]{{1,3}}(?:[^\n]{{2,70}}?[\s,|/–-]\s?)?{ARTICLE}\Z",
            re.IGNORECASE,
        ),
        lazy_pattern(
            rf"(?:\W{{0,3}}(?:{any_of(found['by'])})[\s:]{{1,3}}(?P<person>[^\n]{{2,70}}?)\s?"
            rf"(?:[,|/•·–—-]|\b(?:of|for)\b)\s?{ARTICLE}|(?P<alone>[^\n]{{2,70}}?)\s?[/|]\s?)\Z",
            re.IGNORECASE,
        ),
        lazy_pattern(rf"(?<!\w)(?:{any_of(found['deny'])})(?!\w)", re.IGNORECASE),
        tuple(sorted(set(found["trigger"]))),
        lazy_pattern("|".join(found["end"]), re.IGNORECASE),
        tuple(leads),
    )


def any_of(words: list[str]) -> str:
    """Return a pattern of any of the words, longer ones first."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in ordered)
