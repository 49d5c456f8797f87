from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import dedup

Run = Callable[..., Result]


def parsed(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_text_goes_to_standard_output_and_nothing_else_does(
    run: Run, engine: Any, news: Path
) -> None:
    result = run("report", news)
    assert result.exit_code == 0
    assert result.stdout == "No reused text found in 3 articles.\n"
    assert result.stderr == "dedup: searching\n"


def test_jsonl_is_schema_2(run: Run, engine: Any, news: Path) -> None:
    head, *articles = parsed(run("report", news, "--format", "jsonl"))
    assert (head["type"], head["schema"], head["dedup"]) == ("run", 2, dedup.__version__)
    assert "timings" not in head
    assert [article["id"] for article in articles] == ["a.txt", "b.txt", "c.txt"]


def test_timings_are_told_when_asked_for(run: Run, engine: Any, news: Path) -> None:
    result = run("report", news, "--format", "jsonl", "--timings")
    assert parsed(result)[0]["timings"] == {"align": 0.25}
    assert "dedup: align: 0.25 s\n" in result.stderr


@pytest.mark.parametrize(
    ("options", "call"),
    [
        ([], {"jobs": None, "strict": False}),
        (["--jobs", "3"], {"jobs": 3}),
        (["--strict"], {"strict": True}),
        (["--preset", "news"], {"params": dedup.Params.preset("news")}),
        (["--preset", "pan"], {"params": dedup.Params.preset("pan")}),
        (["--days", "7"], {"params": dedup.Params().with_values({"candidate.days": "7"})}),
    ],
)
def test_options_reach_the_engine(
    run: Run, engine: Any, news: Path, options: list[str], call: dict[str, Any]
) -> None:
    assert run("report", news, *options).exit_code == 0
    assert engine.call.items() >= call.items()


def test_field_options_reach_the_reader(run: Run, engine: Any) -> None:
    record = {"k": "id", "s": "text", "o": "outlet", "d": "2023-01-10", "h": "title", "l": "url"}
    names = {"id": "k", "text": "s", "outlet": "o", "published": "d", "title": "h", "url": "l"}
    options = [word for field, key in names.items() for word in (f"--{field}-field", key)]
    result = run("report", "-", *options, stdin=json.dumps(record).encode())
    assert result.exit_code == 0
    expected = {field: field for field in names} | {"published": "2023-01-10"}
    assert engine.articles == [dedup.Article(**expected)]


def test_what_was_skipped_is_named_and_counted(run: Run, engine: Any, news: Path) -> None:
    (news / "d.jsonl").write_text('{"id": "x"}\n[]\n')
    result = run("report", news)
    assert result.exit_code == 0
    assert result.stdout == "No reused text found in 3 articles, 2 inputs skipped.\n"
    assert result.stderr.splitlines() == [
        f"dedup: skipped {news}/d.jsonl:1: no text field (present: id); name it with --text-field",
        f"dedup: skipped {news}/d.jsonl:2: must be a JSON object, not a list",
        "dedup: searching",
        "dedup: 2 inputs skipped",
    ]


def test_quiet_says_nothing_but_errors(run: Run, engine: Any, news: Path) -> None:
    result = run("report", news, "--quiet", "--progress", "--timings")
    assert (result.exit_code, result.stderr) == (0, "")
    result = run("report", news / "none.txt", "--quiet")
    assert (result.exit_code, result.stdout) == (1, "")


def test_strict_stops_at_the_first(run: Run, engine: Any, news: Path) -> None:
    (news / "aa.jsonl").write_text("5\n")
    result = run("report", news, "--strict")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"dedup: error: {news}/aa.jsonl:1: must be a JSON object, not a number\n"
    )
    assert [article.id for article in engine.articles] == ["a.txt"]


def test_no_readable_article_is_a_failure(run: Run, engine: Any, tmp_path: Path) -> None:
    result = run("report", tmp_path / "none.txt", "--quiet")
    assert result.exit_code == 1
    assert result.stderr == f"dedup: error: {tmp_path}/none.txt: No such file or directory\n"
    result = run("report", tmp_path, "--quiet")
    assert (result.exit_code, result.stderr) == (
        1,
        f"dedup: error: no readable article in {tmp_path}\n",
    )
    with dedup.Index(tmp_path / "index"):
        pass
    result = run("report", tmp_path / "index", "--quiet")
    assert (result.exit_code, result.stderr) == (
        1,
        f"dedup: error: no article in {tmp_path}/index; add some: dedup index add INDEX PATH\n",
    )


def test_names_of_others_cannot_steer_the_terminal(run: Run, engine: Any, news: Path) -> None:
    result = run("report", news, "\x1b[2J\nnone.txt")
    assert "dedup: error: ␛[2J none.txt: No such file or directory\n" in result.stderr


def test_bars_are_drawn_on_standard_error_when_asked_for(run: Run, engine: Any, news: Path) -> None:
    silent, asked = run("report", news), run("report", news, "--progress")
    assert asked.stdout == silent.stdout
    assert "Reading" not in silent.stderr
    assert "Reading articles: 3 items" in asked.stderr
    assert "Comparing pairs: 100%" in asked.stderr
    assert "\ndedup: searching\n" in asked.stderr.replace("\r", "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is of Unix")
