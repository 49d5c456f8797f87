"""Words of other languages that change a fact or attribute speech, from ``wording.tsv``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_wording(kind: str) -> tuple[str, ...]:
    """Return the words of a kind, of all languages.

    Parameters
    ----------
    kind : str
        ``denial``, ``date`` or ``saying``.

    Returns
    -------
    tuple of str
        Case folded, each once, in the order of the file.
    """
    text = (files("dedup.align") / "wording.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.casefold().splitlines() if not line.startswith("#"))
    return tuple(dict.fromkeys(word for _, own, row in rows if own == kind for word in row.split()))
