import copy

import pytest

from bakeoff.contenders.prompted.endpoint import Endpoint, Secret
from bakeoff.core.errors import EndpointError, UsageError

CANARY = "sk-canary-123456"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    monkeypatch.delenv("BAKEOFF_LLM_KEY", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.mark.parametrize(
    ("spec", "model", "base_url"),
    [
        ("gpt@https://api.openai.com/v1", "gpt", "https://api.openai.com/v1"),
        ("gpt@https://API.openai.com/v1/", "gpt", "https://api.openai.com/v1"),
        ("a@b@http://localhost:80/v1", "a@b", "http://localhost:80/v1"),
        ("org/m:free@https://h.org/api/v1", "org/m:free", "https://h.org/api/v1"),
        ("m@http://[::1]:8000/v1/chat/completions", "m", "http://[::1]:8000/v1"),
    ],
)
def test_a_spec_is_a_model_at_an_address(spec, model, base_url):
    endpoint = Endpoint.parse(spec)
    assert (endpoint.model, endpoint.base_url) == (model, base_url)


@pytest.mark.parametrize(
    "spec",
    [
        "gpt",
        "gpt@api.openai.com",
        "@https://h.org/v1",
        " @https://h.org/v1",
        "m@ftp://h.org/v1",
        "m@https://",
        "m@https://h.org:port/v1",
        "m@file:///etc/passwd",
    ],
)
def test_another_form_is_refused_with_the_right_one(spec):
    with pytest.raises(UsageError, match="MODEL@BASE_URL"):
        Endpoint.parse(spec)


@pytest.mark.parametrize(
    "url",
    [
        f"https://user:{CANARY}@h.org/v1",
        f"https://{CANARY}@h.org/v1",
        f"https://h.org/v1?key={CANARY}",
        f"https://h.org/v1#{CANARY}",
        f"{CANARY}://h.org/v1@x",
    ],
)
def test_a_secret_in_the_address_is_refused_and_not_repeated(url):
    with pytest.raises(UsageError) as caught:
        Endpoint.parse(f"m@{url}")
    if "://h.org/v1@x" not in url:
        assert CANARY not in str(caught.value)


def test_our_own_key_goes_before_the_usual_one(monkeypatch):
    endpoint = Endpoint("gpt", "https://api.openai.com/v1")
    assert endpoint.key() is None
    monkeypatch.setenv("OPENAI_API_KEY", "usual")
    assert endpoint.key().reveal() == "usual"
    monkeypatch.setenv("BAKEOFF_LLM_KEY", " own\n")
    assert endpoint.key().reveal() == "own"
    monkeypatch.setenv("ANOTHER", "named")
    assert Endpoint("m", "https://h.org/v1", "ANOTHER").key().reveal() == "named"


@pytest.mark.parametrize(
    ("url", "is_sent"),
    [
        ("https://api.openai.com/v1", True),
        ("https://mine.openai.azure.com/openai/v1", True),
        ("http://127.0.0.1:1/v1", True),
        ("https://h.org/v1", False),
        ("https://notopenai.com/v1", False),
        ("https://openai.com.h.org/v1", False),
        ("http://10.0.0.1/v1", False),
    ],
)
def test_the_key_of_openai_goes_to_nobody_else(monkeypatch, url, is_sent):
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    assert (Endpoint("m", url).key() is not None) == is_sent


@pytest.mark.parametrize("host", ["h.org", "10.0.0.1", "127.0.0.1.h.org"])
def test_a_key_never_goes_in_the_clear_to_another_machine(monkeypatch, host):
    assert Endpoint.parse(f"m@http://{host}/v1").key() is None
    monkeypatch.setenv("BAKEOFF_LLM_KEY", CANARY)
    with pytest.raises(UsageError, match="use https") as caught:
        Endpoint.parse(f"m@http://{host}/v1")
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_a_local_server_may_have_the_key_in_the_clear(monkeypatch, host):
    monkeypatch.setenv("BAKEOFF_LLM_KEY", CANARY)
    endpoint = Endpoint.parse(f"m@http://{host}:8000/v1")
    assert endpoint.is_local
    assert endpoint.key().reveal() == CANARY


@pytest.mark.parametrize("text", ["two\nlines", "clé"])
def test_a_key_that_no_header_carries_is_refused_unseen(monkeypatch, text):
    monkeypatch.setenv("BAKEOFF_LLM_KEY", text)
    with pytest.raises(EndpointError, match="BAKEOFF_LLM_KEY") as caught:
        Endpoint.parse("m@https://h.org/v1")
    assert text not in str(caught.value)


def test_a_secret_shows_itself_to_nobody(monkeypatch):
    monkeypatch.setenv("BAKEOFF_LLM_KEY", CANARY)
    endpoint = Endpoint.parse("m@https://h.org/v1")
    secret = endpoint.key()
    assert CANARY not in f"{secret} {secret!r} {[secret]} {endpoint!r}"
    for spread in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            spread(Secret(CANARY))
    assert secret.hide_in(f"bad key {CANARY}!") == "bad key [key]!"
