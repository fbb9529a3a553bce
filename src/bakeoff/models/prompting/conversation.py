"""A conversation as the text that a local model goes on with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bakeoff.core.errors import ArtefactError
from bakeoff.models.chat import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROW = "\u241eROW\u241e"
"""Stands for the row's words while a template is filled in; no row can hold it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the row's words.

    Args:
        before: The same for every row: system text, examples, the marks of turns.
        after: From the row's words to where the answer begins.
    """

    before: str
    after: str


def plain_frame(prefix: Sequence[Message]) -> Frame:
    """Return the conversation as plain text, for a model that was made for no chat.

    Turns are parted by an empty line, a question and its answer by a line break, so that the
    examples show where an answer stands.
    """
    text = ""
    for turn in prefix:
        text += turn.text + ("\n" if turn.role == "user" else "\n\n")
    return Frame(text, "\n")


def chat_frame(tokenizer: Any, prefix: Sequence[Message]) -> Frame:
    """Return the conversation in the words of a tokenizer's own chat template.

    Args:
        tokenizer: From transformers, with a chat template.
        prefix: What is said before the row.

    Raises:
        ArtefactError: The template cannot be filled in, or leaves the row out.
    """
    turns = [*prefix, Message("user", _ROW)]
    try:
        text = _filled_in(tokenizer, turns)
    except Exception:  # noqa: BLE001 - templates refuse a system turn with errors of their own
        try:
            text = _filled_in(tokenizer, _without_system(turns))
        except Exception as error:
            raise ArtefactError(
                f"the checkpoint's chat template cannot be filled in: {error}",
                fix="correct chat_template in tokenizer_config.json (or chat_template.jinja), or "
                "take it out: the prompt is then plain text",
            ) from error
    before, found, after = text.rpartition(_ROW)
    if not found:
        raise ArtefactError(
            "the checkpoint's chat template leaves out what the user says",
            fix="correct chat_template in tokenizer_config.json, or take it out",
        )
    return Frame(before, after)


def _filled_in(tokenizer: Any, turns: Sequence[Message]) -> str:
    text: str = tokenizer.apply_chat_template(
        [{"role": turn.role, "content": turn.text} for turn in turns],
        tokenize=False,
        add_generation_prompt=True,
        # Some begin to think aloud unless they are told not to, and some tell the day.
        enable_thinking=False,
        date_string="01 Jan 2025",
    )
    return text


def _without_system(turns: Sequence[Message]) -> list[Message]:
    """Return the turns with the system's words at the head of the user's first."""
    first, *rest = turns
    if first.role != "system":
        return list(turns)
    return [replace(rest[0], text=f"{first.text}\n\n{rest[0].text}"), *rest[1:]]
