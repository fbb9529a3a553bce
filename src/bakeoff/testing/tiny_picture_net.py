"""A picture net of a few random weights as an ONNX file, so that tests need no download."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURES, CLASSES, SIDE = 12, 5, 12
_FLOAT = 1


def tiny_onnx(
    *,
    shape: tuple[int | str, ...] = (1, 3, SIDE, SIDE),
    inputs: tuple[str, ...] = ("pictures",),
    head: bool = True,
    seed: int = 0,
) -> bytes:
    """Return the file: a convolution, ReLU, the mean over places, and a linear layer.

    Args:
        shape: Of the input; a string is an axis of any length.
        inputs: Names; the first is read, others are only declared.
        head: Whether the linear layer is there; without it the features are the output.
        seed: Of the weights.
    """
    rng = generator(seed, "tiny picture net")
    nodes = [
        _node("Conv", [inputs[0], "kernels"], ["edges"]),
        _node("Relu", ["edges"], ["bright"]),
        _node("GlobalAveragePool", ["bright"], ["means"]),
        _node("Flatten", ["means"], ["features"]),
    ]
    weights = [_tensor("kernels", rng.normal(0, 1, (FEATURES, 3, 3, 3)))]
    if head:
        nodes.append(_node("Gemm", ["features", "weights", "biases"], ["scores"]))
        weights.append(_tensor("weights", rng.normal(0, 1, (FEATURES, CLASSES))))
        weights.append(_tensor("biases", np.zeros(CLASSES)))
    output = _value("scores", (1, CLASSES)) if head else _value("features", (1, FEATURES))
    graph = b"".join(
        [
            *(_field(1, node) for node in nodes),
            _field(2, b"tiny"),
            *(_field(5, tensor) for tensor in weights),
            *(_field(11, _value(name, shape)) for name in inputs),
            _field(12, output),
        ]
    )
    operators = _field(1, b"") + _number(2, 13)
    return _number(1, 7) + _field(7, graph) + _field(8, operators)


def _node(kind: str, inputs: list[str], outputs: list[str]) -> bytes:
    parts = [_field(1, name.encode()) for name in inputs]
    parts += [_field(2, name.encode()) for name in outputs]
    return b"".join([*parts, _field(4, kind.encode())])


def _tensor(name: str, values: NDArray[np.float64]) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    raw = values.astype("<f4").tobytes()
    return sizes + _number(2, _FLOAT) + _field(8, name.encode()) + _field(9, raw)


def _value(name: str, shape: tuple[int | str, ...]) -> bytes:
    axes = [_number(1, n) if isinstance(n, int) else _field(2, n.encode()) for n in shape]
    sizes = _field(2, b"".join(_field(1, axis) for axis in axes))
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, _FLOAT) + sizes))


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    if value < 128:
        return struct.pack("B", value)
    return struct.pack("B", value & 127 | 128) + _varint(value >> 7)
