"""The small demonstration: three sets that need no download, in about five minutes on two cores."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bakeoff.data.readers.docstrings import answers_file
from bakeoff.plan.classic.part import Part, chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

ASSUMED_PRICE = "0.50/1000"
"""Dollars per answers: 180 prompt and 5 answer tokens a row, at an example price of $2.50 and $10
per million; what the answers really cost is not recorded."""

_EFFORT = {"preset": "quick", "folds": 3, "seeds": 1, "time": "20m"}
"""The time is a limit for machines that are slow or busy; no budget depends on it."""

_FINETUNED = "encoder-finetuned@rows=300@epochs=3@least_steps=0"
_RESNET, _RESNET_ANGLE = "resnet@epochs=25", "resnet@epochs=10"

DOCSTRINGS = Part(
    name="docstrings",
    source="docstrings",
    kind="classification",
    ground="text",
    columns=("text",),
    sides={
        "language": ("encoder-frozen", _FINETUNED, "transformer@epochs=5"),
        "deep": ("text-cnn@epochs=5", "lstm@epochs=4"),
        "classical": ("ngram-linear",),
        "both": ("cascade:ngram-linear>answers:llm_answers",),
    },
    speaker=_FINETUNED,
    rows=3_424,
    characters=135,
    options={
        **_EFFORT,
        "target": "area",
        "answers": (str(answers_file()),),
        "answers_origin": ("llm",),
        "answers_price": (ASSUMED_PRICE,),
        "ignore": ("module",),
    },
)

DIGITS = Part(
    name="digits",
    source="sklearn:digits",
    kind="classification",
    ground="image",
    columns=("image",),
    sides={
        "deep": ("cnn@epochs=30", _RESNET, "vit@epochs=25@depth=2@size=64"),
        "classical": ("pixels-linear", "hog-linear", "pixels-knn"),
    },
    speaker=_RESNET,
    rows=1_437,
    side=8,
    options={**_EFFORT, "target": "label"},
)

ANGLE = Part(
    name="angle",
    source="sklearn:digits-angle",
    kind="regression",
    ground="image",
    columns=("image",),
    sides={
        "deep": ("cnn", _RESNET_ANGLE),
        "classical": ("pixels-linear",),
    },
    speaker=_RESNET_ANGLE,
    rows=1_437,
    side=16,
    options={**_EFFORT, "target": "angle"},
)

_SHORT = {"text": "docstrings", "digits-angle": "angle"}


def small_parts(only: Sequence[str] = (), group: str | None = None) -> tuple[Part, ...]:
    """Return the parts of the small demonstration.

    Args:
        only: Names of those wanted; empty: all.
        group: Column of the docstrings whose equal values stay on one side of every split.

    Raises:
        UsageError: A name is not known.
    """
    parts = (_grouped(DOCSTRINGS, group) if group else DOCSTRINGS, DIGITS, ANGLE)
    return chosen(parts, tuple(_SHORT.get(name, name) for name in only))


def _grouped(part: Part, group: str) -> Part:
    """Return the part as the harder question: about groups never seen."""
    options = {key: value for key, value in part.options.items() if key != "ignore"}
    options |= {"group": group, "name": f"{part.name}-by-{group}"}
    return replace(part, options=options)
