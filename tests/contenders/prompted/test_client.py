import json
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import replace

import pytest

from bakeoff.contenders.prompted.client import Client, memory_of
from bakeoff.contenders.prompted.endpoint import Endpoint
from bakeoff.contenders.prompted.wire import TransientError
from bakeoff.core.errors import EndpointError, MissingExtraError
from bakeoff.models.chat import Ask, Message
from bakeoff.testing.fault_proxy import ALL, OTHER_MODEL, FaultProxy
from bakeoff.testing.local_server import QuietHandler, QuietServer
from bakeoff.testing.replay_server import ReplayServer

PNG = b"\x89PNG\r\n\x1a\n..."


class Scripted:
    """A server that gives the listed (status, body, headers) in turn, the last for ever."""

    def __init__(self, *answers):
        self.answers, self.requests, self.heads = list(answers), [], []
        owner = self

        class Handler(QuietHandler):
            def do_POST(self):  # noqa: N802 - the standard library calls it so
                owner.requests.append(json.loads(self.read_body()))
                owner.heads.append(dict(self.headers))
                answer = owner.answers.pop(0) if len(owner.answers) > 1 else owner.answers[0]
                if callable(answer):
                    answer(self)
                    return
                status, body, *headers = answer
                text = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send(status, text, headers=headers[0] if headers else {})

        self.server = QuietServer(Handler)
        self.base_url = self.server.base_url

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *error):
        self.server.stop()


def completion(content="yes", ended="stop", **message):
    return {
        "model": "m-2026",
        "choices": [{"message": {"content": content, **message}, "finish_reason": ended}],
        "usage": {
            "prompt_tokens": 7,
            "completion_tokens": 2,
            "prompt_tokens_details": {"cached_tokens": 5},
        },
    }


def refusal(message="no", **fields):
    return {"error": {"message": message, **fields}}


OK = (200, completion())


def ask(server, question, limits, log=lambda _line: None):
    with Client(Endpoint.parse(f"m@{server.base_url}"), limits, log=log) as client:
        return client.ask(question)


@pytest.fixture
def one(question):
    return question("the row")


def test_a_question_goes_out_whole_and_the_answer_comes_back(quick, canary):
    messages = (Message("system", "be brief"), Message("user", "what?", (PNG, b"\xff\xd8..")))
    whole = Ask(messages, 9, temperature=0.5, schema='{"type": "object"}')
    with Scripted(OK) as server:
        reply = ask(server, whole, quick)
    assert (reply.text, reply.status, reply.model) == ("yes", None, "m-2026")
    assert (reply.prompt_tokens, reply.completion_tokens, reply.cached_tokens) == (7, 2, 5)
    (sent,), (head,) = server.requests, server.heads
    assert head["Authorization"] == f"Bearer {canary}"
    assert (sent["model"], sent["max_tokens"], sent["temperature"]) == ("m", 9, 0.5)
    assert sent["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert sent["messages"][0] == {"role": "system", "content": "be brief"}
    text, first, second = sent["messages"][1]["content"]
    assert text == {"type": "text", "text": "what?"}
    assert first["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    assert second["image_url"]["url"].startswith("data:image/jpeg;base64,")


def test_without_a_key_none_is_sent(quick, one, monkeypatch):
    monkeypatch.delenv("BAKEOFF_LLM_KEY")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with Scripted(OK) as server:
        assert ask(server, one, quick).text == "yes"
    assert "Authorization" not in server.heads[0]


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (completion("par", "length"), "cut-off", "par"),
        (completion("", "length"), "cut-off", ""),
        (completion("x", "content_filter"), "filtered", "x"),
        (completion(None, refusal="I cannot"), "refused", ""),
        (completion(None), "empty", ""),
        (completion(" \n"), "empty", " \n"),
        (completion([{"type": "text", "text": "yes"}]), None, "yes"),
        ({"choices": completion()["choices"]}, None, "yes"),
    ],
)
def test_an_answer_says_how_it_ended(quick, one, body, status, text):
    with Scripted((200, body)) as server:
        reply = ask(server, one, quick)
    assert (reply.status, reply.text, len(server.requests)) == (status, text, 1)


