import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from dataclasses import asdict, replace

import pytest

from bakeoff.contenders.prompted.ask import answer_key, ask_all, stored_reply
from bakeoff.contenders.prompted.client import Pace
from bakeoff.contenders.prompted.endpoint import Endpoint
from bakeoff.core.errors import BudgetReachedError, EndpointError
from bakeoff.core.store import Store
from bakeoff.models.chat import Message, Reply
from bakeoff.testing import context as make_context
from bakeoff.testing.fault_proxy import FaultProxy
from bakeoff.testing.replay_server import ReplayServer

ROWS = {f"row number {number} ends": f"answer {number}" for number in range(300)}


@pytest.fixture
def context(tmp_path):
    return make_context(tmp_path)


def at(server, model="replay"):
    return Endpoint.parse(f"{model}@{server.base_url}")


def unfaithful(server, **settings):
    settings = {"rate": 0.3, "hang_s": 2, "drip_s": 0.1, "retry_after_s": 0} | settings
    return FaultProxy(server.base_url, **settings)


def test_replies_come_in_the_order_of_the_questions(context, quick, question):
    with ReplayServer(ROWS) as server:
        asks = [question(row) for row in ROWS][:40]
        replies = ask_all(asks, at(server), context, concurrency=8, limits=quick)
    assert [reply.text for reply in replies] == list(ROWS.values())[:40]
    assert context.meter.counts["calls"] == server.usage.calls == 40
    assert context.meter.counts["prompt_tokens"] == server.usage.prompt_tokens
    assert context.meter.counts["completion_tokens"] == server.usage.completion_tokens
    assert "retries" not in context.meter.counts


def test_nothing_to_ask_needs_no_endpoint(context):
    assert ask_all([], Endpoint("m", "http://127.0.0.1:9/v1"), context) == []


def test_equal_questions_are_asked_once_and_repeats_each(context, quick, question):
    row = next(iter(ROWS))
    asks = [question(row), question(row), question(row, repeat=1), question(row)]
    with ReplayServer(ROWS) as server:
        replies = ask_all(asks, at(server), context, limits=quick)
    assert server.usage.calls == 2
    assert {reply.text for reply in replies} == {"answer 0"}


def test_three_hundred_questions_survive_thirty_per_cent_faults(context, quick, question, tmp_path):
    asks = [question(row) for row in ROWS]
    quick = replace(quick, attempt_s=1.0)
    with ReplayServer(ROWS) as server, unfaithful(server, hang_s=4) as proxy:
        replies = ask_all(asks, at(proxy), context, concurrency=8, limits=quick)
        first = len(proxy.journal)
        again = ask_all(asks, at(proxy), context, concurrency=8, limits=quick)
        assert len(proxy.journal) == first, "a second run asks nothing"
    assert again == replies
    assert len({entry.fault for entry in proxy.journal}) > 12, "the faults did happen"
    assert proxy.asked_again_after_acceptance() == 0
    accepted = Counter(entry.content for entry in proxy.journal if entry.accepted)
    assert sum(accepted.values()) == 300
    empty = [reply for reply in replies if reply.status]
    assert {reply.status for reply in empty} == {"empty"}
    assert len(empty) == accepted[None]
    answers = zip(replies, ROWS.values(), strict=True)
    assert all(reply.text == right for reply, right in answers if reply.status is None)
    assert context.meter.counts["calls"] == 300
    assert context.meter.counts["calls"] + context.meter.counts["retries"] == first


def test_every_part_of_a_question_makes_another_key(question):
    one, base = question("a"), Endpoint("m", "http://127.0.0.1:9/v1")
    others = [
        replace(one, max_tokens=21),
        replace(one, temperature=0.1),
        replace(one, schema="{}"),
        replace(one, repeat=1),
        replace(one, messages=(Message("system", "a"),)),
        replace(one, messages=(Message("user", "b"),)),
        replace(one, messages=(Message("user", "a", (b"picture",)),)),
        replace(one, messages=(Message("user", "a", (b"another",)),)),
    ]
    keys = [answer_key(base, ask) for ask in (one, *others)]
    keys += [answer_key(replace(base, model="n"), one)]
    keys += [answer_key(Endpoint("m", "http://127.0.0.1:8/v1"), one)]
    assert len(set(keys)) == len(keys)
    assert answer_key(replace(base, key_variable="OTHER"), one) == keys[0]


def test_a_damaged_answer_is_asked_again(context, quick, question):
    ask = question(next(iter(ROWS)))
    with ReplayServer(ROWS) as server:
        key = answer_key(at(server), ask)
        for damage in (
            lambda: context.answers.put(key, b"no JSON"),
            lambda: context.answers.put(key, b'{"other": 1}'),
            lambda: context.answers.put(key, b"[1]"),
            lambda: context.answers.path(key).write_bytes(b"short"),
        ):
            damage()
            assert ask_all([ask], at(server), context, limits=quick)[0].text == "answer 0"
    assert server.usage.calls == 4


def test_failures_are_not_kept_and_answers_without_text_are(context, quick, question):
    said = {"fail": None, "mute": None}

    def answer(messages):
        if messages[-1]["content"] == "fail":
            raise ValueError("no")
        return

    asks = [question(name) for name in said]
    with ReplayServer(answer) as server:
        replies = ask_all(asks, at(server), context, limits=quick)
        kept = [stored_reply(context.answers, answer_key(at(server), ask)) for ask in asks]
    assert [reply.status for reply in replies] == ["failed", "empty"]
    assert kept == [None, replies[1]]


class Purse:
    """A meter that stops when ``limit`` of ``unit`` is passed."""

    def __init__(self, unit, limit):
        self.unit, self.limit, self.counts = unit, limit, Counter()

    def add(self, unit, amount):
        if unit == self.unit and self.counts[unit] + amount > self.limit:
            raise BudgetReachedError(f"the limit of {unit} is reached")
        self.counts[unit] += amount


