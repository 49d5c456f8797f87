"""The passages of two articles, from their words on: the twins of all steps, one after another.

Nothing is left out because it looks hopeless.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from math import log2
from typing import NamedTuple

from dedup.align.scalars import Scalars
from dedup.text.tables.kinds import (
    IS_CAPITAL,
    IS_DENSE,
    IS_DIGIT,
    IS_QUOTED,
    IS_SPACELESS,
    STARTS_SENTENCE,
)
from tests.reference import (
    alignments,
    anchors,
    boundaries,
    chains,
    clusters,
    counterparts,
    evidence,
    scores,
    second_look,
)
from tests.reference.alignments import Matches
from tests.reference.boundaries import Stretch
from tests.reference.edits import Row, edits
from tests.reference.pair import matches_within
from tests.reference.runs import find_runs
from tests.reference.scores import (
    ABRIDGED,
    CHAIN,
    COPY,
    KEPT,
    RUN,
    SECOND,
    SHORT,
    UNLIKELY,
    UNORDERED,
    WEAK,
)
from tests.reference.words import Text, bag, is_content, mass, number

ORDERS = {
    CHAIN: counterparts.SAME,
    UNORDERED: counterparts.ANY,
    ABRIDGED: counterparts.ABRIDGED,
}
# Words in a row that are looked up first, and content words of a run that is a passage.
GRAM_WORDS, MIN_RUN_CONTENT = 8, 4
# Words of a short run, and of one that both quote; bits of each word that is no name or number.
MIN_SHORT_RUN, MIN_QUOTED_RUN, BITS_PER_WORD = 6, 5, 2.8
# Identity from which a passage is whole.
NEARLY_EQUAL = 0.8
# Identity of a passage that no abridgement may take in.
NEAR_VERBATIM = 0.95
# Log-odds of the confidence in a copy.
CERTAIN = 9.0
MAX_MOVES = 3
WITHOUT_END = float("inf")
Cuts = tuple[Collection[int], Collection[int]]


class Limits(NamedTuple):
    """Of a search for stretches, in bits; see the core's type of this name."""

    penalty: float
    x_drop: float
    min_segment: float
    chance_rate: float
    max_bridge: float


class Candidate(NamedTuple):
    stretch: Stretch
    origin: int
    score: float
    verdict: int
    confidence: float = 0.0
    is_added: bool = False


class Passage(NamedTuple):
    """A candidate with all that is told of it; edits are word by word."""

    stretch: Stretch
    origin: int
    score: float
    verdict: int
    confidence: float
    identity: float
    quoted: float
    edits: list[Row]
    longest: int
    chars: int


def find_matches(a: Text, b: Text, window: int) -> Matches:
    """Anchors, as tokens of both articles."""
    places, stems = [], []
    for text in (a, b):
        content = [p for p, word in enumerate(text) if is_content(word)]
        places.append(content)
        stems.append([-1 if text[p].common is None else text[p].common for p in content])
    return [(places[0][i], places[1][j]) for i, j in anchors.anchors(*stems, window)]


def split(a: Text, b: Text, matches: Matches, max_gap: int, min_bits: float) -> list[Matches]:
    """Boxes of matches that say enough."""
    boxes = clusters.split_clusters(matches, range(len(a)), range(len(b)), max_gap)
    return [box for box in boxes if weigh(a, b, box) >= min_bits]


def weigh(a: Text, b: Text, box: Matches) -> float:
    return sum(min(a[p].bits, b[q].bits) for p, q in box)


def merge(a: Text, b: Text, stretches: Sequence[Stretch], limits: Limits) -> list[Stretch]:
    """Join stretches; a function word has bits that lie between, and shares nothing."""
    words = tuple(
        [
            (word.common if word.common is not None else -2 * p - owner - 1, word.bits)
            for p, word in enumerate(text)
        ]
        for owner, text in enumerate((a, b))
    )
    return clusters.merge(stretches, words, limits.chance_rate, limits.max_bridge)


