"""What is said to a chat model and what it answers: plain values, shared by prompts and client."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One turn.

    Args:
        role: ``"system"``, ``"user"`` or ``"assistant"``.
        text: What is said.
        images: Encoded pictures that are shown after the text.
    """

    role: str
    text: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a chat model.

    Args:
        messages: In order; the last is the user's.
        max_tokens: Of the answer; a longer one is cut off.
        temperature: 0: the likeliest answer.
        schema: JSON schema that the answer must keep, as text; empty: none. It binds where the
            endpoint can hold the model to it, and is only a wish elsewhere.
        repeat: Number of this asking of the same question, from 0.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float = 0.0
    schema: str = ""
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Args:
        text: The answer; empty where there is none.
        status: None where there is an answer; else why not: ``"refused"``, ``"filtered"``,
            ``"cut-off"``, ``"empty"``, ``"failed"`` or ``"not-asked"`` (a budget was reached).
        reason: Of a failure, in one line, without any key.
        prompt_tokens: Billed, as the endpoint counts.
        completion_tokens: Billed.
        cached_tokens: Of the prompt, that the endpoint had cached.
        model: The model that the endpoint says answered.
        seconds: That the request which was answered took, wall time; 0: not known.
    """

    text: str
    status: str | None = None
    reason: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    model: str = ""
    seconds: float = 0.0
