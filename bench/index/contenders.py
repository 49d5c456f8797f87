"""Contenders for indexing: ours on disk, datasketch in memory and on Redis."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from bench.accuracy.spans import Spans
from bench.shingles import shingle
from dedup.index.index import Index
from dedup.model import Matches
from dedup.model.article import Article

# Earlier articles by id, with spans in both, the earlier article's first; None if a contender finds
# articles but no spans.
Found = Mapping[str, Sequence[Spans] | None]

_THRESHOLD, _N_PERM = 0.5, 128
_BLOCK = 1000
# Shorter sentences occur in any article.
_MIN_WORDS = 8


class MissingEngine(Exception):
    """A requirement of a contender is missing."""


class Contender(Protocol):
    """An index of articles."""

    def load(self, articles: Iterable[Article]) -> None:
        """Store many at once."""

    def add(self, article: Article) -> Found:
        """Look up an article, then store it, durably if on disk."""

    def query(self, article: Article) -> Found:
        """Look up an article."""

    def n_bytes(self) -> int | None:
        """Return the bytes on disk or in a server; None if in this process."""

    def close(self) -> None:
        """Release all resources."""


class Ours:
    """`dedup.Index`, on disk."""

    def __init__(self, directory: Path) -> None:
        self._index = Index(directory)

    def load(self, articles: Iterable[Article]) -> None:
        """Store all articles without look-ups."""
        self._index.load(articles)

    def add(self, article: Article) -> Found:
        """Look up and store."""
        return _read(self._index.add(article))

    def query(self, article: Article) -> Found:
        """Look up."""
        return _read(self._index.query(article))

    def n_bytes(self) -> int:
        """Return the bytes of its files, including texts."""
        return self._index.stats().n_bytes

    def close(self) -> None:
        """Close the index."""
        self._index.close()


class Lsh:
    """`datasketch.MinHashLSH` as documented: 128 permutations, threshold .5.

    Parameters
    ----------
    split : callable
        Splits a text into parts; each gets a MinHash.
    storage : mapping of str to object, optional
        Storage configuration of datasketch; by default in memory.
    """

    def __init__(
        self,
        split: Callable[[str], Sequence[str]],
        storage: Mapping[str, Any] | None = None,
    ) -> None:
        from datasketch import MinHashLSH

        self._split = split
        self._lsh = MinHashLSH(_THRESHOLD, _N_PERM, storage_config=storage and dict(storage))

    def load(self, articles: Iterable[Article]) -> None:
        """Store all articles without look-ups."""
        waiting = iter(articles)
        while block := list(islice(waiting, _BLOCK)):
            self._insert(block, [self._sketch(article) for article in block])

    def add(self, article: Article) -> Found:
        """Look up and store."""
        sketches = self._sketch(article)
        found = self._look_up(sketches)
        self._insert([article], [sketches])
        return found

    def query(self, article: Article) -> Found:
        """Look up."""
        return self._look_up(self._sketch(article))

    def n_bytes(self) -> int | None:
        """Return None, as the index is in this process."""
        return None

    def close(self) -> None:
        """Do nothing."""

    def _insert(self, articles: Sequence[Article], sketches: Sequence[list[Any]]) -> None:
        with self._lsh.insertion_session() as session:
            for article, parts in zip(articles, sketches, strict=True):
                for number, sketch in enumerate(parts):
                    session.insert((article.id, number), sketch, check_duplication=False)

    def _sketch(self, article: Article) -> list[Any]:
        import xxhash
        from datasketch import MinHash

        parts = ([one.encode() for one in shingle(part)] for part in self._split(article.text))
        filled = (part for part in parts if part)
        return list(MinHash.bulk(filled, num_perm=_N_PERM, hashfunc=xxhash.xxh32_intdigest))

    def _look_up(self, sketches: list[Any]) -> Found:
        return {name: None for sketch in sketches for name, _ in self._lsh.query(sketch)}


class LshOnRedis(Lsh):
    """`Lsh` on its own Redis server, which writes each change to disk before it answers.

    Parameters
    ----------
    directory : Path
        Directory of the server's log.

    Raises
    ------
    MissingEngine
        If the server or the client is not installed.
    """

    def __init__(self, directory: Path) -> None:
        socket = directory / "redis.sock"
        self._redis = _import_redis().Redis(unix_socket_path=str(socket))
        self._server = _start_redis(directory, socket)
        while not socket.exists():
            if self._server.poll() is not None:
                raise MissingEngine(f"redis-server ends with code {self._server.returncode}")
            time.sleep(0.01)
        place = {"type": "redis", "basename": b"bench", "redis": {"unix_socket_path": str(socket)}}
        super().__init__(whole, place)

    def n_bytes(self) -> int:
        """Return the server's memory in bytes."""
        return int(self._redis.info("memory")["used_memory"])

    def close(self) -> None:
        """Stop the server."""
        for one in (self._lsh.keys, *self._lsh.hashtables):  # datasketch leaves them open
            one._redis.connection_pool.disconnect()
        self._redis.close()
        self._server.terminate()
        self._server.wait()


def whole(text: str) -> list[str]:
    """Return a text as its one part."""
    return [text]


def cut_sentences(text: str) -> list[str]:
    """Split a text into sentences, without short ones.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Sentences of at least eight words.

    Examples
    --------
    >>> cut_sentences("It rains. The old lighthouse will be sold at auction in May.")
    ['The old lighthouse will be sold at auction in May.']
    """
    parts = re.split(r"(?<=[.!?])\s+|\n+", text)
    return [part for part in parts if len(part.split()) >= _MIN_WORDS]


CONTENDERS: Mapping[str, Callable[[Path], Contender]] = {
    "dedup.Index": Ours,
    "datasketch": lambda _: Lsh(whole),
    "datasketch, sentences": lambda _: Lsh(cut_sentences),
    "datasketch on Redis": LshOnRedis,
}


def _read(matches: Matches) -> Found:
    return {match.id: [(one.b, one.a) for one in match.overlap.passages] for match in matches}


def _import_redis() -> Any:
    try:
        import redis
    except ImportError as error:
        raise MissingEngine("the package redis is not installed") from error
    return redis


def _start_redis(directory: Path, socket: Path) -> subprocess.Popen[bytes]:
    program = shutil.which("redis-server")
    if program is None:
        raise MissingEngine("there is no redis-server")
    options = {"port": "0", "unixsocket": str(socket), "dir": str(directory), "save": ""}
    options |= {"appendonly": "yes", "appendfsync": "always"}
    command = [program, *(part for name, value in options.items() for part in (f"--{name}", value))]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)
