"""Files of one array with a header and a checksum, written atomically.

Layout: a line ``dedup KIND VERSION``, a line of JSON, a ``.npy`` block, and the 128-bit XXH3 hash
of all before it. Reading never executes content.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.errors import CorruptFile, IncompatibleFile
from dedup.runtime.whole_file import naming, whole_file

_CHECKSUM_BYTES = 16
# Read at a time to check a file, to bound memory.
_CHUNK_BYTES = 1 << 20
# Read of a first line at most: other files may have none.
_MAX_LINE = 256

_Scalar = TypeVar("_Scalar", bound=np.generic)


def save_array(
    path: str | os.PathLike[str],
    kind: str,
    version: int,
    header: Mapping[str, Any],
    array: NDArray[_Scalar],
) -> None:
    """Write a file, replacing an old one only when complete.

    Parameters
    ----------
    path : str or path-like
        The file.
    kind : str
        Type of the content, one word.
    version : int
        Version of the format.
    header : mapping
        JSON values that describe the array.
    array : ndarray
        The array; not of dtype object.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with naming(path), whole_file(path, is_durable=True) as part:
        stream = part.stream
        stream.write(f"dedup {kind} {version}\n{json.dumps(dict(header))}\n".encode())
        np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
        stream.write(_checksum(stream, stream.tell()))


def load_array(
    path: str | os.PathLike[str], kind: str, version: int
) -> tuple[dict[str, Any], NDArray[np.generic]]:
    """Read a file that `save_array` wrote.

    Parameters
    ----------
    path : str or path-like
        The file.
    kind : str
        Expected type of the content.
    version : int
        Expected version.

    Returns
    -------
    header : dict
        The header given to `save_array`.
    array : ndarray
        The array.

    Raises
    ------
    IncompatibleFile
        If the file has another kind or version.
    CorruptFile
        If the file is cut off or damaged.
    OSError
        If the file cannot be read.
    """
    name = os.fspath(path)
    with Path(path).open("rb") as stream:
        _check_kind(name, stream.readline(_MAX_LINE), kind, version)
        body = stream.tell()
        end = stream.seek(0, os.SEEK_END) - _CHECKSUM_BYTES
        if end < body or _checksum(stream, end) != stream.read():
            raise CorruptFile(name, "cut off or damaged: wrong checksum")
        stream.seek(body)
        try:
            header = dict(json.loads(stream.readline()))
            array = np.lib.format.read_array(stream, allow_pickle=False)
        except (ValueError, TypeError) as error:
            raise CorruptFile(name, f"damaged before it was written: {error}") from error
        if stream.tell() != end:
            raise CorruptFile(name, f"{end - stream.tell()} unexpected bytes after the array")
        return header, array


def _check_kind(name: str, line: bytes, kind: str, version: int) -> None:
    expected = f"dedup {kind} {version}\n".encode()
    if line == expected:
        return
    if expected.startswith(line):
        raise CorruptFile(name, f"cut off after {len(line)} bytes")
    found = re.fullmatch(rb"dedup (\w+) (\d+)\n", line)
    if found is None:
        raise IncompatibleFile(name, f"not a dedup {kind} file")
    what, number = found[1].decode(), int(found[2])
    raise IncompatibleFile(
        name, f"dedup {what}, version {number}; expected {kind}, version {version}"
    )


def _checksum(stream: BinaryIO, n_bytes: int) -> bytes:
    """Hash the first bytes of a stream; its position is then after them."""
    import xxhash

    stream.seek(0)
    hasher = xxhash.xxh3_128()
    while n_bytes > 0 and (chunk := stream.read(min(n_bytes, _CHUNK_BYTES))):
        hasher.update(chunk)
        n_bytes -= len(chunk)
    return hasher.digest()
