"""The edit sweep: sentences put into two articles on one event, more and more altered in one.

A sentence of `corpus/topics.json` stands between two sentences of article ``a``; its edited copy
stands between two sentences of another article on the same event, so that names, numbers and
subject words are shared by the texts around it as well. One sentence is planted in the same
places for every kind of edit and every share of words, so that two rows differ by the edit alone.

The *share* is that of all words of the sentence, function words counted: 30 % of 25 words
are 8 words. `substitute` replaces any of them, each as likely as any other, content words by
synonyms and function words by function words. `reword` replaces content words first, which is
harder: half of the words of a sentence are content words, so at 50 % nothing is left to find.
`insert` puts in adjectives and `delete` takes out any words, except that the first and the last
stay. `truncate` cuts off one end; the span in ``a`` is then what is left in ``b``, so that a span that
completes the sentence loses in intersection over union. `swap` and `split-quote` have no share.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import dedup
from bench.accuracy.detecting import Task, detect, judge
from bench.accuracy.spans import Span, Tally
from corpus.edits import edit, reword
from corpus.topics import Event, Sentence, load_events, print_sentence

GRADED = ("substitute", "reword", "insert", "delete", "truncate")
UNGRADED = ("swap", "split-quote")
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
# Times that each sentence is planted, in other articles and places.
N_ROUNDS = 4
# A capital letter has to follow: "11 p.m. and" ends no sentence.
_BREAK = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\"))\s+(?=[A-Z\"])")


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """Name what a sentence went through.

    Parameters
    ----------
    kind : str
        One of `GRADED` or `UNGRADED`.
    share : float
        Share of its words; 0 for kinds that have none.
    """

    kind: str
    share: float


def sweep(
    params: dedup.Params | None = None, jobs: int | None = None, n_rounds: int = N_ROUNDS
) -> dict[Setting, Tally]:
    """Plant every sentence in every setting and count what is found.

    Parameters
    ----------
    params : dedup.Params or None
        Settings of the detector; None takes the preset ``news``.
    jobs : int or None
        Threads; all processors if None.
    n_rounds : int
        Times that each sentence is planted.

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
    """Return every kind with every share, then the kinds without one."""
    graded = [Setting(kind, share) for kind in GRADED for share in SHARES]
    return graded + [Setting(kind, 0.0) for kind in UNGRADED]


def plant_all(events: Sequence[Event], n_rounds: int) -> Iterator[tuple[Setting, Task]]:
    """Plant every sentence of the events in every setting that suits it.

    Parameters
    ----------
    events : sequence of Event
        What `load_events` returned.
    n_rounds : int
        Times that each sentence is planted.

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
                    if sentence.is_quote or setting.kind != "split-quote":
                        yield setting, plant(event, sentence, setting, name)


def plant(event: Event, sentence: Sentence, setting: Setting, name: str) -> Task:
    """Put a sentence into one article of an event, and its edited copy into another.

    Parameters
    ----------
    event : Event
        Whose articles they are.
    sentence : Sentence
        What is planted.
    setting : Setting
        How the copy is edited.
    name : str
        Decides articles and places; with the setting it decides the edit.

    Returns
    -------
    Task
        With one known span.
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
        What to do to it.
    rng : random.Random
        Source of every choice.

    Returns
    -------
    str
        The edited sentence, without commas or the like at its end.
    """
    if setting.kind in ("substitute", "reword"):
        return reword(text, setting.share, rng, content_first=setting.kind == "reword")
    return edit(text, setting.kind, setting.share, rng).strip(" ,;:-")


def _insert(text: str, sentence: str, known: str, chance: float) -> tuple[str, Span]:
    """Put a sentence where one sentence of the text ends, and tell where the known part stands."""
    gaps = find_gaps(text)
    gap = gaps[int(chance * len(gaps))]
    start = gap + 1 + sentence.index(known)
    return f"{text[:gap]} {sentence}{text[gap:]}", (start, start + len(known))


def find_gaps(text: str) -> list[int]:
    """Return the ends of the sentences after which another can follow.

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


def table(tallies: Mapping[Setting, Tally]) -> Iterator[str]:
    """Lay out one line a setting.

    Parameters
    ----------
    tallies : mapping of Setting to Tally
        What `sweep` returned.

    Returns
    -------
    iterator of str
        The lines, under a heading.
    """
    yield (
        f"{'kind':<14}{'share':>6}{'planted':>9}{'recall':>8}{'IoU':>8}"
        f"{'false/pair':>12}{'astray/pair':>13}"
    )
    for setting, one in tallies.items():
        share = f"{setting.share:.0%}" if setting.kind in GRADED else "-"
        mean_iou = f"{one.mean_iou:.3f}" if one.mean_iou is not None else "-"
        yield (
            f"{setting.kind:<14}{share:>6}{one.n_planted:>9}{one.recall or 0:>8.3f}{mean_iou:>8}"
            f"{one.false_rate or 0:>12.4f}{one.astray_rate or 0:>13.4f}"
        )


if __name__ == "__main__":
    print(*table(sweep()), sep="\n")
