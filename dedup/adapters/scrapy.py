"""An item pipeline for Scrapy that finds text published before.

Settings of the project::

    ITEM_PIPELINES = {"dedup.adapters.scrapy.DedupPipeline": 300}
    DEDUP_INDEX = "seen.index"  # a directory, created if missing
    DEDUP_POLICY = "annotate"  # or "drop-exact" or "drop-duplicates"
    DEDUP_FIELDS = {"text": "body"}  # also id, outlet, published, title, url; else guessed
    DEDUP_PRESET = "news"
    DEDUP_MATCHES_FIELD = "dedup_matches"  # item field for the matches; "" for no field

``annotate`` drops nothing. ``drop-exact`` drops an item with a known text, of the same article or
another, without looking for matches. ``drop-duplicates`` also drops a duplicate of another article.
A dropped copy is not stored, so it is dropped again when it is crawled again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from dedup.errors import MissingExtra, ParameterError

try:
    import scrapy
    from itemadapter import ItemAdapter
    from scrapy.crawler import Crawler
    from scrapy.exceptions import DropItem, NotConfigured
    from scrapy.utils.defer import deferred_f_from_coro_f
    from twisted.internet.defer import Deferred
except ImportError as _error:
    raise MissingExtra(str(_error.name), "scrapy") from None

from dedup.index.index import Index
from dedup.model import Match, Matches
from dedup.model.article import Article
from dedup.params import Params
from dedup.pattern import lazy_pattern
from dedup.readers.notes import Unreadable
from dedup.readers.records import GUESSES, Fields, to_article

POLICIES = ("annotate", "drop-exact", "drop-duplicates")
_logger = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_OPTION = lazy_pattern(r"--\w+-field")


class DedupPipeline:
    """Compare each item with all earlier items, then store it.

    All crawlers of a process share one index per path. The stats are ``dedup/new``, ``/revised``,
    ``/unchanged``, ``/matches``, ``/dropped``, and ``/unreadable`` (items passed on uncompared).
    Without ``DEDUP_INDEX`` the pipeline is disabled; any other wrong setting is an error.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.get("DEDUP_INDEX"):
            raise NotConfigured("DEDUP_INDEX is not set, the directory of the index")
        self.path = Path(settings["DEDUP_INDEX"]).resolve()
        self.policy = settings.get("DEDUP_POLICY", "annotate")
        if self.policy not in POLICIES:
            raise ParameterError(f"DEDUP_POLICY must be one of {POLICIES}, not {self.policy!r}")
        self.params = Params.preset(settings.get("DEDUP_PRESET", "news"))
        self.fields = Fields(**settings.getdict("DEDUP_FIELDS"))
        self.matches_field = settings.get("DEDUP_MATCHES_FIELD", "dedup_matches")
        self._stats = crawler.stats
        self._writer: _IndexThread | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DedupPipeline:
        """Create the pipeline of a crawler."""
        return cls(crawler)

    async def open_spider(self, spider: object = None) -> None:
        """Open the index, or share it if another crawler has it open."""
        writer = _IndexThread.join(self.path, self.params)
        try:
            await writer.run(len)
        except BaseException:
            await writer.leave()
            raise
        self._writer = writer

    async def close_spider(self, spider: object = None) -> None:
        """Close the index, unless another crawler has it open."""
        if self._writer:
            await self._writer.leave()

    if scrapy.version_info < (2, 14):  # older versions do not accept coroutines for these two
        open_spider = deferred_f_from_coro_f(open_spider)  # type: ignore[assignment]
        close_spider = deferred_f_from_coro_f(close_spider)  # type: ignore[assignment]

    async def process_item(self, item: Any, spider: object = None) -> Any:
        """Return the item with its matches in the matches field, or drop it.

        An item without that field raises KeyError before anything is stored.
        """
        adapter = ItemAdapter(item)
        own = (self.matches_field,) if self.matches_field else ()
        for name in own:
            adapter[name] = None
        try:
            article = _read_item({k: v for k, v in adapter.items() if k not in own}, self.fields)
        except Unreadable as problem:
            self._count("unreadable")
            _logger.warning("Not compared: %s", _OPTION.sub("DEDUP_FIELDS", str(problem)))
            return item
        assert self._writer is not None  # Scrapy opens the spider first
        matches, reason = await self._writer.run(lambda index: self._look_up(index, article))
        self._count("matches", len(matches))
        if matches.status != "queried":  # new, revised or unchanged
            self._count(matches.status)
        if reason:
            self._count("dropped")
            raise DropItem(f"{article.id} {reason}")
        if self.matches_field:
            adapter[self.matches_field] = matches.to_dict()
        return item

    def _look_up(self, index: Index, article: Article) -> tuple[Matches, str | None]:
        """Return the matches, and the reason for a drop, if any."""
        if self.policy != "annotate" and (reason := self._refuse(index, article)):
            return reason
        matches = index.add(article)
        is_known = self.policy != "annotate" and matches.status == "unchanged"
        return matches, "is stored with this text" if is_known else None

    def _refuse(self, index: Index, article: Article) -> tuple[Matches, str] | None:
        # A text without words is not a copy.
        copy = index.find_copy(article) if article.text.strip() else None
        if copy:
            found = Matches(article.id, "queried")
            return found, f"is an exact copy of {_describe(copy)}"
        if self.policy == "drop-duplicates":
            found = index.query(article)
            for match in found:
                if match.overlap.relation == "duplicate":
                    return found, f"is a duplicate of {_describe(match)}"
        return None

    def _count(self, name: str, n: int = 1) -> None:
        if self._stats:
            self._stats.inc_value(f"dedup/{name}", n)


