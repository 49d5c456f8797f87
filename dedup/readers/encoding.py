"""Bytes to text: marks, UTF-16 and, as a last resort, a guess; see docs/decisions/0027."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass, field
from typing import BinaryIO

from dedup.errors import ParameterError
from dedup.readers.notes import Note, Unreadable

# Bytes to check for NUL to detect a binary file, as in git.
FIRST_BLOCK = 8000
_UTF_8 = b"\xef\xbb\xbf"
# The longer mark first: that of UTF-32 begins with that of UTF-16.
_WIDE_MARKS = {
    b"\xff\xfe\0\0": "utf-32-le",
    b"\0\0\xfe\xff": "utf-32-be",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
# Candidates of the guess: what systems wrote by default. Others, such as that of old Macs, differ
# from these in few characters and win by chance.
_CANDIDATES = (
    "cp1252", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1257", "cp1258", "cp874", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
_SAMPLE = 1 << 18
_N_BYTES = 1 << 16


@dataclass(slots=True)
class Decoder:
    """Decodes the records of one file; the first that is not UTF-8 decides for the others.

    Parameters
    ----------
    encoding : str or None
        Named by the user; None for UTF-8 or a guess.
    """

    encoding: str | None = None
    guess: str | None = field(default=None, init=False)

    def decode(self, raw: bytes, unit: str, rest: BinaryIO | None = None) -> str:
        """Decode text without its byte order mark; newlines are unchanged.

        Parameters
        ----------
        rest : BinaryIO or None
            The stream after `raw`; a guess looks at what is in its buffer.

        Raises
        ------
        Unreadable
            If it cannot be decoded; the message gives the byte, its offset and the remedy.
        """
        try:
            return raw.decode(self.encoding or "utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            if not (self.guess or self.encoding):
                self.guess = _guess(raw + (peek(rest) if rest else b""))
            if self.guess:
                try:
                    return raw.decode(self.guess)
                except UnicodeDecodeError:
                    pass
            raise Unreadable(_describe(error, raw, unit, self.encoding)) from None

    def notes(self) -> tuple[Note, ...]:
        """Return the note that an encoding was guessed."""
        if self.guess is None:
            return ()
        said = f"not UTF-8: read as {self.guess}, a guess of charset-normalizer"
        return (Note("encoding", f"{said}; --encoding names another", 1),)


def _describe(error: UnicodeDecodeError, raw: bytes, unit: str, encoding: str | None) -> str:
    line = raw.count(b"\n", 0, error.start) + 1
    where = f"line {line}, " if unit == "file" else ""
    return (
        f"not {encoding or 'UTF-8'}: byte 0x{raw[error.start]:02x} at {where}offset {error.start} "
        f"of the {unit}; name the encoding with --encoding"
    )


def _guess(raw: bytes) -> str | None:
    from charset_normalizer import from_bytes

    lines = [line for line in raw[:_SAMPLE].split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)
    if b"\0" in sample or not any(byte > 0x7F for byte in sample):
        return None
    found = from_bytes(sample, cp_isolation=list(_CANDIDATES), enable_fallback=False)
    best = found.best()
    if best is None:
        return None
    # Of equals take the encoding of Windows in the West, which is by far the most frequent.
    for one in found:
        names = {one.encoding, *one.could_be_from_charset}
        if "cp1252" in names and (one.chaos, one.coherence) == (best.chaos, best.coherence):
            return "cp1252"
    return best.encoding


def check_encoding(name: str | None) -> None:
    """Refuse an encoding that Python does not know.

    Raises
    ------
    ParameterError
        If it is unknown, or no encoding of text.
    """
    try:
        if name is not None:
            "".encode(name)
    except (LookupError, ValueError):
        raise ParameterError(
            f"unknown encoding {name!r}; examples: utf-8, cp1252, utf-16, shift_jis"
        ) from None


def open_text(
    stream: BinaryIO, encoding: str | None, *, may_have_nul: bool = False
) -> tuple[BinaryIO, str]:
    """Return a stream whose line ends are bytes, and the wide encoding that it is decoded from.

    UTF-16 and UTF-32 become UTF-8, so that every later step may look for single bytes.

    Raises
    ------
    Unreadable
        If the file is binary, unless every line may be a fault of its own.
    """
    block = peek(stream)
    wide = _find_wide(block, encoding)
    if may_have_nul and not encoding and not guess_wide(block):
        wide = ""  # the mark is part of a damaged line
    if not wide:
        if not may_have_nul:
            check_block(block)
        return stream, ""
    return io.BufferedReader(_Transcoded(stream, wide), _N_BYTES), wide


def _find_wide(block: bytes, encoding: str | None) -> str:
    name = codecs.lookup(encoding).name if encoding else ""
    for mark, wide in _WIDE_MARKS.items():
        if block.startswith(mark) and (not name or name.startswith(("utf-16", "utf-32"))):
            return wide
    if name:
        return name if name.startswith(("utf-16-", "utf-32-")) else ""
    return guess_wide(block)


def guess_wide(block: bytes) -> str:
    """Return the wide encoding of a text of mostly ASCII characters; "" if it is none."""
    if len(block) >= 8 and block.count(0) * 2 > len(block):
        if not any(block[3::4]):  # no character is above U+00FFFFFF
            return "utf-32-le"
        return "" if any(block[0::4]) else "utf-32-be"
    even, odd = block[0::2].count(0), block[1::2].count(0)
    if len(block) >= 4 and max(even, odd) > len(block) // 5 and min(even, odd) <= len(block) // 100:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def check_block(block: bytes) -> None:
    """Refuse binary files; single NULs are a fault of their record.

    Raises
    ------
    Unreadable
        If more than a hundredth of it is NUL.
    """
    n_nul = block[:FIRST_BLOCK].count(0)
    if n_nul * 100 > len(block[:FIRST_BLOCK]):
        raise Unreadable(
            f"binary file, or text in a wide encoding (name it with --encoding): "
            f"NUL byte at offset {block.index(0)}"
        )


def peek(stream: BinaryIO) -> bytes:
    """Return the first bytes of a stream, which stay in it."""
    return stream.peek(FIRST_BLOCK)[:FIRST_BLOCK] if isinstance(stream, io.BufferedReader) else b""


class _Transcoded(io.RawIOBase):
    """UTF-8 of a stream in UTF-16 or UTF-32."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""
        self._is_first = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            raw = self._stream.read1(_N_BYTES) if hasattr(self._stream, "read1") else b""
            text = self._decoder.decode(raw, final=not raw)
            if self._is_first and text:
                text, self._is_first = text.removeprefix("\ufeff"), False
            self._ready = text.encode("utf-8", "replace")
            if not raw:
                break
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size
