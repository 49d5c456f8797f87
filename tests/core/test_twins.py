"""Every door of the core has a twin, and a law in which both meet.

A door that is added fails here until a twin is written for it in ``tests/reference``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dedup import _core
from dedup.candidates.columns import Postings, sort_postings, sort_shared
from tests.reference import (
    alignments,
    anchors,
    bands,
    boundaries,
    budget,
    candidates,
    chains,
    clusters,
    compare,
    coverage,
    edits,
    evidence,
    families,
    formulas,
    groups,
    json_lines,
    logarithm,
    missing,
    packed,
    pair,
    passages,
    permute,
    phrases,
    postings,
    repeats,
    runs,
    scores,
    second_look,
    seeds,
    segments,
    sketch,
    sources,
    stored,
    table,
    tokenize,
    words,
)
from tests.reference import hash as hashing

TWINS: dict[str, tuple[Callable[..., object], ...]] = {
    # Numbers and hashes
    "natural_log": (logarithm.natural_log,),
    "binary_log": (logarithm.binary_log,),
    "hash_bytes": (hashing.hash_bytes,),
    "hash_short": (hashing.hash_bytes,),
    "hash_words": (hashing.hash_bytes,),
    "avalanche": (hashing.avalanche,),
    "combine": (hashing.combine,),
    "slot_salt": (sketch.salt,),
    "fmix32": (permute.fmix32,),
    # Text and sketches
    "stem_length": (tokenize.stem,),
    "find_edges": (tokenize.runs,),
    "find_words": (tokenize.tokens, tokenize.describe),
    "mark_articles": (tokenize.mark, tokenize.hashes, tokenize.quotations),
    "number_words": (stored.number,),
    "pack_tokens": (stored.pack,),
    "unpack_tokens": (stored.unpack,),
    "hash_phrases": (phrases.pieces,),
    "find_phrases": (phrases.find,),
    "hash_shingles": (sketch.shingles,),
    "fill_signature": (sketch.signature,),
    "fill_affine_signature": (permute.signature,),
    "sketch_articles": (sketch.shingles, sketch.signature),
    "sketch_texts": (sketch.sketch_text,),
    "hash_bands": (bands.bands,),
    "count_agreements": (compare.count_agreements,),
    "fill_jaccards": (compare.jaccard,),
    # Postings
    "sort_postings": (postings.sort_postings,),
    "sort_shared": (postings.sort_shared,),
    "look_up": (postings.look_up,),
    "narrow_postings": (postings.narrow,),
    "pack_entries": (packed.pack,),
    "unpack_range": (packed.unpack,),
    "narrow_parts": (packed.narrow_parts,),
    "check_bytes": (packed.check_bytes,),
    "sum_blocks": (packed.sum_blocks,),
    # Search
    "find_seeds": (seeds.words, seeds.seeds),
    "count_bands": (candidates.count_bands,),
    "add_seeds": (candidates.shared_bits, evidence.floor),
    "measure_seeds": (candidates.shared_bits,),
    "choose_seeds": (budget.choose_seeds,),
    "find_sources": (sources.most_in_window, evidence.floor),
    "choose_sources": (sources.choose,),
    "fill_window": (sources.most_in_window,),
    # Alignment, from words to clusters
    "find_penalty": (evidence.penalty,),
    "weigh_evidence": (evidence.evidence,),
    "weigh_side": (evidence.evidence,),
    "find_floor": (evidence.floor,),
    "find_segments": (segments.segments,),
    "number_pair": (words.number,),
    "weigh_pair": (words.mass,),
    "find_anchors": (anchors.anchors,),
    "matches_within": (pair.matches_within,),
    "split_clusters": (clusters.split_clusters,),
    "measure": (clusters.measure, boundaries.count_types),
    "find_clusters": (passages.find_clusters,),
    "merge": (clusters.merge,),
    # Alignment, from matches to passages
    "chain": (chains.chain,),
    "align_gap": (alignments.align_gap,),
    "align_words": (alignments.align_words,),
    "align_stretch": (alignments.align_stretch,),
    "split_alignment": (chains.split,),
    "measure_alignment": (alignments.measure,),
    "longest_run": (scores.longest_run,),
    "find_chains": (passages.find_chains,),
    "extend_range": (chains.extend_range,),
    "extend_stretches": (boundaries.extend_stretches,),
    "cut": (boundaries.cut,),
    "complete_sentences": (boundaries.complete_sentences,),
    "find_abridged": (passages.find_abridged,),
    "compete": (scores.compete,),
    "settle": (scores.settle,),
    "find_runs": (runs.find_runs,),
    "look_again": (second_look.look, second_look.find_stretches),
    "judge": (passages.judge,),
    "match_moved": (chains.moved,),
    "write_edits": (edits.edits,),
    "find_split_numbers": (table.split_numbers,),
    "fill_columns": (table.rows,),
    "find_roles": (table.role, table.has_figures),
    "sum_up_pairs": (table.sums,),
    "find_missing_names": (missing.missing_names, missing.digits),
    "align_pairs": (passages.align,),
    "explain_pair": (passages.explain, passages.cover),
    # Families
    "find_coverages": (coverage.cover_text,),
    "group_spans": (groups.group_spans,),
    "find_nested": (groups.find_nested,),
    "fold_spans": (groups.fold_spans,),
    "match_stems": (families.match_stems,),
    "align_places": (families.align_places,),
    "project": (families.project,),
    "gather_families": (families.gather_families,),
    "project_inwards": (families.project_inwards,),
    "project_outwards": (families.project_outwards,),
    "measure_places": (families.measure_place,),
    # Answers
    "write_lines": (json_lines.write,),
    # Boilerplate
    "find_repeats": (repeats.repeats,),
    "find_known": (repeats.known,),
    "cover_tokens": (repeats.cover,),
    "keep_spread": (repeats.is_spread,),
    "gather_runs": (repeats.runs,),
    "name_runs": (formulas.name_run,),
    "cover_formulas": (formulas.cover_article,),
}
WITHOUT = {
    "Folding": "holds tables; what it refuses is in test_tokenize.py",
    "find_variants": "tells what the processor can do",
}
# Laws may come to a door through what passes its arguments on.
THROUGH: dict[str, Callable[..., object]] = {
    "sort_postings": sort_postings,
    "sort_shared": sort_shared,
    "look_up": Postings.look_up,
    "narrow_postings": Postings.narrow,
}
TESTS = Path(__file__).parents[1]


def _imports(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name stands for, with dots."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _uses(node: ast.AST, imports: dict[str, str]) -> Iterator[str]:
    """Yield the names that some code uses; ``.name`` of what is no module."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            value = inner.value
            owner = imports.get(value.id, "") if isinstance(value, ast.Name) else ""
            yield f"{owner}.{inner.attr}"
        elif isinstance(inner, ast.Name):
            yield imports.get(inner.id, inner.id)


