"""Invented events, reported independently, and sentences to plant."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence outside all articles, to be planted.

    Parameters
    ----------
    text : str
        Text without its full stop; for a quotation, the text between the marks.
    is_quote : bool
        Whether it is a quotation.
    """

    text: str
    is_quote: bool

    @property
    def printed(self) -> str:
        """The sentence as printed, with punctuation."""
        return print_sentence(self.text, self.is_quote)


@dataclass(frozen=True, slots=True)
class Event:
    """An event that several outlets report independently.

    Parameters
    ----------
    name : str
        Name of the event.
    texts : tuple of str
        The articles, one per outlet.
    retold : str
        Another agency's report of the same facts, in the order of the first article.
    sentences : tuple of Sentence
        Sentences in none of them.
    """

    name: str
    texts: tuple[str, ...]
    retold: str
    sentences: tuple[Sentence, ...]


@cache
def load_events() -> tuple[Event, ...]:
    """Read `topics.json`.

    Returns
    -------
    tuple of Event
        In the order of the file.
    """
    path = Path(__file__).with_name("topics.json")
    return tuple(
        Event(
            record["event"],
            tuple("\n\n".join(article["paragraphs"]) for article in record["articles"]),
            "\n\n".join(record["retold"]["paragraphs"]),
            tuple(Sentence(one["text"], one["quote"]) for one in record["sentences"]),
        )
        for record in json.loads(path.read_text(encoding="utf-8"))
    )


def print_sentence(text: str, is_quote: bool) -> str:
    """Add a full stop, and marks if it is a quotation.

    Parameters
    ----------
    text : str
        Text without punctuation.
    is_quote : bool
        Whether it is a quotation.

    Returns
    -------
    str
        The printed sentence.
    """
    return f'"{text}."' if is_quote else f"{text}."
