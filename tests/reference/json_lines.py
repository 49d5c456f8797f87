"""Overlaps as JSON Lines: dictionaries, written by Python and escaped character by character."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dedup.model import OPS, RELATIONS, ROLES
from dedup.model.passage import KINDS


class Edit(NamedTuple):
    op: int
    chars: list[int]
    is_fact: bool


class Passage(NamedTuple):
    """`speakers` are fields of JSON, or empty if it is no quote."""

    chars: list[int]
    kind: int
    role: int
    speakers: dict[str, Any]
    figures: list[float]
    n_words: int
    edits: Sequence[Edit]


class Overlap(NamedTuple):
    pair: list[int]
    relation: int
    figures: list[float]
    is_capped: bool
    is_version: bool
    passages: Sequence[Passage]


def write(ids: Sequence[str], texts: Sequence[str], overlaps: Sequence[Overlap]) -> Iterator[str]:
    """Yield the line of each overlap."""
    for pair, relation, figures, is_capped, is_version, passages in overlaps:
        a, b = pair
        names = "similarity", "jaccard", "coverage_a", "coverage_b"
        line = {"type": "overlap", "a": ids[a], "b": ids[b], "relation": RELATIONS[relation]}
        line |= dict(zip(names, (round_to(one, 4) for one in figures), strict=True))
        line["passages"] = [tell_passage(texts[a], texts[b], one) for one in passages]
        line |= {"capped": True} if is_capped else {}
        line |= {"version": True} if is_version else {}
        yield escape(json.dumps(line, ensure_ascii=False, separators=(",", ":")))


def tell_passage(text_a: str, text_b: str, passage: Passage) -> dict[str, Any]:
    start_a, end_a, start_b, end_b = passage.chars
    identity, confidence, score = passage.figures
    return {
        "a": [start_a, end_a],
        "b": [start_b, end_b],
        "kind": KINDS[passage.kind],
        "role": ROLES[passage.role],
        "quote": bool(passage.speakers),
        **passage.speakers,
        "identity": round_to(identity, 4),
        "confidence": round_to(confidence, 4),
        "score": round_to(score, 2),
        "n_words": passage.n_words,
        "text_a": text_a[start_a:end_a],
        "text_b": text_b[start_b:end_b],
        "edits": [tell_edit(edit) for edit in passage.edits],
    }


def tell_edit(edit: Edit) -> list[Any]:
    start_a, end_a, start_b, end_b = edit.chars
    told = [OPS[edit.op], [start_a, end_a], [start_b, end_b]]
    return [*told, "fact"] if edit.is_fact else told


def round_to(figure: float, n_digits: int) -> float:
    """Round a figure; below 1 stays below 1."""
    rounded = round(figure, n_digits)
    return 1 - 10**-n_digits if figure < 1 <= rounded else rounded


def escape(line: str) -> str:
    """Escape what some readers of lines do not keep."""
    return "".join(
        f"\\u{ord(char):04x}"
        if "\x7f" <= char <= "\x9f" or char in "\u2028\u2029" or "\ud800" <= char <= "\udfff"
        else char
        for char in line
    )
