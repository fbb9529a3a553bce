"""A random encoder of a few thousand weights in a folder, for tests of what stands on one."""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING

from bakeoff.testing.examples import vocabulary

if TYPE_CHECKING:
    from pathlib import Path

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_SIDE = 16


def tiny_encoder(folder: Path, *, architecture: str = "bert", seed: int = 0) -> Path:
    """Write an encoder with random weights, as ``save_pretrained`` does, and return its folder.

    The words of `bakeoff.testing.specimen` are tokens of their own, so that even random weights
    tell them apart.

    Args:
        folder: To write into; made if absent.
        architecture: ``"bert"`` (texts), ``"vit"`` or ``"resnet"`` (pictures).
        seed: Of the weights.

    Raises:
        ValueError: Another architecture.
        MissingExtraError: torch or transformers is not installed.
    """
    from bakeoff.core.extras import require

    for package in ("torch", "transformers"):
        require(package, extra="torch", needed_by="a tiny encoder")
    from bakeoff.models.encoders import quietly
    from bakeoff.training.seeds import seeded

    make = {"bert": _bert, "vit": _vit, "resnet": _resnet}
    if architecture not in make:
        raise ValueError(f"architecture is one of {sorted(make)}, got {architecture!r}")
    folder.mkdir(parents=True, exist_ok=True)
    with seeded(seed, "tiny encoder"), quietly():
        make[architecture](folder)
    return folder


def _bert(folder: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import BertProcessing
    from transformers import BertConfig, BertModel

    letters = string.ascii_lowercase + string.digits + string.punctuation
    tokens = [*_SPECIAL, *letters, *(f"##{letter}" for letter in letters), *vocabulary()]
    numbers = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]"))  # noqa: S106 - a word, no password
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = BertProcessing(
        ("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"])
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    names = ("pad", "unk", "cls", "sep", "mask")
    _write_json(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "BertTokenizer", "model_max_length": 64}
        | {f"{name}_token": token for name, token in zip(names, _SPECIAL, strict=True)},
    )
    config = BertConfig(
        vocab_size=len(numbers),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        # Larger than usual: without training, words would hardly differ.
        initializer_range=0.2,
    )
    BertModel(config).save_pretrained(folder)


def _vit(folder: Path) -> None:
    from transformers import ViTConfig, ViTModel

    config = ViTConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        image_size=_SIDE,
        patch_size=4,
        initializer_range=0.2,
    )
    ViTModel(config, add_pooling_layer=False).save_pretrained(folder)
    size = {"height": _SIDE, "width": _SIDE}
    _write_json(
        folder / "preprocessor_config.json",
        {"image_processor_type": "ViTImageProcessor", "size": size},
    )


def _resnet(folder: Path) -> None:
    from transformers import ResNetConfig, ResNetModel

    config = ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic")
    ResNetModel(config).save_pretrained(folder)
    content = {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": _SIDE}}
    _write_json(folder / "preprocessor_config.json", content)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
