"""Measure the detector on the METER corpus: newspaper texts marked word by word against the wire.

The METER corpus (Gaizauskas, Foster, Wilks, Arundel, Clough, Piao: "The METER Corpus: A corpus for
analysing journalistic text reuse", Corpus Linguistics 2001) holds copy of the Press Association
and what nine British newspapers made of it. The University of Sheffield provides it for research
after registration (nlp.shef.ac.uk/meter); this project does not include it.

Documented layout:

* Wire and newspaper texts lie in parallel trees by date and catchline; each newspaper text is
  wholly derived, partially derived or non-derived, and about 400 of the derived ones are also
  marked phrase by phrase as verbatim, rewritten or new, in SGML (the paper, and the corpus's page).
* ``file_index/DOMAIN/wholly_derived.txt``, ``partially_derived.txt`` and ``non_derived.txt`` list
  paths such as ``meter_corpus/newspapers/rawtexts/showbiz/27.09.99/beegees/beegees119_times.txt``;
  the wire copy of a story lies under ``PA/rawtexts`` with the same domain, date and catchline;
  marked texts lie under ``annotated`` instead of ``rawtexts`` and end in ``.sgml``; files are in
  Latin-1 (readers of the corpus that others published).

Assumptions, because the corpus was not available:

* The marks are elements named Verbatim, Rewrite and New, in any case, with attributes that may be
  anything (PAsource names the wire text); they do not nest, and where they do the innermost counts.
* Tags of other markup are dropped, and its text stays; declarations and comments are dropped whole.
  Text outside the marks is not scored.
* Paths of the index are relative to the parent of the corpus, or to the corpus itself; a space in
  them is an error.

The files of a story's wire copy, in the order of their names, form one text. Each newspaper text is
compared with it. Letters and digits are scored: they are derived if marked Verbatim or Rewrite, and
found if inside a passage.
"""

from __future__ import annotations

import argparse
import html
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import dedup
from bench.accuracy.detecting import Task, detect
from bench.accuracy.spans import Span
from bench.table import Column, lay_out

