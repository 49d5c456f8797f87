"""Segments: what is written is read, merges leave out the dead, and damage is named."""

import os
import re
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.candidates.columns import Readers
from dedup.errors import CorruptFile, IncompatibleFile, StoreError
from dedup.index import segments
from dedup.index.format import BLOCK, VERSION
from dedup.index.lookup import IndexPostings, WriteBuffer
from dedup.index.segments import (
    KINDS,
    Articles,
    Merge,
    Segment,
    SegmentInput,
    join_sources,
    write_segment,
)
from tests.reference import packed as reference
from tests.strategies import law

RECIPE = "0123456789abcdef"
KEYS = st.sampled_from([0, 5 << 48, (5 << 48) + (1 << 24), 2**64 - 1]) | st.integers(0, 2**64 - 1)
ROW = st.tuples(KEYS, st.integers(0, 70_000))


@dataclass
class Drawn:
    """Articles by number: words, and rows of (key, place) by kind."""

    lengths: dict[int, int]
    rows: dict[str, dict[int, list[tuple[int, int]]]]

    def take(self, numbers):
        numbers = sorted(numbers)
        lengths = [self.lengths[number] for number in numbers]
        articles = Articles(np.array(numbers, np.int64), np.array(lengths, np.int64))
        sources = {
            kind: join_sources(
                [self._source(kind, number) for number in numbers] or [_source([], 0)]
            )
            for kind in KINDS
        }
        return articles, sources

    def _source(self, kind, number):
        return _source(self.rows[kind][number], number)

    def postings(self, kind, numbers):
        return [
            (key, number, place) for number in numbers for key, place in self.rows[kind][number]
        ]

    def keys(self):
        every = {key for kind in KINDS for rows in self.rows[kind].values() for key, _ in rows}
        return np.array(sorted(every | {0, 7 << 50}), np.uint64)


def _source(rows, number):
    keys = np.array([key for key, _ in rows], np.uint64)
    places = np.array([place for _, place in rows], np.uint32)
    return SegmentInput(keys, np.full(len(rows), number, np.uint32), places)


@st.composite
def collections(draw):
    """Articles with gaps between their numbers, some without any posting."""
    numbers = draw(st.sets(st.integers(0, 60), min_size=1, max_size=9))
    rows = {kind: {number: draw(st.lists(ROW, max_size=8)) for number in numbers} for kind in KINDS}
    return Drawn({number: draw(st.integers(0, 999)) for number in numbers}, rows)


def in_files(max_examples):
    """Return a law whose examples may share a directory."""
    return settings(law(max_examples), suppress_health_check=list(HealthCheck))


def _write(path, drawn, numbers):
    path.unlink(missing_ok=True)
    write_segment(path, RECIPE, *drawn.take(numbers))
    return Segment(path, RECIPE)


def _found(segment, kind, keys, live_docs, max_bucket=5):
    narrowed = segment.narrow(kind, keys, max_bucket, live_docs)
    return [column.tolist() for column in narrowed]


def _everything(segment, live_docs):
    """Return all that a segment holds of what lives."""
    unpacked = {
        kind: [column.tolist() for column in segment.unpack(kind, 0, 2, 1, live_docs)]
        for kind in KINDS
    }
    return unpacked, [column.tolist() for column in segment.articles]


@in_files(60)
@given(drawn=collections(), dead=st.sets(st.integers(0, 60)))
def test_what_is_written_is_read(tmp_path, drawn, dead):
    segment = _write(tmp_path / "a.seg", drawn, drawn.lengths)
    live_docs = np.ones(100, np.bool_)
    live_docs[list(dead)] = False
    numbers = sorted(drawn.lengths)
    assert segment.articles.numbers.tolist() == numbers
    assert segment.articles.lengths.tolist() == [drawn.lengths[number] for number in numbers]
    assert list(segment.verify()) == []
    keys = drawn.keys()
    for kind in KINDS:
        postings = drawn.postings(kind, numbers)
        buckets = reference.bucket_postings(postings)
        assert segment.count(kind) == len(postings)
        narrowed = segment.narrow(kind, keys, 5, live_docs)
        for k, key in enumerate(keys.tolist()):
            low, high = narrowed.bounds[k : k + 2]
            rows = zip(narrowed.articles[low:high].tolist(), narrowed.places[low:high].tolist(),
                       strict=True)  # fmt: skip
            found = int(narrowed.n_absent[k]), list(rows)
            assert found == reference.narrow(buckets.get(key >> 24, []), 5, dead)


