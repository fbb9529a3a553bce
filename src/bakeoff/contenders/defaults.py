"""Which contenders run when none are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.contenders.registry import make_contender
from bakeoff.core.extras import missing_package
from bakeoff.data.columns import ColumnType

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender
    from bakeoff.tasks.spec import TaskSpec

_TABLE = {ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.DATE}
_BASELINES = ("majority", "stratified-random")
_LANGUAGE = (
    *("uniform-bytes", "byte-frequencies", "zlib-primed", "byte-ngram", "word-ngram"),
    *("lstm-lm", "gpt"),
)


def default_contenders(task: TaskSpec) -> tuple[str, ...]:
    """Return the specs of the default contenders for the task's columns, cheap ones first.

    Contenders that need an extra which is not installed, or that refuse the task, are left out.
    """
    types = {column.type for column in task.inputs}
    specs = list(_BASELINES)
    if task.kind == "language-modelling":
        specs += _LANGUAGE
    if ColumnType.TEXT in types:
        specs += ["ngram-linear", "ngram-lm", "bm25-knn", "pair-linear"]
        specs += ["word2vec-linear", "encoder-static", "encoder-frozen", "text-cnn"]
        specs += ["encoder-finetuned"]
    if types & _TABLE:
        specs += ["tabular-linear", "lightgbm", "tabular-mlp"]
    if ColumnType.IMAGE in types:
        specs += ["pixels-linear", "hog-linear", "pixels-knn", "cnn", "resnet"]
    contenders = [make_contender(spec) for spec in specs]
    able = [c for c in contenders if _is_complete(c) and c.refuses(task) is None]
    return tuple(c.name for c in sorted(able, key=lambda c: c.card.rank))


def _is_complete(contender: Contender) -> bool:
    return not any(missing_package(extra) for extra in contender.card.extras)
