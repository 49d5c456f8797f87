"""Real crawls, each in a process of its own, of a site of 60 pages that the test serves."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
import scrapy
from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.settings import Settings

import dedup
from corpus.edits import edit
from corpus.synthesize import synthesize
from dedup.adapters.scrapy import DedupPipeline
from dedup.index.searcher import IndexSearcher
from dedup.model import Matches

ROOT = Path(__file__).parents[2]
N_PAGES, N_ORIGINALS, N_EXACT, N_EDITED = 60, 40, 8, 12
N_REVISED = 6
Record = dict[str, Any]


def _write_pages() -> tuple[list[Record], list[tuple[str, str]]]:
    """Write articles with passages of one another, then exact and edited copies of some."""
    originals, gold = synthesize(N_ORIGINALS, seed=3, plant_rate=0.4, fraction=0.1)
    rng = Random(1)
    copies = []
    for number in range(N_EXACT + N_EDITED):
        text = originals[number]["text"]
        if number >= N_EXACT:
            text = "\n\n".join(edit(part, "delete", 0.03, rng) for part in text.split("\n\n"))
        copies.append(originals[number] | {"text": text, "outlet": f"copier{number}"})
    places = {one["id"]: f"/{number}" for number, one in enumerate(originals)}
    return originals + copies, [(places[one["a"]], places[one["b"]]) for one in gold]


class Server:
    """A site: pages by path, and lists of links to all of them or to every second one."""

    def __init__(self) -> None:
        self.pages, self.planted = _write_pages()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.render(self.path).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def render(self, path: str) -> str:
        parts = {
            "/all": range(N_PAGES),
            "/even": range(0, N_PAGES, 2),
            "/odd": range(1, N_PAGES, 2),
        }
        if path in parts:
            return "".join(f'<a href="/{number}">{number}</a>' for number in parts[path])
        page = self.pages[int(path[1:])]
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in page["text"].split("\n\n"))
        return (
            f'<meta name="outlet" content="{page["outlet"]}"><h1>{escape(page["title"])}</h1>'
            f'<time datetime="{page["published"]}"></time>{paragraphs}'
        )

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def _crawl(
    site: Server, index: Path, *spiders: tuple[str, str], **settings: Any
) -> tuple[dict[str, Any], str]:
    """Return what came out, by path of the page, and the log."""
    given = {
        "url": site.url,
        "settings": {"DEDUP_INDEX": str(index)} | settings,
        "spiders": spiders or [("dict", "/all")],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.adapters.crawling", json.dumps(given)],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=900,
    )  # fmt: skip
    found = json.loads(done.stdout.replace(site.url, ""))
    assert len({one["url"] for one in found["items"]}) == len(found["items"])
    found["items"] = {one["url"]: one for one in found["items"]}
    total: Counter[str] = Counter()
    for stats in found["stats"]:
        assert stats.get("finish_reason", "finished") == "finished"
        total.update({name: n for name, n in stats.items() if name.startswith("dedup/")})
    found["counts"] = {name.removeprefix("dedup/"): n for name, n in total.items()}
    return found, done.stderr


def _assert_quiet(log: str) -> None:
    said = [line for line in log.splitlines() if " ERROR" in line or " CRITICAL" in line]
    assert said == []
    assert "Traceback" not in log
    assert [line for line in log.splitlines() if "Deprecat" in line and "Dedup" in line] == []


def _pairs(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the pairs that were found, the page that came later first."""
    return [
        (path, match["id"])
        for path, item in found["items"].items()
        for match in item["dedup_matches"]["matches"]
    ]


def _copies(first: int, n: int) -> list[set[str]]:
    return [{f"/{first + k}", f"/{N_ORIGINALS + first + k}"} for k in range(n)]


EXACT, EDITED = _copies(0, N_EXACT), _copies(N_EXACT, N_EDITED)


