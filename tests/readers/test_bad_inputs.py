"""What cannot be read: named with its place and its reason, and nothing else is lost."""

from __future__ import annotations

import gzip
import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.readers import FORMATS
from tests.readers.compression import COMPRESS

GOOD = b'{"id": "good", "text": "words"}\n'


def skipped(*paths: str | Path) -> tuple[list[str], list[dedup.SkippedRecord]]:
    reading = dedup.read(*paths)
    return [article.id for article in reading], reading.skipped


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "x", "text": "cut', "invalid JSON: Unterminated string starting at column 21"),
        (b"[1, 2]", "must be a JSON object, not a list"),
        (b'"words"', "must be a JSON object, not a string"),
        (b"null", "must be a JSON object, not null"),
        (b"12", "must be a JSON object, not a number"),
        (b"[" * 100_000, "invalid JSON: nested too deeply"),
        (b'{"id": "x"}', "no text field (present: id); name it with --text-field"),
        (b'{"text": null}', "field 'text' has no text"),
        (b'{"text": NaN}', "field 'text' has no text"),
        (b'{"text": 5}', "field 'text' must be a string, not a number"),
        (b'{"Body": {"a": 1}}', "field 'Body' must be a string, not an object"),
        (b"\0\0\0", "invalid JSON: Expecting value at column 1"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(
    tmp_path: Path, line: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(GOOD + line + b"\n" + GOOD)
    ids, faults = skipped(path)
    assert ids == ["good", "good"]
    assert faults == [dedup.SkippedRecord(str(path), reason, 2)]
    assert caplog.record_tuples == [
        ("dedup.readers", logging.WARNING, f"skipped {path}:2: {reason}")
    ]


def test_a_number_of_thousands_of_digits_costs_no_article(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        b'{"id": "a", "text": "a", "n": ' + b"9" * 5000 + b"}\n" + GOOD
    )
    assert skipped(tmp_path) == (["a", "good"], [])


def test_records_before_a_fault_of_a_compressed_file_are_read(tmp_path: Path) -> None:
    for suffix, compress in COMPRESS.items():
        for name, rest in {"cut": compress(GOOD * 999)[:-9], "other": b"other"}.items():
            path = tmp_path / f"{name}.jsonl{suffix}"
            path.write_bytes(compress(GOOD * 3) + rest)
            ids, faults = skipped(path)
            assert len(ids) >= 3, path.name
            assert ids == ["good"] * len(ids)
            assert len(faults) == 1, path.name


@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_a_text_of_a_cut_file_is_not_taken_for_whole(tmp_path: Path, suffix: str) -> None:
    raw = f"<html><body><p>{'The council closed it. ' * 9}</p></body></html>".encode() * 99
    for compression, compress in COMPRESS.items():
        path = tmp_path / f"a{suffix}{compression}"
        path.write_bytes(compress(raw)[:-5])
        ids, faults = skipped(path)
        assert (ids, len(faults)) == ([], 1), path.name
        assert "cut off" in faults[0].reason


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            b"abc\0def",
            "binary file, or text in a wide encoding (name it with --encoding): "
            "NUL byte at offset 3",
        ),
    ],
)
def test_a_bad_text_is_named(tmp_path: Path, raw: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    assert skipped(path) == ([], [dedup.SkippedRecord(str(path), reason)])


@pytest.mark.parametrize("suffix", COMPRESS)
@pytest.mark.parametrize("kept", [1, 0.5, -1])
def test_a_cut_compressed_file_is_named(tmp_path: Path, suffix: str, kept: float) -> None:
    whole = COMPRESS[suffix](GOOD)
    path = tmp_path / f"a.jsonl{suffix}"
    path.write_bytes(whole[: int(kept * len(whole)) if kept == 0.5 else int(kept)])
    ids, faults = skipped(path)
    assert ids in ([], ["good"])  # the end mark alone may be what is missing
    reason = "cut off: the compressed stream has no end"
    assert faults == [dedup.SkippedRecord(str(path), reason)]


def test_records_before_a_cut_are_read(tmp_path: Path) -> None:
    records = b"".join(b'{"text": "%d"}\n' % n for n in range(10_000))
    whole = gzip.compress(records)
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    ids, faults = skipped(tmp_path)
    assert len(ids) > 1000
    assert len(faults) == 1


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_damaged_compressed_file_is_named(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.jsonl{suffix}"
    path.write_bytes(b"this was never compressed")
    ids, faults = skipped(path)
    assert ids == []
    assert faults[0].reason.startswith("damaged compressed stream (")


def test_a_missing_path_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    ids, faults = skipped(tmp_path / "none.txt", tmp_path)
    assert ids == ["a.txt"]
    assert faults == [dedup.SkippedRecord(str(tmp_path / "none.txt"), "No such file or directory")]


def test_an_unknown_format_is_named_only_where_it_was_asked_for(tmp_path: Path) -> None:
    for name in ("a.txt", "b.pdf"):
        (tmp_path / name).write_text("words")
    assert skipped(tmp_path) == (["a.txt"], [])
    _, faults = skipped(tmp_path / "b.pdf")
    assert faults[0].reason == (
        f"unknown format (expected a suffix: {', '.join(FORMATS)}, "
        "each also with .gz, .zst, .bz2, .xz); name it with --input-format"
    )


@pytest.mark.parametrize("files", [[], ["a.pdf"], [".hidden.txt"], ["empty.jsonl"], ["in/b.pdf"]])
def test_a_directory_without_an_article_is_named(tmp_path: Path, files: list[str]) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    reason = f"contains no article (expected {', '.join(FORMATS)})"
    assert skipped(tmp_path) == ([], [dedup.SkippedRecord(str(tmp_path), reason)])


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("words")
    (tmp_path / "in/loop").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to("self.txt")
    ids, faults = skipped(tmp_path)
    assert ids == ["in/a.txt"]
    assert [(Path(fault.path).name, fault.reason) for fault in faults] == [
        ("loop", "link to a directory that was already read"),
        ("self.txt", "neither a file nor a directory, or a broken link"),
    ]


def test_a_pipe_in_a_directory_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    _, faults = skipped(tmp_path)
    assert faults[0].reason == "neither a file nor a directory, or a broken link"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_forbidden_file_and_directory_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "in"):
        (tmp_path / name).chmod(0)
    _, faults = skipped(tmp_path)
    assert [fault.reason for fault in faults] == ["Permission denied"] * 2
    (tmp_path / "in").chmod(0o700)


@pytest.mark.parametrize("method", ["open", "iterdir"])
def test_what_the_system_forbids_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def forbid(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "a.txt").write_text("words")
    monkeypatch.setattr(Path, method, forbid)
    _, faults = skipped(tmp_path)
    assert faults[0].reason == "Permission denied"


@pytest.mark.parametrize(("field", "name"), [("text", "story"), ("id", "key")])
def test_a_named_field_that_is_missing_is_not_guessed(
    tmp_path: Path, field: str, name: str
) -> None:
    (tmp_path / "a.jsonl").write_bytes(GOOD)
    reading = dedup.read(tmp_path, **{f"{field}_field": name})  # type: ignore[arg-type]
    assert list(reading) == []
    assert reading.skipped[0].reason == (
        f"no field {name!r} (present: id, text); name it with --{field}-field"
    )


def test_strict_raises_at_the_first_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(GOOD + b"{}\n")
    reading = dedup.read(path, strict=True)
    assert next(reading).id == "good"
    with pytest.raises(dedup.ReadError, match=r"a\.jsonl:2: no text field") as caught:
        next(reading)
    assert (caught.value.path, caught.value.line) == (str(path), 2)


@given(raw=st.binary(max_size=200), name=st.sampled_from(["a.txt", "a.jsonl"]))
@pytest.mark.parametrize("suffix", ["", *COMPRESS])
def test_no_bytes_are_too_bad(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, name: str, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("law") / f"{name}{suffix}"
    path.write_bytes(raw)
    ids, faults = skipped(path)
    assert ids or faults


@given(st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line), max_size=6))
def test_bad_lines_never_hide_a_good_one(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("law") / "a.jsonl"
    path.write_bytes(b"".join(line + b"\n" + GOOD for line in lines) + GOOD)
    ids, _ = skipped(path)
    assert ids.count("good") == len(lines) + 1
