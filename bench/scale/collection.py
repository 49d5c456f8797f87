"""Collections of any size, in which everything that is reused grows with the number of articles.

Three kinds of reuse in fixed proportions: passages that one article takes from another, whose spans
are known; one story of which every so many articles are a lightly edited copy; and a footer under
all articles of one outlet. A smaller collection is the beginning of a larger one, and two articles
that have nothing to do with each other are no more alike in a large one: the vocabulary is open,
and names come and go (`corpus.synthesize.generate`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

from corpus.edits import edit
from corpus.prose import ProseWriter, load_lexicon
from corpus.synthesize import generate

Record = dict[str, Any]

# A fourth of the articles has a passage of another; one word in seven of it is edited.
PLANT_RATE = 0.2
FRACTION = 0.15
# Articles back, three weeks of them: fewer than in the smallest collection that is measured, so
# that all that are measured have been through what a name goes through.
REACH = 4_000
# Every so many articles one is a copy of the story.
STORY_EVERY = 50
STORY_MARK = "-story"
STORY_KINDS = ("substitute", "insert", "delete")
# Share of the words of each paragraph that an outlet edits, at most.
STORY_FRACTION = 0.06
FOOTER = (
    "Readers who wish to correct a report may write to the desk for complaints, which answers "
    "every letter within nine days."
)
_SEED = 1


@dataclass(frozen=True, slots=True)
class GeneratedCollection:
    """Say what is in a collection that was written.

    Parameters
    ----------
    n_articles, n_copies : int
        All articles, and those of them that are copies of the story.
    n_story_words : int
        Words of the story.
    n_bytes : int
        Of the file.
    text_bytes, field_bytes : int
        What Python holds of all texts, and of all other fields, as strings.
    """

    n_articles: int = 0
    n_copies: int = 0
    n_story_words: int = 0
    n_bytes: int = 0
    text_bytes: int = 0
    field_bytes: int = 0


def make_articles() -> Iterator[tuple[Record, list[Record]]]:
    """Make articles without end.

    Yields
    ------
    article : dict
        A record as `dedup.read` takes it; the id of a copy of the story ends in `STORY_MARK`.
    gold : list of dict
        Passages that were planted in it, as in `corpus/gold.jsonl`.
    """
    written = generate(_SEED, plant_rate=PLANT_RATE, fraction=FRACTION, reach=REACH)
    rng, with_footer = Random(_SEED), load_lexicon().outlets[0]
    story = write_story()
    for number in count(1):
        article, gold = next(written)
        if article["outlet"] == with_footer:
            article["text"] += f"\n\n{FOOTER}"
        yield article, gold
        if number % (STORY_EVERY - 1) == 0:
            yield _copy_story(story, article, rng), []


def write_story() -> list[str]:
    """Write the story that is copied.

    Returns
    -------
    list of str
        Its paragraphs.
    """
    writer = ProseWriter(load_lexicon(is_open=True), Random(_SEED))
    return [" ".join(block) for block in writer.blocks()]


def write_collection(n_articles: int, articles: Path, gold: Path) -> GeneratedCollection:
    """Write a collection, one article in memory at a time besides the `REACH` latest.

    Parameters
    ----------
    n_articles : int
        How many.
    articles, gold : Path
        Files that are replaced, JSON Lines.

    Returns
    -------
    GeneratedCollection
        What was written.
    """
    found = GeneratedCollection(
        n_story_words=sum(len(paragraph.split()) for paragraph in write_story())
    )
    with articles.open("wb") as article_lines, gold.open("wb") as gold_lines:
        for article, planted in islice(make_articles(), n_articles):
            line = json.dumps(article, ensure_ascii=False).encode() + b"\n"
            article_lines.write(line)
            gold_lines.writelines(json.dumps(one).encode() + b"\n" for one in planted)
            found = _count(found, article, len(line))
    return found


def _copy_story(story: list[str], before: Record, rng: Random) -> Record:
    """Edit the story as an outlet does; it stands in the order of ids behind what came before.

    Each copy has an outlet of its own: what one outlet repeats is its boilerplate.
    """
    paragraphs = [
        edit(
            paragraph,
            STORY_KINDS[int(rng.random() * len(STORY_KINDS))],
            STORY_FRACTION * rng.random(),
            rng,
        )
        for paragraph in story
    ]
    name = before["id"] + STORY_MARK
    outlet = f"daily{before['id']}"
    return before | {
        "id": name,
        "outlet": outlet,
        "url": f"https://{outlet}.example/{name}",
        "text": "\n\n".join(paragraphs),
    }


def _count(found: GeneratedCollection, article: Record, n_bytes: int) -> GeneratedCollection:
    text_bytes = sys.getsizeof(article["text"])
    return replace(
        found,
        n_articles=found.n_articles + 1,
        n_copies=found.n_copies + article["id"].endswith(STORY_MARK),
        n_bytes=found.n_bytes + n_bytes,
        text_bytes=found.text_bytes + text_bytes,
        field_bytes=found.field_bytes + sum(map(sys.getsizeof, article.values())) - text_bytes,
    )
