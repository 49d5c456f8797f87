"""Arguments that every door of the core takes: small, and at least two rows of each array."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup import _core
from dedup.align.scalars import make_scalars
from dedup.index.format import BLOCK
from dedup.params import AlignParams
from dedup.text import tables
from dedup.text.tokenize import TOKEN
from tests.reference.sides import arrange, number_streams, rows

SEARCH = tuple(make_scalars(AlignParams()))
IDF = np.full(1 << 21, 40, np.uint8)
Arguments = dict[str, tuple[Any, ...]]


def _integers(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def _table(*values: tuple[int, ...]) -> np.ndarray:
    return np.array(values, np.int64)


def _hashes(n: int) -> np.ndarray:
    return np.arange(1, n + 1, dtype=np.uint64)


def _columns(n: int) -> tuple[np.ndarray, ...]:
    """Tokens of all articles, in columns."""
    return tuple(arrange([(at, at, 128) for at in range(n)]))


def _text_doors() -> Arguments:
    n, half = 12, 7
    text = np.zeros(n + _core.PADDING, np.uint8)
    text[:n] = np.frombuffer(b"wait and see", np.uint8)
    edges = np.zeros(n + 2 + _core.BLOCK, np.int64)
    places = [np.zeros(half, np.int64) for _ in range(2)]
    folded = [np.zeros(half, np.uint64) for _ in range(2)]
    small = [np.zeros(half, np.uint8) for _ in range(3)]
    scratch = np.zeros(_core.SCRATCH, np.uint8)
    folding, offsets = tables.checked_folding(), _integers(0, 5, n)
    permutations = np.ones((2, 64), np.uint32)
    signature, signatures = np.zeros(64, np.uint32), np.zeros((2, 64), np.uint32)
    return {
        "Folding": (*tables.folding(), *tables.listed_words()),
        "hash_bytes": (text, 5),
        "find_edges": (text, 0, n, edges),
        "find_words": (text, 0, n, folding, edges, *places, *folded, *small, scratch, True),
        "hash_words": (_hashes(3), _hashes(3), np.full(3, 9, np.uint8), np.zeros(3, np.uint64)),
        "mark_articles": (text, offsets, folding),
        "hash_phrases": (text[:n].copy(), offsets),
        "find_phrases": (text[:n].copy(), offsets, _hashes(2), _hashes(2)),
        "hash_shingles": (_hashes(5), 2),
        "fill_signature": (_hashes(5), signature),
        "fill_affine_signature": (_hashes(5), permutations, signature),
        "sketch_articles": (_hashes(n), offsets, 2, permutations, signatures),
        "sketch_texts": (text, offsets, folding, 2, permutations, signatures),
        "hash_bands": (signatures, 4, 4),
        "count_agreements": (signatures, _integers(0, 1), _integers(1, 1)),
        "fill_jaccards": (signatures, np.zeros((3, 64), np.uint32), np.zeros((2, 3))),
    }


def _stored_doors() -> Arguments:
    numbers, starts = np.array([0, 1], np.uint32), np.array([0, 4], np.uint32)
    flags, cuts, offsets = np.zeros(2, np.uint8), _integers(0, 1), _integers(0, 1, 2)
    packed = numbers, starts, starts + np.uint32(3), flags, flags, cuts, offsets
    stored, counts = _core.pack_tokens(*packed)
    bounds = np.append(0, np.cumsum(counts))
    columns = [np.zeros(2, dtype) for dtype in TOKEN]
    # The words are known, so that every call leaves the vocabulary as it is.
    words, slots = np.zeros(4, np.uint64), np.zeros(8, np.uint32)
    _core.number_words(_hashes(2), _hashes(2), words, slots, 0)
    return {
        "number_words": (_hashes(2), _hashes(2), words, slots, 2),
        "pack_tokens": packed,
        "unpack_tokens": (stored, bounds, offsets, _hashes(4), *columns),
    }


def _line_doors() -> Arguments:
    ids = np.frombuffer(b'"1""2"', np.uint8)
    articles = ids, _integers(0, 3, 6), np.full(9, ord("x"), np.uint32), _integers(0, 4, 9)
    bounds, none, half = _integers(0, 1, 2), np.zeros(2, np.bool_), np.full((2, 4), 0.5)
    spans, zeros = _table((0, 2, 1, 3), (1, 4, 0, 5)), np.zeros(2, np.uint8)
    speakers, three = np.full(4, ord(","), np.uint8), np.full((2, 3), 0.5)
    pairs = _table((0, 1), (0, 1))
    return {
        "write_lines": (
            articles,
            (pairs, bounds, _integers(0, 1), half, none, none),
            (spans, zeros, zeros, speakers, 2 * bounds, three, _integers(3, 4)),
            (bounds, _integers(0, 1), spans, none),
        )
    }


def _posting_doors() -> Arguments:
    # The first and the last cell of a directory are looked at.
    keys = np.array([1, 2, 3, 2**64 - 1], np.uint64)
    articles, places = np.arange(4, dtype=np.uint32), np.zeros(4, np.uint32)
    *columns, directory = _core.sort_postings(keys, articles, places)
    live = np.ones(4, np.bool_)
    counts = np.zeros(1 << 16, np.uint32)
    entries = _core.pack_entries(*columns, 0, 16, counts.copy())
    cells = np.append(0, np.cumsum([3, *[0] * 65_534, 1])).astype(np.uint32)
    parts = [cells.tobytes(), entries.tobytes()]
    parts = [part + bytes(-len(part) % BLOCK) for part in parts]
    file = np.frombuffer(b"".join(parts), np.uint8)
    sums = _core.sum_blocks(file)
    blocks = file, sums, np.zeros(len(sums), np.uint8)
    packed = *blocks, 0, len(cells), len(parts[0]), 4, 0
    run = *columns, directory
    return {
        "sort_postings": (keys, articles, places),
        "sort_shared": (keys[:3], articles[:3], places[:3], 31, 2),
        "look_up": (columns[0], directory, keys),
        "narrow_postings": (*columns, directory, keys, 0, 0, 4, 9),
        "pack_entries": (*columns, 0, 16, counts),
        "unpack_range": (*packed, 0, 1 << 16, live),
        "narrow_parts": ((packed,), (run,), run, keys, 0, 0, 4, 9, live),
        "check_bytes": (*blocks, 0, 9),
        "sum_blocks": (file,),
    }


def _search_doors() -> Arguments:
    positions, words = np.array([3, 9], np.uint32), np.array([[0, 1], [0, 2]], np.uint16)
    evidence, worths = np.full((2, 2), 40, np.uint8), np.full((2, 2), 5, np.float32)
    ranges, absent = _table((0, 2), (0, 2)), _integers(0, 0)
    found = np.array([0, 1], np.uint32), np.zeros(2, np.uint32)
    buckets = ranges, absent, *found
    hits, lengths = _table((0, 0, 0), (1, 1, 0)), _integers(9, 9, 9)
    query, content = (positions, words, worths), np.full(6, 128, np.uint8)
    floors = lengths, 2, 4.0, 1.0
    numbers, lows, offsets = _integers(2, 3), _integers(0, 1), _integers(0, 1, 2)
    more = _integers(9, 9, 9, 9), np.zeros(4, np.float32), np.zeros(4, np.int64)
    return {
        "find_seeds": (_hashes(6), content, _integers(0, 3, 6), IDF, 4, 8.0, 1, 4),
        "count_bands": (numbers, lows, *buckets, np.zeros(4, np.int32), 1, 1, 9, 9),
        "add_seeds": (numbers, lows, positions, words, evidence, offsets, *buckets, *more,
                      4, 9, 4.0, 1.0, 9, 9, 2, 9),
        "choose_seeds": (positions, _integers(2, 3), 9, 2, 9, 9),
        "measure_seeds": (0, 2, 0, positions, words, evidence, *buckets, 4, 9, 4.0),
        "find_sources": (hits, *query, *floors, 9),
        "choose_sources": (hits, _integers(0, 1), absent, *query, *floors, 9, 1),
        "fill_window": (hits, *query, 9, 4.0),
    }  # fmt: skip


def _step_doors() -> Arguments:
    tokens = [(at, at, 128) for at in range(6)]
    a, b = arrange(tokens), arrange(tokens)
    pair = number_streams(a, b, IDF)
    pair = pair._replace(cuts_a=_integers(2, 4), cuts_b=_integers(2, 4))
    sides, matches = (pair.side_a, pair.side_b), pair.anchors
    bits, limits = np.ones(6, np.float32), (0.2, 5.0, 4.0, 0.1, 5.0)
    aligned = _integers(0, 1 << 32 | 1)
    stretches = rows([(0, 2, 0, 2), (3, 5, 3, 5)])
    candidates = stretches, _integers(0, 1), np.array([9.0, 8.0]), _integers(0, 0)
    return {
        "find_segments": (bits, 5.0, 2.0),
        "number_pair": (a, b, IDF),
        "weigh_pair": (pair,),
        "find_anchors": (*sides, 4),
        "matches_within": (matches, 0, 4, 0, 4),
        "split_clusters": (matches, *sides, 30, 0.0),
        "measure": (pair, 0, 3, 0, 3),
        "find_clusters": (pair, 30, 0.0, limits),
        "find_chains": (pair, 30, 0.0, limits),
        "merge": (pair, stretches, limits),
        "chain": (matches, bits),
        "align_gap": (a.stems, bits, b.stems),
        "align_words": (a, b, bits, matches),
        "align_stretch": (a, b, bits, matches),
        "split_alignment": (aligned, a, b, bits, bits, limits[:4]),
        "measure_alignment": (aligned, a, b, bits, bits),
        "longest_run": (aligned, a, b),
        "match_moved": (aligned, a, b),
        "write_edits": (aligned, a, b, 0, 0),
        "extend_range": (a.flags, 1, 3, 2),
        "extend_stretches": (stretches, a.flags, b.flags, 2),
        "cut": (pair, stretches),
        "complete_sentences": (pair, stretches, 2),
        "find_abridged": (pair, SEARCH),
        "compete": (pair, candidates, SEARCH),
        "settle": (pair, candidates, SEARCH),
        "find_runs": (a, pair.cuts_a, b, pair.cuts_b, _table((0, 1), (2, 3)), 2),
        "look_again": (pair, tables.second_look()),
        "judge": (a, b, pair.cuts_a, pair.cuts_b, IDF, SEARCH, True),
    }


def _whole_doors() -> Arguments:
    columns, offsets, cuts = _columns(12), _integers(0, 6, 12), _integers(2, 8)
    pairs, sides = _table((0, 1), (1, 0)), _table((0, 4, 0, 4), (1, 6, 1, 6))
    both, none = _integers(0, 1, 2), np.zeros(2, np.bool_)
    edits = _table((2, 0, 2, 0, 1), (3, 1, 1, 2, 4))
    found = pairs, none, both, sides, both, edits
    sums = pairs, both, sides, none, both[:2], both, both[:2], edits[:, 1:].copy()
    spans, bounds = _table((0, 4), (5, 8), (8, 12)), _integers(0, 2, 3)
    words = columns[0], columns[1], columns[4]
    families = (*words, spans, bounds, _integers(0, 1, 2))
    ends = _integers(0, 1, 2, 2), _integers(1, 0), _integers(0, 0), np.ones(2, np.bool_)
    known = _integers(-1, -1, -1), np.zeros(3)
    return {
        "align_pairs": (_integers(0, 1), _integers(1, 0), offsets, cuts, *columns, IDF, SEARCH),
        "explain_pair": (0, 1, offsets, cuts, *columns, IDF, SEARCH),
        "find_split_numbers": (found, offsets, *columns),
        "fill_columns": (found, offsets, *columns, _hashes(2), _hashes(2), 3),
        "find_roles": (pairs, sides, offsets, columns[4], columns[4] >> 7, (0.6, 0.5, 2, 4)),
        "sum_up_pairs": (
            sums,
            offsets,
            columns[4],
            spans[:2].astype(np.uint32),
            _integers(0, 1, 2),
        ),
        "find_missing_names": (_table((0, 1), (1, 0)), *columns, offsets),
        "find_coverages": (spans, bounds, spans.astype(np.uint32), bounds),
        "group_spans": (spans, 0.5),
        "find_nested": (spans, 0.5),
        "fold_spans": (_integers(0, 0, 1), spans, np.ones(3)),
        "match_stems": (columns[1], columns[4], columns[1], columns[4]),
        "align_places": (*words, spans, 0, 1),
        "project": (_integers(0, 1 << 32 | 1), 0, 2, 0, 2),
        "gather_families": (*words, spans, _integers(0, 1, 2), *ends, *known, 0.5),
        "project_inwards": (*families, _table((0, 1), (1, 0))),
        "project_outwards": (*families, _table((0, 1, 0, 2), (1, 0, 8, 9)), 2),
        "measure_places": (*families, _table((0, 1, 3), (1, 4, 6))),
    }


def _formula_doors() -> Arguments:
    n, offsets = 12, _integers(0, 6, 12)
    hashes, flags, covered = _hashes(n), np.zeros(n, np.uint8), np.ones(n, np.bool_)
    tokens = hashes, flags, offsets
    firsts, widths = _integers(0, 3), _integers(2, 2)
    signatures = np.zeros((2, 4), np.uint32)
    keys, counts, bounds = _hashes(2), _integers(1, 1), _integers(0, 1, 2)
    return {
        "find_repeats": (*tokens, 2, 1),
        "find_known": (*tokens, 2, keys),
        "cover_tokens": (firsts, widths, covered),
        "keep_spread": (keys, _integers(0, 1), _integers(3, -1), signatures,
                        np.ones(2, np.bool_), 0.5, 1, 1),
        "gather_runs": (*tokens, covered, 2, 2, 2),
        "name_runs": (_table((0, 0, 3), (1, 6, 9)), keys, keys, counts, firsts, widths),
        "cover_formulas": (*tokens, _integers(0, 1), keys, counts, keys, bounds, bounds, 2, 2, 2),
    }  # fmt: skip


def make() -> Arguments:
    """Return new arguments of every door that takes arrays, by position."""
    return (
        _text_doors()
        | _stored_doors()
        | _line_doors()
        | _posting_doors()
        | _search_doors()
        | _step_doors()
        | _whole_doors()
        | _formula_doors()
    )
