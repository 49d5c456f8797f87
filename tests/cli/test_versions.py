"""Versions of one page in the text report, and after a run was stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from click.testing import Result

from tests.pipeline.test_versions import COPY, FIRST, LATER, NEW, OLD, OWN

Run = Callable[..., Result]


def test_text_and_page_name_versions(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "in.jsonl"
    both = replace(COPY, text=f"{OWN} {FIRST} {LATER}")
    records = [one.to_dict() for one in (OLD, NEW, both)]
    path.write_text("".join(f"{json.dumps(one, default=str)}\n" for one in records))
    text = run("report", path).stdout
    assert "2 pairs share text, 1 pair is two versions of one page." in text
    assert "A and B are versions of one page" in text
    assert "in 2 versions, with new" in text
    stored, tables = tmp_path / "run.jsonl", tmp_path / "tables"
    assert (
        run("report", path, "--format", "jsonl", "--with-text", "--output", stored).exit_code == 0
    )
    assert run("render", stored).stdout == text
    run("report", path, "--format", "parquet", "--with-text", "--output", tables)
    assert run("render", tables).stdout == text
