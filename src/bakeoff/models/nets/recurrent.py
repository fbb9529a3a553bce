"""Recurrent nets: a state is carried from word to word, in one direction or both."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from bakeoff.models.nets.word_net import Encoder

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
"""How the next state is made of the last one and a word:

- ``rnn``: ``tanh(W x + U h + b)`` (Elman 1990, 'Finding Structure in Time');
- ``lstm``: gates write to, keep and read a memory (Hochreiter & Schmidhuber 1997, 'Long Short-Term
  Memory', with the forget gate of Gers et al. 2000);
- ``gru``: two gates and no memory beside the state (Cho et al. 2014, 'Learning Phrase
  Representations using RNN Encoder-Decoder').
"""


class Recurrent(Encoder):
    """Layers of recurrent cells.

    Args:
        cell: A name in `CELLS`.
        size: Length of a word vector.
        hidden: Length of a state, of each direction.
        layers: Layers, one on the states of the other.
        both: Whether a second cell reads from the end (Schuster & Paliwal 1997, 'Bidirectional
            Recurrent Neural Networks').
        dropout: Share of features left out between layers while training.
    """

    def __init__(
        self, cell: str, size: int, hidden: int, *, layers: int, both: bool, dropout: float
    ) -> None:
        super().__init__(size, hidden * (2 if both else 1))
        self.cells = CELLS[cell](
            size,
            hidden,
            layers,
            batch_first=True,
            bidirectional=both,
            dropout=dropout if layers > 1 else 0,
        )

    def forward(self, vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the last layer's state after each word: ``(n, length, out)``.

        With both directions the second half is the state of the one that reads from the end.

        Args:
            vectors: ``(n, length, size)``, float32.
            mask: ``(n, length)``, bool: True at tokens, then False at padding.
        """
        # Packed: the direction that reads from the end begins at a row's last word, not at padding.
        packed = pack_padded_sequence(
            vectors, mask.sum(dim=1).cpu(), batch_first=True, enforce_sorted=False
        )
        states, _ = pad_packed_sequence(
            self.cells(packed)[0], batch_first=True, total_length=vectors.shape[1]
        )
        return states
