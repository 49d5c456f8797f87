"""Seeds of texts: a stretch has the same seeds in whatever article it stands."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup import _core
from dedup.params import SeedParams
from dedup.sketches.seed import find_seeds, slice_seeds
from dedup.text import tables
from dedup.text.tokenize import tokenize
from tests.strategies import law, news_text

PARAMS = SeedParams()
ROOT = Path(__file__).parents[2]


def _seeds(texts):
    found = find_seeds(tokenize(texts), PARAMS)
    assert {len(column) for column in found[:-1]} == {found.offsets[-1]}
    return found


@law(40)
@given(news_text(3), news_text(3), news_text(3))
def test_seeds_of_a_stretch_do_not_hang_on_the_rest(before, stretch, after):
    alone = _seeds([stretch]).keys.tolist()
    together = _seeds([f"{before}\n\n{stretch}\n\n{after}"]).keys.tolist()
    assert all(together.count(key) >= alone.count(key) for key in alone)


@law(40)
@given(st.lists(news_text(4), max_size=4), st.data())
def test_seeds_of_a_part_are_those_of_its_articles_alone(texts, data):
    first = data.draw(st.integers(0, len(texts)))
    last = data.draw(st.integers(first, len(texts)))
    own, alone = slice_seeds(_seeds(texts), first, last), _seeds(texts[first:last])
    for column, expected in zip(own, alone, strict=True):
        assert column.tolist() == expected.tolist()


def test_a_word_says_what_it_does_in_an_alignment_with_the_article_itself():
    texts = [article.text for article in dedup.read(ROOT / "corpus" / "articles.jsonl")]
    tokens, found = tokenize(texts), _seeds(texts)
    for at in range(len(texts)):
        part = slice(*tokens.offsets[at : at + 2])
        own_tokens = tuple(column[part] for column in tokens.columns)
        (places, _, weights, _), _, _ = _core.number_pair(own_tokens, own_tokens, tables.idf())
        bits = dict(zip(places.tolist(), weights.tolist(), strict=True))
        own = slice_seeds(found, at, at + 1)
        for position, eighths in zip(own.positions.tolist(), own.evidence[:, 1], strict=True):
            # What is less than an eighth is left out.
            assert 0 <= bits[position] - eighths / 8 < 1 / 8


def test_half_of_the_pairs_are_kept():
    """Four hundred different words make three pairs each."""
    text = " ".join(f"word{number}x" for number in range(400))
    assert 450 <= len(_seeds([text]).keys) <= 750


def test_positions_point_at_the_later_word():
    text = "of the Lachin and an embassy"
    found = find_seeds(tokenize([text]), SeedParams(sample=1))
    assert found.positions.tolist() == [5]


def test_no_articles():
    assert _seeds([]).offsets.tolist() == [0]
    assert _seeds(["", "the of"]).offsets.tolist() == [0, 0, 0]
