"""The command line: one module per command, imported on first use.

Exit codes: 0, success, with or without reuse; 1, failure, explained in one line; 2, wrong usage;
130, interrupted; 143, terminated; 129, hung up. Tracebacks appear only under ``python -X dev``.
"""

from __future__ import annotations

import errno
import gc
import importlib
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from dedup import DedupError, __version__
from dedup.cli.console import say

_INTERRUPTED = 130
_TERMINATED = 143
_HUNG_UP = 129
COMMANDS = ("compare", "explain", "filter", "index", "render", "report", "serve", "spark")


class _Termination(KeyboardInterrupt):
    """SIGTERM or SIGHUP: ends a command like Ctrl-C, so that temporary files are removed."""

    def __init__(self, code: int) -> None:
        self.code = code


class NearestGroup(click.Group):
    """Command group that proposes the nearest command to one that does not exist."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; an error names the nearest one."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], known, 1)
            proposed = f"Did you mean {near[0]!r}?" if near else f"Commands: {', '.join(known)}."
            raise click.UsageError(f"No such command {args[0]!r}. {proposed}", ctx)
        return super().resolve_command(ctx, args)


class LazyGroup(NearestGroup):
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
        if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:  # as `run` was started
            signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except KeyboardInterrupt as end:
            _fail("interrupted", end.code if isinstance(end, _Termination) else _INTERRUPTED)
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
    if sys.stderr is None:  # closed by the caller
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - open until the end
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as of nohup
            signal.signal(number, _terminate)
    try:
        main()
    except SystemExit as end:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if end.code in (_INTERRUPTED, _TERMINATED, _HUNG_UP):
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


def _terminate(number: int, _: object) -> NoReturn:
    for other in (signal.SIGTERM, signal.SIGHUP):  # cleaning up takes one
        signal.signal(other, signal.SIG_IGN)
    raise _Termination(_HUNG_UP if number == signal.SIGHUP else _TERMINATED)


def _fail(message: str, code: int = 1) -> NoReturn:
    say(message)
    sys.exit(code)


def _leave_quietly() -> NoReturn:
    # The reader is gone: flushing the buffer at shutdown must not fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
