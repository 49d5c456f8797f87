"""Synthetic collections of any size, where reuse grows with the number of articles.

There are three kinds of reuse in fixed proportions: planted passages with known spans; one story
with lightly edited copies; and a footer in all articles of one outlet. A smaller collection is a
prefix of a larger one. Unrelated articles are equally similar at any size, because the vocabulary
is open and names come and go (`corpus.synthesize.generate`).
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

# A quarter of the articles have a passage of another; one in seven of its words is edited.
PLANT_RATE = 0.2
FRACTION = 0.15
# Maximum distance of a source, three weeks of articles: fewer than the smallest measured
# collection, so that names come and go in each.
REACH = 4_000
# One article in this many is a copy of the story.
STORY_EVERY = 50
STORY_MARK = "-story"
STORY_KINDS = ("substitute", "insert", "delete")
# Maximum share of words per paragraph that an outlet edits.
STORY_FRACTION = 0.06
FOOTER = (
    "Readers who wish to correct a report may write to the desk for complaints, which answers "
    "every letter within nine days."
)
_SEED = 1


@dataclass(frozen=True, slots=True)
class GeneratedCollection:
    """Summary of a written collection.

    Parameters
    ----------
    n_articles, n_copies : int
        Articles, and copies of the story among them.
    n_story_words : int
        Words of the story.
    n_bytes : int
        Size of the file.
    text_bytes, field_bytes : int
        Python memory of all texts, and of all other fields.
    """

    n_articles: int = 0
    n_copies: int = 0
    n_story_words: int = 0
    n_bytes: int = 0
    text_bytes: int = 0
    field_bytes: int = 0


def make_articles() -> Iterator[tuple[Record, list[Record]]]:
    """Generate articles endlessly.

    Yields
    ------
    article : dict
        A record for `dedup.read`; the id of a copy of the story ends in `STORY_MARK`.
    gold : list of dict
        Its planted passages, as in `corpus/gold.jsonl`.
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
    """Write the story to copy.

    Returns
    -------
    list of str
        Its paragraphs.
    """
    writer = ProseWriter(load_lexicon(is_open=True), Random(_SEED))
    return [" ".join(block) for block in writer.blocks()]


def write_collection(n_articles: int, articles: Path, gold: Path) -> GeneratedCollection:
    """Write a collection, with only the latest `REACH` articles in memory.

    Parameters
    ----------
    n_articles : int
        How many.
    articles, gold : Path
        JSON Lines files; overwritten.

    Returns
    -------
    GeneratedCollection
        Summary of the collection.
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
    """Edit the story as an outlet does; its id sorts after the previous article.

    Each copy has its own outlet, because repeated text of one outlet is boilerplate.
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
