"""Conversion of a record to an article: find its fields and check their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from dedup.errors import ParameterError
from dedup.model.article import Article
from dedup.model.date_forms import find_date, is_missing
from dedup.readers.markup import clean
from dedup.readers.notes import Note, Unreadable

# In order of preference, compared by `fold_key`. A record without an id uses its URL.
GUESSES = {
    "id": ("id", "guid", "uuid", "article_id", "doc_id", "url", "link", "uri"),
    "text": (
        "text", "content", "body", "article", "full_text", "maintext", "article_text",
        "article_body", "body_text", "content_text", "text_content", "raw_text", "clean_text",
        "cleaned_text", "plain_text", "content:encoded", "content_html", "body_html", "paragraphs",
        "story", "texte", "texto", "testo", "tekst", "inhalt", "contenu", "contenido", "conteúdo",
        "contenuto", "metin", "текст", "正文", "内容", "內容", "本文", "내용", "본문", "summary",
        "description", "abstract", "lead_paragraph", "snippet",
    ),
    "outlet": (
        "outlet", "source", "publisher", "domain", "site", "site_name", "website", "newspaper",
        "publication", "source_name", "source_domain", "feed", "quelle", "zeitung", "medio",
        "fuente", "fonte", "testata", "veículo", "bron", "krant", "kaynak", "источник", "издание",
        "来源", "來源", "媒体", "媒體", "媒体名", "매체", "언론사",
    ),
    "published": (
        "published", "date", "published_at", "timestamp", "date_published", "date_publish",
        "publish_date", "publication_date", "published_date", "published_time", "pub_date",
        "web_publication_date", "issued", "datetime", "created_at", "seen_date", "time", "datum",
        "fecha", "tarih", "дата", "日期", "时间", "時間", "日付", "날짜",
    ),
    "title": (
        "title", "headline", "web_title", "titel", "titre", "título", "titulo", "titolo", "başlık",
        "заголовок", "标题", "標題", "タイトル", "제목",
    ),
    "url": ("url", "link", "web_url", "permalink"),
}  # fmt: skip
# When a record was fetched, for dates such as "2 hours ago".
_FETCHED = (
    "fetched", "fetched_at", "crawled", "crawled_at", "scraped_at", "retrieved", "retrieved_at",
    "date_download", "download_date", "downloaded_at",
)  # fmt: skip
_PUNCTUATION = str.maketrans("", "", "_- ")
# Teasers, and text that markup makes longer: taken only if there is nothing else.
_LAST_TEXTS = frozenset({
    "summary", "description", "abstract", "leadparagraph", "snippet", "contenthtml", "bodyhtml",
    "content:encoded",
})  # fmt: skip
# A text this many times longer than the preferred one is the article, and the other its teaser.
_LONGER = 3
# Levels of objects in which a text is looked for.
_DEPTH = 4
# Names in an object that stands for an outlet.
_NAMES = ("name", "title", "domain", "uri", "id")
# Names in an object that stands for a string: of WordPress, the New York Times, and of XML.
_STRINGS = ("rendered", "plain", "main", "value", "#text", "$t", "$", "_", "html")
# Keys of `Article.to_dict`.
_WHOLE = {field.name for field in fields_of(Article)}
# The name that switches a field off.
_OFF = "none"


class LocatedRecord(NamedTuple):
    """An article, its place, its record, and what was not understood of it."""

    article: Article
    path: str
    line: int | None
    raw: Any = None
    notes: tuple[Note, ...] = ()


class Converted(NamedTuple):
    """An article, and what was not understood of its record."""

    article: Article
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields of a record; a name with dots leads into objects."""

    id: str | None = None
    text: str | None = None
    outlet: str | None = None
    published: str | None = None
    title: str | None = None
    url: str | None = None

    def keys(self, record: Mapping[str, Any]) -> dict[str, str]:
        """Return the key of `record` for each field that has a value.

        Raises
        ------
        Unreadable
            If there is no text, or no id although its field was named.
        """
        keys, guesses = {}, guess_keys(tuple(record))
        for field, guessed in guesses.items():
            found = next(self._candidates(field, record, guessed), None)
            if found is not None:
                keys[field] = found
            elif field == "text" or (field == "id" and self.id and self.id.lower() != _OFF):
                raise Unreadable(_describe_missing(field, getattr(self, field), record))
        if self.text is None and len(guesses["text"]) > 1:
            keys["text"] = _choose_text(
                record, list(self._candidates("text", record, guesses["text"]))
            )
        return keys

    def dates(self, record: Mapping[str, Any]) -> list[str]:
        """Return all keys that may hold the date."""
        guessed = guess_keys(tuple(record))["published"]
        return list(self._candidates("published", record, guessed))

    def _candidates(
        self, field: str, record: Mapping[str, Any], guessed: tuple[str, ...]
    ) -> Iterator[str]:
        named = getattr(self, field)
        for key in (named,) if named else guessed:
            if _has_value(field, look_up(record, key), is_guess=not named):
                yield key