def test_a_budget_of_calls_is_kept_to_the_call(context, quick, question):
    asks = [question(row) for row in ROWS][:30]
    context = replace(context, meter=Purse("calls", 10))
    with ReplayServer(ROWS) as server:
        replies = ask_all(asks, at(server), context, concurrency=4, limits=quick)
        assert server.usage.calls == 10
        richer = replace(context, meter=Purse("calls", 1000))
        rest = ask_all(asks, at(server), richer, concurrency=4, limits=quick)
    assert server.usage.calls == 30, "what was answered is not asked again"
    assert [reply.status for reply in replies] == [None] * 10 + ["not-asked"] * 20
    assert [reply.text for reply in rest] == list(ROWS.values())[:30]


def test_a_budget_of_tokens_is_passed_by_the_calls_in_flight_alone(context, quick, question):
    asks = [question(row) for row in ROWS][:30]
    context = replace(context, meter=Purse("prompt_tokens", 20))
    with ReplayServer(ROWS) as server:
        replies = ask_all(asks, at(server), context, concurrency=3, limits=quick)
    done = [reply for reply in replies if reply.status is None]
    assert len(done) == server.usage.calls
    per_call = done[0].prompt_tokens
    assert 20 // per_call < len(done) <= 20 // per_call + 3


def test_a_refused_key_ends_the_batch_and_keeps_what_came(context, quick, question, canary):
    lines = []
    refused = threading.Event()

    def answer(messages):
        if messages[-1]["content"] == "late":
            refused.wait(3)
        return "yes"

    with ReplayServer(answer) as server:
        complete = server.complete

        def guarded(request):
            if request["messages"][-1]["content"] == "now":
                refused.set()
                return 401, {"error": {"message": f"wrong key {canary}"}}
            return complete(request)

        server.complete = guarded
        asks = [question("late"), question("now"), *[question(f"{n}") for n in range(50)]]
        with pytest.raises(EndpointError, match="refuses the key") as caught:
            ask_all(asks, at(server), context, concurrency=2, limits=quick, log=lines.append)
        assert stored_reply(context.answers, answer_key(at(server), asks[0])).text == "yes"
    assert server.usage.calls < 10
    assert canary not in f"{caught.value}{lines}"


def test_the_key_is_in_no_file_journal_or_line(context, quick, question, canary, tmp_path, caplog):
    lines = []
    asks = [question(row) for row in ROWS][:30]
    with (
        caplog.at_level("DEBUG"),
        ReplayServer(ROWS) as server,
        unfaithful(server, rate=0.5, faults=("500", "reset", "truncated", "html")) as proxy,
    ):
        replies = ask_all(asks, at(proxy), context, limits=quick, log=lines.append)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 30
    assert all(canary.encode() not in path.read_bytes() for path in files)
    assert canary not in f"{proxy.journal} {replies} {lines} {caplog.text} {context}"


def test_calls_keep_the_pace():
    halted, waits = threading.Event(), []
    halted.wait = waits.append
    pace = Pace(per_minute=1)
    for _ in range(4):
        pace.wait(halted)
    assert waits == pytest.approx([0, 60, 120, 180], abs=20)


WORKER = """
    import sys
    from pathlib import Path
    from bakeoff.contenders.prompted.ask import ask_all
    from bakeoff.contenders.prompted.client import Limits
    from bakeoff.contenders.prompted.endpoint import Endpoint
    from bakeoff.models.chat import Ask, Message
    from bakeoff.testing import context

    if __name__ == "__main__":
        url, folder = sys.argv[1:]
        asks = [Ask((Message("user", f"row number {n} ends"),), 20) for n in range(300)]
        limits = Limits(attempts=12, attempt_s=5.0, first_wait_s=0.01, longest_wait_s=0.05)
        endpoint = Endpoint.parse(f"replay@{url}")
        print("begins", flush=True)
        ask_all(asks, endpoint, context(Path(folder)), concurrency=4, limits=limits)
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_by_force_goes_on_where_it_was(
    sent, context, quick, question, tmp_path
):
    script = tmp_path / "worker.py"
    script.write_text(textwrap.dedent(WORKER))
    asks = [question(row) for row in ROWS]
    with ReplayServer(ROWS) as server, unfaithful(server, rate=0.1, faults=("500",)) as proxy:
        command = [sys.executable, script, proxy.base_url, tmp_path]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(os.environ)
        )
        with process:
            assert process.stdout.readline() == b"begins\n"
            while len(proxy.journal) < 60:
                assert process.poll() is None, "it ended before it could be killed"
                time.sleep(0.005)
            process.send_signal(sent)
            assert process.wait(5) != 0
        before = len(proxy.journal)
        stored = {
            ask.messages[0].text
            for ask in asks
            if stored_reply(context.answers, answer_key(at(proxy), ask)) is not None
        }
        assert 0 < len(stored) < 300
        replies = ask_all(asks, at(proxy), context, concurrency=4, limits=quick)
        after = proxy.journal[before:]
    assert [reply.text for reply in replies] == list(ROWS.values())
    asked = {entry.content for entry in after if entry.accepted}
    assert asked == {ROWS[row] for row in ROWS if row not in stored}, (
        "nothing stored is asked again"
    )
    assert proxy.asked_again_after_acceptance() <= 4, "only what was in flight"


def test_a_reply_survives_its_keeping(tmp_path):
    store = Store(tmp_path, "answers")
    reply = Reply("é\ud800", "cut-off", "why", 1, 2, 3, "m")
    store.put("key", json.dumps(asdict(reply)).encode())
    assert stored_reply(store, "key") == reply
