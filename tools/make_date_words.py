"""Write the words of dates in other languages: ``python -m tools.make_date_words``.

They are those of dateparser (BSD 3-Clause), which takes them from Unicode CLDR. Only a string whose
words one language knows is given to the library; the table saves loading all languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from dedup.model.date_forms import LANGUAGES
from dedup.model.date_words import find_words

TABLE = Path("dedup/model/date_words.txt")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (str(key), *_strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def main() -> None:
    """Write a line per word: the word, and the languages that have it."""
    known: dict[str, set[str]] = {}
    for language in LANGUAGES:
        found = import_module(f"dateparser.data.date_translation_data.{language}").info
        for said in _strings({**found, "english": ["utc", "gmt", "z", "t"]}):
            for word in find_words(said):
                known.setdefault(word, set()).add(language)
    order = {language: at for at, language in enumerate(LANGUAGES)}
    lines = (f"{word} {' '.join(sorted(own, key=order.__getitem__))}\n"
             for word, own in sorted(known.items()))  # fmt: skip
    TABLE.write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
