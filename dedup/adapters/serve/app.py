"""The application: ``GET /`` asks for a text, ``POST /`` shows its page, ``POST /query`` is JSON.

Requests are hostile: bodies are read up to a limit, queries wait for a free thread no longer than a
limit, and the host must be a known one, so that no other page can read the index through a browser.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from dedup import __version__
from dedup.errors import DedupError, ParameterError
from dedup.index.index import Index
from dedup.model import ArticleSummary, Matches, Report
from dedup.model.article import Article, Span
from dedup.readers.objects import to_article
from dedup.render.html.page import facts_of, page_parts
from dedup.render.html.scripts import source_hash

_HERE = Path(__file__).parent
_Result = TypeVar("_Result")
# Id of a text on the page.
_PASTED = "your text"
# A form has two fields; a body of many is an attack.
_MAX_FIELDS = 8
# In a form, %XX stands for a byte.
_ESCAPED = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a server.

    Parameters
    ----------
    max_text : int
        Bytes of the longest text.
    timeout : float
        Seconds in which a request must arrive, and in which its query must begin.
    n_queries : int
        Queries at a time.
    """

    max_text: int = 1_000_000
    timeout: float = 10.0
    n_queries: int = 2


def make_app(index: Index, limits: Limits, hosts: Sequence[str]) -> Starlette:
    """Return the application that answers from an index.

    Parameters
    ----------
    index : Index
        Only read.
    limits : Limits
        What a request may take.
    hosts : sequence of str
        Host names under which the server may be reached.
    """
    server = _Server(index, limits)
    routes = [
        Route("/", server.ask, methods=["GET"]),
        Route("/", server.show, methods=["POST"]),
        Route("/query", server.query, methods=["POST"]),
        Route("/status", server.status, methods=["GET"]),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))],
        exception_handlers={HTTPException: _say_fault, DedupError: _say_error},
    )


class _Server:
    def __init__(self, index: Index, limits: Limits) -> None:
        self._index, self._limits = index, limits
        self._threads = ThreadPoolExecutor(limits.n_queries, "query")
        self._slots = asyncio.Semaphore(limits.n_queries)
        self._template = _environment().get_template("page.html.j2")
        self._style = (_HERE / "page.css").read_text(encoding="utf-8")

    async def ask(self, request: Request) -> Response:
        return self._form()

    async def show(self, request: Request) -> Response:
        text = stored = ""
        try:
            body = await self._read(request, _ESCAPED)
            try:
                form = parse_qs(body.decode(), max_num_fields=_MAX_FIELDS)
            except ValueError:
                raise HTTPException(400, "the form cannot be read") from None
            text, stored = (form.get(name, [""])[0] for name in ("text", "stored"))
            return await self._show(text, stored)
        except (HTTPException, DedupError) as error:
            fault = error if isinstance(error, HTTPException) else HTTPException(500, str(error))
            return self._form(f"Not compared: {fault.detail}.", text, stored, fault)

    async def _show(self, text: str, stored: str) -> Response:
        if not text.strip() and not stored.strip():
            return self._form("Paste a text, or name a stored article.")
        if text.strip():
            article: Article | None = Article(_PASTED, text)
        else:
            article = await self._run(self._find, stored.strip())
        if article is None:
            return self._form("No stored article has this address or id.", stored=stored)
        return await self._run(self._page, article)

    async def query(self, request: Request) -> Response:
        body = await self._read(request, 1)
        remedy = 'send a JSON object such as {"text": "..."}'
        try:
            record = json.loads(body)
            if not isinstance(record, dict):
                raise HTTPException(400, f"the body is JSON, but no object; {remedy}")
            article = to_article(record, "")
        except ParameterError as error:
            reason, _, _ = str(error).partition("; name it with")  # names options of Python
            raise HTTPException(400, f"{reason}; {remedy}") from None
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, f"the body is not JSON: {error}; {remedy}") from None
        found = await self._run(self._index.query, article)
        return JSONResponse(found.to_dict(), headers=_headers())

    async def status(self, request: Request) -> Response:
        n_articles = await self._run(len, self._index)
        return JSONResponse({"dedup": __version__, "n_articles": n_articles}, headers=_headers())

    async def _read(self, request: Request, factor: int) -> bytes:
        """Return the body of a request, if it is small enough and arrives in time."""
        most = factor * self._limits.max_text
        parts, size = [], 0
        try:
            async with asyncio.timeout(self._limits.timeout):
                async for part in request.stream():
                    size += len(part)
                    if size > most:
                        raise HTTPException(413, f"the request has more than {most:,} bytes")
                    parts.append(part)
        except TimeoutError:
            raise HTTPException(408, "the request took too long to arrive") from None
        except ClientDisconnect:
            raise HTTPException(400, "the client closed the connection") from None
        return b"".join(parts)

    async def _run(self, function: Callable[..., _Result], *arguments: object) -> _Result:
        """Call in a thread, when one is free."""
        try:
            await asyncio.wait_for(self._slots.acquire(), self._limits.timeout)
        except TimeoutError:
            raise HTTPException(503, "too many queries at once; try again") from None
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, partial(function, *arguments))
        finally:
            self._slots.release()

    def _find(self, name: str) -> Article | None:
        return self._index.find(name)

    def _page(self, article: Article) -> Response:
        found = self._index.query(article)
        n = sum(match.overlap.is_counted for match in found)
        if not n:
            return self._form("No stored article shares text with this one.", text=article.text)
        facts = facts_of(_report(article, found, self._index), __version__)
        return HTMLResponse("\n".join(page_parts(facts)), headers=_headers())

    def _form(
        self,
        message: str = "",
        text: str = "",
        stored: str = "",
        error: HTTPException | None = None,
    ) -> Response:
        """Return the form; after an error without the number of articles, which may fail too."""
        html = self._template.render(
            message=message,
            text=text,
            stored=stored,
            n_articles=None if error else len(self._index),
            version=__version__,
            style=Markup(self._style),
        )
        policy = (
            f"default-src 'none'; style-src {source_hash(self._style)}; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        status, retry = (error.status_code, _retry(error)) if error else (200, {})
        headers = _headers() | retry | {"Content-Security-Policy": policy}
        return HTMLResponse(html, status, headers)


def _report(article: Article, found: Matches, index: Index) -> Report:
    """Return the report on an article and its matches."""
    overlaps = tuple(one.overlap for one in found if one.overlap.is_counted)
    spans = [part.a for one in overlaps for part in one.passages if part.is_counted]
    others = (ArticleSummary(index.get(one.b), one.coverage_b) for one in overlaps)
    summaries = (ArticleSummary(article, _measure(spans) / len(article.text)), *others)
    return Report(summaries, overlaps, (), (), (), (), {}, {}, {"is_query": 1})


def _measure(spans: list[Span]) -> int:
    """Return the code points in the union of spans."""
    n, at = 0, 0
    for span in sorted(spans):
        n += max(0, span.end - max(at, span.start))
        at = max(at, span.end)
    return n


def _headers() -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)


def _say_fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, _headers() | _retry(error))


def _retry(error: HTTPException) -> dict[str, str]:
    return {"Retry-After": "1"} if error.status_code == 503 else {}


def _say_error(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 500, _headers())
