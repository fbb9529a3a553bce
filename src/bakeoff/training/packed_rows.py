"""Rows cut from one stream of tokens, for pre-training: all of one length, none padded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from bakeoff.core.errors import DataError
from bakeoff.core.seeds import derive_seed
from bakeoff.models.pretraining.masking import DRAWS
from bakeoff.models.pretraining.packing import draw_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.models.pretraining.packing import Pairs
    from bakeoff.training.rows import Batch, Rows


@dataclass(frozen=True, slots=True)
class CausalRows:
    """Each row begins with the last token of the one before: every token but one is predicted.

    Args:
        stream: ``(n_tokens,)``, of integers; may lie on disk.
        length: Tokens that the model reads at once.
    """

    stream: NDArray[Any]
    length: int

    def __len__(self) -> int:
        """Return the number of whole rows."""
        return max(0, (len(self.stream) - 1) // self.length)

    def lengths(self) -> NDArray[np.int64]:
        """Return what each row costs, in tokens."""
        return np.full(len(self), self.length, dtype=np.int64)

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return ``tokens``: ``(n, length + 1)``, int64."""
        return {"tokens": _cut(self.stream, positions, self.length, self.length + 1)}


@dataclass(frozen=True, slots=True)
class MaskedRows:
    """Rows for a masked model: the begin token, a piece of the stream, the separator.

    Args:
        stream: ``(n_tokens,)``, of integers; may lie on disk.
        length: Tokens that the model reads at once.
        begin: Number of the token before a row.
        separator: Number of the token behind a row.
        fixed: Draw here what is masked, so that it is always the same (for validation); else the
            net draws anew each time.
        pairs: Divide rows into two segments; None: each is one.
    """

    stream: NDArray[Any]
    length: int
    begin: int
    separator: int
    fixed: bool = False
    pairs: Pairs | None = None

    @property
    def body(self) -> int:
        """Tokens of a row that are text."""
        return self.length - (2 if self.pairs is None else 3)

    def __len__(self) -> int:
        """Return the number of whole rows."""
        return len(self.stream) // self.body

    def lengths(self) -> NDArray[np.int64]:
        """Return what each row costs, in tokens."""
        return np.full(len(self), self.length, dtype=np.int64)

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return ``tokens``: ``(n, length)``, int64.

        With ``draws`` ``(n, 3, length)``, float32, if they are fixed; with ``kinds``
        ``(n, length)`` and ``strangers`` ``(n,)``, int64, if there are pairs.
        """
        n, separator = len(positions), self.separator
        text = _cut(self.stream, positions, self.body, self.body)
        begin, end = (torch.full((n, 1), number) for number in (self.begin, separator))
        if self.pairs is None:
            batch = {"tokens": torch.cat([begin, text, end], 1)}
        else:
            batch = self._paired(self.pairs, positions, text, begin, end)
        if self.fixed:
            draws = [
                np.random.default_rng(derive_seed(0, "masked", int(each))).random(
                    (DRAWS, self.length), dtype=np.float32
                )
                for each in positions
            ]
            batch["draws"] = torch.from_numpy(np.stack(draws))
        return batch

    def _paired(
        self,
        pairs: Pairs,
        positions: NDArray[np.int64],
        text: torch.Tensor,
        begin: torch.Tensor,
        end: torch.Tensor,
    ) -> Batch:
        """Return two segments a row, each with a separator behind it."""
        other = _cut(self.stream, pairs.others[positions], self.body, self.body)
        splits = torch.from_numpy(pairs.splits[positions])[:, None]
        places = torch.arange(self.body + 1)[None]
        # The second segment stands one further right: the separator is before it.
        first = torch.cat([text, end], 1)
        second = torch.cat([end, other], 1)
        joined = torch.where(places < splits, first, second)
        joined = joined.scatter(1, splits, self.separator)
        tokens = torch.cat([begin, joined, end], 1)
        kinds = (torch.arange(self.length)[None] > splits + 1).long()
        strangers = torch.from_numpy(pairs.strangers[positions])
        return {"tokens": tokens, "kinds": kinds, "strangers": strangers}


def packed_rows(  # noqa: PLR0913 - a stream and how it is read
    objective: str,
    stream: NDArray[Any],
    tokenizer: Any,
    *,
    length: int,
    seed: int,
    fixed: bool = False,
    what: str = "the text",
) -> Rows:
    """Return a stream as rows for an objective.

    Args:
        objective: Of `models.pretraining.build.OBJECTIVES`.
        stream: ``(n_tokens,)``, of integers.
        tokenizer: Of transformers: says which tokens begin and separate.
        length: Tokens that the model reads at once.
        seed: Of the pairs of segments.
        fixed: Always mask the same (for validation).
        what: The stream's name in messages.

    Raises:
        DataError: There is not one row.
    """
    rows: CausalRows | MaskedRows
    if objective == "clm":
        rows = CausalRows(stream, length)
        least = length + 1
    else:
        begin, separator = tokenizer.cls_token_id, tokenizer.sep_token_id
        rows = MaskedRows(stream, length, begin, separator, fixed)
        least = rows.body
        body = length - 3
        if objective == "mlm+nsp" and len(stream) >= 2 * body:
            cut = np.asarray(stream[: len(stream) // body * body]).reshape(-1, body)
            pairs = draw_pairs(cut, separator, seed)
            return MaskedRows(stream, length, begin, separator, fixed, pairs)
        if objective == "mlm+nsp":
            least = 2 * body
    if len(stream) < least:
        raise DataError(
            f"{what} has {len(stream):,} tokens, and {least:,} are needed at least",
            why=f"a row is {length:,} tokens long, and is never padded",
            fix="give more text, or a smaller --length",
        )
    return rows


def _cut(
    stream: NDArray[Any], positions: NDArray[np.int64], stride: int, width: int
) -> torch.Tensor:
    """Return pieces of a stream: ``(n, width)``, int64."""
    places = positions[:, None] * stride + np.arange(width)
    return torch.from_numpy(stream[places].astype(np.int64))
