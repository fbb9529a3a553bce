"""A real OpenAI-compatible server on this machine that answers from a table or a function."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bakeoff.testing.local_server import LocalServer, QuietHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Answerer = Callable[[list[dict[str, Any]]], str | None]

CHARACTERS_PER_TOKEN = 4


@dataclass(slots=True)
class Usage:
    """What was asked so far; tokens are characters / 4."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ReplayServer(LocalServer):
    """Speaks the protocol of chat completions; stands in for a hosted model.

    Args:
        answers: Function of the messages, or a table {row's text -> answer}: the longest text
            that stands in the last user message decides. None, or no row: empty content.
        model: Name that it goes by.
        refuses: Names of request fields that it refuses with 400, as some endpoints do:
            ``"response_format"``, ...

    Where the request asks for a JSON object with a single property, the answer becomes that
    object, as a model that is held to a schema would write it.

    Example:
        >>> with ReplayServer({"good film": "pos"}) as server:
        ...     server.base_url.startswith("http://127.0.0.1:")
        True
    """

    def __init__(
        self,
        answers: Mapping[str, str] | Answerer,
        *,
        model: str = "replay",
        refuses: tuple[str, ...] = (),
    ) -> None:
        self.model = model
        self.refuses = refuses
        self.usage = Usage()
        self._answer: Answerer = answers if callable(answers) else _from_table(answers)
        self._lock = threading.Lock()
        super().__init__(self._handler())

    def complete(self, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return status and body of the answer to one request."""
        for name in self.refuses:
            if name in request:
                message = f"Unrecognized request argument supplied: {name}"
                return 400, {"error": {"message": message, "param": name, "code": None}}
        messages = request["messages"]
        text = self._answer(messages)
        content = None if text is None else _held_to(request.get("response_format"), text)
        asked = sum(len(message_text(message)) for message in messages) // CHARACTERS_PER_TOKEN
        said = -(-len(content or "") // CHARACTERS_PER_TOKEN)
        with self._lock:
            self.usage.calls += 1
            self.usage.prompt_tokens += asked
            self.usage.completion_tokens += said
            number = self.usage.calls
        return 200, {
            "id": f"replay-{number}",
            "object": "chat.completion",
            "created": 0,
            "model": self.model,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content},
                    "finish_reason": "stop",
                }
            ],
            "usage": {
                "prompt_tokens": asked,
                "completion_tokens": said,
                "total_tokens": asked + said,
            },
        }

    def _handler(self) -> type[QuietHandler]:
        replay = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:  # noqa: N802 - http.server's name
                if self.path == "/v1/models":
                    entry = {"id": replay.model, "object": "model", "owned_by": "bakeoff"}
                    self.send(200, _json({"object": "list", "data": [entry]}))
                else:
                    self.send(404, _json({"error": {"message": f"no such path: {self.path}"}}))

            def do_POST(self) -> None:  # noqa: N802 - http.server's name
                body = self.read_body()
                if self.path != "/v1/chat/completions":
                    self.send(404, _json({"error": {"message": f"no such path: {self.path}"}}))
                    return
                try:
                    status, answer = replay.complete(json.loads(body))
                except (ValueError, KeyError, TypeError) as error:
                    status, answer = 400, {"error": {"message": f"bad request: {error}"}}
                self.send(status, _json(answer))

        return Handler


def message_text(message: dict[str, Any]) -> str:
    """Return the text of a message, whether its content is a string or a list of parts."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part.get("type") == "text")


def _from_table(table: Mapping[str, str]) -> Answerer:
    longest_first = sorted(table, key=len, reverse=True)

    def answer(messages: list[dict[str, Any]]) -> str | None:
        said = [message_text(message) for message in messages if message["role"] == "user"]
        last = said[-1] if said else ""
        return next((table[text] for text in longest_first if text in last), None)

    return answer


def _held_to(response_format: dict[str, Any] | None, text: str) -> str:
    """Return ``text`` as the object that the schema asks for, if that has a single property."""
    if not response_format or response_format.get("type") != "json_schema":
        return text
    properties = response_format["json_schema"]["schema"].get("properties", {})
    if len(properties) != 1:
        return text
    ((name, rule),) = properties.items()
    if rule.get("type") in ("number", "integer"):
        return json.dumps({name: float(text)})
    return json.dumps({name: text}, ensure_ascii=False)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
