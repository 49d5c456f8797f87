"""Overlaps as JSON Lines, from columns: without an object for each passage and edit.

The lines are those of :meth:`dedup.Overlap.to_dict`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat
from json.encoder import encode_basestring as quote

import numpy as np

from dedup.align.overlap import OverlapTable
from dedup.align.table import EditTable, PassageTable, Speakers
from dedup.model import OPS, RELATIONS, ROLES
from dedup.model.article import Article
from dedup.model.figures import round_figure
from dedup.model.passage import kind_of_share
from dedup.render.json import escape

_CONSTANT = {None: "null", False: "false", True: "true"}
# By operation, then by whether the edit changes a fact.
_EDITS = [f'["{op}",[%d,%d],[%d,%d]{end}]' for op in OPS for end in ("", ',"fact"')]
_SCORE_DIGITS = 2
_CAPPED, _VERSION = ',"capped":true', ',"version":true'


def overlap_lines(
    table: OverlapTable,
    articles: Sequence[Article],
    capped: Iterable[bool] = repeat(False),
    versions: Iterable[bool] = repeat(False),
) -> Iterator[str]:
    """Yield the line of each overlap, see :meth:`OverlapTable.read`."""
    ids = [quote(article.id) for article in articles]
    passages = _write_passages(table.passages, [article.text for article in articles])
    rows = zip(
        table.passages.pairs.tolist(),
        table.passages.counts.tolist(),
        table.relations.named.tolist(),
        table.similarities.tolist(),
        table.jaccards.tolist(),
        table.coverages.tolist(),
        strict=True,
    )
    for ((a, b), n, relation, similarity, jaccard, (in_a, in_b)), is_capped, is_version in zip(
        rows, capped, versions, strict=False
    ):
        yield escape(
            f'{{"type":"overlap","a":{ids[a]},"b":{ids[b]},"relation":"{RELATIONS[relation]}"'
            f',"similarity":{round_figure(similarity)!r},"jaccard":{round_figure(jaccard)!r}'
            f',"coverage_a":{round_figure(in_a)!r},"coverage_b":{round_figure(in_b)!r}'
            f',"passages":[{",".join(islice(passages, n))}]'
            f"{_CAPPED if is_capped else ''}{_VERSION if is_version else ''}}}"
        )


def _write_passages(table: PassageTable, texts: Sequence[str]) -> Iterator[str]:
    facts = np.append(0, np.cumsum(table.edits.is_fact))[table.edits.bounds]
    rows = zip(
        np.repeat(table.pairs, table.counts, axis=0).tolist(),
        table.chars.tolist(),
        table.identities.tolist(),
        (np.diff(facts) > 0).tolist(),
        table.roles.tolist(),
        table.is_quote.tolist(),
        table.speakers,
        table.confidences.tolist(),
        table.scores.tolist(),
        table.n_words.tolist(),
        _write_edits(table.edits),
        strict=True,
    )
    for (
        (a, b), (start_a, end_a, start_b, end_b), identity, has_fact, role, is_quote, speakers,
        confidence, score, n_words, edits,
    ) in rows:  # fmt: skip
        yield (
            f'{{"a":[{start_a},{end_a}],"b":[{start_b},{end_b}]'
            f',"kind":"{kind_of_share(identity, has_fact)}","role":"{ROLES[role]}"'
            f',"quote":{_CONSTANT[is_quote]}{_write_speakers(speakers) if is_quote else ""}'
            f',"identity":{round_figure(identity)!r},"confidence":{round_figure(confidence)!r}'
            f',"score":{round_figure(score, _SCORE_DIGITS)!r},"n_words":{n_words}'
            f',"text_a":{quote(texts[a][start_a:end_a])},"text_b":{quote(texts[b][start_b:end_b])}'
            f',"edits":[{edits}]}}'
        )


def _write_speakers(speakers: Speakers) -> str:
    a, b = (quote(one) if one is not None else "null" for one in (speakers.a, speakers.b))
    return f',"speaker_a":{a},"speaker_b":{b},"same_speaker":{_CONSTANT[speakers.is_same]}'


def _write_edits(edits: EditTable) -> Iterator[str]:
    """Yield the edits of each passage, made without Python calls: they are many."""
    templates = map(_EDITS.__getitem__, (2 * edits.ops + edits.is_fact).tolist())
    written = map(str.__mod__, templates, zip(*edits.chars.T.tolist(), strict=True))
    return (",".join(islice(written, n)) for n in np.diff(edits.bounds).tolist())
