"""The second look at two related articles: every sentence, then every word, by definition."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import log2, sqrt
from typing import NamedTuple

from dedup.text.tables.kinds import IS_CAPITAL, IS_DIGIT, STARTS_CLAUSE, STARTS_SENTENCE
from tests.reference.alignments import align_stretch
from tests.reference.words import Text, is_content, mass

MAX_SENTENCE = 50
MAX_PLACES = 64
WINDOW_RATIO, WINDOW_EXTRA, MARGIN = 1.4, 8, 4
NEIGHBOR_BITS = 0.8
LEAST_GAIN, LEAST_MASS = 1e-6, 0.1
MAX_DISTANCE, MAX_JUMP = 30, 60
CHANGE_COST, CLAUSE_COST, SENTENCE_COST, INSIDE_COST = 1.0, 0.5, 0.3, 6.0
MAX_ODDS, MAX_EVIDENCE = 9.0, 4.0
MIN_WORDS, MIN_ALIGNED, MIN_PART = 4, 2, 4
MAX_RATIO = 4
MIN_PLACE = -0.8
MAX_BETWEEN, MAX_EARLIER, MAX_ROUNDS = 1, 16, 4

Range = tuple[int, int]
Stretch = tuple[int, int, int, int]


class WordFeatures(NamedTuple):
    """Measures of a word, before those of its sentence."""

    aligned_4: float
    aligned_15: float
    log_nearest: float
    log_farther: float
    log_jump: float
    clause_share: float
    log_clause: float
    log_run: float
    present_10: float
    present_25: float


class SentenceFeatures(NamedTuple):
    """Measures of a sentence."""

    aligned_share: float
    aligned_cosine: float
    stop_share: float
    log_bits: float
    window_bits: float
    share_before: float
    share_after: float
    log_own: float
    log_other: float
    log_longest: float


class PassageFeatures(NamedTuple):
    """Measures of a passage."""

    evidence_mean: float
    evidence_least: float
    identity_share: float
    log_passage: float
    log_score: float
    is_added: float
    fact_share: float
    plain_share: float
    log_ratio: float


N_WORD_WEIGHTS = len(WordFeatures._fields) + len(SentenceFeatures._fields) + 1


class Sentence(NamedTuple):
    """A sentence, what the other side has of it, and the token that each of its words is."""

    low: int
    high: int
    aligned: list[tuple[int, int]]
    window: Range
    present: set[int]


class Side(NamedTuple):
    """One article, judged: a row, log-odds, a state and a partner or -1 for each word."""

    features: list[tuple[float, ...]]
    odds: list[float]
    reused: list[bool]
    partners: list[int]
    segments: list[Range]


def log_more(value: float) -> float:
    return log2(1 + value)


def find_sentences(text: Text) -> list[Range]:
    """Where each starts and ends; a long one is cut."""
    found: list[Range] = []
    for p, word in enumerate(text):
        if found and not word.flags & STARTS_SENTENCE and p - found[-1][0] < MAX_SENTENCE:
            found[-1] = found[-1][0], p + 1
        else:
            found.append((p, p + 1))
    return found


def find_window(own: Text, other: Text, low: int, high: int) -> Range:
    """Where the other side has most of a sentence: of the best the first; empty for nowhere.

    A stem weighs as much as the first word of the sentence with it, and a place more for each
    neighbor that is the same on both sides.
    """
    places: list[tuple[int, int]] = []
    weights: dict[int, float] = {}
    for p in range(low, high):
        stem = own[p].common
        same = [q for q, word in enumerate(other) if stem is not None and word.common == stem]
        if same and len(same) <= MAX_PLACES:
            weights.setdefault(stem, own[p].bits)
            places += [(q, p) for q in same]

    def count_neighbors(q: int, p: int) -> int:
        return sum(
            low <= p + step < high
            and 0 <= q + step < len(other)
            and own[p + step].stem == other[q + step].stem
            for step in (-1, 1)
        )

    width = int(WINDOW_RATIO * (high - low)) + WINDOW_EXTRA
    best, window = 0.0, (0, 0)
    for end in sorted({q for q, _ in places}):
        inside = [(q, p) for q, p in places if end - width < q <= end]
        total = sum(weights[stem] for stem in {own[p].common for _, p in inside})
        total += NEIGHBOR_BITS * sum(count_neighbors(q, p) for q, p in inside)
        if total > best + LEAST_GAIN:
            first = min(q for q, _ in inside)
            best, window = total, (max(first - MARGIN, 0), min(end + 1 + MARGIN, len(other)))
    return window


def find_sentence(own: Text, other: Text, low: int, high: int) -> Sentence:
    """Align a sentence with its window."""
    window = find_window(own, other, low, high)
    there = {word.common for word in other[slice(*window)]} - {None}
    present = {p for p in range(low, high) if own[p].common in there}
    aligned = [
        (low + x, window[0] + y) for x, y in align_stretch(own[low:high], other[slice(*window)], [])
    ]
    return Sentence(low, high, aligned, window, present)


def find_run(aligned: Sequence[tuple[int, int]], p: int, q: int) -> int:
    """Count the words of the run in which two words are aligned."""
    every = set(aligned)
    low = high = 0
    while (p + low - 1, q + low - 1) in every:
        low -= 1
    while (p + high + 1, q + high + 1) in every:
        high += 1
    return high - low + 1


def find_longest(sentence: Sentence) -> int:
    return max((find_run(sentence.aligned, p, q) for p, q in sentence.aligned), default=0)


def share_of(own: Text, sentence: Sentence) -> float:
    """Aligned bits over all."""
    bits = sum(own[p].bits for p, _ in sentence.aligned)
    return bits / max(mass(own, sentence.low, sentence.high), LEAST_MASS)


def find_window_bits(own: Text, sentence: Sentence) -> float:
    """What the window has of the content words; a common stem counts once, at its first word."""
    seen: set[int] = set()
    whole = there = 0.0
    for p in range(sentence.low, sentence.high):
        word = own[p]
        if not is_content(word) or word.common in seen:
            continue
        whole += word.bits
        if word.common is not None:
            seen.add(word.common)
            there += word.bits * (p in sentence.present)
    return there / max(whole, LEAST_MASS) if sentence.window[1] else 0.0


def measure_sentence(
    own: Text, other: Text, sentences: Sequence[Sentence], k: int
) -> SentenceFeatures:
    one = sentences[k]
    words = own[one.low : one.high]
    bits = sum(own[p].bits for p, _ in one.aligned)
    theirs = mass(other, one.aligned[0][1], one.aligned[-1][1] + 1) if one.aligned else 0.0
    n_content = sum(map(is_content, words))
    n_stops = sum(not is_content(own[p]) for p, _ in one.aligned)
    longest = max((find_longest(each) for at, each in enumerate(sentences) if at != k), default=0)
    return SentenceFeatures(
        aligned_share=len(one.aligned) / len(words),
        aligned_cosine=bits / sqrt(max(mass(own, one.low, one.high) * theirs, LEAST_MASS)),
        stop_share=n_stops / max(len(words) - n_content, 1),
        log_bits=log_more(bits),
        window_bits=find_window_bits(own, one),
        share_before=share_of(own, sentences[k - 1]) if k else 0.0,
        share_after=share_of(own, sentences[k + 1]) if k + 1 < len(sentences) else 0.0,
        log_own=log_more(len(own)),
        log_other=log_more(len(other)),
        log_longest=log_more(longest),
    )


def measure_word(own: Text, partners: Sequence[int], present: set[int], p: int) -> WordFeatures:
    aligned = [(at, q) for at, q in enumerate(partners) if q >= 0]
    left = max((one for one in aligned if one[0] <= p), default=None)
    right = min((one for one in aligned if one[0] >= p), default=None)
    back = min(p - left[0], MAX_DISTANCE) if left else MAX_DISTANCE
    on = min(right[0] - p, MAX_DISTANCE) if right else MAX_DISTANCE
    jump = min(abs(right[1] - left[1] - back - on), MAX_JUMP) if left and right else MAX_JUMP
    runs = [find_run(aligned, *one) if one else 0 for one in (left, right)]
    starts = [at for at, word in enumerate(own) if word.flags & (STARTS_SENTENCE | STARTS_CLAUSE)]
    low = max((at for at in starts if at <= p), default=0)
    high = min((at for at in starts if at > p), default=len(own))

    def near(reach: int) -> range:
        return range(max(p - reach, 0), min(p + reach + 1, len(own)))

    def aligned_share(words: range) -> float:
        return sum(partners[at] >= 0 for at in words) / len(words)

    def present_share(words: range) -> float:
        return sum(at in present for at in words) / max(sum(is_content(own[at]) for at in words), 1)

    return WordFeatures(
        aligned_4=aligned_share(near(4)),
        aligned_15=aligned_share(near(15)),
        log_nearest=log_more(min(back, on)),
        log_farther=log_more(max(back, on)),
        log_jump=log_more(jump),
        clause_share=aligned_share(range(low, high)),
        log_clause=log_more(high - low),
        log_run=log_more(min(runs)),
        present_10=present_share(near(10)),
        present_25=present_share(near(25)),
    )


def is_name(flags: int) -> bool:
    return bool(flags & (IS_CAPITAL | IS_DIGIT))


def is_inside(text: Text, p: int) -> bool:
    """Tell whether a word goes on with a name or a number, and starts nothing else."""
    starts = text[p].flags & (STARTS_SENTENCE | STARTS_CLAUSE)
    return p > 0 and not starts and is_name(text[p].flags) and is_name(text[p - 1].flags)


def cost_of_change(text: Text, p: int) -> float:
    """What a change from own to reused words or back costs before a word."""
    if text[p].flags & STARTS_SENTENCE:
        return SENTENCE_COST
    if text[p].flags & STARTS_CLAUSE:
        return CLAUSE_COST
    return INSIDE_COST if is_inside(text, p) else CHANGE_COST


def decode(text: Text, odds: Sequence[float]) -> list[bool]:
    """The states that weigh most, by the best way into each; of the same weight, as few changes
    to own words and as late ones to reused words as there are."""
    if not text:
        return []
    own: tuple[float, list[bool]] = 0.0, [False]
    reused = odds[0] - cost_of_change(text, 0), [True]
    for p in range(1, len(text)):
        cost = cost_of_change(text, p)
        out, into = (reused[0] - cost, reused[1]), (own[0] - cost, own[1])
        best_own = out if out[0] > own[0] else own
        best_reused = reused if reused[0] >= into[0] else into
        own = best_own[0], [*best_own[1], False]
        reused = best_reused[0] + odds[p], [*best_reused[1], True]
    return reused[1] if reused[0] - CHANGE_COST > own[0] else own[1]


def find_segments(text: Text, reused: Sequence[bool]) -> list[Range]:
    """Reused words of one sentence each."""
    found: list[Range] = []
    for p, word in enumerate(text):
        if not reused[p]:
            continue
        if found and found[-1][1] == p and not word.flags & STARTS_SENTENCE:
            found[-1] = found[-1][0], p + 1
        else:
            found.append((p, p + 1))
    return found


def judge_side(own: Text, other: Text, weights: Sequence[float]) -> Side:
    """Judge every word of one article."""
    sentences = [find_sentence(own, other, *each) for each in find_sentences(own)]
    partners = [-1] * len(own)
    for one in sentences:
        for p, q in one.aligned:
            partners[p] = q
    present = {p for one in sentences for p in one.present}
    features: list[tuple[float, ...]] = []
    for k, one in enumerate(sentences):
        common = measure_sentence(own, other, sentences, k)
        features += [
            (*measure_word(own, partners, present, p), *common) for p in range(one.low, one.high)
        ]
    *each, constant = weights[:N_WORD_WEIGHTS]
    odds = [_clamp(_weigh(row, each, constant), MAX_ODDS) for row in features]
    reused = decode(own, odds)
    return Side(features, odds, reused, partners, find_segments(own, reused))


def _weigh(features: Sequence[float], weights: Sequence[float], constant: float) -> float:
    total = constant
    for weight, feature in zip(weights, features, strict=True):
        total += weight * feature
    return total


def _clamp(value: float, most: float) -> float:
    return min(max(value, -most), most)


def find_evidence(side: Side, low: int, high: int) -> float:
    """Mean log-odds of some words; summed from the start of the article, as in the core."""
    total = list(accumulate((_clamp(each, MAX_EVIDENCE) for each in side.odds), initial=0.0))
    return (total[high] - total[low]) / (high - low)


def pair_segments(own: Side, other: Side) -> list[tuple[Range, Range]]:
    """Each segment with those in which enough of its words are aligned, or with their place."""
    found: list[tuple[Range, Range]] = []
    for segment in own.segments:
        places = [own.partners[p] for p in range(*segment) if own.partners[p] >= 0]
        if len(places) < MIN_ALIGNED or segment[1] - segment[0] < MIN_WORDS:
            continue
        met = []
        for theirs in other.segments:
            n_inside = sum(theirs[0] <= q < theirs[1] for q in places)
            if n_inside >= MIN_ALIGNED and n_inside * MIN_PART >= len(places):
                met.append(theirs)
        if met:
            found += [
                (shrink(own, segment, theirs, other), shrink(other, theirs, segment, own))
                for theirs in met
            ]
            continue
        place = min(places), max(places) + 1
        if find_evidence(other, *place) >= MIN_PLACE:
            found.append((segment, place))
    return found


def shrink(own: Side, words: Range, theirs: Range, other: Side) -> Range:
    """What is aligned of words that are much more than those of the other side."""
    if words[1] - words[0] < MAX_RATIO * (theirs[1] - theirs[0]):
        return words
    aligned = [p for p in range(*words) if theirs[0] <= own.partners[p] < theirs[1]]
    aligned += [
        other.partners[q] for q in range(*theirs) if words[0] <= other.partners[q] < words[1]
    ]
    return min(aligned), max(aligned) + 1


def adjoin(one: Stretch, other: Stretch) -> bool:
    """Tell whether two stretches meet on both sides, or nearly."""
    return all(
        max(one[at], other[at]) <= min(one[at + 1], other[at + 1]) + MAX_BETWEEN for at in (0, 2)
    )


def join_stretches(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Join each with the last one before it that it adjoins, a few times."""
    found = sorted(stretches)
    for _ in range(MAX_ROUNDS):
        joined: list[Stretch] = []
        for one in sorted(found):
            near = range(max(len(joined) - MAX_EARLIER, 0), len(joined))
            at = max((k for k in near if adjoin(joined[k], one)), default=None)
            if at is None:
                joined.append(one)
            else:
                other = joined[at]
                joined[at] = (
                    min(one[0], other[0]),
                    max(one[1], other[1]),
                    min(one[2], other[2]),
                    max(one[3], other[3]),
                )
        found = joined
    return sorted(found)


