"""Articles of one id: same text, one article; different texts, different names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.model.article import Article, digest_text, name_apart

_log = logging.getLogger("dedup")

# Articles to load at once.
_STEP = 2048
# Characters of a text that decide its place; the digest decides among texts that begin alike.
HEAD = 200


class Apart(NamedTuple):
    """What becomes of articles that share an id.

    Parameters
    ----------
    names : dict of int to str
        New id by number.
    repeats : set of int
        Numbers of articles that another one repeats: same id, same text.
    """

    names: dict[int, str]
    repeats: set[int]


class _Precedence(NamedTuple):
    """Key that orders the articles of one id, whatever the order of arrival."""

    is_new: bool
    outlet: str
    url: str
    head: str
    digest: bytes
    number: int


def tell_apart(
    ids: Sequence[str],
    is_old: NDArray[np.bool_],
    load: Callable[[NDArray[np.int64]], Sequence[Article]],
) -> Apart:
    """Name articles of one id: the first by outlet, URL and text keeps it.

    Parameters
    ----------
    is_old : ndarray of bool, shape (n_articles,)
        Whether an article is old; such articles come first.
    load : callable
        Returns the articles of an array of numbers.
    """
    apart = Apart({}, set())
    for numbers in _find_shared(ids):
        places = sorted(_find_places(numbers, is_old, load))
        texts: set[bytes] = set()
        for place in places:
            if place.digest in texts:
                apart.repeats.add(place.number)
            elif texts:
                (article,) = load(np.array([place.number]))
                apart.names[place.number] = name_apart(article)
            texts.add(place.digest)
    taken = set(ids)
    apart.repeats.update(number for number, name in apart.names.items() if name in taken)
    _tell(apart)
    return apart


def _find_shared(ids: Sequence[str]) -> list[list[int]]:
    if len(set(ids)) == len(ids):
        return []
    numbers: dict[str, list[int]] = {}
    for number, id in enumerate(ids):
        numbers.setdefault(id, []).append(number)
    return [shared for shared in numbers.values() if len(shared) > 1]


def _find_places(
    numbers: Sequence[int],
    is_old: NDArray[np.bool_],
    load: Callable[[NDArray[np.int64]], Sequence[Article]],
) -> Iterator[_Precedence]:
    for first in range(0, len(numbers), _STEP):
        step = numbers[first : first + _STEP]
        for number, one in zip(step, load(np.array(step)), strict=True):
            digest = digest_text(one.text)
            outlet, url = one.outlet or "", one.url or ""
            yield _Precedence(not is_old[number], outlet, url, one.text[:HEAD], digest, number)


def _tell(apart: Apart) -> None:
    if n := len(apart.repeats):
        what = "article repeats" if n == 1 else "articles repeat"
        _log.warning(f"{n:,} {what} the id and the text of another: each counts once")
    names = [name for number, name in apart.names.items() if number not in apart.repeats]
    if names:
        n, example = len(names), sorted(names)[0]
        what = "article has" if n == 1 else "articles have"
        _log.warning(f"{n:,} {what} the id of another text: named after its content, {example}")
