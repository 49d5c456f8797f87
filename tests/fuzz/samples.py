"""Files that the fuzzer damages: each format that is read, an index, and runs.

``python -m tests.fuzz.samples FILE`` makes them in a process of its own: threads of libraries must
not run where the fuzzer forks.
"""

from __future__ import annotations

import gzip
import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

Files = dict[str, bytes]
SENTENCE = "The council voted nine to four on Monday to close the Elm Street library by June."
RECORDS: list[dict[str, Any]] = [
    {
        "id": f"a{n}", "outlet": f"Outlet {n % 3}", "published": f"2023-01-0{n + 1}T10:00:00Z",
        "url": f"https://example.org/{n}", "title": f"Library {n} — “closed”", "text":
        f"Ärger {n}: people of {['four', 'five', 'six', 'seven', 'eight'][n % 5]} towns {n} met. "
        f"{SENTENCE} The mayor said that {n} of them will come back in {n + 3} weeks, \"at most\".",
        "tags": ["a", {"b": [1, 2.5, None, True]}],
    }
    for n in range(6)
]  # fmt: skip
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Library | Gazette</title>
<meta property="article:published_time" content="2023-01-10T10:00:00+01:00">
<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "headline": "Library",
"datePublished": "2023-01-10", "author": [{{"name": "Ann"}}]}}]}}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Library closes</h1><time datetime="2023-01-10">
10 January</time><p>{SENTENCE}</p><p class="x">It is <b>old</b> &amp; small&#8217;s.</p>
<table><tr><td>One</td></tr></table><!-- no --></article><footer>Imprint</footer></body></html>"""


def make() -> dict[str, Files]:
    """Return the files of each target, by name."""
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run([sys.executable, "-m", "tests.fuzz.samples", file.name], check=True)
        corpus: dict[str, Files] = pickle.loads(Path(file.name).read_bytes())
    return corpus


def _make_all() -> dict[str, Files]:
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in RECORDS)
    corpus = {
        "jsonl": {
            "a.jsonl": lines, "b.jsonl": lines.decode().encode("utf-16"),
            "c.jsonl": json.dumps(RECORDS[0], ensure_ascii=False).encode("cp1252", "replace"),
        },
        "json": {
            "a.json": json.dumps(RECORDS, indent=1).encode(),
            "b.json": json.dumps({"hits": [{"_source": one} for one in RECORDS]}).encode(),
            "c.json": json.dumps({one["id"]: one for one in RECORDS}).encode(),
        },
        "csv": _make_tables(),
        "html": {"a.html": PAGE.encode(), "b.html": PAGE.encode("utf-16")},
        "warc": {"a.warc": b"".join(_make_archive()), "b.wet": b"".join(_make_archive(True))},
        "parquet": _make_parquet(),
        "compressed": _compress(lines),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        corpus |= _make_index(Path(folder)) | _make_runs(Path(folder))
    return corpus


def _make_tables() -> Files:
    rows = [[str(one[key]) for key in ("id", "text", "outlet")] for one in RECORDS]
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows]
    head = ["id", "text", "outlet"]
    return {
        "a.csv": "\r\n".join(",".join(row) for row in [head, *quoted]).encode("utf-8-sig"),
        "b.csv": "\n".join(";".join(row) for row in [head, *quoted]).encode("cp1252", "replace"),
        "c.tsv": "\n".join("\t".join(row) for row in [head, *rows]).encode(),
    }


def _make_archive(is_wet: bool = False) -> Iterator[bytes]:
    for n in range(3):
        http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        if is_wet:
            kind, body = "conversion", RECORDS[n]["text"].encode()
        elif n == 1:
            packed = gzip.compress(PAGE.encode())
            kind, body = "response", f"{http}Content-Encoding: gzip\r\n\r\n".encode() + packed
        elif n == 2:
            raw = PAGE.encode()
            chunk = f"{len(raw):x}\r\n".encode() + raw + b"\r\n0\r\n\r\n"
            kind = "response"
            body = f"{http}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk
        else:
            kind, body = "response", f"{http}\r\n".encode() + PAGE.encode()
        media = "text/plain" if is_wet else "application/http; msgtype=response"
        yield (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/{n}\r\n"
            f"WARC-Date: 2023-01-10T10:00:00Z\r\nContent-Type: {media}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body + b"\r\n\r\n"  # fmt: skip


def _make_parquet() -> Files:
    try:
        import pyarrow.parquet
    except ImportError:
        return {}
    made: Files = {}
    table = pyarrow.Table.from_pylist([{**one, "tags": ["x", "y"]} for one in RECORDS])
    ways = [{}, {"use_dictionary": False, "compression": "none"}, {"compression": "zstd"},
            {"data_page_version": "2.0", "row_group_size": 2, "data_page_size": 100}]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for n, way in enumerate(ways):
            pyarrow.parquet.write_table(table, Path(folder, "a"), **way)
            made[f"{n}.parquet"] = Path(folder, "a").read_bytes()
    return made


def _compress(lines: bytes) -> Files:
    from tests.readers.compression import COMPRESS

    return {f"a.jsonl{suffix}": compress(lines) for suffix, compress in COMPRESS.items()}


def _make_index(folder: Path) -> dict[str, Files]:
    from dedup import Article, Index
    from dedup.index import live, schema

    with (
        patch.object(live, "FRESH", 4),  # so that there are segments, and articles that are in none
        patch.object(schema, "PAGE", 8192),  # of less unused room, so that more of the damage hits
        Index(folder / "x") as index,
    ):
        fields = ("id", "text", "outlet", "published", "url", "title")
        list(index.add_many([Article(**{key: one[key] for key in fields}) for one in RECORDS]))
        index.remove("a2")
    return {"index": {path.name: path.read_bytes() for path in (folder / "x").iterdir()}}


def _make_runs(folder: Path) -> dict[str, Files]:
    import dedup
    from dedup.cli import main

    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in RECORDS))
    given = ["report", str(path), "--with-text", "--quiet", "--output"]
    main([*given, str(folder / "run.jsonl"), "--format", "jsonl"], standalone_mode=False)
    made = {"run": {"run.jsonl": (folder / "run.jsonl").read_bytes()}}
    try:
        main([*given, str(folder / "run"), "--format", "parquet"], standalone_mode=False)
    except dedup.MissingExtra:
        return made
    tables = {path.name: path.read_bytes() for path in (folder / "run").iterdir()}
    return made | {"tables": tables}


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(pickle.dumps(_make_all()))
