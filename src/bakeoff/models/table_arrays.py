"""Number, date and category columns as two dense arrays: what a net reads of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.data.columns import ColumnType
from bakeoff.models.table_features import CategoryCodes, NumberScales, date_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.data.inputs import Inputs
    from bakeoff.models.state import State, Value

TABLE_TYPES = frozenset({ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.DATE})


@dataclass(frozen=True, slots=True)
class TableArrays:
    """How the columns of a table become arrays.

    Args:
        categories: Name and known values of each category column.
        numbers: Names of the number columns.
        dates: Names of the date columns.
        scales: Of the numbers and the parts of the dates.
    """

    categories: tuple[tuple[str, CategoryCodes], ...]
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    scales: NumberScales

    @classmethod
    def fit(cls, inputs: Inputs) -> TableArrays:
        """Learn categories and scales from training rows."""
        known = tuple(
            (name, CategoryCodes.fit(inputs.categories(name)))
            for name in inputs.named(ColumnType.CATEGORY)
        )
        numbers, dates = inputs.named(ColumnType.NUMBER), inputs.named(ColumnType.DATE)
        return cls(known, numbers, dates, NumberScales.fit(_numbers(inputs, numbers, dates)))

    @property
    def n_numbers(self) -> int:
        """Width of the array of numbers."""
        return 3 * len(self.scales.centres)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many codes each category column has, the 0 of missing and unknown values included."""
        return tuple(len(known.values) + 1 for _, known in self.categories)

    def arrays(self, inputs: Inputs) -> dict[str, NDArray[np.generic]]:
        """Return ``numbers``: ``(n, n_numbers)``, float32, and ``codes``: ``(n, c)``, int64.

        Numbers are scaled, with their root and a flag where missing; code 0 is a missing value or
        one that was never seen.
        """
        codes = np.zeros((len(inputs), len(self.categories)), dtype=np.int64)
        for column, (name, known) in enumerate(self.categories):
            codes[:, column] = known.codes(inputs.categories(name)) + 1
        numbers = self.scales.transform(_numbers(inputs, self.numbers, self.dates))
        return {"numbers": numbers, "codes": codes}

    def state(self) -> tuple[dict[str, Value], dict[str, NDArray[np.generic]]]:
        """Return plain values and arrays that `of_state` reads back."""
        values: dict[str, Value] = {
            "categories": [name for name, _ in self.categories],
            "numbers": list(self.numbers),
            "dates": list(self.dates),
        }
        for position, (_, known) in enumerate(self.categories):
            values[f"category {position}"] = list(known.values)
        return values, {"centres": self.scales.centres, "scales": self.scales.scales}

    @classmethod
    def of_state(cls, state: State) -> TableArrays:
        """Return the columns whose `state` was saved.

        Raises:
            ArtefactError: The state is of something else.
        """
        known = tuple(
            (name, CategoryCodes(state.texts(f"category {position}")))
            for position, name in enumerate(state.texts("categories"))
        )
        scales = NumberScales(
            np.asarray(state.arrays["centres"], dtype=np.float64),
            np.asarray(state.arrays["scales"], dtype=np.float64),
        )
        return cls(known, state.texts("numbers"), state.texts("dates"), scales)


def _numbers(
    inputs: Inputs, numbers: tuple[str, ...], dates: tuple[str, ...]
) -> NDArray[np.float64]:
    """Return numbers and parts of dates: ``(n, f)``, float64, NaN where missing."""
    blocks = [np.zeros((len(inputs), 0))]
    blocks += [inputs.numbers(name)[:, None] for name in numbers]
    blocks += [date_parts(inputs.numbers(name)) for name in dates]
    return np.concatenate(blocks, axis=1)
