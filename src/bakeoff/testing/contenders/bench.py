"""The bench that a contender is tried on: examples that it accepts, and fits that checks share."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.core.errors import ContenderError
from bakeoff.tasks.language import LANGUAGE_MODELLING
from bakeoff.testing.check import CheckList, ContractError, NotTestableError
from bakeoff.testing.context import context, temporary_root
from bakeoff.testing.examples import MODALITIES, ONE_TEXT, Specimen, specimen

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender, Context, Fitted
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions

_VARIANTS = (("classification", 2), ("classification", 5), ("regression", 2))
_OF_ONE_TEXT = ((LANGUAGE_MODELLING, 2),)


@dataclass(eq=False)
class Bench:
    """A contender, the made-up examples that it accepts, and what it did with them so far.

    Args:
        contender: What is checked.
        modalities: Names in `MODALITIES` that it is tried on, if it does not refuse them.
    """

    contender: Contender
    modalities: tuple[str, ...] = tuple(MODALITIES)
    _fits: dict[str, Fitted] = field(default_factory=dict)
    _made: dict[tuple[str, str, int], Specimen] = field(default_factory=dict)
    _counted: int = 0

    @cached_property
    def folder(self) -> Path:
        """A folder of this bench alone, removed when the process ends."""
        return Path(tempfile.mkdtemp(dir=temporary_root()))

    @cached_property
    def specimens(self) -> tuple[Specimen, ...]:
        """All made-up examples that the contender does not refuse.

        For a combination, those of one modality: what its parts read is checked on the parts.

        Raises:
            ContractError: There is none, so that nothing can be checked.
        """
        modalities = (self.main[0].modality,) if self.contender.parts() else self.modalities
        made = (
            self._make(modality, *variant)
            for modality in modalities
            for variant in _variants(modality)
        )
        return tuple(s for s in made if self.contender.refuses(s.task) is None)

    @cached_property
    def main(self) -> tuple[Specimen, ...]:
        """One specimen of each kind that it does; five classes for classification.

        Raises:
            ContractError: It refuses every made-up task, so that nothing can be checked.
        """
        found: dict[str, Specimen] = {}
        reason = None
        for modality in self.modalities:
            for variant in _variants(modality)[1:]:
                candidate = self._make(modality, *variant)
                reason = self.contender.refuses(candidate.task)
                if reason is None:
                    found.setdefault(candidate.task.kind, candidate)
            if found:
                return tuple(found.values())
        raise ContractError(f"it refuses every made-up task; the last: {reason}")

    @property
    def labelled(self) -> tuple[Specimen, ...]:
        """Those of `main` whose targets are not their inputs.

        Raises:
            NotTestableError: There is none: it models language.
        """
        found = tuple(e for e in self.main if e.task.kind != LANGUAGE_MODELLING)
        if not found:
            raise NotTestableError("the text is its own answer")
        return found

    @property
    def texts(self) -> tuple[Specimen, ...]:
        """Those of `main` whose text is its own answer.

        Raises:
            NotTestableError: There is none: it does not model language.
        """
        found = tuple(e for e in self.main if e.task.kind == LANGUAGE_MODELLING)
        if not found:
            raise NotTestableError("it does not model language")
        return found

    def another(self, example: Specimen, seed: int) -> Specimen:
        """Return a specimen of the same sort whose rows stand nowhere else."""
        return specimen(
            example.modality,
            example.task.kind,
            n_classes=len(example.task.classes) or 2,
            answers=self.contender.columns(),
            seed=seed,
        )

    def _make(self, modality: str, kind: str, n_classes: int) -> Specimen:
        key = (modality, kind, n_classes)
        if key not in self._made:
            answers = self.contender.columns()
            self._made[key] = specimen(modality, kind, n_classes=n_classes, answers=answers)
        return self._made[key]

    def context(self, seed: int = 0, threads: int = 1) -> Context:
        """Return a fresh context with stores of its own, so that nothing is remembered."""
        self._counted += 1
        return context(self.folder / f"context-{self._counted}", seed=seed, threads=threads)

    def fit(self, train: Examples, valid: Examples | None = None, seed: int = 0) -> Fitted:
        """Return a fresh fit."""
        return self.contender.fit(train, valid, self.context(seed))

    def try_fit(self, train: Examples, valid: Examples | None = None) -> Fitted | None:
        """Return a fresh fit, or None where the contender says that these rows are too few.

        A `ContenderError` is an answer; any other error is not.
        """
        try:
            return self.fit(train, valid)
        except ContractError:
            raise
        except ContenderError:
            return None

    def fitted(self, example: Specimen) -> Fitted:
        """Return the fit on ``train`` and ``valid`` with seed 0, made once."""
        if example.name not in self._fits:
            self._fits[example.name] = self.fit(example.train, example.valid)
        return self._fits[example.name]

    def predict(self, fitted: Fitted, inputs: Inputs, seed: int = 0) -> Predictions:
        """Return predictions; all share their stores, as the predictions of one run do."""
        return fitted.predict(inputs, context(self.folder / "predict", seed=seed))

    def save_folder(self, name: str) -> Path:
        """Return a path for a saved model; nothing stands there yet."""
        self._counted += 1
        return self.folder / f"{name}-{self._counted}"

    def leaves(self) -> tuple[Contender, ...]:
        """Return the contenders that it is made of in the end (itself, if it has no parts)."""
        return tuple(_leaves(self.contender))


def _variants(modality: str) -> tuple[tuple[str, int], ...]:
    return _VARIANTS + (_OF_ONE_TEXT if modality in ONE_TEXT else ())


def _leaves(contender: Contender) -> list[Contender]:
    parts = contender.parts()
    return [leaf for part in parts for leaf in _leaves(part)] if parts else [contender]


contender_check: CheckList[Bench] = CheckList()
"""Every check of contenders; the decorator that adds one."""
