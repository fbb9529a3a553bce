"""Small made-up examples of every kind and modality, with a signal that can be learned."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bakeoff.core.seeds import generator
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.language import LANGUAGE_MODELLING
from bakeoff.tasks.spec import TaskSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

CLASSES: dict[int, tuple[str, ...]] = {
    2: ("no", "yes"),
    5: ("art", "body", "cash, debt", "dogs", "été"),
}
"""Names of the classes; some hold what breaks careless readers."""

_WORDS = (
    ["bleak", "dull", "grim", "sour", "stale", "weary"],
    ["bright", "crisp", "keen", "lush", "merry", "vivid"],
    ["coin", "fund", "loan", "price", "profit", "wage"],
    ["bark", "fetch", "kennel", "leash", "paw", "puppy"],
    ["beach", "heat", "july", "noon", "picnic", "sun"],
)
_FILLERS = ["a", "and", "it", "of", "on", "that", "the", "this", "was", "with"]
_LETTERS = ("坏差烂苦臭丑", "好美棒甜香佳", "钱币贷款价息", "狗犬爪吠骨窝", "夏热阳滩晒暑")
_LETTER_FILLERS = "的是了在我有和这也就"
_SIGNAL_WORDS = 8
_IMAGE_SIDE = 12
_STRIPE_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Specimen:
    """Examples to try a contender on.

    Args:
        modality: Name in `MODALITIES`.
        train: Rows to learn from.
        valid: Rows for early stopping.
        fresh: Rows of the same sort that stand in no other part.
    """

    modality: str
    train: Examples
    valid: Examples
    fresh: Examples

    @property
    def name(self) -> str:
        """For messages, for example ``"chinese text, 5 classes"``."""
        size = f"{len(self.task.classes)} classes" if self.task.classes else self.task.kind
        return f"{self.modality}, {size}"

    @property
    def task(self) -> TaskSpec:
        """The task of all its rows."""
        return self.train.task


def specimen(
    modality: str,
    kind: str = "classification",
    *,
    n_classes: int = 2,
    sizes: tuple[int, int, int] = (72, 12, 60),
    answers: Sequence[str] = (),
    seed: int = 0,
) -> Specimen:
    """Return examples of one modality; the same arguments give the same rows.

    Args:
        modality: A name in `MODALITIES`.
        kind: ``"classification"``, ``"regression"`` or, for modalities of one text,
            ``"language-modelling"``.
        n_classes: 2 or 5; of no meaning for regression.
        sizes: Rows to learn from, rows for early stopping, fresh rows.
        answers: Names of columns of answers to add (eight in ten right, some missing or unusable),
            as `Contender.columns` lists them.
        seed: Another seed gives other rows of the same sort.
    """
    rng = generator(seed, "specimen", modality, kind, n_classes)
    n = sum(sizes)
    if kind == "regression":
        targets: NDArray[Any] = np.round(rng.uniform(0, 10, n), 3)
        mix = np.column_stack([1 - targets / 10, targets / 10])
        classes: tuple[str, ...] = ()
    else:
        targets = rng.permutation(np.arange(n) % n_classes).astype(np.int32)
        mix = np.full((n, n_classes), 0.1 / (n_classes - 1))
        mix[np.arange(n), targets] = 0.9
        classes = CLASSES[n_classes]
    columns = MODALITIES[modality](mix, rng)
    target = "target"
    if kind == LANGUAGE_MODELLING:
        ((column, cells),) = columns.items()
        target, classes = column.name, ()
        targets = load_kind(kind).targets(pa.chunked_array([cells]), ())
    task = TaskSpec(
        kind=kind,
        inputs=tuple(columns),
        target=target,
        metrics=load_kind(kind).metrics,
        classes=classes,
    )
    for name in answers:
        columns[Column(name, ColumnType.ANSWER)] = _answers(task, targets, rng)
    table = pa.table({column.name: cells for column, cells in columns.items()})
    # Ids are opaque: out of order and far apart, so that nobody takes them for positions.
    inputs = Inputs(rng.permutation(n).astype(np.int64) * 7 + 3, table, tuple(columns))
    everything = Examples(task, inputs, targets)
    train, valid, fresh = np.split(np.arange(n), np.cumsum(sizes)[:-1])
    return Specimen(
        modality,
        everything.take(train),
        everything.take(valid),
        everything.take(fresh),
    )


def vocabulary() -> list[str]:
    """Return all words and letters that stand in the texts of any specimen."""
    words = [word for group in _WORDS for word in group]
    letters = [*"".join(_LETTERS), *_LETTER_FILLERS]
    return list(dict.fromkeys([*words, *_FILLERS, *letters]))


def _groups(mix: NDArray[np.float64], size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return ``(n, size)`` groups whose counts in a row follow the row's ``(n, n_groups)`` mix."""
    marks = (np.arange(size) + rng.random((len(mix), 1))) / size
    edges = np.cumsum(mix, axis=1)[:, None, :-1]
    return np.asarray((marks[:, :, None] > edges).sum(axis=2), dtype=np.int64)


