"""The full comparison's sets by name: GLUE's nine tasks and CIFAR-10, from the hub or a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.plan.classic.part import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

HUB_GLUE, HUB_CIFAR = "hf://nyu-mll/glue", "hf://uoft-cs/cifar10"


@dataclass(frozen=True, slots=True)
class GlueTask:
    """One of GLUE's tasks (Wang et al. 2018, 'GLUE').

    Args:
        name: As GLUE and the hub call it.
        texts: Columns of its text or pair of texts on the hub.
        metric: GLUE's own metric, which is the primary one here too; None: accuracy.
        kind: ``"classification"``, or ``"regression"`` for stsb.
        validation: Name of the labelled split on the hub; test labels are not public.
        prefers: Words in file names: of several files for one split, the one that has it.
    """

    name: str
    texts: tuple[str, ...]
    metric: str | None = None
    kind: str = "classification"
    validation: str = "validation"
    prefers: tuple[str, ...] = ()


GLUE: tuple[GlueTask, ...] = (
    GlueTask("cola", ("sentence",), "mcc", prefers=("in",)),
    # The phrases of sst2 are parts of its sentences: cross-validation over them would leak.
    GlueTask("sst2", ("sentence",), prefers=("sentences",)),
    GlueTask("mrpc", ("sentence1", "sentence2"), "f1"),
    GlueTask("qqp", ("question1", "question2"), "f1"),
    GlueTask("stsb", ("sentence1", "sentence2"), "spearman", kind="regression"),
    GlueTask(
        "mnli",
        ("premise", "hypothesis"),
        validation="validation_matched",
        prefers=("matched",),
    ),
    GlueTask("qnli", ("question", "sentence")),
    GlueTask("rte", ("sentence1", "sentence2")),
    GlueTask("wnli", ("sentence1", "sentence2")),
)

CIFAR = "cifar10"
RECOMPRESSED = "cifar10_jpg"
"""CIFAR-10 whose pictures were stored as JPEG: figures are not those of the original."""


_EFFORT = {"preset": "quick", "folds": 3, "seeds": 1, "time": "24h"}


def glue_part(task: GlueTask, encoder: str) -> Part:
    """Return a task as the hub has it: its dev split is the test, as test labels are not public.

    Args:
        task: One of GLUE's.
        encoder: A folder, a name on the hub, or empty: the embedded MiniLM.
    """
    finetuned, language = _language(encoder)
    address = f"{HUB_GLUE}?config={task.name}"
    options: Mapping[str, object] = {"target": "label", "reference": finetuned, "kind": task.kind}
    return Part(
        name=task.name,
        source=f"{address}&split=train",
        test=f"{address}&split={task.validation}",
        kind=task.kind,
        ground="text",
        columns=task.texts,
        sides={
            "language": language,
            "deep": ("text-cnn", "lstm"),
            "classical": ("ngram-linear",) if len(task.texts) == 1 else ("pair-linear",),
        },
        speaker=finetuned,
        options={**_EFFORT, **options, "metric": task.metric},
        caveats=("dev-as-test",),
    )


def _language(encoder: str) -> tuple[str, tuple[str, ...]]:
    """Return the spec of the fine-tuned encoder, and those of the whole language side.

    MiniLM is trained as this project found best for it; another encoder as Devlin et al. 2019 say
    (3 passes, a rate among 2e-5 to 5e-5).
    """
    suffix = f":{encoder}" if encoder else ""
    recipe = "@epochs=3@learning_rate=3e-05" if encoder else ""
    finetuned = f"encoder-finetuned{recipe}{suffix}"
    return finetuned, (f"encoder-frozen{suffix}", finetuned, "transformer")


def cifar_part() -> Part:
    """Return CIFAR-10 as the hub has it."""
    return Part(
        name=CIFAR,
        source=f"{HUB_CIFAR}?split=train",
        test=f"{HUB_CIFAR}?split=test",
        kind="classification",
        ground="image",
        columns=("img",),
        sides={"deep": ("cnn", "resnet", "vit"), "classical": ("pixels-linear",)},
        speaker="resnet",
        options={**_EFFORT, "target": "label", "reference": "resnet"},
    )


def hub_parts(encoder: str) -> tuple[Part, ...]:
    """Return all ten sets from the hub."""
    return (*(glue_part(task, encoder) for task in GLUE), cifar_part())
