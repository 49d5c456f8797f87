"""Growth: what is planted is counted, output grows as the articles do, and the sums are right."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scale import run
from bench.scale.collection import (
    FOOTER,
    REACH,
    STORY_EVERY,
    STORY_MARK,
    GeneratedCollection,
    make_articles,
    write_collection,
)
from bench.scale.figures import (
    Run,
    ScaleRow,
    exponent,
    lay_out,
    lay_out_stages,
    record,
    slope,
)
from bench.scale.ledger import PARTS, lay_out_ledger, units_of
from bench.scale.plot import draw
from bench.scale.reading import OutputReading, read_gold, read_report

# ------------------------------------------------------------------ what is written


def test_every_so_many_articles_one_is_a_copy(tmp_path: Path) -> None:
    path, gold = tmp_path / "articles", tmp_path / "gold"
    found = write_collection(3 * STORY_EVERY, path, gold)
    articles = [json.loads(line) for line in path.read_bytes().splitlines()]
    copies = [one for one in articles if one["id"].endswith(STORY_MARK)]
    assert (found.n_articles, found.n_copies) == (len(articles), len(copies)) == (150, 3)
    assert 100 < found.n_story_words < 400
    assert found.n_bytes == path.stat().st_size
    assert len({one["text"] for one in copies}) == 3
    assert {one["text"].count("\n\n") for one in copies} == {copies[0]["text"].count("\n\n")}
    assert len({one["outlet"] for one in copies}) == 3
    with_footer = {one["outlet"] for one in articles if FOOTER in one["text"]}
    assert len(with_footer) == 1


def test_a_smaller_collection_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    written = {}
    for n_articles in (60, 170):
        paths = tmp_path / f"articles{n_articles}", tmp_path / f"gold{n_articles}"
        write_collection(n_articles, *paths)
        written[n_articles] = [path.read_bytes() for path in paths]
    for small, large in zip(written[60], written[170], strict=True):
        assert large.startswith(small)
        assert len(small) < len(large)


def test_ids_are_in_order_and_planted_spans_are_in_their_articles() -> None:
    articles = list(islice(make_articles(), 400))
    ids = [article["id"] for article, _ in articles]
    assert ids == sorted(set(ids))
    texts = {article["id"]: article["text"] for article, _ in articles}
    lines = [line for _, gold in articles for line in gold]
    assert 60 < len(lines) < 140
    for line in lines:
        for name, (start, end) in ((line["a"], line["a_span"]), (line["b"], line["b_span"])):
            assert 0 <= start < end <= len(texts[name])
            assert FOOTER not in texts[name][start:end]


def test_the_smallest_collection_outlives_every_name() -> None:
    assert min(run.SIZES) > 2 * REACH


# ------------------------------------------------------------------ what is read


def _passage(a: tuple[int, int], b: tuple[int, int]) -> dict[str, Any]:
    return {"a": list(a), "b": list(b)}


def _overlap(a: str, b: str, *passages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "overlap", "a": a, "b": b, "passages": list(passages)} | more


def _read(*lines: dict[str, Any], gold: str = "") -> OutputReading:
    return read_report(map(json.dumps, lines), read_gold(gold.splitlines()), 200)


GOLD = """\
{"a": "1", "b": "2", "a_span": [0, 100], "b_span": [200, 300]}
{"a": "1", "b": "3", "a_span": [400, 500], "b_span": [0, 100]}
{"a": "2", "b": "3", "a_span": [0, 5], "b_span": [0, 5], "optional": true}
"""


@pytest.mark.parametrize(
    ("a", "b", "n_found"),
    [
        ((0, 100), (200, 300), 1),
        ((0, 200), (200, 300), 1),
        ((0, 201), (200, 300), 0),
        ((50, 100), (250, 300), 1),
        ((51, 100), (200, 300), 0),
        ((0, 100), (251, 300), 0),
        ((200, 300), (0, 100), 0),
        ((100, 200), (300, 400), 0),
    ],
)
def test_a_passage_is_found_if_half_of_both_sides_agrees(
    a: tuple[int, int], b: tuple[int, int], n_found: int
) -> None:
    found = _read(_overlap("1", "2", _passage(a, b)), gold=GOLD)
    assert (found.n_found, found.n_overlaps, found.n_passages) == (n_found, 1, 1)


def test_only_the_pair_itself_counts_and_each_planted_passage_once() -> None:
    right = _passage((0, 100), (200, 300))
    assert _read(_overlap("1", "3", right), gold=GOLD).n_found == 0
    assert _read(_overlap("1", "2", right, right), gold=GOLD).n_found == 1
    halves = [_passage((0, 45), (200, 245)), _passage((55, 100), (255, 300))]
    assert _read(_overlap("1", "2", *halves), gold=GOLD).n_found == 0
    assert _read(_overlap("1", "2", right, capped=True), gold=GOLD).n_found == 1


def test_what_is_optional_is_neither_missed_nor_chance() -> None:
    gold = read_gold(GOLD.splitlines())
    assert sum(map(len, gold.values())) == 2
    some = _passage((0, 5), (0, 5))
    story = [f"{number}{STORY_MARK}" for number in range(2)]
    assert _read(_overlap("2", "3", some), gold=GOLD).n_by_chance == 0
    assert _read(_overlap("2", "4", some), gold=GOLD).n_by_chance == 1
    assert _read(_overlap(*story, some), gold=GOLD).n_by_chance == 0
    assert _read(_overlap("2", story[0], some), gold=GOLD).n_by_chance == 1


def test_the_story_is_the_family_with_most_copies() -> None:
    def family(*names: str, n_words: int = 100) -> dict[str, Any]:
        occurrences = [{"article": name} for name in names]
        return {"type": "family", "n_words": n_words, "occurrences": occurrences}

    copies = [f"{number}{STORY_MARK}" for number in range(4)]
    of_others, of_story = family("1", "2", "3", "4", copies[0]), family(*copies[:3], copies[0], "9")
    of_sentence = family(*copies, n_words=99)
    found = _read(of_others, of_story, of_sentence)
    assert (found.n_in_family, found.n_lines) == (3, 3)


def test_the_run_line_gives_timings_and_counts() -> None:
    masked = {"type": "boilerplate", "occurrences": [{"article": "1"}, {"article": "2"}]}
    run_line = {"type": "run", "timings": {"read": 0.5}, "counts": {"n_words": 9}}
    found = _read(run_line, {"type": "article"}, masked, masked)
    assert (found.timings, found.counts, found.n_lines) == ({"read": 0.5}, {"n_words": 9}, 4)
    assert found.n_masked == 2


# ------------------------------------------------------------------ sums


def _row(n_articles: int, seconds: float, peak_bytes: int) -> ScaleRow:
    return ScaleRow(
        GeneratedCollection(
            n_articles, n_articles // 50, 250, 2000 * n_articles, 2500 * n_articles, 0
        ),
        n_articles // 4,
        Run(seconds, seconds, peak_bytes, 0),
        OutputReading(
            n_lines=2 * n_articles,
            n_overlaps=n_articles // 2,
            n_passages=n_articles // 2,
            n_found=n_articles // 5,
            n_in_family=n_articles // 100,
            timings={"read": seconds / 4, "align": seconds / 2},
            counts={"n_candidates": 3 * n_articles, "n_words": 250 * n_articles, "n_seeds": 0},
        ),
    )


ROWS = [_row(1000, 10.0, 10**8), _row(2000, 20.0, 13 * 10**7), _row(4000, 80.0, 4 * 10**8)]


@given(
    size=st.floats(1, 1e6),
    factor=st.floats(1.5, 100),
    power=st.floats(-3, 3),
    taken=st.floats(1e-3, 1e3),
)
def test_the_exponent_of_a_power_is_that_power(
    size: float, factor: float, power: float, taken: float
) -> None:
    after = size * factor, taken * factor**power
    assert exponent((size, taken), after) == pytest.approx(power, abs=1e-6)
    assert exponent(after, (size, taken)) == pytest.approx(power, abs=1e-6)


def test_the_table_has_a_line_a_size() -> None:
    head, *lines = lay_out(ROWS)
    assert {len(line) for line in lines} == {len(head)}
    assert lines[0].split() == [
        "1000", "2.0", "10.0", "100", "100", "3.00", "0.500", "0.0000", "0.800", "0.500", "2.00",
    ]  # fmt: skip
    assert lines[1].split()[4:8] == ["1.00", "2.00", "130", "30000"]
    assert lines[2].split()[4:8] == ["2.00", "4.00", "400", "100000"]
    assert slope(*ROWS[1:]) == 135_000


def test_the_stages_and_the_rest_are_all_the_seconds() -> None:
    _, *lines = lay_out_stages(ROWS)
    cells = {line.split()[0]: line.split()[1:] for line in lines}
    assert cells["read"] == ["2.50", "5.00", "20.00", "1.50"]
    assert cells["else"][:3] == ["2.50", "5.00", "20.00"]


def test_the_ledger_adds_up() -> None:
    units = units_of(ROWS[-1])
    assert (units["word"], units["text byte"], units["passage"]) == (250, 2500, 0.5)
    head, *lines = lay_out_ledger(units, 12_345.0, 2_000_000)
    assert "2,000,000" in head
    cells = [line.removesuffix("besides the bound").split() for line in lines]
    parts = {line.rsplit(maxsplit=3)[0]: row[-3:] for line, row in zip(lines, cells, strict=True)}
    total = sum(part.n_bytes * units[part.unit] for part in PARTS)
    assert cells[-3][-2:] == [f"{total:.0f}", f"{total * 2e6 / 1e9:.1f}"]
    kept = sum(part.n_bytes * units[part.unit] for part in PARTS if part.bounded == "memory")
    assert cells[-2][-2:] == [f"{kept:.0f}", f"{kept * 2e6 / 1e9:.1f}"]
    assert cells[-1] == ["measured", "12345", "24.7"]
    assert parts["signatures"] == ["512", "1.0", "disk"]
    assert len(lines) == len(PARTS) + 3


def test_the_record_holds_every_figure() -> None:
    lines = list(record(ROWS))
    assert [line["n_articles"] for line in lines] == [1000, 2000, 4000]
    assert (lines[0]["recall"], lines[0]["align_s"], lines[1]["n_candidates"]) == (0.8, 5.0, 6000)


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra bench is not installed")
    path = tmp_path / "picture.png"
    draw(ROWS, path)
    assert path.read_bytes().startswith(b"\x89PNG")


# ------------------------------------------------------------------ the whole


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[ScaleRow]:
    directory = tmp_path_factory.mktemp("scale")
    rows = [run.measure(size, directory, ["--jobs", "1"]) for size in (300, 600)]
    assert list(directory.iterdir()) == []
    return rows


def test_what_was_planted_is_found(measured: list[ScaleRow]) -> None:
    for row in measured:
        assert row.recall is not None
        assert row.recall > 0.9
        assert row.story == 1.0
        assert row.reading.n_masked > 0


def test_output_grows_with_the_articles(measured: list[ScaleRow]) -> None:
    small, large = measured
    assert large.collection.n_articles == 2 * small.collection.n_articles
    assert large.reading.n_lines < 2.5 * small.reading.n_lines
    assert large.reading.n_overlaps < 3 * small.reading.n_overlaps
    assert min(row.run.peak_bytes for row in measured) > 10**7
    assert all(row.run.output_bytes > 0 and row.run.seconds > 0 for row in measured)


def test_a_command_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="exit code 2"):
        run.measure(2, tmp_path, ["--no-such-option"])
    assert list(tmp_path.iterdir()) == []


def test_one_command_measures_every_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: dict[int, Any] = defaultdict(list)

    def measure(n_articles: int, directory: Path, options: list[str]) -> ScaleRow:
        asked[n_articles] = options
        return _row(n_articles, n_articles / 100, 1000 * n_articles)

    monkeypatch.setattr(run, "measure", measure)
    monkeypatch.setattr(run, "RECORDS", tmp_path)
    monkeypatch.setattr(run, "draw", lambda rows, path: (tmp_path / path.name).touch())
    run.main(["--sizes", "200", "100", "--memory", "4GB"])
    printed = capsys.readouterr().out
    assert printed.count("peak MB") == 1
    assert [line.split()[0] for line in printed.splitlines()[:3]] == ["articles", "100", "200"]
    assert "10,000,000" not in printed
    assert asked[200] == ["--memory", "4GB"]
    assert [path.name[-8:] for path in tmp_path.rglob("*.csv")] == ["-4GB.csv"]
    assert (tmp_path / "scale-4GB.png").exists()
    run.main(["--sizes", "100", "200", "--no-record"])
    assert "10,000,000" in capsys.readouterr().out
    assert len(list(tmp_path.iterdir())) == 2
