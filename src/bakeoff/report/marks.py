"""Shape marks of families, the same in the table and in the figures."""

from __future__ import annotations

import math

Point = tuple[float, float]


def _regular(corners: int, turn: float = 0.0, radius: float = 1.0) -> tuple[Point, ...]:
    angles = [turn - math.pi / 2 + 2 * math.pi * k / corners for k in range(corners)]
    return tuple((radius * math.cos(angle), radius * math.sin(angle)) for angle in angles)


def _star() -> tuple[Point, ...]:
    outer, inner = _regular(5, radius=1.2), _regular(5, math.pi / 5, radius=0.5)
    return tuple(point for pair in zip(outer, inner, strict=True) for point in pair)


_THIRD = 0.36
SHAPES: dict[str, tuple[Point, ...]] = {
    "circle": _regular(24, radius=0.92),
    "square": _regular(4, math.pi / 4, radius=1.15),
    "triangle": _regular(3, radius=1.15),
    "diamond": _regular(4, radius=1.15),
    "cross": tuple(
        (x, y)
        for x, y in (
            (-_THIRD, -1), (_THIRD, -1), (_THIRD, -_THIRD), (1, -_THIRD), (1, _THIRD),
            (_THIRD, _THIRD), (_THIRD, 1), (-_THIRD, 1), (-_THIRD, _THIRD), (-1, _THIRD),
            (-1, -_THIRD), (-_THIRD, -_THIRD),
        )
    ),
    "down": _regular(3, math.pi, radius=1.15),
    "star": _star(),
    "pentagon": _regular(5, radius=1.05),
    "bar": ((-1.0, -0.35), (1.0, -0.35), (1.0, 0.35), (-1.0, 0.35)),
}  # fmt: skip
"""Shape -> corners around the origin, about one unit away; y points down."""

_OF_FAMILY = {
    "baselines": "bar",
    "ngram": "circle",
    "neighbors": "square",
    "neighbours": "square",
    "embeddings": "triangle",
    "word2vec": "triangle",
    "pixels": "pentagon",
    "tabular": "down",
    "images": "pentagon",
    "pairs": "triangle",
    "boosting": "down",
    "answers": "diamond",
    "prompted": "diamond",
    "combined": "cross",
}


def shapes(families: list[str]) -> dict[str, str]:
    """Return a shape for each family; families without one of their own take what is free."""
    free = [shape for shape in SHAPES if shape not in {_OF_FAMILY.get(one) for one in families}]
    given: dict[str, str] = {}
    for family in dict.fromkeys(families):
        if family in _OF_FAMILY:
            given[family] = _OF_FAMILY[family]
        else:
            given[family] = free[sum(one not in _OF_FAMILY for one in given) % len(free)]
    return given


def svg_path(shape: str, radius: float) -> str:
    """Return the shape as the ``d`` of an SVG path around the origin."""
    corners = [f"{x * radius:.2f} {y * radius:.2f}" for x, y in SHAPES[shape]]
    return "M" + "L".join(corners) + "Z"