def find_chains(
    a: Text, b: Text, matches: Matches, boxes: Sequence[Matches], limits: Limits
) -> list[Stretch]:
    """In each box up to three times, each time without what a stretch has taken a word of."""
    found: list[Stretch] = []
    sentences = tuple(
        {p for p, word in enumerate(text) if word.flags & STARTS_SENTENCE} for text in (a, b)
    )
    for box in boxes:
        sides = list(zip(*box, strict=True))
        whole = min(sides[0]), max(sides[0]) + 1, min(sides[1]), max(sides[1]) + 1
        inside = _inside(matches, whole)
        for _ in range(MAX_MOVES):
            if len(inside) < 2:
                break
            taken = _find_in_box(a, b, inside, whole, sentences, limits)
            if not taken:
                break
            found += taken
            inside = [
                (p, q)
                for p, q in inside
                if not any(one[0] <= p < one[1] or one[2] <= q < one[3] for one in taken)
            ]
    return merge(a, b, sorted(found), limits)


def _inside(matches: Matches, whole: Stretch) -> Matches:
    p, p_end, q, q_end = whole
    return [(p + x, q + y) for x, y in matches_within(matches, (p, p_end), (q, q_end))]


def _find_in_box(
    a: Text,
    b: Text,
    inside: Matches,
    whole: Stretch,
    sentences: tuple[set[int], set[int]],
    limits: Limits,
) -> list[Stretch]:
    p, p_end, q, q_end = whole
    aligned = [(x - p, y - q) for x, y in boundaries.align(a, b, inside, whole)]
    bits = [word.bits for word in a[p:p_end]], [word.bits for word in b[q:q_end]]
    starts = {at - p for at in sentences[0]}, {at - q for at in sentences[1]}
    return [
        (
            p + aligned[low][0],
            p + aligned[high - 1][0] + 1,
            q + aligned[low][1],
            q + aligned[high - 1][1] + 1,
        )
        for low, high in chains.split(aligned, bits, starts, limits[:4])
    ]


def find_clusters(a: Text, b: Text, boxes: Sequence[Matches], limits: Limits) -> list[Stretch]:
    """Narrow each box to content words, then say it in tokens."""
    content = [[p for p, word in enumerate(text) if is_content(word)] for text in (a, b)]
    bags = bag(a, 0, len(a), 0), bag(b, 0, len(b), 1)
    found = []
    for box in boxes:
        words = [(content[0].index(p), content[1].index(q)) for p, q in box]
        for i, i_end, j, j_end in clusters.narrow(
            words, *bags, limits.penalty, limits.x_drop, limits.min_segment
        ):
            p, q = content[0][i:i_end], content[1][j:j_end]
            found.append((p[0], p[-1] + 1, q[0], q[-1] + 1))
    return merge(a, b, sorted(found), limits)


def likeness(a: Text, b: Text, stretch: Stretch) -> tuple[float, float]:
    """Bits shared in any order, and their cosine."""
    p, p_end, q, q_end = stretch
    return clusters.measure(bag(a, p, p_end, 0), bag(b, q, q_end, 1))


def find_abridged(a: Text, b: Text, matches: Matches, search: Scalars) -> list[Stretch]:
    """Wide boxes of which one side is much the longer one, and that share enough."""
    limits = Limits(
        search.abridged_penalty, WITHOUT_END, search.min_candidate, search.chance_rate, WITHOUT_END
    )
    boxes = split(a, b, matches, search.abridged_gap, search.min_candidate)
    found = []
    for one in find_clusters(a, b, boxes, limits):
        short, long = sorted((one[1] - one[0], one[3] - one[2]))
        is_thin = long >= search.abridged_ratio * short
        if is_thin and likeness(a, b, one)[1] >= search.abridged_cosine:
            found.append(one)
    return found


