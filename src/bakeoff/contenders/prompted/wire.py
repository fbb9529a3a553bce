"""The protocol of chat completions: a question as a request, and what an answer means.

What came back is one of four things: a `Reply`, `TransientError` (ask again), `UnsupportedError`
(ask again without a field), or `EndpointError` (nobody will answer until the user acts).
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bakeoff.core.errors import BakeoffError, EndpointError
from bakeoff.models.chat import Reply

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bakeoff.models.chat import Ask, Message

MODERN_LENGTH = "max_completion_tokens"
ADAPTABLE = ("response_format", "temperature", MODERN_LENGTH)
"""Fields that an endpoint may not know: left out, or (the length's newer name) taken instead."""

_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
_NO_ENTRY = {401: "refuses the key", 403: "forbids this", 402: "asks for payment"}
_NO_MONEY = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
_FILTERS = ("content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation")
_SHOWN_CHARACTERS = 300


class TransientError(BakeoffError):
    """This may go away: the same question can be asked again.

    Args:
        reason: In one line.
        after_s: Seconds that the endpoint wants us to wait; None: it does not say.
    """

    def __init__(self, reason: str, *, after_s: float | None = None) -> None:
        self.after_s = after_s
        super().__init__(reason)


class UnsupportedError(BakeoffError):
    """The endpoint does not know a field of `ADAPTABLE` that was sent.

    Args:
        field: Which.
    """

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"the endpoint does not take '{field}'")


def request_body(ask: Ask, model: str, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the request of one question.

    Args:
        ask: The question.
        model: As the endpoint calls it.
        without: Of `ADAPTABLE`: what this endpoint was found not to take.
    """
    length = MODERN_LENGTH if MODERN_LENGTH in without else "max_tokens"
    body: dict[str, Any] = {
        "model": model,
        "messages": [_turn(message) for message in ask.messages],
        length: ask.max_tokens,
    }
    if "temperature" not in without:
        body["temperature"] = ask.temperature
    if ask.schema and "response_format" not in without:
        form = {"name": "answer", "strict": True, "schema": json.loads(ask.schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    return body


def read_reply(
    status: int, headers: Mapping[str, str], data: bytes, sent: Collection[str]
) -> Reply:
    """Return what an HTTP answer means.

    Args:
        status: Of the answer.
        headers: Of the answer, names in any case as httpx gives them.
        data: Its whole body.
        sent: Names of the fields of the request.

    Raises:
        TransientError: It may go away.
        UnsupportedError: A field must go.
        EndpointError: The key, the rights or the money are missing.
    """
    value = _parsed(data)
    error = _error_of(value)
    if status == 200 and error is None:
        return _completion(value)
    if status == 200 and error is not None:
        # Some gateways wrap the error of the one behind them.
        code = error.get("code")
        status = code if isinstance(code, int) and code >= 400 else 502
    return _refusal(status, headers, error or {}, data, sent)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, in either form; None: it says nothing."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    # "nan" fails every comparison, so it is asked for by what it is not.
    return max(seconds, 0.0) if seconds == seconds else None


def _turn(message: Message) -> dict[str, Any]:
    if not message.images:
        return {"role": message.role, "content": message.text}
    parts: list[dict[str, Any]] = [{"type": "text", "text": message.text}]
    parts += [{"type": "image_url", "image_url": {"url": data_url(i)}} for i in message.images]
    return {"role": message.role, "content": parts}


def data_url(image: bytes) -> str:
    """Return an encoded picture as a URL that holds it."""
    starts = ((b"\x89PNG", "png"), (b"\xff\xd8", "jpeg"), (b"GIF8", "gif"), (b"RIFF", "webp"))
    kind = next((name for start, name in starts if image.startswith(start)), "png")
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _error_of(value: Any) -> dict[str, Any] | None:
    """Return the error that a body tells of, or None."""
    error = value.get("error") if isinstance(value, dict) else None
    if isinstance(error, str):
        return {"message": error}
    return error if isinstance(error, dict) else None


def _completion(value: Any) -> Reply:
    """Return the answer in a body.

    Raises:
        TransientError: It is no chat completion.
    """
    try:
        choice = value["choices"][0]
        message = choice["message"]
        content, refusal = message.get("content"), message.get("refusal")
        text = _text(content)
        ended = choice.get("finish_reason")
        usage = value.get("usage") or {}
        details = usage.get("prompt_tokens_details") or {}
        counts = [
            int(usage.get("prompt_tokens") or 0),
            int(usage.get("completion_tokens") or 0),
            int(details.get("cached_tokens") or 0),
        ]
        model = str(value.get("model") or "")
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise TransientError("the answer is no chat completion") from None
    status, reason = _status(text, refusal, ended)
    return Reply(
        text=text,
        status=status,
        reason=reason,
        prompt_tokens=counts[0],
        completion_tokens=counts[1],
        cached_tokens=counts[2],
        model=model,
    )


def _status(text: str, refusal: object, ended: object) -> tuple[str | None, str]:
    if refusal:
        return "refused", _short(str(refusal))
    if ended == "content_filter":
        return "filtered", "the endpoint's filter took the answer away"
    if ended == "length":
        return "cut-off", "the answer was longer than allowed"
    return (None, "") if text.strip() else ("empty", "the answer is empty")


def _text(content: Any) -> str:
    """Return the text of a content: a string, null, or a list of parts."""
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(part["text"] for part in content if part.get("type") == "text")


def _refusal(
    status: int,
    headers: Mapping[str, str],
    error: dict[str, Any],
    data: bytes,
    sent: Collection[str],
) -> Reply:
    """Return or raise what an error means."""
    message = str(error.get("message") or data[:_SHOWN_CHARACTERS].decode("utf-8", "replace"))
    reason = _short(f"HTTP {status}: {message}")
    codes = {str(error.get("code")), str(error.get("type"))}
    if status in _NO_ENTRY or codes.intersection(_NO_MONEY):
        raise EndpointError(
            f"the endpoint {_NO_ENTRY.get(status, 'says that the quota is used up')}",
            why=reason,
            fix="look at the key in BAKEOFF_LLM_KEY (or OPENAI_API_KEY), its rights and the "
            "account; then run the same command again: answers that came are kept",
        )
    if status in _TRANSIENT:
        raise TransientError(reason, after_s=retry_after_s(headers))
    if codes.intersection(_FILTERS):
        return Reply("", status="filtered", reason=reason)
    if status in (400, 422):
        _look_for_fields(error, message, sent)
    return Reply("", status="failed", reason=reason)


def _look_for_fields(error: dict[str, Any], message: str, sent: Collection[str]) -> None:
    """Tell a field that the endpoint does not take from a wrong value.

    Raises:
        UnsupportedError: There is one.
    """
    if "response_format" in sent and ("response_format" in message or "json_schema" in message):
        raise UnsupportedError("response_format")
    named = error.get("param")
    if named == "response_format" and "response_format" in sent:
        raise UnsupportedError("response_format")
    if "max_tokens" in sent and MODERN_LENGTH in message:
        raise UnsupportedError(MODERN_LENGTH)
    if named == "temperature" and "temperature" in sent:
        raise UnsupportedError("temperature")


def _short(text: str) -> str:
    """Return the text in one line of bounded length, without control characters."""
    line = " ".join(text.split())
    return "".join(c for c in line if c.isprintable())[:_SHOWN_CHARACTERS]
