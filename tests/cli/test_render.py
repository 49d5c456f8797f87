"""A run that is read back makes the same bytes as the report, in every format."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.cli import main
from tests.strategies import WORDS, hostile_text, law

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus" / "articles.jsonl"
FILES, FOLDERS = ("text", "jsonl", "html"), ("csv", "parquet", "html")
SENTENCES = [
    "The council voted nine to four on Monday to close the Elm Street library branch.",
    "Captain Ruth Alder warned sailors to stay in port until the storm had passed on Friday.",
    "The harbor authority said that the old lighthouse would be sold at auction in May.",
]


def call(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    assert result.exit_code == 0, result.output
    return result


def write(source: Path, out: Path, command: str, *options: str | Path) -> None:
    """Write every format of a report or of a run into a directory."""
    out.mkdir()
    for name in FILES:
        call(command, source, "--format", name, "--output", out / f"file.{name}", *options)
    call(command, source, "--show-all", "--output", out / "furniture.text", *options)
    for name in FOLDERS:
        call(command, source, "--format", name, "--output", out / f"folder-{name}", *options)


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def check(source: Path, folder: Path) -> None:
    """Check that reports and renderings of their runs are equal, byte for byte."""
    write(source, folder / "direct", "report")
    direct = contents(folder / "direct")
    stored, tables = folder / "run.jsonl", folder / "run"
    call("report", source, "--format", "jsonl", "--with-text", "--output", stored)
    call("report", source, "--format", "parquet", "--with-text", "--output", tables)
    packed = folder / "run.jsonl.gz"
    packed.write_bytes(gzip.compress(stored.read_bytes()))
    for number, run in enumerate((stored, tables, packed)):
        write(run, folder / f"again-{number}", "render")
        assert contents(folder / f"again-{number}") == direct
        again = folder / f"stored-{number}"
        call("render", run, "--format", "jsonl", "--with-text", "--output", again)
        assert again.read_bytes() == stored.read_bytes()
        again = folder / f"tables-{number}"
        call("render", run, "--format", "parquet", "--with-text", "--output", again)
        assert contents(again) == contents(tables)


def test_the_corpus_is_rendered_from_its_run(tmp_path: Path) -> None:
    check(CORPUS, tmp_path)


@pytest.mark.parametrize("name", ["text", "jsonl", "csv"])
def test_an_interrupt_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    overlap = dedup.compare(SENTENCES[0], f"It was late. {SENTENCES[0]}")

    def read_run(_: str, emit: Callable[[dedup.Overlap], None], __: object) -> None:
        emit(overlap)
        raise KeyboardInterrupt

    monkeypatch.setattr("dedup.readers.run.read_run", read_run)
    source, target = tmp_path / "run", tmp_path / "out"
    source.write_text("")
    result = run("render", source, "--format", name, "--output", target)
    assert (result.exit_code, result.stderr) == (130, "dedup: interrupted\n")
    assert list(tmp_path.iterdir()) == [source]


def test_the_run_and_its_articles_are_not_both_standard_input(run: Run) -> None:
    result = run("render", "-", "--articles", "-")
    assert result.exit_code == 2
    assert "cannot both be standard input" in result.stderr


def test_a_named_source_and_a_tie_are_rendered_from_their_run(tmp_path: Path) -> None:
    told = " ".join(SENTENCES[:2])
    articles = [("w", "Wire", told), *((id, id, f"{told}\nSource: Wire") for id in "pq")]
    articles += [(id, id, f"{SENTENCES[2]} The whole town came to protest.") for id in "rs"]
    lines = [
        {"id": id, "outlet": outlet, "text": text, "date": "2023-01-10" if id in "rs" else None}
        for id, outlet, text in articles
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    check(source, tmp_path)
    stored = (tmp_path / "direct" / "file.jsonl").read_text()
    run = [json.loads(line) for line in stored.splitlines()]
    found = [(one["source"], one["tied"]) for one in run if one["type"] == "story"]
    assert found == [("w", []), (None, ["r", "s"])]


@pytest.mark.parametrize("run", ["file.jsonl", "folder-parquet"])
def test_texts_come_from_the_articles(tmp_path: Path, run: str) -> None:
    write(CORPUS, tmp_path / "direct", "report")
    source = tmp_path / "direct" / run
    write(source, tmp_path / "again", "render", "--articles", CORPUS)
    assert contents(tmp_path / "again") == contents(tmp_path / "direct")
    # Formats that show no texts need none.
    for name in ("jsonl", "csv"):
        call("render", source, "--format", name, "--output", tmp_path / name)


words = st.lists(st.sampled_from(WORDS), min_size=3, max_size=12).map(" ".join)
texts = st.lists(st.sampled_from(SENTENCES) | words | hostile_text(8), max_size=5).map("\n".join)
records = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["a", "b", "c", "\ud800é", "=1"]), "text": texts},
        optional={
            "outlet": st.sampled_from(["Wire", "The Wire", "\udfff", "Paper"]),
            "date": st.sampled_from(
                ["2023-01-10", "2023-01-10T10:00:00+02:00", "0001-01-01T00:30:00+05:30",
                 "9999-12-31T23:59:59.000001-11:00", "2023-01-09T23:00:00Z"]
            ),
            "title": st.text(max_size=9),
            "url": st.just("https://wire.example/1"),
            "note": st.floats() | st.lists(st.integers(), max_size=2) | st.text(max_size=3),
        },
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@law(5)
@given(records)
def test_any_collection_is_rendered_from_its_run(found: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        source = folder / "in.jsonl"
        lines = [json.dumps(one) for one in found]
        whole = {"id": "whole", "text": " ".join(SENTENCES)}
        source.write_text("\n".join([*lines, json.dumps(whole), '{"id": 1}', "no json"]))
        check(source, folder)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    path = tmp_path_factory.mktemp("run") / "run.jsonl"
    call("report", CORPUS, "--format", "jsonl", "--with-text", "--output", path)
    return [json.loads(line) for line in path.read_text().splitlines()]


def number_of(lines: list[dict[str, Any]], type: str) -> int:
    """Return the index of the first line of a type that has parts."""
    return next(
        at for at, line in enumerate(lines)
        if line["type"] == type and (type != "overlap" or line["passages"][0]["edits"])
    )  # fmt: skip


def put(value: Any, path: list[str | int], new: Any) -> None:
    """Set a field to a value, or to one that is made of the line."""
    *way, last = path
    new = new(value) if callable(new) else new
    for step in way:
        value = value[step]
    value[last] = new


HUGE = 10**30
HOSTILE = [
    ("run", ["schema"], 7, "schema 7 of the run is not"),
    ("run", ["schema"], None, "schema None of the run"),
    ("run", ["params"], [], "field 'params': must be an object, not a list"),
    ("run", ["n_skipped"], HUGE, "field 'n_skipped': must be at least 0 and less than 2**53"),
    ("run", ["n_skipped"], 10**9, "field 'n_skipped': must be at most"),
    ("run", ["n_skipped"], 3, "field 'skipped': has 0 records, and n_skipped is 3"),
    ("run", ["n_overlaps"], 1, "cut off"),
    ("run", ["n_articles"], "x", "field 'n_articles': must be a whole number, not a string"),
    ("run", ["dedup"], 3, "field 'dedup': must be a string, not a number"),
    ("run", ["interrupted"], True, "the run was interrupted"),
    ("run", ["type"], "article", "no run of dedup: it begins with 'article'"),
    ("article", ["id"], None, "field 'id': "),
    ("article", ["n_chars"], 3, "field 'text': does not have the length and the digest"),
    ("article", ["text"], "Another.", "field 'text': does not have the length and the digest"),
    ("article", ["published"], "yesterday", "field 'published': is no date in ISO 8601"),
    ("article", ["published"], "2023-01-10", "field 'published': has no zone"),
    ("article", ["coverage"], 1.5, "field 'coverage': must be in [0, 1], not 1.5"),
    ("article", ["coverage"], float("inf"), "field 'coverage': must be a finite number"),
    ("article", ["coverage"], HUGE, "field 'coverage': must be a finite number"),
    ("article", ["credits"], [{"span": [0, 99999], "kind": "dateline", "name": None}],
     "field 'credits[0].span': span [0, 99999] is outside"),
    ("article", ["digest"], 5, "field 'digest': must be a string"),
    ("article", ["type"], "page", "field 'type': unknown: 'page'"),
    ("article", ["type"], ["x"], "an object without 'type'"),
    ("overlap", ["a"], "nobody", "field 'a': 'nobody' is no article of the run"),
    ("overlap", ["relation"], "twins", "field 'relation': must be one of duplicate"),
    ("overlap", ["passages"], {}, "field 'passages': must be a list, not an object"),
    ("overlap", ["passages", 0, "a"], [5, 1], "field 'passages[0].a': ends before it starts"),
    ("overlap", ["passages", 0, "a"], [0, HUGE], "field 'passages[0].a': must be at least 0"),
    ("overlap", ["passages", 0, "b"], [0, 99999], "field 'passages[0].b': span [0, 99999] is"),
    ("overlap", ["passages", 0, "text_a"], "x", "field 'passages[0].text_a': is not as long"),
    ("overlap", ["passages", 0, "kind"], 1, "field 'passages[0].kind': must be one of verbatim"),
    ("overlap", ["passages", 0, "score"], 1e300, "field 'passages[0].score': must be at most"),
    ("overlap", ["passages", 0, "edits", 0], ["kept"], "field 'passages[0].edits[0]': must be"),
    ("overlap", ["passages", 0, "edits", 0, 0], "lost", "field 'passages[0].edits[0][0]': must"),
    ("overlap", ["passages", 0, "edits", 0, 1], [0, 9**9], "field 'passages[0].edits[0]': span"),
    ("overlap", ["passages", 0, "n_words"], True, "must be a whole number, not true or false"),
    ("family", ["occurrences"], [], "field 'occurrences': must not be empty"),
    ("family", ["occurrences", 0, "article"], "nobody", "'nobody' is no article of the run"),
    ("family", ["earliest"], ["x"], "field 'earliest': must be a string, not a list"),
    ("family", ["earliest"], "nobody", "field 'earliest': 'nobody' is no article of the run"),
    ("story", ["earliest"], ["x"], "field 'earliest': must be a string, not a list"),
    ("story", ["earliest"], "nobody", "field 'earliest': 'nobody' is no article of the run"),
    ("story", ["tied"], None, "field 'tied': must be a list, not null"),
    ("story", ["basis"], ["date"], "field 'basis[0]': must be one of credit, link, wire"),
    ("story", ["agency"], "Wire", "field 'basis': must not be empty"),
    ("story", ["provenance", 0, "agency"], "Wire", "field 'provenance[0].basis': must not be"),
    ("story", ["provenance"], [], "field 'provenance': must not be empty"),
    ("story", ["source"], "nobody", "field 'source': 'nobody' is no article of the run"),
    ("story", ["provenance", 0, "lag"], "late", "field 'provenance[0].lag': must be a number"),
    ("story", ["provenance", 1, "taken"], [{"article": "x", "coverage": 1, "n_edits": 0}],
     "field 'provenance[1].taken': 'x' is no article"),
]  # fmt: skip


def share(article: str, coverage: float = 0.5) -> list[dict[str, Any]]:
    return [{"article": article, "coverage": coverage, "n_edits": 0}]


# Well-formed, but not true of the articles of the corpus.
HOSTILE += [
    ("overlap", ["b"], lambda line: line["a"], "field 'b': 'armenia-1' is also 'a'"),
    ("overlap", ["b"], "armenia-3", "field 'passages[0]."),
    ("overlap", ["relation"], "none", "field 'relation': 'none' does not fit the passages"),
    ("overlap", ["passages", 0, "confidence"], 0.1, "field 'relation': 'shares' does not fit"),
    ("overlap", ["passages", 0, "text_a"], lambda line: line["passages"][0]["text_a"][::-1],
     "field 'passages[0].text_a': is not the text of span a in 'armenia-1'"),
    ("overlap", ["passages", 0, "b"], [273, 411], "field 'passages[0].text_b': is not the text"),
    ("overlap", ["passages", 0, "n_words"], 10**9, "field 'passages[0].n_words': must be in [1,"),
    ("overlap", ["passages", 0, "n_words"], 0, "field 'passages[0].n_words': must be in [1,"),
    ("overlap", ["passages", 0, "edits", 0, 1], [0, 9],
     "field 'passages[0].edits[0]': span [0, 9] is outside the passage's a"),
    ("overlap", ["passages", 0, "identity"], 0.3,
     "field 'passages[0].kind': "),
    ("overlap", ["passages", 0, "kind"], "reworded", "field 'passages[0].kind': 'reworded' does"),
    ("family", ["n_words"], 10**9, "field 'n_words': must be in [1,"),
    ("family", ["occurrences", 1, "span"], [0, 99999], "field 'occurrences[1]': span [0, 99999]"),
    ("family", ["occurrences"], lambda line: line["occurrences"][:1], "must be of two or more"),
    ("family", ["occurrences"], lambda line: line["occurrences"][::-1], "of the earliest article"),
    ("family", ["earliest"], "armenia-4", "'armenia-4' does not fit the dates: 'armenia-1' is"),
    ("family", ["earliest"], None, "null does not fit the dates: 'armenia-1' is the first"),
    ("story", ["earliest"], "ferry-5", "'ferry-5' does not fit the dates: 'ferry-1' is the first"),
    ("story", ["earliest"], None, "null does not fit the dates: 'ferry-1' is the first"),
    ("story", ["members"], ["ferry-1", "ferry-2"], "field 'members': are not the articles of"),
    ("story", ["source"], "rates-1", "field 'source': 'rates-1' is no article of the story"),
    ("story", ["rivals"], ["rates-1"], "field 'rivals': 'rates-1' is no article of the story"),
    ("story", ["basis"], ["credit"], "field 'source': needs either a source or an agency"),
    ("story", ["provenance", 0, "taken"], share("ferry-2"), "'ferry-2' is later than the article"),
    ("story", ["provenance", 1, "taken"], share("rates-1"), "'rates-1' is no article of the story"),
    ("story", ["provenance", 1, "taken"], share("ferry-2"), "'ferry-2' is the article itself"),
    ("story", ["provenance", 1, "taken"], 2 * share("ferry-1", 0.9), "more than the whole article"),
    ("story", ["provenance", 1, "article"], "ferry-1", "two or more articles, each one once"),
]  # fmt: skip


@pytest.mark.parametrize(("type", "path", "new", "message"), HOSTILE)
def test_a_hostile_run_is_named(
    tmp_path: Path,
    run: Run,
    stored: list[dict[str, Any]],
    type: str,
    path: list[str | int],
    new: Any,
    message: str,
) -> None:
    lines = json.loads(json.dumps(stored))
    at = number_of(lines, type)
    put(lines[at], path, new)
    target, out = tmp_path / "run.jsonl", tmp_path / "out.html"
    target.write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = run("render", target, "--format", "html", "--output", out)
    assert (result.exit_code, out.exists()) == (1, False)
    where = f"{target}" if "cut off" in message else f"{target}:{at + 1}"
    assert result.stderr.startswith(f"dedup: error: {where}: ")
    assert message in result.stderr
    assert "run" in result.stderr.rpartition(";")[2]
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("key", ["id", "n_chars", "digest", "coverage"])
def test_a_missing_field_is_named(
    tmp_path: Path, run: Run, stored: list[dict[str, Any]], key: str
) -> None:
    lines = json.loads(json.dumps(stored))
    del lines[2][key]
    target = tmp_path / "run.jsonl"
    target.write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = run("render", target)
    assert f"{target}:3: field '{key}': is missing" in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"no json\n", ":1: invalid JSON"),
        (b"[1]\n", ":1: no run of dedup: an object not a list"),
        (b'{"id":"a","text":"An article."}\n', ":1: no run of dedup: an object without 'type'"),
        (b"[" * 100_000, ":1: invalid JSON: nested too deeply"),
        (b'{"type":' + b"1" * 5000 + b"}", "no run of dedup: it begins with '1111"),
        (b"\xff\xfe\n", ":1: not UTF-8"),
    ],
)
def test_what_is_no_run_is_named(tmp_path: Path, run: Run, content: bytes, message: str) -> None:
    target = tmp_path / "run.jsonl"
    target.write_bytes(content)
    result = run("render", target)
    assert result.exit_code == 1
    assert message in result.stderr


@pytest.mark.parametrize("n_bytes", [100, 5000, 30_000])
def test_a_truncated_run_is_named(
    tmp_path: Path, run: Run, stored: list[dict[str, Any]], n_bytes: int
) -> None:
    raw = "".join(json.dumps(line) + "\n" for line in stored).encode()
    target, packed = tmp_path / "run.jsonl", tmp_path / "run.jsonl.gz"
    target.write_bytes(raw[:n_bytes])
    packed.write_bytes(gzip.compress(raw)[: n_bytes // 10])
    # Also at the end of a line.
    whole = tmp_path / "whole.jsonl"
    whole.write_bytes(raw[: raw.rindex(b"\n", 0, len(raw) - 1) + 1])
    for path, message in ((target, "run.jsonl"), (packed, "cut off"), (whole, "cut off")):
        result = run("render", path)
        assert result.exit_code == 1
        assert message in result.stderr
        assert "Traceback" not in result.output


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables") / "run"
    call("report", CORPUS, "--format", "parquet", "--with-text", "--output", folder)
    return folder


@pytest.mark.parametrize(
    ("table", "column", "new", "message"),
    [
        ("run", "escaped", "[[1]]", "run.parquet:1: column 'escaped' must list"),
        ("run", "params", "{", "run.parquet:1: column 'params' is not JSON"),
        ("run", "schema", None, "schema None"),
        ("articles", "date", "noon", "field 'published': is no date in ISO 8601: 'noon'"),
        ("articles", "text", "Another.", "articles.parquet:1: field 'text': does not have"),
        ("overlaps", "n_passages", -1, "field 'n_passages': must be at least 0"),
        ("overlaps", "n_passages", 10**12, "passage"),
        ("passages", "a", "nobody", "passages.parquet:1: a passage of another pair"),
        ("passages", "a_end", 10**6, "overlaps.parquet:1: field 'passages[0].a': span"),
        ("families", "start", None, "families.parquet:1: field 'occurrences[0].span': must be"),
        ("stories", "article", "nobody", "field 'provenance[0].article': 'nobody' is no article"),
    ],
)
def test_hostile_tables_are_named(
    tmp_path: Path, run: Run, tables: Path, table: str, column: str, new: Any, message: str
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(tables, folder)
    path = folder / f"{table}.parquet"
    found = pyarrow.parquet.read_table(path)
    rows = found.to_pylist()
    rows[0][column] = new
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, found.schema), path)
    result = run("render", folder)
    assert result.exit_code == 1
    assert message in result.stderr


@pytest.mark.parametrize("table", ["run", "articles", "passages", "boilerplate"])
def test_a_missing_or_damaged_table_is_named(
    tmp_path: Path, run: Run, tables: Path, table: str
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(tables, folder)
    path = folder / f"{table}.parquet"
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    assert f"{path}: damaged: " in run("render", folder).stderr
    path.unlink()
    assert f"{path}: missing: no whole run of dedup" in run("render", folder).stderr
    pyarrow.parquet.write_table(pyarrow.table({"id": ["a"]}), path)
    result = run("render", folder)
    assert result.exit_code == 1
    assert str(path) in result.stderr


def test_texts_that_are_missing_or_changed_are_named(tmp_path: Path, run: Run) -> None:
    target = tmp_path / "run.jsonl"
    call("report", CORPUS, "--format", "jsonl", "--output", target)
    result = run("render", target, "--format", "html")
    assert result.exit_code == 1
    assert "has no texts, which --format html shows: name its articles" in result.stderr
    changed = tmp_path / "changed.jsonl"
    changed.write_text(CORPUS.read_text().replace("the", "The"))
    result = run("render", target, "--articles", changed)
    assert result.exit_code == 1
    assert "--articles must name the unchanged articles of the run" in result.stderr
    result = run("render", target, "--format", "jsonl", "--with-text")
    assert "has no texts, which --with-text stores" in result.stderr


def test_no_input_is_overwritten(tmp_path: Path, run: Run, tables: Path) -> None:
    target = tmp_path / "run.jsonl"
    call("report", CORPUS, "--format", "jsonl", "--with-text", "--output", target)
    before, old = target.read_bytes(), contents(tables)
    for arguments in (
        [target, "--output", target],
        [tables, "--output", tables, "--format", "parquet", "--overwrite"],
        [tables, "--output", tables / "page.html", "--format", "html"],
        [target, "--format", "csv", "--output", tmp_path, "--overwrite"],
        [target, "--articles", CORPUS, "--output", CORPUS],
    ):
        result = run("render", *arguments)
        assert result.exit_code == 2, result.output
        assert "does not overwrite inputs" in result.stderr
    assert (target.read_bytes(), contents(tables)) == (before, old)


def test_texts_are_stored_only_where_they_can_be(run: Run, tmp_path: Path) -> None:
    result = run("report", CORPUS, "--with-text", "--format", "html", "--output", tmp_path / "x")
    assert result.exit_code == 2
    assert "--with-text is for --format jsonl, csv, parquet" in result.stderr


def test_a_text_of_the_articles_is_compared_with_the_passages(tmp_path: Path, run: Run) -> None:
    target = tmp_path / "run.jsonl"
    call("report", CORPUS, "--format", "jsonl", "--output", target)
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    at = number_of(lines, "overlap")
    passage = lines[at]["passages"][0]
    passage["text_a"] = passage["text_a"].swapcase()
    target.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run("render", target, "--format", "jsonl").exit_code == 0  # nothing to compare with
    result = run("render", target, "--articles", CORPUS)
    assert f"{target}:{at + 1}: field 'passages[0].text_a': is not the text" in result.stderr
    assert result.exit_code == 1


def test_a_pair_has_one_overlap(tmp_path: Path, run: Run, stored: list[dict[str, Any]]) -> None:
    at = number_of(stored, "overlap")
    lines = [*stored[: at + 1], *stored[at:]]
    target = tmp_path / "run.jsonl"
    target.write_text("".join(json.dumps(line) + "\n" for line in lines))
    message = f"{target}:{at + 2}: field 'b': the pair of 'armenia-1' and 'armenia-2' has two"
    assert message in run("render", target).stderr


def test_articles_come_first(tmp_path: Path, run: Run, stored: list[dict[str, Any]]) -> None:
    at = number_of(stored, "overlap")
    # The last article is not one of this pair.
    last = max(n for n, line in enumerate(stored) if line["type"] == "article")
    lines = [*stored[:last], *stored[last + 1 : at + 1], stored[last], *stored[at + 1 :]]
    target = tmp_path / "run.jsonl"
    target.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert f"{target}:{at + 1}: field 'type': an article after" in run("render", target).stderr


def test_tables_in_csv_are_named(tmp_path: Path, run: Run) -> None:
    tables = tmp_path / "tables"
    assert run("report", CORPUS, "--format", "csv", "--output", tables).exit_code == 0
    result = run("render", tables, "--format", "png", "--output", tmp_path / "figures")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"dedup: error: {tables}: has tables in CSV")
