"""A trained model in the user's hands: data frames in, predictions out."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.contenders.base import Budget, Context
from bakeoff.core.errors import DataError, UsageError
from bakeoff.core.store import Store, default_root
from bakeoff.data import corpus
from bakeoff.data.columns import ColumnType
from bakeoff.data.load import load_dataset, location_of
from bakeoff.data.readers import plain_text
from bakeoff.protocol.meter import Counter
from bakeoff.protocol.scoring import oriented_score
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from bakeoff.contenders.artefacts import SavedModel
    from bakeoff.data.dataset import Dataset
    from bakeoff.tasks.predictions import Predictions


@dataclass(frozen=True, slots=True)
class Model:
    """A model that was fitted on everything but the lockbox, and what it expects."""

    saved: SavedModel

    @property
    def name(self) -> str:
        """The contender's name."""
        return self.saved.contender.name

    def predict(self, data: Any) -> NDArray[Any]:
        """Return class names, numbers, or nats of texts: ``(n,)``, in the order of the rows.

        Args:
            data: A data frame, path or anything else that `load_dataset` reads, with the columns
                that the model was trained on.

        Raises:
            UsageError: A column is absent; the message shows the nearest names.
            DataError: A row cannot be read (nothing is left out silently).
        """
        predictions = self.predictions(self.read(data))
        if self.saved.task.kind == "regression":
            return predictions.values
        if self.saved.task.kind == corpus.KIND:
            return predictions.nats
        texts = load_kind(self.saved.task.kind).display(self.saved.task, predictions)
        return np.array(texts, dtype=object)

    def predict_proba(self, data: Any) -> pd.DataFrame:
        """Return one column of probabilities a class, rows as in ``data``.

        Raises:
            UsageError: The model gives no probabilities.
        """
        import pandas as pd

        predictions = self.predictions(self.read(data))
        probabilities = (
            predictions.probabilities if "label" in predictions.table.column_names else None
        )
        if probabilities is None:
            raise UsageError(
                f"'{self.name}' gives no probabilities",
                fix="predict(data) gives its predictions; result.best(name) another model",
            )
        index = data.index if isinstance(data, pd.DataFrame) else None
        return pd.DataFrame(probabilities, columns=list(self.saved.task.classes), index=index)

    def read(self, data: Any) -> Dataset:
        """Return new rows with the columns typed as in training."""
        types = {column.name: column.type for column in self.saved.task.inputs}
        answers = self.saved.contender.predict_columns()
        types |= dict.fromkeys(answers, ColumnType.ANSWER)
        try:
            dataset = load_dataset(data, types=types, block=self._block())
        except UsageError as error:
            for name in types:
                if error.what == f"no column '{name}'":
                    raise self._lacks(name, data, error, answer=name in answers) from error
            raise
        if dataset.set_aside:
            bad = dataset.set_aside[0]
            raise DataError(
                f"{len(dataset.set_aside):,} row(s) cannot be read",
                where=f"{dataset.sources[0].location}, line {bad.line}",
                why=bad.reason,
                fix="mend or remove these rows: every row of the file gets a prediction",
            )
        return dataset

    def _block(self) -> int | None:
        """Return how long the blocks of running text were in training; None: not of this task."""
        if self.saved.task.kind != corpus.KIND:
            return None
        return int(dict(self.saved.task.settings).get(corpus.BLOCK_SETTING, plain_text.BLOCK))

    def _lacks(self, name: str, data: Any, error: UsageError, *, answer: bool) -> UsageError:
        why = f"'{self.name}' was trained on it"
        fix = error.fix
        if answer:
            why = f"'{self.name}' takes the answers in '{name}' for the rows it is least sure of"
            fix = (
                "add the column (empty cells are allowed), or name a model that needs none: --model"
            )
        return UsageError(f"no column '{name}'", where=location_of(data), why=why, fix=fix)

    def predictions(self, dataset: Dataset) -> Predictions:
        """Return the predictions of all rows."""
        names = [*self.saved.task.input_names, *self.saved.contender.predict_columns()]
        inputs = dataset.inputs(names, np.arange(len(dataset), dtype=np.int64))
        with prediction_context() as context:
            return self.saved.fitted.predict(inputs, context)


@contextlib.contextmanager
def prediction_context() -> Iterator[Context]:
    """Yield the context of a loaded model: one thread, nothing to fit."""
    scratch = Path(tempfile.mkdtemp(prefix="bakeoff-"))

    def fit(*_: Any) -> Any:
        raise UsageError("a loaded model fits nothing")

    try:
        yield Context(
            budget=Budget(),
            seed=0,
            device="auto",
            threads=1,
            scratch=scratch,
            features=Store(default_root(), "features"),
            answers=Store(default_root(), "answers"),
            meter=Counter(),
            score=oriented_score,
            fit=fit,
            log=lambda _line: None,
            note=lambda _line: None,
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
