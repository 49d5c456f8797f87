"""The least that a tokenizer can do: look every byte up in a table of classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PACKAGE = "numpy"
THREADS = ""

_CLASSES = bytes(byte % 16 for byte in range(256))


def describe() -> str:
    """Say which way is taken."""
    return "bytes.translate of the joined UTF-8 by a table of 256 classes, one thread"


def prepare(texts: Sequence[str], given: str) -> bytes:
    """Return the bytes of all texts, encoded and joined before the clock starts."""
    return "".join(texts).encode("utf-8", "surrogatepass")


def run(prepared: bytes, task: str, threads: int) -> bytes:
    """Look the class of every byte up."""
    return prepared.translate(_CLASSES)


def answer(result: bytes, task: str) -> int:
    """Return the sum of the classes."""
    return int(np.frombuffer(result, np.uint8).sum())