def _merge(path, parts, live_docs, max_steps=10**6):
    path.unlink(missing_ok=True)
    merge = Merge(path, RECIPE, parts, live_docs)
    n_steps = 0
    while n_steps < max_steps and not merge.step():
        n_steps += 1
    return merge, n_steps


@in_files(60)
@given(
    drawn=collections(),
    dead=st.sets(st.integers(0, 60)),
    cuts=st.sets(st.integers(0, 60), max_size=3),
    step=st.sampled_from([1, 4, 1 << 16]),
)
def test_a_merge_is_one_segment_of_what_lives(tmp_path, monkeypatch, drawn, dead, cuts, step):
    monkeypatch.setattr(segments, "_STEP", step)
    live_docs = np.ones(100, np.bool_)
    live_docs[list(dead)] = False
    bounds = [0, *sorted(cuts), 61]
    own = [
        [number for number in drawn.lengths if low <= number < high]
        for low, high in pairwise(bounds)
    ]
    parts = [_write(tmp_path / f"{k}.seg", drawn, few) for k, few in enumerate(own) if few]
    merge, n_steps = _merge(tmp_path / "merged.seg", parts, live_docs)
    assert n_steps >= 2 * len(KINDS)  # not one for all
    live = set(drawn.lengths) - dead
    assert merge.dropped.tolist() == sorted(set(drawn.lengths) & dead)
    assert merge.articles.numbers.tolist() == sorted(live)
    merged, at_once = Segment(merge.path, RECIPE), _write(tmp_path / "once.seg", drawn, live)
    assert list(merged.verify()) == []
    everyone = np.ones(100, np.bool_)
    assert _everything(merged, everyone) == _everything(at_once, everyone)
    for kind in KINDS:
        assert _found(merged, kind, drawn.keys(), everyone) == _found(
            at_once, kind, drawn.keys(), everyone
        )
    if live == set(drawn.lengths):
        assert merged.path.read_bytes() == at_once.path.read_bytes()


def test_articles_that_go_during_a_merge_stay_in_it(tmp_path):
    drawn = Drawn({1: 5, 2: 6}, {kind: {1: [(7, 1)], 2: [(7, 2)]} for kind in KINDS})
    live_docs = np.ones(9, np.bool_)
    merge, _ = _merge(tmp_path / "b.seg", [_write(tmp_path / "a.seg", drawn, [1, 2])], live_docs, 2)
    live_docs[1] = False
    while not merge.step():
        pass
    assert merge.dropped.tolist() == []
    assert Segment(merge.path, RECIPE).articles.numbers.tolist() == [1, 2]


def test_what_is_not_finished_leaves_no_file(tmp_path, monkeypatch, sample):
    live_docs = np.ones(9, np.bool_)
    merge, _ = _merge(tmp_path / "b.seg", [Segment(sample, RECIPE)], live_docs, 2)
    assert merge.path.exists()
    merge.abandon()
    merge.abandon()
    assert not merge.path.exists()

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    drawn = Drawn({1: 5}, {kind: {1: [(7, 1)]} for kind in KINDS})
    with pytest.raises(OSError, match="No space left"):
        _write(tmp_path / "c.seg", drawn, [1])
    assert not (tmp_path / "c.seg").exists()
    with pytest.raises(OSError, match="No space left"):
        _merge(tmp_path / "d.seg", [Segment(sample, RECIPE)], live_docs)
    assert not (tmp_path / "d.seg").exists()


def test_a_file_that_is_there_is_not_written_over(tmp_path, sample):
    content = sample.read_bytes()
    with pytest.raises(FileExistsError):
        write_segment(sample, RECIPE, *Drawn({}, {kind: {} for kind in KINDS}).take([]))
    assert sample.read_bytes() == content


# What is wrong with a file


@pytest.fixture
def sample(tmp_path):
    """Return the path of a segment of two articles."""
    rows = {number: [(key << 40, number) for key in range(1, 999, 9)] for number in (3, 4)}
    _write(tmp_path / "sample.seg", Drawn({3: 40, 4: 50}, dict.fromkeys(KINDS, rows)), [3, 4])
    return tmp_path / "sample.seg"


