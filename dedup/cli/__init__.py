"""The command line: one module per command, imported on first use.

Exit codes: 0, success, with or without reuse; 1, failure, explained in one line; 2, wrong usage;
130, interrupted; 143, terminated. Tracebacks appear only under ``python -X dev``.
"""

from __future__ import annotations

import errno
import gc
import importlib
import os
import signal
import sys
from contextlib import suppress
from typing import Any, NoReturn

import click

from dedup import DedupError, __version__
from dedup.cli.console import say

_INTERRUPTED = 130
_TERMINATED = 143
COMMANDS = ("compare", "explain", "filter", "index", "report")


class _Termination(KeyboardInterrupt):
    """SIGTERM: ends a command like Ctrl-C, so that temporary files are removed."""


class LazyGroup(click.Group):
    """Command group that imports commands on first use and reports errors in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"dedup.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn exceptions into one line and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except KeyboardInterrupt as end:
            is_term = isinstance(end, _Termination)
            _fail("interrupted", _TERMINATED if is_term else _INTERRUPTED)
        except DedupError as error:
            _fail(f"error: {error}")
        except OSError as error:
            if error.errno == errno.EPIPE:
                _leave_quietly()
            where = f"{error.filename}: " if error.filename is not None else ""
            _fail(f"error: {where}{error.strerror or error}")
        except MemoryError:
            _fail("error: out of memory")
        except Exception as error:
            if sys.flags.dev_mode:
                raise
            _fail(f"error: bug in dedup: {error!r} (python -X dev -m dedup shows the traceback)")


def run() -> NoReturn:
    """Run the process; after an interrupt, exit without waiting for threads."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        main()
    except SystemExit as end:
        if end.code in (_INTERRUPTED, _TERMINATED):
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError):
                    stream.flush()
            os._exit(end.code)
        # Skips the garbage collection at exit, a fifth of the time of a short command.
        gc.freeze()
        raise
    raise AssertionError("click ends the process")


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="dedup %(version)s")
def main() -> None:
    """Find reused text in news: which passages articles share, and where."""


def _terminate(*_: object) -> NoReturn:
    raise _Termination


def _fail(message: str, code: int = 1) -> NoReturn:
    say(message)
    sys.exit(code)


def _leave_quietly() -> NoReturn:
    # The reader is gone: flushing the buffer at shutdown must not fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