def judge(a: Text, b: Text, cuts: Cuts, search: Scalars) -> list[Candidate]:
    """All candidates: chains, unordered clusters, abridgements, reused words, each sorted."""
    matches = find_matches(a, b, search.window)
    floor = evidence.floor(len(a), len(b), search.min_score, search.slope)
    boxes = split(a, b, matches, search.max_gap, search.min_candidate)
    x_drop, max_bridge = (
        evidence.floor(len(a), len(b), bits, search.slope)
        for bits in (search.x_drop, search.max_bridge)
    )
    limits = Limits(
        search.order_penalty, x_drop, search.min_candidate, search.chance_rate, max_bridge
    )
    found: list[Candidate] = []

    def judge_all(stretches: Sequence[Stretch], origin: int) -> None:
        settled = boundaries.settle(a, b, matches, cuts, stretches, search.max_extension)
        parts = counterparts.split(
            a, b, matches, settled, ORDERS[origin], search.min_shared, search.max_extension
        )
        together: dict[int, float] = defaultdict(float)
        marks = [find_score(a, b, matches, one.stretch, one.core, search) for one in parts]
        for part, score in zip(parts, marks, strict=True):
            together[part.group] += score if score >= search.min_candidate else 0.0
        for part, score in zip(parts, marks, strict=True):
            is_part = score >= search.min_candidate and together[part.group] >= floor
            verdict = find_verdict(a, b, matches, part.stretch, score, search)
            if is_part and verdict == WEAK:
                verdict = KEPT
            found.append(Candidate(part.stretch, origin, score, verdict))

    judge_all(find_chains(a, b, matches, boxes, limits), CHAIN)
    judge_all(
        find_clusters(a, b, boxes, limits._replace(penalty=search.unordered_penalty)), UNORDERED
    )
    sides = second_look.look(a, b, search.weights.tolist())
    if any(one.verdict == KEPT for one in found):
        if search.abridged_ratio:
            judge_all(find_abridged(a, b, matches, search), ABRIDGED)
            found = reject_copied(a, b, matches, found)
        found = _settle(a, b, found, search)
        if second_look.related_share(sides) > search.related_share:
            reused = second_look.find_stretches(*sides)
            reused = boundaries.cut(a, b, matches, cuts, reused)
            found = _revise(a, b, matches, reused, found, search)
    if search.related_share < 1:
        found = _add_short_runs(a, b, matches, cuts, found, search)
    found = add_runs(a, b, matches, cuts, found, search)
    return [_rate(a, b, matches, sides, one, search) for one in found]


def reject_copied(
    a: Text, b: Text, matches: Matches, found: Sequence[Candidate]
) -> list[Candidate]:
    """What is copied is not abridged."""
    found = list(found)
    for at, copied in enumerate(found):
        if copied.verdict != KEPT:
            continue
        p, p_end, q, q_end = copied.stretch
        aligned = [(x - p, y - q) for x, y in boundaries.align(a, b, matches, copied.stretch)]
        if alignments.measure(aligned, a[p:p_end], b[q:q_end])[1] < NEAR_VERBATIM:
            continue
        for k, one in enumerate(found):
            meets = scores.meet(one.stretch, found[at].stretch)
            if one.origin == ABRIDGED and one.verdict == KEPT and meets:
                found[k] = one._replace(verdict=scores.DOMINATED)
    return found


def _add_short_runs(
    a: Text, b: Text, matches: Matches, cuts: Cuts, found: Sequence[Candidate], search: Scalars
) -> list[Candidate]:
    """Add runs of equal words that are half free on both sides, the longest first.

    What meets a passage on both sides is no passage of its own.

    Where no passage is, only words that both sides quote.
    """
    runs = set()
    for p, q in matches:
        n = 0
        while p and q and a[p - 1].hash == b[q - 1].hash:
            p, q = p - 1, q - 1
        while p + n < len(a) and q + n < len(b) and a[p + n].hash == b[q + n].hash:
            n += 1
        if n and any((p + k, q + k) in matches for k in range(n)):
            runs.add((p, p + n, q, q + n))
    found = list(found)
    kept = [one.stretch for one in found if one.verdict == KEPT]
    quotes_only = not kept
    cut = boundaries.cut(a, b, matches, cuts, sorted(runs, key=lambda run: run[0] - run[2]))
    for run in sorted(cut, key=lambda run: (run[0] - run[1], run)):
        n = run[1] - run[0]
        if not _is_short_run(a, b, run, quotes_only):
            continue
        covered = [
            {at for one in kept for at in range(one[2 * side], one[2 * side + 1])}
            for side in (0, 1)
        ]
        if any(
            2 * len(covered[side] & set(range(run[2 * side], run[2 * side + 1]))) >= n
            for side in (0, 1)
        ):
            continue
        if any(scores.meet(one, run) for one in kept):
            continue
        kept.append(run)
        score = find_score(a, b, matches, run, run, search)
        is_long = count_chars(a, b, run) >= search.min_chars
        found.append(Candidate(run, RUN, score, KEPT if is_long else SHORT, is_added=True))
    return found


