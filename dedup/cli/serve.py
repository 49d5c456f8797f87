"""``dedup serve``: a web page and a JSON service that query an index."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

import click

from dedup.cli.console import Console, say
from dedup.cli.opening import of_index, open_index
from dedup.cli.options import Options, takes
from dedup.errors import DedupError, MissingExtra
from dedup.render.naming import count

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@click.command("serve")
@of_index
@click.option("--host", default="127.0.0.1", help="Address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="8000 by default.")
@click.option(
    "--allow-host", "names", multiple=True, metavar="NAME",
    help="Host name under which a proxy reaches the server. Repeatable.",
)  # fmt: skip
@click.option(
    "--wait", type=click.FloatRange(min=0, min_open=True), default=10.0, metavar="SECONDS",
    help="Longest wait for a request and for a free thread; 10 by default.",
)  # fmt: skip
@takes("preset", "sensitivity", "settings", "jobs", "quiet", reads=False)
def command(
    path: str, host: str, port: int, names: tuple[str, ...], wait: float, **options: Any
) -> None:
    """Show in a browser what of a text was published before.

    Paste a text, or name the address or id of a stored article. POST /query takes a JSON object
    with a text, and answers as `dedup index query`. INDEX is only read, and nothing is fetched.
    """
    given = Options(**options)
    try:
        import uvicorn

        from dedup.adapters.serve.app import Limits, make_app
    except ImportError as error:
        raise MissingExtra(error.name or "starlette", "serve") from None
    with Console(given.quiet), open_index(path, given, "r", compares=True) as index:
        limits = Limits(timeout=wait, n_queries=given.jobs or os.cpu_count() or 1)
        app = make_app(index, limits, (*_LOOPBACK, host, *names))
        config = uvicorn.Config(
            app, log_level="error", timeout_keep_alive=5, server_header=False, access_log=False
        )
        with listen(host, port) as listening:
            port = listening.getsockname()[1]
            if not given.quiet:
                shown = f"[{host}]" if ":" in host else host
                say(f"http://{shown}:{port}: {count(len(index), 'article')}; Ctrl-C stops it")
                if not _is_loopback(host):
                    say(f"warning: anyone who can reach {host} can read the stored articles")
            with suppress(KeyboardInterrupt):  # that is how a server ends
                uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one."""
    try:
        (kind, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        listening = socket.create_server(address[:2], family=kind)
        # Connections inherit it. Without, the body of an answer waits 40 ms for the receipt of its
        # head: asyncio sets it only where the socket names its protocol.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        remedy = "name another with --host or --port"
        raise DedupError(f"cannot listen on {host}:{port}: {reason}; {remedy}") from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
