"""Read a text alignment corpus in the layout PAN published from 2013 on.

A corpus holds ``susp/`` and ``src/`` with one UTF-8 text a document, and one directory a subset
with a file ``pairs`` (one "suspicious source" a line) and one XML file a pair, whose features named
"plagiarism" carry offset and length of the case on both sides.
"""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

from bench.accuracy.plagdet import ReuseCase, Span

# In the order of PAN's result tables; pairs without cases come last.
SUBSETS = {
    "none": "02-no-obfuscation",
    "random": "03-random-obfuscation",
    "translation": "04-translation-obfuscation",
    "summary": "05-summary-obfuscation",
    "no-plagiarism": "01-no-plagiarism",
}


@dataclass(frozen=True, slots=True)
class PanPair:
    """Two documents and their planted cases.

    Parameters
    ----------
    a_id, b_id : str
        File names of the suspicious document and of the source.
    text_a, text_b : str
        Their texts, to which the spans of `cases` refer.
    cases : tuple of ReuseCase
        In the order of the XML file; empty where nothing is reused.
    """

    a_id: str
    b_id: str
    text_a: str
    text_b: str
    cases: tuple[ReuseCase, ...]


@contextmanager
def open_corpus(path: Path) -> Iterator[Path]:
    """Yield the corpus directory, and unpack an archive temporarily.

    Parameters
    ----------
    path : Path
        The corpus directory, a directory or a ``.tar.zst`` archive that holds just it.

    Returns
    -------
    iterator of Path
        A context manager for the directory with ``susp`` and ``src``.

    Raises
    ------
    FileNotFoundError
        If there is no such directory in `path`.
    """
    if path.is_dir():
        yield _corpus_root(path)
        return
    # A corpus in a directory needs no decompressor.
    import zstandard

    with TemporaryDirectory(prefix="pan-") as unpacked:
        with (
            path.open("rb") as packed,
            zstandard.ZstdDecompressor().stream_reader(packed) as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            # Python 3.11.3 and earlier have no filters.
            safely: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            archive.extractall(unpacked, **safely)
        yield _corpus_root(Path(unpacked))


def _corpus_root(path: Path) -> Path:
    for root in (path, *sorted(path.glob("*/"))):
        if (root / "susp").is_dir() and (root / "src").is_dir():
            return root
    raise FileNotFoundError(f"{path}: no directory with susp/ and src/ in it")


def read_pairs(root: Path, subset: str) -> Iterator[PanPair]:
    """Read the pairs of one subset, in the order of its list.

    Parameters
    ----------
    root : Path
        Directory from `open_corpus`.
    subset : str
        A key of `SUBSETS`.

    Returns
    -------
    iterator of PanPair
        One pair at a time, so that a corpus need not fit in memory.

    Raises
    ------
    ValueError
        If a case lies outside its texts or names another document.
    """
    directory = root / SUBSETS[subset]
    for line in (directory / "pairs").read_text("utf-8").splitlines():
        a_id, b_id = line.split()
        text_a, text_b = _read_text(root / "susp" / a_id), _read_text(root / "src" / b_id)
        xml = directory / f"{Path(a_id).stem}-{Path(b_id).stem}.xml"
        cases = tuple(_read_cases(xml))
        for case in cases:
            if (case.a_id, case.b_id) != (a_id, b_id):
                raise ValueError(f"{xml}: a case of {case.a_id}, {case.b_id}")
            if case.a[1] > len(text_a) or case.b[1] > len(text_b):
                raise ValueError(f"{xml}: a case past the end: {case.a}, {case.b}")
        yield PanPair(a_id, b_id, text_a, text_b, cases)


def _read_text(path: Path) -> str:
    # Offsets count every code point, so neither newlines nor a byte order mark may be dropped.
    return path.read_bytes().decode("utf-8")


def _read_cases(path: Path) -> Iterator[ReuseCase]:
    document = ElementTree.parse(path).getroot()
    for feature in document.iterfind("feature[@name='plagiarism']"):
        yield ReuseCase(
            a_id=document.attrib["reference"],
            b_id=feature.attrib["source_reference"],
            a=_read_span(feature, "this"),
            b=_read_span(feature, "source"),
        )


def _read_span(feature: ElementTree.Element, side: str) -> Span:
    start = int(feature.attrib[f"{side}_offset"])
    return start, start + int(feature.attrib[f"{side}_length"])
