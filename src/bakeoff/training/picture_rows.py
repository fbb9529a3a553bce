"""Pictures as a pretrained encoder reads them, decoded when a batch is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.models.image_encoders import ImageEncoder
    from bakeoff.training.rows import Batch


@dataclass(frozen=True, slots=True)
class PictureRows:
    """Encoded pictures: all rows of 224 x 224 as floats would not fit into memory.

    Args:
        encoder: Whose preparation they get.
        pictures: ``n`` files; an empty one is grey all over.
    """

    encoder: ImageEncoder
    pictures: Sequence[bytes]

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.pictures)

    def lengths(self) -> NDArray[np.int64]:
        """Return all ones."""
        return np.ones(len(self.pictures), dtype=np.int64)

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return ``pixels``: ``(n, channels, height, width)``, float32.

        Raises:
            ContenderError: A picture cannot be decoded, or the encoder's preparation leaves
                pictures of different sizes.
        """
        found = []
        for position in positions:
            found += self.encoder.pixels([self.pictures[position]], first=int(position))
        sizes = {each.shape for each in found}
        if len(sizes) > 1:
            raise ContenderError(
                f"the encoder's own preparation leaves pictures of different sizes {sorted(sizes)},"
                " which cannot be learned from together: crop in preprocessor_config.json"
            )
        return {"pixels": torch.from_numpy(np.stack(found))}
