"""Tokens of stored articles in memory."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.index.cache import CachedTokens, TokenCache, split_tokens
from dedup.mask.mask import mask_spans
from dedup.model.article import Span
from dedup.text.tokenize import join_tokens, tokenize
from tests.index.work import same_tokens
from tests.strategies import law, news_text

TEXTS = ["One two three four five six seven eight nine ten eleven.", "", "Twelve words " * 9]


def _tokens(texts=TEXTS):
    return mask_spans(tokenize(texts), [[Span(4, 8)] for _ in texts])


def _articles(texts=TEXTS):
    return [CachedTokens(own, b"=a", None, False) for own in split_tokens(_tokens(texts))]


@law(30)
@given(st.lists(news_text(), min_size=1, max_size=5), st.data())
def test_what_is_joined_is_what_was_split(texts, data):
    split, whole = split_tokens(_tokens(texts)), _tokens(texts)
    assert same_tokens(join_tokens(split), whole)
    row = data.draw(st.integers(0, len(texts) - 1))
    assert same_tokens(split[row], whole.view(row))
    assert len(texts) == 1 or split[row].hashes.base is None


def test_what_is_found_is_what_was_put():
    cache, articles = TokenCache(), _articles()
    cache.put(range(10, 13), articles)
    assert cache.find([11, 9, 12]) == {11: articles[1], 12: articles[2]}


def test_marks_change_the_roles_alone_and_no_array_that_is_in_use():
    article = _articles()[0]
    before = article.tokens
    roles = np.arange(len(before.hashes), dtype=np.uint8)
    marked = article.mark(roles)
    after = marked.tokens
    assert (marked.is_marked, article.is_marked) == (True, False)
    assert np.array_equal(after.roles, roles)
    assert same_tokens(article.tokens, before)
    assert not before.roles.any()
    assert np.array_equal(after.ends, before.ends)
    assert np.array_equal(after.cuts, before.cuts)


def test_the_article_that_was_used_longest_ago_goes_first():
    cache = TokenCache()
    cache.put(range(3), _articles())
    size = cache.n_bytes
    cache = TokenCache(2 * size)
    cache.put(range(3), _articles())
    cache.put(range(3, 6), _articles())
    assert cache.find([0])
    cache.put(range(6, 9), _articles())
    assert [*cache.find(range(9))] == [0, 4, 5, 6, 7, 8]
    assert cache.n_bytes <= 2 * size


def test_bytes_are_those_of_what_is_held():
    cache = TokenCache()
    cache.put(range(3), _articles())
    size = cache.n_bytes
    cache.put(range(3), _articles())
    assert (cache.n_bytes, len(cache)) == (size, 3)
    cache.drop([2, 77])
    assert not cache.find([2])
    assert cache.n_bytes < size
    cache.drop([0, 1])
    assert cache.n_bytes == 0
