"""Files of arrays: whatever is wrong with one is said, and nothing stored is lost."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import xxhash

import dedup
from dedup.runtime import array_file as storage

HEADER = {"recipe": "a1", "seed": 7}
ARRAY = np.arange(12, dtype=np.uint32).reshape(3, 4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "numbers"
    storage.save_array(path, "numbers", 3, HEADER, ARRAY)
    return path


def sealed(content: bytes) -> bytes:
    return content + xxhash.xxh3_128_digest(content)


@pytest.mark.parametrize("shape", [(3, 4), (0, 4), (1, 1), (4000, 100)])
def test_what_is_saved_is_loaded(tmp_path: Path, shape: tuple[int, int]) -> None:
    """The largest is more than is read at a time."""
    array = np.random.default_rng(1).integers(0, 2**32, shape, dtype=np.uint32)
    storage.save_array(tmp_path / "numbers", "numbers", 3, HEADER, array)
    header, found = storage.load_array(tmp_path / "numbers", "numbers", 3)
    assert header == HEADER
    assert found.dtype == np.uint32
    assert np.array_equal(found, array)


def test_what_is_not_contiguous_is_saved(tmp_path: Path) -> None:
    storage.save_array(tmp_path / "numbers", "numbers", 3, HEADER, ARRAY.T[::2])
    assert np.array_equal(storage.load_array(tmp_path / "numbers", "numbers", 3)[1], ARRAY.T[::2])


def test_a_file_is_the_same_bytes_each_time_and_ends_in_its_checksum(path: Path) -> None:
    content = path.read_bytes()
    storage.save_array(path, "numbers", 3, HEADER, ARRAY)
    assert path.read_bytes() == content == sealed(content[:-16])
    assert content.startswith(b'dedup numbers 3\n{"recipe": "a1", "seed": 7}\n\x93NUMPY')


def test_a_file_cut_off_anywhere_is_corrupt(path: Path) -> None:
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(dedup.CorruptFile, match="cut off"):
            storage.load_array(path, "numbers", 3)


def test_a_byte_changed_anywhere_is_noticed(path: Path) -> None:
    content = path.read_bytes()
    first_line = content.index(b"\n")
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        error = dedup.CorruptFile if at > first_line else dedup.IncompatibleFile
        with pytest.raises(error, match=str(path)):
            storage.load_array(path, "numbers", 3)


def test_bytes_appended_are_noticed(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"more")
    with pytest.raises(dedup.CorruptFile, match="checksum"):
        storage.load_array(path, "numbers", 3)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04" + bytes(500), "not a dedup numbers file"),
        (b"dedup numbers three\n", "not a dedup numbers file"),
        (b"d" * 5000, "not a dedup numbers file"),
        (b"dedup numbers 4\n{}\n", "dedup numbers, version 4; expected numbers, version 3"),
        (b"dedup letters 3\n{}\n", "dedup letters, version 3; expected numbers, version 3"),
    ],
)
def test_another_file_is_refused_by_name(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(dedup.IncompatibleFile, match=message) as caught:
        storage.load_array(path, "numbers", 3)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("body", [b"", b"no json\n", b"[1]\n", b"{}\n", b"{}\n\x93NUMPY\x01\x00"])
def test_nonsense_with_a_checksum_is_corrupt(path: Path, body: bytes) -> None:
    path.write_bytes(sealed(b"dedup numbers 3\n" + body))
    with pytest.raises(dedup.CorruptFile, match="damaged"):
        storage.load_array(path, "numbers", 3)


def test_bytes_too_many_with_a_checksum_are_corrupt(path: Path) -> None:
    path.write_bytes(sealed(path.read_bytes()[:-16] + b"more"))
    with pytest.raises(dedup.CorruptFile, match="4 unexpected bytes after the array"):
        storage.load_array(path, "numbers", 3)


def test_no_object_is_ever_loaded(path: Path) -> None:
    """Pickles run what they like."""
    part = path.with_name("objects.npy")
    np.save(part, np.array([{}], dtype=object), allow_pickle=True)
    path.write_bytes(sealed(b"dedup numbers 3\n{}\n" + part.read_bytes()))
    with pytest.raises(dedup.CorruptFile, match="allow_pickle=False"):
        storage.load_array(path, "numbers", 3)


def test_a_write_that_fails_leaves_what_was_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = path.read_bytes()

    def fail(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left on device") as caught:
        storage.save_array(path, "numbers", 3, HEADER, ARRAY + 1)
    assert caught.value.filename == str(path)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_directory_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=str(tmp_path)):
        storage.save_array(tmp_path, "numbers", 3, HEADER, ARRAY)
    with pytest.raises(OSError, match="missing"):
        storage.save_array(tmp_path / "missing" / "numbers", "numbers", 3, HEADER, ARRAY)
    with pytest.raises(FileNotFoundError):
        storage.load_array(tmp_path / "missing", "numbers", 3)
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link_and_a_mode_stays_a_mode(path: Path) -> None:
    link = path.with_name("link")
    link.symlink_to(path)
    path.chmod(0o640)
    storage.save_array(link, "numbers", 3, HEADER, ARRAY + 1)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert np.array_equal(storage.load_array(path, "numbers", 3)[1], ARRAY + 1)
