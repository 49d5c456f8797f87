"""Seeds of texts: a stretch has the same seeds in whatever article it stands."""

from hypothesis import given

from dedup.blocks import SeedParams
from dedup.stages.seed import find_seeds
from dedup.stages.tokenize import tokenize
from tests.strategies import law, news_text

PARAMS = SeedParams()


def _seeds(texts):
    found = find_seeds(tokenize(texts), PARAMS)
    assert len(found.keys) == len(found.positions) == len(found.bits) == found.offsets[-1]
    return found


@law(40)
@given(news_text(3), news_text(3), news_text(3))
def test_seeds_of_a_stretch_do_not_hang_on_the_rest(before, stretch, after):
    alone = _seeds([stretch]).keys.tolist()
    together = _seeds([f"{before}\n\n{stretch}\n\n{after}"]).keys.tolist()
    assert all(together.count(key) >= alone.count(key) for key in alone)


@law(40)
@given(news_text(4), news_text(4))
def test_a_batch_is_one_at_a_time(left, right):
    both, one, other = _seeds([left, right]), _seeds([left]), _seeds([right])
    assert both.offsets.tolist() == [0, len(one.keys), len(one.keys) + len(other.keys)]
    for column in ("keys", "positions", "bits"):
        alone = getattr(one, column).tolist() + getattr(other, column).tolist()
        assert getattr(both, column).tolist() == alone


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
