"""Answers of web servers in archives: header, chunks and compression, of bounded size."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

from dedup.errors import MissingExtra
from dedup.readers.notes import Unreadable


def split_head(raw: bytes) -> tuple[str, dict[str, str]]:
    """Return the first line of a header, and its fields by name in lower case."""
    first, *lines = raw.decode("latin-1").replace("\r\n", "\n").split("\n")
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        if line[:1] in (" ", "\t") and name:  # folded, RFC 9112, 5.2
            fields[name] += f" {line.strip()}"
        elif ":" in line:
            name, value = (part.strip() for part in line.split(":", 1))
            name = name.lower()
            fields.setdefault(name, value)
    return first, fields


def decode_body(body: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """Undo the transfer and content codings of a body, as far as they are there.

    Archives often keep the header of a body that was decoded before it was stored.

    Parameters
    ----------
    most : int
        Bytes of the result that are needed.

    Raises
    ------
    Unreadable
        If the compressed body is damaged.
    MissingExtra
        If it needs ``brotli``, which is not installed.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _join_chunks(body)
    codings = [one.strip().lower() for one in headers.get("content-encoding", "").split(",")]
    for coding in reversed(codings):
        decode = _DECODERS.get(coding)
        if decode and body and not looks_decoded(body):
            try:
                body = decode(body, most)[:most]
            except MissingExtra:
                raise
            except Exception as error:  # each library has its own type
                raise Unreadable(f"damaged content ({coding}: {error})") from None
    return body


def _join_chunks(body: bytes) -> bytes:
    """Return the content of chunks (RFC 9112, 7.1); the body itself if it has none."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + 1000)
        size = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            n_bytes = int(size, 16)
        except ValueError:
            return b"".join(parts) if parts else body
        if n_bytes <= 0:
            return b"".join(parts)
        parts.append(body[end + 1 : end + 1 + n_bytes])
        at = end + 1 + n_bytes
        at += 2 if body[at : at + 2] == b"\r\n" else 1


def looks_decoded(body: bytes) -> bool:
    """Return whether a body begins with markup."""
    return body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _inflate(body: bytes, most: int) -> bytes:
    parts: list[bytes] = []
    while body and most > 0:
        stream = zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: gzip or zlib
        try:
            part = stream.decompress(body, most)
        except zlib.error:
            if parts:  # padding after the last member
                break
            stream = zlib.decompressobj(-zlib.MAX_WBITS)  # as some servers send "deflate"
            part = stream.decompress(body, most)
        parts.append(part)
        most -= len(part)
        if not stream.eof and most > 0:
            raise ValueError("cut off")
        body = stream.unused_data
    return b"".join(parts)


def _unbrotli(body: bytes, most: int) -> bytes:
    try:
        import brotli
    except ImportError:
        raise MissingExtra("brotli", "warc") from None
    stream: Any = brotli.Decompressor()
    parts: list[bytes] = [stream.process(body, output_buffer_limit=most)]
    while (n := sum(map(len, parts))) < most and not stream.is_finished():
        part = stream.process(b"", output_buffer_limit=most - n)
        if not part:
            raise ValueError("cut off")
        parts.append(part)
    return b"".join(parts)


def _unzstd(body: bytes, most: int) -> bytes:
    import zstandard

    with zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True) as stream:
        return stream.read(most)


_DECODERS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": _inflate, "x-gzip": _inflate, "deflate": _inflate, "br": _unbrotli, "zstd": _unzstd,
}  # fmt: skip
