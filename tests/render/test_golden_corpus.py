"""What the main job prints about our own corpus, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from dedup.cli import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_the_report_on_the_corpus_is_golden(form, check_golden, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, ["report", "corpus/articles.jsonl", "--format", form])
    assert result.exit_code == 0
    check_golden(f"corpus.{'txt' if form == 'text' else form}", result.stdout_bytes)


@pytest.mark.parametrize("form", ["text", "jsonl"])
@pytest.mark.parametrize(
    ("name", "pair"),
    [("reported", ("armenia-2", "armenia-4")), ("unreported", ("armenia-1", "armenia-3"))],
)
def test_the_explanation_of_a_pair_is_golden(form, name, pair, check_golden, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments = ["explain", *pair, "--among", "corpus/articles.jsonl", "--format", form]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    check_golden(f"explain-{name}.{'txt' if form == 'text' else form}", result.stdout_bytes)
