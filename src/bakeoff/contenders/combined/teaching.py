"""What a teacher says of some rows, as the targets of a student."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.combined.inner import out_of_fold
from bakeoff.contenders.combined.parts import fit_part
from bakeoff.core.errors import ContenderError
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples, one_hot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender, Context
    from bakeoff.tasks.predictions import Predictions

_TIE = 1e-6
"""Of two classes that weigh the same, the true one is taken."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """How a student is taught; see `combined.distilled.Distilled`.

    Args:
        teacher: Who is asked.
        weight: Share of the teacher in the target of a row that has a true label.
        rows: Rows that the teacher is asked on, at most; None: all.
        soft: Whether the student takes shares of classes.
    """

    teacher: Contender
    weight: float
    rows: int | None
    soft: bool

    @property
    def alone(self) -> bool:
        """Whether no true label is mixed in."""
        return self.weight == 1


def is_paid(contender: Contender) -> bool:
    """Return whether the contender, or a part of it, is paid for by the call."""
    return contender.card.metered or any(is_paid(part) for part in contender.parts())


def first_rows(inputs: Inputs, most: int | None) -> NDArray[np.int64]:
    """Return positions of the rows that are asked first: ``(m,)``, int64, ascending.

    The order is that of a hash of the rows' content: any two folds agree on it, so that a row
    which is asked in one of them is among the first that are asked in the other.
    """
    if most is None or most >= len(inputs):
        return np.arange(len(inputs))
    return np.sort(np.argsort(np.asarray(inputs.keys()), kind="stable")[:most])


def taught(
    lessons: Lessons, train: Examples, valid: Examples | None, context: Context
) -> tuple[Examples, Examples | None]:
    """Return the rows that the student learns from, and those that it is held to.

    Rows of ``context.unlabelled`` of which the teacher says something stand among the first.

    Raises:
        ContenderError: The teacher says nothing of any row.
    """
    unlabelled = _unlabelled(train, context)
    held_out = None
    # A teacher that learned from the validation rows would only repeat their labels.
    if lessons.alone and not lessons.teacher.card.learns:
        held_out = valid
    groups = [train, unlabelled, *([] if held_out is None else [held_out])]
    asked = first_rows(Inputs.concatenate([group.inputs for group in groups]), lessons.rows)
    mixed: list[Examples] = []
    answered = 0
    for number, group in enumerate(groups):
        begin = sum(map(len, groups[:number]))
        rows = asked[(asked >= begin) & (asked < begin + len(group))] - begin
        truth = 0.0 if group is unlabelled else 1 - lessons.weight
        if not len(rows):
            mixed.append(group if truth else group.take([]))
            continue
        seen = number == 0 and lessons.teacher.card.learns
        told = _told(lessons.teacher, train, valid, None if seen else group.inputs, rows, context)
        answered += int((~told.is_missing).sum())
        mixed.append(_mixed(lessons, group, rows, told, truth))
    if not answered:
        raise ContenderError(f"'{lessons.teacher.name}' says nothing of any of {len(asked):,} rows")
    if answered < len(asked):
        silent = len(asked) - answered
        context.note(f"the teacher gave no answer for {silent:,} of {len(asked):,} rows")
    learn = Examples.concatenate(mixed[0], mixed[1])
    return learn, valid if held_out is None else mixed[2]


def _unlabelled(train: Examples, context: Context) -> Examples:
    """Return the rows without a label as examples, their targets without a meaning."""
    inputs = train.inputs.take([])
    if context.unlabelled is not None:
        inputs = context.unlabelled.select([column.name for column in inputs.columns])
    return Examples(train.task, inputs, np.zeros(len(inputs), dtype=train.targets.dtype))


def _told(
    teacher: Contender,
    train: Examples,
    valid: Examples | None,
    inputs: Inputs | None,
    rows: NDArray[np.int64],
    context: Context,
) -> Predictions:
    """Return what the teacher says of some rows of ``inputs``; None: of its own training rows."""
    if inputs is None:
        return out_of_fold(teacher, train, valid, context).take(rows)
    return fit_part(teacher, train, valid, context).predict(inputs.take(rows), context)


def _mixed(
    lessons: Lessons,
    group: Examples,
    asked: NDArray[np.int64],
    told: Predictions,
    truth: float,
) -> Examples:
    """Return rows with what the teacher says mixed in; without any target they are left out.

    Args:
        lessons: How they are taught.
        group: ``n`` rows.
        asked: ``(m,)``, int64: positions of those that the teacher was asked on.
        told: ``m`` predictions.
        truth: Share of the true label; 0: there is none, or it is not to be used.
    """
    usable = np.flatnonzero(~told.is_missing)
    said = asked[usable]
    taught_rows = _with_targets(lessons, group.take(said), told.take(usable), truth)
    if not truth:
        return taught_rows
    silent = np.setdiff1d(np.arange(len(group)), said)
    together = Examples.concatenate(taught_rows, group.take(silent))
    return together.take(np.argsort(np.concatenate([said, silent])))


def _with_targets(lessons: Lessons, rows: Examples, told: Predictions, truth: float) -> Examples:
    """Return rows with mixed targets: numbers, or shares of classes and the likeliest of them."""
    n_classes = len(rows.task.classes)
    if not n_classes:
        numbers = (1 - truth) * told.values + truth * rows.targets
        return Examples(rows.task, rows.inputs, numbers)
    beliefs = told.probabilities if lessons.soft else None
    if beliefs is None:
        beliefs = one_hot(told.codes, n_classes)
    own = one_hot(rows.targets, n_classes)
    shares = (1 - truth) * beliefs + truth * own
    codes = (shares + (_TIE * own if truth else 0.0)).argmax(axis=1).astype(rows.targets.dtype)
    return Examples(rows.task, rows.inputs, codes, shares if lessons.soft else None)
