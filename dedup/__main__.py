"""Run the command line: ``python -m dedup``."""

from __future__ import annotations

import signal

if __name__ == "__main__":
    # While modules load there is nothing to clean up, and Ctrl-C must not show where it came.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run() -> None:
    """Run the process."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from dedup.cli import run

    run()


if __name__ == "__main__":
    run()
