"""Fast Similarity Sketching with a dict of slots, after the paper's first algorithm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.reference import tokenize
from tests.reference.hash import MASK, PRIME_1, PRIME_5, avalanche, hash_sequence

EMPTY = 2**32 - 1
N_ROUNDS = 60


def shingles(hashes: Sequence[int], k: int) -> list[int]:
    """Every run of k tokens; a shorter article is one run."""
    width = min(k, len(hashes))
    if width == 0:
        return []
    windows = [hashes[at : at + width] for at in range(len(hashes) - width + 1)]
    return [hash_sequence(width, list(window)) for window in windows]


def salt(slot: int) -> int:
    return avalanche(((slot + 1) * PRIME_1 + PRIME_5) & MASK)


def signature(shingles: Iterable[int], n_perm: int) -> list[int]:
    """Throw all shingles into the slots, round after round, until no slot is empty.

    An earlier round wins a slot, within a round the least value. A hash serves for two
    rounds, its high half and its low half; then all are hashed anew. After the last round each
    empty slot takes the least value under a hash function of its own.
    """
    values = list(set(shingles))
    if not values:
        return [EMPTY] * n_perm
    slots: dict[int, tuple[int, int]] = {}
    for number in range(N_ROUNDS):
        if len(slots) == n_perm:
            break
        if number % 2 == 0 and number > 0:
            values = [avalanche(value ^ PRIME_5) for value in values]
        halves = [value >> 32 if number % 2 == 0 else value % 2**32 for value in values]
        thrown: dict[int, list[int]] = {}
        for half in halves:
            slot, rest = divmod(half * n_perm, 2**32)
            thrown.setdefault(slot, []).append(rest >> 6)
        for slot, rests in thrown.items():
            slots.setdefault(slot, (number, min(rests)))
    for slot in range(n_perm):
        if slot not in slots:
            least = min(avalanche(value ^ salt(slot)) >> 38 for value in values)
            slots[slot] = (N_ROUNDS, least)
    return [slots[slot][0] * 2**26 + slots[slot][1] for slot in range(n_perm)]


def sketch_text(text: str, k: int, n_perm: int) -> list[int]:
    """The signature of the shingles of the tokens of a text."""
    return signature(shingles(tokenize.hashes(tokenize.tokens(text)), k), n_perm)


def jaccard(a: Iterable[int], b: Iterable[int]) -> float:
    a, b = set(a), set(b)
    return len(a & b) / len(a | b)
