"""Read a tiny corpus in PAN's layout, and the real one where DEDUP_PAN13 points to it."""

import os
import tarfile
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest

from bench.accuracy.pan13 import SUBSETS, PanPair, open_corpus, read_pairs
from bench.accuracy.plagdet import ReuseCase, Score, score

# Everything that could shift an offset: a byte order mark, CR LF, a lone CR, a next-line control,
# characters of two and four bytes, and a zero byte.
REUSED = "naïve 𝄞 text"
TEXT_A = f"\ufeffé\r\n\x85\x00{REUSED}\r\nend"
TEXT_B = f"head\r𝄞 {REUSED}"


def write_corpus(root: Path, source_length: int = len(REUSED)) -> None:
    for name in ("susp", "src", *SUBSETS.values()):
        (root / name).mkdir(parents=True)
    for name in SUBSETS.values():
        (root / name / "pairs").write_text("")
    (root / "susp" / "suspicious-1.txt").write_bytes(TEXT_A.encode())
    (root / "src" / "source-1.txt").write_bytes(TEXT_B.encode())
    (root / "src" / "source-2.txt").write_bytes(b"other")
    subset = root / SUBSETS["summary"]
    (subset / "pairs").write_text("suspicious-1.txt source-2.txt\nsuspicious-1.txt source-1.txt\n")
    about = '<document reference="suspicious-1.txt"><feature name="about" title="news" />'
    (subset / "suspicious-1-source-2.xml").write_text(f"{about}</document>")
    (subset / "suspicious-1-source-1.xml").write_text(
        f'{about}<feature name="plagiarism" this_offset="{TEXT_A.index(REUSED)}"'
        f' this_length="{len(REUSED)}" source_reference="source-1.txt"'
        f' source_offset="{TEXT_B.index(REUSED)}" source_length="{source_length}" /></document>'
    )


def reused(pair: PanPair, case: ReuseCase) -> tuple[str, str]:
    return pair.text_a[slice(*case.a)], pair.text_b[slice(*case.b)]


def test_reads_pairs_in_order_with_cases_in_code_points(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    without, with_case = read_pairs(tmp_path, "summary")
    assert without == PanPair("suspicious-1.txt", "source-2.txt", TEXT_A, "other", ())
    assert (with_case.text_a, with_case.text_b) == (TEXT_A, TEXT_B)
    assert [reused(with_case, case) for case in with_case.cases] == [(REUSED, REUSED)]
    assert list(read_pairs(tmp_path, "none")) == []


def test_refuses_a_case_past_the_end(tmp_path: Path) -> None:
    write_corpus(tmp_path, source_length=len(REUSED) + 1)
    with pytest.raises(ValueError, match=r"suspicious-1-source-1\.xml: a case past the end"):
        list(read_pairs(tmp_path, "summary"))


def test_opens_a_directory_its_parent_and_an_archive(tmp_path: Path) -> None:
    import zstandard

    root = tmp_path / "outer" / "corpus"
    write_corpus(root)
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(root, "corpus")
    archived = tmp_path / "corpus.tar.zst"
    archived.write_bytes(zstandard.compress(packed.getvalue()))
    expected = list(read_pairs(root, "summary"))
    for path in (root, root.parent, archived):
        with open_corpus(path) as opened:
            assert list(read_pairs(opened, "summary")) == expected
    assert not opened.exists()


def test_names_a_directory_without_a_corpus(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="susp"), open_corpus(tmp_path):
        pass


@pytest.fixture(scope="module")
def corpus() -> Iterator[Path]:
    path = os.environ.get("DEDUP_PAN13")
    if not path:
        pytest.skip("DEDUP_PAN13 names no PAN corpus")
    with open_corpus(Path(path)) as root:
        yield root


@pytest.mark.parametrize("subset", SUBSETS)
def test_real_gold_against_itself_is_exactly_one(corpus: Path, subset: str) -> None:
    gold = [case for pair in read_pairs(corpus, subset) for case in pair.cases]
    assert bool(gold) == (subset != "no-plagiarism")
    assert score(gold, gold) == Score(1.0, 1.0, 1.0, 1.0)


def test_real_verbatim_cases_are_equal_but_for_spaces(corpus: Path) -> None:
    for pair in islice(read_pairs(corpus, "none"), 200):
        for case in pair.cases:
            text_a, text_b = ("".join(text.split()) for text in reused(pair, case))
            assert text_a == text_b
