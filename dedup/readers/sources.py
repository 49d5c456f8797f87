"""Input files: walks directories and opens streams, decompressed."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import os
import stat
import sys
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from dedup.model.article import SkippedRecord

STANDARD_INPUT = "-"
# Bytes of a text; a longer one is no article.
MAX_TEXT = 10_000_000
_BUFFER = 1 << 16
# Memory that decompressing .xz may need; the strongest preset needs half of it.
_XZ_MEMORY = 128 << 20


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    Parameters
    ----------
    encoding : str or None
        Of text; None for UTF-8, marks and a guess.
    delimiter : str or None
        Of tables; None to find it.
    max_text : int
        Bytes of the longest text.
    format : str or None
        Suffix of the format of all files; None for that of each name.
    """

    encoding: str | None = None
    delimiter: str | None = None
    max_text: int = MAX_TEXT
    format: str | None = None


DEFAULTS = ReadOptions()


@dataclass(frozen=True, slots=True)
class InputFile:
    """An input file."""

    path: str
    name: str
    suffix: str
    spool: BinaryIO | None = None
    how: ReadOptions = DEFAULTS

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the file, decompressed."""
        if self.spool:
            self.spool.seek(0)
            return nullcontext(self.spool)
        if self.path == STANDARD_INPUT:
            if sys.stdin is None:
                raise OSError(errno.EBADF, "standard input is closed")
            return nullcontext(sys.stdin.buffer)
        start = _DECOMPRESSORS.get(_suffix(self.path))
        if start is None:
            return Path(self.path).open("rb", _BUFFER)
        return io.BufferedReader(_DecompressedStream(self.path, start), _BUFFER)

    def can_repeat(self) -> bool:
        """Return whether a second reading gives the same: not of a pipe."""
        return self.path != STANDARD_INPUT and Path(self.path).is_file()


def find_sources(
    path: str, suffixes: Collection[str], how: ReadOptions = DEFAULTS
) -> Iterator[InputFile | SkippedRecord]:
    """Find the files under one path, in order of names."""
    for found in _find(path, suffixes, how.format):
        yield found if isinstance(found, SkippedRecord) else replace(found, how=how)


def _find(
    path: str, suffixes: Collection[str], format: str | None
) -> Iterator[InputFile | SkippedRecord]:
    if path == STANDARD_INPUT:
        yield InputFile(path, path, format or ".jsonl")
        return
    try:
        is_directory = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - `path` stays as given
    except OSError as error:
        yield SkippedRecord(path, error.strerror or str(error))
        return
    if is_directory:
        yield from _walk(Path(path), suffixes, format)
    elif format or format_suffix(path) in suffixes:
        yield InputFile(path, Path(path).as_posix(), format or format_suffix(path))
    else:
        known = f"{', '.join(suffixes)}, each also with {', '.join(_DECOMPRESSORS)}"
        yield SkippedRecord(
            path, f"unknown format (expected a suffix: {known}); name it with --input-format"
        )


def compressed(stream: BinaryIO, name: str) -> AbstractContextManager[BinaryIO]:
    """Return a stream that compresses according to the suffix of a file name."""
    suffix = _suffix(name)
    if suffix == ".gz":
        return gzip.GzipFile("", "wb", fileobj=stream, mtime=0)  # type: ignore[return-value]
    if suffix == ".bz2":
        return bz2.BZ2File(stream, "wb")  # type: ignore[return-value]
    if suffix == ".xz":
        return lzma.LZMAFile(stream, "wb")  # type: ignore[return-value]
    if suffix == ".zst":
        import zstandard

        return zstandard.ZstdCompressor().stream_writer(stream, closefd=False)
    return nullcontext(stream)


def format_suffix(path: str) -> str:
    """Return the suffix of the format of a file, without that of a compression."""
    return (
        _suffix(str(Path(path).with_suffix("")))
        if _suffix(path) in _DECOMPRESSORS
        else _suffix(path)
    )


def _walk(
    root: Path, suffixes: Collection[str], format: str | None
) -> Iterator[InputFile | SkippedRecord]:
    # Follow links to directories, but read each directory once: links may form loops.
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        path = waiting.pop()
        try:
            if path.is_dir():
                status = path.stat()
                if (status.st_dev, status.st_ino) in seen:
                    yield SkippedRecord(str(path), "link to a directory that was already read")
                    continue
                seen.add((status.st_dev, status.st_ino))
                visible = [entry for entry in path.iterdir() if not entry.name.startswith(".")]
                waiting += sorted(visible, reverse=True)
            elif format or format_suffix(path.name) in suffixes:
                suffix = format or format_suffix(path.name)
                # Opening a pipe or a device could block forever.
                if path.is_file():
                    yield InputFile(str(path), path.relative_to(root).as_posix(), suffix)
                else:
                    yield SkippedRecord(
                        str(path), "neither a file nor a directory, or a broken link"
                    )
        except OSError as error:
            yield SkippedRecord(str(path), error.strerror or str(error))


def _suffix(path: str) -> str:
    return Path(path).suffix.lower()


def check_end(stream: BinaryIO) -> None:
    """Check that a stream ended because its file did.

    Raises
    ------
    OSError
        If the rest of a compressed file is damaged or missing.
    """
    if isinstance(getattr(stream, "raw", None), _DecompressedStream):
        stream.read(1)


def read_whole(stream: BinaryIO, most: int) -> bytes:
    """Return the content of a stream, and no more than about `most` bytes of it.

    Raises
    ------
    OSError
        If a compressed file is damaged or cut off.
    """
    raw = stream.read(most)
    if len(raw) < most:
        check_end(stream)
    return raw


class _DecompressedStream(io.RawIOBase):
    """Content of a compressed file, for every compression.

    All bytes before a fault are read; then the stream ends, and the next read raises the fault.

    The library readers differ: ``zstandard`` takes a cut-off file for complete and reads only the
    first frame, and error messages vary.
    """

    # Four bytes of Zstandard can expand to 128 KiB: this bounds memory at 16 MiB. The others are
    # asked for a part at a time.
    _N_BYTES = 512
    _PART = 1 << 20

    def __init__(self, path: str, start: Callable[[], Any]) -> None:
        super().__init__()
        self._compressed: BinaryIO | None = None
        self._compressed = Path(path).open("rb")  # noqa: SIM115 - closed with the stream
        self._start = start
        self._frame: Any = None
        self._raw, self._has_more = b"", False
        self._ready = memoryview(b"")
        self._fault: OSError | None = None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if self._compressed:
            self._compressed.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._fault:
            raise self._fault
        try:
            self._fill()
        except OSError as error:
            # A buffer drops what it has when a read fails: end first, and fail after that.
            self._fault = error
            return 0
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _fill(self) -> None:
        """Decompress the next part, if there is one."""
        while not self._ready:
            if not self._raw and not self._has_more:
                self._raw = self._compressed.read(self._N_BYTES) if self._compressed else b""
                if not self._raw:
                    if self._frame:
                        raise OSError("cut off: the compressed stream has no end")
                    return
            self._ready = memoryview(self._decompress())

    def _decompress(self) -> bytes:
        """Return the next part of the content, which may be empty."""
        if not self._frame:
            self._raw = self._raw.lstrip(b"\0")  # gzip and xz allow zeros between frames
            self._frame = self._start() if self._raw else None
            return b""
        frame = self._frame
        try:
            part: bytes = frame.decompress(self._raw, self._PART)
        except Exception as error:  # each library has its own type
            raise OSError(f"damaged compressed stream ({error})") from None
        if frame.eof:
            self._raw, self._frame, self._has_more = frame.unused_data, None, False
        else:
            self._raw = getattr(frame, "unconsumed_tail", b"")  # of zlib
            self._has_more = not getattr(frame, "needs_input", True)  # of bz2 and lzma
        return part


class _Zstandard:
    """A frame of Zstandard, with the methods of the other libraries."""

    def __init__(self) -> None:
        import zstandard

        self._frame = zstandard.ZstdDecompressor().decompressobj()

    def decompress(self, raw: bytes, _: int) -> bytes:
        """Return the content of all of `raw`."""
        return self._frame.decompress(raw)

    @property
    def eof(self) -> bool:
        """Whether the frame ended."""
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        """Bytes after the frame."""
        return self._frame.unused_data


_DECOMPRESSORS: dict[str, Callable[[], Any]] = {
    ".gz": lambda: zlib.decompressobj(zlib.MAX_WBITS | 16),  # 16: with gzip header
    ".zst": _Zstandard,
    ".bz2": bz2.BZ2Decompressor,
    ".xz": lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY),
}
