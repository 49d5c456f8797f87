"""Overlaps as JSON Lines, from columns: without an object for each passage and edit.

The lines are those of :meth:`dedup.Overlap.to_dict`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring as quote

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.overlap import OverlapTable
from dedup.align.table import PassageTable, Speakers
from dedup.model.article import Article
from dedup.render.json import escape
from dedup.runtime.bounds import add_up

_Bytes = NDArray[np.uint8]
_Longs = NDArray[np.int64]

_CONSTANT = {None: "null", False: "false", True: "true"}
_UTF_32 = f"utf-32-{sys.byteorder[0]}e"


def overlap_lines(
    table: OverlapTable,
    articles: Sequence[Article],
    capped: NDArray[np.bool_],
    versions: NDArray[np.bool_],
) -> Iterator[str]:
    """Yield the line of each overlap.

    Parameters
    ----------
    capped, versions : ndarray of bool, shape (n_pairs,)
        See :class:`dedup.model.Overlap`.
    """
    passages, edits = table.passages, table.passages.edits
    numbers, pairs = np.unique(passages.pairs, return_inverse=True)
    figures = table.similarities, table.jaccards, *table.coverages.T
    written = _core.write_lines(
        _join_articles([articles[number] for number in numbers.tolist()]),
        (
            pairs.reshape(-1, 2),
            passages.bounds,
            table.relations.named,
            np.stack(figures, axis=1),
            capped,
            versions,
        ),
        _join_passages(passages),
        (edits.bounds, edits.ops, edits.chars, edits.is_fact),
    )
    yield from map(bytes.decode, written.tobytes().splitlines())


def _join_articles(
    articles: Sequence[Article],
) -> tuple[_Bytes, _Longs, NDArray[np.uint32], _Longs]:
    ids = _join_bytes([escape(quote(article.id)).encode() for article in articles])
    text = "".join([article.text for article in articles])
    points = np.frombuffer(text.encode(_UTF_32, "surrogatepass"), np.uint32)
    return *ids, points, _find_bounds([len(article.text) for article in articles])


def _join_passages(
    passages: PassageTable,
) -> tuple[_Longs, _Bytes, _Bytes, _Bytes, _Longs, NDArray[np.float64], _Longs]:
    figures = passages.identities, passages.confidences, passages.scores
    return (
        passages.chars,
        passages.kinds,
        passages.roles,
        *_join_speakers(passages),
        np.stack(figures, axis=1),
        passages.n_words,
    )


def _join_speakers(passages: PassageTable) -> tuple[_Bytes, _Longs]:
    """Return the JSON fields of the speakers of quotes, and the bounds of each passage."""
    rows = np.flatnonzero(passages.is_quote)
    written = [_write_speakers(passages.speakers[row]) for row in rows.tolist()]
    joined, own = _join_bytes(written)
    return joined, own[add_up(passages.is_quote)]


def _write_speakers(speakers: Speakers) -> bytes:
    a, b = (quote(one) if one is not None else "null" for one in (speakers.a, speakers.b))
    fields = f',"speaker_a":{a},"speaker_b":{b},"same_speaker":{_CONSTANT[speakers.is_same]}'
    return escape(fields).encode()


def _join_bytes(parts: Sequence[bytes]) -> tuple[_Bytes, _Longs]:
    return np.frombuffer(b"".join(parts), np.uint8), _find_bounds([len(one) for one in parts])


def _find_bounds(sizes: Sequence[int]) -> _Longs:
    return np.cumsum([0, *sizes], dtype=np.int64)