class _IndexThread:
    """The index of a path and its thread, shared by all crawlers of the process.

    One thread, so that the index opens before other work and articles are stored in order of
    arrival. It is not a reactor thread: those look up hosts and must not wait for a disk.
    """

    _writers: ClassVar[dict[Path, _IndexThread]] = {}

    def __init__(self, path: Path, params: Params) -> None:
        self._path, self._params, self._n_users = path, params, 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="dedup")
        self._index = self._thread.submit(Index, path, params)

    @classmethod
    def join(cls, path: Path, params: Params) -> _IndexThread:
        writer = cls._writers.get(path) or cls._writers.setdefault(path, cls(path, params))
        if writer._params != params:
            raise ParameterError(f"{path} is open in this process with another DEDUP_PRESET")
        writer._n_users += 1
        return writer

    async def run(self, work: Callable[[Index], _Result]) -> _Result:
        return await _wait_for(self._thread.submit(lambda: work(self._index.result())))

    async def leave(self) -> None:
        self._n_users -= 1
        if self._n_users:
            return
        del self._writers[self._path]
        if not self._index.exception():
            await self.run(Index.close)
        self._thread.shutdown()


async def _wait_for(future: Future[_Result]) -> _Result:
    """Wait for a thread, on an asyncio loop or on a reactor without one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        from twisted.internet import reactor

        done: Deferred[None] = Deferred()
        future.add_done_callback(lambda _: reactor.callFromThread(done.callback, None))
        await done
        return future.result()
    return await asyncio.wrap_future(future)


def _read_item(item: Mapping[str, Any], fields: Fields) -> Article:
    record = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in item.items()
    }
    keys = fields.keys(record)
    if "id" not in keys:
        raise Unreadable(f"no id field (expected {', '.join(GUESSES['id'])})")
    return to_article({key: record[key] for key in keys.values()}, fields, default_id="")


def _describe(match: Match | Article) -> str:
    published = f"{match.published:%Y-%m-%d}" if match.published else None
    return ", ".join(filter(None, dict.fromkeys((match.id, match.outlet, published, match.url))))