@pytest.mark.parametrize("fault", ALL)
def test_each_fault_alone_ends_in_the_right_answer(fault, quick, one):
    limits = replace(quick, attempt_s=0.3) if fault in ("hang", "drip") else quick
    with (
        ReplayServer({"the row": "pos"}) as server,
        FaultProxy(
            server.base_url, rate=0.5, seed=5, faults=(fault,), hang_s=2, drip_s=0.1
        ) as proxy,
    ):
        proxy.retry_after_s = 0
        with Client(Endpoint.parse(f"replay@{proxy.base_url}"), limits) as client:
            replies = [client.ask(replace(one, max_tokens=n)) for n in range(1, 5)]
    assert {entry.fault for entry in proxy.journal} == {"ok", fault}
    assert proxy.asked_again_after_acceptance() == 0
    statuses = {(reply.text, reply.status, reply.model) for reply in replies}
    extra = {
        "empty": {("", "empty", "replay")},
        "wrong-model": {("pos", None, OTHER_MODEL)},
    }
    assert statuses == {("pos", None, "replay")} | extra.get(fault, set())


@pytest.mark.parametrize("status", [400, 404, 413, 422, 302])
def test_a_question_that_is_refused_is_not_repeated(status, quick, one):
    with Scripted((status, refusal("too long"), {"Location": "http://127.0.0.1:9/"})) as server:
        reply = ask(server, one, quick)
    assert (reply.status, len(server.requests)) == ("failed", 1)
    assert reply.reason == f"HTTP {status}: too long"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, refusal("bad key")),
        (403, refusal()),
        (402, refusal()),
        (429, refusal("You exceeded your current quota", code="insufficient_quota")),
        (200, refusal("bad key", code=401)),
    ],
)
def test_a_key_or_an_account_that_is_refused_ends_all_at_once(status, body, quick, one):
    with (
        Scripted((status, body)) as server,
        pytest.raises(EndpointError, match="the endpoint") as caught,
    ):
        ask(server, one, quick)
    assert len(server.requests) == 1
    assert server.base_url in caught.value.where
    assert caught.value.fix


def test_a_filter_before_the_model_is_no_failure(quick, one):
    with Scripted((400, refusal("filtered", code="content_filter"))) as server:
        assert ask(server, one, quick).status == "filtered"


def test_an_error_in_a_good_answer_is_asked_again(quick, one):
    with Scripted((200, refusal("upstream", code=502)), (200, {"error": "x"}), OK) as server:
        assert ask(server, one, quick).text == "yes"
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("answer", "field", "instead"),
    [
        (refusal("'response_format' is not supported"), "response_format", None),
        (refusal("json_schema: unknown"), "response_format", None),
        (refusal("no", param="temperature"), "temperature", None),
        (refusal("Use 'max_completion_tokens' instead"), "max_tokens", "max_completion_tokens"),
    ],
)
def test_a_field_that_is_not_taken_is_left_out_from_then_on(answer, field, instead, quick, one):
    asked, lines = replace(one, schema="{}"), []
    with Scripted((400, answer), OK) as server:
        assert ask(server, asked, quick, lines.append).text == "yes"
        assert ask(server, asked, quick, lines.append).text == "yes"
    assert [field in sent for sent in server.requests] == [True, False, False]
    assert instead is None or server.requests[2][instead] == 20
    assert len(lines) == 1


def test_a_field_that_was_not_sent_is_no_reason_to_ask_again(quick, one):
    with Scripted((400, refusal("response_format"))) as server:
        assert ask(server, one, quick).status == "failed"
    assert len(server.requests) == 1


class State:
    """What tenacity tells about one question."""

    def __init__(self, error, number=1):
        self.outcome, self.attempt_number = self, number
        self.exception = lambda: error


@pytest.mark.parametrize(
    ("after_s", "least", "most"),
    [(2, 2, 2.2), (0, 0, 0), (1e9, 600, 601), (float("inf"), 600, 601)],
)
def test_the_endpoints_wish_is_kept_but_not_for_ever(after_s, least, most, quick):
    limits = replace(quick, first_wait_s=1.0)
    with Client(Endpoint("m", "http://127.0.0.1:9/v1"), limits) as client:
        waits = [client._wait_s(State(TransientError("", after_s=after_s))) for _ in range(50)]
    assert least <= min(waits) <= max(waits) <= most


def test_our_own_waits_grow_and_are_spread_over_the_whole_range(quick):
    limits = replace(quick, first_wait_s=1.0, longest_wait_s=6.0)
    with Client(Endpoint("m", "http://127.0.0.1:9/v1"), limits) as client:
        for number, bound in ((1, 1), (2, 2), (3, 4), (4, 6), (9, 6)):
            waits = [client._wait_s(State(TransientError(""), number)) for _ in range(200)]
            assert 0 <= min(waits) < 0.2 * bound
            assert 0.8 * bound < max(waits) <= bound


def test_a_wait_beyond_the_deadline_is_not_begun(quick, one):
    with Scripted((429, refusal("later"), {"Retry-After": "9999999"})) as server:
        reply = ask(server, one, quick)
    assert (reply.status, reply.reason, len(server.requests)) == ("failed", "HTTP 429: later", 1)