def find_stretches(a: Side, b: Side) -> list[Stretch]:
    """Stretches of reused words of both articles."""
    found = [(*own, *other) for own, other in pair_segments(a, b)]
    found += [(*other, *own) for own, other in pair_segments(b, a)]
    return join_stretches(found)


def look(a: Text, b: Text, weights: Sequence[float]) -> tuple[Side, Side]:
    """Judge both articles of a pair."""
    return judge_side(a, b, weights), judge_side(b, a, weights)


def related_share(sides: Sequence[Side]) -> float:
    """What is reused of the article of which less is."""
    return min(sum(side.reused) / max(len(side.reused), 1) for side in sides)


def find_confidence(
    texts: tuple[Text, Text],
    sides: tuple[Side, Side],
    stretch: Stretch,
    aligned: Sequence[tuple[int, int]],
    figures: tuple[float, float, bool],
    weights: Sequence[float],
) -> float:
    """Log-odds that a passage is reuse; figures are its identity, its score, and whether the
    second look added it."""
    p, p_end, q, q_end = stretch
    identity, score, is_added = figures
    evidence = find_evidence(sides[0], p, p_end), find_evidence(sides[1], q, q_end)
    words = texts[0][p:p_end], texts[1][q:q_end]
    plain = [[word for word in own if is_content(word) and not word.is_fact] for own in words]
    same = [texts[0][x] for x, _ in aligned]
    n_facts = sum(word.is_fact for word in same)
    n_plain = sum(is_content(word) and not word.is_fact for word in same)
    shorter, longer = sorted(map(len, words))
    features = PassageFeatures(
        evidence_mean=sum(evidence) / 2,
        evidence_least=min(evidence),
        identity_share=identity,
        log_passage=log_more(shorter),
        log_score=log_more(max(score, 0.0)),
        is_added=float(is_added),
        fact_share=n_facts / max(len(same), 1),
        plain_share=min(n_plain / max(min(map(len, plain)), 1), 1.0),
        log_ratio=log2(longer / shorter),
    )
    *each, constant = weights[N_WORD_WEIGHTS:]
    return _weigh(features, each, constant)