def _is_short_run(a: Text, b: Text, run: Stretch, quotes_only: bool) -> bool:
    """Whether a run has enough words, given the places where it could be."""
    p, p_end, q, q_end = run
    quoted = [[word for word in text if word.flags & IS_QUOTED] for text in (a, b)]
    is_quote = all(word.flags & IS_QUOTED for word in (*a[p:p_end], *b[q:q_end]))
    n_plain = sum(not word.flags & (IS_CAPITAL | IS_DIGIT) for word in a[p:p_end])
    n_a, n_b = map(len, quoted if is_quote else (a, b))
    least = MIN_QUOTED_RUN if is_quote else MIN_SHORT_RUN
    has_words = p_end - p >= least and (is_quote or not quotes_only)
    return has_words and n_plain * BITS_PER_WORD >= log2(n_a * n_b)


def add_runs(
    a: Text, b: Text, matches: Matches, cuts: Cuts, found: Sequence[Candidate], search: Scalars
) -> list[Candidate]:
    """Extend passages by runs of equal words, or make the runs passages of their own."""
    found = list(found)
    for side in (0, 1):
        for at in _add_side(a, b, side, _find_runs(a, b, matches, cuts, found, search, side),
                            found, search):  # fmt: skip
            one = found[at]
            p, p_end, q, q_end = one.stretch
            masses = mass(a, p, p_end), mass(b, q, q_end)
            pairs = boundaries.align(a, b, matches, one.stretch)
            shared = sum(min(a[x].bits, b[y].bits) for x, y in pairs)
            score = max(one.score, evidence.evidence(shared, masses, search.chance_rate))
            found[at] = one._replace(score=score)
    return found


def _find_runs(
    a: Text,
    b: Text,
    matches: Matches,
    cuts: Cuts,
    found: Sequence[Candidate],
    search: Scalars,
    side: int,
) -> list[Stretch]:
    """Runs of one side that no passage aligns, with enough content words."""
    hashes = [word.hash for word in a], [word.hash for word in b]
    aligned = _aligned_runs(a, b, matches, found)
    runs = []
    theirs = hashes[1 - side]
    whole, n_words = [(0, len(theirs))], max(search.min_run, GRAM_WORDS)
    for own, other, n in find_runs(
        hashes[side], cuts[side], theirs, cuts[1 - side], whole, n_words
    ):
        p, q = (own, other) if side == 0 else (other, own)
        n_content = sum(is_content(word) for word in a[p : p + n])
        if n_content >= MIN_RUN_CONTENT and not _is_aligned(aligned, side, own, own + n):
            runs.append((p, p + n, q, q + n))
    return runs


def _add_side(
    a: Text,
    b: Text,
    side: int,
    runs: Sequence[Stretch],
    found: list[Candidate],
    search: Scalars,
) -> set[int]:
    """Extend the passage that has a word of a run last, or add one; return which changed."""
    owners = [-1] * len((a, b)[side])

    def own_words(at: int, words: Stretch) -> None:
        low, high = words[2 * side : 2 * side + 2]
        owners[low:high] = [at] * (high - low)

    for at, one in enumerate(found):
        if one.verdict == KEPT:
            own_words(at, one.stretch)
    changed = set()
    for run in runs:
        words = owners[run[2 * side] : run[2 * side + 1]]
        at = next((k for k in words if k >= 0 and scores.meet(found[k].stretch, run)), len(found))
        if at == len(found):
            if count_chars(a, b, run) < search.min_chars:
                continue
            found.append(Candidate(run, RUN, 0.0, KEPT))
        elif (union := _unite(found[at].stretch, run)) == found[at].stretch:
            continue
        else:
            found[at] = found[at]._replace(stretch=union)
        changed.add(at)
        own_words(at, run)
    return changed


def _aligned_runs(a: Text, b: Text, matches: Matches, found: Sequence[Candidate]) -> list[Matches]:
    """Runs of equal words that passages align."""
    runs: list[Matches] = []
    for one in found:
        if one.verdict != KEPT:
            continue
        before = (-2, -2)
        for x, y in boundaries.align(a, b, matches, one.stretch):
            if a[x].hash != b[y].hash:
                continue
            if (x - 1, y - 1) == before:
                runs[-1].append((x, y))
            else:
                runs.append([(x, y)])
            before = x, y
    return runs


def _is_aligned(aligned: Sequence[Matches], side: int, low: int, high: int) -> bool:
    """Whether an aligned run holds words of a side; of runs that share a word, the last."""
    number_of = {pair[side]: number for number, own in enumerate(aligned) for pair in own}
    return low in number_of and number_of.get(high - 1) == number_of[low]


