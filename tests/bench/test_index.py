"""The bench of the index: everybody finds copies, the judge counts right, the table is whole."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.spans import Spans
from bench.index import run
from bench.index.contenders import CONTENDERS, Found, MissingEngine, cut_sentences
from bench.index.figures import COLUMNS, IndexRow, lay_out, quantile, record
from bench.index.timing import time_contender, time_opening
from bench.table import lay_out_head
from corpus.synthesize import synthesize
from dedup.index.index import Index
from dedup.model.article import Article

ROW = IndexRow(
    "dedup.Index", 2000, "", 2.0, [3.0, 1.0, 2.0], [0.5], [40.0], 2003, 4006, 2003, 5 * 10**6, 4, 3
)


def _make_articles(n: int) -> list[Article]:
    return [Article(one["id"], one["text"]) for one in synthesize(n, seed=5, plant_rate=0)[0]]


def _copy(article: Article) -> Article:
    return Article("copy", article.text)


@pytest.mark.parametrize("name", CONTENDERS)
def test_a_copy_is_found_by_everybody_and_nothing_else(name: str, tmp_path: Path) -> None:
    try:
        contender = CONTENDERS[name](tmp_path)
    except MissingEngine as missing:
        pytest.skip(str(missing))
    first, second, third, other = _make_articles(4)
    try:
        contender.load([first, second])
        assert contender.add(third) == {}
        for article in (first, second, third):
            assert list(contender.query(_copy(article))) == [article.id]
        assert contender.query(other) == {}
        assert list(contender.add(_copy(third))) == [third.id]
        assert set(contender.query(Article("again", third.text))) == {third.id, "copy"}
    finally:
        contender.close()


def test_without_a_server_redis_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingEngine, match=r"no redis-server|not installed"):
        CONTENDERS["datasketch on Redis"](tmp_path)


class Scripted:
    """Finds what it is told to find."""

    def __init__(self, found: dict[str, Found]) -> None:
        self.found = found
        self.loaded: list[str] = []
        self.asked: list[str] = []

    def load(self, articles: Iterable[Article]) -> None:
        self.loaded = [article.id for article in articles]

    def add(self, article: Article) -> Found:
        self.asked.append(article.id)
        return self.found.get(article.id, {})

    query = add

    def n_bytes(self) -> int:
        return 77

    def close(self) -> None:
        pass


def _spans(low: int, high: int) -> Spans:
    return (low, high), (low, high)


def test_what_was_planted_in_those_asked_for_is_counted() -> None:
    articles = [Article(str(number), "é" * 3) for number in range(7)]
    gold: dict[tuple[str, str], Sequence[Spans]] = {
        ("0", "1"): [_spans(0, 10)],  # 1 is loaded, nobody asks for it
        ("0", "3"): [_spans(0, 10), _spans(50, 60)],
        ("2", "4"): [_spans(0, 10)],
        ("3", "5"): [_spans(0, 10)],
        ("5", "6"): [_spans(0, 10)],  # 5 is not stored
    }
    found: dict[str, Found] = {
        "3": {"0": [_spans(1, 9)], "2": [_spans(0, 9)]},
        "4": {"2": [((0, 10), (6, 20))]},  # right on one side
        "5": {"3": None},
        "6": {"5": None},
    }
    contender = Scripted(found)
    taken = time_contender(contender, iter(articles), gold, 3, 2)
    assert contender.loaded == ["0", "1", "2"]
    assert contender.asked == ["3", "4", "5", "6"]
    assert (taken["n_planted"], taken["n_found"]) == (4, 2)
    assert (len(taken["add_ms"]), len(taken["query_ms"])) == (2, 2)
    assert (taken["n_bytes"], taken["text_bytes"]) == (77, 5 * 6)


def test_an_opening_counts_and_changes_nothing(tmp_path: Path) -> None:
    with Index(tmp_path) as index:
        index.add(Article("a", "The old lighthouse will be sold at auction in May."))
    taken = time_opening(tmp_path)
    assert len(taken["open_ms"]) == 5
    assert all(one > 0 for one in taken["open_ms"])
    with Index(tmp_path) as index:
        assert len(index) == 1


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0, 1, exclude_min=True))
def test_a_quantile_is_the_least_that_enough_do_not_pass(values: list[float], q: float) -> None:
    found = quantile(values, q)
    assert found in values
    assert sum(one <= found for one in values) >= math.ceil(q * len(values))
    assert sum(one < found for one in values) < math.ceil(q * len(values))


def test_no_values_have_no_quantile() -> None:
    assert quantile([], 0.5) is None


@given(st.text("ab .!?\n", max_size=200))
def test_sentences_are_parts_of_the_text_in_order(text: str) -> None:
    at = 0
    for sentence in cut_sentences(text):
        at = text.index(sentence, at) + len(sentence)
        assert len(sentence.split()) >= 8


def test_a_line_has_every_figure_below_its_head() -> None:
    head, line = lay_out_head(COLUMNS), lay_out(ROW)
    assert len(line) == len(head)
    assert " ".join(line.split()[2:]) == "1000 2.00 3.00 3.0 0.50 0.50 2 2.00 40.0 5 0.750"
    without = lay_out(replace(ROW, n_planted=0, open_ms=()))
    assert " ".join(without.split()[2:]) == "1000 2.00 3.00 3.0 0.50 0.50 2 2.00 5"
    assert lay_out(IndexRow("x", 10, "no server")).endswith("not measured: no server")


def test_a_record_has_every_row() -> None:
    lines = list(record([ROW, IndexRow("x", 10, "no server")]))
    assert [line["contender"] for line in lines] == ["dedup.Index", "x"]
    assert [line["missing"] for line in lines] == ["", "no server"]
    assert lines[0]["recall"] == 0.75


def test_it_runs_in_processes_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "RECORDS", tmp_path / "record")
    (tmp_path / "work").mkdir()
    run.main(
        ["--sizes", "30", "--timed", "10", "--directory", str(tmp_path / "work"),
         "--only", "dedup.Index", "datasketch"]
    )  # fmt: skip
    _, ours, theirs = capsys.readouterr().out.splitlines()
    assert ours.split()[:2] == ["30", "dedup.Index"]
    assert ours.split()[-1] == "1.000"
    assert theirs.split()[1] == "datasketch"
    (path,) = (tmp_path / "record" / "index").iterdir()
    assert len(path.read_text().splitlines()) == 3
    assert list((tmp_path / "work").iterdir()) == []


def test_too_few_articles_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "few.jsonl"
    path.write_text("".join(json.dumps({"id": str(k), "text": "A."}) + "\n" for k in range(9)))
    with pytest.raises(ValueError, match="less than 10 articles"):
        run.measure("datasketch", 8, 1, run.Texts(path), tmp_path)
    row = run.measure("datasketch", 7, 1, run.Texts(path), tmp_path)
    assert (row.n_stored, row.recall) == (8, None)
    assert (
        shutil.which("redis-server")
        or run.measure("datasketch on Redis", 7, 1, run.Texts(path), tmp_path).missing
    )
