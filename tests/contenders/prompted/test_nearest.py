"""Examples nearest to a row: by an encoder where one is at hand, else by words."""

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.prompted import nearest
from bakeoff.contenders.prompted.nearest import BY_WORDS, Nearness, find_nearness, nearest_rows
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.testing import context

TEXT = (Column("text", ColumnType.TEXT),)


def rows(texts, columns=TEXT):
    table = pa.table({column.name: pa.array(texts, pa.large_string()) for column in columns})
    return Inputs(np.arange(len(texts)), table, columns)


POOL = rows(["the dog barks", "a dog and a leash", "sun and beach", "beach at noon", ""])


def test_rows_that_share_words_are_near_and_the_row_itself_is_not_shown():
    asked = rows(["my dog barks", "  The DOG\tbarks", "beach"])
    found = nearest_rows(BY_WORDS, POOL, asked, 2, None)
    assert found[0].tolist() == [1, 0]
    assert 0 not in found[1]
    assert set(found[2].tolist()) == {2, 3}


def test_a_row_that_differs_in_one_column_is_another_row():
    columns = (*TEXT, Column("place", ColumnType.CATEGORY))
    pool = rows(["dog", "cat"], columns)
    table = pool.table.set_column(1, "place", pa.array(["else", "cat"], pa.large_string()))
    asked = Inputs(np.arange(2), table, columns)
    found = nearest_rows(BY_WORDS, pool, asked, 2, None)
    assert [row.tolist() for row in found] == [[1, 0], [0]]


@pytest.mark.parametrize("asked", [[], ["dog"]])
def test_with_no_rows_at_all_there_are_no_examples(asked):
    assert [row.tolist() for row in nearest_rows(BY_WORDS, rows([]), rows(asked), 3, None)] == [
        [] for _ in asked
    ]


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Name a tiny text encoder by the environment."""
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from bakeoff.testing.tiny_encoder import tiny_encoder

    monkeypatch.setenv("BAKEOFF_ENCODER", str(tiny_encoder(tmp_path / "tiny")))


def test_by_an_encoder_each_row_is_encoded_once(tiny, tmp_path, monkeypatch):
    from bakeoff.training import frozen

    encoded = []
    encode = frozen.encode
    monkeypatch.setattr(
        frozen, "encode", lambda *a, **k: encoded.append(len(a[1])) or encode(*a, **k)
    )
    nearness, place = find_nearness(POOL), context(tmp_path / "place")
    assert nearness.title == "tiny"
    asked = rows(["my dog barks", "sun and beach"])
    found = nearest_rows(nearness, POOL, asked, 2, place)
    assert sum(encoded) == len(POOL) + 1  # "sun and beach" is in both
    assert 2 not in found[1]
    again = nearest_rows(nearness, POOL, asked, 2, place)
    assert sum(encoded) == len(POOL) + 1
    assert [row.tolist() for row in again] == [row.tolist() for row in found]
    alone = nearest_rows(nearness, POOL, asked.take([1]), 2, place)
    assert alone[0].tolist() == found[1].tolist()


def test_an_encoder_that_was_changed_is_not_taken_for_the_one_that_was_meant(tiny, tmp_path):
    from bakeoff.core.errors import ArtefactError

    found = find_nearness(POOL)
    other = Nearness(found.encoder, "0" * 64, found.title)
    with pytest.raises(ArtefactError, match="is not here"):
        nearest_rows(other, POOL, POOL, 1, context(tmp_path / "place"))


def test_without_an_encoder_or_for_another_script_than_the_defaults_words_decide(monkeypatch):
    monkeypatch.setattr(nearest, "why_not", lambda asked: "it is not here")
    assert find_nearness(POOL) == BY_WORDS
    monkeypatch.undo()
    monkeypatch.delenv("BAKEOFF_ENCODER", raising=False)
    assert find_nearness(rows(["送货很快", "不好吃"])) == BY_WORDS
