"""A checkpoint folder looked at before anything is loaded: what it is, and whether it is safe."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bakeoff.core.errors import ArtefactError
from bakeoff.core.hashing import hash_file, hash_parts

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "config.json"
_INDEX = "model.safetensors.index.json"
_PROCESSOR = "preprocessor_config.json"
_TOKENIZERS = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "spiece.model",
    "sentencepiece.bpe.model",
    "tokenizer.model",
)
_SETTINGS = (
    CONFIG,
    "chat_template.jinja",
    _INDEX,
    _PROCESSOR,
    *_TOKENIZERS,
    "merges.txt",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "modules.json",
    "1_Pooling/config.json",
)
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.msgpack", "*.h5")

WANTED = ("*.safetensors", *_SETTINGS)
"""Patterns of the files of a checkpoint that are ever read (or fetched from a hub)."""

_CAUSAL_TYPES = {
    *("bloom", "codegen", "cohere", "falcon", "gemma", "gemma2", "gemma3_text", "gpt2"),
    *("gpt_bigcode", "gpt_neo", "gpt_neox", "gptj", "gpt_oss", "granite", "llama", "mistral"),
    *("mixtral", "mpt", "olmo", "olmo2", "opt", "phi", "phi3", "qwen2", "qwen2_moe", "qwen3"),
    *("qwen3_moe", "smollm3", "stablelm", "starcoder2"),
}
_CAUSAL_CLASSES = ("ForCausalLM", "LMHeadModel")
_SPOKEN = {"num_mel_bins", "feat_extract_norm", "conv_dim"}
_MOST_HEADER_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder that holds a whole checkpoint in safe files.

    Args:
        folder: Where it is.
        model_type: As transformers calls the architecture: ``"bert"``, ``"vit"``, ...
        modality: What it reads: ``"text"`` or ``"image"``.
        weights: Its weight files.
        causal: Whether a token sees only those before it, as in GPT.
    """

    folder: Path
    model_type: str
    modality: str
    weights: tuple[Path, ...]
    causal: bool = False

    @property
    def weight_bytes(self) -> int:
        """Size of the weights on disk."""
        return sum(path.stat().st_size for path in self.weights)

    def digest(self) -> str:
        """Return the SHA-256 of weights, config and tokenizer; equal files have equal digests."""
        known = [self.folder / name for name in _SETTINGS]
        files = sorted({path for path in known if path.is_file()} | set(self.weights))
        parts = [(str(path.relative_to(self.folder)), _digest_of(path)) for path in files]
        return hash_parts(part for pair in parts for part in pair)


def read_checkpoint(folder: Path) -> Checkpoint:
    """Return what a folder holds.

    Raises:
        ArtefactError: It holds no checkpoint, only a pickled one, a damaged one, or one that reads
            neither texts nor pictures.
    """
    config = _read_config(folder)
    weights = _weights(folder)
    for path in weights:
        _check_whole(path)
    model_type = str(config.get("model_type", ""))
    modality = _modality(folder, config)
    needed = _TOKENIZERS if modality == "text" else (_PROCESSOR,)
    if not any((folder / name).is_file() for name in needed):
        what = "tokenizer (tokenizer.json)" if modality == "text" else f"{_PROCESSOR}"
        raise ArtefactError(
            f"the checkpoint in {folder} has no {what}",
            where=str(folder),
            fix="save it beside the weights with its save_pretrained(FOLDER)",
        )
    causal = modality == "text" and _is_causal(config)
    return Checkpoint(folder, model_type, modality, weights, causal)


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG
    try:
        config = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ArtefactError(
            f"{folder} holds no checkpoint: there is no {CONFIG}",
            where=str(folder),
            why="a checkpoint is a folder with config.json, model.safetensors and a tokenizer",
            fix="hf download NAME --local-dir FOLDER, or save_pretrained(FOLDER)",
        ) from error
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{CONFIG} cannot be read: {error}", where=str(path)) from error
    if not isinstance(config, dict) or not config.get("model_type"):
        raise ArtefactError(
            f"{CONFIG} names no model_type, so that nobody can say what it is", where=str(path)
        )
    return config


