from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bakeoff.contenders.prompted.wire import data_url, request_body, retry_after_s
from bakeoff.models.chat import Ask, Message


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3", 3), ("0.5", 0.5), ("-4", 0), ("1e9", 1e9), ("nan", None), ("soon", None), ("", None)],
)
def test_retry_after_in_seconds(text, seconds):
    assert retry_after_s({"retry-after": text}) == seconds


def test_retry_after_as_a_date():
    for seconds in (30, -30):
        text = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        assert retry_after_s({"retry-after": text}) == pytest.approx(max(seconds, 0), abs=5)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x89PNG", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"GIF89a", "gif"),
        (b"RIFF....WEBP", "webp"),
    ],
)
def test_a_picture_is_sent_as_what_it_is(start, kind):
    assert data_url(start).startswith(f"data:image/{kind};base64,")


def test_a_plain_question_holds_nothing_that_was_not_asked_for():
    body = request_body(Ask((Message("user", "q"),), 5), "m")
    assert body == {
        "model": "m",
        "messages": [{"role": "user", "content": "q"}],
        "max_tokens": 5,
        "temperature": 0.0,
    }


def test_what_an_endpoint_does_not_take_is_left_out():
    ask = Ask((Message("user", "q"),), 5, schema="{}")
    without = ("response_format", "temperature", "max_completion_tokens")
    body = request_body(ask, "m", without)
    assert set(body) == {"model", "messages", "max_completion_tokens"}
