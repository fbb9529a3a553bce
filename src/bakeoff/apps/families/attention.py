"""Where a Transformer looks: shares of attention in MiniLM, and in a small one trained here.

Shares say what was mixed, not what mattered: other shares can give the same answer (Jain and
Wallace 2019, 'Attention is not Explanation'), and sometimes they do tell something (Wiegreffe and
Pinter 2019, 'Attention is not not Explanation').
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch

from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.models.encoder_source import find_encoder
from bakeoff.models.encoders import load_text_encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.contenders.base import Fitted

SENTENCE = "The parser returns the string because it could not read the file."


@dataclass(frozen=True, slots=True)
class Looks:
    """Shares of attention over one sentence.

    Args:
        model: Its name.
        tokens: ``length`` tokens as they are read.
        shares: ``(layers, heads, length, length)``, float32: ``[layer, head, i, j]`` is the share
            of token ``j`` in what token ``i`` takes in; over ``j`` they sum to 1.
    """

    model: str
    tokens: tuple[str, ...]
    shares: NDArray[np.float32]

    @property
    def means(self) -> NDArray[np.float32]:
        """Mean over the heads of each layer: ``(layers, length, length)``, float32."""
        return np.asarray(self.shares.mean(axis=1), dtype=np.float32)

    def spread(self) -> NDArray[np.float64]:
        """Return how many tokens a token looks at, by layer: ``(layers,)``, float64.

        It is the exponential of the shares' entropy, mean over tokens and heads: 1 where all looks
        go to one token, ``length`` where they are even.
        """
        exact = np.maximum(self.shares.astype(np.float64), 1e-12)
        entropy = -(exact * np.log(exact)).sum(axis=3)
        return np.asarray(np.exp(entropy).mean(axis=(1, 2)), dtype=np.float64)

    def sharpest(self, most: int = 3) -> list[tuple[int, int, float]]:
        """Return layer, head and spread of the heads that look at the fewest tokens."""
        exact = np.maximum(self.shares.astype(np.float64), 1e-12)
        spread = np.exp(-(exact * np.log(exact)).sum(axis=3)).mean(axis=2)
        order = np.argsort(spread, axis=None)[:most]
        places = [np.unravel_index(place, spread.shape) for place in order]
        return [(int(layer), int(head), float(spread[layer, head])) for layer, head in places]


def encoder_looks(sentence: str = SENTENCE, asked: str = "") -> Looks:
    """Return where a pretrained encoder looks.

    Args:
        sentence: To be read.
        asked: The encoder's name or folder; empty: the default one.

    Raises:
        UserError: The encoder is not there, or cannot be used.
    """
    source = find_encoder(asked)
    encoder = load_text_encoder(source)
    (sequence,), _ = encoder.sequences([sentence])
    ids = torch.from_numpy(sequence.astype(np.int64))[None]
    model: Any = encoder.fresh_net().model
    # Only the plain implementation keeps the shares; the fast ones never have them in one piece.
    model.set_attn_implementation("eager")
    with torch.inference_mode():
        found = model(input_ids=ids, output_attentions=True).attentions
    shares = torch.stack(list(found))[:, 0].float().numpy()
    tokens = tuple(str(encoder.tokenizer.id_to_token(int(number))) for number in sequence)
    return Looks(source.title, tokens, shares)


def own_looks(fitted: Fitted, sentence: str = SENTENCE) -> Looks:
    """Return where the small Transformer of this project looks, once it has been trained.

    Args:
        fitted: From the contender ``transformer``.
        sentence: To be read.

    Raises:
        TypeError: It is another contender's.
    """
    from bakeoff.contenders.net_model import NetFitted
    from bakeoff.contenders.nets.text_net import WordReader
    from bakeoff.models.nets.text_transformer import TextTransformer
    from bakeoff.models.vocabulary import read_words
    from bakeoff.testing.context import context

    reader, net = (fitted.reader, fitted.net) if isinstance(fitted, NetFitted) else (None, None)
    if not isinstance(reader, WordReader) or not isinstance(net, TextTransformer):
        raise TypeError(f"a fitted 'transformer' is needed, got {type(fitted).__name__}")
    name = reader.columns[0]
    columns = (Column(name, ColumnType.TEXT),)
    inputs = Inputs(np.zeros(1, dtype=np.int64), pa.table({name: [sentence]}), columns)
    batch = reader.rows(inputs, context()).batch(np.array([0]))
    with torch.inference_mode():
        found = net.attention(**batch)[:, 0].float().numpy()
    (words,) = read_words([[sentence]], reader.longest)
    return Looks("transformer", tuple(words), found)
