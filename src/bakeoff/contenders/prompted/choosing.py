"""What is tried on training rows before the rows that judge: wordings, draws, repeats, attacks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.core.notes import coded
from bakeoff.data.columns import ColumnType
from bakeoff.models.prompting.hostile import N_HOSTILE_ROWS, count_flips, hostile_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.prompted.fitted import FittedPrompt
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions


@dataclass(frozen=True, slots=True)
class Trial:
    """How many training rows are asked for what, and how many questions that makes.

    Args:
        rows: Rows that wordings and draws are tried on.
        wordings: How many.
        draws: Draws of the examples, the one that is used included.
        repeats: Of the rows, those that are asked a second time.
        injections: Questions with a hostile text appended.
    """

    rows: int
    wordings: int
    draws: int
    repeats: int
    injections: int

    @property
    def is_scored(self) -> bool:
        """Whether the prompt is scored on all the rows, so that their answers are there."""
        return self.wordings > 1 or self.draws > 1

    @property
    def calls(self) -> int:
        """Questions that all of it makes, at most."""
        plain = 0
        if self.is_scored:
            plain = self.rows * (self.wordings + self.draws - 1)
        else:
            plain = min(self.rows, max(self.repeats, self.injections))
        return plain + min(self.repeats, self.rows) + self.injections


def choose(
    tried: Sequence[FittedPrompt],
    redraw: Callable[[FittedPrompt, int], FittedPrompt],
    rows: Examples,
    trial: Trial,
    context: Context,
) -> FittedPrompt:
    """Return the prompt that does best on training rows; note how far the answers can be trusted.

    The draws of the examples are compared and not chosen among: on so few rows the best of them
    would be the luckiest.

    Args:
        tried: One prompt for each wording.
        redraw: Given a prompt and a number from 1, returns it with other examples.
        rows: Training rows that stand in no prompt.
        trial: How many of them are asked for what.
        context: Scores, meters, keeps and notes.

    Raises:
        BudgetReachedError: The limit was reached before the prompt was chosen.
        EndpointError: The endpoint does not answer.
    """
    best, of_wordings, of_draws = tried[0], [], []
    if trial.is_scored:
        of_wordings = [context.score(each.tried_on(rows, context), rows) for each in tried]
        best = tried[int(np.argmax(of_wordings))]
        others = [redraw(best, number) for number in range(1, trial.draws)]
        scores = [context.score(each.tried_on(rows, context), rows) for each in others]
        of_draws = [max(of_wordings), *scores]
    if len(of_wordings) > 1:
        names = [each.kept.wording.name for each in tried]
        _note_scores("wordings", len(rows), names, of_wordings, context)
    if len(of_draws) > 1:
        names = [str(number + 1) for number in range(len(of_draws))]
        _note_scores("draws of the examples", len(rows), names, of_draws, context)
    twice = np.arange(min(trial.repeats, len(rows)))
    repeated, changed = _flips(best, rows.inputs.take(twice), context)
    if repeated or len(of_wordings) > 1 or len(of_draws) > 1:
        _note_spread(len(rows), of_wordings, of_draws, (repeated, changed), context)
    if trial.injections:
        _attack(best, rows.inputs, trial.injections, context)
    return best


def _note_scores(
    what: str, rows: int, names: Sequence[str], scores: Sequence[float], context: Context
) -> None:
    told = ", ".join(f"{name} {score + 0.0:.3g}" for name, score in zip(names, scores, strict=True))
    errors = " (errors, with a minus)" if min(scores) < 0 else ""
    context.note(f"{what} on {rows} training rows{errors}: {told}")


def _note_spread(
    rows: int,
    of_wordings: Sequence[float],
    of_draws: Sequence[float],
    repeats: tuple[int, int],
    context: Context,
) -> None:
    """Note side by side how far the score moves with the wording, the draw and the repeat."""
    repeated, changed = repeats
    spreads = {
        f"spread_{name}": float(np.ptp(scores))
        for name, scores in (("wordings", of_wordings), ("draws", of_draws))
        if len(scores) > 1
    }
    how = "-and-".join(name.removeprefix("spread_") for name in spreads) or "repeats"
    flips = {"repeated": repeated, "changed": changed, "share": changed / max(repeated, 1)}
    context.note(coded("prompt-spread", rows=rows, how=how, **spreads, **flips))


def _flips(prompt: FittedPrompt, inputs: Inputs, context: Context) -> tuple[int, int]:
    """Return how many rows were answered both times, and how many of them otherwise."""
    if not len(inputs):
        return 0, 0
    first, second = (_answers(prompt.asked(inputs, context, repeat)) for repeat in (0, 1))
    both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    return len(both), sum(a != b for a, b in both)


def _answers(found: Predictions) -> list[object]:
    """Return the labels or numbers, None where there is none."""
    column = "label" if "label" in found.table.column_names else "value"
    values = found.table[column].to_pylist()
    return [None if lacks else value for value, lacks in zip(values, found.is_missing, strict=True)]


def _attack(prompt: FittedPrompt, inputs: Inputs, times: int, context: Context) -> None:
    """Append hostile texts to training rows, and note how many answers they change."""
    classes = prompt.shown_task.classes
    # Spread over all 200, which stand in groups of one sort.
    chosen = np.linspace(0, N_HOSTILE_ROWS, times, endpoint=False).astype(np.int64)
    rows = inputs.take(np.arange(times) % len(inputs))
    plain = _answers(prompt.asked(rows, context))
    # The examples stay those of the plain row, or the row with its answer would stand among them.
    after = _answers(prompt.asked(_with_texts(rows, chosen, classes), context, like=rows))
    codes = range(len(classes))
    flips = count_flips(plain, after, [codes[i % len(classes)] for i in chosen])
    context.note(
        coded(
            "injection", rows=times, asked=flips.asked, flipped=flips.flipped,
            steered=flips.steered, lost=flips.lost,
        )
    )  # fmt: skip


def _with_texts(inputs: Inputs, chosen: NDArray[np.int64], classes: Sequence[str]) -> Inputs:
    """Return rows whose first text column ends with a hostile text."""
    texts = hostile_rows(classes)
    column = inputs.named(ColumnType.TEXT)[0]
    said = [
        f"{text} {texts[i]}" for text, i in zip(inputs.texts(column), chosen.tolist(), strict=True)
    ]
    place = inputs.table.column_names.index(column)
    table = inputs.table.set_column(place, column, pa.array(said, pa.large_string()))
    return replace(inputs, table=table)
