"""Records as JSON and back."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from bakeoff.core.errors import ArtefactError
from bakeoff.results.analysis import Estimate, Money
from bakeoff.results.codec import from_json, record_hash, to_json
from bakeoff.results.records import Cell, CellRecord, Cost, PriceRecord

RECORD = CellRecord(
    cell=Cell("a|b", "fold", 0, 1, 2),
    state="done",
    reason="",
    attempts=1,
    cost=Cost(train_s=0.1 + 0.2, peak_memory_bytes=2**40),
    file="predictions/a.parquet",
    sha256="00",
    started_at="2000-01-01T00:00:00+00:00",
    finished_at="2000-01-01T00:00:01+00:00",
)


@pytest.mark.parametrize(
    "record",
    [
        RECORD,
        Estimate(0.1, None, 1.0, 3, "wilson"),
        Money(None, None, ("answers:x",)),
        PriceRecord(0.05, 10.0, 1e5, {"answers:gpt": 0.0041}, ("machine_per_cpu_hour",)),
    ],
)
def test_a_record_comes_back_equal(record):
    assert from_json(type(record), to_json(record), where="here") == record


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_come_back_as_they_were(value):
    found = from_json(Estimate, to_json(Estimate(value, None, None, 0, "none")), where="here")
    assert repr(found.value) == repr(value)


@pytest.mark.parametrize("place", ["record", "inner record"])
def test_an_unknown_field_is_refused_by_name(place):
    content = json.loads(to_json(RECORD))
    (content if place == "record" else content["cost"])["surprise"] = 1
    with pytest.raises(ArtefactError, match="surprise") as caught:
        from_json(CellRecord, json.dumps(content), where="ledger")
    assert "ledger" in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"value": "much"}'])
def test_damaged_text_is_an_artefact_error(text):
    with pytest.raises(ArtefactError, match="not a Estimate record"):
        from_json(Estimate, text, where="here")


def test_the_hash_leaves_its_own_field_out():
    assert record_hash(RECORD) == record_hash(replace(RECORD, sha256="11"))
    assert record_hash(RECORD) != record_hash(replace(RECORD, attempts=2))
