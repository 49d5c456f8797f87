"""Write the prose of synthetic articles from a small grammar and a skewed vocabulary."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any, TypeVar

Item = TypeVar("Item")
Block = list[str]  # the sentences of one paragraph

URN_SIZE = 8192  # slots per word class; the rarest word of the longest class still gets one
N_NAMES = 40_000  # enough that two articles seldom share a cast
N_OUTLETS = 40
# For an open vocabulary. The rarest have one slot each, more than by Zipf's law.
N_COINED = {"nouns": 30_000, "adjectives": 10_000}
OPEN_URN_SIZE = 8 * URN_SIZE
TOPICAL_SHARE = 0.3  # of the nouns: an article keeps to its subject, yet not in every clause
PAPERS = ("courier", "gazette", "post", "ledger", "herald", "wire", "today", "observer")

CLAUSES = (
    "{who} {past} {det} {adj} {noun} {time}",
    "{who} {adv} {past} {det} {noun} near {place}",
    "{who} has {adv} {past} {det} {noun} of {org}",
    "{who} plans to {verb} {det} {adj} {noun} in {place}",
    "{who} refused to {verb} {number} {unit} beside {det} {noun}",
    "{who} {speech} that {org} {past} {det} {noun}",
    "{who} wants {org} to {verb} {det} {adj} {noun}",
    "{who} and {who} {past} {det} {noun} {time}",
    "{who} will {verb} {det} {noun} with {number} {unit}",
    "{number} {unit} were {past} {time} outside {place}",
    "nearly {number} {unit} of {noun} reached {place} {time}",
    "{det} {adj} {noun} in {place} was {adv} {past}",
    "{det} {noun} was {past} by {who} {time}",
    "{det} {noun} and {det} {adj} {noun} cost {number} {unit}",
    "{det} {adj} {noun} gave {place} {number} {unit}",
    "{place} {past} {det} {adj} {noun} {time}",
    "{place} lost {number} {unit} to {det} {adj} {noun}",
    "{org} {past} {det} {noun} and {past} {det} {adj} {noun}",
    "{org} keeps {det} {adj} {noun} at {place}",
    "{org} offered {number} {unit} for {det} {noun} {time}",
    "few in {place} expected {det} {noun} to {verb} {det} {adj} {noun}",
    "neither {who} nor {org} {past} {det} {noun}",
    "police in {place} {past} {det} {adj} {noun} {time}",
    "work on {det} {noun} near {place} {past} {number} {unit}",
    "counsel for {who} {past} {det} {noun} {time}",
    "{det} {noun} at {place} needs {number} {unit}, {who} {speech}",
)
SPOKEN = (
    "we {past} {det} {noun} {time} but {place} {adv} {past} {number} {unit}",
    "I would {verb} {det} {adj} {noun} tomorrow",
    "you cannot {verb} {det} {noun} with {number} {unit}",
    "my {noun} was {past} {time} by {org}",
    "they {adv} {past} {det} {noun} my {role} built",
    "{place} deserves {det} {adj} {noun} and {number} {unit}",
    "{det} {adj} {noun} never {past} {det} {noun}",
    "our {role} {adv} {past} every {noun} in {place}",
)
DETERMINERS = ("the", "its", "that", "this", "every", "another", "one", "no", "their", "each")
URN_OF_SLOT = {
    "adj": "adjectives",
    "adv": "adverbs",
    "noun": "nouns",
    "past": "past",
    "role": "roles",
    "speech": "speech",
    "time": "times",
    "unit": "units",
    "verb": "base",
}


class ProseWriter:
    """The prose of one article, with a recurring cast and topic words.

    Parameters
    ----------
    lexicon : Lexicon
        Words to use.
    rng : random.Random
        Source of every choice.
    draw_name : callable or None
        Returns a new name per call; None draws from the lexicon.
    """

    def __init__(
        self, lexicon: Lexicon, rng: Random, draw_name: Callable[[], str] | None = None
    ) -> None:
        self._lexicon, self._rng = lexicon, rng
        draw_name = draw_name or (lambda: draw(lexicon.names, rng))
        self._people = [
            (f"{draw(lexicon.first_names, rng)} {name}", name)
            for name in (draw_name() for _ in range(4))
        ]
        bodies = lexicon.urns["bodies"]
        self._choices: dict[str, Sequence[str]] = {
            **{slot: lexicon.urns[group] for slot, group in URN_OF_SLOT.items()},
            "det": DETERMINERS,
            "place": [draw_name() for _ in range(3)],
            "org": [f"the {draw_name()} {draw(bodies, rng)}" for _ in range(2)],
        }
        self._topic = [draw(lexicon.urns["nouns"], rng) for _ in range(5)]
        self.outlet_number = int(rng.random() * len(lexicon.outlets))
        self.outlet = lexicon.outlets[self.outlet_number]

    def blocks(self) -> list[Block]:
        """Write the paragraphs; the second is a quote, so that a quote can always be reused.

        Returns
        -------
        list of list of str
            The sentences of each paragraph, with straight quotes.
        """
        n_blocks = 6 + int(self._rng.random() * 8)
        return [
            [self._quote()]
            if place == 1 or self._rng.random() < 0.15
            else [self._sentence() for _ in range(1 + int(self._rng.random() * 3))]
            for place in range(n_blocks)
        ]

    def headline(self) -> str:
        """Write a title about the same people and topics.

        Returns
        -------
        str
            One clause without a full stop.
        """
        return _capitalized(self._fill(draw(_COMPILED_CLAUSES, self._rng)))

    def _sentence(self) -> str:
        chance = self._rng.random()
        text = self._fill(draw(_COMPILED_CLAUSES, self._rng))
        if chance < 0.45:
            text += f", {self._from('joints')} {self._fill(draw(_COMPILED_CLAUSES, self._rng))}"
        elif chance < 0.65:
            text = f"{self._from('openers')}, {text}"
        return _capitalized(text) + "."

    def _quote(self) -> str:
        first, second = (self._fill(draw(_COMPILED_SPOKEN, self._rng)) for _ in range(2))
        said = f'{self._from("joints")} {second}," {self._from("speech")} {self._who()}.'
        return f'"{_capitalized(first)}, {said}'

    def _fill(self, parts: tuple[str, ...]) -> str:
        """Fill a compiled pattern, in which literals and slots alternate."""
        slots = iter(parts)
        text = next(slots)
        for slot in slots:
            text += self._slot(slot) + next(slots)
        return text

    def _slot(self, slot: str) -> str:
        if slot == "noun" and self._rng.random() < TOPICAL_SHARE:
            return draw(self._topic, self._rng)
        if slot == "who":
            return self._who()
        if slot == "number":
            return str(2 + int(10 ** (1 + 3 * self._rng.random())))
        return draw(self._choices[slot], self._rng)

    def _who(self) -> str:
        chance = self._rng.random()
        full, last = draw(self._people, self._rng)
        if chance < 0.4:
            return last
        return full if chance < 0.6 else f"the {self._from('roles')} {full}"

    def _from(self, group: str) -> str:
        return draw(self._lexicon.urns[group], self._rng)


def _compile(patterns: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(re.split(r"\{(\w+)\}", pattern)) for pattern in patterns)


_COMPILED_CLAUSES, _COMPILED_SPOKEN = _compile(CLAUSES), _compile(SPOKEN)


def _capitalized(text: str) -> str:
    return text[0].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The vocabulary with frequencies; `groups` maps a word to its urn."""

    urns: dict[str, tuple[str, ...]]
    groups: dict[str, str]
    first_names: tuple[str, ...]
    names: tuple[str, ...]
    outlets: tuple[str, ...]


