"""The measure of filters: both drop planted copies, and neither drops different news."""

from __future__ import annotations

import pytest

from bench.filtering import judge, main, measure
from corpus.templated_news import make_news


def test_all_drop_exact_copies() -> None:
    pytest.importorskip("rensa")
    texts = [one.text for one in make_news(40, 1, copied=0)]
    rows = {row.what: row for row in measure([*texts, *texts[:7]], turns=1)}
    assert [*rows] == ["datasketch", "rensa", "document", "passages", "spans"]
    assert all(row.n == 47 for row in rows.values())
    assert rows["document"].n_dropped == 7
    assert all(row.n_dropped >= 7 for row in rows.values())


def test_wrong_and_missed_are_counted() -> None:
    (article,) = make_news(1, 1)
    far = article._replace(text="Nothing of this is said anywhere else today.", copy_of=0)
    row = judge([article, article, far], "document")
    assert (row.n_dropped, row.n_wrong, row.n_missed) == (1, 1, 1)


def test_the_command_prints_a_row_for_each_level(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--news", "30"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[-2:]] == ["document", "passages"]
