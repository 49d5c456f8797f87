"""Who keeps articles to look others up: ours on the disk, datasketch in memory and on Redis."""

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

# Earlier articles by id, with the passages in both, those of the earlier one first. None: a
# contender knows which article it is, and not where.
Found = Mapping[str, Sequence[Spans] | None]

_THRESHOLD, _N_PERM = 0.5, 128
_BLOCK = 1000
# Sentences of fewer words are in any article.
_MIN_WORDS = 8


class MissingEngine(Exception):
    """What a contender needs is not here; the message says what."""


class Contender(Protocol):
    """Whatever keeps articles."""

    def load(self, articles: Iterable[Article]) -> None:
        """Store many at once."""

    def add(self, article: Article) -> Found:
        """Look an article up, then store it; on the disk when it returns, if there is one."""

    def query(self, article: Article) -> Found:
        """Look an article up."""

    def n_bytes(self) -> int | None:
        """Count what is on the disk or in a server; None if it is in memory of this process."""

    def close(self) -> None:
        """Let go of all."""


class Ours:
    """`dedup.Index`; what it loads it also looks up."""

    def __init__(self, directory: Path) -> None:
        self._index = Index(directory)

    def load(self, articles: Iterable[Article]) -> None:
        """Add them all, and throw away what is found."""
        for _ in self._index.add_many(articles):
            pass

    def add(self, article: Article) -> Found:
        """Look up and store."""
        return _read(self._index.add(article))

    def query(self, article: Article) -> Found:
        """Look up."""
        return _read(self._index.query(article))

    def n_bytes(self) -> int:
        """Count the bytes of its files, texts and all."""
        return self._index.stats().n_bytes

    def close(self) -> None:
        """Close the index."""
        self._index.close()


class Lsh:
    """`datasketch.MinHashLSH` as its pages show it: 128 permutations, threshold .5.

    Parameters
    ----------
    split : callable
        Parts of a text, each of which gets a MinHash.
    storage : mapping of str to object, optional
        Where it keeps them, as datasketch wants it told; by default in memory.
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
        """Store them all, looking up none."""
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
        """Count nothing: it is in the memory of this process."""
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
    """The same on a Redis of its own, which has every change on the disk before it answers.

    Parameters
    ----------
    directory : Path
        Where the server keeps its log.

    Raises
    ------
    MissingEngine
        If there is no server, or no client.
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
        """Count what the server holds in memory."""
        return int(self._redis.info("memory")["used_memory"])

    def close(self) -> None:
        """Stop the server."""
        for one in (self._lsh.keys, *self._lsh.hashtables):  # which datasketch leaves open
            one._redis.connection_pool.disconnect()
        self._redis.close()
        self._server.terminate()
        self._server.wait()


def whole(text: str) -> list[str]:
    """Return a text as its one part."""
    return [text]


def cut_sentences(text: str) -> list[str]:
    """Cut a text at the ends of sentences; short ones are left out.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Those of eight words or more.

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
