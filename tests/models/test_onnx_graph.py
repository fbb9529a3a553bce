from __future__ import annotations

import pytest

from bakeoff.models.onnx_graph import Graph, Node, read_graph, with_output
from bakeoff.testing.tiny_picture_net import CLASSES, FEATURES, tiny_onnx


def test_steps_weights_and_outputs_are_read():
    graph = read_graph(tiny_onnx())
    assert [node.kind for node in graph.nodes][:2] == ["Conv", "Relu"]
    assert graph.weights["kernels"] == (FEATURES, 3, 3, 3)
    assert graph.outputs == ("scores",)
    assert graph.parameters == FEATURES * 27 + FEATURES * CLASSES + CLASSES


def test_features_are_what_goes_into_the_last_linear_layer():
    assert read_graph(tiny_onnx()).feature_layer() == "features"


def test_places_are_what_goes_into_the_mean_before_it():
    assert read_graph(tiny_onnx()).feature_layer(places=True) == "bright"
    assert read_graph(tiny_onnx(head=False)).feature_layer(places=True) == "bright"


def test_a_net_without_a_head_gives_its_output():
    assert read_graph(tiny_onnx(head=False)).feature_layer() == "features"


@pytest.mark.parametrize(
    ("nodes", "layer"),
    [
        (  # a bias apart and a softmax stand behind the layer
            [("Gap", "x", "f"), ("MatMul", "f w", "s"), ("Add", "s b", "t"), ("Softmax", "t", "y")],
            "f",
        ),
        ([("Gap", "x", "f"), ("Conv", "f w1", "s"), ("Flatten", "s", "y")], "f"),
        ([("Conv", "x w3", "f"), ("Flatten", "f", "y")], "y"),  # no layer over channels alone
        ([("Norm", "x", "q"), ("MatMul", "q q", "y")], "y"),  # a product of two computed tensors
        ([("Gemm", "x w", "y")], "y"),  # pixels are no features
    ],
)
def test_the_last_linear_layer_is_found_behind_what_follows_it(nodes, layer):
    weights = {"w": (8, 5), "b": (5,), "w1": (5, 8, 1, 1), "w3": (5, 8, 3, 3)}
    steps = tuple(Node(kind, tuple(i.split()), (o,)) for kind, i, o in nodes)
    assert Graph(steps, weights, ("y",)).feature_layer() == layer


def test_an_output_is_added_at_the_end():
    content = with_output(tiny_onnx(), "bright")
    assert read_graph(content).outputs == ("scores", "bright")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_refused(share):
    content = tiny_onnx()
    with pytest.raises(ValueError, match=r"cut off|no graph"):
        read_graph(content[: int(len(content) * share)])


def test_another_file_is_refused():
    with pytest.raises(ValueError, match=r"it "):
        read_graph(b"\x89PNG\r\n\x1a\n" + bytes(range(200)))
