"""The measure of filters: both drop planted copies, and neither drops different news."""

from __future__ import annotations

import pytest

from bench.filtering import judge, main, measure
from corpus.templated_news import make_news


def test_both_drop_exact_copies() -> None:
    pytest.importorskip("rensa")
    texts = [one.text for one in make_news(40, 1, copied=0)]
    document, rensa = measure([*texts, *texts[:7]], turns=1)
    assert document.n == rensa.n == 47
    assert document.n_dropped == 7
    assert rensa.n_dropped >= 7


def test_wrong_and_missed_are_counted() -> None:
    (article,) = make_news(1, 1)
    far = article._replace(text="Nothing of this is said anywhere else today.", copy_of=0)
    row = judge([article, article, far], "document")
    assert (row.n_dropped, row.n_wrong, row.n_missed) == (1, 1, 1)


def test_the_command_prints_a_row_for_each_level(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--news", "30"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[-2:]] == ["document", "passages"]
