"""The edit sweep: sentences planted in two articles on one event, edited more and more.

A sentence of `corpus/topics.json` is inserted into article ``a``, and its edited copy into another
article on the same event, so that the surrounding texts also share names, numbers and subject
words. A sentence has the same position for every edit and share, so that rows differ only by the
edit.

The *share* counts all words of the sentence, including function words: 30 % of 25 words are 8
words. `substitute` replaces words with equal probability, content words by synonyms and function
words by function words. `reword` replaces content words first, which is harder: half of the words
of a sentence are content words, so at 50 % nothing is left to find. `insert` adds adjectives and
`delete` removes words; the first and the last word stay. `truncate` removes one end; the span in
``a`` is the part left in ``b``, so completing the sentence lowers the intersection over union.
`swap` and `split-quote` have no share.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import dedup
from bench.accuracy.detecting import Task, detect, judge, show
from bench.accuracy.figures import AccuracyRow, lay_out, read_tally
from bench.accuracy.spans import Span, Tally
from corpus.edits import edit, reword
from corpus.topics import Event, Sentence, load_events, print_sentence

GRADED = ("substitute", "reword", "insert", "delete", "truncate")
UNGRADED = ("swap", "split-quote")
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
# Repeats of each sentence, in other articles and positions.
N_ROUNDS = 4
# A capital must follow: "11 p.m. and" does not end a sentence.
_BREAK = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\"))\s+(?=[A-Z\"])")


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """Edit of a sentence.

    Parameters
    ----------
    kind : str
        One of `GRADED` or `UNGRADED`.
    share : float
        Share of its words; 0 for kinds without a share.
    """

    kind: str
    share: float


def sweep(
    params: dedup.Params | None = None, jobs: int | None = None, n_rounds: int = N_ROUNDS
) -> dict[Setting, Tally]:
    """Plant every sentence in every setting, and count the found ones.

    Parameters
    ----------
    params : dedup.Params or None
        Parameters; None for the preset ``news``.
    jobs : int or None
        Threads; None for all processors.
    n_rounds : int
        Repeats of each sentence.

    Returns
    -------
    dict of Setting to Tally
        In the order of kinds and shares.
    """
    settings, tasks = zip(*plant_all(load_events(), n_rounds), strict=True)
    tallies: dict[Setting, Tally] = defaultdict(Tally)
    for setting, task, passages in zip(settings, tasks, detect(tasks, params, jobs), strict=True):
        tallies[setting] += judge(task, passages)
    return {setting: tallies[setting] for setting in list_settings()}


def list_settings() -> list[Setting]:
    """Return every kind with every share, then the kinds without a share."""
    graded = [Setting(kind, share) for kind in GRADED for share in SHARES]
    return graded + [Setting(kind, 0.0) for kind in UNGRADED]


def plant_all(events: Sequence[Event], n_rounds: int) -> Iterator[tuple[Setting, Task]]:
    """Plant every sentence of the events in every suitable setting.

    Parameters
    ----------
    events : sequence of Event
        Result of `load_events`.
    n_rounds : int
        Repeats of each sentence.

    Returns
    -------
    iterator of (Setting, Task)
        By event, sentence, round and setting.
    """
    for event in events:
        for number, sentence in enumerate(event.sentences):
            for one_round in range(n_rounds):
                name = f"{event.name}/{number}/{one_round}"
                for setting in list_settings():
                    if suits(sentence, setting.kind):
                        yield setting, plant(event, sentence, setting, name)


def suits(sentence: Sentence, kind: str) -> bool:
    """Return whether an edit suits a sentence; swapping clauses needs a comma.

    Parameters
    ----------
    sentence : Sentence
        The sentence.
    kind : str
        One of `GRADED` or `UNGRADED`.

    Returns
    -------
    bool
        Whether to plant it.
    """
    if kind == "split-quote":
        return sentence.is_quote
    return kind != "swap" or ", " in sentence.text


def plant(event: Event, sentence: Sentence, setting: Setting, name: str) -> Task:
    """Put a sentence into one article of an event, and its edited copy into another.

    Parameters
    ----------
    event : Event
        Event of the articles.
    sentence : Sentence
        The sentence.
    setting : Setting
        Edit of the copy.
    name : str
        Seed for articles and positions, and with the setting for the edit.

    Returns
    -------
    Task
        Task with one known span.
    """
    rng = Random(name)
    first = int(rng.random() * len(event.texts))
    second = (first + 1 + int(rng.random() * (len(event.texts) - 1))) % len(event.texts)
    places = rng.random(), rng.random()
    copy = alter(sentence.text, setting, Random(f"{name}/{setting.kind}/{setting.share}"))
    kept = copy if setting.kind == "truncate" else sentence.text
    text_a, a = _insert(event.texts[first], sentence.printed, kept, places[0])
    text_b, b = _insert(
        event.texts[second], print_sentence(copy, sentence.is_quote), copy, places[1]
    )
    return Task(text_a, text_b, ((a, b),), name=f"{name} {setting.kind} {setting.share:.0%}")


def alter(text: str, setting: Setting, rng: Random) -> str:
    """Edit a sentence.

    Parameters
    ----------
    text : str
        The sentence.
    setting : Setting
        The edit.
    rng : random.Random
        Source of every choice.

    Returns
    -------
    str
        The edited sentence, without punctuation at its end.
    """
    if setting.kind in ("substitute", "reword"):
        return reword(text, setting.share, rng, content_first=setting.kind == "reword")
    if setting.kind == "swap" and not text.startswith("I "):
        text = text[0].lower() + text[1:]  # none starts with a name
    return edit(text, setting.kind, setting.share, rng).strip(" ,;:-")


def _insert(text: str, sentence: str, known: str, chance: float) -> tuple[str, Span]:
    """Insert a sentence after another, and return the span of the known part."""
    gaps = find_gaps(text)
    gap = gaps[int(chance * len(gaps))]
    start = gap + 1 + sentence.index(known)
    return f"{text[:gap]} {sentence}{text[gap:]}", (start, start + len(known))


def find_gaps(text: str) -> list[int]:
    """Return the ends of sentences where another can be inserted.

    Parameters
    ----------
    text : str
        An article.

    Returns
    -------
    list of int
        Code points, outside of quotations.
    """
    ends = [found.start() for found in _BREAK.finditer(text)] + [len(text)]
    return [end for end in ends if not text[text.rfind("\n", 0, end) + 1 : end].count('"') % 2]


def rows_of(tallies: Mapping[Setting, Tally]) -> list[AccuracyRow]:
    """Convert each setting to a row."""
    return [
        read_tally("sweep", one.kind, tally, one.share if one.kind in GRADED else None)
        for one, tally in tallies.items()
    ]


def find_worst(setting: Setting, params: dedup.Params | None, n_shown: int) -> Iterator[str]:
    """Format the missed sentences of a setting, then the least exact ones.

    Parameters
    ----------
    setting : Setting
        Of `list_settings`.
    params : dedup.Params or None
        Parameters; None for the preset ``news``.
    n_shown : int
        How many.

    Returns
    -------
    iterator of str
        Lines for a person to read.
    """
    tasks = [task for one, task in plant_all(load_events(), N_ROUNDS) if one == setting]
    found = list(zip(tasks, detect(tasks, params), strict=True))
    found.sort(key=lambda entry: judge(*entry).iou)
    for task, passages in found[:n_shown]:
        yield from show(task, passages)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Sweep edits of planted sentences.")
    parser.add_argument("--params", default="news", help="preset of the detector (default: news)")
    parser.add_argument("--show", type=int, metavar="N", help="print the N worst of a setting")
    parser.add_argument("--kind", choices=(*GRADED, *UNGRADED), default="substitute")
    parser.add_argument("--share", type=float, choices=SHARES, default=0.3)
    options = parser.parse_args(arguments)
    params = dedup.Params.preset(options.params)
    if options.show is None:
        print(*lay_out(rows_of(sweep(params))), sep="\n")
    else:
        setting = Setting(options.kind, options.share if options.kind in GRADED else 0.0)
        print(*find_worst(setting, params, options.show), sep="\n")


if __name__ == "__main__":
    main()
