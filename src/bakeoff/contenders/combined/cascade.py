"""``cascade:FIRST>SECOND``: the cheap part answers, and sends on what it is least sure of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted, parse_settings
from bakeoff.contenders.combined.committee import committee_of, disagreement
from bakeoff.contenders.combined.expected_error import ExpectedError, fit_expected_error
from bakeoff.contenders.combined.inner import out_of_fold
from bakeoff.contenders.combined.outputs import override, total_usage, with_columns
from bakeoff.contenders.combined.parts import (
    Combined,
    fit_part,
    load_parts,
    parse_pair,
    save_parts,
)
from bakeoff.contenders.combined.threshold import (
    best_threshold,
    sent_on,
    sureness,
    threshold_for_share,
)
from bakeoff.contenders.registry import join_parts, make_contender
from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.core.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.combined.parts import FittedPart
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

SHARES = (0.05, 0.1, 0.2, 0.4)
"""Shares sent on that are shown where no training row has an answer of the second part."""

MINIMUM_ANSWERED = 30
"""Training rows with a usable answer of the second part that a threshold is learned from."""

SENT = "cascade/sent"
"""Unit of usage: 1 for each row that was sent on. It has no price of its own."""


@dataclass(frozen=True)
class Cascade(Combined):
    """Asks the second part only for the rows of which the first is least sure.

    The threshold is learned from training rows alone. With ``share`` it is the quantile of the
    first part's out-of-fold confidence; without, it is the one at which the combined out-of-fold
    predictions of the rows that the second part answers score best, ties to the smaller share.
    The first part's confidence is its own (largest probability); numbers carry none, so there
    it is the error that `combined.expected_error` expects.

    A row that is sent on keeps the first part's prediction if the second has none. Probabilities
    are given only if both parts give them; the confidence of every row is that of the first part,
    so that its order means one thing.

    Args:
        first: Asked for every row.
        second: Asked for the rows sent on.
        share: Share of the rows sent on, in ``(0, 1]``; None: learned.
    """

    card: ClassVar[Card] = Card(
        name="cascade",
        title="cascade",
        seconds_per_1000=0,
        family="combined",
        summary="The first part answers; what it is least sure of is sent to the second",
        kinds=frozenset({"classification", "regression"}),
        abilities=frozenset({"confidence"}),
        rank=1,
        source="Viola and Jones (2001); Chen, Zaharia and Zou (2023), FrugalGPT",
    )

    first: Contender
    second: Contender
    share: float | None = None

    def __post_init__(self) -> None:
        if self.share is not None and not 0 < self.share <= 1:
            raise UsageError(f"cascade@share={self.share}", why="a share is above 0, at most 1")
        super().__post_init__()

    def own_card(self) -> Card:
        """Return the card; probabilities are given if both parts give them."""
        card = super().own_card()
        both = self.first.card.abilities & self.second.card.abilities & {"probabilities"}
        return replace(card, abilities=card.abilities | both)

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        """Make ``cascade[@share=0.1]:FIRST>SECOND``.

        Raises:
            UsageError: There are not two parts, or a setting is unknown.
        """
        first, second = parse_pair("cascade:FIRST>SECOND", argument, make)
        return cls(first, second, **parse_settings(cls, settings))

    def argument(self) -> str:
        """Return ``FIRST>SECOND``."""
        return join_parts((part.name for part in self.parts()), ">")

    def parts(self) -> tuple[Contender, ...]:
        """Return first and second."""
        return (self.first, self.second)

    def refuses(self, task: TaskSpec) -> str | None:
        """Refuse, beside what a part refuses, a first part that cannot tell how sure it is."""
        if not _is_sure_by_itself(self.first) and not (
            task.kind == "regression" and self.first.card.learns
        ):
            return f"'{self.first.name}' does not tell how sure it is, so none can be sent on"
        return super().refuses(task)

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FittedCascade:
        """Fit both parts and choose the threshold.

        Raises:
            ContenderError: Too few training rows have an answer of the second part to learn a
                threshold from (give ``share``), or too few rows differ for inner folds.
        """
        first = fit_part(self.first, train, valid, context)
        second = fit_part(self.second, train, valid, context)
        before = out_of_fold(self.first, train, valid, context)
        committee: tuple[FittedPart, ...] = ()
        doubt: ExpectedError | None = None
        confidence = before.confidence
        if not train.task.classes and np.isnan(confidence).all():
            committee, apart = committee_of(self.first, train, context)
            doubt = fit_expected_error(before.values, apart, train.targets)
            confidence = doubt.confidence(before.values, apart)
        sure = sureness(before, confidence)
        if self.share is None:
            threshold = self._learned(train, valid, before, sure, context)
        else:
            threshold = threshold_for_share(sure, self.share)
        return FittedCascade((first, second, *committee), threshold, doubt)

    def _learned(
        self,
        train: Examples,
        valid: Examples | None,
        before: Predictions,
        sure: NDArray[np.float64],
        context: Context,
    ) -> float:
        after = out_of_fold(self.second, train, valid, context)
        answered = np.flatnonzero(~after.is_missing)
        if len(answered) < MINIMUM_ANSWERED:
            raise ContenderError(
                f"'{self.second.name}' answers {len(answered)} training rows, and a threshold is "
                f"learned from {MINIMUM_ANSWERED} or more; give the share to send on: "
                f"{replace(self, share=SHARES[1]).name}"
            )
        rows = train.take(answered)
        return best_threshold(
            sure[answered],
            before.take(answered),
            after.take(answered),
            lambda predictions: context.score(predictions, rows),
        )

    def load(self, folder: Path, task: TaskSpec) -> FittedCascade:
        """Read back the parts and the threshold."""
        del task
        content = json.loads((folder / "cascade.json").read_bytes())
        doubt = content["doubt"] and ExpectedError(**content["doubt"])
        parts = load_parts(folder, content["parts"])
        return FittedCascade(parts, float(content["threshold"]), doubt)


@dataclass(frozen=True, slots=True)
class FittedCascade(Fitted):
    """What was learned.

    Args:
        parts: First and second part, then the committee where ``doubt`` asks for one.
        threshold: Rows of which the first part is less sure are sent on.
        doubt: How sure the first part is, where it does not say so itself.
    """

    parts: tuple[FittedPart, ...]
    threshold: float
    doubt: ExpectedError | None = None

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the first part's predictions, and the second's for the rows sent on."""
        first, second, *committee = self.parts
        before = first.predict(inputs, context)
        confidence = before.confidence
        asked = [before.usage]
        if self.doubt is not None:
            opinions = [member.predict(inputs, context) for member in committee]
            confidence = self.doubt.confidence(before.values, disagreement(opinions))
            asked += [opinion.usage for opinion in opinions]
        rows = sent_on(sureness(before, confidence), self.threshold)
        # Asked even for no rows at all, so that its columns are known whatever the rows are.
        after = second.predict(inputs.take(rows), context)
        for_sent: list[dict[str, float]] = [{} for _ in range(len(inputs))]
        for row, used in zip(rows, after.usage, strict=True):
            for_sent[row] = {**used, SENT: 1.0}
        return with_columns(
            override(before, after, rows), confidence, total_usage([*asked, for_sent])
        )

    def save(self, folder: Path) -> None:
        """Write each part into a subfolder, and the threshold."""
        save_parts(self.parts, folder)
        # As text: JSON has no infinity, which is the threshold that sends everything on.
        content = {
            "parts": len(self.parts),
            "threshold": repr(self.threshold),
            "doubt": None if self.doubt is None else asdict(self.doubt),
        }
        write_atomic(folder / "cascade.json", json.dumps(content).encode())


def cascade_variants(spec: str, shares: tuple[float, ...] = SHARES) -> tuple[str, ...]:
    """Return the specs of the cascade at several shares, for data without answers to learn from.

    Raises:
        UsageError: The spec does not name a cascade.
    """
    cascade = make_contender(spec)
    if not isinstance(cascade, Cascade):
        raise UsageError(f"'{spec}' is not a cascade", fix="write cascade:FIRST>SECOND")
    return tuple(replace(cascade, share=share).name for share in shares)


def _is_sure_by_itself(part: Contender) -> bool:
    return bool(part.card.abilities & {"probabilities", "confidence"})