def test_all_is_found_once_and_only_what_changed_the_next_time(
    site: Server, tmp_path: Path
) -> None:
    path = tmp_path / "index"
    found, log = _crawl(site, path)
    _assert_quiet(log)
    assert found["counts"]["new"] == len(found["items"]) == N_PAGES
    assert found["dropped"] == {}
    pairs = _pairs(found)
    assert len({frozenset(pair) for pair in pairs}) == len(pairs) == found["counts"]["matches"]
    articles = [dedup.Article(f"/{number}", page["text"], page["outlet"])
                for number, page in enumerate(site.pages)]  # fmt: skip
    overlaps = dedup.find_overlaps(articles).overlaps
    assert {frozenset(pair) for pair in pairs} == {frozenset((one.a, one.b)) for one in overlaps}
    assert {frozenset(pair) for pair in site.planted} <= {frozenset(pair) for pair in pairs}
    for item in found["items"].values():
        for match in item["dedup_matches"]["matches"]:
            earlier = site.pages[int(match["id"][1:])]
            assert match["outlet"] == earlier["outlet"]
            assert match["published"] == earlier["published"]
            for passage in match["overlap"]["passages"]:
                assert item["body"][slice(*passage["a"])]
                assert earlier["text"][slice(*passage["b"])]

    changed = [f"/{number}" for number in range(20, 20 + N_REVISED)]
    for name in changed:
        site.pages[int(name[1:])]["text"] += "\n\nThis report was corrected after it appeared."
    found, log = _crawl(site, path)
    _assert_quiet(log)
    assert found["counts"]["revised"] == N_REVISED
    assert found["counts"]["unchanged"] == N_PAGES - N_REVISED
    assert "new" not in found["counts"]
    statuses = {name: item["dedup_matches"]["status"] for name, item in found["items"].items()}
    assert sorted(name for name in statuses if statuses[name] == "revised") == changed
    assert all(later != earlier for later, earlier in _pairs(found))
    with dedup.Index(path, mode="r") as index:
        assert len(index) == N_PAGES
        assert index.verify() == []
        assert index.get(f"{site.url}{changed[0]}").text.endswith("after it appeared.")


def test_exact_copies_are_dropped_and_named(site: Server, tmp_path: Path) -> None:
    """On a reactor without asyncio."""
    found, log = _crawl(
        site, tmp_path, ("item", "/all"), DEDUP_POLICY="drop-exact",
        TWISTED_REACTOR="twisted.internet.selectreactor.SelectReactor",
    )  # fmt: skip
    _assert_quiet(log)
    assert len(found["dropped"]) == found["counts"]["dropped"] == N_EXACT
    for name, reason in found["dropped"].items():
        (pair,) = [pair for pair in EXACT if name in pair]
        (kept,) = pair - {name}
        assert kept in found["items"]
        outlet = site.pages[int(kept[1:])]["outlet"]
        assert reason.startswith(f"{name} is an exact copy of {kept}, {outlet}, 20")
    assert found["counts"]["new"] == len(found["items"]) == N_PAGES - N_EXACT


def test_two_spiders_share_an_index_and_drop_duplicates_of_each_other(
    site: Server, tmp_path: Path
) -> None:
    spiders = [("dataclass", "/even"), ("item", "/odd")]
    found, log = _crawl(site, tmp_path, *spiders, DEDUP_POLICY="drop-duplicates")
    _assert_quiet(log)
    assert all(stats["item_scraped_count"] for stats in found["stats"])
    assert len(found["dropped"]) == N_EXACT + N_EDITED
    for pair in EXACT + EDITED:
        assert len(pair & found["items"].keys()) == len(pair & found["dropped"].keys()) == 1
        (dropped,) = pair & found["dropped"].keys()
        (kept,) = pair - {dropped}
        assert f" of {kept}, " in found["dropped"][dropped]
    assert found["counts"]["new"] == N_ORIGINALS
    with dedup.Index(tmp_path) as index:
        assert {one.id for one in index} == {site.url + name for name in found["items"]}
        assert index.verify() == []


# ------------------------------------------------------------------ without a site


