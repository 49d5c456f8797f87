"""Laws of files and folders that appear whole or not at all."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from dedup.runtime.whole_file import MARK, whole_file, whole_folder

ENDS = [KeyboardInterrupt, OSError, ValueError]


def _tree(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def _write(folder: Path, keeps: bool, end: type[BaseException] | None) -> None:
    with whole_folder(str(folder), keeps_partial=keeps) as part:
        (part / "sub").mkdir()
        (part / "sub" / "new").write_text("new")
        if end:
            raise end


@pytest.mark.parametrize("is_durable", [False, True])
def test_a_file_is_replaced_behind_its_link(tmp_path: Path, is_durable: bool) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "file").chmod(0o600)
    (tmp_path / "link").symlink_to("file")
    with whole_file(tmp_path / "link", is_durable=is_durable) as part:
        part.stream.write(b"new")
        assert (tmp_path / "file").read_text() == "old"
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert _tree(tmp_path) == {"file": "new", "link": "new"}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("is_kept", [False, True])
def test_an_error_leaves_a_file_as_it_was(
    tmp_path: Path, end: type[BaseException], is_kept: bool
) -> None:
    (tmp_path / "file").write_text("old")

    def write() -> None:
        with whole_file(tmp_path / "file") as part:
            part.stream.write(b"new")
            part.is_kept = is_kept
            raise end

    with pytest.raises(end):
        write()
    assert _tree(tmp_path) == {"file": "old"} | ({"file.partial": "new"} if is_kept else {})


@pytest.mark.parametrize("end", [None, *ENDS])
@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("before", ["missing", "empty", "own"])
def test_a_folder_is_whole_or_as_it_was(
    tmp_path: Path, end: type[BaseException] | None, keeps: bool, before: str
) -> None:
    folder = tmp_path / "out"
    if before == "empty":
        folder.mkdir()
    elif before == "own":
        with whole_folder(str(folder)) as part:
            (part / "old").write_text("old")
    with pytest.raises(end) if end else nullcontext():
        _write(folder, keeps, end)
    old = {"out/old": "old"} if before == "own" else {}
    is_kept = end is KeyboardInterrupt and keeps
    left = old | ({"out.partial/sub/new": "new"} if is_kept else {})
    found = {name: text for name, text in _tree(tmp_path).items() if not name.endswith(MARK)}
    assert found == (left if end else {"out/sub/new": "new"})
    assert not list(tmp_path.glob(".dedup-*"))


@pytest.mark.parametrize("place", ["out", "out.partial"])
@pytest.mark.parametrize("name", ["mine", "sub/mine"])
def test_a_folder_with_a_foreign_file_is_never_replaced(
    tmp_path: Path, place: str, name: str
) -> None:
    with whole_folder(str(tmp_path / place)) as part:
        (part / "old").write_text("old")
    (tmp_path / place / name).parent.mkdir(exist_ok=True)
    (tmp_path / place / name).write_text("mine")
    before = _tree(tmp_path)
    with pytest.raises(FileExistsError if place == "out" else KeyboardInterrupt):
        _write(tmp_path / "out", True, KeyboardInterrupt)
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("name", [None, "data/part"])
def test_an_error_in_a_folder_never_shows_the_hidden_name(tmp_path: Path, name: str | None) -> None:
    def write() -> None:
        with whole_folder(str(tmp_path / "out")) as part:
            raise OSError(28, "No space left on device", name and str(part / name))

    with pytest.raises(OSError, match="No space") as caught:
        write()
    assert caught.value.filename == str(tmp_path / "out")


def test_an_error_names_what_was_typed(tmp_path: Path) -> None:
    missing = str(tmp_path / "none" / "file")
    with pytest.raises(OSError, match="none/file'") as caught, whole_file(missing):
        pass
    assert caught.value.filename == missing
    (tmp_path / "file").touch()
    with (
        pytest.raises(NotADirectoryError, match="not a directory"),
        whole_folder(str(tmp_path / "file")),
    ):
        pass
