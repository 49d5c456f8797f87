"""How fast ``dedup serve`` answers, and whether all answers arrive under load.

``python -m bench.serving INDEX --articles FILE`` starts the server, asks it about one text after
another, and then from many clients at once for some minutes. Each answer is compared with that of
the index itself. It fails if an answer differs, or is neither an answer nor a refusal.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from statistics import quantiles
from typing import Any, NamedTuple

import dedup

# Statuses of an answer and of a refusal.
_OK, _BUSY = 200, 503


class Question(NamedTuple):
    """A text, and what the index finds for it."""

    body: bytes
    found: list[Any]


class Load(NamedTuple):
    """Milliseconds of all answers, and how many requests ended how."""

    times: list[float]
    ends: Counter[str]


def make_questions(index: str, articles: str, n: int, n_words: int) -> list[Question]:
    """Return texts of about `n_words` words, and what the index finds for them."""
    with dedup.Index(index, mode="r") as stored:
        texts = (" ".join(one.text.split()[:n_words]) for one in dedup.read(articles))
        long = (text for text in texts if len(text.split()) == n_words)
        return [
            Question(
                json.dumps({"text": text}).encode(),
                json.loads(json.dumps(stored.query({"text": text}).to_dict()["matches"])),
            )
            for text in islice(long, n)
        ]


@contextmanager
def serve(index: str, port: int) -> Iterator[None]:
    """Run the server."""
    command = [sys.executable, "-m", "dedup", "serve", index, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                if process.poll() is None and _ask(port, "GET", "/status", None)[0] == _OK:
                    break
                time.sleep(0.1)
            yield
            if process.poll() is not None:
                raise SystemExit("the server ended by itself")
        finally:
            process.terminate()


def ask_all(port: int, questions: Sequence[Question], n_clients: int, seconds: float) -> Load:
    """Ask from several clients at once, one question after another each."""
    load, lock, end = Load([], Counter()), threading.Lock(), time.monotonic() + seconds

    def run(first: int) -> None:
        for question in cycle([*questions[first:], *questions[:first]]):
            start = time.perf_counter()
            if time.monotonic() >= end:
                return
            status, answer = _ask(port, "POST", "/query", question.body)
            with lock:
                load.times.append(1000 * (time.perf_counter() - start))
                load.ends[_judge(status, answer, question)] += 1

    threads = [
        threading.Thread(target=run, args=(at * len(questions) // n_clients,))
        for at in range(n_clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


def _judge(status: int, answer: bytes, question: Question) -> str:
    if status == _OK:
        return "right" if json.loads(answer)["matches"] == question.found else "wrong"
    return "refused" if status == _BUSY else f"status {status}"


def _ask(port: int, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask one client at a time, then many; print times and ends; return 1 if an answer is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--articles", required=True)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--words", type=int, default=600)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--port", type=int, default=8765)
    given = parser.parse_args(arguments)
    questions = make_questions(given.index, given.articles, given.questions, given.words)
    is_right = True
    with serve(given.index, given.port):
        for n_clients, seconds in ((1, given.seconds / 10), (given.clients, given.seconds)):
            load = ask_all(given.port, questions, n_clients, seconds)
            cuts = quantiles(load.times, n=100)
            ends = ", ".join(f"{n:,} {name}" for name, n in sorted(load.ends.items()))
            print(f"{n_clients} clients, {seconds:.0f} s: {ends}; ", end="")
            print(f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms", flush=True)
            is_right &= load.ends.keys() <= {"right", "refused"}
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
