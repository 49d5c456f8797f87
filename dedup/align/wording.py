"""Words of many languages that change a fact, attribute speech or tell a language.

They are read from ``wording.tsv``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def _read() -> dict[str, dict[str, frozenset[str]]]:
    """Return the languages of the words of each kind."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    text = (files("dedup.align") / "wording.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        language, kind, row = line.split("\t")
        words = found.setdefault(kind, {})
        for written in row.casefold().split():
            word = written.replace("_", " ")
            words[word] = words.get(word, frozenset()) | {language}
    return found


def read_wording(kind: str) -> dict[str, frozenset[str]]:
    """Return the words of a kind, and the languages of each.

    Parameters
    ----------
    kind : str
        ``common``, ``denial``, ``kept``, ``date`` or ``saying``.

    Returns
    -------
    dict of str to frozenset of str
        Case folded, in the order of the file; codes of ISO 639.
    """
    return _read()[kind]
