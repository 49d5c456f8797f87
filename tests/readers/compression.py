from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable


def compress_zstandard(raw: bytes) -> bytes:
    import zstandard

    return zstandard.compress(raw)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".zst": compress_zstandard,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}
