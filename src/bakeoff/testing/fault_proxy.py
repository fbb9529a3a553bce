"""A proxy that stands before a model's endpoint, does what networks do, and keeps a journal."""

from __future__ import annotations

import http.client
import json
import random
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bakeoff.core.hashing import hash_bytes
from bakeoff.testing.local_server import LocalServer, QuietHandler

if TYPE_CHECKING:
    from types import TracebackType

STATUSES = {"500": 500, "502": 502, "503": 503, "529": 529}
BEFORE = ("429", "429-seconds", "429-date", *STATUSES, "html", "wrong-schema", "reset", "hang")
"""Faults that never reach the endpoint."""
AFTER = ("reset-mid-body", "drip", "truncated", "empty", "wrong-model")
"""Faults that spoil the endpoint's own answer; the last two are answers all the same."""
ALL = (*BEFORE, *AFTER)
OTHER_MODEL = "another-model"
_TOO_MANY = b'{"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}'
_PASSED_ON = ("authorization", "content-type")


@dataclass(frozen=True, slots=True)
class Entry:
    """One request in the journal; nothing of its head is kept, so no key either.

    Args:
        request: SHA-256 of its body.
        fault: What was done to it, or ``"ok"``.
        accepted: Whether a whole answer that a client can use went out.
        content: What that answer said.
    """

    request: str
    fault: str
    accepted: bool
    content: str | None = None


