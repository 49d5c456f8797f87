"""Measure each case in a separate process, print a table and write a record.

Run as ``python -m bench.run``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.cases import Case, list_cases, load_engine
from bench.figures import Row, lay_out, record
from bench.gate import FLOORS, NOT_MEASURED, compare_all, read_floors
from bench.measure import Measurement
from bench.records import RECORDS, describe_machine, name_machine, write_record
from bench.texts import digest, load_articles

ROOT = Path(__file__).parent.parent


def run_cases(cases: Sequence[Case], articles: Sequence[str]) -> list[Row]:
    """Measure cases sequentially, each in a fresh process.

    Parameters
    ----------
    cases : sequence of Case
        What is measured.
    articles : sequence of str
        The texts, passed through a temporary file.

    Returns
    -------
    list of (Case, Measurement)
        In the same order.
    """
    rows = []
    with TemporaryDirectory() as folder:
        texts = Path(folder) / "articles.json"
        texts.write_text(json.dumps(articles), encoding="utf-8")
        for number, case in enumerate(cases, 1):
            print(f"{number}/{len(cases)} {case}", file=sys.stderr, flush=True)
            rows.append((case, _run_one(case, texts, Path(folder) / f"{number}.jsonl")))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    options = _parse(arguments)
    cases = [case for case in list_cases() if options.only in str(case)]
    n_articles = max(case.definition.articles["default"] for case in cases)
    articles = load_articles(options.articles, min(n_articles, options.limit or n_articles))
    name = options.articles.name if options.articles else "synthesized"
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in articles) / 1e6
    source = f"{name}, {len(articles)} articles, {size:.1f} MB, digest {digest(articles)}"
    rows = run_cases(cases, articles)
    machine = describe_machine()
    print(f"{source}\n{machine['cpu']}, {machine['cpus']} processors\n")
    print(*lay_out(rows), "", sep="\n")
    found = {str(case): measured for case, measured in rows}
    compared = compare_all(found, read_floors(FLOORS))
    print(*(str(one) for one in compared if one.reason != NOT_MEASURED), sep="\n")
    if not options.no_record:
        folder, about = RECORDS / name_machine(machine), machine | {"input": source}
        print(f"\n{os.path.relpath(write_record(folder, record(rows), about))}")


def _run_one(case: Case, texts: Path, keep: Path) -> Measurement:
    command = [sys.executable, "-m", "pytest", f"bench/test_speed.py::test_speed[{case}]"]
    command += ["--benchmark-enable", "--quiet", "-p", "no:cacheprovider"]
    command += ["--articles", str(texts), "--keep", str(keep)]
    variable = load_engine(case.engine).THREADS
    setting = {variable: str(case.threads)} if variable not in ("", "argument") else {}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | setting, capture_output=True, text=True, check=False
    )
    if not keep.exists():
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        return Measurement(str(case), fault=f"failed with exit code {done.returncode}")
    values = json.loads(keep.read_text(encoding="utf-8"))
    return Measurement(**(values | {"seconds": tuple(values["seconds"])}))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the speed of sketches.")
    default = os.environ.get("DEDUP_ARTICLES")
    parser.add_argument(
        "--articles",
        type=Path,
        default=Path(default) if default else None,
        help="input of dedup (default: $DEDUP_ARTICLES, or synthesized articles)",
    )
    parser.add_argument("--limit", type=int, help="maximum number of articles")
    parser.add_argument("--only", default="", help="only cases with this in their name")
    parser.add_argument("--no-record", action="store_true", help="write no record")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
