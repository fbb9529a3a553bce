"""The classes of today carry the kinds that `design/kinds-to-come.md` promises."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bakeoff.contenders.base import Budget
from bakeoff.contenders.registry import make_contender
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.metrics.base import Metric, Pairs, weighted_sums
from bakeoff.protocol.fits import fit_key
from bakeoff.results.folder import write_table
from bakeoff.statistics.evidence import Evidence
from bakeoff.statistics.procedure import compare_all
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import USAGE_TYPE, Predictions
from bakeoff.tasks.spec import TaskSpec

BOX = pa.struct(
    [
        *((side, pa.float64()) for side in ("x0", "y0", "x1", "y1")),
        ("label", pa.int32()),
        ("score", pa.float64()),
    ]
)
KINDS = {
    "tagging": ("tags", pa.list_(pa.string()), [["B-PER", "O"], ["O"], []]),
    "language-modelling": ("nats", pa.float64(), [12.5, 0.0, None]),
    "translation": ("text", pa.string(), ["ein Haus", "", None]),
    "detection": (
        "boxes",
        pa.list_(BOX),
        [[{"x0": 0.0, "y0": 0.0, "x1": 2.0, "y1": 2.0, "label": 1, "score": 0.9}], [], None],
    ),
    "segmentation": ("mask", pa.binary(), [b"\x89PNG-1", b"\x89PNG-2", None]),
    "link-prediction": ("top", pa.list_(pa.int64()), [[3, 1], [2, 4], None]),
}


def predictions_of(column: str, kind: pa.DataType, values: list) -> Predictions:
    """Return predictions of three rows as a new kind would make them."""
    n = len(values)
    return Predictions(
        pa.table(
            {
                "id": pa.array(range(n), pa.int64()),
                column: pa.array(values, kind),
                "status": pa.array([None if v is not None else "missing" for v in values]),
                "confidence": pa.array([0.5] * n),
                "usage": pa.array([[("llm/tokens", 7.0)]] * n, USAGE_TYPE),
            }
        )
    )


@pytest.mark.parametrize("name", KINDS)
def test_predictions_of_the_kind_are_taken_joined_and_kept(name, tmp_path):
    column, kind, values = KINDS[name]
    predictions = predictions_of(column, kind, values)
    both = Predictions.concatenate([predictions.take([2, 0]), predictions.take([1])])
    write_table(tmp_path / "cell.parquet", both.table)
    back = Predictions(pq.read_table(tmp_path / "cell.parquet"))
    assert back.table[column].to_pylist() == [values[2], values[0], values[1]]
    assert back.ids.tolist() == [2, 0, 1]
    assert back.usage[0] == {"llm/tokens": 7.0}
    assert back.is_missing.tolist() == both.is_missing.tolist()


@pytest.mark.parametrize(
    "targets", [[["B-PER", "O"], ["O"], []], ["a text", "another", ""], [b"\x89PNG", b"", b"x"]]
)
def test_structured_targets_are_taken_and_joined(targets):
    column = Column("text", ColumnType.TEXT)
    settings = (("block", "512"),)
    task = TaskSpec("tagging", (column,), "tags", ("span_f1",), (), "document", settings)
    values = np.empty(3, dtype=object)
    values[:] = targets
    inputs = Inputs(np.arange(3), pa.table({"text": ["x", "y", "z"]}), (column,))
    examples = Examples(task, inputs, values)
    joined = Examples.concatenate(examples.take([2, 0]), examples.take([1]))
    assert joined.targets.tolist() == [targets[2], targets[0], targets[1]]
    assert pa.array(joined.targets).to_pylist() == joined.targets.tolist()


def test_a_fit_on_structured_targets_is_remembered_by_what_they_say():
    column = Column("text", ColumnType.TEXT)
    task = TaskSpec("tagging", (column,), "tags", ("span_f1",))
    inputs = Inputs(np.arange(2), pa.table({"text": ["x", "y"]}), (column,))

    def key(*tags: str) -> str:
        rows = Examples(task, inputs, objects([[tag] for tag in tags]))
        return fit_key(make_contender("majority"), rows, None, Budget(), 0)

    assert key("O", "B-PER") == key("O", "B-PER") != key("O", "O")


class ErrorRate(Metric):
    """Edits over words: a ratio of sums, as WER, BLEU, span F1 and bits per byte are."""

    name = "error_rate"
    title = "error rate"
    kinds = frozenset({"speech"})
    higher_is_better = False
    value_range = (0.0, 10.0)
    percent = True

    def statistics(self, pairs):
        """Return ``(n, 2)``: wrong words and words."""
        rows = [
            (sum(a != b for a, b in zip(said, heard, strict=True)), len(said))
            for said, heard in zip(pairs.truth, pairs.predicted, strict=True)
        ]
        return np.array(rows, dtype=np.float64)

    def total(self, statistics, weights=None):
        """Return wrong words by words."""
        sums = weighted_sums(statistics, weights)
        return sums[:, 0] / sums[:, 1]


class BinnedPrecision(Metric):
    """Average precision from counts by bin of score: detection's total, additive over scenes."""

    name = "ap"
    title = "AP"
    kinds = frozenset({"detection"})
    higher_is_better = True
    value_range = (0.0, 1.0)
    percent = True
    bins = 20

    def statistics(self, pairs):
        """Return ``(n, 2 * bins + 1)``: hits and false alarms by score, best first; true boxes."""
        rows = np.zeros((len(pairs), 2 * self.bins + 1))
        for row, (count, found) in enumerate(zip(pairs.truth, pairs.predicted, strict=True)):
            rows[row, -1] = count
            for score, hit in found:
                place = min(int((1 - score) * self.bins), self.bins - 1)
                rows[row, place + (0 if hit else self.bins)] += 1
        return rows

    def total(self, statistics, weights=None):
        """Return the area under precision over recall."""
        sums = weighted_sums(statistics, weights)
        hits = sums[:, : self.bins].cumsum(axis=1)
        alarms = sums[:, self.bins : -1].cumsum(axis=1)
        recall = np.diff(hits / sums[:, -1:], axis=1, prepend=0)
        return (recall * hits / np.maximum(hits + alarms, 1)).sum(axis=1)


