"""``distilled:TEACHER>STUDENT``: a small student learns what a teacher says of the rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Facts, Fitted, parse_settings
from bakeoff.contenders.combined.parts import Combined, FittedPart, fit_part, parse_pair
from bakeoff.contenders.combined.teaching import Lessons, first_rows, is_paid, taught
from bakeoff.contenders.registry import join_parts
from bakeoff.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bakeoff.contenders.base import Calls, Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

LABELS = ("soft", "hard")
SHARED = frozenset({"probabilities", "confidence", "torch", "onnx"})
"""Abilities that a distilled model has if its student has them."""


@dataclass(frozen=True)
class Distilled(Combined):
    """Trains the student on the teacher's answers, of rows without a label too.

    What a teacher that learns says of its own training rows is hardly more than their labels, so
    the student is told what models of inner folds say of the rows that they have not seen; rows
    without a label are told by the teacher of all training rows. A teacher that does not learn is
    simply asked. What the teacher says is mixed with the true label; where it says nothing (an
    answer that is missing), the true label stands alone, and at ``weight=1`` the row is left out.
    Validation rows keep their true labels, except those of a teacher that does not learn at
    ``weight=1``: then no true label of the training fold reaches the student.

    Only the student is kept and asked afterwards: it costs what it costs alone.

    Args:
        teacher: Any contender: trained, prompted, or ``answers:COLUMN``.
        student: Any contender that learns.
        labels: ``"soft"``: the student learns the teacher's probabilities, where the one gives and
            the other can take them; ``"hard"``: the likeliest class.
        weight: Share of the teacher in the target of a row that has a true label, in ``(0, 1]``.
        rows: Rows that the teacher is asked on, at most, those without a label included, in an
            order that is made of their content and so the same in all folds; None: all. The others
            keep their true label (without one they are left out).
    """

    card: ClassVar[Card] = Card(
        name="distilled",
        title="distilled",
        seconds_per_1000=0,
        family="combined",
        summary="A small student trained on what a teacher says, of unlabelled rows too",
        kinds=frozenset({"classification", "regression"}),
        rank=1,
        source="Hinton, Vinyals and Dean (2015), Distilling the knowledge in a neural network",
    )
    bounds_calls: ClassVar[bool] = True

    teacher: Contender
    student: Contender
    labels: str = "soft"
    weight: float = 0.5
    rows: int | None = None

    def __post_init__(self) -> None:
        if self.labels not in LABELS:
            raise UsageError(f"distilled@labels={self.labels}", why="it is 'soft' or 'hard'")
        if not 0 < self.weight <= 1:
            raise UsageError(
                f"distilled@weight={self.weight}", why="the teacher's share is above 0, at most 1"
            )
        if self.rows is not None and self.rows < 1:
            raise UsageError(f"distilled@rows={self.rows}", why="it is 1 or more")
        if not self.student.card.learns:
            raise UsageError(
                f"'{self.student.name}' cannot be a student: it does not learn",
                fix="write distilled:TEACHER>STUDENT, the student being what is kept",
            )
        super().__post_init__()

    def own_card(self) -> Card:
        """Return the card: the student's abilities, and where either part set out from."""
        return replace(
            super().own_card(),
            abilities=self.student.card.abilities & SHARED,
            pretrained=self.teacher.card.pretrained or self.student.card.pretrained,
        )

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        """Make ``distilled[@weight=0.5]:TEACHER>STUDENT``.

        Raises:
            UsageError: There are not two parts, or a setting is unknown.
        """
        teacher, student = parse_pair("distilled:TEACHER>STUDENT", argument, make)
        return cls(teacher, student, **parse_settings(cls, settings))

    def argument(self) -> str:
        """Return ``TEACHER>STUDENT``."""
        return join_parts((part.name for part in self.parts()), ">")

    def parts(self) -> tuple[Contender, ...]:
        """Return teacher and student."""
        return (self.teacher, self.student)

    def predict_columns(self) -> tuple[str, ...]:
        """Return the student's columns: the teacher is asked no more."""
        return self.student.predict_columns()

    def refuses(self, task: TaskSpec) -> str | None:
        """Refuse, beside what a part refuses, a paid teacher without a limit of rows."""
        if self.rows is None and is_paid(self.teacher):
            return (
                f"'{self.teacher.name}' is paid for by the call: say on how many rows it is asked, "
                f"{replace(self, rows=500).name}"
            )
        if is_paid(self.teacher) and not self.teacher.card.metered:
            return f"a part of its teacher '{self.teacher.name}' is paid for by the call"
        return super().refuses(task)

    def calls(self, train: Examples, asked: Inputs) -> Calls | None:
        """Return what one fit would ask, at most, of a teacher that is paid for."""
        del asked
        if self.rows is None or not is_paid(self.teacher):
            return None
        # Where there are fewer, rows without a label are asked too: of the same sort, it is taken.
        some = np.resize(first_rows(train.inputs, self.rows), self.rows)
        return self.teacher.calls(train, train.inputs.take(some))

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FittedDistilled:
        """Ask the teacher, then fit the student on what it said.

        Raises:
            ContenderError: The teacher says nothing of any row, or a part cannot be fitted.
        """
        lessons = Lessons(self.teacher, self.weight, self.rows, soft=self._is_soft())
        rows, held_out = taught(lessons, train, valid, context)
        return FittedDistilled(fit_part(self.student, rows, held_out, context))

    def load(self, folder: Path, task: TaskSpec) -> FittedDistilled:
        """Read back the student."""
        del task
        return FittedDistilled(FittedPart.load(folder / "student"))

    def _is_soft(self) -> bool:
        return self.labels == "soft" and "soft_targets" in self.student.card.abilities


@dataclass(frozen=True, slots=True)
class FittedDistilled(Fitted):
    """The student, which is all that is left."""

    student: FittedPart

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the student's predictions."""
        return self.student.predict(inputs, context)

    def save(self, folder: Path) -> None:
        """Write the student into a subfolder."""
        self.student.save(folder / "student")

    def facts(self) -> Facts:
        """Return the student's."""
        return self.student.fitted.facts()
