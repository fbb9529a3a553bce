"""``tuned:A``: random search over the settings of one contender, judged on inner folds."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from bakeoff.contenders.base import Card, Contender, Fitted, parse_settings
from bakeoff.contenders.combined.inner import out_of_fold
from bakeoff.contenders.combined.parts import Combined, FittedPart, fit_part
from bakeoff.contenders.combined.spaces import space_of
from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.core.files import write_atomic
from bakeoff.tuning.random_search import random_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

Trial = tuple[str, float]
"""Spec of a contender that was tried, and its score on the inner folds (NaN: it failed)."""


@dataclass(frozen=True)
class Tuned(Combined):
    """Tries settings of its part on inner folds and fits the best on all training rows.

    The part as it is competes first, and equals keep the earlier one. The seed chooses what is
    tried, so several seeds show how much of the result was luck.

    Args:
        part: The contender to tune; it declares a ``space()`` or stands in the table of
            `combined.spaces`.
        trials: Settings to try, the part's own among them.
    """

    card: ClassVar[Card] = Card(
        name="tuned",
        title="tuned",
        seconds_per_1000=0,
        family="combined",
        summary="Random search over the settings of its part, judged on inner folds",
        kinds=frozenset({"classification", "regression"}),
        deterministic=False,
        rank=3,
        source="Bergstra and Bengio (2012), Random search for hyper-parameter optimization",
    )

    part: Contender
    trials: int = 12

    def __post_init__(self) -> None:
        if self.trials < 1:
            raise UsageError(f"tuned@trials={self.trials}", why="there is at least one trial")
        super().__post_init__()

    def own_card(self) -> Card:
        """Return the card; the winner's probabilities and confidence are its own."""
        abilities = self.part.card.abilities & {"probabilities", "confidence"}
        return replace(super().own_card(), abilities=abilities)

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        """Make ``tuned[@trials=12]:A``.

        Raises:
            UsageError: There is no part, or a setting is unknown.
        """
        if not argument:
            raise UsageError("'tuned' needs a part", fix="write tuned:NAME")
        return cls(make(argument), **parse_settings(cls, settings))

    def argument(self) -> str:
        """Return the part's spec."""
        return self.part.name

    def parts(self) -> tuple[Contender, ...]:
        """Return the part as it was given."""
        return (self.part,)

    def refuses(self, task: TaskSpec) -> str | None:
        """Refuse, beside what the part refuses, a part that declares no space."""
        if not space_of(self.part):
            return f"'{self.part.name}' declares no settings that can be tuned"
        return super().refuses(task)

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FittedTuned:
        """Try settings on inner folds; fit the best.

        Raises:
            ContenderError: No trial has a score, or all training rows are alike.
        """
        trials = context.budget.trials or self.trials
        best, best_score = self.part, -math.inf
        tried: list[Trial] = []
        failure = "the primary metric is undefined for its predictions"
        for settings in random_settings(space_of(self.part), trials, context.seed):
            candidate = replace(self.part, **cast("dict[str, Any]", settings))
            try:
                score = context.score(out_of_fold(candidate, train, valid, context), train)
            except ContenderError as error:
                failure, score = str(error), math.nan
            tried.append((candidate.name, score))
            context.log(f"{candidate.name}: {score:.6g}")
            if score > best_score:
                best, best_score = candidate, score
        if math.isinf(best_score):
            raise ContenderError(f"no trial has a score; the last: {failure}")
        return FittedTuned(fit_part(best, train, valid, context), tuple(tried))

    def load(self, folder: Path, task: TaskSpec) -> FittedTuned:
        """Read back the winner and what was tried."""
        del task
        content = json.loads((folder / "trials.json").read_bytes())
        trials = tuple((name, math.nan if s is None else float(s)) for name, s in content)
        return FittedTuned(FittedPart.load(folder / "winner"), trials)


@dataclass(frozen=True, slots=True)
class FittedTuned(Fitted):
    """The winner, fitted on all training rows, and all that was tried."""

    winner: FittedPart
    trials: tuple[Trial, ...]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the winner's predictions."""
        return self.winner.predict(inputs, context)

    def save(self, folder: Path) -> None:
        """Write the winner into a subfolder, and what was tried."""
        self.winner.save(folder / "winner")
        content = [(name, None if math.isnan(score) else score) for name, score in self.trials]
        write_atomic(folder / "trials.json", json.dumps(content, ensure_ascii=False).encode())
