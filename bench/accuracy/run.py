"""Measure accuracy on all available data, print a table, plot the sweep and write a record.

Run as ``python -m bench.accuracy``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import dedup
from bench.accuracy import background, gold, languages, meter, news_reuse, run_pan, sweep
from bench.accuracy.figures import AccuracyRow, lay_out, read_tally
from bench.accuracy.pan13 import SUBSETS, open_corpus, read_pairs
from bench.accuracy.plagdet import score
from bench.accuracy.plot import draw
from bench.accuracy.spans import Tally
from bench.records import RECORDS, describe_machine, write_record
from bench.texts import digest
from corpus.topics import load_events
from dedup.params import PRESETS

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "accuracy.png"
# Files that decide what is planted and what counts as found.
_TEXTS = ("articles.jsonl", "gold.jsonl", "thesaurus.json", "topics.json", "words.json")
_WRITERS = ("edits.py", "prose.py", "topics.py")
_JUDGES = (
    *("background.py", "detecting.py", "gold.py", "languages.py", "news_reuse.py", "spans.py"),
    "sweep.py",
)


def measure_ours(params: dedup.Params) -> list[AccuracyRow]:
    """Measure all that needs only our texts: the sweep, the gold corpus, the background.

    Parameters
    ----------
    params : dedup.Params
        Parameters.

    Returns
    -------
    list of AccuracyRow
        The same on every machine.
    """
    tallies = sweep.sweep(params)
    rows = sweep.rows_of(tallies)
    rows.append(read_tally("sweep", "all settings", sum(tallies.values(), Tally())))
    rows.append(read_tally("gold", "corpus/gold.jsonl", gold.measure(params)))
    for name, tasks in (
        ("same event", background.pair_same_event(load_events())),
        ("other events", background.pair_other_events(load_events())),
        ("retold", background.pair_retold(load_events())),
    ):
        rows.append(read_tally("background", name, background.count(tasks, params)))
    return rows


def digest_corpus() -> str:
    """Return a digest of the texts, and of the code that edits and judges."""
    corpus, here = ROOT / "corpus", Path(__file__).parent
    paths = [*(corpus / name for name in (*_TEXTS, *_WRITERS)), *(here / name for name in _JUDGES)]
    paths += sorted((here.parent / "stories").glob("*.py"))
    return digest([path.read_text(encoding="utf-8") for path in paths])


def measure_releases(path: Path, params: dedup.Params) -> AccuracyRow:
    """Count the passages in unrelated press releases.

    Parameters
    ----------
    path : Path
        Input of `dedup.read`.
    params : dedup.Params
        Parameters.

    Returns
    -------
    AccuracyRow
        Row of up to `background.N_RELEASES` pairs.
    """
    tasks = background.pair_releases(path)
    return read_tally("background", "press releases", background.count(tasks, params))


def measure_pan(path: Path, jobs: int) -> Iterator[AccuracyRow]:
    """Measure every preset on a PAN corpus.

    Parameters
    ----------
    path : Path
        Directory or archive of the corpus.
    jobs : int
        Processes.

    Returns
    -------
    iterator of AccuracyRow
        A row per preset and subset, and one per preset for all subsets.
    """
    with open_corpus(path) as root:
        pairs = {subset: list(read_pairs(root, subset)) for subset in SUBSETS}
    for preset, params in PRESETS.items():
        outcomes = {name: run_pan.measure(own, params, jobs) for name, own in pairs.items()}
        outcomes["entire"] = run_pan.combine(outcomes.values())
        yield from (_read_outcome(preset, name, one) for name, one in outcomes.items())


def _read_outcome(preset: str, subset: str, outcome: run_pan.Outcome) -> AccuracyRow:
    row = AccuracyRow(
        f"PAN {preset}", subset, n_pairs=outcome.n_pairs, n_planted=len(outcome.cases)
    )
    one = score(outcome.cases, outcome.detections)
    if outcome.cases:
        return replace(row, recall=one.recall, precision=one.precision, f1=one.plagdet)
    return replace(row, false_rate=len(outcome.detections) / max(outcome.n_pairs, 1))


def measure_meter(path: Path, params: dedup.Params) -> Iterator[AccuracyRow]:
    """Measure the detector on the METER corpus.

    Parameters
    ----------
    path : Path
        Directory of the corpus.
    params : dedup.Params
        Parameters.

    Returns
    -------
    iterator of AccuracyRow
        Derived text, then the found share of each mark; for new and non-derived text, less is
        better.
    """
    one = meter.measure(path, params)
    derived = one.recall(*meter.DERIVED)
    yield AccuracyRow(
        "METER",
        "derived",
        n_pairs=one.n_stories,
        recall=derived,
        precision=one.precision,
        f1=one.f1,
    )
    for mark in (*meter.DERIVED, "new", "non_derived"):
        yield AccuracyRow("METER", mark, recall=one.recall(mark))


def measure_news_reuse(path: Path, params: dedup.Params) -> Iterator[AccuracyRow]:
    """Measure the detector on labeled pairs of news: characters, then the units found."""
    for row in news_reuse.measure(path, params):
        n, part = row.n_units, "news-reuse"
        if row.recall is not None:
            yield AccuracyRow(
                part,
                f"chars {row.name}",
                n_planted=n,
                recall=row.recall,
                precision=row.precision,
                f1=row.f1,
            )
        if row.found is not None:
            yield AccuracyRow(part, f"found {row.name}", n_planted=n, recall=row.found)


def measure_languages(
    path: Path, params: dedup.Params, steps: languages.Steps = languages.EVERY
) -> Iterator[AccuracyRow]:
    """Measure the detector on planted sentences in many languages.

    Parameters
    ----------
    path : Path
        JSON Lines, see :mod:`bench.accuracy.languages`.
    params : dedup.Params
        Parameters.
    steps : languages.Steps, optional
        What to leave out; nothing if left out.

    Returns
    -------
    iterator of AccuracyRow
        A row per language, then one per kind of planted sentence, of all languages.
    """
    rows = list(languages.measure(path, params, steps=steps))
    part = "languages"
    for row in rows:
        yield AccuracyRow(
            part,
            f"language {row.language}",
            n_pairs=row.n_unrelated,
            n_planted=sum(row.n_planted.values()),
            recall=row.recall(),
            iou=row.iou,
            false_rate=row.n_false / max(row.n_unrelated, 1),
        )
    for kind in rows[0].n_planted if rows else ():
        n = sum(row.n_planted[kind] for row in rows)
        recall = sum(row.n_found[kind] for row in rows) / max(n, 1)
        yield AccuracyRow(part, kind, n_planted=n, recall=recall)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    options = _parse(arguments)
    params = dedup.Params.preset(options.params)
    rows = measure_ours(params)
    if options.articles:
        rows.append(measure_releases(options.articles, params))
    if options.pan:
        rows.extend(measure_pan(options.pan, os.cpu_count() or 1))
    if options.meter:
        rows.extend(measure_meter(options.meter, params))
    if options.news_reuse:
        rows.extend(measure_news_reuse(options.news_reuse, params))
    if options.languages:
        rows.extend(measure_languages(options.languages, params))
    print(*lay_out(rows), sep="\n")
    if options.no_record:
        return
    about = {"preset": options.params} | describe_machine()
    write_record(RECORDS / "accuracy", map(asdict, rows), about)
    try:
        draw(rows, PICTURE)
    except ImportError as missing:
        print(f"no picture: {missing}", file=sys.stderr)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the accuracy of detection.")
    for name, variable, what in (
        ("articles", "DEDUP_ARTICLES", "press releases with outlet and date"),
        ("pan", "DEDUP_PAN13", "a PAN corpus"),
        ("meter", "DEDUP_METER", "the METER corpus"),
        ("news-reuse", "DEDUP_NEWS_REUSE", "labeled pairs of news"),
        ("languages", "DEDUP_LANGUAGES", "planted sentences in many languages"),
    ):
        default = os.environ.get(variable)
        said = f"{what} (default: ${variable})"
        parser.add_argument(f"--{name}", type=Path, default=default, help=said)
    parser.add_argument("--params", default="news", help="preset of the detector (default: news)")
    parser.add_argument("--no-record", action="store_true", help="write no record and no picture")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
