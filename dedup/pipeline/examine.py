"""Explain a pair of articles: the evidence at every stage, and the decisive one, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.agreement import Disagreement
from dedup.align.overlap import OverlapTable
from dedup.align.relation import Relations
from dedup.align.scalars import find_min_score, make_scalars
from dedup.align.table import AlignedTexts
from dedup.align.trace import Trace, down, place, trace, up
from dedup.candidates.columns import Readers
from dedup.candidates.search import ALL_ENTRIES, Candidates, PostingsLookup, find_min_bits
from dedup.mask.mask import MIN_WORDS
from dedup.model import Boilerplate, Overlap
from dedup.model.article import Article
from dedup.model.census import Census
from dedup.model.explanation import Explanation, Step
from dedup.params import Params
from dedup.sketches.seed import Seeds, slice_seeds
from dedup.sketches.sketch import Sketches
from dedup.text.tables.kinds import IS_CONTENT
from dedup.text.tokenize import Tokens

# Stop counting evidence at this multiple of the required bits. Without a limit, two copies of a
# long text would take very long.
_PLENTY = 10
# Most words of a text that a sentence quotes.
_MAX_QUOTED = 12

_HOW = {
    "chain": "the same words in order",
    "unordered": "the same words in any order",
    "abridged": "one side abridging the other",
    "run": "a run of equal words",
    "second look": "reused words of related articles",
}


class Subject(NamedTuple):
    """Two articles, with the results of the earlier stages for their collection.

    Parameters
    ----------
    numbers : ndarray of int64, shape (2,)
        Their numbers in the collection.
    ranks : ndarray of int64, shape (2,)
        Their places in the order of the search.
    low : int
        First place that the later one is compared with, see `candidate.days`.
    n_words : ndarray of int64, shape (2,)
        Words of the two before masking.
    """

    articles: Sequence[Article]
    numbers: NDArray[np.int64]
    ranks: NDArray[np.int64]
    low: int
    census: Census
    n_words: NDArray[np.int64]
    tokens: Tokens
    boilerplate: tuple[Boilerplate, ...]
    sketches: Sketches
    seeds: Seeds
    by_seed: PostingsLookup
    candidates: Candidates


def explain_pair(subject: Subject, table: OverlapTable, params: Params) -> Explanation:
    """Explain why two articles are reported, or not."""
    (overlap,) = table.read(subject.articles)
    texts = [article.text for article in subject.articles]
    traced = trace(AlignedTexts(texts, subject.tokens), params, subject.census.n_articles)
    is_long = bool(subject.n_words.min() >= MIN_WORDS)
    is_paired = bool((subject.candidates.pairs == np.sort(subject.numbers)).all(axis=1).any())
    bands, seeds = _explain_bands(subject, params), _explain_seeds(subject, params)
    steps = [
        _explain_words(subject),
        *_explain_boilerplate(subject),
        _explain_sketch(overlap, params),
        bands,
        seeds,
        _explain_candidate(subject, bands, seeds, is_paired, is_long),
        *_explain_alignment(subject, traced, params),
        _explain_overlap(overlap, table.relations, params),
    ]
    is_candidate = is_paired and is_long
    n_articles = subject.census.n_articles
    verdict = _decide(subject, overlap, traced, steps, is_candidate, params)
    return Explanation(overlap, is_candidate, n_articles, verdict, tuple(steps), traced.stretches)


def _explain_words(subject: Subject) -> Step:
    sides, fewest = [], int(subject.n_words.min())
    for name, number, n_words in zip("AB", range(2), subject.n_words.tolist(), strict=True):
        low, high = subject.tokens.offsets[number], subject.tokens.offsets[number + 1]
        n_content = int(((subject.tokens.flags[low:high] & IS_CONTENT) != 0).sum())
        n_masked = n_words - int(high - low)
        masked = f", {n_masked} masked as credits or boilerplate" if n_masked else ""
        sides.append(f"{name} has {_count(n_words, 'word')}{masked}, {n_content} of content")
    least = (
        f" A report skips articles of fewer than {MIN_WORDS} words." if fewest < MIN_WORDS else ""
    )
    return Step("words", "; ".join(sides) + "." + least, fewest, MIN_WORDS)


def _explain_boilerplate(subject: Subject) -> list[Step]:
    """Describe the boilerplate of both articles; a report lists it separately."""
    ids = {article.id for article in subject.articles}
    common = [one for one in subject.boilerplate if ids <= {name for name, _ in one.occurrences}]
    if not common:
        return []
    longest = max(common, key=lambda one: len(one.text))
    words = longest.text.split()
    quoted = " ".join(words[:_MAX_QUOTED]) + (" …" if len(words) > _MAX_QUOTED else "")
    reason = (
        f"{_count(len(common), 'text')} of both masked as boilerplate, e.g. “{quoted}”, found in "
        f"{longest.n_articles} articles (boilerplate.min_articles = 0 masks nothing)."
    )
    return [Step("boilerplate", reason)]


def _explain_sketch(overlap: Overlap, params: Params) -> Step:
    reason = (
        f"About {overlap.jaccard:.0%} of their runs of {params.sketch.k} words are shared "
        "(estimated Jaccard similarity)."
    )
    return Step("sketch", reason, overlap.jaccard)


def _explain_bands(subject: Subject, params: Params) -> Step:
    a, b = subject.sketches.bands(params.band)
    has_words = bool(subject.tokens.counts.all())
    n_hits = int((a == b).sum()) if has_words else 0
    needed, n_bands = params.candidate.min_hits, params.band.n_bands
    agree = "agrees" if n_hits == 1 else "agree"
    reason = f"{n_hits} of {n_bands} bands {agree}; {needed} needed (candidate.min_hits)."
    return Step("bands", reason, n_hits, needed, "candidate.min_hits")


def _explain_seeds(subject: Subject, params: Params) -> Step:
    seeds, rules = subject.seeds, params.candidate
    in_a, in_b = (set(slice_seeds(seeds, number, number + 1).keys.tolist()) for number in range(2))
    # As in a search, the later article queries the earlier one.
    later = int(np.argmax(subject.ranks))
    own, rank = slice_seeds(seeds, later, later + 1), int(subject.ranks[later])
    # Read buckets whole.
    lookup = subject.by_seed.narrow(own.keys, Readers(subject.low, rank, rank + 1), ALL_ENTRIES)
    buckets, n_articles = lookup.look_up(own.keys), subject.census.n_articles
    lengths = subject.tokens.counts
    bounds = rules.min_bits, find_min_bits(rules, n_articles)
    needed = _core.find_floor(int(lengths[0]), int(lengths[1]), bounds[1], params.align.slope)
    enough = max(_PLENTY * needed, 1.0)
    most = _core.measure_seeds(
        int(subject.ranks.min()),
        rank,
        subject.low,
        own.positions,
        own.words,
        own.evidence,
        *buckets,
        n_articles,
        rules.window,
        enough,
    )
    most = min(most, enough)
    at_least = "at least " if most >= enough else ""
    among = (
        "In a large collection, common seeds count less."
        if n_articles == 2
        else f"Seeds common among the {n_articles:,} articles count less."
    )
    reason = (
        f"A has {_count(len(in_a), 'seed')}, B {len(in_b):,}; {len(in_a & in_b):,} shared. "
        f"Within {rules.window} words on both sides these have {at_least}{down(most)} bits; "
        f"{up(needed)} needed: {_say_floor(subject, needed, bounds, 'candidate.min_bits')}. "
        f"{among}"
    )
    return Step("seeds", reason, float(most), needed, "candidate.min_bits")


def _explain_candidate(
    subject: Subject, bands: Step, seeds: Step, is_paired: bool, is_long: bool
) -> Step:
    by = [step.stage for step in (bands, seeds) if step.is_enough]
    if not is_long:
        reason = "A report skips the pair: one article has too few words."
    elif subject.ranks.min() < subject.low:
        reason = "A report skips the pair: their dates are too far apart (candidate.days)."
        return Step("candidates", reason, parameter="candidate.days")
    elif is_paired:
        reason = f"A report compares the two, found by their {' and '.join(by)}."
    elif by:
        reason = (
            "That is enough, but many articles share this text, and a report compares only their "
            "best pairs (candidate.max_bucket, candidate.max_entries, "
            "candidate.max_pairs_per_family)."
        )
    else:
        reason = "Neither is enough: a report does not compare the two; this explanation does."
    return Step("candidates", reason)


def _explain_alignment(subject: Subject, traced: Trace, params: Params) -> list[Step]:
    if [one.found for one in traced.stretches] == ["copy"]:
        return [Step("stretches", "Both have the same words, so no search is needed.", 1)]
    rules = params.align
    n_anchors = _count(traced.n_anchors, "anchor")
    n_clusters = _count(traced.n_clusters, "cluster")
    start = make_scalars(rules, subject.census.n_articles).min_candidate
    richest = f"The richest cluster has {down(traced.richest)} bits; {up(start)} needed."
    found = f"{n_anchors} (shared words with a shared neighbor) in {n_clusters}."
    steps = [
        Step("anchors", found, traced.n_anchors),
        Step("clusters", richest, traced.richest, start),
    ]
    if traced.floor:
        bounds = rules.min_score, find_min_score(rules, subject.census.n_articles)
        reason = (
            f"A passage of these two needs {up(traced.floor)} bits: "
            f"{_say_floor(subject, traced.floor, bounds, 'align.min_score')}."
        )
        best = max((one.passage.score for one in traced.stretches), default=0.0)
        steps.append(Step("score", reason, best, traced.floor, "align.min_score"))
    verdicts = Counter(one.verdict for one in traced.stretches)
    told = ", ".join(f"{n} {verdict}" for verdict, n in verdicts.items())
    n_stretches = _count(len(traced.stretches), "stretch", "stretches")
    steps.append(Step("stretches", f"{n_stretches}{': ' if told else ''}{told}.", verdicts["kept"]))
    return steps


def _say_floor(subject: Subject, floor: float, bounds: tuple[float, float], parameter: str) -> str:
    """Split a floor into the parts due to the number of articles and to their length."""
    n_articles = subject.census.n_articles
    # Subtract rounded values, so that the printed sum is right.
    alone, among, all_of_it = (float(up(bits)) for bits in (*bounds, floor))
    parts = (
        (among - alone, f"because the collection has {n_articles:,} articles"),
        (all_of_it - among, "because longer articles share more by chance (align.slope)"),
    )
    told = "".join(f" and {bits:.1f} {reason}" for bits, reason in parts if bits >= 0.05)
    return f"{up(bounds[0])} ({parameter}){told}"


def _explain_overlap(overlap: Overlap, relations: Relations, params: Params) -> Step:
    least = params.overlap.min_contained
    in_b, in_a = relations.shared[0].tolist()
    reason = (
        f"Passages cover {overlap.coverage_a:.0%} of A and {overlap.coverage_b:.0%} of B; they "
        f"share {in_b:.0%} of the words of A and {in_a:.0%} of those of B. An article is contained "
        f"from {least:.0%} (overlap.min_contained), if the facts agree."
    )
    if found := relations.disagreements.get(0):
        reason += f" {_say_facts(found)}"
    most = max(in_b, in_a)
    told = f"{reason} The relation is “{overlap.relation}”."
    return Step("overlap", told, most, least, "overlap.min_contained")


def _say_facts(found: Disagreement) -> str:
    if found.n_changed > found.max_changed:
        return (
            f"They do not: {_count(found.n_changed, 'edit')} change a fact, and as corrections at "
            f"most {found.max_changed} may (overlap.max_changed)."
        )
    if found.is_other_bill:
        return "They do not: each names a bill or a law that the other does not."
    if not found.is_same_news:
        return (
            "They do not: each repeats a name or number that the other lacks "
            f"({found.n_repeated} times)."
        )
    if found.has_own_news:
        return "They do, but each has sentences that the other does not tell."
    return "They do."


def _decide(
    subject: Subject,
    overlap: Overlap,
    traced: Trace,
    steps: list[Step],
    is_candidate: bool,
    params: Params,
) -> str:
    n_passages = _count(len(overlap.passages), "passage")
    if overlap.passages and overlap.relation == "none":
        return (
            f"A and B share {n_passages}, but none counts: furniture, formulas, or too uncertain."
        )
    if overlap.passages and is_candidate:
        best = max(traced.stretches[: len(overlap.passages)], key=lambda one: one.passage.score)
        n_shown = sum(passage.is_counted for passage in overlap.passages)
        if n_shown < len(overlap.passages):
            n_passages += f" (a report shows {n_shown})"
        if best.found == "copy":
            return f"A and B share {n_passages}: {best.reason}."
        return f"A and B share {n_passages}; the best {best.reason}."
    by_stage = {step.stage: step for step in steps}
    if overlap.passages:
        return f"A and B share {n_passages}, but {_say_why_not_compared(by_stage, params)}"
    why = _say_why_nothing(subject, traced, by_stage)
    masked = " Their common boilerplate is masked." * ("boilerplate" in by_stage)
    besides = "" if is_candidate else " A report would not compare the two."
    return f"Nothing is reported: {why}{masked}{besides}"


def _say_why_not_compared(steps: dict[str, Step], params: Params) -> str:
    bands, seeds = steps["bands"], steps["seeds"]
    seed_bits, needed = seeds.value or 0.0, seeds.needed or 0.0
    found, is_long = steps["candidates"], steps["words"].is_enough
    if found.parameter or not is_long or bands.is_enough or seeds.is_enough:
        return f"a report does not compare them. {found.reason}"
    # Either value would suffice as the threshold. The length of the articles adds bits to the
    # threshold whatever min_bits is, so subtract them.
    left = seed_bits - (needed - params.candidate.min_bits)
    there_is = [
        f"{step.parameter} = {told}"
        for step, told in ((bands, f"{bands.value:g}"), (seeds, down(max(left, 0.0))))
        if float(told) > 0
    ]
    advice = f" With {' or '.join(there_is)} it would." if there_is else ""
    return (
        f"a report does not compare them: {bands.value:g} of {bands.needed:g} needed bands agree, "
        f"and nearby seeds have {down(seed_bits)} of {up(needed)} needed bits.{advice}"
    )


def _say_why_nothing(subject: Subject, traced: Trace, steps: dict[str, Step]) -> str:
    for name, number, n_words in zip("AB", range(2), subject.n_words.tolist(), strict=True):
        if n_words == 0:
            return f"{name} has no words."
        if subject.tokens.counts[number] == 0:
            return f"all of {name} is masked as credits or boilerplate."
    if traced.n_anchors == 0:
        return "A and B share no two content words that are close together."
    if not traced.stretches:
        clusters = steps["clusters"]
        why = clusters.reason
        if clusters.is_enough:
            why = f"Less the words that differ, no stretch has {up(clusters.needed or 0.0)} bits."
        return f"the shared words are too scattered. {why}"
    best = next((one for one in traced.stretches if one.changes), traced.stretches[0])
    which = (
        "the best stretch" if best is traced.stretches[0] else "the best one that could be reported"
    )
    told = f"{which} {best.reason}. It is {_HOW[best.found]}, {place(best.passage)}."
    return f"{told} {best.advice}".rstrip()


def _count(n: int, noun: str, nouns: str | None = None) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {nouns or noun + 's'}"
