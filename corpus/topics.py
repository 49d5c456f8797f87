"""Invented events that outlets report independently of one another, and what they could lift."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that stands in no article, to be put into one.

    Parameters
    ----------
    text : str
        Without its full stop; of a quotation what stands between the marks.
    is_quote : bool
        Whether somebody says it.
    """

    text: str
    is_quote: bool

    @property
    def printed(self) -> str:
        """The sentence as an article prints it, with its marks."""
        return print_sentence(self.text, self.is_quote)


@dataclass(frozen=True, slots=True)
class Event:
    """What several outlets report without copying from one another.

    Parameters
    ----------
    name : str
        Name of the event.
    texts : tuple of str
        The articles, one an outlet.
    retold : str
        What another agency made of the same facts, in the order of the first article.
    sentences : tuple of Sentence
        What stands in none of them.
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
    """Give a sentence its full stop, a quotation its marks as well.

    Parameters
    ----------
    text : str
        Without either.
    is_quote : bool
        Whether it is a quotation.

    Returns
    -------
    str
        What an article prints.
    """
    return f'"{text}."' if is_quote else f"{text}."
