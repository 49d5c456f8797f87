"""The command ``dedup spark`` as a file: ``spark-submit dedup/cli/spark_submit.py PATH...``."""

from __future__ import annotations

import sys

from dedup.cli import run

if __name__ == "__main__":
    sys.argv.insert(1, "spark")
    run()
