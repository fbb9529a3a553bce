"""The text that language models learn from."""

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.running_text import text_to_learn
from bakeoff.core.errors import ContenderError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs


def inputs_of(texts):
    columns = (Column("body", ColumnType.TEXT),)
    return Inputs(np.arange(len(texts)), pa.table({"body": texts}), columns)


def test_column_and_texts_are_found():
    assert text_to_learn(inputs_of(["a", ""])) == ("body", ["a", ""])


def test_nothing_but_empty_texts_is_refused():
    with pytest.raises(ContenderError, match="no text to learn from in 'body'"):
        text_to_learn(inputs_of(["", ""]))
