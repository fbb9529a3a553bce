"""Asks many questions: each once, stored before it is used, within budget and pace."""

from __future__ import annotations

import json
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import asdict
from typing import TYPE_CHECKING

from bakeoff.contenders.prompted.client import Client
from bakeoff.core.errors import BudgetReachedError, EndpointError
from bakeoff.core.hashing import hash_bytes
from bakeoff.models.chat import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from bakeoff.contenders.base import Context, Meter
    from bakeoff.contenders.prompted.client import Limits
    from bakeoff.contenders.prompted.endpoint import Endpoint
    from bakeoff.core.store import Store
    from bakeoff.models.chat import Ask

KEY_VERSION = 1
"""Of the form of key and value: another number, and every answer is asked for again."""

NOT_KEPT = ("failed", "not-asked")
"""Replies that say nothing about the model: the next run asks again."""


def ask_all(  # noqa: PLR0913 - what may be left out is named
    asks: Sequence[Ask],
    endpoint: Endpoint,
    context: Context,
    *,
    concurrency: int = 8,
    per_minute: float | None = None,
    limits: Limits | None = None,
    log: Callable[[str], None] | None = None,
) -> list[Reply]:
    """Return one reply to each question, in their order.

    Questions that are equal, repeat number included, are asked once. What was answered before
    comes from ``context.answers``. The meter counts ``"calls"`` (questions sent), ``"retries"``
    (requests beyond those), ``"prompt_tokens"`` and ``"completion_tokens"``; when it says that a
    budget is reached, no further question is sent, those under way are finished and kept, and
    the rest get the status ``"not-asked"``.

    Args:
        asks: The questions.
        endpoint: Whom to ask.
        context: Its ``answers`` and ``meter`` are used.
        concurrency: Questions under way at once.
        per_minute: Requests in a minute at the most; None: no limit.
        limits: How patient to be with one question.
        log: Takes one line of what a user should know; default: the context's.

    Raises:
        EndpointError: The endpoint refuses the key or the account, or no longer answers; answers
            that came are kept.
        StorageError: An answer could not be kept.
        MissingExtraError: httpx or tenacity is not installed.
    """
    keys = [answer_key(endpoint, ask) for ask in asks]
    replies: dict[str, Reply] = {}
    waiting: dict[str, Ask] = {}
    for key, ask in zip(keys, asks, strict=True):
        if key in replies or key in waiting:
            continue
        known = stored_reply(context.answers, key)
        if known is None:
            waiting[key] = ask
        else:
            replies[key] = known
    if waiting:
        with Client(endpoint, limits, per_minute=per_minute, log=log or context.log) as client:
            batch = _Batch(client, context, concurrency)
            batch.run(waiting)
            replies |= batch.replies
    not_asked = Reply("", status="not-asked", reason="a budget was reached")
    return [replies.get(key, not_asked) for key in keys]


def answer_key(endpoint: Endpoint, ask: Ask) -> str:
    """Return the key under which the answer is kept: everything that may change it, no secret."""
    return json.dumps(
        {
            "version": KEY_VERSION,
            "base_url": endpoint.base_url,
            "model": endpoint.model,
            "messages": [
                [turn.role, turn.text, [hash_bytes(image) for image in turn.images]]
                for turn in ask.messages
            ],
            "max_tokens": ask.max_tokens,
            "temperature": ask.temperature,
            "schema": ask.schema,
            "repeat": ask.repeat,
        },
        sort_keys=True,
    )


def stored_reply(store: Store, key: str) -> Reply | None:
    """Return the answer that was kept under ``key``, or None."""
    value = store.get(key)
    if value is None:
        return None
    try:
        return Reply(**json.loads(value))
    except (ValueError, TypeError):
        return None


class _Batch:
    """Questions under way in a pool of threads.

    Args:
        client: Asks one.
        context: Lends store and meter.
        concurrency: Questions under way at once.
    """

    def __init__(self, client: Client, context: Context, concurrency: int) -> None:
        self.replies: dict[str, Reply] = {}
        self._client = client
        self._store = context.answers
        self._meter = context.meter
        self._concurrency = max(1, concurrency)
        self._flying: dict[Future[Reply], str] = {}
        self._open = True

    def run(self, waiting: dict[str, Ask]) -> None:
        """Ask all, as far as the budget goes.

        Raises:
            EndpointError: The endpoint gives no answers.
        """
        queue = deque(waiting.items())
        pool = ThreadPoolExecutor(self._concurrency, thread_name_prefix="ask")
        try:
            self._hand_out(pool, queue)
            while self._flying:
                self._collect()
                self._hand_out(pool, queue)
        except EndpointError:
            # Others under way may still be answered, and were paid for.
            self._client.halt()
            pool.shutdown(wait=True)
            raise
        except BaseException:
            self._client.abandon()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self._count("retries", self._client.requests - len(waiting) + len(queue))

    def _hand_out(self, pool: ThreadPoolExecutor, queue: deque[tuple[str, Ask]]) -> None:
        while self._open and queue and len(self._flying) < self._concurrency:
            if not self._count("calls", 1):
                return
            key, ask = queue.popleft()
            self._flying[pool.submit(self._ask, key, ask)] = key

    def _ask(self, key: str, ask: Ask) -> Reply:
        """Ask one, in a thread of the pool, and keep the answer before anyone sees it."""
        reply = self._client.ask(ask)
        if reply.status not in NOT_KEPT:
            self._store.put(key, json.dumps(asdict(reply)).encode())
        return reply

    def _collect(self) -> None:
        done, _ = wait(self._flying, return_when=FIRST_COMPLETED)
        for future in done:
            key = self._flying.pop(future)
            reply = future.result()
            self.replies[key] = reply
            self._count("prompt_tokens", reply.prompt_tokens)
            self._count("completion_tokens", reply.completion_tokens)

    def _count(self, unit: str, amount: float) -> bool:
        """Count, and return whether more may be asked."""
        if amount > 0:
            self._open = _added(self._meter, unit, amount) and self._open
        return self._open


def _added(meter: Meter, unit: str, amount: float) -> bool:
    try:
        meter.add(unit, amount)
    except BudgetReachedError:
        return False
    return True