def objects(values: list) -> np.ndarray:
    """Return an object array with one entry a row."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def test_a_ratio_of_sums_goes_through_the_whole_procedure():
    rng = np.random.default_rng(0)
    said = objects([list(rng.integers(0, 50, size=rng.integers(3, 12))) for _ in range(200)])

    def heard(rate: float) -> np.ndarray:
        return objects([[w if rng.random() > rate else -1 for w in words] for words in said])

    metric = ErrorRate()
    statistics = {
        name: metric.statistics(Pairs(said, heard(rate)))[None]
        for name, rate in (("good", 0.1), ("bad", 0.3))
    }
    speakers = np.arange(200) // 5
    result = compare_all(Evidence(metric, statistics, speakers), "bad", rope=0.01)
    assert result.best == "good"
    assert result.comparisons[0].word == "better"
    assert result.scores["good"].high < result.scores["bad"].low


def test_detection_goes_through_the_whole_procedure():
    rng = np.random.default_rng(0)
    counts = objects([int(n) for n in rng.integers(1, 6, size=120)])

    def found(skill: float) -> np.ndarray:
        scenes = []
        for count in counts:
            hits = rng.random(count) < skill
            scenes.append([(0.5 + 0.4 * rng.random() * (1 if h else 0.5), bool(h)) for h in hits])
        return objects(scenes)

    metric = BinnedPrecision()
    statistics = {
        name: metric.statistics(Pairs(counts, found(skill)))[None]
        for name, skill in (("good", 0.9), ("bad", 0.5))
    }
    result = compare_all(Evidence(metric, statistics), "bad", rope=0.01)
    assert result.best == "good"
    assert result.comparisons[0].word == "better"
