"""Synthesize news-like articles with planted passages whose spans are known exactly.

The text is drawn from a small grammar over `words.json` and generated names, so that a tokenizer
sees a skewed vocabulary, quotes, numbers and paragraphs, while two articles share a long run of
words only where a passage was planted. Spans are half-open `[start, end)` in code points, begin
and end on a letter or digit, and index into the `text` of the article they belong to.

Everything follows from the seed through `random.Random.random`, whose sequence Python promises to
keep; the first n articles of a larger corpus with the same arguments are the corpus of n.
`generate` goes on for ever; with a `reach` it keeps few articles in memory, and the articles of a
large corpus are no more alike by chance than those of a small one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

if not __package__:  # run as a file, Python searches beside it and not above it
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from corpus.edits import GRADED_KINDS, KINDS, check_edit, edit
from corpus.prose import Block, ProseWriter, coin_name, load_lexicon

__all__ = ["KINDS", "Record", "edit", "generate", "main", "synthesize", "write"]

Record = dict[str, Any]
Span = tuple[int, int]
_Mixture = tuple[float, Sequence[str], float | None]  # rate of plants, kinds of edits, their share

WHAT = {
    "substitute": "substitution",
    "insert": "insertion",
    "delete": "deletion",
    "truncate": "truncation",
}
MIN_WORDS, MAX_WORDS = 15, 60  # a sentence or several: what a reader would call a passage
MAX_PLANTS = 3  # keeps most of every article its own
SOURCE_TRIES = 8  # a source may have no paragraph left; giving up keeps the time linear
MIN_GOLD_WORDS = 8  # below one short sentence a detector may stay silent
START = datetime(2024, 1, 1, tzinfo=UTC)


class _Paragraph(NamedTuple):
    sentences: list[Span]
    is_quote: bool


class _Draft(NamedTuple):
    text: str
    free: list[_Paragraph]  # own words, copied by nobody yet


class _Plant(NamedTuple):
    source: int
    a_span: Span
    text: str
    kind: str
    fraction: float
    is_quote: bool


def synthesize(
    n_articles: int,
    seed: int = 0,
    *,
    plant_rate: float = 0.5,
    kinds: Sequence[str] = KINDS,
    fraction: float | None = None,
) -> tuple[list[Record], list[Record]]:
    """Generate articles and the gold lines of every passage planted among them.

    Parameters
    ----------
    n_articles : int
        Number of articles to write, oldest first.
    seed : int
        Equal seeds give equal bytes in every process and on every machine.
    plant_rate : float
        Probability that an article carries a passage of an earlier one; a second and a third
        follow with the same probability each.
    kinds : sequence of str
        The edits to draw from, a subset of `KINDS`.
    fraction : float or None
        Share of words edited in every passage; None draws it from 0.05 to 0.40 for each.

    Returns
    -------
    articles : list of dict
        Records with id, outlet, published, url, title and text.
    gold : list of dict
        One line per planted passage: a, b, a_span, b_span, kind, quote, what, fraction. No
        passage is planted twice, so each line is all that its two spans share.

    Raises
    ------
    ValueError
        If a number is out of its range or a kind is unknown.

    Examples
    --------
    >>> articles, gold = synthesize(3, seed=1, plant_rate=1.0)
    >>> len(articles), articles[0]["id"], gold[0]["a"]
    (3, 's1-0000000', 's1-0000000')
    """
    if n_articles < 0:
        raise ValueError(f"n_articles is {n_articles}, less than 0")
    written = generate(seed, plant_rate=plant_rate, kinds=kinds, fraction=fraction)
    articles: list[Record] = []
    gold: list[Record] = []
    for article, lines in islice(written, n_articles):
        articles.append(article)
        gold += lines
    return articles, gold


def generate(
    seed: int = 0,
    *,
    plant_rate: float = 0.5,
    kinds: Sequence[str] = KINDS,
    fraction: float | None = None,
    reach: int | None = None,
) -> Iterator[tuple[Record, list[Record]]]:
    """Generate articles endlessly, each with the gold lines of its planted passages.

    Parameters
    ----------
    seed : int
        Equal seeds give equal bytes in every process and on every machine.
    plant_rate, kinds, fraction
        As in `synthesize`.
    reach : int or None
        Maximum distance of a source, and lifetime of a name, in articles; the vocabulary is then
        open. So a corpus can grow at constant similarity and memory. None allows any earlier
        article as a source, and draws all words and names from the vocabulary.

    Yields
    ------
    article : dict
        As in `synthesize`.
    gold : list of dict
        Lines where it is `b`.

    Raises
    ------
    ValueError
        If a number is out of its range or a kind is unknown.
    """
    _check(plant_rate, kinds, fraction, reach)
    return _generate(seed, (plant_rate, kinds, fraction), reach)


def _generate(
    seed: int, mixture: _Mixture, reach: int | None
) -> Iterator[tuple[Record, list[Record]]]:
    rng = Random(seed)
    drafts: deque[_Draft] = deque(maxlen=reach)
    lexicon = load_lexicon(is_open=reach is not None)
    published = START
    for number in count():
        draw_name = None if reach is None else partial(_draw_name, number, reach, rng)
        writer = ProseWriter(lexicon, rng, draw_name)
        plants = _choose_plants(drafts, mixture, rng)
        draft, spans = _assemble(writer.blocks(), plants, rng)
        published += timedelta(minutes=1 + int(rng.random() * 11))
        article = _record(_name(seed, number), draft.text, published, writer)
        gold = []
        for plant, span in zip(plants, spans, strict=True):
            source = number - len(drafts) + plant.source
            pair = {"a": _name(seed, source), "b": article["id"]}
            gold.append(pair | _gold_line(drafts[plant.source], draft, plant, span))
        drafts.append(draft)
        yield article, gold


def _draw_name(number: int, reach: int, rng: Random) -> str:
    """Draw a current name; each article retires one name and adds one."""
    return coin_name(number + int(rng.random() * reach))


def _name(seed: int, number: int) -> str:
    return f"s{seed}-{number:07d}"


def write(directory: Path, articles: Sequence[Record], gold: Sequence[Record]) -> None:
    """Write `articles.jsonl` and `gold.jsonl`, creating the directory if need be.

    Parameters
    ----------
    directory : pathlib.Path
        Where the two files go; files of these names are replaced.
    articles, gold : sequence of dict
        Result of `synthesize`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, records in (("articles", articles), ("gold", gold)):
        with (directory / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
            lines.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str or None
        Words of the command line; None takes those of the process.
    """
    parser = argparse.ArgumentParser(description="Synthesize articles with planted passages.")
    parser.add_argument("--articles", type=int, required=True, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plant-rate", type=float, default=0.5)
    parser.add_argument("--fraction", type=float, help="share of words edited; drawn if absent")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    try:
        articles, gold = synthesize(
            options.articles,
            options.seed,
            plant_rate=options.plant_rate,
            kinds=options.kinds,
            fraction=options.fraction,
        )
    except ValueError as error:
        parser.error(str(error))
    write(options.output, articles, gold)


def _check(
    plant_rate: float, kinds: Sequence[str], fraction: float | None, reach: int | None
) -> None:
    if reach is not None and reach < 1:
        raise ValueError(f"reach is {reach}, less than 1")
    if not 0.0 <= plant_rate <= 1.0:
        raise ValueError(f"plant_rate is {plant_rate}, not in [0, 1]")
    if not kinds:
        raise ValueError("no kind of edit to draw from")
    for kind in kinds:
        check_edit(kind, 0.0 if fraction is None else fraction)


def _choose_plants(drafts: Sequence[_Draft], mixture: _Mixture, rng: Random) -> list[_Plant]:
    plant_rate, kinds, fraction = mixture
    plants: list[_Plant] = []
    while drafts and len(plants) < MAX_PLANTS and rng.random() < plant_rate:
        kind = kinds[int(rng.random() * len(kinds))]
        share = 0.05 + 0.35 * rng.random() if fraction is None else fraction
        plants.extend(_take(drafts, kind, share, rng))
    return plants


def _take(drafts: Sequence[_Draft], kind: str, fraction: float, rng: Random) -> Iterator[_Plant]:
    """Take a passage from a source, or none if no source is found."""
    for _ in range(SOURCE_TRIES):
        source = int(rng.random() * len(drafts))
        text, free = drafts[source]
        if not free:
            continue
        place = int(rng.random() * len(free))
        span = _passage(text, free[place], kind, rng)
        if span is None:
            continue
        is_quote = free.pop(place).is_quote
        copied = edit(text[slice(*span)], kind, fraction, rng)
        if kind == "truncate":
            start = text.index(copied, *span)
            span = start, start + len(copied)
        yield _Plant(source, _trim(text, span), copied, kind, fraction, is_quote)
        return


def _passage(text: str, paragraph: _Paragraph, kind: str, rng: Random) -> Span | None:
    """Choose the span to copy from a paragraph, or None if it does not suit the kind."""
    if paragraph.is_quote:
        if kind in ("swap", "truncate"):  # both would leave quote marks without a partner
            return None
        start, end = paragraph.sentences[0]
        span = (start + 1, text.index(',"', start)) if kind == "split-quote" else (start, end)
    else:
        if kind == "split-quote":
            return None
        first = int(rng.random() * len(paragraph.sentences))
        last = first + int(rng.random() * (len(paragraph.sentences) - first))
        span = paragraph.sentences[first][0], paragraph.sentences[last][1]
    return span if MIN_WORDS <= len(text[slice(*span)].split()) <= MAX_WORDS else None


def _assemble(
    blocks: list[Block], plants: Sequence[_Plant], rng: Random
) -> tuple[_Draft, list[Span]]:
    """Lay out the paragraphs; half of the plants stand alone, half among other sentences."""
    layout = [[(sentence, -1) for sentence in block] for block in blocks]
    for number, plant in enumerate(plants):
        place = int(rng.random() * len(layout))
        if rng.random() < 0.5:
            layout.insert(place, [(_punctuated(plant), number)])
        else:
            row = layout[place]
            row.insert(int(rng.random() * (len(row) + 1)), (_punctuated(plant), number))
    text = "\n\n".join(" ".join(sentence for sentence, _ in row) for row in layout)
    free: list[_Paragraph] = []
    spans: list[Span] = [(0, 0)] * len(plants)
    position = 0
    for row in layout:
        sentences: list[Span] = []
        for sentence, number in row:
            sentences.append((position, position + len(sentence)))
            if number >= 0:
                spans[number] = _trim(text, sentences[-1])
            position += len(sentence) + 1
        position += 1  # a paragraph break is one character longer than a space
        if all(number < 0 for _, number in row):
            free.append(_Paragraph(sentences, text[sentences[0][0]] == '"'))
    return _Draft(text, free), spans


def _punctuated(plant: _Plant) -> str:
    if plant.kind == "split-quote":
        return f'"{plant.text}."'
    return plant.text if plant.text[-1] in '.!?"' else plant.text.rstrip(",;:") + "."


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while not text[start].isalnum():
        start += 1
    while not text[end - 1].isalnum():
        end -= 1
    return start, end


def _record(name: str, text: str, published: datetime, writer: ProseWriter) -> Record:
    """Finish an article; every other outlet uses curly quotes."""
    local = published.astimezone(timezone(timedelta(hours=writer.outlet_number % 9 - 4)))
    return {
        "id": name,
        "outlet": writer.outlet,
        "published": local.isoformat(),
        "url": f"https://{writer.outlet}.example/{local:%Y/%m/%d}/{name}",
        "title": writer.headline(),
        "text": _curled(text) if writer.outlet_number % 2 else text,
    }


def _curled(text: str) -> str:
    quoted = text.split('"')
    for place in range(1, len(quoted), 2):
        quoted[place] = f"\u201c{quoted[place]}\u201d"
    return "".join(quoted)


def _gold_line(source: _Draft, copy: _Draft, plant: _Plant, b_span: Span) -> Record:
    a_text, b_text = source.text[slice(*plant.a_span)], copy.text[slice(*b_span)]
    line: Record = {
        "a_span": list(plant.a_span),
        "b_span": list(b_span),
        "kind": "verbatim" if a_text == b_text else "edited",
        "quote": plant.is_quote,
        "what": WHAT.get(plant.kind, plant.kind),
        "fraction": round(plant.fraction, 4) if plant.kind in GRADED_KINDS else 0.0,
    }
    if min(len(a_text.split()), len(b_text.split())) < MIN_GOLD_WORDS:
        line["optional"] = True
    return line


if __name__ == "__main__":
    main()
