"""What the fuzzer does with a damaged file, and what it expects: an answer, or an error of ours."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dedup
from dedup.readers.run import read_run
from dedup.render import terminal
from dedup.render.html.page import facts_of, page_parts
from dedup.render.naming import Look
from tests.fuzz import samples

logging.getLogger("dedup").addHandler(logging.NullHandler())
logging.getLogger("dedup").propagate = False
QUERY = dedup.Article("q", f"It was late. {samples.SENTENCE} And dark.", "Outlet 9")


def _read(_: Path, path: Path) -> bool:
    """Reading raises nothing: what cannot be read is listed."""
    reading = dedup.read(path)
    articles = list(reading)
    assert articles or reading.skipped, "neither read nor skipped"
    for article in articles:
        assert article.id, "an article without an id"
        assert article.text.strip(), "an article without a text"
        json.dumps(article.to_dict(), default=str)
    return not reading.skipped


def _check_named(path: Path, error: dedup.DedupError) -> None:
    assert str(path) in str(error), f"an error without a file: {error}"


def _answer(folder: Path) -> dict[str, Any]:
    with dedup.Index(folder, mode="r") as index:
        return {
            "articles": [article.to_dict() for article in index],
            "query": index.query(QUERY).to_dict(),
            "length": len(index),
        }


# The files of the undamaged index, and its answer.
WHOLE: dict[str, bytes] = {}
_RIGHT: dict[str, Any] = {}


def _open_index(folder: Path, path: Path) -> bool:
    """An index answers as before, or says what is wrong."""
    if not _RIGHT:
        with TemporaryDirectory() as whole:
            for name, raw in WHOLE.items():
                Path(whole, name).write_bytes(raw)
            _RIGHT.update(_answer(Path(whole)))
    try:
        found = _answer(folder)
    except dedup.DedupError as error:
        _check_named(folder, error)
        return False
    assert found == _RIGHT, f"a wrong answer of {path.name}: {found} is not {_RIGHT}"
    try:
        with dedup.Index(folder, mode="r") as index:
            return not index.verify()
    except dedup.DedupError:
        return False


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        assert not any(name.startswith("on") for name, _ in attributes), "an event attribute"


def _render(_: Path, path: Path) -> bool:
    """A run is rendered, or refused; no text of it is markup of the page."""
    overlaps: list[dedup.Overlap] = []
    try:
        stored = read_run(str(path), overlaps.append, None)
    except dedup.DedupError as error:
        _check_named(path, error)
        return False
    if not stored.has_text:
        return False
    report = replace(stored.report, overlaps=tuple(overlaps))
    page = "".join(f"{line}\n" for line in page_parts(facts_of(report, stored.version)))
    data = re.findall(r'<script type="application/json" id="[\w-]+">(.*?)</script>', page, re.S)
    for one in data:
        json.loads(one)
    tags = _Tags(page).names
    assert tags.count("script") == len(data) + 1, "a script that is not of the page"
    assert not {"img", "iframe", "object", "base"} & set(tags), "an element that is not of the page"
    _show(report)
    return True


def _show(report: dedup.Report) -> None:
    """Render a report as text, which must not drive a terminal."""
    for line in terminal.report_lines(report, Look(100)):
        controls = re.sub(r"[\t\n]", "", line)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", controls), "control"


def _render_tables(folder: Path, _: Path) -> bool:
    return _render(folder, folder)


TARGETS: Mapping[str, Callable[[Path, Path], bool]] = {
    **dict.fromkeys(("jsonl", "json", "csv", "html", "warc", "parquet", "compressed"), _read),
    "index": _open_index,
    "run": _render,
    "tables": _render_tables,
}
