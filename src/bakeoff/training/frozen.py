"""Rows through a frozen encoder: vectors that depend on the row alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.row_cache import RowCache
from bakeoff.models.encoders import TextEncoder
from bakeoff.training.devices import resolve_device
from bakeoff.training.encoder_rows import encoder_rows
from bakeoff.training.flops import flops_per_row
from bakeoff.training.outputs import net_outputs
from bakeoff.training.precision import faster_precision
from bakeoff.training.rows import ArrayRows, TokenRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from bakeoff.core.row_cache import CachedRows
    from bakeoff.core.store import Store
    from bakeoff.models.image_encoders import ImageEncoder
    from bakeoff.training.rows import Rows

_LOOKED_AT = 256
_PICTURES = 32
"""Pictures in memory at a time."""


def frozen_precision(device: str) -> str:
    """Return ``"bf16"`` where encoders gain from it on this device, else ``"fp32"``.

    Measured with MiniLM on a CPU with AVX512-BF16, one thread: 1.6 times as fast.
    """
    return faster_precision(resolve_device(device))


def encode(
    encoder: TextEncoder | ImageEncoder,
    cells: Sequence[Any],
    *,
    device: str,
    threads: int,
    precision: str,
) -> NDArray[np.float32]:
    """Return one vector for each cell: ``(n, encoder.width)``, float32.

    Args:
        encoder: With its pooling and longest length.
        cells: ``n`` texts, or ``n`` pictures as encoded bytes; an empty one has a vector too.
        device: As in `training.devices.resolve_device`.
        threads: Threads to use.
        precision: ``"fp32"`` or ``"bf16"``.

    Raises:
        ContenderError: A picture cannot be decoded.
    """
    found = np.empty((len(cells), encoder.width), dtype=np.float32)
    for positions, rows in _rows(encoder, cells):
        found[positions] = net_outputs(
            encoder.net,
            rows,
            width=encoder.width,
            device=device,
            threads=threads,
            precision=precision,
        )
    return found


def encode_once(  # noqa: PLR0913 - all that changes a vector, and where it is kept
    encoder: TextEncoder | ImageEncoder,
    cells: Sequence[Any],
    keys: Sequence[str],
    *,
    digest: str,
    longest: int,
    precision: str,
    device: str,
    threads: int,
    store: Store,
) -> CachedRows:
    """Return the vectors of cells, each made once for all contenders, folds, workers and runs.

    Args:
        encoder: With its pooling.
        cells: ``n`` texts or pictures.
        keys: ``n`` SHA-256 of the cells' content (see `data.inputs.Inputs.keys`).
        digest: SHA-256 of the encoder's files.
        longest: Tokens of a text that are read (0 for pictures).
        precision: ``"fp32"`` or ``"bf16"``.
        device: As in `training.devices.resolve_device`.
        threads: Threads to use.
        store: Where vectors are kept.
    """

    def make(positions: NDArray[np.int64]) -> NDArray[np.float32]:
        chosen = [cells[i] for i in positions]
        return encode(encoder, chosen, device=device, threads=threads, precision=precision)

    key = {
        "what": "frozen encoder",
        "encoder": digest,
        "pooling": encoder.pooling,
        "longest": longest,
        "precision": precision,
        "device": resolve_device(device).type,
    }
    # Texts of like length go together: none is padded, so that batches would be small else.
    order = np.argsort([len(cell) for cell in cells], kind="stable").astype(np.int64)
    return RowCache(store, key, encoder.width).rows(keys, make, order)


def usual_length(encoder: TextEncoder | ImageEncoder, cells: Sequence[Any]) -> int:
    """Return the median number of tokens of the first few hundred texts; 1 for pictures."""
    if not isinstance(encoder, TextEncoder):
        return 1
    sequences, _ = encoder.sequences(cells[:_LOOKED_AT])
    return int(np.median([len(tokens) for tokens in sequences])) if sequences else 0


def encoding_flops(encoder: TextEncoder | ImageEncoder, length: int) -> float | None:
    """Return the floating-point operations of encoding a text or a picture.

    Args:
        encoder: It is left on the CPU.
        length: Tokens of the text; of no meaning for pictures.

    Returns:
        The count; None where the counter is blind.
    """
    if isinstance(encoder, TextEncoder):
        tokens = np.full(max(length, 1), encoder.pad, dtype=np.int32)
        return flops_per_row(encoder.net.cpu(), TokenRows([tokens], None, encoder.pad))
    _, picture = next(_rows(encoder, [b""]))
    return flops_per_row(encoder.net.cpu(), picture)


def encode_tokens(
    encoder: TextEncoder,
    tokens: NDArray[np.int64],
    *,
    device: str,
    threads: int,
    precision: str,
) -> NDArray[np.float32]:
    """Return each token as the encoder sees it alone, between its special tokens.

    Args:
        encoder: Of texts.
        tokens: ``(n,)``, int64: token numbers.
        device: As in `training.devices.resolve_device`.
        threads: Threads to use.
        precision: ``"fp32"`` or ``"bf16"``.

    Returns:
        ``(n, encoder.width)``, float32.
    """
    before, after = encoder.brackets()
    sequences = [np.array([*before, token, *after], dtype=np.int32) for token in tokens]
    return net_outputs(
        encoder.net,
        TokenRows(sequences, None, encoder.pad),
        width=encoder.width,
        device=device,
        threads=threads,
        precision=precision,
    )


def _rows(
    encoder: TextEncoder | ImageEncoder, cells: Sequence[Any]
) -> Iterator[tuple[NDArray[np.int64], Rows]]:
    """Yield positions and their rows: all texts at once, pictures a few of one size at a time."""
    if isinstance(encoder, TextEncoder):
        yield np.arange(len(cells)), encoder_rows(encoder, [cells])
        return
    for start in range(0, len(cells), _PICTURES):
        pixels = encoder.pixels(cells[start : start + _PICTURES], first=start)
        shapes = [picture.shape for picture in pixels]
        for shape in dict.fromkeys(shapes):
            chosen = [i for i, other in enumerate(shapes) if other == shape]
            stacked = np.stack([pixels[i] for i in chosen])
            yield np.array(chosen) + start, ArrayRows({"pixels": stacked})