class FaultProxy(LocalServer):
    """Passes requests on, a share of them badly.

    Which fault a request meets depends on seed, body and how often that body came before, not on
    the order in which threads arrive.

    Args:
        target: Base URL of the endpoint, for example that of a `ReplayServer`.
        rate: Share of requests that meet a fault.
        seed: Of the choice.
        faults: Which; of `ALL`.
        hang_s: Seconds of silence of a hang, after which the connection is closed.
        drip_s: Seconds between two bytes of a drip.
        retry_after_s: What ``Retry-After`` says.
    """

    def __init__(  # noqa: PLR0913 - what may be left out is named
        self,
        target: str,
        *,
        rate: float = 0.3,
        seed: int = 0,
        faults: tuple[str, ...] = ALL,
        hang_s: float = 5.0,
        drip_s: float = 1.0,
        retry_after_s: int = 1,
    ) -> None:
        self.journal: list[Entry] = []
        self.rate, self.seed, self.faults = rate, seed, faults
        self.hang_s, self.drip_s, self.retry_after_s = hang_s, drip_s, retry_after_s
        self._target = urlsplit(target)
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.closing = threading.Event()
        super().__init__(self._handler())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        super().__exit__(kind, error, trace)

    def asked_again_after_acceptance(self) -> int:
        """Return how many questions came again after a whole answer to them had gone out.

        A question counts once, however many faults its second asking meets.
        """
        done: set[str] = set()
        again: set[str] = set()
        with self._lock:
            for entry in self.journal:
                if entry.request in done:
                    again.add(entry.request)
                if entry.accepted:
                    done.add(entry.request)
        return len(again)

    def choose(self, request: str) -> str:
        """Return the fault that this request meets now, or ``"ok"``."""
        with self._lock:
            number = self._seen[request]
            self._seen[request] += 1
        # Not a seed of the experiment: this decides what a test server does.
        draw = random.Random(f"{self.seed}:{request}:{number}")  # noqa: S311 - no secret
        if not self.faults or draw.random() >= self.rate:
            return "ok"
        return draw.choice(self.faults)

    def note(self, entry: Entry) -> int:
        """Write one line of the journal and return its number."""
        with self._lock:
            self.journal.append(entry)
            return len(self.journal) - 1

    def retract(self, line: int) -> None:
        """Mark an answer as not accepted: the client was gone before it went out."""
        with self._lock:
            self.journal[line] = replace(self.journal[line], accepted=False, content=None)

    def forward(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Return the endpoint's own status and body."""
        kind = (
            http.client.HTTPSConnection
            if self._target.scheme == "https"
            else http.client.HTTPConnection
        )
        connection = kind(self._target.netloc, timeout=600)
        try:
            connection.request("POST" if body else "GET", path, body or None, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _handler(self) -> type[QuietHandler]:
        proxy = self
        prefix = self._target.path.rstrip("/")

        class Handler(_Faulty):
            def do_GET(self) -> None:  # noqa: N802 - the standard library calls it so
                self.send(*proxy.forward(prefix + self.path.removeprefix("/v1"), b"", {}))

            def do_POST(self) -> None:  # noqa: N802 - the standard library calls it so
                body = self.read_body()
                request = hash_bytes(body)
                fault = proxy.choose(request)
                status, answer = 0, b""
                if fault not in BEFORE:
                    headers = {
                        name: self.headers[name] for name in _PASSED_ON if name in self.headers
                    }
                    path = prefix + self.path.removeprefix("/v1")
                    status, answer = proxy.forward(path, body, headers)
                    if status != 200:
                        fault = "ok"
                answer = _altered(fault, answer)
                usable = status == 200 and fault in ("ok", "empty", "wrong-model")
                content = _content(answer) if usable else None
                # Before it goes out: whoever has the answer finds it in the journal.
                line = proxy.note(Entry(request, fault, usable, content))
                try:
                    self.misbehave(proxy, fault, status, answer)
                except OSError:
                    proxy.retract(line)
                    raise

        return Handler


class _Faulty(QuietHandler):
    """Sends an answer in each of the bad ways."""

    def misbehave(self, proxy: FaultProxy, fault: str, status: int, answer: bytes) -> None:
        """Do to the connection what ``fault`` says."""
        if fault in STATUSES:
            self.send(STATUSES[fault], b'{"error": {"message": "try again"}}')
        elif fault.startswith("429"):
            self.send(429, _TOO_MANY, headers=_retry_after(fault, proxy.retry_after_s))
        elif fault == "html":
            self.send(200, b"<html><body>Bad gateway</body></html>", kind="text/html")
        elif fault == "wrong-schema":
            self.send(200, b'{"choices": {"message": ["not", "this"]}}')
        elif fault == "reset":
            self._reset()
        elif fault == "hang":
            proxy.closing.wait(proxy.hang_s)
            self.close_connection = True
        elif fault in ("reset-mid-body", "truncated", "drip"):
            self._spoil(proxy, fault, answer)
        else:
            self.send(status, answer)

    def _spoil(self, proxy: FaultProxy, fault: str, answer: bytes) -> None:
        half = answer[: len(answer) // 2]
        if fault == "truncated":
            self.send(200, half)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.flush()
        if fault == "reset-mid-body":
            self.wfile.write(half)
            self.wfile.flush()
            self._reset()
            return
        for byte in half:  # never the whole: it is no answer, however patient the client
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if proxy.closing.wait(proxy.drip_s):
                break
        self._reset()

    def _reset(self) -> None:
        """Close at once, which the other side sees as a reset connection."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True


def _retry_after(fault: str, seconds: int) -> dict[str, str]:
    if fault == "429-seconds":
        return {"Retry-After": str(seconds)}
    if fault == "429-date":
        moment = datetime.now(UTC) + timedelta(seconds=seconds)
        return {"Retry-After": format_datetime(moment, usegmt=True)}
    return {}


def _altered(fault: str, answer: bytes) -> bytes:
    """Return the answer as the two faults that are answers make it."""
    if fault not in ("empty", "wrong-model"):
        return answer
    value: dict[str, Any] = json.loads(answer)
    if fault == "empty":
        value["choices"][0]["message"]["content"] = None
    else:
        value["model"] = OTHER_MODEL
    return json.dumps(value).encode()


def _content(answer: bytes) -> str | None:
    try:
        content: str | None = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return content
