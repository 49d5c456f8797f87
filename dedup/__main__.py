"""Run the command line: ``python -m dedup``."""

from __future__ import annotations

# `signal` takes a while to load, in which Ctrl-C would show where it came.
import _signal  # type: ignore[import-not-found]

# While modules load there is nothing to clean up. A shell ignores Ctrl-C for its background jobs.
if _signal.getsignal(_signal.SIGINT) != _signal.SIG_IGN:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def run() -> None:
    """Run the process."""
    from dedup.cli import run

    run()


if __name__ == "__main__":
    run()
