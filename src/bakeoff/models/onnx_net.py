"""Picture nets in ONNX files, run by onnxruntime (extra `onnx`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bakeoff.core.errors import ContenderError, did_you_mean
from bakeoff.core.extras import require
from bakeoff.models.feature_nets import PictureInput
from bakeoff.models.onnx_graph import read_graph, with_output

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bakeoff.models.net_files import NetFile

_TYPES = {"tensor(float)": "float32", "tensor(uint8)": "uint8", "tensor(int8)": "int8"}
_ERRORS_ALONE = 3


@dataclass(frozen=True, slots=True)
class OnnxNet:
    """A session that gives one tensor."""

    session: Any
    picture: PictureInput
    layer: str
    is_output: bool
    parameters: int

    def run(self, tensor: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return the layer's values for one picture.

        Raises:
            ContenderError: The net takes no picture of this size.
        """
        name = self.session.get_inputs()[0].name
        try:
            values: NDArray[np.generic] = self.session.run([self.layer], {name: tensor})[0]
        except Exception as error:
            raise ContenderError(f"onnxruntime cannot run it: {_first_line(error)}") from error
        return values


def open_onnx(file: NetFile, layer: str | None, threads: int, *, places: bool) -> OnnxNet:
    """Open a net, cut off behind a layer; arguments as in `models.feature_nets.FeatureNet`.

    Raises:
        ContenderError: It is no picture net, or cannot be run, or has no such layer.
        MissingExtraError: onnxruntime is not installed.
    """
    runtime = require("onnxruntime", extra="onnx", needed_by=f"feature-net:{file.name}")
    graph = read_graph(file.content)
    if layer is not None and layer not in graph.tensors:
        raise ContenderError(f"it has no layer '{layer}'; {did_you_mean(layer, graph.tensors)}")
    name = layer or graph.feature_layer(places=places)
    content = file.content if name in graph.outputs else with_output(file.content, name)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would count as work of this contender.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = _ERRORS_ALONE
    try:
        session = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ContenderError(f"onnxruntime cannot run it: {_first_line(error)}") from error
    inputs = session.get_inputs()
    if len(inputs) != 1:
        names = ", ".join(f"'{item.name}'" for item in inputs)
        raise ContenderError(f"it has {len(inputs)} inputs ({names}), not one for a picture")
    shape = [n if isinstance(n, int) and n > 0 else None for n in inputs[0].shape]
    dtype = _TYPES.get(inputs[0].type, inputs[0].type)
    picture = PictureInput.of_shape(inputs[0].name, shape, dtype)
    return OnnxNet(session, picture, name, name in graph.outputs, graph.parameters)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
