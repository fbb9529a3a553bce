"""The text that language models learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.core.errors import ContenderError
from bakeoff.data.columns import ColumnType

if TYPE_CHECKING:
    from bakeoff.data.inputs import Inputs


def text_to_learn(inputs: Inputs) -> tuple[str, list[str]]:
    """Return the column of texts, and the texts.

    Raises:
        ContenderError: All are empty.
    """
    (column,) = inputs.named(ColumnType.TEXT)
    texts = inputs.texts(column)
    if not any(texts):
        raise ContenderError(f"there is no text to learn from in '{column}'")
    return column, texts
