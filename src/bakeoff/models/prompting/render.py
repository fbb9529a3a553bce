"""A row as a conversation: what a chat model is told, shown and asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.models.chat import Message
from bakeoff.models.label_names import label_words
from bakeoff.models.prompting.encoding import (
    CUT_AT_CHARACTERS,
    as_json,
    encoded_row,
    number_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.models.prompting.encoding import Row
    from bakeoff.models.prompting.wording import Wording
    from bakeoff.tasks.spec import TaskSpec

_FORM_BYTES = 32
"""Of an answer beside its JSON: a code fence, blank space, the end."""
_NUMBER_BYTES = 40


@dataclass(frozen=True, slots=True)
class Shot:
    """An example with its answer: a class code, or a number."""

    row: Row
    answer: float


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class _Scale:
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A wording for one task.

    Args:
        wording: The words.
        task: Classification or regression.
        scale: For regression: the lowest and highest value among the training rows; None: unsaid.
        cut_at: Longer texts are cut after this many characters, and the row says so.
    """

    wording: Wording
    task: TaskSpec
    scale: tuple[float, float] | None = None
    cut_at: int = CUT_AT_CHARACTERS

    def prefix(self, shots: Sequence[Shot] = ()) -> tuple[Message, ...]:
        """Return what is said before the row: the same for all rows with the same shots."""
        told = self.wording.text("system", _facts(self.task, self.scale))
        said = [Message("system", told)] if told else []
        for shot in shots:
            said += self.turns(shot)
        return tuple(said)

    def turns(self, shot: Shot) -> tuple[Message, Message]:
        """Return an example: what is asked, and what is answered."""
        facts = {**_facts(self.task, self.scale), "answer": answer_text(self.task, shot.answer)}
        answer = Message("assistant", self.wording.text("answer", facts))
        return self.question(shot.row), answer

    def question(self, row: Row) -> Message:
        """Return the row as the user's turn."""
        text, pictures = encoded_row(row, self.cut_at)
        return Message(
            "user",
            self.wording.text("row", {**_facts(self.task, self.scale), "row": text}),
            pictures,
        )


def render(
    wording: Wording, task: TaskSpec, row: Row, shots: Sequence[Shot] = ()
) -> tuple[Message, ...]:
    """Return the conversation that asks for one row's answer; the last message holds the row.

    Everything before the last message is the same for all rows with the same shots, so that a
    cache can hold it; `Prompt.prefix` makes that part once for many rows.

    Raises:
        UsageError: The kind of task cannot be prompted, or the wording fails.
    """
    prompt = Prompt(wording, task)
    return (*prompt.prefix(shots), prompt.question(row))


def answer_text(task: TaskSpec, answer: float) -> str:
    """Return a right answer as the model should write it."""
    if _known(task) == "classification":
        return as_json({"label": task.classes[int(answer)]})
    return f'{{"value": {number_text(float(answer))}}}'


def answer_schema(task: TaskSpec) -> str:
    """Return the JSON schema of an answer, as text.

    Raises:
        UsageError: The kind of task cannot be prompted.
    """
    if _known(task) == "classification":
        name, content = "label", {"type": "string", "enum": list(task.classes)}
    else:
        name, content = "value", {"type": "number"}
    schema = {
        "type": "object",
        "properties": {name: content},
        "required": [name],
        "additionalProperties": False,
    }
    return json.dumps(schema, ensure_ascii=False)


def most_tokens(task: TaskSpec) -> int:
    """Return how many tokens an answer may have: none holds less than a byte, so none is cut off.

    A model that thinks aloud before it answers needs more.
    """
    if _known(task) == "regression":
        return _FORM_BYTES + _NUMBER_BYTES
    answers = (answer_text(task, code) for code in range(len(task.classes)))
    return _FORM_BYTES + max(len(text.encode("utf-8", "replace")) for text in answers)


@lru_cache(maxsize=16)
def _facts(task: TaskSpec, scale: tuple[float, float] | None) -> dict[str, object]:
    """Return what every block of a wording may use; made once for all rows of a task."""
    return {
        "kind": _known(task),
        "target": task.target,
        "columns": [c for c in task.inputs if c.type is not ColumnType.ANSWER],
        "classes": [_Class(name, label_words(name)) for name in task.classes],
        "scale": scale and _Scale(*(number_text(float(end)) for end in scale)),
    }


def _known(task: TaskSpec) -> str:
    if task.kind not in ("classification", "regression"):
        raise UsageError(
            f"a task of the kind '{task.kind}' cannot be asked of a prompted model",
            why="wordings ship for classification and regression",
            fix="leave prompted models out, or make it a classification or regression",
        )
    return task.kind