@lru_cache(maxsize=4096)
def fold_key(key: str) -> str:
    """Return a key without case and punctuation: ``Full Text`` is ``full_text``."""
    return key.lower().translate(_PUNCTUATION)


# Cached, because the records of a file have the same keys.
@lru_cache(maxsize=64)
def guess_keys(keys: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the keys that are usual names of each field, the most usual first."""
    folded = {fold_key(key): key for key in reversed(keys)}
    present = frozenset(keys)
    guesses = {}
    for field, names in GUESSES.items():
        found = (one if one in present else folded.get(fold_key(one)) for one in names)
        guesses[field] = tuple(key for key in found if key is not None)
    return guesses


_TEXTS = frozenset(map(fold_key, GUESSES["text"]))


def names_text(key: str) -> bool:
    """Return whether a key is a usual name of the text."""
    return fold_key(key) in _TEXTS


def to_article(record: Mapping[str, Any], fields: Fields, default_id: str) -> Article:
    """Convert a record to an article, see :func:`convert`."""
    return convert(record, fields, default_id).article


def convert(record: Mapping[str, Any], fields: Fields, default_id: str) -> Converted:
    """Convert a record to an article.

    Raises
    ------
    Unreadable
        If there is no text, or the id or the text has a wrong type; the message names the key.
    """
    if record.keys() == _WHOLE and isinstance(record["extra"], dict) and fields == Fields():
        with suppress(ParameterError):  # not an export: read it like any record
            return Converted(Article(**record))
    record = unwrap(record, fields)
    keys = fields.keys(record)
    notes: list[Note] = []
    values: dict[str, Any] = {"id": default_id}
    for field, key in keys.items():
        if field == "published":
            continue
        try:
            values[field] = _value(field, key, look_up(record, key))
        except Unreadable as error:
            if field == "text":
                raise
            notes.append(Note(field, f"{error}; it is left out"))
    values["text"] = _plain_text(values["text"], keys, notes)
    if "title" in values:
        values["title"] = clean(values["title"]) or values["title"]
    if "published" in keys:
        keys["published"], values["published"] = _find_published(record, fields, notes)
    if fields.text is None and keys["text"] != "text" and _is_text(record.get("text")):
        said = f"text is taken from {keys['text']!r}, longer than 'text'"
        notes.append(Note("mapping", f"{said}; --text-field names another", 1))
    taken = set(keys.values())
    extra = {key: value for key, value in record.items() if key not in taken}
    return Converted(Article(**values, extra=extra), tuple(notes))


def look_up(record: Mapping[str, Any], key: str) -> Any:
    """Return the value of a key, or of a path of keys with dots; a list of one is its element."""
    if key in record or "." not in key:
        value = record.get(key)
    else:
        value = record
        for name in key.split("."):
            value = value[0] if isinstance(value, list) and len(value) == 1 else value
            value = value.get(name) if isinstance(value, Mapping) else None
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def unwrap(record: Mapping[str, Any], fields: Fields) -> Mapping[str, Any]:
    """Lift the object with the text to the top, as ``_source`` of Elasticsearch.

    Keys beside it on the way are kept, and those nearer to the text win.
    """
    if fields.text or has_text(record, fields):
        return record
    waiting: list[Mapping[str, Any]] = [record]
    for _ in range(_DEPTH):
        inner: list[Mapping[str, Any]] = []
        for one in waiting:
            for key, value in one.items():
                if isinstance(value, Mapping):
                    merged = {**{k: v for k, v in one.items() if k != key}, **value}
                    if has_text(value, fields):
                        return merged
                    inner.append(merged)
        waiting = inner[:100]
    return record


def has_text(record: Mapping[str, Any], fields: Fields) -> bool:
    """Return whether a record has a field with text."""
    if fields.text:
        return _is_text(look_up(record, fields.text))
    return any(_is_text(record[key]) for key in _text_keys(tuple(record)))


@lru_cache(maxsize=64)
def _text_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(names_text, keys))


def kind(value: object) -> str:
    """Name the type of a JSON value, for a message."""
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return "null" if value is None else kinds.get(type(value), "a number")


def _describe_missing(field: str, named: str | None, record: Mapping[str, Any]) -> str:
    present = ", ".join(list(record)[:12]) + (", ..." if len(record) > 12 else "")
    if not named and (key := next(filter(names_text, record), None)):
        return f"field {key!r} has no {field}"
    what = f"no field {named!r}" if named else f"no {field} field"
    return f"{what} (present: {present or 'nothing'}); name it with --{field}-field"


def _choose_text(record: Mapping[str, Any], keys: list[str]) -> str:
    """Return the key of the text; another that is far longer than the first is the article."""
    chosen = keys[0]
    length = len(str(look_up(record, chosen)))
    for key in keys[1:]:
        value = look_up(record, key)
        is_longer = _is_text(value) and len(str(value)) > _LONGER * length
        if is_longer and fold_key(key) not in _LAST_TEXTS:
            chosen, length = key, len(str(value))
    return chosen


def _is_text(value: object) -> bool:
    if isinstance(value, list):
        found = [one for one in value if one is not None]
        return bool(found) and all(isinstance(one, str) for one in found)
    value = _string_in(value)
    return isinstance(value, str) and not is_missing(value)


def _string_in(value: object) -> object:
    """Return the string of an object that stands for it, or the value itself."""
    if not isinstance(value, Mapping):
        return value
    found = (value.get(name) for name in _STRINGS)
    return next((one for one in found if isinstance(one, str)), value)


def _has_value(field: str, value: object, *, is_guess: bool) -> bool:
    if isinstance(value, str):
        return not is_missing(value) or (field == "text" and value == "")
    if isinstance(value, int | float | None) and is_missing(value):
        return False
    if is_guess and field in ("outlet", "title", "url") and not _is_scalar(value):
        return _name_in(value) is not None if field == "outlet" else _is_text(value)
    return value is not None


def _value(field: str, key: str, value: object) -> object:
    if field != "outlet":
        value = _string_in(value)
    if isinstance(value, str):
        return value
    if field == "text":
        return _join(key, value)
    if field == "outlet" and (name := _name_in(value)):
        return name
    if isinstance(value, Mapping) and isinstance(value.get("$oid"), str):  # MongoDB
        return value["$oid"]
    if not _is_scalar(value):
        raise Unreadable(f"field {key!r} must be a string or a number, not {kind(value)}")
    return str(value)


def _join(key: str, value: object) -> str:
    """Return the text of a list of paragraphs, joined by blank lines."""
    # A list of one element is that element here.
    found = [one for one in value if one is not None] if isinstance(value, list) else [value]
    parts = [one for one in map(_paragraph, found) if one is not None]
    if parts and len(parts) == len(found):
        return "\n\n".join(parts)
    raise Unreadable(f"field {key!r} must be a string, not {kind(value)}")


def _paragraph(value: object) -> str | None:
    value = _string_in(value)
    if isinstance(value, Mapping):
        value = next((value[key] for key in value if names_text(key)), None)
    return value if isinstance(value, str) else None


def _plain_text(text: str, keys: Mapping[str, str], notes: list[Note]) -> str:
    plain = clean(text)
    if plain is None:
        return text
    said = f"HTML in field {keys['text']!r} is removed; spans count in the text without it"
    notes.append(Note("markup", said, 1))
    return plain


def _find_published(
    record: Mapping[str, Any], fields: Fields, notes: list[Note]
) -> tuple[str, datetime | None]:
    """Return the first date that is understood, and its key."""
    reasons: dict[str, str] = {}
    fetched = _find_fetched(record)
    for key in fields.dates(record):
        try:
            if found := find_date(look_up(record, key), fetched):
                return key, found
        except ValueError as error:
            reasons.setdefault(key, str(error))
    for key, reason in reasons.items():
        said = f"field {key!r}: {reason}; the article is undated"
        notes.append(Note("date", f"{said} (--published-field names another field, or none)"))
        return key, None
    return fields.dates(record)[0], None


def _find_fetched(record: Mapping[str, Any]) -> datetime | None:
    for key in filter(record.__contains__, _FETCHED):
        with suppress(ValueError):
            if found := find_date(record.get(key)):
                return found
    return None


def _name_in(value: object) -> str | None:
    """Return the name in an object that stands for an outlet."""
    if not isinstance(value, Mapping):
        return None
    found = (value.get(name) for name in _NAMES)
    return next((one for one in found if isinstance(one, str) and not is_missing(one)), None)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
