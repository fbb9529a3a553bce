import contextlib
import http.client
import json
import urllib.error
import urllib.request

import pytest

from bakeoff.testing.fault_proxy import AFTER, ALL, BEFORE, OTHER_MODEL, FaultProxy
from bakeoff.testing.replay_server import ReplayServer

BODY = json.dumps({"messages": [{"role": "user", "content": "good"}]}).encode()


@pytest.fixture(scope="module")
def server():
    with ReplayServer({"good": "pos"}) as server:
        yield server


def post(proxy, body=BODY, timeout=5):
    """Return status, headers and body, whatever the status."""
    request = urllib.request.Request(proxy.base_url + "/chat/completions", body)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def always(server, fault, **settings):
    return FaultProxy(server.base_url, rate=1, faults=(fault,), **settings)


def test_without_faults_an_answer_passes_unchanged(server):
    with FaultProxy(server.base_url, rate=0) as proxy:
        status, _, body = post(proxy)
        with urllib.request.urlopen(proxy.base_url + "/models", timeout=5) as response:
            assert json.load(response)["data"][0]["id"] == "replay"
    assert (status, json.loads(body)["choices"][0]["message"]["content"]) == (200, "pos")
    ((entry),) = proxy.journal
    assert (entry.fault, entry.accepted, entry.content) == ("ok", True, "pos")


@pytest.mark.parametrize(
    ("fault", "status"),
    [("429", 429), ("500", 500), ("502", 502), ("503", 503), ("529", 529), ("html", 200)],
)
def test_a_status_comes_as_it_is_called(server, fault, status):
    with always(server, fault) as proxy:
        assert post(proxy)[0] == status


def test_retry_after_comes_in_both_forms_or_not_at_all(server):
    said = {}
    for fault in ("429", "429-seconds", "429-date"):
        with always(server, fault, retry_after_s=7) as proxy:
            said[fault] = post(proxy)[1].get("Retry-After")
    assert said["429"] is None
    assert said["429-seconds"] == "7"
    assert said["429-date"].endswith("GMT")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("reset", (ConnectionResetError, http.client.RemoteDisconnected)),
        ("hang", http.client.RemoteDisconnected),
        ("reset-mid-body", (ConnectionResetError, http.client.IncompleteRead)),
        ("drip", (ConnectionResetError, http.client.IncompleteRead)),
    ],
)
def test_a_connection_ends_without_a_whole_answer(server, fault, kind):
    with always(server, fault, hang_s=0.05, drip_s=0.001) as proxy, pytest.raises(kind):
        post(proxy)


def test_a_hang_is_silent_for_as_long_as_it_is_told(server):
    with always(server, "hang", hang_s=30) as proxy, pytest.raises(TimeoutError):
        post(proxy, timeout=0.1)


@pytest.mark.parametrize("fault", ["truncated", "wrong-schema", "html"])
def test_a_body_is_no_completion(server, fault):
    with always(server, fault) as proxy:
        status, _, body = post(proxy)
    assert status == 200
    with pytest.raises((ValueError, TypeError, KeyError)):
        json.loads(body)["choices"][0]["message"]["content"]


def test_two_faults_are_answers_all_the_same(server):
    with always(server, "empty") as proxy:
        empty = json.loads(post(proxy)[2])
    assert empty["choices"][0]["message"]["content"] is None
    with always(server, "wrong-model") as proxy:
        other = json.loads(post(proxy)[2])
    assert (other["model"], other["choices"][0]["message"]["content"]) == (OTHER_MODEL, "pos")
    assert proxy.journal[0].accepted


@pytest.mark.parametrize("fault", ALL)
def test_the_journal_says_which_answers_went_out(server, fault):
    before = server.usage.calls
    gone = contextlib.suppress(OSError, http.client.HTTPException)
    with always(server, fault, hang_s=0.01, drip_s=0.0001) as proxy, gone:
        post(proxy)
    assert server.usage.calls - before == (fault in AFTER)
    assert (fault in BEFORE) != (fault in AFTER)
    (entry,) = proxy.journal
    assert (entry.fault, entry.accepted) == (fault, fault in ("empty", "wrong-model"))


def test_the_choice_depends_on_seed_and_request_alone(server):
    def choices(seed, order):
        proxy = FaultProxy(server.base_url, rate=0.5, seed=seed)
        proxy._server.server_close()
        drawn = {}
        for name in order:
            drawn.setdefault(name, []).append(proxy.choose(name))
        return drawn

    order = [f"request {number % 20}" for number in range(100)]
    first = choices(1, order)
    assert first == choices(1, sorted(order))
    assert first != choices(2, order)
    share = sum(fault == "ok" for drawn in first.values() for fault in drawn) / 100
    assert 0.3 < share < 0.7


def test_asking_again_after_an_answer_is_seen(server):
    with FaultProxy(server.base_url, rate=0) as proxy:
        post(proxy)
        assert proxy.asked_again_after_acceptance() == 0
        post(proxy, BODY + b" ")
        assert proxy.asked_again_after_acceptance() == 0
        post(proxy)
        assert proxy.asked_again_after_acceptance() == 1
        post(proxy)
        assert proxy.asked_again_after_acceptance() == 1, "it is one question"


def test_what_the_endpoint_refuses_passes_as_refused(server):
    with FaultProxy(server.base_url, rate=1, faults=("empty",)) as proxy:
        assert post(proxy, b"no JSON")[0] == 400
    assert not proxy.journal[0].accepted