TEXT = "The council voted nine to four to close the Elm Street library branch in May."


def _run(
    path: Path, *items: Any, **settings: Any
) -> tuple[list[dict[str, Any] | str], dict[str, int]]:
    """Return each item, or why it was dropped, and what was counted."""
    stats: Counter[str] = Counter()
    counter = SimpleNamespace(inc_value=lambda name, n: stats.update({name: n}))
    crawler: Any = SimpleNamespace(
        settings=Settings({"DEDUP_INDEX": str(path)} | settings), stats=counter
    )
    pipeline = DedupPipeline.from_crawler(crawler)

    async def process(item: Any) -> dict[str, Any] | str:
        try:
            return dict(ItemAdapter(await pipeline.process_item(item)))
        except DropItem as reason:
            return str(reason)

    async def process_all() -> list[dict[str, Any] | str]:
        await pipeline.open_spider()
        try:
            return await asyncio.gather(*map(process, items))
        finally:
            await pipeline.close_spider()

    found = asyncio.run(process_all())
    return found, {name.removeprefix("dedup/"): n for name, n in stats.items() if n}


def test_what_was_dropped_is_dropped_again_and_what_is_known_too(tmp_path: Path) -> None:
    pages = [{"url": "a", "text": TEXT}, {"url": "b", "text": TEXT}]
    found, counts = _run(tmp_path, *pages, DEDUP_POLICY="drop-exact")
    assert [type(one) for one in found] == [dict, str]
    assert counts == {"new": 1, "dropped": 1}
    found, counts = _run(tmp_path, *pages[::-1], DEDUP_POLICY="drop-exact")
    assert found == ["b is an exact copy of a", "a is stored with this text"]
    assert counts == {"unchanged": 1, "dropped": 2}
    found, counts = _run(tmp_path, *pages)
    assert counts == {"unchanged": 1, "new": 1, "matches": 1}


@pytest.mark.parametrize("policy", ["drop-exact", "drop-duplicates"])
@pytest.mark.parametrize("text", ["Rain.", "The the of.", TEXT])
def test_whether_a_copy_is_exact_is_told_by_its_text_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, policy: str
) -> None:
    """Even if it is so brief, or so widely carried, that no match is found."""
    monkeypatch.setattr(dedup.Index, "query", lambda _, article: Matches(article.id, "queried"))
    pages = [{"url": name, "text": text, "outlet": name} for name in "abc"]
    found, counts = _run(tmp_path, *pages, DEDUP_POLICY=policy)
    assert found[1:] == ["b is an exact copy of a", "c is an exact copy of a"]
    assert counts == {"new": 1, "dropped": 2}


def test_what_is_not_dropped_is_matched_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matched = []
    match = IndexSearcher.match

    def count(*given: Any) -> Any:
        matched.append(given)
        return match(*given)

    monkeypatch.setattr(IndexSearcher, "match", count)
    pages = [{"url": "a", "text": TEXT}, {"url": "b", "text": f"{TEXT} More."}]
    _, counts = _run(tmp_path, *pages, pages[0] | {"url": "c"}, DEDUP_POLICY="drop-exact")
    assert counts == {"new": 2, "matches": 1, "dropped": 1}
    assert len(matched) == 2


def test_pages_without_words_are_nobodys_copies(tmp_path: Path) -> None:
    pages = [{"url": "a", "text": " "}, {"url": "b", "text": " "}]
    _, counts = _run(tmp_path, *pages, DEDUP_POLICY="drop-exact")
    assert "dropped" not in counts


