"""Picture nets in TFLite files, run by LiteRT (extra `tflite`)."""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.errors import ContenderError, did_you_mean
from bakeoff.core.extras import require
from bakeoff.models.feature_nets import USUAL_SIDE, PictureInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from bakeoff.models.net_files import NetFile

_PASSED = ("SOFTMAX", "LOG_SOFTMAX", "LOGISTIC", "RESHAPE", "SQUEEZE", "QUANTIZE", "DEQUANTIZE")
"""Steps that stand between the last linear layer and a net's output."""
_POOLS = ("AVERAGE_POOL_2D", "MEAN")


@dataclass(frozen=True, slots=True)
class TfliteNet:
    """An interpreter whose output is one tensor."""

    interpreter: Any
    picture: PictureInput
    layer: str
    is_output: bool
    parameters: int

    def run(self, tensor: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return the layer's values for one picture, quantised ones made real."""
        self.interpreter.set_tensor(self.interpreter.get_input_details()[0]["index"], tensor)
        self.interpreter.invoke()
        output = self.interpreter.get_output_details()[0]
        values: NDArray[np.generic] = self.interpreter.get_tensor(output["index"])
        scale, zero_point = output["quantization"]
        if values.dtype == np.float32:
            return values
        return np.asarray((values.astype(np.float64) - zero_point) * (scale or 1.0))


def open_tflite(file: NetFile, layer: str | None, threads: int, *, places: bool) -> TfliteNet:
    """Open a net, cut off behind a layer; arguments as in `models.feature_nets.FeatureNet`.

    Raises:
        ContenderError: It is no picture net, is damaged, or has no such layer.
        MissingExtraError: LiteRT is not installed.
    """
    needed_by = f"feature-net:{file.name}"
    runtime = require("ai_edge_litert.interpreter", extra="tflite", needed_by=needed_by)
    # Opened as it is first: only what the runtime found whole is read by hand.
    whole = _interpreter(runtime, file.content, threads)
    picture = _picture(whole.get_input_details())
    graph = _Graph.read(bytearray(file.content))
    if layer is not None and layer not in graph.tensors:
        raise ContenderError(f"it has no layer '{layer}'; {did_you_mean(layer, graph.tensors)}")
    index = graph.feature_layer(places=places) if layer is None else graph.tensors[layer]
    name = next(name for name, number in graph.tensors.items() if number == index)
    is_output = index in graph.outputs
    interpreter = _interpreter(runtime, graph.ending_at(index), threads)
    return TfliteNet(interpreter, picture, name, is_output, graph.parameters)


def _interpreter(runtime: Any, content: bytes, threads: int) -> Any:
    try:
        with _without_info_lines():
            made = runtime.Interpreter(model_content=content, num_threads=threads)
            details = made.get_input_details()[0]
            shape = [int(n) for n in details["shape_signature"]]
            if len(shape) == 4 and -1 in shape:
                sides = [USUAL_SIDE if n == -1 else n for n in shape[1:]]
                made.resize_tensor_input(details["index"], [1, *sides])
            made.allocate_tensors()
    except (ValueError, RuntimeError, IndexError) as error:
        raise ContenderError(f"the TFLite runtime cannot run it: {error}") from error
    return made


def _picture(inputs: Sequence[Any]) -> PictureInput:
    if len(inputs) != 1:
        names = ", ".join(f"'{item['name']}'" for item in inputs)
        raise ContenderError(f"it has {len(inputs)} inputs ({names}), not one for a picture")
    shape = [int(n) for n in inputs[0]["shape"]]
    plain = PictureInput.of_shape(inputs[0]["name"], shape, np.dtype(inputs[0]["dtype"]).name)
    scale, zero_point = inputs[0]["quantization"]
    return PictureInput(
        plain.side, plain.channels_first, plain.dtype, float(scale), int(zero_point)
    )


@dataclass(frozen=True, slots=True)
class _Graph:
    """The net's steps, read from the file itself.

    Args:
        content: The file; the numbers of its outputs are written over.
        tensors: Name of each computed tensor -> its number.
        steps: Number of each computed tensor -> kind of its step, numbers of the step's inputs.
        shapes: Number of each tensor of weights -> its shape.
        outputs: Numbers of the net's outputs, a view of ``content``.
    """

    content: bytearray
    tensors: dict[str, int]
    steps: dict[int, tuple[str, list[int]]]
    shapes: dict[int, tuple[int, ...]]
    outputs: NDArray[np.int32]

    @classmethod
    def read(cls, content: bytearray) -> _Graph:
        from ai_edge_litert import schema_py_generated as schema

        kinds = {
            code: name for name, code in vars(schema.BuiltinOperator).items() if name.isupper()
        }
        model = schema.Model.GetRootAs(content, 0)
        graph = model.Subgraphs(0)
        steps, tensors, shapes = {}, {}, {}
        for number in range(graph.OperatorsLength()):
            step = graph.Operators(number)
            code = model.OperatorCodes(step.OpcodeIndex())
            kind = kinds.get(max(code.BuiltinCode(), code.DeprecatedBuiltinCode()), "")
            inputs = [int(i) for i in step.InputsAsNumpy() if i >= 0]
            for output in step.OutputsAsNumpy():
                steps[int(output)] = (kind, inputs)
                tensors[graph.Tensors(int(output)).Name().decode()] = int(output)
        for number in range(graph.TensorsLength()):
            tensor = graph.Tensors(number)
            if number not in steps and model.Buffers(tensor.Buffer()).DataLength():
                shapes[number] = tuple(int(n) for n in np.atleast_1d(tensor.ShapeAsNumpy()))
        return cls(content, tensors, steps, shapes, graph.OutputsAsNumpy())

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(int(np.prod(shape)) for shape in self.shapes.values())

    def feature_layer(self, *, places: bool) -> int:
        """Return what goes into the last linear layer; the output itself where there is none.

        Args:
            places: Rather what goes into the mean over places before it, if there is one.
        """
        layer = self._before_head()
        number = layer
        while places and number in self.steps:
            kind, inputs = self.steps[number]
            if kind not in (*_POOLS, *_PASSED):
                break
            number = inputs[0]
            if kind in _POOLS:
                return number
        return layer

    def _before_head(self) -> int:
        number = int(self.outputs[0])
        while number in self.steps:
            kind, inputs = self.steps[number]
            computed = [i for i in inputs if i in self.steps]
            if not computed:
                break
            if self._is_linear(kind, inputs):
                return computed[0]
            if kind not in _PASSED:
                break
            number = computed[0]
        return int(self.outputs[0])

    def _is_linear(self, kind: str, inputs: list[int]) -> bool:
        shapes = [self.shapes[i] for i in inputs if i in self.shapes]
        if kind == "CONV_2D":
            return any(len(shape) == 4 and shape[1:3] == (1, 1) for shape in shapes)
        return kind == "FULLY_CONNECTED"

    def ending_at(self, number: int) -> bytes:
        """Return the file with a tensor as its (first) output: four bytes of it are changed."""
        self.outputs[0] = number
        return bytes(self.content)


_stderr = threading.Lock()


@contextlib.contextmanager
def _without_info_lines() -> Iterator[None]:
    """Hold back what LiteRT prints of itself when it opens a net; it has no switch for that.

    It writes to the process's error stream from C++. In this block the stream is a pipe; whatever
    came through it, but for lines that begin with ``INFO:``, is passed on at the end.
    """
    with _stderr:
        kept = os.dup(2)
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        os.dup2(writer, 2)
        os.close(writer)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            said = b""
            with contextlib.suppress(BlockingIOError):
                while part := os.read(reader, 65536):
                    said += part
            os.close(reader)
            for line in said.splitlines(keepends=True):
                if not line.startswith(b"INFO:"):
                    os.write(kept, line)
            os.close(kept)
