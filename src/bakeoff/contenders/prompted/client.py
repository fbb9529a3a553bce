"""Asks one question until there is an answer, a reason why not, or no hope.

The callers are threads; all exchanges run in one event loop, because only there a deadline holds
against an answer that drips and a call in flight can be let go at once. See ``design/llm-client``.
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from bakeoff.contenders.prompted.wire import (
    TransientError,
    UnsupportedError,
    read_reply,
    request_body,
)
from bakeoff.core.errors import EndpointError
from bakeoff.core.extras import require
from bakeoff.models.chat import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType
    from typing import Any, TypeVar

    import httpx
    from tenacity import RetryCallState

    from bakeoff.contenders.prompted.endpoint import Endpoint
    from bakeoff.models.chat import Ask

    T = TypeVar("T")

_NEEDED_BY = "a prompted model"


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the client is.

    Args:
        attempts: Times that one question is sent at the most.
        attempt_s: Seconds for one exchange, from connecting to the last byte.
        deadline_s: Seconds for one question, all waits and attempts together.
        first_wait_s: Longest wait before the second attempt; doubles from then on.
        longest_wait_s: Longest wait of our own choosing.
        longest_retry_after_s: Longest wait that the endpoint may ask for.
        reply_bytes: Size of an answer that is still read.
        failures_in_a_row: Questions that may fail one after the other before we give up.
    """

    attempts: int = 8
    attempt_s: float = 120.0
    deadline_s: float = 900.0
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    longest_retry_after_s: float = 600.0
    reply_bytes: int = 1 << 20
    failures_in_a_row: int = 20


@dataclass(slots=True)
class Memory:
    """What this process has learned about an endpoint.

    Args:
        without: Fields that it does not take.
        failures_in_a_row: Questions that failed since the last answer.
    """

    without: frozenset[str] = frozenset()
    failures_in_a_row: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@cache
def memory_of(endpoint: Endpoint) -> Memory:
    """Return the memory of an endpoint, which outlives a client: rows come in small chunks."""
    del endpoint
    return Memory()


class Pace:
    """Lets calls pass at even intervals.

    Args:
        per_minute: Calls in a minute at the most; None: no limit.
    """

    def __init__(self, per_minute: float | None) -> None:
        self._interval_s = 60.0 / per_minute if per_minute else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self, halted: threading.Event) -> None:
        """Wait for the next free place, or until ``halted``."""
        if not self._interval_s:
            return
        with self._lock:
            now = time.monotonic()
            place = max(now, self._next)
            self._next = place + self._interval_s
        halted.wait(place - now)


