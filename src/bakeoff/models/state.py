"""Learned state on disk: plain values as JSON, arrays as safetensors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import ArtefactError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Value = str | int | float | None | list[str] | list[int] | list[float]

_VALUES = "state.json"
_ARRAYS = "arrays.safetensors"


@dataclass(frozen=True, slots=True)
class State:
    """What a saved model holds.

    Args:
        values: Plain values, by name.
        arrays: Numeric arrays, by name.
    """

    values: Mapping[str, Value]
    arrays: Mapping[str, NDArray[np.generic]]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings.

        Raises:
            ArtefactError: There is none of this name.
        """
        value = self.values.get(name)
        if not isinstance(value, list):
            raise ArtefactError(f"the saved model holds no list '{name}'", fix="train it again")
        return tuple(str(item) for item in value)

    def integers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers.

        Raises:
            ArtefactError: There is none of this name.
        """
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(item, int) for item in value):
            raise ArtefactError(f"the saved model holds no numbers '{name}'", fix="train it again")
        return tuple(int(item) for item in value)

    def number(self, name: str) -> float:
        """Return a number.

        Raises:
            ArtefactError: There is none of this name.
        """
        value = self.values.get(name)
        if not isinstance(value, int | float):
            raise ArtefactError(f"the saved model holds no number '{name}'", fix="train it again")
        return value


def save_state(
    folder: Path, values: Mapping[str, Value], arrays: Mapping[str, NDArray[np.generic]]
) -> None:
    """Write ``state.json`` and ``arrays.safetensors``.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    from safetensors.numpy import save

    text = json.dumps(values, ensure_ascii=False, indent=1)
    (folder / _VALUES).write_text(text, encoding="utf-8")
    contiguous = {name: np.require(array, requirements="C") for name, array in arrays.items()}
    # Not save_file: it hides a full disk in an error of its own.
    (folder / _ARRAYS).write_bytes(save(contiguous))


def load_state(folder: Path) -> State:
    """Read what `save_state` wrote.

    Raises:
        ArtefactError: The files are absent or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        values = json.loads((folder / _VALUES).read_text(encoding="utf-8"))
        arrays = load_file(folder / _ARRAYS)
    except (OSError, ValueError, SafetensorError) as error:
        raise ArtefactError(
            f"the model's state cannot be read: {error}", where=str(folder), fix="train it again"
        ) from error
    return State(values, arrays)
