"""The page on the files of an index: a sample is read with nothing but what it says."""

from __future__ import annotations

import json
import re
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest
import xxhash
import zstandard

from dedup.index.segments import KINDS, Segment
from tests.index.samples.make import FERRY, LATER, MARKET

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "index-format.md").read_text(encoding="utf-8")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Return the directory of the sample."""
    for packed in (ROOT / "tests/index/samples/v1").iterdir():
        content = zstandard.ZstdDecompressor().decompress(packed.read_bytes())
        (tmp_path / packed.stem).write_bytes(content)
    return tmp_path


def test_a_segment_has_the_bytes_that_the_page_says(sample: Path) -> None:
    (path,) = sample.glob("*.seg")
    assert re.fullmatch(r"[0-9a-f]{16}\.seg", path.name)
    content = path.read_bytes()
    n_blocks = (len(content) - 8) // 4104
    blocks = [content[k * 4096 : (k + 1) * 4096] for k in range(n_blocks)]
    table = content[n_blocks * 4096 : -8]
    sums = [xxhash.xxh64_intdigest(block) for block in blocks]
    assert list(struct.unpack(f"<{n_blocks}Q", table)) == sums
    assert struct.unpack("<Q", content[-8:]) == (xxhash.xxh64_intdigest(table),)
    first_line, header, zeros = blocks[0].split(b"\n")
    assert first_line.decode() in PAGE
    assert set(zeros) == {0}
    said = json.loads(header)
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert list(said) == list(json.loads(example))

    def section(name: str, letter: str) -> tuple[int, ...]:
        at, n = said["sections"][name]
        assert at % 4096 == 0
        assert f"`{name}`" in PAGE
        return struct.unpack_from(f"<{n}{letter}", content, at)

    segment = Segment(path, said["recipe"])
    numbers = [number + said["first"] for number in section("numbers", "I")]
    assert numbers == segment.articles.numbers.tolist()
    assert list(section("lengths", "I")) == segment.articles.lengths.tolist()
    for kind in KINDS:
        directory = section(f"{kind}/directory", "I")
        entries = section(f"{kind}/entries", "Q")
        d = (len(directory) - 1).bit_length() - 1
        assert 16 <= d <= 30
        rows = []
        for cell in range(1 << d):
            own = entries[directory[cell] : directory[cell + 1]]
            assert list(own) == sorted(own)
            for entry in own:
                key = cell << (64 - d) | (entry >> 40) << 24
                rows.append((key, (entry >> 16) % 2**24 + said["first"], entry % 2**16))
        source = segment.unpack(kind, 0, 2, 1, np.ones(99, np.bool_))
        assert rows == list(zip(*(column.tolist() for column in source), strict=True))
        assert len(rows) == len(entries) > 10


def test_the_database_has_the_tables_that_the_page_says(sample: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (`.*) \|$", PAGE.split("## SQLite")[1], re.MULTILINE)
    told = {name: re.findall(r"`(\w+)`", columns.split(":")[0]) for name, columns in rows}
    database = sqlite3.connect(sample / "index.sqlite")
    names = [
        row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    columns = {
        name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")] for name in names
    }
    assert {name: told[name] for name in names} == columns
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_rows_are_what_the_page_says(sample: Path) -> None:
    database = sqlite3.connect(sample / "index.sqlite")
    contents = dict(database.execute("SELECT number, content FROM dictionaries"))
    found = database.execute(
        "SELECT id, outlet, published, digest, dictionary, body FROM documents"
    )
    bodies = {}
    for name, outlet, published, digest, dictionary, body in found:
        content = contents.get(dictionary, b"")
        words = zstandard.ZstdCompressionDict(content, zstandard.DICT_TYPE_RAWCONTENT)
        text = zstandard.ZstdDecompressor(words).decompress(body).decode("utf-8", "surrogatepass")
        said = json.loads(text)
        bodies[name.decode()] = said
        assert xxhash.xxh3_128_digest(said["text"].encode("utf-8", "surrogatepass")) == digest
        assert outlet.decode() == ("" if said["outlet"] is None else "=" + said["outlet"])
        assert (published is None) == (said["published"] is None)
        assert all(f"`{field}`" in PAGE for field in said)
    assert {name: said["text"] for name, said in bodies.items()} == {
        article.id: article.text for article in (FERRY, MARKET, LATER)
    }
    assert bodies["ferry"]["extra"] == FERRY.extra
    assert any(row[0] for row in database.execute("SELECT dictionary FROM documents"))
    n_rows = 0
    for number, n_tokens, digest, blob in database.execute("SELECT * FROM fresh"):
        row = struct.pack("<qq", number, n_tokens) + blob
        assert xxhash.xxh3_128_digest(row) == digest
        at = 0
        for _ in KINDS:
            (n,) = struct.unpack_from("<I", blob, at)
            rows = list(struct.iter_unpack("<QI", blob[at + 4 : at + 4 + 12 * n]))
            at += 4 + 12 * n
            n_rows += len(rows)
        assert at == len(blob)
    assert n_rows > 100
    for name, n_learned, digest, blob in database.execute("SELECT * FROM outlets"):
        assert xxhash.xxh3_128_digest(name + struct.pack("<q", n_learned) + blob) == digest
        (n,) = struct.unpack_from("<Q", blob)
        assert len(blob) % 8 == 0
        assert 8 + 16 * n <= len(blob)
    database.close()