def _laws(path: Path) -> Iterator[set[str]]:
    """Yield all that each law of a module uses, itself or in functions of its module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = _imports(tree)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    used = {node.name: set(_uses(node, imports)) for node in functions}
    for node in functions:
        if "hypothesis.given" not in used[node.name]:
            continue
        reached: set[str] = set()
        waiting = [node.name]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += used.get(name, ())
        yield reached


@pytest.fixture(scope="module")
def laws() -> list[set[str]]:
    paths = [path for part in ("core", "stages") for path in (TESTS / part).glob("test_*.py")]
    return [law for path in sorted(paths) for law in _laws(path)]


def _full_name(function: Callable[..., object]) -> str:
    is_method = "." in function.__qualname__
    return f".{function.__name__}" if is_method else f"{function.__module__}.{function.__name__}"


def test_every_door_has_a_twin():
    doors = {
        name
        for name in dir(_core)
        if not name.startswith("__") and not isinstance(getattr(_core, name), int)
    }
    assert doors == TWINS.keys() | WITHOUT.keys()
    assert not TWINS.keys() & WITHOUT.keys()


@pytest.mark.parametrize("door", TWINS)
def test_a_law_holds_a_door_to_its_twin(door, laws):
    ways = {f"dedup._core.{door}"}
    if door in THROUGH:
        assert door in THROUGH[door].__code__.co_names
        ways.add(_full_name(THROUGH[door]))
    twins = {_full_name(twin) for twin in TWINS[door]}
    assert all(twin.startswith("tests.reference.") for twin in twins)
    assert any(law & ways and twins <= law for law in laws)


def test_no_twin_asks_the_core():
    """Only what makes arrays for the doors may; a twin of a door that it calls is none."""
    for path in sorted((TESTS / "reference").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.name != "sides.py":
            assert "dedup._core" not in _imports(tree).values(), path.name
