"""Histograms of oriented gradients, for many small pictures at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EPSILON = 1e-5
_CLIP = 0.2
_PICTURES_AT_A_TIME = 512


def hog(
    pictures: NDArray[np.float32], *, orientations: int = 9, cell: int = 4, block: int = 2
) -> NDArray[np.float32]:
    """Return the features of each picture.

    Dalal and Triggs 2005, 'Histograms of Oriented Gradients for Human Detection', with hard bins
    and L2-Hys blocks, as scikit-image computes them.

    Args:
        pictures: ``(n, height, width, channels)``, float32.
        orientations: Bins over half a turn.
        cell: Side of a cell in pixels.
        block: Side of a block in cells.

    Returns:
        ``(n, n_features)``, float32.
    """
    parts = [
        _hog(pictures[start : start + _PICTURES_AT_A_TIME], orientations, cell, block)
        for start in range(0, max(len(pictures), 1), _PICTURES_AT_A_TIME)
    ]
    return np.concatenate(parts)


def _hog(
    pictures: NDArray[np.float32], orientations: int, cell: int, block: int
) -> NDArray[np.float32]:
    rows, columns = _gradients(pictures)
    magnitude = np.hypot(rows, columns)
    strongest = magnitude.argmax(axis=-1)[..., None]
    rows, columns, magnitude = (
        np.take_along_axis(values, strongest, axis=-1)[..., 0]
        for values in (rows, columns, magnitude)
    )
    angle = np.rad2deg(np.arctan2(rows, columns)) % 180
    cells = _cell_histograms(angle, magnitude, orientations, cell)
    if min(cells.shape[1:3]) < block:
        return np.zeros((len(pictures), 0), dtype=np.float32)
    blocks = sliding_window_view(cells, (block, block), axis=(1, 2))
    down, across = blocks.shape[1:3]
    size = block * block * orientations
    flat = blocks.transpose(0, 1, 2, 4, 5, 3).reshape(len(pictures), down, across, size)
    return _hysteresis(flat).reshape(len(pictures), down * across * size)


def _gradients(
    pictures: NDArray[np.float32],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return central differences along rows and columns, 0 at the border."""
    values = pictures.astype(np.float64)
    rows, columns = np.zeros_like(values), np.zeros_like(values)
    rows[:, 1:-1] = values[:, 2:] - values[:, :-2]
    columns[:, :, 1:-1] = values[:, :, 2:] - values[:, :, :-2]
    return rows, columns


def _cell_histograms(
    angle: NDArray[np.float64], magnitude: NDArray[np.float64], orientations: int, cell: int
) -> NDArray[np.float64]:
    """Return ``(n, cells down, cells across, orientations)``: mean magnitude in each bin."""
    n, height, width = angle.shape
    down, across = height // cell, width // cell
    bins = np.minimum((angle * orientations / 180).astype(np.int64), orientations - 1)
    found = np.zeros((n, down, across, orientations))
    for orientation in range(orientations):
        mine = np.where(bins == orientation, magnitude, 0)[:, : down * cell, : across * cell]
        grid = mine.reshape(n, down, cell, across, cell)
        found[..., orientation] = grid.mean(axis=(2, 4))
    return found


def _hysteresis(blocks: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return each block with length 1, clipped, with length 1 again."""
    for clip in (_CLIP, np.inf):
        lengths = np.sqrt((blocks**2).sum(axis=-1, keepdims=True) + _EPSILON**2)
        blocks = np.minimum(blocks / lengths, clip)
    return blocks.astype(np.float32)
