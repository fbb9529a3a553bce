"""Any scikit-learn estimator as a contender: by its name in a spec, or as an object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.contenders.foreign.rows import as_estimator_input, to_answers
from bakeoff.core.errors import ArtefactError, ContenderError, UsageError
from bakeoff.core.hashing import hash_text
from bakeoff.core.registry import load_object
from bakeoff.data.columns import ColumnType
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class SklearnEstimator(Contender):
    """Clones the estimator, sets its seed where it has one, and fits it on both parts.

    It sees a list of strings where the inputs are one text column, else a DataFrame. Classes are
    given to it as their names.

    Args:
        estimator: An unfitted estimator or pipeline.
        label: Name in tables; default: the class of the estimator.
    """

    card: ClassVar[Card] = Card(
        name="sklearn",
        family="foreign",
        summary="an estimator that follows scikit-learn's conventions",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset(ColumnType) - {ColumnType.ANSWER},
        deterministic=False,
        rank=3,
        licence="that of the estimator",
    )

    estimator: Any = None
    label: str = field(default="", kw_only=True)

    @classmethod
    def from_spec(
        cls,
        argument: str,
        settings: Mapping[str, str],
        make: Callable[[str], Contender],
    ) -> SklearnEstimator:
        """Make it from ``sklearn:module.Class``, or ``sklearn@key=value:module.Class``.

        Raises:
            UsageError: The class cannot be imported or made with these settings.
        """
        del make
        module, _, name = argument.rpartition(".")
        if not module:
            raise UsageError(
                f"cannot read 'sklearn:{argument}'",
                fix="write the full name: sklearn:sklearn.naive_bayes.ComplementNB",
            )
        made: Callable[..., Any] = load_object(f"{module}:{name}")
        try:
            return cls(made(**{key: _read(value) for key, value in settings.items()}))
        except TypeError as error:
            raise UsageError(f"cannot make {argument}: {error}") from error

    @property
    def name(self) -> str:
        """The label; a pipeline's steps; or the spec with the class and its changed settings."""
        steps = getattr(self.estimator, "steps", None)
        if not self.label and steps:
            shown = "+".join(type(step).__name__ for _, step in steps)
            return f"{self.card.name}:{shown}-{hash_text(_changed(self.estimator))[:6]}"
        return self.label or f"{self.card.name}{_changed(self.estimator)}:{self.argument()}"

    def argument(self) -> str:
        """Return the full name of the estimator's class."""
        kind = type(self.estimator)
        return f"{kind.__module__}.{kind.__qualname__}"

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why not: other kinds, or a classifier for numbers and the reverse."""
        from sklearn.base import is_classifier, is_regressor

        if task.kind == "classification" and is_regressor(self.estimator):
            return f"{self.argument()} predicts numbers, and the task is classification"
        if task.kind == "regression" and is_classifier(self.estimator):
            return f"{self.argument()} predicts classes, and the task is regression"
        return super().refuses(task)

    def fit(
        self, train: Examples, valid: Examples | None, context: Context
    ) -> SklearnEstimatorFitted:
        """Fit a clone on both parts.

        Raises:
            ContenderError: The estimator raised; its message is kept.
        """
        from sklearn.base import clone

        rows = Examples.concatenate(train, valid)
        estimator = clone(self.estimator)
        seeds = [key for key in estimator.get_params() if key.split("__")[-1] == "random_state"]
        estimator.set_params(**dict.fromkeys(seeds, context.seed))
        classes = np.asarray(rows.task.classes, dtype=object)
        targets = classes[rows.targets] if len(classes) else rows.targets
        try:
            estimator.fit(as_estimator_input(rows.inputs), targets)
        except Exception as error:
            raise ContenderError(f"{self.name} cannot be fitted: {error}") from error
        return SklearnEstimatorFitted(self.name, estimator, rows.task)

    def load(self, folder: Path, task: TaskSpec) -> NoReturn:
        """Refuse: nothing was saved.

        Raises:
            ArtefactError: Always.
        """
        del folder, task
        raise _cannot_be_shipped(self.name)


@dataclass(frozen=True, slots=True)
class SklearnEstimatorFitted(Fitted):
    """A fitted estimator."""

    name: str
    estimator: Any
    task: TaskSpec

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return what the estimator predicts, with probabilities where it has them.

        Raises:
            ContenderError: The estimator raised; its message is kept.
        """
        del context
        if len(inputs) == 0:
            return to_answers(self.task, inputs, [], self.name)
        given = as_estimator_input(inputs)
        try:
            if self.task.classes and hasattr(self.estimator, "predict_proba"):
                return self._with_probabilities(inputs, self.estimator.predict_proba(given))
            return to_answers(self.task, inputs, self.estimator.predict(given), self.name)
        except ContenderError:
            raise
        except Exception as error:
            raise ContenderError(f"{self.name} cannot predict: {error}") from error

    def save(self, folder: Path) -> None:
        """Refuse: only a pickle could keep it.

        Raises:
            ArtefactError: Always.
        """
        del folder
        raise _cannot_be_shipped(self.name)

    def _with_probabilities(self, inputs: Inputs, given: Any) -> Predictions:
        codes = [self.task.classes.index(str(name)) for name in self.estimator.classes_]
        found = np.zeros((len(inputs), len(self.task.classes)))
        found[:, codes] = given
        return Predictions.of_labels(inputs.ids, found.argmax(axis=1), found)


def _changed(estimator: Any) -> str:
    """Return the settings that differ from their defaults as a spec writes them.

    Names must tell two estimators apart; for what is no plain value, a hash has to do.
    """
    given = estimator.get_params(deep=False)
    try:
        usual = type(estimator)().get_params(deep=False)
    except TypeError:
        usual = {}
    changed = {key: value for key, value in given.items() if repr(usual.get(key)) != repr(value)}
    return "".join(
        f"@{key}={value if isinstance(value, str | int | float) else hash_text(repr(value))[:8]}"
        for key, value in sorted(changed.items())
    )


def _cannot_be_shipped(name: str) -> ArtefactError:
    return ArtefactError(
        f"'{name}' cannot be shipped",
        why="a scikit-learn object can be kept only as a pickle, which runs code when it is opened",
        fix="choose a built-in contender, or keep the estimator in your own code",
    )


def _read(text: str) -> str | int | float | bool | None:
    plain: dict[str, bool | None] = {"True": True, "False": False, "None": None}
    if text in plain:
        return plain[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