CLASSES = ("wholly_derived", "partially_derived", "non_derived")
DERIVED = ("verbatim", "rewrite")
_COLUMNS: tuple[Column, ...] = (
    ("stories", "stories", ">8"),
    ("precision", "precision", ">11.3f"),
    ("recall", "recall", ">8.3f"),
    ("f1", "F1", ">8.3f"),
    ("verbatim", "verbatim", ">10.3f"),
    ("rewrite", "rewrite", ">9.3f"),
    ("new", "new", ">7.3f"),
    ("non_derived", "non-derived", ">13.3f"),
)
_ENCODING = "latin-1"
# Unmarked text is not scored, except in non-derived texts, which have no marks.
_UNMARKED = ""
_MARKUP = re.compile(r"<!--.*?-->|<[!?][^>]*>|</?([a-zA-Z][\w.-]*)[^>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MeterStory:
    """A newspaper text and the wire copy of its story.

    Parameters
    ----------
    name : str
        Path of the newspaper text in the index.
    category : str
        One of `CLASSES`.
    text, wire : str
        The two texts.
    marks : tuple of (str, Span)
        Marked stretches of `text`; empty if it is not marked.
    """

    name: str
    category: str
    text: str
    wire: str
    marks: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class MeterScore:
    """Counts of letters and digits in newspaper texts, by mark, and of those found.

    Parameters
    ----------
    n_stories : int
        Newspaper texts.
    marked, found : Counter of str
        Letters and digits by mark, all and those inside a passage; those of non-derived texts
        are under ``non_derived``.
    """

    n_stories: int = 0
    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: MeterScore) -> MeterScore:
        """Add two scores."""
        return MeterScore(
            self.n_stories + other.n_stories, self.marked + other.marked, self.found + other.found
        )

    def recall(self, *names: str) -> float:
        """Return the found share of the characters with some marks, 0 without any."""
        marked = sum(self.marked[name] for name in names)
        return sum(self.found[name] for name in names) / marked if marked else 0.0

    @property
    def precision(self) -> float:
        """Share of found characters in marked texts that are derived, 0 without any."""
        found = sum(self.found[name] for name in (*DERIVED, "new"))
        return sum(self.found[name] for name in DERIVED) / found if found else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and of the recall of what is derived."""
        precision, recall = self.precision, self.recall(*DERIVED)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def read_marked(sgml: str) -> tuple[str, tuple[tuple[str, Span], ...]]:
    """Remove the markup of a text, and return its marks.

    Parameters
    ----------
    sgml : str
        A marked text.

    Returns
    -------
    text : str
        Text without tags, with entities replaced.
    marks : tuple of (str, Span)
        Name in lower case and code points of `text`, in order.

    Examples
    --------
    >>> read_marked('<body>A <Verbatim PAsource="x">fire &amp; smoke</Verbatim> broke out.</body>')
    ('A fire & smoke broke out.', (('verbatim', (2, 14)),))
    """
    pieces: list[str] = []
    marks: list[tuple[str, Span]] = []
    is_open = [_UNMARKED]
    length = last = 0
    for tag in [*_MARKUP.finditer(sgml), None]:
        piece = html.unescape(sgml[last : tag.start() if tag else len(sgml)])
        if is_open[-1] and piece:
            marks.append((is_open[-1], (length, length + len(piece))))
        pieces.append(piece)
        length += len(piece)
        if tag:
            last = tag.end()
            _open_or_close(is_open, (tag[1] or "").lower(), tag[0].startswith("</"))
    return "".join(pieces), tuple(marks)


def _open_or_close(is_open: list[str], name: str, is_end: bool) -> None:
    if name not in (*DERIVED, "new"):
        return
    if not is_end:
        is_open.append(name)
    elif name in is_open:
        while is_open.pop() != name:
            pass


def read_stories(root: Path) -> Iterator[MeterStory]:
    """Read every newspaper text of the index that has wire copy.

    Parameters
    ----------
    root : Path
        Directory with ``file_index``, ``PA`` and ``newspapers``.

    Returns
    -------
    iterator of MeterStory
        In the order of the index; marked where there is a marked file.

    Raises
    ------
    FileNotFoundError
        If there is no index.
    """
    domains = sorted(path for path in (root / "file_index").glob("*/") if path.is_dir())
    if not domains:
        raise FileNotFoundError(f"{root}: no directory in file_index/")
    for domain in domains:
        for category in CLASSES:
            index = domain / f"{category}.txt"
            for line in index.read_text(_ENCODING).splitlines() if index.exists() else ():
                if line.strip():
                    yield from _read_story(root, line.replace(" ", ""), category)


def _read_story(root: Path, line: str, category: str) -> Iterator[MeterStory]:
    """Read one line of the index, the path of an unmarked newspaper text."""
    raw = Path("newspapers", *Path(line).parts[Path(line).parts.index("newspapers") + 1 :])
    wire = root / Path("PA", *raw.parts[1:-1])
    copy = "\n\n".join(path.read_text(_ENCODING) for path in sorted(wire.glob("*.txt")))
    marked = root / Path("newspapers", "annotated", *raw.parts[2:]).with_suffix(".sgml")
    if not copy.strip():
        return
    if category != "non_derived" and marked.exists():
        text, marks = read_marked(marked.read_text(_ENCODING))
        yield MeterStory(line, category, text, copy, marks)
    elif (root / raw).exists():
        yield MeterStory(line, category, (root / raw).read_text(_ENCODING), copy)


def score_story(story: MeterStory, found: Iterable[Span]) -> MeterScore:
    """Score the spans found in one newspaper text.

    Parameters
    ----------
    story : MeterStory
        The text with its marks.
    found : iterable of Span
        Found spans, in code points of the text.

    Returns
    -------
    MeterScore
        Score of this text; empty for a derived text without marks.
    """
    marks = story.marks
    if story.category == "non_derived":
        marks = (("non_derived", (0, len(story.text))),)
    inside = bytearray(len(story.text))
    for start, end in found:
        inside[start:end] = b"\1" * (end - start)
    marked, hit = Counter[str](), Counter[str]()
    for name, (start, end) in marks:
        places = [place for place in range(start, end) if story.text[place].isalnum()]
        marked[name] += len(places)
        hit[name] += sum(inside[place] for place in places)
    return MeterScore(1, marked, hit)


def measure(root: Path, params: dedup.Params | None = None) -> MeterScore:
    """Measure the detector on a corpus.

    Parameters
    ----------
    root : Path
        Directory for `read_stories`.
    params : dedup.Params or None
        Parameters; None for the preset ``news``.

    Returns
    -------
    MeterScore
        Score of all stories.
    """
    stories = list(read_stories(root))
    found = detect([Task(one.text, one.wire) for one in stories], params)
    return sum(
        (
            score_story(story, [(one.a.start, one.a.end) for one in passages])
            for story, passages in zip(stories, found, strict=True)
        ),
        MeterScore(),
    )


def table(score: MeterScore) -> Iterator[str]:
    """Format a heading and a score."""
    figures = {mark: score.recall(mark) for mark in ("verbatim", "rewrite", "new", "non_derived")}
    found = {"precision": score.precision, "recall": score.recall(*DERIVED), "f1": score.f1}
    return lay_out(_COLUMNS, [{"stories": score.n_stories} | found | figures])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Measure the detector on the METER corpus.")
    default = os.environ.get("DEDUP_METER")
    parser.add_argument("--meter", type=Path, default=default, required=not default)
    parser.add_argument("--params", default="news", help="preset of the detector (default: news)")
    options = parser.parse_args(arguments)
    print(*table(measure(options.meter, dedup.Params.preset(options.params))), sep="\n")


if __name__ == "__main__":
    main()
