"""rensa's rho path, whose speed its README tells: it samples shingles by their position.

Of a long text it looks at some fifteen shingles at equal distances, so a word inserted near the
beginning changes which ones; it is listed apart, with what it finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.engines.rensa import THREADS as THREADS
from bench.engines.rensa import answer as answer
from bench.engines.rensa import as_tokens
from bench.engines.rensa import prepare as prepare

PACKAGE = "rensa"


def describe() -> str:
    """Say which way is taken."""
    return "RMinHash.digest_matrix_from_token_sets_rho(shingles, 128, seed)"


def run(prepared: Sequence[str] | list[list[str]], task: str, threads: int) -> Any:
    """Sketch the batch."""
    from rensa import RMinHash

    return RMinHash.digest_matrix_from_token_sets_rho(as_tokens(prepared), 128, 42)
