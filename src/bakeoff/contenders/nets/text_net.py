"""What all nets that learn word vectors of their own have in common: words in."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, cast

from bakeoff.contenders.net_model import NET_CARD, NetContender, Reader
from bakeoff.data.columns import ColumnType
from bakeoff.models.vocabulary import BETWEEN, LEFT_OUT, Vocabulary, read_words
from bakeoff.models.word_pieces import piece_table

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.net_model import Kept
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.state import State
    from bakeoff.training.rows import TokenRows

TEXT_NET_CARD = replace(
    NET_CARD, reads=frozenset({ColumnType.TEXT}), needs=frozenset({ColumnType.TEXT})
)


@dataclass(frozen=True)
class TextNet(NetContender):
    """A net over the words of all text columns; a subclass says which; more: `NetContender`.

    Args:
        longest: Words of a row that are read.
        size: Length of a word vector.
        dropout: Share of features left out while training.
        augment: Changes made to the training texts: ``"token-dropout=0.1,swap=0.05"``.
    """

    # Sums that are split over threads round otherwise, a thousand steps make another model of that,
    # and batches of this size hardly gain from a second thread.
    one_thread: ClassVar[bool] = True

    epochs: int = 8
    least_steps: int = 300
    learning_rate: float = 2e-3
    augment: str = "token-dropout=0.1"
    longest: int = 256
    size: int = 128
    dropout: float = 0.3

    @abstractmethod
    def word_net(self, n_tokens: int, width: int) -> nn.Module:
        """Return a net with fresh weights: ``net(tokens, mask)`` gives ``(n, width)``."""

    def net(self, reader: Reader, width: int) -> nn.Module:
        """Return the net for the reader's vocabulary."""
        return self.word_net(len(cast("WordReader", reader).vocabulary), width)

    def reader(self, inputs: Inputs, context: Context) -> WordReader:
        """Return the reader with the vocabulary of these texts."""
        del context
        columns = inputs.named(ColumnType.TEXT)
        vocabulary = Vocabulary.fit([inputs.texts(name) for name in columns])
        return WordReader(columns, vocabulary, self.longest)

    def saved_reader(self, state: State, folder: Path) -> WordReader:
        """Return the reader that was kept."""
        del folder
        return WordReader(state.texts("columns"), Vocabulary(state.texts("words")), self.longest)


@dataclass(frozen=True, slots=True)
class WordReader(Reader):
    """How rows become word numbers.

    Args:
        columns: Text columns, in the order in which they are read.
        vocabulary: Of the training texts.
        longest: Words of a row that are read.
    """

    columns: tuple[str, ...]
    vocabulary: Vocabulary
    longest: int

    def rows(self, inputs: Inputs, context: Context) -> TokenRows:
        """Return word numbers, with each word's pieces."""
        from bakeoff.training.word_rows import WordRows

        del context
        texts = read_words([inputs.texts(name) for name in self.columns], self.longest)
        words, pieces = piece_table(texts)
        sequences = [self.vocabulary.numbers(text) for text in texts]
        return WordRows(sequences, words=words, pieces=pieces, unknown=LEFT_OUT, special=(BETWEEN,))

    def state(self) -> Kept:
        """Return columns and words."""
        return {"columns": list(self.columns), "words": list(self.vocabulary.words)}, {}

    def n_bytes(self) -> int:
        """Return the bytes of the words."""
        return sum(len(word.encode("utf-8")) for word in self.vocabulary.words)
