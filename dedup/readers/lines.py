"""Lines of bounded length: one without an end costs no more memory than the limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from dedup.readers.sources import check_end

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
            if not raw.endswith(b"\n"):
                check_end(stream)
            yield raw
            continue
        n_bytes = len(raw)
        while (raw := stream.readline(_N_BYTES)) and not raw.endswith(b"\n"):
            n_bytes += len(raw)
        yield TooLong(n_bytes + len(raw))


def read_old_lines(stream: BinaryIO, most: int) -> Iterator[bytes | TooLong]:
    """Yield lines that end as on the first Macs, see :func:`read_lines`."""
    parts: list[bytes] = []
    n_bytes = 0
    while chunk := stream.read(_N_BYTES):
        for at, part in enumerate(chunk.split(b"\r")):
            if at:
                yield TooLong(n_bytes) if n_bytes > most else b"".join([*parts, b"\r"])
                parts, n_bytes = [], 0
            n_bytes += len(part)
            if n_bytes <= most:
                parts.append(part)
    check_end(stream)
    if n_bytes:
        yield TooLong(n_bytes) if n_bytes > most else b"".join(parts)


def describe_size(what: str, n_bytes: float, max_text: int) -> str:
    """Say that something is longer than ``--max-text``."""
    return f"{what} of {_size(n_bytes)}, more than the limit of {_size(max_text)} (--max-text)"


def _size(n_bytes: float) -> str:
    for unit in ("B", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.3g} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:,.3g} GB"
