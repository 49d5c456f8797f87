"""Repeated shingles with dicts and sets, and what makes them boilerplate, step by step."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tests.reference.hash import hash_sequence
from tests.reference.sketch import EMPTY

Article = Sequence[tuple[int, bool]]  # hash of each token, and whether it starts a sentence
MAX_LOOKED = 64


def shingles(article: Article, k: int) -> list[tuple[int, int]]:
    """Return (first token, tokens): every k in a row, and each whole sentence of fewer."""
    starts = [at for at, (_, is_start) in enumerate(article) if at == 0 or is_start]
    ends = [*starts[1:], len(article)]
    short = [(low, high - low) for low, high in zip(starts, ends, strict=False) if high - low < k]
    return [(at, k) for at in range(len(article) - k + 1)] + short


def repeats(
    articles: Sequence[Article], k: int, min_articles: int
) -> list[tuple[int, int, int, int]]:
    """Return (key, first token of all, tokens, article) of what enough articles have."""
    found: list[tuple[int, int, int, int]] = []
    before = 0
    for number, article in enumerate(articles):
        for first, width in shingles(article, k):
            hashes = [value for value, _ in article[first : first + width]]
            found.append((hash_sequence(width, hashes), before + first, width, number))
        before += len(article)
    having: dict[int, set[int]] = {}
    for key, _, _, number in found:
        having.setdefault(key, set()).add(number)
    return sorted(one for one in found if len(having[one[0]]) >= min_articles)


def known(articles: Sequence[Article], k: int, keys: Collection[int]) -> list[tuple[int, int, int]]:
    """Return (key, first token of all, tokens) of the shingles that have one of some keys."""
    every = repeats(articles, k, 1)
    found = [(key, first, width) for key, first, width, _ in every if key in keys]
    return sorted(found, key=lambda one: (one[1], -one[2]))


def is_spread(
    articles: Sequence[int],
    days: Sequence[int],
    signatures: Sequence[Sequence[int]],
    is_own: Sequence[bool],
    limits: tuple[float, int, int],
) -> bool:
    """Tell whether unrelated articles are enough; `limits` as the kernel has them, in order."""
    max_resemblance, min_stories, min_days = limits
    n_looked = min(len(articles), MAX_LOOKED)
    stories: list[int] = []
    for look in range(n_looked):
        one = articles[look * len(articles) // n_looked]
        resemblances = [
            sum(x == y for x, y in zip(signatures[one], signatures[other], strict=True))
            for other in stories
        ]
        most = max_resemblance * len(signatures[one])
        if EMPTY not in signatures[one] and all(count <= most for count in resemblances):
            stories.append(one)
    n_stories = sum(is_own[one] for one in stories)
    n_days = len({days[one] for one in stories if days[one] >= 0})
    return n_stories >= min_stories or n_days >= min_days


def runs(
    article: Article, covered: Sequence[bool], min_unit: int, min_edge: int, min_inside: int
) -> list[tuple[int, int]]:
    """Return the runs of one article that are kept, its tokens all words with spaces."""
    n = len(article)
    starts = {0, n, *(at for at, (_, is_start) in enumerate(article) if is_start)}
    found: list[tuple[int, int]] = []
    for low in range(n):
        if not covered[low] or (low > 0 and covered[low - 1]):
            continue
        high = next((at for at in range(low, n) if not covered[at]), n)
        if low > 0:
            heads = range(low, min(low + min_edge, high))
            low = next((at for at in heads if at in starts), low)
        if high < n:
            tails = range(high, max(high - min_edge, low), -1)
            high = next((at for at in tails if at in starts), high)
        enough = min_edge if low == 0 or high == n else min_inside
        if high - low < min(enough, min_inside):
            inside = [at for at in range(low, high + 1) if at in starts]
            if len(inside) < 2 or inside[-1] - inside[0] < min_unit:
                continue
            low, high = inside[0], inside[-1]
        found.append((low, high))
    return found


def cover(shingles: Sequence[tuple[int, int]], n: int) -> list[bool]:
    """Tell which of n tokens lie in a shingle; each is (first token, tokens)."""
    return [any(first <= at < first + width for first, width in shingles) for at in range(n)]
