"""Contenders whose worth is known beforehand, to try the judge (and the checks) on.

An oracle must win, a random one and one that learned from shuffled labels must not be called
better than chance, a copied target must be flagged by the audit, and one that reads labels by a
side channel must be caught by the poisoned-label check. They are no entrants: they stand in no
registry, and who wants them there under a name calls `register`.

`tell` opens the side channel: whoever holds labelled rows announces them, as a file on disk or a
careless global would. `Oracle` and `SideChannel` read it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.base import Card, Contender, Fitted, parse_settings
from bakeoff.contenders.registry import CONTENDERS
from bakeoff.core.errors import UsageError
from bakeoff.core.files import write_atomic
from bakeoff.core.seeds import generator
from bakeoff.data.columns import ColumnType
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec

_KINDS = frozenset({"classification", "regression"})
_ANYTHING = frozenset(ColumnType) - {ColumnType.ANSWER}
_TOLD: dict[str, float] = {}


def tell(rows: Examples) -> None:
    """Announce the labels of all rows through the side channel; earlier ones are forgotten."""
    _TOLD.clear()
    keys = rows.inputs.keys(rows.task.input_names)
    _TOLD.update(zip(keys, rows.targets.astype(np.float64).tolist(), strict=True))


def register() -> None:
    """Make the contenders of this file known by name in this process."""
    for contender in (Oracle, Random, LabelShuffled, CopiedTarget, SideChannel):
        CONTENDERS.built_in[contender.card.name] = f"{__name__}:{contender.__name__}"


@dataclass(frozen=True)
class Oracle(Contender):
    """Knows the truth of the rows that were told, and errs as often as asked.

    Args:
        error: Share of the rows that it gets wrong (chosen by their content and ``salt``).
        salt: Oracles of another salt err on other rows.
    """

    card: ClassVar[Card] = Card(
        name="oracle",
        family="known-truth",
        summary="Knows the truth, and errs as often as asked",
        kinds=frozenset({"classification"}),
        reads=_ANYTHING,
        learns=False,
    )

    error: float = 0.0
    salt: int = 0

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> Fitted:
        """Learn nothing."""
        del valid, context
        return _FittedOracle(train.task, self.error, self.salt)

    def load(self, folder: Path, task: TaskSpec) -> Fitted:
        """Return the same: nothing was written."""
        del folder
        return _FittedOracle(task, self.error, self.salt)


@dataclass(frozen=True, slots=True)
class _FittedOracle(Fitted):
    task: TaskSpec
    error: float
    salt: int

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        del context
        keys = inputs.keys(self.task.input_names)
        codes = np.array([int(_TOLD.get(key, -1)) for key in keys], dtype=np.int32)
        draws = [generator(self.salt, "oracle", key).random(2) for key in keys]
        for row, (luck, which) in enumerate(draws):
            if codes[row] >= 0 and luck < self.error:
                step = 1 + int(which * (len(self.task.classes) - 1))
                codes[row] = (codes[row] + step) % len(self.task.classes)
        return Predictions.of_labels(inputs.ids, codes)

    def save(self, folder: Path) -> None:
        del folder


@dataclass(frozen=True)
class Random(Contender):
    """Draws a class for each row, whatever the row says.

    Equal rows get equal draws (a prediction depends on nothing but the row), so duplicates are
    guessed alike.
    """

    card: ClassVar[Card] = Card(
        name="random",
        family="known-truth",
        summary="Draws a class at random, by the row's content",
        kinds=frozenset({"classification"}),
        reads=_ANYTHING,
        learns=False,
        deterministic=False,
    )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> Fitted:
        """Keep the seed."""
        del valid
        return _FittedRandom(train.task, context.seed)

    def load(self, folder: Path, task: TaskSpec) -> Fitted:
        """Read the seed back."""
        return _FittedRandom(task, json.loads((folder / "seed.json").read_bytes()))


@dataclass(frozen=True, slots=True)
class _FittedRandom(Fitted):
    task: TaskSpec
    seed: int

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        del context
        n = len(self.task.classes)
        keys = inputs.keys(self.task.input_names)
        codes = [int(generator(self.seed, key).integers(n)) for key in keys]
        return Predictions.of_labels(inputs.ids, np.array(codes, dtype=np.int32))

    def save(self, folder: Path) -> None:
        write_atomic(folder / "seed.json", json.dumps(self.seed).encode())


@dataclass(frozen=True)
class _Around(Contender):
    """A contender around another: shares its card's facts, saves it in a subfolder."""

    part: Contender

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        if not argument:
            raise UsageError(f"'{cls.card.name}' needs a part, as in {cls.card.name}:majority")
        return cls(make(argument), **parse_settings(cls, settings))

    def argument(self) -> str:
        return self.part.name

    def parts(self) -> tuple[Contender, ...]:
        return (self.part,)

    def refuses(self, task: TaskSpec) -> str | None:
        return self.part.refuses(task)


