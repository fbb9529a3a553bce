"""A chosen prompt that is asked about rows: what it says, whom, and what is read as an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.base import Fitted
from bakeoff.contenders.prompted.ask import ask_all
from bakeoff.contenders.prompted.client import Limits
from bakeoff.contenders.prompted.endpoint import Endpoint
from bakeoff.contenders.prompted.kept import write_prompt
from bakeoff.contenders.prompted.nearest import nearest_rows
from bakeoff.core.errors import BudgetReachedError, EndpointError
from bakeoff.data.columns import ColumnType
from bakeoff.models.chat import Ask
from bakeoff.models.prompting.encoding import rows_of
from bakeoff.models.prompting.parse import answer_reader
from bakeoff.models.prompting.render import Prompt, Shot, answer_schema, most_tokens
from bakeoff.tasks.predictions import NOT_ASKED, Predictions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bakeoff.contenders.base import Context, Meter
    from bakeoff.contenders.prompted.kept import KeptPrompt
    from bakeoff.contenders.prompted.llm import PromptedLlm
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.chat import Reply
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec

READ = frozenset(
    {ColumnType.TEXT, ColumnType.CATEGORY, ColumnType.NUMBER, ColumnType.DATE, ColumnType.IMAGE}
)
"""Types of columns that a prompt shows."""

_GREETINGS = 4
_ATTEMPT_S = 120.0


@dataclass(frozen=True, slots=True)
class FittedPrompt(Fitted):
    """A wording with its examples, and whom to ask."""

    contender: PromptedLlm
    kept: KeptPrompt
    task: TaskSpec

    @property
    def most_tokens(self) -> int:
        """Of an answer."""
        return self.contender.max_tokens or most_tokens(self.shown_task)

    @property
    def shown_task(self) -> TaskSpec:
        """The task as the model is told it: its classes by the words that they go by."""
        return self.kept.shown(self.task)

    def asks(
        self,
        inputs: Inputs,
        repeat: int = 0,
        context: Context | None = None,
        like: Inputs | None = None,
    ) -> list[Ask]:
        """Return a question for each row; with the same examples they begin with the same words.

        Args:
            inputs: The rows.
            repeat: Number of the repeat.
            context: For examples nearest by an encoder: lends the store of vectors.
            like: Rows whose nearest examples are shown, where they are not those of ``inputs``.
        """
        task = self.shown_task
        read = tuple(column for column in task.inputs if column.type in READ)
        prompt = Prompt(self.kept.wording, replace(task, inputs=read), self.kept.scale)
        names = [column.name for column in read]
        asked, pool = inputs.select(names), self.kept.shots.select(names)
        shots = [
            Shot(row, answer) for row, answer in zip(rows_of(pool), self.kept.answers, strict=True)
        ]
        questions = [prompt.question(row) for row in rows_of(asked)]
        if self.kept.nearness is None:
            befores = [prompt.prefix(shots)] * len(questions)
        else:
            system, turns = prompt.prefix(), [prompt.turns(shot) for shot in shots]
            count = self.kept.nearest
            seen = asked if like is None else like.select(names)
            near = nearest_rows(self.kept.nearness, pool, seen, count, context)
            befores = [(*system, *(turn for i in own for turn in turns[i])) for own in near]
        schema = answer_schema(task)
        return [
            Ask((*before, question), self.most_tokens, schema=schema, repeat=repeat)
            for before, question in zip(befores, questions, strict=True)
        ]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Ask; a row without a usable answer says why: unparsed, outside, refused, cut-off, ...

        Rows that a limit came before have the status ``"not-asked"``.

        Raises:
            BudgetReachedError: The limit came before all of them.
            EndpointError: The endpoint refuses the key or the account, or does not answer.
        """
        replies = self._replies(inputs, context)
        if replies and all(reply.status == NOT_ASKED for reply in replies):
            raise BudgetReachedError(replies[0].reason)
        return self._read(inputs, replies, context)

    def greet(self, inputs: Inputs, context: Context) -> None:
        """Ask one row with little patience, so that a wrong address is known at once.

        Raises:
            BudgetReachedError: The limit is reached already.
            EndpointError: There is no answer.
        """
        (reply,) = self._replies(inputs, context, attempts=_GREETINGS)
        if reply.status == NOT_ASKED:
            raise BudgetReachedError("the limit was reached before the first row was asked")
        if reply.status == "failed":
            raise EndpointError(
                f"no answer: {reply.reason}",
                where=Endpoint.parse(self.contender.endpoint).base_url,
                fix="check the address and that the server runs; the same command goes on",
            )

    def tried_on(self, trial: Examples, context: Context) -> Predictions:
        """Predict training rows; see `asked`."""
        return self.asked(trial.inputs, context)

    def asked(
        self, inputs: Inputs, context: Context, repeat: int = 0, like: Inputs | None = None
    ) -> Predictions:
        """Return the answers to training rows, asked for the first time or again; see `asks`.

        Raises:
            BudgetReachedError: The limit was reached before all were asked.
            EndpointError: The endpoint does not answer.
        """
        replies = self._replies(inputs, context, repeat, like=like)
        if any(reply.status == NOT_ASKED for reply in replies):
            raise BudgetReachedError("the limit was reached before the prompt was chosen")
        return self._read(inputs, replies, context)

    def save(self, folder: Path) -> None:
        """Write the words and the examples; of the endpoint its name alone."""
        write_prompt(folder, self.kept)

    def _replies(
        self,
        inputs: Inputs,
        context: Context,
        repeat: int = 0,
        attempts: int = 8,
        like: Inputs | None = None,
    ) -> list[Reply]:
        endpoint = Endpoint.parse(self.contender.endpoint)
        metered = replace(context, meter=_Named(context.meter, self.contender.unit))
        return ask_all(
            self.asks(inputs, repeat, context, like),
            endpoint,
            metered,
            concurrency=self.contender.concurrency,
            per_minute=self.contender.per_minute,
            limits=Limits(
                attempts=attempts,
                attempt_s=min(_ATTEMPT_S, self.contender.deadline_s),
                deadline_s=self.contender.deadline_s,
            ),
        )

    def _read(self, inputs: Inputs, replies: Sequence[Reply], context: Context) -> Predictions:
        read, nothing = answer_reader(self.shown_task), (-1.0 if self.task.classes else np.nan)
        found = [read(r.text) if r.status is None else (nothing, r.status) for r in replies]
        values = np.array([value for value, _ in found])
        # A call that failed says nothing about the model: the row is not one that it got wrong.
        status = ["missing" if why_not == "failed" else why_not for _, why_not in found]
        for cause in dict.fromkeys(r.reason for r in replies if r.status == "failed"):
            context.note(f"calls failed, their rows are left out: {cause}")
        asked = Endpoint.parse(self.contender.endpoint).model
        for model in sorted({r.model for r in replies} - {asked, ""}):
            context.note(f"asked for {asked}, the endpoint says that {model} answered")
        usage = [
            {
                f"{self.contender.unit}/prompt_tokens": float(reply.prompt_tokens),
                f"{self.contender.unit}/completion_tokens": float(reply.completion_tokens),
                f"{self.contender.unit}/seconds": reply.seconds,
            }
            for reply in replies
        ]
        if self.task.classes:
            return Predictions.of_labels(
                inputs.ids, values.astype(np.int32), status=status, usage=usage
            )
        return Predictions.of_numbers(inputs.ids, values, status=status, usage=usage)


@dataclass(frozen=True, slots=True)
class _Named:
    """A meter that counts tokens under the name of the model that they were bought from."""

    meter: Meter
    source: str

    def add(self, unit: str, amount: float) -> None:
        """Count; see `contenders.base.Meter`."""
        self.meter.add(f"{self.source}/{unit}" if unit.endswith("_tokens") else unit, amount)
