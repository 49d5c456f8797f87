"""Measure relations on pairs from templates: other news, revisions, and contained texts.

A pair of other news is right if neither text could replace the other: its relation is ``shares`` or
``none``. Any other pair is right if the relation is the one that a reader sees.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import dedup
from bench import table
from corpus.templates import TemplatePair, make_pairs

_COLUMNS: tuple[table.Column, ...] = (
    ("kind", "templates", "<14"),
    ("relation", "relation", "<12"),
    ("n", "n", ">5"),
    ("n_right", "right", ">7"),
    ("n_wrong", "wrong", ">7"),
    ("least", "least", ">7.3f"),
    ("most", "most", ">7.3f"),
)
_OTHER_NEWS = ("shares", "none")

Compare = Callable[[str, str], dedup.Overlap]


class TemplateRow(NamedTuple):
    """Results of the pairs of one kind; `least` and `most` are bounds of the similarity."""

    kind: str
    relation: str
    n: int
    n_right: int
    n_wrong: int
    least: float
    most: float


class JudgedPair(NamedTuple):
    """A pair, what was found, and whether that is right."""

    pair: TemplatePair
    overlap: dedup.Overlap
    is_right: bool


def judge(pairs: Iterable[TemplatePair], compare: Compare = dedup.compare) -> list[JudgedPair]:
    """Compare pairs, and judge their relations."""
    judged = []
    for pair in pairs:
        found = compare(pair.a, pair.b)
        wanted = _OTHER_NEWS if pair.relation == "different" else (pair.relation,)
        judged.append(JudgedPair(pair, found, found.relation in wanted))
    return judged


def sum_up(judged: Sequence[JudgedPair]) -> Iterator[TemplateRow]:
    """Yield one row for each kind, in the order of the pairs."""
    for kind in dict.fromkeys(one.pair.kind for one in judged):
        own = [one for one in judged if one.pair.kind == kind]
        figures = [one.overlap.similarity for one in own]
        n_right = sum(one.is_right for one in own)
        counts = len(own), n_right, len(own) - n_right
        yield TemplateRow(kind, own[0].pair.relation, *counts, min(figures), max(figures))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure relations on pairs from templates.")
    parser.add_argument("--seed", type=int, default=1, help="seed of the pairs (1)")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of a kind and template (5)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong pairs")
    options = parser.parse_args(arguments)
    judged = judge(make_pairs(options.seed, options.rounds))
    for line in table.lay_out(_COLUMNS, (row._asdict() for row in sum_up(judged))):
        print(line)
    wrong = [one for one in judged if not one.is_right]
    for one in wrong[: options.show]:
        print(f"\n{one.pair.template}, {one.pair.kind}: {one.overlap.relation}")
        print(*(re.sub(r"\s+", " ", text) for text in (one.pair.a, one.pair.b)), sep="\n--\n")


if __name__ == "__main__":
    main()