@cache
def load_lexicon(is_open: bool = False) -> Lexicon:
    """Read the vocabulary once, and build the urns in a fixed order.

    Parameters
    ----------
    is_open : bool
        Whether to add `N_COINED` rare words, as in an open vocabulary.

    Returns
    -------
    Lexicon
        The lexicon, shared by all callers and frozen.
    """
    words = _read_words()
    rng = Random(0)
    syllables, first_names = words.pop("syllables"), words.pop("first_names")
    verbs = words.pop("verbs")
    words["base"], words["past"] = [pair[0] for pair in verbs], [pair[1] for pair in verbs]
    replaceable = {group: words[group] for group in words if group not in ("times", "openers")}
    groups = {word.lower(): group for group, members in replaceable.items() for word in members}
    spellings = list(dict.fromkeys("".join(parts) for parts in product(*syllables)))
    spelled = _shuffled(spellings, rng)
    names = spelled[:N_NAMES]
    outlets = [f"{names[-1 - i]}{PAPERS[i % len(PAPERS)]}".lower() for i in range(N_OUTLETS)]
    shuffled = {group: _shuffled(members, rng) for group, members in words.items()}
    if is_open:
        coined = (spelling.lower() for spelling in spelled[N_NAMES:])
        for group, n_coined in N_COINED.items():
            shuffled[group] += islice(coined, n_coined)
    size = OPEN_URN_SIZE if is_open else URN_SIZE
    urns = {group: _fill_urn(members, size) for group, members in shuffled.items()}
    return Lexicon(urns, groups, tuple(first_names), tuple(names), tuple(outlets))


def coin_name(number: int) -> str:
    """Spell a name of four syllables.

    Parameters
    ----------
    number : int
        Neighboring numbers give different names; they repeat after 2.7 million.

    Returns
    -------
    str
        A name outside the lexicon, whose names have three syllables.
    """
    first, middle, last = _load_syllables()
    rows = (first, middle, middle, last)
    # Prime, and no factor of the number of spellings, so that all occur.
    place, spelling = number * 1_000_003, ""
    for row in rows:
        place, syllable = divmod(place, len(row))
        spelling += row[syllable]
    return spelling


@cache
def _load_syllables() -> list[list[str]]:
    syllables: list[list[str]] = _read_words()["syllables"]
    return syllables


def _read_words() -> dict[str, Any]:
    path = Path(__file__).with_name("words.json")
    words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return words


def _fill_urn(words: list[str], size: int) -> tuple[str, ...]:
    """Repeat each word by Zipf's law, with Mandelbrot's offset so that no word dominates."""
    weights = [1.0 / (rank + 8) for rank in range(len(words))]
    scale = (size - len(words)) / sum(weights)
    counts = [1 + int(scale * weight) for weight in weights]
    return tuple(w for w, n in zip(words, counts, strict=True) for _ in range(n))


def _shuffled(words: Sequence[str], rng: Random) -> list[str]:
    keyed = sorted((rng.random(), place) for place in range(len(words)))
    return [words[place] for _, place in keyed]


def draw(urn: Sequence[Item], rng: Random) -> Item:
    """Draw one item by `random`, whose sequence Python guarantees.

    Parameters
    ----------
    urn : sequence
        Items, not empty.
    rng : random.Random
        Source of the choice.

    Returns
    -------
    object
        One item; all positions are equally likely.
    """
    return urn[int(rng.random() * len(urn))]
