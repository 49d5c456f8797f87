"""The server: a page and JSON about an index, under hostile requests."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
import uvicorn

import dedup
from dedup.adapters.serve.app import Limits, make_app
from dedup.cli.serve import listen

TEXT = "The council voted nine to four to close the Elm Street library branch on Monday night."
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dedup.Index]:
    path = tmp_path_factory.mktemp("serve") / "seen.index"
    with dedup.Index(path) as stored:
        url = "https://herald.example/vote"
        stored.add(dedup.Article("a", TEXT, "Herald", "2024-05-01", url, EVIL))
        stored.add(dedup.Article("b", f"Late news. {TEXT}", "Courier", "2024-05-02"))
        stored.add(dedup.Article("c", "Rain is expected in the north of the country all week."))
    with dedup.Index(path, mode="r") as reader:
        yield reader


class Answer(NamedTuple):
    status_code: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class Client:
    """Sends each request over a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, fields, response.read().decode())
        finally:
            connection.close()

    def ask(self, record: Any) -> Answer:
        return self.send("POST", "/query", json.dumps(record).encode())

    def fill(self, **form: str) -> Answer:
        return self.send("POST", "/", urlencode(form).encode())


@contextmanager
def serving(index: Any, limits: Limits) -> Iterator[Client]:
    server = uvicorn.Server(
        uvicorn.Config(make_app(index, limits, ["127.0.0.1"]), log_level="error")
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Client(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def client(index: dedup.Index) -> Iterator[Client]:
    with serving(index, Limits(max_text=2000, timeout=5, n_queries=2)) as client:
        yield client


def test_json_is_that_of_a_query(client: Client, index: dedup.Index) -> None:
    record = {"id": "x", "text": f"It was late. {TEXT}"}
    answer = client.ask(record)
    assert answer.status_code == 200
    assert answer.json() == index.query(dedup.Article(**record)).to_dict()
    assert [one["id"] for one in answer.json()["matches"]] == ["a", "b"]


def test_the_page_shows_the_matches_of_a_text(client: Client) -> None:
    page = client.fill(text=f"It was late. {TEXT}")
    assert page.status_code == 200
    assert 'id="core"' in page.text
    assert "herald.example" in page.text
    assert EVIL not in page.text


@pytest.mark.parametrize("name", ["a", "https://herald.example/vote"])
def test_a_stored_article_is_named_by_id_or_address(client: Client, name: str) -> None:
    page = client.fill(stored=name)
    assert 'id="core"' in page.text
    assert "Courier" in page.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Paste a text"),
        ({"text": "  "}, "Paste a text"),
        ({"stored": "https://nowhere.example"}, "No stored article has this"),
        ({"text": "Snow fell on the hills above the town."}, "No stored article shares text"),
    ],
)
def test_a_form_without_an_answer_says_why(client: Client, form: dict[str, str], said: str) -> None:
    page = client.fill(**form)
    assert page.status_code == 200
    assert said in page.text
    assert "<form" in page.text


def test_input_is_no_markup(client: Client) -> None:
    page = client.fill(stored=f'"{EVIL}')
    assert EVIL not in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"not json", 400, "JSON object"),
        (b"[1]", 400, "the body is JSON, but no object; send a JSON object"),
        (b'{"id": "a"}', 400, "no text field (present: id); send a JSON object"),
        (b"[" * 1500, 400, "JSON object"),
        (b'{"text": "\xff"}', 400, "JSON object"),
        (json.dumps({"text": "x" * 3000}).encode(), 413, "the request has more than 2,000 bytes"),
    ],
)
def test_a_bad_request_is_named(client: Client, body: bytes, status: int, said: str) -> None:
    answer = client.send("POST", "/query", body)
    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_a_bad_form_is_answered_with_the_form(client: Client) -> None:
    page = client.fill(text="x" * 7000)
    assert page.status_code == 413
    assert "the request has more than 6,000 bytes" in page.text
    assert "<form" in page.text
    page = client.send("POST", "/", b"&".join([b"text=x"] * 9))
    assert (page.status_code, "<form" in page.text) == (400, True)


def test_another_host_is_refused(client: Client) -> None:
    assert client.send("GET", "/", headers={"Host": "evil.example"}).status_code == 400


def test_nothing_but_queries_is_allowed(client: Client) -> None:
    assert client.send("PUT", "/query", b"{}").status_code == 405
    assert client.send("GET", "/../etc/passwd").status_code == 404
    assert client.send("GET", "/status").json()["n_articles"] == 3


def test_too_many_queries_are_refused_and_none_is_lost(index: dedup.Index) -> None:
    free, begun = threading.Event(), threading.Semaphore(0)

    class Slow:
        def query(self, article: dedup.Article) -> dedup.Matches:
            begun.release()
            free.wait(30)
            return index.query(article)

        def __len__(self) -> int:
            return len(index)

    limits = Limits(timeout=0.2, n_queries=1)
    with serving(Slow(), limits) as client, ThreadPoolExecutor() as pool:
        first = pool.submit(client.ask, {"text": TEXT})
        assert begun.acquire(timeout=30)
        refused = client.ask({"text": TEXT})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        page = client.fill(text=TEXT)
        assert (page.status_code, page.headers["retry-after"]) == (503, "1")
        assert TEXT in page.text
        free.set()
        assert first.result().status_code == 200
        assert client.ask({"text": TEXT}).status_code == 200


def test_the_body_of_an_answer_does_not_wait_for_the_receipt_of_its_head():
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
