import json
import urllib.error
import urllib.request

import pytest

from bakeoff.testing.replay_server import ReplayServer

TABLE = {"good": "pos", "good film": "very pos", "42": "42"}


def post(base_url, messages, **fields):
    body = json.dumps({"model": "m", "messages": messages, **fields}).encode()
    request = urllib.request.Request(base_url + "/chat/completions", body)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def user(text):
    return {"role": "user", "content": text}


def content(answer):
    return answer[1]["choices"][0]["message"]["content"]


@pytest.fixture(scope="module")
def server():
    with ReplayServer(TABLE, model="stand-in") as server:
        yield server


@pytest.mark.parametrize(
    ("messages", "answer"),
    [
        ([user("a good film!")], "very pos"),
        ([user("a good book")], "pos"),
        ([user("a bad book")], None),
        ([user("good"), {"role": "assistant", "content": "good"}, user("bad")], None),
        ([{"role": "system", "content": "good"}], None),
        ([user([{"type": "text", "text": "good film"}, {"type": "image_url"}])], "very pos"),
    ],
)
def test_the_longest_row_in_the_last_user_message_decides(server, messages, answer):
    assert content(post(server.base_url, messages)) == answer


@pytest.mark.parametrize(
    ("rule", "row", "answer"),
    [({"type": "string"}, "good", '{"x": "pos"}'), ({"type": "number"}, "42", '{"x": 42.0}')],
)
def test_a_schema_of_one_property_is_kept(server, rule, row, answer):
    schema = {"type": "object", "properties": {"x": rule}}
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    assert content(post(server.base_url, [user(row)], response_format=form)) == answer


def test_it_tells_its_model_and_lists_it(server):
    assert post(server.base_url, [user("good")])[1]["model"] == "stand-in"
    with urllib.request.urlopen(server.base_url + "/models", timeout=5) as response:
        assert [entry["id"] for entry in json.load(response)["data"]] == ["stand-in"]


def test_calls_and_tokens_are_counted():
    with ReplayServer(lambda messages: messages[-1]["content"].upper()) as server:
        answer = post(server.base_url, [user("12345678")])
        post(server.base_url, [user("abcd")])
    assert content(answer) == "12345678"
    usage = answer[1]["usage"]
    assert usage == {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4}
    counted = server.usage
    assert (counted.calls, counted.prompt_tokens, counted.completion_tokens) == (2, 3, 3)


def test_a_field_can_be_refused():
    with ReplayServer(TABLE, refuses=("response_format",)) as server:
        status, answer = post(server.base_url, [user("good")], response_format={})
        assert (status, answer["error"]["param"]) == (400, "response_format")
        assert content(post(server.base_url, [user("good")])) == "pos"


def test_a_request_that_is_none_is_refused(server):
    assert post(server.base_url, 5)[0] == 400
    assert post(server.base_url + "/elsewhere", [user("good")])[0] == 404