def _weights(folder: Path) -> tuple[Path, ...]:
    """Return the weight files: one, or those that the index lists."""
    index = folder / _INDEX
    whole = folder / "model.safetensors"
    if whole.is_file():
        return (whole,)
    if index.is_file():
        try:
            names = sorted(set(json.loads(index.read_bytes())["weight_map"].values()))
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise ArtefactError(f"{_INDEX} cannot be read: {error}", where=str(index)) from error
        for name in names:
            path = folder / str(name)
            if not path.is_file() or not path.resolve().exists():
                raise ArtefactError(
                    f"the checkpoint's part '{name}' is absent",
                    where=str(folder),
                    fix="download the checkpoint again",
                )
        return tuple(folder / str(name) for name in names)
    pickled = sorted(path.name for pattern in _PICKLES for path in folder.glob(pattern))
    if pickled:
        raise ArtefactError(
            f"the weights in {folder} are refused: '{pickled[0]}' is not safetensors",
            where=str(folder / pickled[0]),
            why="such a file can run code when it is opened",
            fix="if you trust it: transformers.AutoModel.from_pretrained(FOLDER)"
            ".save_pretrained(NEW_FOLDER), and name the new folder",
        )
    raise ArtefactError(
        f"{folder} holds no weights: there is no model.safetensors",
        where=str(folder),
        fix="download the whole checkpoint: hf download NAME --local-dir FOLDER",
    )


def _check_whole(path: Path) -> None:
    """Compare a safetensors file's size with what its own header says; no tensor is read.

    Raises:
        ArtefactError: It is truncated, or no safetensors file.
    """
    size = path.stat().st_size
    try:
        with path.open("rb") as handle:
            length = int.from_bytes(handle.read(8), "little")
            if not 2 <= length <= min(size, _MOST_HEADER_BYTES):
                raise ValueError(f"a header of {length:,} bytes in a file of {size:,}")
            header = json.loads(handle.read(length))
        ends = [item["data_offsets"][1] for name, item in header.items() if name[:2] != "__"]
        expected = 8 + length + max(ends, default=0)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtefactError(
            f"'{path.name}' is no safetensors file, or a damaged one: {error}",
            where=str(path),
            fix="download it again",
        ) from error
    if expected != size:
        state = "truncated" if size < expected else "damaged"
        raise ArtefactError(
            f"'{path.name}' is {state}: {size:,} bytes where its header says {expected:,}",
            where=str(path),
            fix="download it again",
        )


def _modality(folder: Path, config: dict[str, Any]) -> str:
    """Return ``"text"`` or ``"image"``."""
    kind = config["model_type"]
    sees = "num_channels" in config or "image_size" in config
    if "text_config" in config and "vision_config" in config:
        why = "it has a tower for texts and one for pictures, and only single encoders are read"
    elif _SPOKEN & set(config):
        why = "it reads sound"
    elif sees and "vocab_size" not in config:
        return "image"
    elif sees:
        why = "it reads texts and pictures at once"
    elif "vocab_size" in config:
        return "text"
    elif (folder / _PROCESSOR).is_file():
        return "image"
    elif any((folder / name).is_file() for name in _TOKENIZERS):
        return "text"
    else:
        why = "it reads neither texts nor pictures"
    raise ArtefactError(
        f"the checkpoint in {folder} is of type '{kind}'", where=str(folder / CONFIG), why=why
    )


def _is_causal(config: dict[str, Any]) -> bool:
    """Return whether a config describes a model that reads from left to right alone.

    BERT and its kin have a causal class too; their ``is_decoder`` says whether it was trained so.
    """
    if config.get("is_encoder_decoder"):
        return False
    if config["model_type"] in _CAUSAL_TYPES or config.get("is_decoder"):
        return True
    named = [str(name) for name in config.get("architectures") or ()]
    reads_both_ways = any(name.endswith(("MaskedLM", "PreTraining")) for name in named)
    is_kin = "is_decoder" in config or "bert" in config["model_type"]
    return not (reads_both_ways or is_kin) and any(n.endswith(_CAUSAL_CLASSES) for n in named)


_digests: dict[tuple[str, int, int], str] = {}


def _digest_of(path: Path) -> str:
    """Return a file's SHA-256, computed once for each size and time of change."""
    status = path.stat()
    key = (str(path.resolve()), status.st_size, status.st_mtime_ns)
    if key not in _digests:
        _digests[key] = hash_file(path)
    return _digests[key]