def _unite(one: Stretch, other: Stretch) -> Stretch:
    return (
        min(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        max(one[3], other[3]),
    )


def _settle(a: Text, b: Text, found: Sequence[Candidate], search: Scalars) -> list[Candidate]:
    stretches, origins, marks, verdicts, *_ = (list(column) for column in zip(*found, strict=True))

    def explain(stretch: Stretch, whole: Stretch) -> float:
        is_a = mass(a, *whole[:2]) < mass(b, *whole[2:])
        own = mass(a, *stretch[:2]) if is_a else mass(b, *stretch[2:])
        shared, _ = likeness(a, b, stretch)
        return max(evidence.evidence(shared, (own, own), search.chance_rate), 0.0)

    verdicts = scores.compete(stretches, origins, marks, verdicts, explain)
    bits = [word.bits for word in a], [word.bits for word in b]

    def has_own(number: int, stretch: Stretch) -> bool:
        is_abridged = origins[number] == ABRIDGED
        return any(counterparts.find_own((a, b), stretch, is_abridged, search.min_shared))

    stretches, verdicts = scores.settle(
        stretches, marks, verdicts, bits, search.max_suppressed, has_own
    )
    return list(map(Candidate, stretches, origins, marks, verdicts))


def _revise(
    a: Text,
    b: Text,
    matches: Matches,
    reused: Sequence[Stretch],
    found: Sequence[Candidate],
    search: Scalars,
) -> list[Candidate]:
    """Add stretches of reused words, however little they score, and let them compete."""
    found = list(found)
    for one in reused:
        score = find_score(a, b, matches, one, one, search)
        verdict = KEPT if count_chars(a, b, one) >= search.min_chars else SHORT
        found.append(Candidate(one, SECOND, score, verdict))
    stretches, origins, marks, verdicts, *_ = zip(*found, strict=True)
    before = [verdict == KEPT for verdict in verdicts]
    whole = [find_identity(a, b, matches, one) >= NEARLY_EQUAL for one in stretches]
    verdicts = scores.revise(stretches, origins, marks, verdicts, whole)
    return [
        Candidate(*row, is_added=_is_added(number, stretches, origins, before))
        for number, row in enumerate(zip(stretches, origins, marks, verdicts, strict=True))
    ]


def _is_added(
    number: int, stretches: Sequence[Stretch], origins: Sequence[int], kept: Sequence[bool]
) -> bool:
    """Whether the second look found a stretch where no passage was."""
    return origins[number] == SECOND and not any(
        kept[number]
        and kept[k]
        and origins[k] != SECOND
        and scores.meet(stretches[k], stretches[number])
        for k in range(len(stretches))
    )


def _rate(
    a: Text,
    b: Text,
    matches: Matches,
    sides: tuple[second_look.Side, second_look.Side],
    one: Candidate,
    search: Scalars,
) -> Candidate:
    """Tell the confidence in a candidate; what is kept needs enough of it."""
    identity = find_identity(a, b, matches, one.stretch)
    odds = second_look.find_confidence(
        (a, b),
        sides,
        one.stretch,
        boundaries.align(a, b, matches, one.stretch),
        (identity, one.score, one.is_added),
        search.weights.tolist(),
    )
    has_run = find_longest(a, b, matches, one.stretch) >= search.min_run
    is_unlikely = one.verdict == KEPT and odds < search.min_odds and not has_run
    return one._replace(verdict=UNLIKELY if is_unlikely else one.verdict, confidence=odds)


def find_score(
    a: Text, b: Text, matches: Matches, one: Stretch, core: Stretch, search: Scalars
) -> float:
    """Evidence by words in order, or by words in any order before the ends were moved."""
    p, p_end, q, q_end = one
    masses = mass(a, p, p_end), mass(b, q, q_end)
    aligned = boundaries.align(a, b, matches, one)
    ordered = sum(min(a[x].bits, b[y].bits) for x, y in aligned)
    free, _ = likeness(a, b, core)
    return max(
        evidence.evidence(ordered, masses, search.chance_rate),
        search.unordered_weight * evidence.evidence(free, masses, search.chance_rate),
    )


def find_verdict(
    a: Text, b: Text, matches: Matches, one: Stretch, score: float, search: Scalars
) -> int:
    if count_chars(a, b, one) < search.min_chars:
        return SHORT
    floor = evidence.floor(len(a), len(b), search.min_score, search.slope)
    is_enough = score >= floor or find_longest(a, b, matches, one) >= search.min_run
    return KEPT if is_enough else WEAK


def count_chars(a: Text, b: Text, one: Stretch) -> int:
    p, p_end, q, q_end = one
    return max(_length(a[p:p_end]), _length(b[q:q_end]))


def _length(words: Text) -> int:
    """Han and kana count 2.5 times, characters of Hangul words 1.5 times."""
    dense = [word for word in words if word.flags & IS_DENSE == IS_DENSE]
    extra = sum(1.5 if one.flags & IS_SPACELESS else (one.end - one.start) / 2 for one in dense)
    return words[-1].end - words[0].start + int(extra)


def find_longest(a: Text, b: Text, matches: Matches, one: Stretch) -> int:
    aligned = boundaries.align(a, b, matches, one)
    return scores.longest_run(aligned, [word.hash for word in a], [word.hash for word in b])


def find_identity(a: Text, b: Text, matches: Matches, one: Stretch) -> float:
    p, p_end, q, q_end = one
    aligned = [(x - p, y - q) for x, y in boundaries.align(a, b, matches, one)]
    return alignments.measure(aligned, a[p:p_end], b[q:q_end])[1]


def describe(a: Text, b: Text, matches: Matches, candidate: Candidate) -> Passage:
    """Tell a candidate as the passage that it is or would be."""
    one = candidate.stretch
    p, p_end, q, q_end = one
    parts = a[p:p_end], b[q:q_end]
    aligned = [(x - p, y - q) for x, y in boundaries.align(a, b, matches, one)]
    _, identity, quoted = alignments.measure(aligned, *parts)
    hashes = [[word.hash for word in part] for part in parts]
    content = tuple({at for at, word in enumerate(part) if is_content(word)} for part in parts)
    script = [
        (name, [p + x for x in own], [q + y for y in other])
        for name, own, other in edits(aligned, *hashes, content)
    ]
    longest = find_longest(a, b, matches, one)
    chars = count_chars(a, b, one)
    return Passage(*candidate[:5], identity, quoted, script, longest, chars)


def copy(a: Text, b: Text) -> Passage:
    """Two articles of the same words are one passage."""
    n = len(a)
    quoted = max(sum(bool(word.flags & IS_QUOTED) for word in text) for text in (a, b)) / n
    script: list[Row] = [("kept", [p], [p]) for p in range(n)]
    one = 0, n, 0, n
    chars = count_chars(a, b, one)
    return Passage(one, COPY, mass(a, 0, n), KEPT, CERTAIN, 1.0, quoted, script, n, chars)


def explain(a: Text, b: Text, cuts: Cuts, idf: Sequence[int], search: Scalars) -> list[Passage]:
    """All candidates of two articles, of words as they are read, and what is said of them."""
    a, b = number(a, b, idf)
    if [word.hash for word in a] == [word.hash for word in b] and not any(cuts):
        return [copy(a, b)]
    matches = find_matches(a, b, search.window)
    return [describe(a, b, matches, one) for one in judge(a, b, cuts, search)]


def align(a: Text, b: Text, cuts: Cuts, idf: Sequence[int], search: Scalars) -> list[Passage]:
    """The candidates that are passages."""
    if not a or not b:
        return []
    return [one for one in explain(a, b, cuts, idf, search) if one.verdict == KEPT]


def cover(a: Text, b: Text, passages: Sequence[Passage]) -> list[float]:
    """What better passages had taken of each that is none, on the side with more of it."""
    covered = []
    for k, one in enumerate(passages):
        better = [
            other.stretch
            for at, other in enumerate(passages)
            if other.verdict == KEPT and (-other.score, at) < (-one.score, k)
        ]
        shares = [0.0]
        for side, text in ((0, a), (2, b)):
            taken = {p for stretch in better for p in range(*stretch[side : side + 2])}
            own = range(*one.stretch[side : side + 2])
            lost = sum(text[p].bits for p in own if p in taken)
            shares.append(lost / sum(text[p].bits for p in own))
        covered.append(0.0 if one.verdict == KEPT else max(shares))
    return covered