@dataclass(frozen=True)
class LabelShuffled(_Around):
    """Fits its part on the same rows with their targets shuffled: it can learn nothing."""

    def __post_init__(self) -> None:
        card = replace(type(self).card, abilities=self.part.card.abilities)
        object.__setattr__(self, "card", card)

    card: ClassVar[Card] = Card(
        name="label-shuffled",
        family="known-truth",
        summary="Fits its part on shuffled targets: it can learn nothing",
        kinds=_KINDS,
        deterministic=False,
    )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> Fitted:
        """Shuffle the targets of ``train`` and ``valid``, then fit."""
        rng = generator(context.seed, "label-shuffled")

        def shuffled(rows: Examples) -> Examples:
            return Examples(rows.task, rows.inputs, rng.permutation(rows.targets))

        fitted = self.part.fit(shuffled(train), None if valid is None else shuffled(valid), context)
        return _FittedAround(self.part, train.task, fitted)

    def load(self, folder: Path, task: TaskSpec) -> Fitted:
        """Read the part back."""
        return _FittedAround(self.part, task, load_model(folder / "part").fitted)


@dataclass(frozen=True, slots=True)
class _FittedAround(Fitted):
    part: Contender
    task: TaskSpec
    fitted: Fitted
    cheats: bool = False

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        honest = self.fitted.predict(inputs, context)
        if not self.cheats:
            return honest
        keys = inputs.keys(self.task.input_names)
        if self.task.kind == "regression":
            pairs = zip(keys, honest.values, strict=True)
            numbers = np.array([_TOLD.get(key, value) for key, value in pairs])
            return Predictions.of_numbers(inputs.ids, numbers)
        known = zip(keys, honest.codes, strict=True)
        codes = np.array([int(_TOLD.get(key, code)) for key, code in known], dtype=np.int32)
        return Predictions.of_labels(inputs.ids, codes)

    def save(self, folder: Path) -> None:
        save_model(self.part, self.task, self.fitted, folder / "part")


@dataclass(frozen=True)
class SideChannel(_Around):
    """Looks honest: fits its part, and then answers what `tell` announced where it can."""

    card: ClassVar[Card] = Card(
        name="side-channel",
        family="known-truth",
        summary="Reads labels that it was not given; the poisoned-label check catches it",
        kinds=_KINDS,
    )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> Fitted:
        """Fit the part, as if nothing were wrong."""
        fitted = self.part.fit(train, valid, context)
        return _FittedAround(self.part, train.task, fitted, cheats=True)

    def load(self, folder: Path, task: TaskSpec) -> Fitted:
        """Read the part back."""
        return _FittedAround(self.part, task, load_model(folder / "part").fitted, cheats=True)


@dataclass(frozen=True)
class CopiedTarget(Contender):
    """Finds an input column that gives the target away, and copies it.

    What it scores is what a leak is worth; the audit must flag that column beforehand.

    Args:
        column: Name of the input column.
    """

    card: ClassVar[Card] = Card(
        name="copied-target",
        family="known-truth",
        summary="Copies an input column that gives the target away",
        kinds=frozenset({"classification"}),
    )

    column: str

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        """Make ``copied-target:COLUMN``."""
        del settings, make
        return cls(argument)

    def argument(self) -> str:
        """Return the column's name."""
        return self.column

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> Fitted:
        """Learn which cell stands for which class."""
        del valid, context
        cells = [str(cell) for cell in train.inputs.table[self.column].to_pylist()]
        return _FittedCopy(self.column, dict(zip(cells, train.targets.tolist(), strict=True)))

    def load(self, folder: Path, task: TaskSpec) -> Fitted:
        """Read the table of cells back."""
        del task
        return _FittedCopy(self.column, json.loads((folder / "cells.json").read_bytes()))


@dataclass(frozen=True, slots=True)
class _FittedCopy(Fitted):
    column: str
    cells: dict[str, int]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        del context
        cells = inputs.table[self.column].to_pylist()
        codes: NDArray[np.int32] = np.array(
            [self.cells.get(str(cell), -1) for cell in cells], dtype=np.int32
        )
        return Predictions.of_labels(inputs.ids, codes)

    def save(self, folder: Path) -> None:
        write_atomic(folder / "cells.json", json.dumps(self.cells).encode())
