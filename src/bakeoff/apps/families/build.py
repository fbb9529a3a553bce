"""What each family's trained model is built of, measured where it can be."""

from __future__ import annotations

import copy
from functools import singledispatch
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from torch import nn

from bakeoff.apps.families.anatomy import depth, doubled, seen_square, seen_words
from bakeoff.apps.families.architectures import WORDS, Build
from bakeoff.contenders.embeddings.word2vec_linear import Word2VecLinearFitted
from bakeoff.contenders.net_model import NetFitted, Reader
from bakeoff.contenders.nets.image_net import PixelReader
from bakeoff.contenders.nets.tabular_mlp import TableReader
from bakeoff.contenders.nets.text_net import WordReader
from bakeoff.contenders.ngram.ngram_linear import NgramLinearFitted
from bakeoff.contenders.pretrained.frozen import EncoderFrozenFitted
from bakeoff.models.nets.recurrent import Recurrent
from bakeoff.models.nets.resnet import ResNet
from bakeoff.models.nets.text_cnn import Convolutions
from bakeoff.models.nets.vit import Vit
from bakeoff.models.text_tokens import tokens
from bakeoff.testing.context import context
from bakeoff.training.encoder_rows import encoder_rows
from bakeoff.training.flops import count_parameters, flops_per_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Fitted
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.encoders import TextEncoder
    from bakeoff.models.nets.pixels import PixelNet
    from bakeoff.models.nets.word_net import WordNet
    from bakeoff.training.rows import Rows

_LARGE = 64
"""Side of the pictures on which a convolution's field is measured: its edge must lie inside."""
_BIGRAM = 2


@singledispatch
def build_of(fitted: Fitted, inputs: Inputs) -> Build:
    """Return what a fitted model is built of; ``inputs`` are rows of the usual kind.

    Raises:
        TypeError: Nothing is known of such a model.
    """
    del inputs
    raise TypeError(f"the build of {type(fitted).__name__} is not known")


@build_of.register(NgramLinearFitted)
def _ngram(fitted: NgramLinearFitted, inputs: Inputs) -> Build:
    """One layer, a weight for each n-gram and class; it sees pairs of words at most."""
    weights = _numbers(fitted.head.arrays("head"))
    matrix = fitted.features.transform([inputs.texts(name) for name in fitted.columns])
    flops = 2 * matrix.nnz / max(1, matrix.shape[0]) * weights / matrix.shape[1]
    return Build(weights, weights, 1, _BIGRAM, None, flops)


@build_of.register(Word2VecLinearFitted)
def _word2vec(fitted: Word2VecLinearFitted, inputs: Inputs) -> Build:
    """Two layers: a table of vectors and a linear layer; each word is seen by itself."""
    head = _numbers(fitted.head.arrays("head"))
    size = fitted.vectors.vectors.shape[1]
    texts = [text for name in fitted.columns for text in inputs.texts(name)]
    words = sum(len(tokens(text)) for text in texts) / max(1, len(texts))
    total = fitted.vectors.vectors.size + head
    return Build(total, total, 2, 1, None, 2 * (words * size + head))


@build_of.register(NetFitted)
def _net(fitted: NetFitted, inputs: Inputs) -> Build:
    """A net trained here; what it reads tells which."""
    rows = fitted.reader.rows(inputs, context())
    return net_build(fitted.reader, fitted.net, rows, len(inputs.columns))


@singledispatch
def net_build(reader: Reader, net: nn.Module, rows: Rows, n_columns: int) -> Build:
    """Return what a net is built of, by what it reads.

    Raises:
        TypeError: Nothing is known of nets that read so.
    """
    del net, rows, n_columns
    raise TypeError(f"the build of a net on {type(reader).__name__} is not known")


