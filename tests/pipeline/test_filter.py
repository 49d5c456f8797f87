"""Copies among which the search left pairs out are compared as the search compares."""

from __future__ import annotations

import pytest

import dedup
from dedup.model import ArticleSummary, Boilerplate, Report
from dedup.pipeline.filter import _LinkCollector, _PairComparer

NOTICE = (
    "The foundation of the regional press supports independent reporting on rivers and harbors, "
    "with grants that every editor may apply for until the autumn, and readers can help as well."
)
TEXTS = (
    "Voters in the valley rejected a new tunnel by nine points.",
    "Captain Ruth Alder warned sailors to stay in port until morning.",
)


@pytest.mark.parametrize("is_masked", [False, True])
def test_boilerplate_makes_no_copy(is_masked: bool) -> None:
    articles = [
        dedup.Article(id, f"{text}\n{NOTICE}") for id, text in zip("ab", TEXTS, strict=True)
    ]
    spans = [dedup.Span(len(text) + 1, len(text) + 1 + len(NOTICE)) for text in TEXTS]
    notice = Boilerplate(None, NOTICE, 2, tuple(zip("ab", spans, strict=True)), "spread")
    summaries = tuple(ArticleSummary(one, 0.0) for one in articles)
    report = Report(summaries, (), (), (), (notice,) * is_masked, (), {}, {}, {})
    found = _LinkCollector(contained=False)
    found.relations = ("duplicate", "shares")
    comparing = _PairComparer(report, dedup.Params(), found, {"a": 0, "b": 1})
    assert bool(list(comparing.compare("a", ["b"]))) is not is_masked
