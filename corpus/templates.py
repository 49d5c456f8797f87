"""Pairs of texts from one template: other news, revisions of one text, and contained texts.

`templates.json` holds the wording with slots. Filled twice, a template gives two pieces of news
that share most of their words; a revision changes a filled text as a desk does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from corpus.prose import ProseWriter, coin_name, draw, load_lexicon

Spec = str | Sequence[str]
Values = dict[str, str]

_MONTHS = ("January", "February", "March", "April", "June", "July", "September", "November")
_SLOT = re.compile(r"\{(\w+)\}")
# Share of the slots that a related piece of news keeps: the same team, another match.
_KEPT_SLOTS = 0.25
# Words of a text per corrected figure, and words of the shortest text that gets one.
_WORDS_PER_FIGURE, _MIN_CORRECTED = 250, 100
# A sentence is added only to texts of which it is a small part.
_MIN_EXTENDED, _MAX_ADDED = 100, 0.12
_WORDS_PER_TYPO, _MIN_TYPO_CHARS = 60, 6


@dataclass(frozen=True, slots=True)
class Template:
    """A text with slots.

    Parameters
    ----------
    name : str
        What the text is.
    is_news : bool
        Whether it is news, and not a page of another kind.
    slots : mapping of str to Spec
        Values of each slot: choices; a range such as "1.10-9.90"; "place", "person", "day" or
        "score".
    paragraphs : tuple of str
        The wording, with slots in braces.
    """

    name: str
    is_news: bool
    slots: Mapping[str, Spec]
    paragraphs: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> list[str]:
        """Return the paragraphs with values in their slots."""
        return [_SLOT.sub(lambda slot: values[slot[1]], one) for one in self.paragraphs]

    def draw(self, rng: Random, like: Mapping[str, str] | None = None) -> Values:
        """Draw a value for each slot, different from those of `like`."""
        return {name: _draw_other(spec, rng, (like or {}).get(name)) for name, spec in
                self.slots.items()}  # fmt: skip

    @property
    def figures(self) -> list[str]:
        """Names of the slots that hold a number."""
        return [name for name, spec in self.slots.items() if isinstance(spec, str) and "-" in spec]


class TemplatePair(NamedTuple):
    """Two texts, how they were made, and the relation that a reader sees.

    Parameters
    ----------
    relation : {"different", "duplicate", "contains", "contained"}
        *Different*: two pieces of news, neither in place of the other.
    """

    template: str
    kind: str
    relation: str
    a: str
    b: str


@cache
def load_templates(name: str = "templates.json") -> tuple[Template, ...]:
    """Read a file of templates, in its order."""
    records = json.loads(Path(__file__).with_name(name).read_text("utf-8"))
    return tuple(
        Template(one["name"], one["news"], one["slots"], tuple(one["paragraphs"]))
        for one in records
    )


def make_pairs(seed: int, n_rounds: int = 1) -> Iterator[TemplatePair]:
    """Make pairs of every kind from every template.

    Parameters
    ----------
    seed : int
        Equal seeds give equal pairs.
    n_rounds : int
        Number of pairs of each kind and template.
    """
    rng = Random(seed)
    for _ in range(n_rounds):
        for template in load_templates():
            yield from _pairs_of(template, rng)


def _pairs_of(template: Template, rng: Random) -> Iterator[TemplatePair]:
    values = template.draw(rng)
    own = template.fill(values)
    text = "\n\n".join(own)
    other, following = template.draw(rng, values), template.draw(rng, values)
    names = sorted(template.slots, key=lambda _: rng.random())
    following |= {name: values[name] for name in names[: int(_KEPT_SLOTS * len(names))]}

    def pair(kind: str, relation: str, b: Sequence[str]) -> TemplatePair:
        return TemplatePair(template.name, kind, relation, text, "\n\n".join(b))

    yield pair("other", "different", template.fill(other))
    yield pair("following", "different", template.fill(following))
    for kind, revise in _REVISIONS.items():
        revised = revise(template, values, own, rng)
        if revised:
            yield pair(kind, "duplicate", revised)
    if len(own) > 2:
        yield pair("excerpt", "contains", own[: len(own) // 2])
    yield pair("brief", "contained", _surround(own, rng))
    yield pair("other brief", "different", _surround(template.fill(other), rng))


def _correct_figures(
    template: Template, values: Values, own: list[str], rng: Random
) -> list[str] | None:
    n_words = _count_words(own)
    if n_words < _MIN_CORRECTED:
        return None
    corrected = dict(values)
    names = sorted(template.figures, key=lambda _: rng.random())
    for name in names[: 1 + n_words // _WORDS_PER_FIGURE]:
        corrected[name] = _draw_other(template.slots[name], rng, values[name])
    return template.fill(corrected)


def _mistype(_: Template, _values: Values, own: list[str], rng: Random) -> list[str]:
    """Exchange two letters inside a few words."""
    words = " ".join(own).split()
    long = [one for one in set(words) if one.islower() and one.isalpha()]
    long = sorted(one for one in long if len(one) >= _MIN_TYPO_CHARS and one[2] != one[3])
    revised = own
    for _typo in range(1 + len(words) // _WORDS_PER_TYPO):
        word = draw(long, rng)
        typo = word[:2] + word[3] + word[2] + word[4:]
        pattern = rf"\b{word}\b"
        at = next((k for k, one in enumerate(revised) if re.search(pattern, one)), None)
        if at is not None:
            fixed = re.sub(pattern, typo, revised[at], count=1)
            revised = [*revised[:at], fixed, *revised[at + 1 :]]
    return revised


def _extend(_: Template, __: Values, own: list[str], rng: Random) -> list[str] | None:
    """Add a paragraph."""
    n_words = _count_words(own)
    if n_words < _MIN_EXTENDED:
        return None
    added = next(
        sentence
        for block in _write(rng)
        for sentence in block
        if len(sentence.split()) <= _MAX_ADDED * n_words
    )
    return [*own, added]


def _capitalize(_: Template, __: Values, own: list[str], ___: Random) -> list[str]:
    return [one.upper() for one in own]


def _reorder(_: Template, __: Values, own: list[str], ___: Random) -> list[str] | None:
    """Move the second paragraph to the end."""
    return [own[0], *own[2:], own[1]] if len(own) > 2 else None


_REVISIONS: Mapping[str, Callable[[Template, Values, list[str], Random], list[str] | None]] = {
    "corrected": _correct_figures,
    "typos": _mistype,
    "added": _extend,
    "capitals": _capitalize,
    "reordered": _reorder,
}


def _surround(own: list[str], rng: Random) -> list[str]:
    """Put a text into an article of at least three times its length."""
    least, before = 3 * _count_words(own), list[str]()
    while _count_words(before) < least:
        before += [" ".join(block) for block in _write(rng)]
    middle = len(before) // 2
    return [*before[:middle], *own, *before[middle:]]


def _write(rng: Random) -> list[list[str]]:
    return ProseWriter(load_lexicon(), rng).blocks()


def _count_words(paragraphs: Sequence[str]) -> int:
    return sum(len(one.split()) for one in paragraphs)


def _draw_other(spec: Spec, rng: Random, taken: str | None) -> str:
    while (value := _draw_value(spec, rng)) == taken:
        pass
    return value


def _draw_value(spec: Spec, rng: Random) -> str:
    if not isinstance(spec, str):
        return draw(spec, rng)
    if spec == "place":
        return coin_name(int(rng.random() * 1_000_000))
    if spec == "person":
        return f"{draw(load_lexicon().first_names, rng)} {draw(load_lexicon().names, rng)}"
    if spec == "day":
        return f"{draw(_MONTHS, rng)} {1 + int(rng.random() * 28)}"
    if spec == "score":
        lost = int(rng.random() * 4)
        return f"{lost + 1 + int(rng.random() * 3)}-{lost}"
    low, high = spec.split("-")
    return _draw_number(low, high, rng)


def _draw_number(low: str, high: str, rng: Random) -> str:
    """Draw a number or a time of day, written like its bounds."""
    if ":" in low:
        first, last = (int(hour) * 60 + int(minute) for hour, minute in
                       (one.split(":") for one in (low, high)))  # fmt: skip
        minutes = first + int(rng.random() * (last - first + 1))
        return f"{minutes // 60:02}:{minutes % 60:02}"
    n_digits = len(low.partition(".")[2])
    least, most = (float(one.replace(",", "")) for one in (low, high))
    value = least + rng.random() * (most - least)
    return f"{value:{',' if ',' in low else ''}.{n_digits}f}"