def test_an_edited_copy_goes_on_under_drop_exact_and_a_shared_passage_always(
    tmp_path: Path,
) -> None:
    edited = {"url": "b", "text": TEXT.replace("close", "shut")}
    long = synthesize(1, seed=9)[0][0]["text"]
    sharing = {"url": "c", "text": f"{long}\n\n{TEXT}"}
    pages = [{"url": "a", "text": TEXT}, edited, sharing]
    found, counts = _run(tmp_path / "1", *pages, DEDUP_POLICY="drop-exact")
    assert counts == {"new": 3, "matches": 3}
    found, counts = _run(tmp_path / "2", *pages, DEDUP_POLICY="drop-duplicates")
    assert [type(one) for one in found] == [dict, str, dict]
    assert counts == {"new": 2, "matches": 2, "dropped": 1}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"url": "a"}, "no text field (present: url); name it with DEDUP_FIELDS"),
        ({"url": "a", "text": None}, "field 'text' has no text"),
        ({"url": "a", "text": {"in": 1}}, "field 'text' must be a string, not an object"),
        ({"text": TEXT}, "no id field (expected id, "),
    ],
)
def test_an_item_that_gives_no_article_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, item: Record, reason: str
) -> None:
    found, counts = _run(tmp_path, dict(item), DEDUP_POLICY="drop-duplicates")
    assert found == [item | {"dedup_matches": None}]
    assert counts == {"unreadable": 1}
    assert reason in caplog.text


def test_dates_may_be_values_and_fields_are_guessed(tmp_path: Path) -> None:
    page = {"url": "a", "content": TEXT, "source": "x", "headline": "h", "raw": object()}
    _run(tmp_path, page | {"date": datetime(2023, 1, 10, 9, tzinfo=UTC)})
    with dedup.Index(tmp_path) as index:
        stored = index.get("a")
    assert stored == dedup.Article("a", TEXT, "x", "2023-01-10T09:00:00+00:00", "a", "h")


def test_an_item_without_the_field_is_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    class Narrow(scrapy.Item):
        url = scrapy.Field()
        text = scrapy.Field()

    with pytest.raises(KeyError, match="dedup_matches"):
        _run(tmp_path, Narrow(url="a", text=TEXT))
    with dedup.Index(tmp_path) as index:
        assert len(index) == 0
    found, counts = _run(tmp_path, Narrow(url="a", text=TEXT), DEDUP_MATCHES_FIELD="")
    assert (found, counts) == ([{"url": "a", "text": TEXT}], {"new": 1})


def test_without_an_index_it_is_disabled() -> None:
    crawler: Any = SimpleNamespace(settings=Settings(), stats=None)
    with pytest.raises(NotConfigured, match="DEDUP_INDEX"):
        DedupPipeline.from_crawler(crawler)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"DEDUP_POLICY": "drop"}, "'drop'"),
        ({"DEDUP_PRESET": "poems"}, "'poems'"),
        ({"DEDUP_FIELDS": {"body": "text"}}, "'body'"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, settings: Record, named: str) -> None:
    with pytest.raises((dedup.ParameterError, TypeError), match=named):
        _run(tmp_path, **settings)


def test_an_index_that_cannot_be_opened_is_let_go(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(dedup.CorruptFile, match="not a database"):
        _run(tmp_path)
    (tmp_path / "index.sqlite").unlink()
    assert _run(tmp_path, {"url": "a", "text": TEXT})[1] == {"new": 1}


def test_one_process_opens_an_index_with_one_preset(tmp_path: Path) -> None:
    def make(preset: str) -> DedupPipeline:
        settings = Settings({"DEDUP_INDEX": str(tmp_path), "DEDUP_PRESET": preset})
        crawler: Any = SimpleNamespace(settings=settings, stats=None)
        return DedupPipeline.from_crawler(crawler)

    async def open_all() -> None:
        first, second, other = make("news"), make("news"), make("pan")
        await asyncio.gather(first.open_spider(), second.open_spider())
        with pytest.raises(dedup.ParameterError, match="another DEDUP_PRESET"):
            await other.open_spider()
        await first.close_spider()
        item = await second.process_item({"url": "a", "text": TEXT})
        assert item["dedup_matches"]["status"] == "new"
        await second.close_spider()

    asyncio.run(open_all())
    with dedup.Index(tmp_path, timeout=0) as index:
        assert len(index) == 1