def test_another_recipe_is_refused_with_both(sample):
    with pytest.raises(IncompatibleFile) as refused:
        Segment(sample, "another")
    assert str(refused.value) == (
        f"{sample}: made with the recipe {RECIPE}, where that of the index is another"
    )


@pytest.mark.parametrize("version", [VERSION + 1, 12345])
def test_another_version_is_refused_with_both(sample, version):
    content = sample.read_bytes()
    line = b"dedup segment %d\n" % version
    sample.write_bytes(line + content[len(line) :])
    with pytest.raises(IncompatibleFile) as refused:
        Segment(sample, RECIPE)
    assert str(refused.value) == f"{sample}: of version {version}, where version {VERSION} is read"


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" + b"x" * 9999, b"x", b"dedup segment one\n"])
def test_another_file_is_refused(sample, content):
    sample.write_bytes(content)
    with pytest.raises(IncompatibleFile, match=f"^{sample}: no segment"):
        Segment(sample, RECIPE)


def _places(path):
    """Return the bytes of a segment at which something ends or begins."""
    content = path.read_bytes()
    header = content[:BLOCK].split(b"\n")[1].decode()
    sections = [int(at) for at in re.findall(r"\[(\d+), \d+\]", header)]
    n_blocks = len(content) // (BLOCK + 8)
    ends = [0, 17, 17 + len(header), BLOCK, *sections, n_blocks * BLOCK, len(content) - 8]
    near = {at + step for at in ends for step in (-1, 0, 1, 8)} | {len(content) - 1}
    # As many blocks and sums as fit each other.
    near |= {k * (BLOCK + 8) + 8 for k in range(n_blocks)}
    return sorted(at for at in near if 0 <= at < len(content))


def test_a_file_that_is_cut_off_is_refused_wherever_it_is_cut(sample):
    content = sample.read_bytes()
    places = _places(sample)
    assert len(places) > 100
    for place in places:
        sample.write_bytes(content[:place])
        with pytest.raises(CorruptFile, match=f"^{sample}: (cut off|damaged between)"):
            Segment(sample, RECIPE)
    sample.write_bytes(content + b"\0")
    with pytest.raises(CorruptFile, match=f"^{sample}: "):
        Segment(sample, RECIPE)


def _told(error):
    low, high = re.fullmatch(
        r".*: damaged between byte (\d+) and (?:byte (\d+)|the end)", error
    ).groups()
    return range(int(low), int(high or 10**9))


@in_files(150)
@given(data=st.data(), flip=st.integers(1, 255))
def test_a_flipped_byte_is_named_and_gives_no_other_answer(sample, data, flip):
    whole = bytearray(sample.read_bytes())
    keys, everyone = np.arange(0, 1000, dtype=np.uint64) << np.uint64(40), np.zeros(9, np.bool_)
    intact = {kind: _found(Segment(sample, RECIPE), kind, keys, everyone) for kind in KINDS}
    at = data.draw(st.sampled_from(_places(sample)) | st.integers(0, len(whole) - 1))
    whole[at] ^= flip
    damaged = sample.with_name("damaged.seg")
    damaged.unlink(missing_ok=True)
    damaged.write_bytes(whole)
    segment, refused = _try(lambda: Segment(damaged, RECIPE))
    if segment is None:
        assert str(refused).startswith(f"{damaged}: ")
        is_named = isinstance(refused, CorruptFile) and at in _told(str(refused))
        assert is_named or at < len("dedup segment 1\n")
        return
    (error,) = segment.verify()
    assert str(error).startswith(f"{damaged}: ")
    assert at in _told(str(error))
    for kind in KINDS:
        found, refused = _try(partial(_found, segment, kind, keys, everyone))
        assert found == intact[kind] or str(refused) == str(error)


def test_the_segment_that_lies_is_named(tmp_path, sample):
    """Its checksums fit, but an article is too large."""
    rows = {kind: {7: [(1 << 40, 0)]} for kind in KINDS}
    lying = _write(tmp_path / "lying.seg", Drawn({7: 5}, rows), [7])
    parts, none = [Segment(sample, RECIPE), lying], join_sources([])
    postings = IndexPostings("seeds", parts, WriteBuffer(), np.ones(5, np.bool_), none)
    with pytest.raises(CorruptFile, match=f"^{lying.path}: live_docs"):
        postings.narrow(np.array([1 << 40], np.uint64), Readers(0, 5, 5), 9)


def _try(function):
    try:
        return function(), None
    except StoreError as error:
        return None, error
