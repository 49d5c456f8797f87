"""Encode strings, Arrow columns or buffers as UTF-8 batches for the core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.errors import MissingExtra, ParameterError

# Bytes that the core may read beyond the end of the last text.
PADDING = _core.PADDING

# Characters per call of the core: enough to make the overhead of the call negligible, few enough
# for the results to stay in the processor's cache.
_BATCH_SIZE = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class TextBuffer:
    """Texts in one buffer, laid out like an Arrow string column.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,), or bytes-like
        UTF-8, not copied. An invalid byte counts as U+FFFD.
    offsets : array_like of int, shape (n_texts + 1,)
        Start of each text in `data`, then the end of the last; copied to int64.

    Raises
    ------
    ParameterError
        If a type or shape is wrong, or if offsets decrease or lie outside `data`.

    Examples
    --------
    >>> buffer = TextBuffer(b"Wait and see.Nothing else.", [0, 13, 26])
    >>> len(buffer.offsets)
    3
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    def __post_init__(self) -> None:
        given: Any = self.data
        if isinstance(given, bytes | bytearray | memoryview):
            object.__setattr__(self, "data", np.frombuffer(given, np.uint8))
        data, offsets = self.data, np.asarray(self.offsets)
        if not isinstance(data, np.ndarray) or data.ndim != 1 or data.dtype != np.uint8:
            raise ParameterError(f"data must be bytes or a flat array of uint8, not {_name(data)}")
        if offsets.ndim != 1 or offsets.dtype.kind not in "iu":
            raise ParameterError(f"offsets must be a flat array of integers, not {_name(offsets)}")
        if len(offsets) == 0:
            raise ParameterError("offsets must have one entry more than there are texts; got none")
        offsets = np.array(offsets, np.int64)
        falls = np.flatnonzero(offsets[1:] < offsets[:-1])
        if len(falls):
            at = int(falls[0])
            raise ParameterError(
                f"offsets must not decrease, but offsets[{at}] is {offsets[at]} and "
                f"offsets[{at + 1}] is {offsets[at + 1]}"
            )
        if offsets[0] < 0 or offsets[-1] > len(data):
            raise ParameterError(
                f"offsets must lie in 0 to {len(data)}, the size of data, not in "
                f"{offsets[0]} to {offsets[-1]}"
            )
        offsets.flags.writeable = False
        object.__setattr__(self, "offsets", offsets)


def _name(given: Any) -> str:
    if isinstance(given, np.ndarray):
        return f"an array of {given.dtype} with {given.ndim} dimensions"
    return type(given).__name__


class EncodedTexts(NamedTuple):
    """Texts encoded as UTF-8.

    Parameters
    ----------
    text : ndarray of uint8, shape (offsets[-1] + PADDING,)
        Concatenated texts, then padding.
    offsets : ndarray of int64, shape (n + 1,)
        Number of bytes before each text.
    """

    text: NDArray[np.uint8]
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TextBatch:
    """A range of texts to encode later."""

    first: int
    last: int
    encode: Callable[[BytesIO], EncodedTexts]


def split(texts: Iterable[str] | TextBuffer) -> list[TextBatch]:
    """Split a collection into batches of about equal size.

    Raises
    ------
    ParameterError
        If `texts` has another type, or is a single str.
    MissingExtra
        If `texts` is an Arrow column and ``pyarrow`` is not installed.
    """
    if isinstance(texts, str | bytes):
        raise ParameterError(f"texts must be many texts, not one {type(texts).__name__}")
    if isinstance(texts, TextBuffer):
        return _split_buffer(texts, 0)
    if hasattr(texts, "__arrow_c_stream__") or hasattr(texts, "__arrow_c_array__"):
        return _split_column(texts)
    if not isinstance(texts, Iterable):
        raise ParameterError(f"texts must be many texts, not one {type(texts).__name__}")
    listed = texts if isinstance(texts, list) else list(texts)
    try:
        lengths = np.fromiter(map(len, listed), np.int64, len(listed))
    except TypeError:
        lengths = np.zeros(len(listed), np.int64)
    cuts = _cut(np.cumsum(lengths) - lengths)
    return [
        TextBatch(first, last, partial(_encode_strings, listed, first, last))
        for first, last in cuts
    ]


