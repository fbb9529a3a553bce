"""Frozen features of pictures, from a net in a file of the user's, with a linear model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Facts, Fitted, parse_settings
from bakeoff.core.errors import UsageError
from bakeoff.core.row_cache import CACHED_CPU_S
from bakeoff.data.columns import ColumnType
from bakeoff.models.feature_nets import FeatureNet, check_scaling
from bakeoff.models.linear_head import Rows, choose_c, fit_head, load_head
from bakeoff.models.net_files import EXTRAS, NetFile, keep_net, kept_net, why_no_net
from bakeoff.models.outputs import to_predictions
from bakeoff.models.standardiser import Standardiser
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.linear_head import LinearHead
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_DEFAULT_C = 0.01


@dataclass(frozen=True)
class FeatureNetLinear(Contender):
    """Logistic or ridge regression on what a pretrained net sees in a picture.

    The spec's argument is the file: ``feature-net:mobilenet_v2.tflite``.

    Args:
        path: A ``.tflite`` or ``.onnx`` file with one input, a square picture in colours.
        layer: Name of the tensor whose values are the features; None: what goes into the last
            linear layer, or the net's output where there is none.
        scaling: How pixels are scaled: ``"unit"`` (0 to 1), ``"signed"`` (-1 to 1), ``"imagenet"``
            (its means and deviations), or ``"auto"``: as they are for a quantised net; else
            ``"imagenet"`` where channels come first and ``"signed"`` where they come last.
        C: Inverse strength of the penalty (for numbers the penalty is ``10 / C``); None: the best
            on the validation rows, and 0.01 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="feature-net",
        title="frozen picture net",
        seconds_per_1000=9.0,
        family="pretrained",
        summary="frozen features of a TFLite or ONNX net with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.IMAGE}),
        needs=frozenset({ColumnType.IMAGE}),
        abilities=frozenset({"probabilities", "confidence"}),
        extras=tuple(sorted(EXTRAS.values())),
        rank=3,
        pretrained=True,
    )

    path: str
    layer: str | None = None
    scaling: str = "auto"
    C: float | None = None

    def __post_init__(self) -> None:
        check_scaling(self.scaling)
        extra = EXTRAS.get(Path(self.path).suffix.lower())
        if extra is not None:
            # Only the package that runs this kind of file is needed.
            object.__setattr__(self, "card", replace(type(self).card, extras=(extra,)))

    @classmethod
    def from_spec(
        cls,
        argument: str,
        settings: Mapping[str, str],
        make: Callable[[str], Contender],
    ) -> Contender:
        """Make the contender; the argument is the file.

        Raises:
            UsageError: No file is named, or a setting is unknown or has the wrong type.
        """
        del make
        path = argument.strip() or settings.get("path", "")
        if not path or "path" in settings:
            raise UsageError(
                f"'{cls.card.name}' needs the file of a net",
                fix=f"write {cls.card.name}:{path or 'NET.tflite (or .onnx)'}",
            )
        return cls(path=path, **parse_settings(cls, settings))

    def files(self) -> tuple[str, ...]:
        """Return the net's file."""
        return (str(self.path),)

    def argument(self) -> str:
        """Return the file."""
        return self.path

    def title(self) -> str:
        """Return the net's name, frozen."""
        return f"{Path(self.path).stem}, frozen"

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why not: no picture column, no such file, no net in it."""
        return super().refuses(task) or why_no_net(Path(self.path))

    def fit(
        self, train: Examples, valid: Examples | None, context: Context
    ) -> FeatureNetLinearFitted:
        """Choose the penalty on ``valid``, then learn the weights from both parts."""
        net = FeatureNet(NetFile.read(Path(self.path)), self.layer, self.scaling)
        if self.layer is None and not net.cut_off(context.threads):
            context.note(
                f"{net.file.name} has no last linear layer that can be told: its output is used"
            )
        columns = train.inputs.named(ColumnType.IMAGE)
        n_classes = len(train.task.classes)
        rows = Examples.concatenate(train, valid)
        raw = _features(net, rows.inputs, columns, context)
        c = _DEFAULT_C if self.C is None else self.C
        if self.C is None and len(rows) > len(train):
            scale = Standardiser.fit(raw[: len(train)])
            scaled = scale.transform(raw)
            c = choose_c(
                Rows(scaled[: len(train)], train.targets),
                Rows(scaled[len(train) :], rows.targets[len(train) :]),
                n_classes,
                c,
            )
        scale = Standardiser.fit(raw)
        head = fit_head(Rows(scale.transform(raw), rows.targets), n_classes, c)
        return FeatureNetLinearFitted(self, net, columns, scale, head)

    def load(self, folder: Path, task: TaskSpec) -> FeatureNetLinearFitted:
        """Read back what `FeatureNetLinearFitted.save` wrote.

        Raises:
            ArtefactError: A file is absent or damaged, or a net that is too large for a copy is
                no longer what it was.
        """
        state = load_state(folder)
        (sha256,) = state.texts("sha256")
        file = kept_net(folder, Path(self.path), sha256)
        return FeatureNetLinearFitted(
            self,
            FeatureNet(file, self.layer, self.scaling),
            state.texts("columns"),
            Standardiser.of_arrays(state.arrays, "scale"),
            load_head(state.arrays, "head", len(task.classes)),
        )


@dataclass(frozen=True, slots=True)
class FeatureNetLinearFitted(Fitted):
    """The net, scales and weights."""

    contender: FeatureNetLinear
    net: FeatureNet
    columns: tuple[str, ...]
    scale: Standardiser
    head: LinearHead

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        raw = _features(self.net, inputs, self.columns, context)
        return to_predictions(inputs.ids, self.head.outputs(self.scale.transform(raw)))

    def save(self, folder: Path) -> None:
        """Write scales and weights, and the net itself, so that the folder can be moved."""
        arrays = self.scale.arrays("scale") | self.head.arrays("head")
        file = self.net.file
        save_state(folder, {"columns": list(self.columns), "sha256": [file.sha256]}, arrays)
        keep_net(file, folder)

    def facts(self) -> Facts:
        """Return the weights of net and head, and their bytes."""
        arrays = (self.scale.arrays("scale") | self.head.arrays("head")).values()
        learned = sum(array.size for array in arrays)
        return Facts(
            parameters=self.net.opened(1).parameters + learned,
            trained_parameters=learned,
            model_bytes=len(self.net.file.content) + sum(array.nbytes for array in arrays),
        )


def _features(
    net: FeatureNet, inputs: Inputs, columns: tuple[str, ...], context: Context
) -> NDArray[np.float32]:
    """Return ``(n, n_features)``, float32: those of all picture columns side by side."""
    blocks = []
    for name in columns:
        found = net.cached(
            inputs.keys([name]), inputs.images(name), context.features, context.threads
        )
        if found.cached_cpu_s:
            context.meter.add(CACHED_CPU_S, found.cached_cpu_s)
        blocks.append(found.values)
    return np.concatenate(blocks, axis=1)
