"""Measure how time and memory of a report grow with the collection.

Run as ``python -m bench.scale``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.records import RECORDS, describe_machine, write_record
from bench.scale import launch
from bench.scale.collection import write_collection
from bench.scale.figures import Run, ScaleRow, lay_out, lay_out_stages, record, slope
from bench.scale.ledger import lay_out_ledger, units_of
from bench.scale.plot import draw
from bench.scale.reading import read_gold, read_report

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "scale.png"
SIZES = (10_000, 30_000, 100_000, 300_000)
# Enough to run every stage, too few to take time.
_N_WARM = 20


def measure(n_articles: int, directory: Path, options: Sequence[str] = ()) -> ScaleRow:
    """Measure one size in a separate process.

    Parameters
    ----------
    n_articles : int
        Number of articles to write.
    directory : Path
        Output directory; files are deleted afterwards.
    options : sequence of str
        Additional options of ``dedup report``.

    Returns
    -------
    ScaleRow
        Resources and output.

    Raises
    ------
    RuntimeError
        If the command fails.
    """
    articles, gold, report = (directory / name for name in ("articles.jsonl", "gold", "report"))
    try:
        collection = write_collection(n_articles, articles, gold)
        run = _run(articles, report, options)
        with gold.open("rb") as lines:
            planted = read_gold(lines)
        with report.open("rb") as lines:
            reading = read_report(lines, planted, collection.n_story_words)
    finally:
        for path in (articles, gold, report):
            path.unlink(missing_ok=True)
    return ScaleRow(collection, sum(map(len, planted.values())), run, reading)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    given = _parse(arguments)
    options = [] if given.jobs is None else ["--jobs", str(given.jobs)]
    options += [] if given.memory is None else ["--memory", given.memory]
    bound = "" if given.memory is None else f"-{given.memory}"
    about = {"options": " ".join(options)} | describe_machine()
    rows: list[ScaleRow] = []
    with TemporaryDirectory(dir=given.directory) as directory:
        measure(_N_WARM, Path(directory), options)
        for size in sorted(set(given.sizes)):
            rows.append(measure(size, Path(directory), options))
            head, *lines = lay_out(rows)
            print(*([head] if len(rows) == 1 else []), lines[-1], sep="\n", flush=True)
            if not given.no_record:  # immediately, because a larger size may fail
                write_record(RECORDS / "scale", record(rows), about, bound)
    print("", *lay_out_stages(rows), sep="\n")
    if len(rows) > 1 and given.memory is None:
        print("", *lay_out_ledger(units_of(rows[-1]), slope(*rows[-2:])), sep="\n")
    if given.no_record:
        return
    try:
        draw(rows, PICTURE.with_stem(PICTURE.stem + bound))
    except ImportError as missing:
        print(f"no picture: {missing}", file=sys.stderr)


def _run(articles: Path, report: Path, options: Sequence[str]) -> Run:
    command = [sys.executable, "-m", "dedup", "report", str(articles), "--output", str(report)]
    command += ["--format", "jsonl", "--timings", "--quiet", *options]
    launcher = [sys.executable, "-I", "-S", launch.__file__]
    done = subprocess.run([*launcher, *command], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    if found["exit_code"]:
        raise RuntimeError(f"{' '.join(command)}: exit code {found['exit_code']}")
    return Run(found["seconds"], found["cpu_seconds"], found["peak_bytes"], report.stat().st_size)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how time and memory grow.")
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=SIZES,
        metavar="N",
        help=f"numbers of articles (default: {' '.join(map(str, SIZES))})",
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="given to dedup report")
    parser.add_argument("--memory", metavar="SIZE", help="given to dedup report")
    parser.add_argument(
        "--directory", type=Path, help="directory of the collections (default: temporary)"
    )
    parser.add_argument("--no-record", action="store_true", help="write no record and no picture")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
