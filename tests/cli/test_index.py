"""The commands of an index, as a person and a program meet them."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import dedup
from corpus.synthesize import synthesize
from dedup.cli.interrupts import Interrupts
from dedup.cli.output import Output
from dedup.model.article import name_apart

Run = Callable[..., Result]

CORPUS = Path(__file__).parents[2] / "corpus" / "articles.jsonl"
SALE = (
    "The harbor authority said on Monday that the old lighthouse would be sold at auction in "
    "May, after three attempts to find a tenant had failed."
)
RECORDS: tuple[dict[str, Any], ...] = (
    {"id": "sale", "outlet": "Wire", "published": "2023-04-03T09:00:00+02:00", "text": SALE,
     "url": "https://wire.example/sale", "section": "local", "tags": ["sea", None, 1.5]},
    {"id": "rain", "outlet": "Post", "published": "2023-04-04",
     "text": "Rain is expected in the north until the weekend, and the rivers are high."},
    {"id": "rents", "outlet": "Gazette", "text": f"Rents are rising in the old town. {SALE}",
     "date": "not looked at", "published": "2023-04-05T15:30:00+00:00"},
)  # fmt: skip
SUBCOMMANDS = [
    "add",
    "compact",
    "expire",
    "export",
    "load",
    "query",
    "rebuild",
    "remove",
    "stats",
    "verify",
]
# Those that make an index.
MAKING = ["add", "load"]


def write(path: Path, *records: Any) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


def parsed(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return write(tmp_path / "feed.jsonl", *RECORDS)


@pytest.fixture
def where(run: Run, feed: Path, tmp_path: Path) -> Path:
    """Return an index of all that the feed has."""
    path = tmp_path / "index"
    assert run("index", "add", path, feed, "--quiet").exit_code == 0
    return path


def ids_of(run: Run, where: Path) -> list[str]:
    return [record["id"] for record in parsed(run("index", "export", where))]


def files_of(path: Path) -> dict[str, bytes]:
    """Return the files of an index without those that SQLite makes for readers."""
    log = ("-shm", "-wal")
    return {one.name: one.read_bytes() for one in path.iterdir() if not one.name.endswith(log)}


def test_add_tells_what_each_article_shares(run: Run, feed: Path, tmp_path: Path) -> None:
    result = run("index", "add", tmp_path / "new", feed, "--format", "jsonl")
    sale, rain, rents = parsed(result)
    assert [line["type"] for line in (sale, rain, rents)] == ["matches"] * 3
    assert (sale["status"], sale["matches"], rain["matches"]) == ("new", [], [])
    (match,) = rents["matches"]
    assert (match["id"], match["outlet"]) == ("sale", "Wire")
    assert match["published"] == "2023-04-03T09:00:00+02:00"
    (passage,) = match["overlap"]["passages"]
    (a, a_end), (b, b_end) = passage["a"], passage["b"]
    assert RECORDS[2]["text"][a:a_end] == SALE == RECORDS[0]["text"][b:b_end]
    assert result.stderr == (
        f"dedup: 3 new, 1 shares text with stored articles; 3 articles in {tmp_path / 'new'}\n"
    )


def test_add_is_told_to_people(run: Run, feed: Path, tmp_path: Path) -> None:
    result = run("index", "add", tmp_path / "new", feed)
    heads = [line for line in result.stdout.splitlines() if line.startswith("new ")]
    assert [line.split()[1].strip(",") for line in heads] == ["sale", "rain", "rents"]
    told = " ".join(result.stdout.split())
    assert "new sale, “The harbor authority said" in told
    assert "2023-04-05 15:30 UTC: shares text with 1 article" in told
    assert " B sale, Wire, 2023-04-03 09:00 UTC+02:00 A contains B" in told
    assert "1 passage, 26 words" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_load_stores_what_add_does(run: Run, where: Path, feed: Path, tmp_path: Path) -> None:
    loaded = tmp_path / "loaded"
    result = run("index", "load", loaded, feed)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(f"dedup: 3 stored, 0 unchanged; 3 articles in {loaded}\n")
    assert run("index", "export", loaded).stdout == run("index", "export", where).stdout
    query = json.dumps({"id": "other", "text": f"Elsewhere: {SALE}"}).encode()
    answers = [run("index", "query", path, "-", "--format", "jsonl", stdin=query).stdout
               for path in (loaded, where)]  # fmt: skip
    assert answers[0] == answers[1] != ""
    result = run("index", "load", loaded, feed)
    assert result.stderr.endswith(f"dedup: 0 stored, 3 unchanged; 3 articles in {loaded}\n")


@pytest.mark.parametrize("is_old", [False, True])
def test_rebuild_makes_an_index_of_another_recipe(
    run: Run, feed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_old: bool
) -> None:
    """Of other parameters, and of another version of dedup."""
    old, new, direct = (tmp_path / name for name in ("old", "new", "direct"))
    with monkeypatch.context() as patch:
        if is_old:
            patch.setattr(dedup.Params, "digest", lambda _: "0" * 32)
        with dedup.Index(old, dedup.Params(sketch=dedup.SketchParams(k=4))) as index:
            index.load(dedup.read(feed))
            index.compact()
            index.remove("rain")
            index.add(dedup.Article("late", f"At last. {SALE}"))
    before = files_of(old)
    refused = run("index", "query", old, feed)
    assert "dedup index rebuild OLD NEW" in refused.stderr
    result = run("index", "rebuild", old, new)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(f"dedup: 3 articles in {new}\n")
    assert files_of(old) == before
    assert run("index", "export", new).stdout == run("index", "export", old).stdout != ""
    assert run("index", "load", direct, old, "--quiet").exit_code == 0
    answers = [run("index", "query", path, feed, "--format", "jsonl").stdout
               for path in (new, direct)]  # fmt: skip
    assert answers[0] == answers[1] != ""
    assert run("index", "verify", new).exit_code == 0
    other = run("index", "rebuild", new, tmp_path / "other", "--set", "seed.window=5", "--quiet")
    assert (other.exit_code, other.stderr) == (0, "")
    line = run("index", "query", tmp_path / "other", feed).stderr
    assert "made with seed.window = 5" in line


def test_rebuild_leaves_what_is_there(run: Run, where: Path, feed: Path, tmp_path: Path) -> None:
    before = files_of(where)
    for new, code in ((where, 2), (where / "new", 2), (feed, 1), (tmp_path, 1)):
        result = run("index", "rebuild", where, new)
        assert (result.exit_code, result.stdout) == (code, "")
        assert str(new) in result.stderr
    (tmp_path / "empty").mkdir()
    assert run("index", "rebuild", where, tmp_path / "empty").exit_code == 0
    assert ids_of(run, tmp_path / "empty") == ids_of(run, where)
    assert files_of(where) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "feed.jsonl", "index"]


def test_load_refuses_a_feed_without_articles(run: Run, tmp_path: Path) -> None:
    result = run("index", "load", tmp_path / "new", write(tmp_path / "none.jsonl"))
    assert result.exit_code == 1
    assert "no readable article in" in result.stderr


def test_uncertain_matches_are_counted(run: Run, tmp_path: Path) -> None:
    articles = list(dedup.read(CORPUS))
    with dedup.Index(tmp_path / "new") as index:
        assert len(list(index.add_many(articles))) == len(articles)
        found = [index.query(article) for article in articles]
    n = sum(not match.overlap.is_counted for matches in found for match in matches)
    assert n > 1, "the example shows nothing"
    result = run("index", "query", tmp_path / "new", CORPUS)
    assert result.stderr.endswith(f", {n} uncertain matches not shown (--show-all)\n")
    result = run("index", "query", tmp_path / "new", CORPUS, "--show-all")
    assert result.stderr.endswith(f", {n} uncertain matches\n")


def test_what_is_known_is_unchanged_or_revised(run: Run, where: Path, feed: Path) -> None:
    other = {"id": "moved", "url": RECORDS[0]["url"], "text": f"{SALE} It was built in 1871."}
    result = run("index", "add", where, feed, "-", "--format", "jsonl", stdin=b"")
    assert [line["status"] for line in parsed(result)] == ["unchanged"] * 3
    result = run("index", "add", where, "-", "--format", "jsonl", stdin=json.dumps(other).encode())
    (line,) = parsed(result)
    assert (line["id"], line["status"]) == ("moved", "revised")
    assert [match["id"] for match in line["matches"]] == ["rents"], "not its own old version"
    assert ids_of(run, where) == ["rain", "rents", "moved"]


def test_query_stores_nothing(run: Run, where: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "new.jsonl", {"k": "x", "story": SALE})
    result = run("index", "query", where, path, "--id-field", "k", "--text-field", "story",
                 "--format", "jsonl")  # fmt: skip
    (line,) = parsed(result)
    assert (line["id"], line["status"]) == ("x", "queried")
    assert {match["id"] for match in line["matches"]} == {"sale", "rents"}
    assert result.stderr == "dedup: 1 queried, 1 shares text with stored articles\n"
    assert ids_of(run, where) == ["sale", "rain", "rents"]


def test_a_query_without_matches_says_so(run: Run, where: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "new.jsonl", {"id": "x", "text": "Nobody wrote this sentence before."})
    result = run("index", "query", where, path, "--format", "jsonl")
    assert result.stderr == "dedup: 1 queried, no text shared with stored articles\n"


def test_add_and_query_find_the_same(run: Run, where: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "new.jsonl", {"id": "x", "text": f"{SALE} So it was said."})
    (queried,) = parsed(run("index", "query", where, path, "--format", "jsonl"))
    (added,) = parsed(run("index", "add", where, path, "--format", "jsonl"))
    assert queried["matches"] == added["matches"] != []


def test_what_is_exported_is_read_as_it_was(run: Run, where: Path, feed: Path) -> None:
    result = run("index", "export", where)
    target = feed.with_name("out.jsonl")
    target.write_bytes(result.stdout_bytes)
    assert list(dedup.read(target)) == list(dedup.read(feed))
    assert parsed(result)[0]["extra"] == {"section": "local", "tags": ["sea", None, 1.5]}
    again = feed.with_name("again")
    assert run("index", "add", again, target, "--quiet").exit_code == 0
    assert run("index", "export", again).stdout == result.stdout


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_a_report_on_an_index_is_that_on_its_articles(
    run: Run, where: Path, feed: Path, form: str
) -> None:
    of_index = run("report", where, "--format", form)
    assert of_index.exit_code == 0
    assert of_index.stdout == run("report", feed, "--format", form).stdout


def test_indexes_and_files_mix(run: Run, where: Path, tmp_path: Path) -> None:
    rain = {"id": "rain", "text": SALE, "outlet": "Zeta"}
    new = write(tmp_path / "new.jsonl", {"id": "x", "text": SALE}, rain)
    result = run("report", new, where, "--format", "jsonl")
    lines = parsed(result)
    assert lines[0]["n_articles"] == 5
    assert "1 article has the id of another text" in result.stderr
    pairs = [(line["a"], line["b"]) for line in lines if line["type"] == "overlap"]
    other = name_apart(dedup.Article("rain", SALE, "Zeta"))
    assert [pair for pair in pairs if other not in pair] == [
        ("rents", "sale"), ("rents", "x"), ("sale", "x")
    ]  # fmt: skip
    assert len(pairs) == 6
    against = parsed(run("report", new, "--against", where, "--format", "jsonl", "--quiet"))
    pairs = [{line["a"], line["b"]} for line in against if line["type"] == "overlap"]
    assert [pair for pair in pairs if other not in pair] == [{"rents", "x"}, {"sale", "x"}]


def test_the_articles_of_an_index_are_explained(run: Run, where: Path) -> None:
    result = run("explain", "sale", "rents", "--among", where)
    assert result.exit_code == 0
    assert result.stdout.startswith("A  sale, “The harbor authority said")


def test_an_index_is_added_to_another(run: Run, where: Path, tmp_path: Path) -> None:
    result = run("index", "add", tmp_path / "other", where, "--format", "jsonl")
    assert [line["id"] for line in parsed(result)] == ["sale", "rain", "rents"]
    result = run("index", "add", where, where, "--format", "jsonl")
    assert [line["status"] for line in parsed(result)] == ["unchanged"] * 3


def test_remove_takes_out_all_or_none(run: Run, where: Path) -> None:
    result = run("index", "remove", where, "rain", "no\nne", "nor")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"dedup: error: {where}: no article with id 'no\\nne', 'nor'\n"
    assert ids_of(run, where) == ["sale", "rain", "rents"]
    result = run("index", "remove", where, "rain", "sale", "rain")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "dedup: 2 articles removed, 1 left\n"
    assert ids_of(run, where) == ["rents"]


@pytest.mark.parametrize(
    ("before", "left"),
    [
        ("2023-04-04", ["rain", "rents", "undated"]),
        ("2023-04-03T07:00:00+00:00", ["sale", "rain", "rents", "undated"]),
        ("2023-04-05T15:30:01Z", ["undated"]),
    ],
)
def test_expire_takes_out_what_is_older(
    run: Run, where: Path, before: str, left: list[str]
) -> None:
    run("index", "add", where, "-", stdin=b'{"id": "undated", "text": "No day is told here."}')
    result = run("index", "expire", where, "--before", before)
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"{len(left)} left" in result.stderr
    assert ids_of(run, where) == left


def test_compact_leaves_one_segment(run: Run, where: Path) -> None:
    run("index", "remove", where, "rain")
    result = run("index", "compact", where)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("dedup: 0 segments, ")
    (stats,) = parsed(run("index", "stats", where, "--format", "jsonl"))
    assert (stats["n_segments"], stats["n_fresh"], stats["n_removed"]) == (1, 0, 0)
    assert run("index", "verify", where).exit_code == 0


def test_stats_are_told(run: Run, where: Path) -> None:
    (stats,) = parsed(run("index", "stats", where, "--format", "jsonl"))
    assert (stats["type"], stats["n_articles"]) == ("stats", 3)
    assert stats["n_chars"] == sum(len(record["text"]) for record in RECORDS)
    assert run("index", "stats", where).stdout.startswith("articles   3\n")


def test_verify_names_file_and_bytes_of_each_fault(run: Run, where: Path) -> None:
    result = run("index", "verify", where)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"dedup: {where}: no faults\n"
    run("index", "compact", where, "--quiet")
    (segment,) = where.glob("*.seg")
    with segment.open("r+b") as stream:
        for at in (100_000, 200_000):
            stream.seek(at)
            byte = stream.read(1)[0]
            stream.seek(at)
            stream.write(bytes([byte ^ 1]))
    result = run("index", "verify", where)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.startswith(f"{segment}: damaged between byte ") for line in lines] == [True] * 2
    assert result.stderr == f"dedup: error: {where}: 2 faults\n"
    faults = parsed(run("index", "verify", where, "--format", "jsonl"))
    assert [f"{fault['path']}: {fault['reason']}" for fault in faults] == lines


@pytest.mark.parametrize("name", [name for name in SUBCOMMANDS if name not in MAKING])
def test_where_there_is_none_none_is_made(run: Run, feed: Path, tmp_path: Path, name: str) -> None:
    more = {
        "query": [feed],
        "rebuild": [tmp_path / "new"],
        "remove": ["x"],
        "expire": ["--before", "2024-01-01"],
    }
    result = run("index", name, tmp_path / "none", *more.get(name, []))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"dedup: error: {tmp_path / 'none'}: not an index: no such directory\n"
    assert not (tmp_path / "none").exists()


def test_a_directory_of_other_files_becomes_no_index(run: Run, feed: Path) -> None:
    before = sorted(feed.parent.iterdir())
    result = run("index", "add", feed.parent, feed)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not an index, and not empty: an index needs its own directory" in result.stderr
    assert sorted(feed.parent.iterdir()) == before


def test_a_second_writer_waits_and_is_refused(run: Run, where: Path, feed: Path) -> None:
    with (where / "lock").open("ab") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        result = run("index", "add", where, feed, "--timeout", "0")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"dedup: error: {where}: another process writes to it")
        assert run("index", "query", where, feed, "--quiet").exit_code == 0


def test_another_recipe_is_refused_by_name(run: Run, feed: Path, tmp_path: Path) -> None:
    params = dedup.Params(sketch=dedup.SketchParams(k=4))
    dedup.Index(tmp_path / "other", params).close()
    for command in ("add", "query"):
        result = run("index", command, tmp_path / "other", feed)
        assert (result.exit_code, result.stdout) == (1, "")
        (line,) = result.stderr.splitlines()
        assert "made with sketch.k = 4, not 3: use the preset and the --set options" in line
        asked = run("index", command, tmp_path / "other", feed, "--set", "sketch.k=4")
        assert asked.exit_code == 0
    for command in ("stats", "verify", "export", "compact"):
        assert run("index", command, tmp_path / "other").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["add"],
        ["add", "x"],
        ["remove", "x"],
        ["expire", "x"],
        ["expire", "x", "--before", "yesterday"],
        ["add", "x", "y", "--timeout", "-1"],
        ["stats", "x", "--format", "csv"],
        ["export", "x", "--text-field", "y"],
    ],
)
def test_wrong_usage_exits_with_2(run: Run, arguments: list[str]) -> None:
    result = run("index", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr


def test_strict_stops_and_keeps_what_was_told(run: Run, where: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    fine = [{"id": str(n), "text": f"Text {n}."} for n in range(600)]
    path = write(tmp_path / "bad.jsonl", *fine, [])
    result = run("index", "add", where, path, "--strict", "--format", "jsonl", "--output", target)
    assert result.exit_code == 1
    assert result.stderr.endswith(f"{path}:601: must be a JSON object, not a list\n")
    assert not target.exists()
    part = Path(f"{target}.partial").read_bytes()
    told = [json.loads(line) for line in part.splitlines()]
    assert len(told) == 600
    assert ids_of(run, where)[3:] == [line["id"] for line in told]
    assert f"stored 600 articles before stopping; results are in {target}" in result.stderr


def test_nothing_readable_is_a_failure(run: Run, where: Path, tmp_path: Path) -> None:
    for name in ("add", "query"):
        result = run("index", name, where, tmp_path / "none.jsonl", "--quiet")
        assert result.exit_code == 1
        assert result.stderr == f"dedup: error: {tmp_path}/none.jsonl: No such file or directory\n"


def test_bars_are_drawn_when_asked_for(run: Run, where: Path, feed: Path) -> None:
    assert "articles: 3 items" in run("index", "add", where, feed, "--progress").stderr
    assert "articles:" not in run("index", "query", where, feed).stderr


def test_a_full_disk_is_named_and_what_was_stored_stays(
    run: Run, feed: Path, where: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "out")

    monkeypatch.setattr(Output, "write", fail)
    result = run("index", "add", tmp_path / "new", feed)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "dedup: error: out: No space left on device"
    monkeypatch.undo()
    assert ids_of(run, tmp_path / "new") == ["sale", "rain", "rents"]


def in_threes(items: Iterator[int]) -> Iterator[int]:
    """Pass items on as an index does: three are taken before the first of them is given."""
    block: list[int] = []
    for item in items:
        block.append(item)
        if len(block) == 3:
            yield from block
            block = []
    yield from block


def tell(told: list[int], n_items: int, interrupted: Sequence[int]) -> None:
    """Note items, with an interrupt while each of some is noted."""
    with Interrupts() as interrupts:
        for item in in_threes(interrupts.guard(iter(range(n_items)))):
            for _ in range(interrupted.count(item)):
                os.kill(os.getpid(), signal.SIGINT)
            told.append(item)


@pytest.mark.parametrize(
    ("n_items", "interrupted", "expected"),
    [
        (100, [4], [0, 1, 2, 3, 4, 5]),
        (100, [5], [0, 1, 2, 3, 4, 5]),
        (5, [4], [0, 1, 2, 3, 4]),  # all is done, and still it was interrupted
        (100, [3, 4], [0, 1, 2, 3]),  # a second one does not wait
        (100, [0, 0], []),
    ],
)
def test_an_interrupt_waits_until_all_that_is_stored_is_told(
    n_items: int, interrupted: list[int], expected: list[int]
) -> None:
    told: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        tell(told, n_items, interrupted)
    assert told == expected
    assert signal.getsignal(signal.SIGINT) is before


def test_without_an_interrupt_all_is_told() -> None:
    told: list[int] = []
    tell(told, 7, [])
    assert told == list(range(7))


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start a command, whose streams are read as they are: `communicate` skips what is buffered."""
    return subprocess.Popen(
        [sys.executable, "-m", "dedup", "index", *map(str, arguments)],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_ctrl_c_while_adding_leaves_what_was_told(run: Run, tmp_path: Path) -> None:
    articles, _ = synthesize(3000, seed=4, plant_rate=0.7)
    feed = write(tmp_path / "many.jsonl", *articles)
    started = start("add", tmp_path / "new", feed, "--format", "jsonl")
    assert started.stdout is not None
    first = started.stdout.readline()
    started.send_signal(signal.SIGINT)
    output, said = started.communicate(timeout=120)
    assert started.returncode == 130
    assert said.endswith(b"results are in standard output\ndedup: interrupted\n")
    told = [json.loads(line)["id"] for line in [first, *output.splitlines()]]
    assert told == [record["id"] for record in articles[: len(told)]] != []
    assert len(told) < 3000
    assert ids_of(run, tmp_path / "new") == told
    assert run("index", "verify", tmp_path / "new").exit_code == 0


def test_ctrl_c_while_input_is_awaited_comes_at_once(where: Path) -> None:
    started = start("add", where, "-", "--progress")
    assert started.stdin is not None
    assert started.stderr is not None
    started.stdin.write(b'{"id": "x", "text": "Half a block."}\nno JSON\n')
    said = started.stderr.readline()
    if said.startswith(b"dedup: loading the engine"):  # a machine that has much to do
        said = started.stderr.readline()
    assert said.startswith(b"dedup: skipped -:2: invalid JSON")
    started.send_signal(signal.SIGINT)
    assert started.wait(timeout=60) == 130
    started.communicate()


@pytest.mark.parametrize("name", ["add", "query", "export"])
def test_a_reader_that_leaves_is_no_error(where: Path, feed: Path, name: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    paths = [] if name == "export" else [str(feed)]
    command = [sys.executable, "-m", "dedup", "index", name, str(where), *paths]
    quiet = "--quiet"
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run([*command, quiet], stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