def _cut(before: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return ranges of texts, given the number of characters before each text."""
    if not len(before) or before[-1] // _BATCH_SIZE == before[0] // _BATCH_SIZE:
        return [(0, len(before))]
    cuts = np.flatnonzero(np.diff(before // _BATCH_SIZE)) + 1
    return list(pairwise([0, *cuts.tolist(), len(before)]))


def _encode_strings(texts: Sequence[str], first: int, last: int, buffer: BytesIO) -> EncodedTexts:
    buffer.seek(0)
    write = buffer.write
    try:
        sizes = [write(text.encode("utf-8", "surrogatepass")) for text in texts[first:last]]
    except AttributeError:
        for number in range(first, last):
            if not isinstance(texts[number], str):
                kind = type(texts[number]).__name__
                raise ParameterError(f"texts[{number}] must be str, not {kind}") from None
        raise
    return _pad(buffer, np.cumsum([0, *sizes], dtype=np.int64))


def _pad(buffer: BytesIO, offsets: NDArray[np.int64]) -> EncodedTexts:
    buffer.write(bytes(PADDING))
    # A longer batch before this one may have left bytes beyond the padding.
    size = int(offsets[-1]) + PADDING
    return EncodedTexts(np.frombuffer(buffer.getbuffer(), np.uint8, size), offsets)


def _split_buffer(buffer: TextBuffer, before: int) -> list[TextBatch]:
    cuts = _cut(buffer.offsets[:-1] - buffer.offsets[0])
    return [
        TextBatch(before + first, before + last, partial(_encode_buffer, buffer, first, last))
        for first, last in cuts
    ]


def _encode_buffer(source: TextBuffer, first: int, last: int, buffer: BytesIO) -> EncodedTexts:
    """Copy the texts to append the padding; cheap, because the core reads them next anyway."""
    offsets = source.offsets[first : last + 1]
    buffer.seek(0)
    buffer.write(np.ascontiguousarray(source.data[offsets[0] : offsets[-1]]).data)
    return _pad(buffer, offsets - offsets[0])


def _split_column(column: Any) -> list[TextBatch]:
    try:
        import pyarrow as arrow
    except ImportError:
        raise MissingExtra("pyarrow", "arrow") from None
    chunks = column
    if not isinstance(column, arrow.ChunkedArray):
        is_stream = hasattr(column, "__arrow_c_stream__")
        chunks = arrow.chunked_array(column if is_stream else [arrow.array(column)])
    chunks = _decode(arrow, chunks)
    batches: list[TextBatch] = []
    for chunk in chunks.chunks:
        before = batches[-1].last if batches else 0
        batches += _split_buffer(_view(arrow, chunk), before)
    return batches or split([])


def _decode(arrow: Any, column: Any) -> Any:
    """Cast a column of dictionary or null type to strings."""
    kind = column.type
    if arrow.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if arrow.types.is_null(kind):
        return column.cast(arrow.string())
    if arrow.types.is_struct(kind):
        raise ParameterError(f"texts must be one column of strings, not a table of {kind}")
    text_types = (arrow.types.is_string, arrow.types.is_large_string, arrow.types.is_string_view)
    if not any(is_type(kind) for is_type in text_types):
        raise ParameterError(f"texts must be a column of strings, not of {kind}")
    return column


def _view(arrow: Any, chunk: Any) -> TextBuffer:
    """View an Arrow array without a copy, unless it has nulls or holds string views."""
    if arrow.types.is_string_view(chunk.type):
        chunk = chunk.cast(arrow.large_string())
    if chunk.null_count:
        chunk = chunk.fill_null("")
    width = np.int64 if arrow.types.is_large_string(chunk.type) else np.int32
    _, offsets, data = chunk.buffers()
    if len(chunk) == 0 or data is None:
        return TextBuffer(np.zeros(0, np.uint8), np.zeros(len(chunk) + 1, np.int64))
    first = chunk.offset * np.dtype(width).itemsize
    places: NDArray[Any] = np.frombuffer(offsets, width, len(chunk) + 1, first)
    return TextBuffer(np.frombuffer(data, np.uint8), places)
