"""What repeats is dropped and nothing else, and counts add up."""

from __future__ import annotations

import re
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from bench.filtering import judge
from corpus.templated_news import make_news
from corpus.templates import load_templates
from dedup.model import ArticleSummary, Boilerplate, Report
from dedup.params import MIN_MEMORY
from dedup.pipeline.aligned import LinkCollector, PairComparer
from dedup.pipeline.filter import Level
from dedup.pipeline.sketched import choose_bands
from tests.strategies import law

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
    found = LinkCollector(contained=False)
    found.relations = ("duplicate", "shares")
    comparing = PairComparer(report, dedup.Params(), found)
    assert bool(list(comparing.compare("a", ["b"]))) is not is_masked


POOL = (
    "The harbor authority said on Monday that the old lighthouse would be sold at auction in May, "
    "after three attempts to find a tenant had failed. Ferries may be late in the evening.",
    "Voters in the valley rejected a new tunnel by a margin of nine points. Farmers had argued "
    "that the excavation would drain their wells; hauliers hoped for a shorter route in winter.",
    "Rain.",
    "",
)
collections = st.lists(
    st.builds(
        lambda id, text, end, day: dedup.Article(id, text + end, "Wire", f"2023-01-{day:02}"),
        st.sampled_from(["a", "b", "a (2)", "c"]),
        st.sampled_from(POOL),
        st.sampled_from(["", " More follows.", " Elsewhere."]),
        st.integers(1, 28),
    ),
    max_size=9,
)
levels = st.sampled_from(["passages", "document"])


@law(60)
@given(collections, collections, levels)
def test_kept_and_dropped_add_up(
    articles: list[dedup.Article], old: list[dedup.Article], level: Level
) -> None:
    found = dedup.filter(articles, against=old, level=level)
    numbers = [one.number for one in found.dropped]
    assert sorted(set(numbers)) == numbers
    rest = [one for at, one in enumerate(articles) if at not in set(numbers)]
    assert list(found.kept) == rest
    assert [found.kept[at] for at in range(len(found.kept))] == rest
    kept_texts = [one.text for one in [*found.kept, *old]]
    assert len({one.text for one in found.kept}) == len(found.kept)
    for one in found.dropped:
        if one.similarity == 1.0 and one.jaccard == one.coverage == 1.0:
            assert any(articles[one.number].text in text for text in kept_texts)
    # The old collection repeats nothing of what is kept, word for word.
    assert not {one.text for one in found.kept} & {one.text for one in old}


@pytest.mark.parametrize("level", ["passages", "document"])
def test_different_news_of_one_template_are_kept(level: Level) -> None:
    news = make_news(400, 5, copied=0.1)
    row = judge(news, level)
    assert row.n_wrong == 0
    n_copies = sum(one.copy_of is not None for one in news)
    assert row.n_dropped == n_copies - row.n_missed
    assert row.n_missed <= 0.1 * n_copies


@law(20)
@given(st.integers(0, 1000), st.sampled_from([0.3, 0.5, 0.7, 0.9, 1.0]), levels)
def test_a_dropped_article_is_as_similar_as_asked(seed: int, least: float, level: Level) -> None:
    rng = Random(seed)
    words = [f"w{rng.randrange(400)}" for _ in range(120)]
    texts = []
    for _ in range(8):
        at, n = rng.randrange(100), rng.randrange(60)
        texts.append(
            " ".join(words[:at] + [f"v{rng.randrange(900)}" for _ in range(n)] + words[at:])
        )
    articles = [dedup.Article(str(at), text) for at, text in enumerate(texts)]
    found = dedup.filter(articles, min_similarity=least, level=level)
    assert len(found.kept) + len(found.dropped) == len(articles)
    sketches = dedup.sketch(texts)
    for one in found.dropped:
        assert one.similarity is not None
        assert one.similarity >= least
        if level == "document":
            a, b = one.number, int(one.duplicate_of)
            expected = 1.0 if texts[a] == texts[b] else sketches.jaccard(a, b)
            assert one.similarity == pytest.approx(expected, abs=1e-4)
    stricter = dedup.filter(articles, min_similarity=(1 + least) / 2, level=level)
    assert len(stricter.dropped) <= len(found.dropped)


@pytest.mark.parametrize("level", ["passages", "document"])
@pytest.mark.parametrize("n_old", [0, 1, 2])
def test_equal_articles_get_one_verdict(level: Level, n_old: int) -> None:
    text = " ".join(f"word{at}" for at in range(200))
    texts = [text, *(text.replace("word7 ", "word8 "),) * 3]
    articles = [
        dedup.Article(str(at), one, None, f"2023-01-0{at + 1}") for at, one in enumerate(texts)
    ]
    found = dedup.filter(articles[n_old:], against=articles[:n_old], level=level)
    assert [one.id for one in found.kept] == ["0"][n_old:]
    assert {one.duplicate_of for one in found.dropped} == {"1" if n_old == 2 else "0"}
    assert all((one.similarity == 1) == (n_old == 2) for one in found.dropped)


