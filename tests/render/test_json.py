from __future__ import annotations

import json as parser
import re

from hypothesis import given
from hypothesis import strategies as st

from dedup import Article
from dedup.model import SCHEMA
from dedup.render import json
from tests.render import samples

# No code unit of UTF-16 beside its other half: as JSON the two would be one character.
LONE = re.compile("[\ud800-\udbff][\udc00-\udfff]")
ANY_TEXT = st.text(st.characters()).filter(lambda text: not LONE.search(text))


def parsed(lines: list[str]) -> list[dict[str, object]]:
    return [parser.loads(line) for line in lines]


@given(ANY_TEXT, ANY_TEXT)
def test_every_line_parses_and_texts_come_back(id_: str, text: str) -> None:
    report = samples.report(
        Article(id_, text, outlet=text),
        overlaps=(samples.overlap(id_, id_, samples.passage(text, text)),),
    )
    lines = list(json.report_lines(report, "1"))
    whole = "\n".join(lines).encode().decode()
    assert whole.splitlines() == lines, "no reader of lines may see another line end"
    run, article, overlap = parsed(lines)
    assert run["type"] == "run"
    assert (article["type"], article["id"], article["outlet"]) == ("article", id_, text)
    assert (overlap["type"], overlap["a"]) == ("overlap", id_)
    assert overlap["passages"][0]["text_a"] == text  # type: ignore[index]


def test_keys_come_in_the_order_of_the_schema() -> None:
    lines = parsed(list(json.report_lines(samples.FULL, "1.2.3")))
    run, article, *_ = lines
    *_, overlap = (line for line in lines if line["type"] == "overlap")
    family, *_ = (line for line in lines if line["type"] == "family")
    boilerplate = [line for line in lines if line["type"] == "boilerplate"]
    assert list(run) == [
        *("type", "schema", "dedup", "n_articles", "n_skipped", "n_overlaps", "n_families"),
        *("n_stories", "n_boilerplate", "params", "counts"),
    ]
    assert (run["schema"], run["dedup"]) == (SCHEMA, "1.2.3")
    assert list(article) == [
        *("type", "id", "outlet", "published", "title", "url"),
        *("n_chars", "digest", "coverage", "credits"),
    ]
    assert list(overlap)[:8] == (
        ["type", "a", "b", "relation", "similarity", "jaccard", "coverage_a", "coverage_b"]
    )
    for one in boilerplate:
        assert list(one) == ["type", "outlet", "text", "n_articles", "basis", "occurrences"]
        assert list(one["occurrences"][0]) == ["article", "span"]  # type: ignore[index]
    assert overlap["capped"] is True
    assert list(overlap["passages"][0]) == [  # type: ignore[index]
        *("a", "b", "kind", "role", "quote", "identity", "confidence", "score", "n_words"),
        *("text_a", "text_b", "edits"),
    ]
    assert list(family) == ["type", "id", "n_words", "occurrences", "earliest"]
    story, *_ = (line for line in lines if line["type"] == "story")
    assert list(story)[:6] == ["type", "id", "headline", "members", "earliest", "tied"]
    assert list(story)[6:11] == ["source", "agency", "basis", "confidence", "rivals"]
    assert list(story)[11:] == ["provenance"]
    assert list(family["occurrences"][0]) == ["article", "span", "identity"]  # type: ignore[index]


def test_lines_of_one_type_stand_together() -> None:
    types = [line["type"] for line in parsed(list(json.report_lines(samples.FULL, "1.2.3")))]
    every = ["run", "article", "overlap", "family", "story", "boilerplate"]
    assert list(dict.fromkeys(types)) == every
    assert types == sorted(types, key=every.index)


def test_timings_come_only_when_asked_for() -> None:
    silent = next(json.report_lines(samples.EMPTY, "1"))
    asked = next(json.report_lines(samples.EMPTY, "1", timings=True))
    assert "timings" not in parser.loads(silent)
    assert parser.loads(asked) == parser.loads(silent) | {"timings": {"sketch": 0.5}}
