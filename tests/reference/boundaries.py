"""Where stretches end: one stretch after the other, as sets of tokens."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dedup.text.tables.kinds import STARTS_CLAUSE, STARTS_SENTENCE
from tests.reference import clusters
from tests.reference.alignments import Matches, align_stretch
from tests.reference.chains import extend_range
from tests.reference.pair import matches_within
from tests.reference.words import Text, bag, boundaries

Stretch = tuple[int, int, int, int]
MIN_ALIKE = 0.25


def align(a: Text, b: Text, matches: Matches, stretch: Stretch) -> Matches:
    """Align a stretch; matches are counted from the start of the articles, before and after."""
    p, p_end, q, q_end = stretch
    inside = matches_within(matches, (p, p_end), (q, q_end))
    return [(p + x, q + y) for x, y in align_stretch(a[p:p_end], b[q:q_end], inside)]


def cut(
    a: Text,
    b: Text,
    matches: Matches,
    cuts: tuple[Collection[int], Collection[int]],
    stretches: Sequence[Stretch],
) -> list[Stretch]:
    """Of a stretch with a cut inside, aligned words with the same cuts before them make one."""
    found = []
    for stretch in stretches:
        p, p_end, q, q_end = stretch
        if not set(cuts[0]) & set(range(p + 1, p_end)) | set(cuts[1]) & set(range(q + 1, q_end)):
            found.append(stretch)
            continue
        parts: dict[tuple[int, int], Matches] = {}
        for match in align(a, b, matches, stretch):
            n_before = [
                sum(at <= token for at in own) for own, token in zip(cuts, match, strict=True)
            ]
            parts.setdefault((n_before[0], n_before[1]), []).append(match)
        found += [
            (part[0][0], part[-1][0] + 1, part[0][1], part[-1][1] + 1) for part in parts.values()
        ]
    return sorted(found)


def extend_stretches(
    a: set[int], b: set[int], sizes: tuple[int, int], stretches: Sequence[Stretch], most: int
) -> list[tuple[Stretch, Stretch]]:
    """Extend sorted stretches to boundaries; each that meets the one before it on both sides
    becomes one with it, before extending as after. Returns both."""
    found: list[tuple[Stretch, Stretch]] = []
    for core in stretches:
        extended = (
            *extend_range(a, sizes[0], *core[:2], most),
            *extend_range(b, sizes[1], *core[2:], most),
        )
        before = found[-1][0] if found else (0, 0, 0, 0)
        if all(
            max(extended[side], before[side]) < min(extended[side + 1], before[side + 1])
            for side in (0, 2)
        ):
            last, last_core = found.pop()
            extended, core = clusters.join(last, extended), clusters.join(last_core, core)
        found.append((extended, core))
    return found


def count_types(a: Text, b: Text) -> int:
    """Count the stems that both have and that are no fact where b has them first."""
    firsts = {word.common: word.is_fact for word in reversed(b)}
    return sum(firsts.get(stem) is False for stem in {word.common for word in a} - {None})


def is_alike(a: Text, b: Text, p: tuple[int, int], q: tuple[int, int]) -> bool:
    """Tell whether two parts share a word that is no fact, and enough of what they say."""
    _, cosine = clusters.measure(bag(a, *p, 0), bag(b, *q, 1))
    return count_types(a[slice(*p)], b[slice(*q)]) > 0 and cosine >= MIN_ALIKE


def complete_sentences(a: Text, b: Text, stretches: Sequence[Stretch], most: int) -> list[Stretch]:
    """Move both sides of an end to where a sentence starts, if what that adds is alike."""
    starts = [boundaries(text, STARTS_SENTENCE) for text in (a, b)]
    found = []
    for p, p_end, q, q_end in stretches:
        (low_p, high_p), (low_q, high_q) = (
            extend_range(own, len(text), low, high, most)
            for own, text, low, high in ((starts[0], a, p, p_end), (starts[1], b, q, q_end))
        )
        if not is_alike(a, b, (low_p, p), (low_q, q)):
            low_p, low_q = p, q
        if not is_alike(a, b, (p_end, high_p), (q_end, high_q)):
            high_p, high_q = p_end, q_end
        found.append((low_p, high_p, low_q, high_q))
    return found


def settle(
    a: Text,
    b: Text,
    matches: Matches,
    cuts: tuple[Collection[int], Collection[int]],
    stretches: Sequence[Stretch],
    most: int,
) -> list[tuple[Stretch, Stretch]]:
    """All of it: final stretches, each with the one that it grew from."""
    kinds = STARTS_SENTENCE | STARTS_CLAUSE
    extended = extend_stretches(
        boundaries(a, kinds),
        boundaries(b, kinds),
        (len(a), len(b)),
        cut(a, b, matches, cuts, stretches),
        most,
    )
    completed = complete_sentences(a, b, [one for one, _ in extended], most)
    return [(one, core) for one, (_, core) in zip(completed, extended, strict=True)]
