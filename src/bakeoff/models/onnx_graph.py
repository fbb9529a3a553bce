"""As much of an ONNX file as says where a net's features are, read without the onnx package.

An ONNX file is one protocol buffer: fields of a number, a kind and a value, those of length-given
kind nested. Field numbers are those of ``onnx.proto3``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_GRAPH = 7  # of ModelProto
_NODE, _INITIALIZER, _OUTPUT = 1, 5, 12  # of GraphProto
_LINEAR = frozenset({"Gemm", "MatMul", "QGemm", "QLinearMatMul", "MatMulInteger"})
_PASSED = frozenset(
    {
        *("Softmax", "LogSoftmax", "Sigmoid", "Identity", "Reshape", "Flatten", "Squeeze", "Cast"),
        *("Add", "Mul", "QuantizeLinear", "DequantizeLinear", "QLinearAdd", "QLinearSoftmax"),
    }
)
"""Steps that stand between the last linear layer and a net's output."""
_POOLS = ("GlobalAveragePool", "AveragePool", "ReduceMean")


@dataclass(frozen=True, slots=True)
class Node:
    """One step of a graph.

    Args:
        kind: ``"Conv"``, ``"Gemm"``, ...
        inputs: Names of tensors.
        outputs: Names of tensors.
    """

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Steps, weights and outputs of a net.

    Args:
        nodes: In order.
        weights: Name of each tensor of weights -> its shape.
        outputs: Names of the net's outputs.
    """

    nodes: tuple[Node, ...]
    weights: Mapping[str, tuple[int, ...]]
    outputs: tuple[str, ...]

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(math.prod(shape) for shape in self.weights.values())

    @property
    def tensors(self) -> tuple[str, ...]:
        """Names of all that is computed."""
        return tuple(name for node in self.nodes for name in node.outputs if name)

    def feature_layer(self, *, places: bool = False) -> str:
        """Return what goes into the last linear layer; the output itself where there is none.

        Args:
            places: Rather what goes into the mean over places before it, if there is one.
        """
        made_by = {name: node for node in self.nodes for name in node.outputs}
        layer = self._before_head(made_by)
        name = layer
        while places and (node := made_by.get(name)) is not None:
            if node.kind not in (*_POOLS, *_PASSED) or not node.inputs:
                break
            name = node.inputs[0]
            if node.kind in _POOLS:
                return name
        return layer

    def _before_head(self, made_by: Mapping[str, Node]) -> str:
        name = self.outputs[0]
        while (node := made_by.get(name)) is not None:
            computed = [n for n in node.inputs if n in made_by]
            if self._is_linear(node) and computed:
                return computed[0]
            if node.kind not in _PASSED or not computed:
                break
            name = computed[0]
        return self.outputs[0]

    def _is_linear(self, node: Node) -> bool:
        shapes = [self.weights[name] for name in node.inputs if name in self.weights]
        if node.kind in ("Conv", "QLinearConv"):
            return any(len(s) == 4 and s[2:] == (1, 1) for s in shapes)
        # A product of two computed tensors is attention, no layer.
        return node.kind in _LINEAR and bool(shapes)


def read_graph(content: bytes) -> Graph:
    """Read a file's graph.

    Raises:
        ValueError: It is cut off, or no ONNX file.
    """
    graphs = [value for number, value in _fields(memoryview(content)) if number == _GRAPH]
    nodes: list[Node] = []
    weights: dict[str, tuple[int, ...]] = {}
    outputs: list[str] = []
    for graph in graphs:
        for number, value in _fields(_bytes(graph)):
            if number == _NODE:
                nodes.append(_node(_bytes(value)))
            elif number == _INITIALIZER:
                name, shape = _weight(_bytes(value))
                weights[name] = shape
            elif number == _OUTPUT:
                outputs += _texts(_bytes(value), 1)
    if not nodes or not outputs:
        raise ValueError("it holds no graph")
    return Graph(tuple(nodes), weights, tuple(outputs))


def with_output(content: bytes, name: str) -> bytes:
    """Return the file with one more output: the tensor of this name.

    Protocol buffers that follow one another are merged, so that what is added stands at the end.
    """
    text = name.encode()
    output = _length_given(1, text)
    return content + _length_given(_GRAPH, _length_given(_OUTPUT, output))


def _node(data: memoryview) -> Node:
    kinds = _texts(data, 4)
    return Node(kinds[0] if kinds else "", tuple(_texts(data, 1)), tuple(_texts(data, 2)))


def _weight(data: memoryview) -> tuple[str, tuple[int, ...]]:
    name, shape = "", []
    for number, value in _fields(data):
        if number == 8:
            name = _text(_bytes(value))
        elif number == 1:
            shape += [value] if isinstance(value, int) else list(_varints(value))
    return name, tuple(shape)


def _texts(data: memoryview, wanted: int) -> list[str]:
    return [_text(_bytes(value)) for number, value in _fields(data) if number == wanted]


def _text(data: memoryview) -> str:
    return bytes(data).decode("utf-8")


def _bytes(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("it is no ONNX file")
    return value


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and value of each field.

    Raises:
        ValueError: The data ends within a field, or is no protocol buffer.
    """
    at = 0
    while at < len(data):
        head, at = _varint(data, at)
        number, kind = head >> 3, head & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError("it is no protocol buffer")
        if at + length > len(data):
            raise ValueError("it is cut off")
        yield number, data[at : at + length]
        at += length


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise ValueError("it is cut off")


def _varints(data: memoryview) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _length_given(number: int, data: bytes) -> bytes:
    """Return a field of bytes."""
    return _write_varint(number << 3 | _BYTES) + _write_varint(len(data)) + data


def _write_varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
