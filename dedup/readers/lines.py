"""Lines of bounded length: one without an end costs no more memory than the limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

# Bytes of a record for each byte of text: escapes, markup and the other fields.
RAW = 4
_N_BYTES = 1 << 16


class TooLong(NamedTuple):
    """A line that is longer than the limit, with its bytes."""

    n_bytes: int


def read_lines(stream: BinaryIO, most: int) -> Iterator[bytes | TooLong]:
    """Yield lines with their line feeds; a line of more than `most` bytes is only counted."""
    while raw := stream.readline(most + 1):
        if len(raw) <= most or raw.endswith(b"\n"):
            yield raw
            continue
        n_bytes = len(raw)
        while (raw := stream.readline(_N_BYTES)) and not raw.endswith(b"\n"):
            n_bytes += len(raw)
        yield TooLong(n_bytes + len(raw))


def describe_size(what: str, n_bytes: float, max_text: int) -> str:
    """Say that something is longer than ``--max-text``."""
    return f"{what} of {_size(n_bytes)}, more than the limit of {_size(max_text)} (--max-text)"


def _size(n_bytes: float) -> str:
    for unit in ("B", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.3g} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:,.3g} GB"