class Client:
    """Asks one endpoint; a context manager, safe for many threads.

    Args:
        endpoint: Whom to ask.
        limits: How patient to be.
        per_minute: Requests in a minute at the most, repeated ones included.
        log: Takes one line of what a user should know.

    Raises:
        MissingExtraError: httpx or tenacity is not installed.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        limits: Limits | None = None,
        *,
        per_minute: float | None = None,
        log: Callable[[str], None] = lambda _line: None,
    ) -> None:
        for package in ("httpx", "tenacity"):
            require(package, extra="llm", needed_by=_NEEDED_BY)
        self.endpoint = endpoint
        self.limits = limits or Limits()
        self.log = log
        self.requests = 0
        self._memory = memory_of(endpoint)
        self._pace = Pace(per_minute)
        self._halted = threading.Event()
        self._jitter = random.Random()  # noqa: S311 - spreads waits; decides no result
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._http = self._connect()

    def __enter__(self) -> Client:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.halt()
        self._run(self._let_go())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def halt(self) -> None:
        """Wait and repeat no more; exchanges in flight go on."""
        self._halted.set()

    def abandon(self) -> None:
        """Let go of every exchange in flight, at once."""
        self.halt()
        self._run(self._cancel_all())

    def ask(self, ask: Ask) -> Reply:
        """Return the endpoint's reply, or one with status ``"failed"`` and its reason.

        Raises:
            EndpointError: The endpoint refuses the key or the account, or too many questions in a
                row have failed.
            concurrent.futures.CancelledError: `abandon` was called.
        """
        self._pace.wait(self._halted)
        if self._halted.is_set():
            return Reply("", status="not-asked", reason="the client was halted")
        try:
            reply = self._until_answered(ask)
        except TransientError as error:
            reply = Reply("", status="failed", reason=str(error))
        return self._judged(replace(reply, reason=self._without_key(reply.reason)))

    def _until_answered(self, ask: Ask) -> Reply:
        """Send until there is a reply.

        Raises:
            TransientError: None came in time.
        """
        import tenacity

        limits = self.limits
        deadline = time.monotonic() + limits.deadline_s
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientError),
            stop=tenacity.stop_after_attempt(limits.attempts)
            | tenacity.stop_before_delay(limits.deadline_s)
            | tenacity.stop_when_event_set(self._halted),
            wait=self._wait_s,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._attempt, ask, deadline)

    def _wait_s(self, state: RetryCallState) -> float:
        """Return what the endpoint asks for, else exponential backoff with full jitter."""
        limits = self.limits
        error = state.outcome.exception() if state.outcome else None
        bound = min(limits.longest_wait_s, limits.first_wait_s * 2 ** (state.attempt_number - 1))
        if isinstance(error, TransientError) and error.after_s is not None:
            # A little later than asked, and not all at the same moment.
            asked = min(error.after_s, limits.longest_retry_after_s)
            return asked + self._jitter.uniform(0.0, min(limits.first_wait_s, 0.1 * asked))
        return self._jitter.uniform(0.0, bound)

    def _sleep(self, seconds: float) -> None:
        self._halted.wait(seconds)
        self._pace.wait(self._halted)

    def _attempt(self, ask: Ask, deadline: float) -> Reply:
        """Send the question once, or again without a field that the endpoint does not take.

        Raises:
            TransientError: It may go better next time.
            EndpointError: It will not.
        """
        while True:
            body = request_body(ask, self.endpoint.model, self._memory.without)
            seconds = min(self.limits.attempt_s, deadline - time.monotonic())
            began = time.monotonic()
            status, headers, data = self._run(self._exchange(body, max(seconds, 0.0)))
            took = time.monotonic() - began
            try:
                return replace(read_reply(status, headers, data, body.keys()), seconds=took)
            except UnsupportedError as error:
                self._learn(error.field)
            except EndpointError as error:
                raise EndpointError(
                    error.what,
                    where=f"{self.endpoint.model}@{self.endpoint.base_url}",
                    why=self._without_key(error.why),
                    fix=error.fix,
                ) from None

    def _learn(self, name: str) -> None:
        """Remember a field that the endpoint does not take."""
        with self._memory.lock:
            known = name in self._memory.without
            self._memory.without |= {name}
        if not known:
            self.log(f"{self.endpoint.model} does not take '{name}' as usual: asked otherwise")

    def _judged(self, reply: Reply) -> Reply:
        """Return the reply, unless too many have failed.

        Raises:
            EndpointError: They have.
        """
        with self._memory.lock:
            failed = reply.status == "failed"
            self._memory.failures_in_a_row = failed * (self._memory.failures_in_a_row + 1)
            hopeless = self._memory.failures_in_a_row >= self.limits.failures_in_a_row
            if hopeless:
                self._memory.failures_in_a_row = 0  # another try begins afresh
        if hopeless:
            raise EndpointError(
                f"{self.limits.failures_in_a_row} questions in a row got no answer",
                where=f"{self.endpoint.model}@{self.endpoint.base_url}",
                why=f"the last: {reply.reason}",
                fix="see whether the endpoint is up and knows the model; then run the same "
                "command again: answers that came are kept",
            )
        return reply

    def _without_key(self, text: str) -> str:
        key = self.endpoint.key()
        return text if key is None else key.hide_in(text)

    def _connect(self) -> httpx.AsyncClient:
        import httpx

        return httpx.AsyncClient(
            auth=self._sign,
            timeout=None,  # noqa: S113 - `_exchange` bounds the whole, this only single reads
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=64),
            # Proxies are for the world outside; a local server must not be sought through them.
            trust_env=not self.endpoint.is_local,
            headers={"Accept-Encoding": "identity", "User-Agent": "bakeoff"},
        )

    def _sign(self, request: httpx.Request) -> httpx.Request:
        """Put the key into the request, at the last moment."""
        key = self.endpoint.key()
        if key is not None:
            request.headers["Authorization"] = f"Bearer {key.reveal()}"
        return request

    async def _exchange(
        self, body: dict[str, Any], seconds: float
    ) -> tuple[int, httpx.Headers, bytes]:
        """Send one request and return status, headers and body of the answer.

        Raises:
            TransientError: No whole answer came.
            EndpointError: The server's certificate is not trusted.
        """
        import httpx

        # Asked here, in the loop: whatever begins after `abandon` has cancelled must not begin.
        if self._halted.is_set():
            raise TransientError("given up before it was asked again")
        self.requests += 1
        url = self.endpoint.base_url + "/chat/completions"
        content = json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        data = bytearray()
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.stream("POST", url, content=content, headers=kind) as response,
            ):
                if response.headers.get("content-encoding", "identity") != "identity":
                    raise TransientError("the answer is compressed, which was not asked for")
                # Raw, as no compression was asked for: a small answer cannot become a huge one.
                async for chunk in response.aiter_raw():
                    data += chunk
                    if len(data) > self.limits.reply_bytes:
                        raise TransientError(
                            f"the answer is longer than {self.limits.reply_bytes:,} bytes"
                        )
                return response.status_code, response.headers, bytes(data)
        except TimeoutError:
            raise TransientError(f"no whole answer came within {seconds:.3g} s") from None
        except httpx.TransportError as error:
            reason = f"{type(error).__name__}: {error}"
        if "CERTIFICATE_VERIFY_FAILED" in reason:
            raise EndpointError(
                "the server's certificate is not trusted",
                why=self._without_key(reason),
                fix="name the right host, or the authority's file in SSL_CERT_FILE",
            )
        raise TransientError(reason)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` in the loop's thread and return what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _cancel_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _let_go(self) -> None:
        await self._cancel_all()
        await self._http.aclose()
        await self._loop.shutdown_default_executor()
