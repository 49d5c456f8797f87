"""Tokens of stored articles in memory."""

from hypothesis import given
from hypothesis import strategies as st

from dedup.index.cache import CachedTokens, TokenCache, _count_bytes
from dedup.mask.mask import mask_spans
from dedup.model.article import Span
from dedup.text.tokenize import tokenize
from tests.index.work import same_tokens
from tests.strategies import law

TEXTS = ["One two three four five six seven eight nine ten eleven.", "", "Twelve words " * 9]


def _block(numbers, texts=TEXTS):
    tokens = mask_spans(tokenize(texts), [[Span(4, 8)] for _ in texts])
    return CachedTokens(numbers, tokens, [b"=a"] * len(texts), [None] * len(texts))


@law(20)
@given(st.permutations(range(3)))
def test_what_is_found_is_what_was_put(order):
    cache = TokenCache()
    cache.put(_block(range(10, 13)))
    for row in order:
        tokens, outlet, formulas = cache.find(10 + row)
        assert same_tokens(tokens, _block([0], TEXTS[row : row + 1]).tokens)
        assert (outlet, formulas) == (b"=a", None)
    assert cache.find(9) is None


def test_the_block_that_was_used_longest_ago_goes_first():
    size = _count_bytes(_block(range(3)))
    cache = TokenCache(2 * size)
    cache.put(_block(range(3)))
    cache.put(_block(range(3, 6)))
    assert cache.find(1)
    cache.put(_block(range(6, 9)))
    assert [n for n in range(9) if cache.find(n)] == [0, 1, 2, 6, 7, 8]
    assert cache.n_bytes == 2 * size


def test_what_is_put_again_stays_when_its_first_block_goes():
    cache = TokenCache(2 * _count_bytes(_block(range(3))))
    cache.put(_block(range(3)))
    cache.put(_block([2, 3, 4]))
    cache.put(_block(range(6, 9)))
    assert len(cache) == 6
    assert cache.find(2)
    cache.drop([2, 77])
    assert cache.find(2) is None
