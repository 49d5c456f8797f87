"""Scan the ends of articles for places where credits may stand, a batch at once.

Few articles have a credit, and patterns are slow. The core finds the first words of all names,
leads and labels; patterns then run only there. Text in letters that the core does not know is left
to the patterns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from io import BytesIO
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.mask.names import NameKey, known_names
from dedup.mask.phrases import LINKS, phrases
from dedup.pattern import lazy_pattern
from dedup.text.encode import split

_HAS_PIECE = lazy_pattern("[0-9A-Za-z_]")


class WindowScan(NamedTuple):
    """Places in a window where a credit may stand.

    Parameters
    ----------
    names : list of (int, str) or None
        Code points at which a name may begin, with its first word; None for anywhere.
    labels : list of int or None
        Code points of the labels of credit lines; None for anywhere.
    has_lead : bool
        Whether a lead such as "first published by" may be there.
    """

    names: list[tuple[int, str]] | None = None
    labels: list[int] | None = None
    has_lead: bool = True


_NOTHING = WindowScan([], [], has_lead=False)


class PhraseTable(NamedTuple):
    """Phrases to look up: names, then leads, then labels.

    Parameters
    ----------
    firsts, seconds : ndarray of uint64, shape (n_phrases,)
        See :func:`dedup._core.hash_phrases`.
    """

    names: list[NameKey]
    n_leads: int
    firsts: NDArray[np.uint64]
    seconds: NDArray[np.uint64]

    @classmethod
    def make(
        cls, names: Iterable[NameKey], leads: Sequence[str] = (), labels: Sequence[str] = ()
    ) -> PhraseTable:
        """Hash phrases that have ASCII letters."""
        names = list(names)
        encoded = [one.encode() for one in (*(key.name for key in names), *leads, *labels)]
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        keys = _core.hash_phrases(np.frombuffer(b"".join(encoded), np.uint8), offsets)
        return cls(names, len(leads), *keys)


@cache
def _credit_table() -> PhraseTable:
    leads = [trigger for trigger, _ in phrases().leads if _HAS_PIECE.search(trigger)]
    leads = list(dict.fromkeys(leads))
    labels = [label for label in (*phrases().label_words, *LINKS) if _HAS_PIECE.search(label)]
    return PhraseTable.make(known_names().list_keys(), leads, labels)


def scan_windows(windows: Sequence[str], table: PhraseTable | None = None) -> Iterator[WindowScan]:
    """Yield where credits may stand in each of some texts.

    Parameters
    ----------
    table : PhraseTable or None
        None for the names, leads and labels of the tables of agencies and outlets.
    """
    table = table or _credit_table()
    for batch in split(windows):
        encoded = batch.encode(BytesIO())
        hits, is_foreign = _core.find_phrases(*encoded, table.firsts, table.seconds)
        bounds = np.searchsorted(hits[:, 0], np.arange(len(is_foreign) + 1)).tolist()
        rows = hits[:, 1:].tolist()
        for number, foreign in enumerate(is_foreign.tolist()):
            own = rows[bounds[number] : bounds[number + 1]]
            if foreign:
                yield WindowScan()
            else:
                yield _read(own, table) if own else _NOTHING


def _read(rows: list[list[int]], table: PhraseTable) -> WindowScan:
    names: dict[tuple[int, str], None] = {}
    labels, has_lead = [], False
    for place, phrase in rows:
        if phrase < len(table.names):
            _, n_before, word = table.names[phrase]
            if place >= n_before:
                names[place - n_before, word] = None
        elif phrase < len(table.names) + table.n_leads:
            has_lead = True
        else:
            labels.append(place)
    return WindowScan(list(names), labels, has_lead)