def test_a_lower_similarity_drops_more() -> None:
    words = [f"word{at}" for at in range(100)]
    texts = [" ".join(words), " ".join([*words[:70], *(f"other{at}" for at in range(30))])]
    articles = [dedup.Article(str(at), text) for at, text in enumerate(texts)]
    assert not dedup.filter(articles).dropped
    (one,) = dedup.filter(articles, min_similarity=0.4).dropped
    assert one.reason == "similar"
    shorter = [articles[0], dedup.Article("1", " ".join(words[:70]))]
    assert not dedup.filter(shorter, level="document").dropped
    (one,) = dedup.filter(shorter, level="document", min_similarity=0.6).dropped
    assert one.similarity is not None
    assert one.reason == ("duplicate" if one.similarity >= 2 / 3 else "similar")
    longer = [articles[0], dedup.Article("1", " ".join(words[:95]))]
    for level in get_args(Level):
        (one,) = dedup.filter(longer, level=level, min_similarity=0.4).dropped
        assert one.reason == "duplicate"


def test_only_a_lower_limit_makes_copies_similar() -> None:
    words = [f"word{at}" for at in range(100)]
    edited = [f"other{at}" if at % 8 == 4 else word for at, word in enumerate(words)]
    articles = [dedup.Article("0", " ".join(words)), dedup.Article("1", " ".join(edited))]
    (one,) = dedup.filter(articles).dropped
    assert one.similarity is not None
    assert one.similarity < 0.8
    assert one.reason == "duplicate"
    (one,) = dedup.filter(articles, min_similarity=0.4).dropped
    assert one.reason == "similar"


@pytest.mark.parametrize("level", ["passages", "document"])
def test_facts_must_agree_at_any_similarity(level: Level) -> None:
    (template, *_) = load_templates("news_templates.json")
    texts = ["\n\n".join(template.fill(template.draw(Random(seed)))) for seed in range(4)]
    articles = [dedup.Article(str(at), text) for at, text in enumerate(texts)]
    assert not dedup.filter(articles, level=level, min_similarity=0.2).dropped


def test_a_preferred_outlet_without_articles_is_named(caplog: pytest.LogCaptureFixture) -> None:
    articles = [dedup.Article(id, TEXTS[0], id.upper()) for id in "ab"]
    found = dedup.filter(articles, prefer_outlets=["b", "nosuch"])
    assert [one.id for one in found.kept] == ["b"]
    assert [record.getMessage() for record in caplog.records] == [
        "no article is from the preferred outlet 'nosuch'"
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "words"}, "by must be one of duplicate, story, not 'words'"),
        ({"keep": "best"}, "keep must be one of earliest, longest, outlet, not 'best'"),
        ({"level": "line"}, "level must be one of passages, document, not 'line'"),
        ({"min_similarity": 0}, "min_similarity must be above 0 and at most 1, not 0"),
        ({"min_similarity": True}, "not True"),
        ({"min_similarity": float("nan")}, "not nan"),
        ({"by": "story", "min_similarity": 0.5}, "min_similarity is about pairs"),
        ({"by": "story", "level": "document"}, "level 'document' is about pairs"),
        ({"level": "document", "contained": True}, "contained needs level 'passages'"),
        ({"by": "story", "contained": True}, "contained is about pairs"),
        ({"keep": "outlet"}, "keep 'outlet' needs prefer_outlets"),
        ({"keep": "longest", "prefer_outlets": ["x"]}, "prefer_outlets needs keep 'outlet'"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(dedup.ParameterError, match=re.escape(message)):
        dedup.filter([], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", ["passages", "document"])
def test_an_item_that_is_no_article_is_named(level: Level) -> None:
    with pytest.raises(dedup.ParameterError, match="item 1 is str 'text'; give Article, dict"):
        dedup.filter(["text"], level=level)  # type: ignore[list-item]


@law(30)
@given(st.integers(2, 128), st.floats(0.05, 1.0))
def test_bands_miss_few_pairs_at_the_limit(n_perm: int, least: float) -> None:
    bands = choose_bands(n_perm, least)
    assert 1 <= bands.n_bands * bands.n_rows <= n_perm
    assert bands.n_rows == 1 or (1 - least**bands.n_rows) ** bands.n_bands <= 1e-3


def test_memory_does_not_change_the_result() -> None:
    news = make_news(300, 7, copied=0.3)
    articles = [dedup.Article(str(at), one.text) for at, one in enumerate(news)]
    plain = dedup.filter(articles, level="document")
    tight = dedup.filter(articles, level="document", memory=MIN_MEMORY, jobs=2)
    assert tight.dropped == plain.dropped
    assert list(tight.kept) == list(plain.kept)
