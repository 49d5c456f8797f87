"""The input again, less what was dropped; nothing else changes and nothing is lost."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from click.testing import Result

import dedup

Run = Callable[..., Result]
TEXT = (
    "The harbor authority said on Monday that the old lighthouse would be sold at auction in May, "
    "after three attempts to find a tenant had failed. Fog is expected along the coast tonight, "
    "and ferries may be late. Captain Ruth Alder warned sailors to stay in port until morning."
)
OTHER = (
    "Voters in the valley rejected a new tunnel by a margin of nine points. Farmers had argued "
    "that the excavation would drain their wells; hauliers hoped for a shorter route in winter."
)
RECORDS = [
    {"id": "late", "text": TEXT, "date": "2023-01-11", "outlet": "Gazette"},
    {"id": "first", "text": TEXT + " More follows.", "date": "2023-01-10", "outlet": "Wire"},
    {"id": "other", "text": OTHER, "date": "2023-01-12", "outlet": "Wire"},
    {"id": "short", "text": "Rain.", "date": "2023-01-12", "outlet": "Wire"},
    {"id": "other", "text": OTHER, "date": "2023-01-13", "outlet": "Gazette"},
]
KEPT = ["first", "other", "short"]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    rendered = [json.dumps(one, indent=None, separators=(" ,", ": ")) for one in RECORDS]
    path.write_text("\n".join([*rendered[:2], "no json", *rendered[2:]]))
    return path


def test_lines_come_out_byte_for_byte(run: Run, lines: Path, tmp_path: Path) -> None:
    dropped = tmp_path / "dropped.jsonl"
    result = run("filter", lines, "--dropped", dropped)
    assert result.exit_code == 0, result.output
    raw = lines.read_text().split("\n")
    assert result.stdout == "".join(raw[at] + "\n" for at in (1, 3, 4))
    assert "6 read: 3 kept, 2 dropped, 1 skipped" in result.stderr
    assert "1 too short to compare: only exact copies are dropped" in result.stderr
    assert result.stderr.count("invalid JSON") == 1
    told = [json.loads(line) for line in dropped.read_text().splitlines()]
    assert [(one["id"], one["line"], one["duplicate_of"], one["reason"]) for one in told] == [
        ("late", 1, "first", "duplicate"),
        ("other", 6, "other", "duplicate"),
    ]
    assert told[1]["coverage"] == told[1]["jaccard"] == 1.0


def test_standard_input_is_read_twice(run: Run, lines: Path) -> None:
    result = run("filter", "-", stdin=lines.read_bytes())
    assert result.stdout == run("filter", lines).stdout


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["--keep", "longest"], ["first", "other", "short"]),
        (["--prefer-outlet", "gazette"], ["late", "short", "other"]),
        (["--by", "story"], None),
    ],
)
def test_the_rule_says_which_one_stays(
    run: Run, lines: Path, options: list[str], kept: list[str] | None
) -> None:
    result = run("filter", lines, *options)
    assert result.exit_code == 0
    if kept:
        assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == kept


def test_formats_come_out_as_they_went_in(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(RECORDS))
    with (tmp_path / "a.tsv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(RECORDS[0]), delimiter="\t")
        writer.writeheader()
        writer.writerows(RECORDS)
    table = pyarrow.Table.from_pylist([{**one, "n": at} for at, one in enumerate(RECORDS)])
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    for name in ("a.json", "a.tsv", "a.parquet"):
        result = run("filter", tmp_path / name, "--output", tmp_path / f"out-{name}")
        assert result.exit_code == 0, result.output
    kept = [RECORDS[at] for at in (1, 2, 3)]
    assert json.loads((tmp_path / "out-a.json").read_text()) == kept
    with (tmp_path / "out-a.tsv").open(newline="") as file:
        assert list(csv.DictReader(file, delimiter="\t")) == kept
    out = pyarrow.parquet.read_table(tmp_path / "out-a.parquet")
    assert out.schema == table.schema
    assert out.to_pylist() == table.take([1, 2, 3]).to_pylist()


def test_compression_follows_the_name_and_bytes_repeat(
    run: Run, lines: Path, tmp_path: Path
) -> None:
    outs = [tmp_path / f"{name}.jsonl.gz" for name in "ab"]
    for out in outs:
        assert run("filter", lines, "--output", out).exit_code == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert gzip.decompress(outs[0].read_bytes()).decode() == run("filter", lines).stdout


def test_a_folder_comes_out_as_a_folder(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT)
    (folder / "sub" / "b.txt.gz").write_bytes(gzip.compress((TEXT + " More follows.").encode()))
    (folder / "c.md").write_text(OTHER)
    (folder / "d.txt").write_bytes(b"\xff\0")
    (folder / "e.jsonl").write_text(json.dumps(RECORDS[0]) + "\n" + json.dumps(RECORDS[3]) + "\n")
    out = tmp_path / "out"
    result = run("filter", folder, "--keep", "longest", "--output", out)
    assert result.exit_code == 0, result.output
    files = {path.relative_to(out).as_posix() for path in out.rglob("[!.]*") if path.is_file()}
    assert files == {"sub/b.txt.gz", "c.md", "e.jsonl"}
    assert (out / "e.jsonl").read_text() == json.dumps(RECORDS[3]) + "\n"
    assert (out / "sub/b.txt.gz").read_bytes() == (folder / "sub/b.txt.gz").read_bytes()
    assert "6 read: 3 kept, 2 dropped, 1 skipped" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in.jsonl", "--output", "in.jsonl"], "dedup does not overwrite inputs"),
        (["in.jsonl", "--output", "./link.jsonl"], "dedup does not overwrite inputs"),
        (["in.jsonl", "--dropped", "in.jsonl"], "dedup does not overwrite inputs"),
        (["in.jsonl", "--output", "."], "dedup does not overwrite inputs"),
        (["in.jsonl", "--dropped", "-"], "--dropped and --output cannot be the same"),
        (["in.jsonl", "--output", "out.csv"], ".jsonl, --output is .csv"),
        (["in.jsonl", "a.txt"], "--output must name a directory"),
        (["in.jsonl", "a.txt", "--output", "kept.txt.gz"], "a directory, not kept.txt.gz"),
        (["in.jsonl", "--level", "document", "--sensitivity", "5"], "--sensitivity is about"),
        (["in.jsonl", "--keep", "outlet"], "--keep outlet needs --prefer-outlet"),
        (["a.warc", "--output", "out"], "dedup index export INDEX"),
        (["index"], "convert it to JSON Lines with dedup index export"),
        (["in.jsonl", "--output", "full/"], "full/ holds other files"),
        (["in.jsonl", "in.jsonl", "--output", "out/"], "two inputs are named in.jsonl"),
        (["in.jsonl", "--keep", "longest", "--prefer-outlet", "x"], "needs --keep outlet, not 'l"),
        (["in.jsonl", "--level", "document", "--contained"], "--contained needs --level passages"),
        (["in.jsonl", "--level", "document", "--by", "story"], "--level document is about pairs"),
        (["in.jsonl", "--min-similarity", "0.5", "--by", "story"], "pairs, and --by story keeps"),
        (["in.jsonl", "--min-similarity", "0"], "0 is not in the range"),
    ],
)
def test_wrong_usage_is_told_before_the_work(
    run: Run,
    lines: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.jsonl").symlink_to(lines)
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.warc").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "in.jsonl").write_text("of an earlier run")
    dedup.Index(tmp_path / "index").close()
    before = lines.read_bytes()
    result = run("filter", *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert lines.read_bytes() == before


def test_many_copies_leave_one(run: Run, tmp_path: Path) -> None:
    # More than are compared with one another; the earliest is not the first by id.
    records = [
        {"id": f"{n:02}", "text": TEXT, "date": f"2023-01-{30 - n % 30:02}"} for n in range(40)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    result = run("filter", path)
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["29"]


@pytest.mark.parametrize("option", ["--output", "--dropped"])
def test_a_bad_place_is_told_before_the_work(
    run: Run, lines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    def search(*_: object, **__: object) -> None:
        raise AssertionError("searched")

    monkeypatch.setitem(vars(dedup), "filter", search)
    result = run("filter", lines, option, tmp_path / "none" / "out.jsonl")
    assert result.exit_code == 1
    assert "none/out.jsonl: No such file or directory" in result.stderr


@pytest.mark.parametrize("is_writing", [False, True])
def test_ctrl_c_says_where_the_part_is(
    run: Run, lines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_writing: bool
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    writing = "dedup.cli.rewriting.FilteredFolder._close"
    if is_writing:
        monkeypatch.setattr(writing, stop)
    else:
        monkeypatch.setitem(vars(dedup), "filter", stop)
    (tmp_path / "a.txt").write_text("The mill by the weir burned down before dawn.")
    out = tmp_path / "out"
    result = run("filter", tmp_path / "a.txt", lines, "--output", f"{out}/")
    assert result.exit_code == 130
    said = f"partial results are in {out}.partial"
    assert (said in result.stderr) is is_writing
    left = {path.name for path in tmp_path.iterdir()} - {"a.txt", lines.name}
    assert left == ({"out.partial"} if is_writing else set())


def test_ids_that_come_again_are_told_as_they_stand(run: Run, tmp_path: Path) -> None:
    path, dropped = tmp_path / "a.jsonl", tmp_path / "dropped.jsonl"
    names = ["a", "a (2)", "a", "a", "b"]
    records = [{"id": id, "text": TEXT if n < 4 else OTHER} for n, id in enumerate(names)]
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    result = run("filter", path, "--dropped", dropped)
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "b"]
    told = [json.loads(line) for line in dropped.read_text().splitlines()]
    assert [(one["id"], one["line"]) for one in told] == [("a (2)", 2), ("a", 3), ("a", 4)]
    assert {one["duplicate_of"] for one in told} == {"a"}


def test_what_stays_uncompared_is_told(
    run: Run, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = dedup.filter
    monkeypatch.setitem(
        vars(dedup), "filter", lambda *a, **o: replace(find(*a, **o), n_unsure=1200)
    )
    result = run("filter", lines)
    assert "1,200 kept that may be copies of one another" in result.stderr


def test_a_table_keeps_its_delimiter_and_line_ends(run: Run, tmp_path: Path) -> None:
    for name, delimiter, end in (
        ("a.csv", ";", "\n"),
        ("b.csv", ",", "\r\n"),
        ("c.tsv", "\t", "\n"),
    ):
        path, out = tmp_path / name, tmp_path / f"out-{name}"
        rows = [["id", "text"], ["1", TEXT], ["2", OTHER]]
        with path.open("w", newline="") as file:
            csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
        assert run("filter", path, "--output", out).exit_code == 0
        assert out.read_bytes() == path.read_bytes()


def test_what_an_old_collection_has_is_dropped_and_the_old_is_not_written(
    run: Run, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_text(json.dumps({"id": "1", "text": TEXT}) + "\n")
    records = [{"id": "1", "text": OTHER}, {"id": "2", "text": f"{TEXT} More."}]
    new.write_text("".join(json.dumps(one) + "\n" for one in [*records, {"id": "3", "text": TEXT}]))
    result = run("filter", new, "--against", old, "--dropped", tmp_path / "dropped.jsonl")
    assert [json.loads(line) for line in result.stdout.splitlines()] == records[:1]
    told = [json.loads(line) for line in (tmp_path / "dropped.jsonl").read_text().splitlines()]
    assert [(one["id"], one["duplicate_of"]) for one in told] == [("2", "1"), ("3", "1")]


@pytest.mark.parametrize("text", ["", "cat", "Breaking news", "One of four words"])
def test_exact_copies_go_however_short(run: Run, tmp_path: Path, text: str) -> None:
    path = tmp_path / "in.jsonl"
    records = [{"id": n, "text": one} for n, one in enumerate([text, text, f"{text} x", text])]
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    result = run("filter", path)
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [0, 2]


def test_an_input_with_other_texts_at_the_second_reading_is_an_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": f"{OTHER} {n}"}) + "\n" for n in range(3)))
    find = dedup.filter

    def change(*given: object, **options: object) -> object:
        found = find(*given, **options)
        path.write_text(path.read_text().replace("0", "7"))
        return found

    monkeypatch.setitem(vars(dedup), "filter", change)
    result = run("filter", path, "--output", out)
    assert (result.exit_code, out.exists()) == (1, False)
    assert "the input changed while it was read" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_come_out_byte_for_byte(run: Run, tmp_path: Path, encoding: str) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    head, row = '"id";"text"\r\n', '1;"Käse,\r\n""alt"" — teuer"\r\n'
    path.write_bytes((head + row + row.replace("1", "2")).encode(encoding))
    assert run("filter", path, "--output", out).exit_code == 0
    assert out.read_bytes() == (head + row).encode(encoding)


def test_an_archive_that_cannot_be_read_is_an_error(run: Run, tmp_path: Path) -> None:
    new, old = tmp_path / "new.jsonl", tmp_path / "old.jsonl"
    new.write_text(json.dumps({"id": "a", "text": "The ferry ran onto a sandbank."}) + "\n")
    old.write_text('{"id": "b", "story": 7}\n')
    result = run("filter", new, "--against", old)
    assert result.exit_code == 1
    assert "no readable article to filter against" in result.stderr
    assert f"{old}:1" in result.stderr
