"""Where a page goes: a file, a folder, a folder that is somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import dedup

Run = Callable[..., Result]
SENTENCE = (
    "The harbor authority said on Monday that the old lighthouse would be sold at auction in May, "
    "after three attempts to find a tenant had failed."
)


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(f"Fog is expected tonight in the bay. {SENTENCE}\n")
    (folder / "b.txt").write_text(f"{SENTENCE} Rents are rising everywhere else.\n")
    return folder


def test_a_file_is_one_page(run: Run, twice: Path, tmp_path: Path) -> None:
    result = run("report", twice, "--format", "html", "--output", tmp_path / "r.html")
    assert result.exit_code == 0, result.output
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>\n")
    assert "old lighthouse" in page
    assert run("report", twice, "--format", "html").stdout == page


def test_a_path_without_a_suffix_is_a_folder(run: Run, twice: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    for more in ([], ["--overwrite"]):  # what is there of an earlier report is replaced
        result = run("report", twice, "--format", "html", "--output", target, *more)
        assert result.exit_code == 0, result.output
        assert sorted(one.name for one in target.glob("[!.]*")) == ["data", "index.html"]
    result = run("report", twice, "--format", "html", "--output", target)
    assert result.exit_code == 2
    assert "holds an earlier result" in result.stderr
    assert "old lighthouse" in (target / "data" / "texts-0.js").read_text(encoding="utf-8")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["articles", "out"]


def test_the_folder_of_somebody_else_stays(run: Run, twice: Path, tmp_path: Path) -> None:
    before = sorted(one.name for one in twice.iterdir())
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("mine")
    for form in ("html", "csv", "parquet", "png"):
        result = run("report", twice, "--format", form, "--output", other, "--overwrite")
        assert result.exit_code == 2
        assert "holds other files" in result.stderr
    assert [one.name for one in other.iterdir()] == ["index.html"]
    assert sorted(one.name for one in twice.iterdir()) == before


def test_a_folder_in_a_folder_that_is_missing_is_named(
    run: Run, twice: Path, tmp_path: Path
) -> None:
    target = tmp_path / "none" / "out"
    result = run("report", twice, "--format", "html", "--output", target)
    assert result.exit_code == 1
    assert f"{target}: No such file or directory" in result.stderr
    assert "part" not in result.stderr.replace(str(tmp_path), "")


def test_a_failure_leaves_the_folder_as_it_was(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    result = run("report", tmp_path / "none", "--format", "html", "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert [one.name for one in tmp_path.iterdir()] == ["none"]


def test_an_interrupted_page_is_none(run: Run, engine: object, twice: Path, tmp_path: Path) -> None:
    engine.failure = KeyboardInterrupt()  # type: ignore[attr-defined]
    for name in ("out", "out.html"):
        result = run("report", twice, "--format", "html", "--output", tmp_path / name)
        assert result.exit_code == 130
    assert [one.name for one in tmp_path.iterdir()] == ["articles"]


def test_pictures_go_into_a_folder(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra plots")
    target = tmp_path / "figures"
    corpus = Path(__file__).parents[2] / "corpus" / "articles.jsonl"
    result = run("report", corpus, "--format", "png", "--output", target)
    assert result.exit_code == 0, result.output
    names = sorted(one.name for one in target.iterdir())
    assert names == [".dedup", "outlets.png", "timeline.png"]


def test_pictures_need_a_folder(run: Run, twice: Path) -> None:
    result = run("report", twice, "--format", "png")
    assert result.exit_code == 2
    assert "give --output DIR" in result.stderr


def test_two_articles_make_a_page(run: Run, twice: Path) -> None:
    result = run("compare", twice / "a.txt", twice / "b.txt", "--format", "html")
    assert result.exit_code == 0, result.output
    assert '"isPair":true' in result.stdout


def test_the_order_of_the_input_changes_nothing(run: Run, twice: Path) -> None:
    there = run("report", twice / "a.txt", twice / "b.txt", "--format", "html").stdout
    assert run("report", twice / "b.txt", twice / "a.txt", "--format", "html").stdout == there
    assert dedup.__version__ in there
