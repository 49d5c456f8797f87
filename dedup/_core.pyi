"""Hot loops of dedup: flat arrays in, flat arrays out. Contracts: headers of ``dedup/core``."""

import numpy as np
from numpy.typing import NDArray

# Families.
def find_coverages(
    spans: NDArray[np.int64],
    bounds: NDArray[np.int64],
    pieces: NDArray[np.uint32],
    piece_bounds: NDArray[np.int64],
) -> NDArray[np.float64]: ...

# Text and sketches. A variant is a name of find_variants(); the best of the processor if None.
PADDING: int
BLOCK: int
FOREIGN: int
SCRATCH: int
N_ROUNDS: int

class Folding:
    def __init__(
        self,
        pages: NDArray[np.uint16],
        kinds: NDArray[np.uint8],
        folds: NDArray[np.uint32],
        runs: NDArray[np.uint32],
    ) -> None: ...

def find_variants() -> list[str]: ...
def hash_bytes(data: NDArray[np.uint8], n_bytes: int) -> int: ...
def hash_short(head: int, tail: int, size: int) -> int: ...
def avalanche(value: int) -> int: ...
def combine(left: int, right: int) -> int: ...
def slot_salt(slot: int) -> int: ...
def fmix32(value: int) -> int: ...
def stem_length(ending: int, n: int) -> int: ...
def find_edges(
    text: NDArray[np.uint8],
    first: int,
    end: int,
    edges: NDArray[np.int64],
    variant: str | None = None,
) -> int: ...
def find_words(
    text: NDArray[np.uint8],
    first: int,
    end: int,
    folding: Folding,
    edges: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    heads: NDArray[np.uint64],
    tails: NDArray[np.uint64],
    sizes: NDArray[np.uint8],
    points: NDArray[np.uint8],
    flags: NDArray[np.uint8],
    scratch: NDArray[np.uint8],
    is_described: bool,
    variant: str | None = None,
) -> tuple[int, bool]: ...
def hash_words(
    heads: NDArray[np.uint64],
    tails: NDArray[np.uint64],
    sizes: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    variant: str | None = None,
) -> None: ...
def mark_articles(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    folding: Folding,
    stops: NDArray[np.uint64],
    variant: str | None = None,
) -> tuple[
    NDArray[np.uint64],
    NDArray[np.uint64],
    NDArray[np.uint32],
    NDArray[np.uint32],
    NDArray[np.uint8],
    NDArray[np.int64],
]: ...
def hash_shingles(
    hashes: NDArray[np.uint64], k: int, variant: str | None = None
) -> NDArray[np.uint64]: ...
def fill_signature(
    shingles: NDArray[np.uint64], signature: NDArray[np.uint32], variant: str | None = None
) -> None: ...
def fill_affine_signature(
    shingles: NDArray[np.uint64],
    permutations: NDArray[np.uint32],
    signature: NDArray[np.uint32],
    variant: str | None = None,
) -> None: ...
def sketch_articles(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
    variant: str | None = None,
) -> None: ...
def sketch_texts(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    folding: Folding,
    k: int,
    permutations: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
    variant: str | None = None,
) -> None: ...
def hash_bands(signatures: NDArray[np.uint32], n_bands: int, n_rows: int) -> NDArray[np.uint64]: ...
def count_agreements(
    signatures: NDArray[np.uint32],
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    variant: str | None = None,
) -> NDArray[np.int64]: ...
def fill_jaccards(
    firsts: NDArray[np.uint32],
    seconds: NDArray[np.uint32],
    jaccards: NDArray[np.float64],
    variant: str | None = None,
) -> None: ...