@net_build.register(WordReader)
def _text_net(_reader: WordReader, net: WordNet, rows: Rows, _n_columns: int) -> Build:
    count, flops = count_parameters(net), flops_per_row(net, rows)
    doubled(net)
    encoder = net.encoder
    symbols = torch.ones(1, WORDS, dtype=torch.int64)
    seen = seen_words(
        lambda vectors: encoder(vectors, symbols > 0), WORDS, encoder.size, position=WORDS // 2
    )
    path = None if isinstance(encoder, Convolutions) else 1
    if isinstance(encoder, Recurrent):
        path = WORDS - 1
    layers = depth(net(symbols, symbols > 0))
    net.float()
    return Build(count, count, layers, sum(share > 0 for share in seen), path, flops)


@build_of.register(EncoderFrozenFitted)
def _encoder(fitted: EncoderFrozenFitted, inputs: Inputs) -> Build:
    """A pretrained encoder under a linear layer; that layer alone is learned here."""
    encoder = cast("TextEncoder", fitted.reader.encoder())
    texts = [inputs.texts(name) for name in fitted.reader.columns]
    flops = flops_per_row(encoder.net, encoder_rows(encoder, texts))
    net = encoder.fresh_net()
    doubled(net)
    symbols = torch.full((1, WORDS), 1000)
    mask = symbols > 0
    size = encoder.width

    def states(vectors: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = net.model(
            inputs_embeds=vectors, attention_mask=mask.long()
        ).last_hidden_state
        return found

    seen = seen_words(states, WORDS, size, position=WORDS // 2)
    layers = depth(net(symbols, mask)) + 1  # the linear layer is no part of the net
    facts, learned = fitted.facts(), fitted.head.n_weights
    whole = facts.parameters or encoder.parameters + learned
    return Build(whole, learned, layers, sum(share > 0 for share in seen), 1, flops)


@net_build.register(TableReader)
def _mlp(_reader: TableReader, net: nn.Module, rows: Rows, n_columns: int) -> Build:
    """Every unit sees every column: opposite corners meet in the first layer."""
    count = count_parameters(net)
    layers = depth(net(**rows.batch(np.array([0]))))
    return Build(count, count, layers, round(n_columns**0.5), 1, flops_per_row(net, rows))


@net_build.register(PixelReader)
def _picture_net(reader: PixelReader, net: PixelNet, rows: Rows, _n_columns: int) -> Build:
    count, flops = count_parameters(net), flops_per_row(net, rows)
    layers = depth(net(**rows.batch(np.array([0]))))
    side, path = reader.side, 1
    if isinstance(net, Vit):
        return Build(count, count, layers, side, path, flops)
    bare = without_norms(net)
    edges = [_field(bare, blocks) for blocks in range(1, len(_blocks(bare)) + 1)]
    enough = next((number for number, edge in enumerate(edges, 1) if edge >= side), len(edges))
    path = 1 + 2 * enough if isinstance(net, ResNet) else enough
    return Build(count, count, layers, edges[-1], path, flops)


def without_norms(net: PixelNet) -> PixelNet:
    """Return a copy in double precision whose norms do nothing.

    A norm over a whole map makes each feature depend a little on every pixel; what is asked here
    is what the convolutions see.
    """
    bare = copy.deepcopy(net).double().eval()
    for module in list(bare.modules()):
        for name, part in module.named_children():
            if isinstance(part, nn.GroupNorm | nn.BatchNorm2d):
                setattr(module, name, nn.Identity())
    return bare


def _blocks(net: nn.Module) -> nn.Sequential:
    return cast("nn.Sequential", net.get_submodule("blocks"))


def _field(net: PixelNet, blocks: int) -> int:
    """Return the edge of what a feature sees after so many blocks."""

    def see(pictures: torch.Tensor) -> torch.Tensor:
        maps = net.pixels(pictures)
        if isinstance(net, ResNet):
            maps = torch.relu(net.stem(maps))
        seen: torch.Tensor = _blocks(net)[:blocks](maps)
        return seen

    return max(seen_square(see, net.pixels.channels, _LARGE))


def _numbers(arrays: Mapping[str, NDArray[np.generic]]) -> int:
    """Return how many weights there are: what is kept as floating-point numbers."""
    return sum(array.size for array in arrays.values() if np.issubdtype(array.dtype, np.floating))
