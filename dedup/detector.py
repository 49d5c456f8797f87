"""The front door of the engine: the only place where the stages meet a look-up."""

from __future__ import annotations

import numpy as np

from dedup.model import Article, Overlap, Span
from dedup.params import Params
from dedup.stages.align import align
from dedup.stages.overlap import make_overlap
from dedup.stages.sketch import sketch
from dedup.stages.tokenize import Tokens, tokenize


def compare(a: Article | str, b: Article | str, params: Params | None = None) -> Overlap:
    """Compare two articles, whether or not a search would have paired them.

    Parameters
    ----------
    a, b : Article or str
        What to compare; bare texts are named ``a`` and ``b``.
    params : Params or None
        Defaults to the preset ``news``.

    Returns
    -------
    Overlap
        All that they share.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> compare(text, "It was late. " + text).relation
    'contained'
    """
    params = params or Params()
    articles = [
        article if isinstance(article, Article) else Article(name, article)
        for name, article in (("a", a), ("b", b))
    ]
    texts = [article.text for article in articles]
    tokens = tokenize(texts)
    (passages,) = align(texts, tokens, np.array([[0, 1]]), params)
    jaccard = sketch(tokens, params.sketch).jaccard(np.array([0]), np.array([1]))
    return make_overlap(
        (articles[0].id, articles[1].id),
        (_extent(tokens, 0), _extent(tokens, 1)),
        passages,
        float(jaccard[0]),
        params.overlap,
    )


def _extent(tokens: Tokens, article: int) -> Span:
    first, last = tokens.offsets[article], tokens.offsets[article + 1]
    if first == last:
        return Span(0, 0)
    return Span(int(tokens.starts[first]), int(tokens.ends[last - 1]))
