"""Measure reuse in many languages: planted sentences, and passages in unrelated pairs.

The file has one object per language: ``articles``, ``unrelated`` (pairs of their numbers), and
``planted`` (texts ``a`` and ``b`` with ``span_a``, ``span_b`` and ``kind``). A planted sentence is
found if the passages that meet it cover at least 30 % of it on both sides, as intersection over
union. A passage in an unrelated pair is a *repeat* if its sides have five words in a row in common,
as stock sentences of laws, tables and sports reports have, whatever their numbers and endings, or
if dedup itself calls it a formula; else it is false. ::

    python -m bench.accuracy.languages FILE.jsonl.zst [LANGUAGE...]
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

import zstandard

import dedup
from bench import table

Span = tuple[int, int]

_MIN_IOU = 0.3
# Words in a row of a repeat, and the letters that two forms of a word have in common; characters in
# scripts without spaces.
_RUN, _LETTERS, _RUN_CHARS = 5, 5, 8
# Marks of Latin, Greek and Cyrillic, which move with the ending of a word.
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPACELESS = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


class Steps(NamedTuple):
    """Of pairs, and of planted sentences of a kind, one in so many is measured."""

    pairs: int = 1
    plants: int = 1


EVERY = Steps()
# The gate measures a part, to bound its time.
GATE_STEPS = Steps(16, 3)


@dataclass(slots=True)
class LanguageRow:
    """Figures of one language.

    Parameters
    ----------
    language : str
        Code of ISO 639.
    n_unrelated : int
        Pairs of unrelated articles.
    n_false, n_repeats : int
        Passages in them.
    n_planted, n_found : dict of str to int
        Planted sentences by kind, and those that are found.
    overlap : float
        Sum of the intersection over union of the found ones, mean of both sides.
    """

    language: str
    n_unrelated: int = 0
    n_false: int = 0
    n_repeats: int = 0
    n_planted: dict[str, int] = field(default_factory=dict)
    n_found: dict[str, int] = field(default_factory=dict)
    overlap: float = 0.0

    @property
    def false_rate(self) -> float:
        """False passages per 1,000 unrelated pairs."""
        return 1000 * self.n_false / max(self.n_unrelated, 1)

    @property
    def repeat_rate(self) -> float:
        """Repeats per 1,000 unrelated pairs."""
        return 1000 * self.n_repeats / max(self.n_unrelated, 1)

    @property
    def iou(self) -> float:
        """Mean intersection over union of the found sentences."""
        return self.overlap / max(sum(self.n_found.values()), 1)

    def recall(self, kind: str | None = None) -> float:
        """Return the share of planted sentences that are found, of a kind or of all."""
        kinds = [kind] if kind else list(self.n_planted)
        n = sum(self.n_planted.get(one, 0) for one in kinds)
        return sum(self.n_found.get(one, 0) for one in kinds) / max(n, 1)


def read_languages(path: Path) -> Iterator[dict[str, Any]]:
    """Read the objects of a file of JSON Lines, ``.zst`` or plain.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    iterator of dict
        One per language.
    """
    data = path.read_bytes()
    if path.suffix == ".zst":
        with zstandard.ZstdDecompressor().stream_reader(data) as stream:
            data = stream.read()
    yield from (json.loads(line) for line in data.split(b"\n") if line)


def measure(
    path: Path, params: dedup.Params, languages: Sequence[str] = (), steps: Steps = EVERY
) -> Iterator[LanguageRow]:
    """Measure the detector on each language.

    Parameters
    ----------
    path : Path
        The file.
    params : dedup.Params
        Parameters.
    languages : sequence of str, optional
        Only these; all if left out.
    steps : Steps, optional
        What to leave out; nothing if left out.

    Returns
    -------
    iterator of LanguageRow
        In the order of the file.
    """
    for one in read_languages(path):
        if not languages or one["language"] in languages:
            yield _measure_language(one, params, steps)


def _measure_language(one: dict[str, Any], params: dedup.Params, steps: Steps) -> LanguageRow:
    row = LanguageRow(one["language"])
    texts = one["articles"]
    for a, b in one["unrelated"][:: steps.pairs]:
        row.n_unrelated += 1
        for passage in dedup.compare(texts[a], texts[b], params).passages:
            sides = texts[a][slice(*passage.a)], texts[b][slice(*passage.b)]
            if passage.role == "formula" or is_repeat(*sides):
                row.n_repeats += 1
            else:
                row.n_false += 1
    for kind in dict.fromkeys(plant["kind"] for plant in one["planted"]):
        plants = [plant for plant in one["planted"] if plant["kind"] == kind]
        plants = plants[:: steps.plants]
        shares = [_find_planted(plant, params) for plant in plants]
        row.n_planted[kind] = len(plants)
        row.n_found[kind] = sum(min(both) >= _MIN_IOU for both in shares)
        row.overlap += sum(sum(both) / 2 for both in shares if min(both) >= _MIN_IOU)
    return row


def _find_planted(plant: dict[str, Any], params: dedup.Params) -> tuple[float, float]:
    spans = tuple(plant["span_a"]), tuple(plant["span_b"])
    met = [
        (one.a, one.b)
        for one in dedup.compare(plant["a"], plant["b"], params).passages
        if all(map(_do_meet, (one.a, one.b), spans))
    ]
    return find_iou([one for one, _ in met], spans[0]), find_iou([one for _, one in met], spans[1])


def _do_meet(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


def find_iou(spans: Sequence[Span], gold: Span) -> float:
    """Return the intersection over union of several spans and one.

    Parameters
    ----------
    spans : sequence of (int, int)
        Half-open; may overlap.
    gold : (int, int)
        Half-open.

    Returns
    -------
    float
        In [0, 1].
    """
    covered = set().union(*(range(*span) for span in spans))
    wanted = set(range(*gold))
    return len(covered & wanted) / max(len(covered | wanted), 1)


def is_repeat(text_a: str, text_b: str) -> bool:
    """Return whether two texts have five words in a row in common, but for numbers and endings.

    Parameters
    ----------
    text_a, text_b : str
        In scripts without spaces, eight characters in a row.
    """
    runs = []
    for one in (text_a, text_b):
        text = normalize("NFC", _ACCENTS.sub("", normalize("NFD", one.casefold())))
        is_spaceless = 2 * len(_SPACELESS.findall(text)) > len(text)
        text = re.sub(r"\d+(?:[.,]\d+)*", "0", text)
        words = re.findall(r"\w", text) if is_spaceless else re.findall(r"\w+", text)
        units = [word[:_LETTERS] for word in words]
        n = _RUN_CHARS if is_spaceless else _RUN
        runs.append({tuple(units[at : at + n]) for at in range(len(units) - n + 1)})
    return bool(runs[0] & runs[1])


def lay_out(rows: Sequence[LanguageRow]) -> list[str]:
    """Format the table: a line per language, a column per kind.

    Parameters
    ----------
    rows : sequence of LanguageRow
        At least one.
    """
    kinds = list(rows[0].n_planted)
    columns: tuple[table.Column, ...] = (
        ("language", "language", "<8"),
        ("false", "false/1000", ">10.1f"),
        ("repeats", "repeats/1000", ">12.1f"),
        *((kind, kind, f">{max(len(kind), 5)}.2f") for kind in kinds),
        ("iou", "IoU", ">5.2f"),
    )
    lines = (
        {"language": row.language, "false": row.false_rate, "repeats": row.repeat_rate}
        | {kind: row.recall(kind) for kind in kinds}
        | {"iou": row.iou}
        for row in rows
    )
    return list(table.lay_out(columns, lines))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Measure reuse in many languages.")
    default = os.environ.get("DEDUP_LANGUAGES")
    parser.add_argument("path", type=Path, nargs="?", default=default)
    parser.add_argument("languages", nargs="*")
    parser.add_argument("--params", default="news", help="preset (default: news)")
    options = parser.parse_args(arguments)
    if options.path is None:
        parser.error("name the file, or set DEDUP_LANGUAGES")
    params = dedup.Params.preset(options.params)
    rows = list(measure(Path(options.path), params, options.languages))
    print(*lay_out(rows), sep="\n")


if __name__ == "__main__":
    main()
