import numpy as np
from numpy.typing import NDArray

# Search: seeds, candidates, postings.
def find_seeds(
    stems: NDArray[np.uint64],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    idf: NDArray[np.uint8],
    window: int,
    min_bits: float,
    sample: int,
    max_repeats: int,
) -> tuple[
    NDArray[np.uint64],
    NDArray[np.uint32],
    NDArray[np.uint16],
    NDArray[np.uint8],
    NDArray[np.int64],
]: ...