def test_a_terminal_without_a_size_has_bars(news: Path) -> None:
    import pty

    ours, theirs = pty.openpty()  # its size is 0 by 0
    call = [sys.executable, "-m", "dedup", "report", str(news), "--output", os.devnull]
    subprocess.run(call, stderr=theirs, check=True)
    os.close(theirs)
    assert b"Finding boilerplate: 100%|" in os.read(ours, 100_000)
    os.close(ours)


def test_surrogates_leave_as_utf_8(run: Run, engine: Any) -> None:
    record = rb'{"id": "\ud800\u00e9", "text": "words"}'
    result = run("report", "-", "--format", "jsonl", stdin=record)
    assert b'"\\ud800\xc3\xa9"' in result.stdout_bytes
    assert parsed(result)[1]["id"] == "\ud800é"


def test_output_takes_the_place_of_a_file_when_whole(
    run: Run, engine: Any, news: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    result = run("report", news, "--output", link)
    assert (result.exit_code, result.stdout) == (0, "")
    assert link.is_symlink()
    assert target.read_text() == "No reused text found in 3 articles.\n"
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("failure", [dedup.DedupError("no"), KeyboardInterrupt(), KeyError("x")])
def test_a_failure_leaves_the_old_output(
    run: Run, engine: Any, news: Path, tmp_path: Path, failure: BaseException
) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    engine.failure = failure
    assert run("report", news, "--output", target).exit_code != 0
    assert target.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [news, target], "no half-written file is left"


def test_a_bad_output_is_known_before_the_work(
    run: Run, engine: Any, news: Path, tmp_path: Path
) -> None:
    for target, reason in (
        (tmp_path / "none/out.txt", "No such file or directory"),
        (tmp_path, "Is a directory"),
    ):
        result = run("report", news, "--output", target)
        assert result.exit_code == 1
        assert result.stderr == f"dedup: error: {target}: {reason}\n"
    assert engine.articles == []


def test_a_device_is_written_to_and_not_replaced(run: Run, engine: Any, news: Path) -> None:
    assert run("report", news, "--output", os.devnull).exit_code == 0
    assert Path(os.devnull).is_char_device()


def test_a_full_disk_is_named(run: Run, engine: Any, news: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    result = run("report", news, "--output", "/dev/full", "--quiet")
    assert result.exit_code == 1
    assert result.stderr == "dedup: error: /dev/full: No space left on device\n"


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_tables_go_into_a_directory(
    run: Run, engine: Any, news: Path, tmp_path: Path, format: str
) -> None:
    out = tmp_path / "tables"
    result = run("report", news, "--format", format, "--output", out)
    assert (result.exit_code, result.stdout) == (0, "")
    assert (out / f"overlaps.{format}").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_tables_need_a_directory(run: Run, engine: Any, news: Path) -> None:
    result = run("report", news, "--format", "csv")
    assert result.exit_code == 2
    assert "give --output DIR" in result.stderr
    file = news / "a.txt"
    result = run("report", news, "--format", "csv", "--output", file)
    assert (result.exit_code, result.stderr) == (1, f"dedup: error: {file}: not a directory\n")
    assert len(file.read_text()) > 10


def test_an_interrupted_report_leaves_no_empty_tables(
    run: Run, engine: Any, news: Path, tmp_path: Path
) -> None:
    engine.failure = KeyboardInterrupt()
    result = run("report", news, "--format", "csv", "--output", tmp_path / "tables")
    assert result.exit_code == 130
    assert [path.name for path in tmp_path.iterdir() if "tables" in path.name] == []


def test_names_of_outlets_reach_the_engine(
    run: Run, engine: Any, news: Path, tmp_path: Path
) -> None:
    names = tmp_path / "names.csv"
    names.write_text('CBSPolitics,CBSPolitics\n"Star, The",The Star\n')
    assert run("report", news, "--outlets", names).exit_code == 0
    assert engine.call["outlets"] == {"CBSPolitics": "CBSPolitics", "Star, The": "The Star"}
    run("report", news)
    assert engine.call["outlets"] == {}
    before = names.read_bytes()
    for output in ((names,), (tmp_path, "--format", "csv", "--overwrite")):
        result = run("report", news / "a.txt", "--outlets", names, "--output", *output)
        assert (result.exit_code, names.read_bytes()) == (2, before)
        assert "does not overwrite inputs" in result.stderr


@pytest.mark.parametrize("content", ["one\n", "a,b\na,b,c\n", "a,\n", b"\xff\xfe"])
def test_a_wrong_file_of_outlets_is_named(
    run: Run, engine: Any, news: Path, tmp_path: Path, content: str | bytes
) -> None:
    names = tmp_path / "names.csv"
    names.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("report", news, "--outlets", names)
    assert result.exit_code == 2
    assert f"--outlets {names}" in result.stderr
    assert run("report", news, "--outlets", tmp_path / "none.csv").exit_code == 2


def test_articles_that_mix_scripts_inside_words_are_told(run: Run, tmp_path: Path) -> None:
    text = "The harbor will stay closed until the drought commission has reported."
    evasive = text.replace("o", "\N{CYRILLIC SMALL LETTER O}")
    records = [{"id": "plain", "text": text}, {"id": "evasive", "text": evasive}]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    told = run("report", path).stderr
    assert "1 article mixes letters of several scripts" in told
    assert "evasive" in told
    path.write_text(json.dumps(records[0]))
    assert "scripts" not in run("report", path).stderr