def drip_head(handler):
    for _ in range(100):
        handler.wfile.write(b"X")
        handler.wfile.flush()
        time.sleep(0.05)


def huge(handler):
    handler.send(200, b" " * (3 << 20))


def bomb(handler):
    handler.send(200, b"\x1f\x8b", headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (drip_head, "no whole answer came within 0.2 s"),
        (huge, "longer than 1,048,576 bytes"),
        (bomb, "compressed"),
        ((200, b"[" * 200_000), "no chat completion"),
        ((200, []), "no chat completion"),
        ((200, {"choices": [{"message": "x"}]}), "no chat completion"),
        ((200, {"choices": [{"message": {"content": 5}}]}), "no chat completion"),
        ((200, {"choices": []}), "no chat completion"),
        ((503, b"<html>"), "HTTP 503: <html>"),
    ],
)
def test_what_is_no_answer_is_a_failure_with_its_reason(answer, reason, quick, one):
    with Scripted(answer) as server:
        reply = ask(server, one, replace(quick, attempts=2, attempt_s=0.2))
    assert (reply.status, len(server.requests)) == ("failed", 2)
    assert reason in reply.reason


def test_nobody_there_is_a_failure(quick, one):
    with Client(Endpoint("m", "http://127.0.0.1:9/v1"), replace(quick, attempts=2)) as client:
        reply = client.ask(one)
    assert (reply.status, client.requests) == ("failed", 2)
    assert reply.reason.startswith("ConnectError")


def test_an_untrusted_certificate_ends_all_at_once(quick, one, monkeypatch):
    import httpx

    def refuse(*args, **settings):
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")

    with Client(Endpoint("m", "https://127.0.0.1:9/v1"), quick) as client:
        monkeypatch.setattr(client._http, "stream", refuse)
        with pytest.raises(EndpointError, match="certificate"):
            client.ask(one)
    assert client.requests == 1


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_local_server_is_not_sought_through_a_proxy(name, quick, one, monkeypatch):
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Scripted(OK) as server:
        assert ask(server, one, quick).text == "yes"


@pytest.mark.parametrize("package", ["httpx", "tenacity"])
def test_a_missing_package_is_named_with_its_extra(package, monkeypatch):
    monkeypatch.setattr("bakeoff.core.extras.is_installed", lambda name: name != package)
    with pytest.raises(MissingExtraError, match=rf"'{package}'.*\n.*bakeoff\[llm\]"):
        Client(Endpoint("m", "http://127.0.0.1:9/v1"))


def test_the_packages_are_not_imported_before_something_is_asked():
    code = (
        "import sys, bakeoff.contenders.prompted.ask;"
        "assert not {'httpx', 'tenacity'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_many_failures_in_a_row_open_the_circuit_and_one_answer_closes_it(quick, one):
    limits = replace(quick, failures_in_a_row=4)
    bad = (404, refusal("no such model"))
    with Scripted(*[bad] * 3, OK, bad) as server:
        # A client for each: the memory is the process's, as rows come in small chunks.
        replies = [ask(server, one, limits).status for _ in range(7)]
        with pytest.raises(EndpointError, match="4 questions in a row") as caught:
            ask(server, one, limits)
        endpoint = Endpoint.parse(f"m@{server.base_url}")
        assert memory_of(endpoint).failures_in_a_row == 0
    assert replies == ["failed"] * 3 + [None] + ["failed"] * 3
    assert "no such model" in caught.value.why


def test_a_call_in_flight_is_let_go_at_once(quick, one):
    reached = threading.Event()

    def hang(handler):
        reached.set()
        time.sleep(3)

    with (
        Scripted(hang) as server,
        Client(Endpoint.parse(f"m@{server.base_url}"), replace(quick, attempt_s=60)) as client,
    ):
        ended = []

        def work():
            try:
                client.ask(one)
            except BaseException as error:  # noqa: BLE001 - the test looks at it
                ended.append(type(error).__name__)

        thread = threading.Thread(target=work)
        thread.start()
        assert reached.wait(5)
        client.abandon()
        thread.join(2)
        assert ended == ["CancelledError"]


def test_a_key_that_the_server_quotes_is_hidden(quick, one, canary):
    body = refusal(f"Incorrect API key provided: {canary}")
    with Scripted((400, body), (503, body), (401, body)) as server:
        limits = replace(quick, attempts=1)
        replies = [ask(server, one, limits) for _ in range(2)]
        try:
            ask(server, one, limits)
        except EndpointError:
            shown = traceback.format_exc()
    assert all(canary not in repr(reply) and "[key]" in reply.reason for reply in replies)
    assert canary not in shown
    assert "[key]" in shown