def _sentences(
    mix: NDArray[np.float64],
    rng: np.random.Generator,
    words: Sequence[Sequence[str]],
    fillers: Sequence[str],
    glue: str,
) -> pa.Array:
    texts = []
    for groups in _groups(mix, _SIGNAL_WORDS, rng):
        chosen = [str(rng.choice(list(words[group]))) for group in groups]
        chosen += [fillers[i] for i in rng.integers(len(fillers), size=5)]
        texts.append(glue.join(chosen[i] for i in rng.permutation(len(chosen))))
    return pa.array(texts, pa.large_string())


def _text(mix: NDArray[np.float64], rng: np.random.Generator) -> dict[Column, pa.Array]:
    return {Column("text", ColumnType.TEXT): _sentences(mix, rng, _WORDS, _FILLERS, " ")}


def _chinese(mix: NDArray[np.float64], rng: np.random.Generator) -> dict[Column, pa.Array]:
    texts = _sentences(mix, rng, _LETTERS, _LETTER_FILLERS, "")
    return {Column("text", ColumnType.TEXT): texts}


def _pair(mix: NDArray[np.float64], rng: np.random.Generator) -> dict[Column, pa.Array]:
    return {
        Column(name, ColumnType.TEXT): _sentences(mix, rng, _WORDS, _FILLERS, " ")
        for name in ("sentence1", "sentence2")
    }


def _table(mix: NDArray[np.float64], rng: np.random.Generator) -> dict[Column, pa.Array]:
    n, n_groups = len(mix), mix.shape[1]
    level: NDArray[np.float64] = mix @ np.arange(n_groups)
    kinds = [f"kind-{group}" for group in _groups(mix, 1, rng)[:, 0]]
    return {
        Column("size", ColumnType.NUMBER): _some_missing(rng.normal(level, 0.05), rng),
        Column("noise", ColumnType.NUMBER): _some_missing(rng.normal(0, 1, n), rng),
        Column("kind", ColumnType.CATEGORY): pa.array(
            kinds, pa.large_string(), mask=rng.random(n) < 0.05
        ),
    }


def _image(mix: NDArray[np.float64], rng: np.random.Generator) -> dict[Column, pa.Array]:
    from PIL import Image

    # Each group has stripes of its own direction, so that pixels and edges both tell it.
    angles = np.pi * np.arange(mix.shape[1]) / mix.shape[1]
    across, down = np.meshgrid(np.arange(_IMAGE_SIDE), np.arange(_IMAGE_SIDE))
    waves = across * np.cos(angles)[:, None, None] + down * np.sin(angles)[:, None, None]
    stripes = 1 + np.sin(waves * 2 * np.pi / _STRIPE_WIDTH)
    pictures = []
    for row in mix:
        pixels = 100 * np.tensordot(row, stripes, axes=1) + rng.uniform(0, 40, across.shape)
        buffer = io.BytesIO()
        Image.fromarray(pixels.astype(np.uint8)).save(buffer, "PNG")
        pictures.append(buffer.getvalue())
    return {Column("picture", ColumnType.IMAGE): pa.array(pictures, pa.large_binary())}


def _mixed(mix: NDArray[np.float64], rng: np.random.Generator) -> dict[Column, pa.Array]:
    days = 19_000 + rng.integers(0, 365, len(mix))
    seen = pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32()).cast(pa.timestamp("s"))
    return {**_text(mix, rng), **_table(mix, rng), Column("seen", ColumnType.DATE): seen}


def _some_missing(values: NDArray[np.float64], rng: np.random.Generator) -> pa.Array:
    return pa.array(values, pa.float64(), mask=rng.random(len(values)) < 0.05)


def _answers(task: TaskSpec, targets: NDArray[Any], rng: np.random.Generator) -> pa.Array:
    """Return what an LLM may have answered: mostly right, sometimes silent or off the list."""
    right = load_kind(task.kind).display_targets(task, targets)
    other = rng.permutation(right)
    draw = rng.random(len(targets))
    texts: list[str | None] = [
        None if u < 0.06 else "I cannot tell" if u < 0.1 else str(wrong) if u < 0.2 else truth
        for u, truth, wrong in zip(draw, right, other, strict=True)
    ]
    return pa.array(texts, pa.large_string())


ONE_TEXT = ("text", "chinese text")
"""Modalities whose only column is a text."""

MODALITIES: dict[
    str, Callable[[NDArray[np.float64], np.random.Generator], dict[Column, pa.Array]]
] = {
    "text": _text,
    "chinese text": _chinese,
    "text pair": _pair,
    "table": _table,
    "image": _image,
    "mixed": _mixed,
}
"""How the columns of a modality are made from ``(n, n_groups)`` weights that sum to 1 per row."""
