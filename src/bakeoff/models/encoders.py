"""Pretrained encoders as plain torch modules: loaded from safe files, whole, and without a word."""

from __future__ import annotations

import contextlib
import copy
import json
from dataclasses import dataclass
from logging import ERROR
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from bakeoff.core.errors import ArtefactError
from bakeoff.core.extras import require
from bakeoff.models.environment import one_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from bakeoff.models.encoder_source import EncoderSource

POOLINGS = ("auto", "mean", "cls", "last")


class EncoderNet(nn.Module):
    """A transformer's encoder and how its token states become one vector.

    Args:
        model: From transformers; called with ``input_ids`` and ``attention_mask`` (and
            ``token_type_ids`` where it knows them).
        pooling: ``"mean"`` over all tokens, ``"cls"``: the first token's state, or ``"last"``: the
            last one's, the only one that has seen the whole text in a causal model.
    """

    def __init__(self, model: nn.Module, pooling: str) -> None:
        super().__init__()
        self.model = model
        self.pooling = pooling

    def states(
        self, tokens: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return every token's state.

        Args:
            tokens: ``(n, length)``, int64.
            mask: ``(n, length)``, bool; True: a token.
            kinds: ``(n, length)``, int64: which text of a pair a token is of; or None.

        Returns:
            ``(n, length, width)``.
        """
        more = {} if kinds is None else {"token_type_ids": kinds}
        found = self.model(input_ids=tokens, attention_mask=mask.long(), **more)
        states: torch.Tensor = found.last_hidden_state
        return states

    def forward(
        self, tokens: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return one vector for each row: ``(n, width)``; arguments as in `states`."""
        states = self.states(tokens, mask, kinds)
        if self.pooling == "cls":
            return states[:, 0]
        if self.pooling == "last":
            return states[torch.arange(len(states), device=states.device), mask.sum(1) - 1]
        weights = mask.unsqueeze(-1).to(states.dtype)
        return (states * weights).sum(1) / weights.sum(1)


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """A pretrained encoder of texts; shared by all who ask for it: copy the net to train it.

    Args:
        source: What it is.
        net: In evaluation mode, on the CPU, fp32.
        tokenizer: Neither pads nor, beyond `longest`, keeps what it cuts.
        longest: Tokens of a row that are read, special ones included.
        width: Numbers of a token's state, and of a row's vector.
        pad: Token number that fills a batch up.
        tells_pairs: Whether the net is told which text of a pair a token is of.
        parts_pairs: Whether the tokenizer puts a token of its own between them; else it is a line
            break.
    """

    source: EncoderSource
    net: EncoderNet
    tokenizer: Tokenizer
    longest: int
    width: int
    pad: int
    tells_pairs: bool
    parts_pairs: bool

    @property
    def pooling(self) -> str:
        """``"mean"``, ``"cls"`` or ``"last"``."""
        return self.net.pooling

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(weight.numel() for weight in self.net.parameters())

    def fresh_net(self) -> EncoderNet:
        """Return a copy of the net that may be trained."""
        return copy.deepcopy(self.net)

    def brackets(self) -> tuple[list[int], list[int]]:
        """Return the special tokens that stand before and after a text."""
        found = self.tokenizer.encode("a")
        inner = [i for i, special in enumerate(found.special_tokens_mask) if not special]
        return found.ids[: inner[0]], found.ids[inner[-1] + 1 :]

    def special_tokens(self) -> list[int]:
        """Return the numbers of tokens that stand for no text of their own, the unknown among them.

        Texts may spell them out; they mean nothing there.
        """
        added = self.tokenizer.get_added_tokens_decoder()
        special = {number for number, token in added.items() if token.special}
        model = json.loads(self.tokenizer.to_str())["model"]
        named = self.tokenizer.token_to_id(model.get("unk_token") or "")
        unknown = model.get("unk_id") if named is None else named
        return sorted(special if unknown is None else special | {int(unknown)})

    def plain_tokenizer(self) -> str:
        """Return the tokenizer as the content of a ``tokenizer.json``."""
        content: str = self.tokenizer.to_str()
        return content

    def sequences(
        self, texts: Sequence[str], second: Sequence[str] | None = None
    ) -> tuple[list[NDArray[np.int32]], list[NDArray[np.int32]] | None]:
        """Return token numbers, special tokens among them.

        Args:
            texts: ``n`` texts.
            second: ``n`` texts, each read as a pair with the first; or None.

        Returns:
            ``n`` arrays ``(length,)``, int32, none empty; and for pairs, where the net is told,
            arrays of the same lengths: 0 for tokens of the first text, 1 for the second; else None.
        """
        rows = list(texts) if second is None else self._pairs(texts, second)
        with one_thread():
            encoded = self.tokenizer.encode_batch_fast(rows)
        nothing = np.array([self.pad], dtype=np.int32)
        tokens = [np.array(row.ids, dtype=np.int32) if row.ids else nothing for row in encoded]
        if second is None or not self.tells_pairs:
            return tokens, None
        return tokens, [
            np.array(row.type_ids if row.ids else [0], dtype=np.int32) for row in encoded
        ]

    def _pairs(self, first: Sequence[str], second: Sequence[str]) -> list[Any]:
        pairs = list(zip(first, second, strict=True))
        return pairs if self.parts_pairs else ["\n".join(pair) for pair in pairs]


def load_text_encoder(
    source: EncoderSource, *, longest: int = 256, pooling: str = "auto"
) -> TextEncoder:
    """Return an encoder of texts; its weights are loaded once in a process.

    Args:
        source: From `models.encoder_source.find_encoder`.
        longest: Tokens of a row that are read; fewer where the net has fewer positions.
        pooling: ``"mean"``, ``"cls"``, ``"last"`` or ``"auto"``: what the checkpoint's own
            ``1_Pooling`` says, else the last token's state of a causal model, the mean of others.

    Raises:
        ArtefactError: The weights do not fit the config, or transformers cannot read them.
        MissingExtraError: transformers is not installed.
    """
    digest = source.digest()
    pooling = text_pooling(source.folder, pooling, causal=source.checkpoint.causal)
    key = (digest, longest, pooling)
    if key not in _encoders:
        _encoders[key] = _encoder(source, _load_text(source, digest), longest, pooling)
    return _encoders[key]


def _encoder(source: EncoderSource, loaded: _LoadedText, longest: int, pooling: str) -> TextEncoder:
    config = loaded.model.config
    # Copied: truncation is set in the tokenizer itself, which others share.
    tokenizer = copy.deepcopy(loaded.tokenizer)
    tokenizer.no_padding()
    longest = min(longest, loaded.most_tokens)
    tokenizer.enable_truncation(max_length=longest)
    pad = getattr(config, "pad_token_id", None)
    return TextEncoder(
        source=source,
        net=EncoderNet(loaded.model, pooling).eval(),
        tokenizer=tokenizer,
        longest=longest,
        width=int(config.hidden_size),
        pad=pad if isinstance(pad, int) else 0,
        tells_pairs=getattr(config, "type_vocab_size", 0) > 1,
        parts_pairs=tokenizer.num_special_tokens_to_add(is_pair=True)
        > tokenizer.num_special_tokens_to_add(is_pair=False),
    )


def text_pooling(folder: Path, pooling: str, *, causal: bool = False) -> str:
    """Return the pooling that is meant, ``"auto"`` read from the checkpoint."""
    if pooling != "auto":
        return pooling
    try:
        content = json.loads((folder / "1_Pooling" / "config.json").read_bytes())
    except (OSError, ValueError):
        return "last" if causal else "mean"
    modes = content.get("pooling_mode", [])
    if content.get("pooling_mode_lasttoken") or "lasttoken" in modes:
        return "last"
    says_cls = content.get("pooling_mode_cls_token") or "cls" in modes
    return "cls" if says_cls else "mean"


@dataclass(frozen=True, slots=True)
class _LoadedText:
    model: Any
    tokenizer: Tokenizer
    most_tokens: int


_MORE_THAN_ANY = 100_000
_MOST_KEPT = 2
_loaded: dict[str, _LoadedText] = {}
_encoders: dict[tuple[str, int, str], TextEncoder] = {}


def _load_text(source: EncoderSource, digest: str) -> _LoadedText:
    """Return the encoder from this process's memory, under its digest, or load it."""
    if digest not in _loaded:
        if len(_loaded) >= _MOST_KEPT:
            oldest = next(iter(_loaded))
            del _loaded[oldest]
            for key in [key for key in _encoders if key[0] == oldest]:
                del _encoders[key]
        _loaded[digest] = _read_text(source)
    return _loaded[digest]


def _read_text(source: EncoderSource) -> _LoadedText:
    model = load_model(source)
    tokenizer = load_tokenizer(source)
    return _LoadedText(model, tokenizer.backend_tokenizer, most_tokens(model, tokenizer))


def load_tokenizer(source: EncoderSource) -> Any:
    """Return the checkpoint's tokenizer as transformers wraps a fast one.

    Raises:
        ArtefactError: It cannot be read, or is none of the fast ones.
        MissingExtraError: transformers is not installed.
    """
    transformers = require("transformers", extra="torch", needed_by=f"the encoder {source.title}")
    with quietly():
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(
                source.folder, local_files_only=True, trust_remote_code=False
            )
        except Exception as error:
            raise unreadable(source, "tokenizer", error) from error
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise ArtefactError(
            f"the checkpoint {source.title} has no fast tokenizer (tokenizer.json)",
            where=str(source.folder),
        )
    return tokenizer


def most_tokens(model: Any, tokenizer: Any) -> int:
    """Return how many tokens a model from transformers reads at once, special ones included."""
    most = min(int(tokenizer.model_max_length), _MORE_THAN_ANY)
    positions = getattr(model.config, "max_position_embeddings", None)
    if isinstance(positions, int) and positions > 0:
        most = min(most, positions - _skipped_positions(model))
    return most


def _skipped_positions(model: Any) -> int:
    """Return how many positions the net never uses: RoBERTa's begin after the padding's number."""
    for module in model.modules():
        table = getattr(module, "position_embeddings", None)
        if isinstance(table, nn.Embedding) and table.padding_idx is not None:
            return int(table.padding_idx) + 1
    return 0


def load_model(source: EncoderSource, kind: str = "AutoModel") -> Any:
    """Return the checkpoint's model from transformers, in evaluation mode, fp32, on the CPU.

    Args:
        source: What it is.
        kind: Class of transformers that makes it: with this head, or with none.

    Raises:
        ArtefactError: Weights that the config asks for are absent or of another size, or the file
            holds layers that the config does not know; or transformers cannot read it.
        MissingExtraError: transformers is not installed.
    """
    transformers = require("transformers", extra="torch", needed_by=f"the encoder {source.title}")
    # Weights that are absent get random numbers before we see that: nobody else's are drawn.
    with quietly(), torch.random.fork_rng(devices=()):
        try:
            model, info = getattr(transformers, kind).from_pretrained(
                source.folder,
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                dtype=torch.float32,
                output_loading_info=True,
            )
        except Exception as error:
            raise unreadable(source, "weights", error) from error
    known = {_pattern(name) for name, _ in model.named_parameters()}
    absent = sorted(name for name in info["missing_keys"] if not _is_unused(name))
    extra = sorted(name for name in info["unexpected_keys"] if _pattern(name) in known)
    if absent or extra or info["mismatched_keys"]:
        names = absent or extra or sorted(str(item) for item in info["mismatched_keys"])
        what = "lacks" if absent else "does not fit in"
        raise ArtefactError(
            f"the checkpoint {source.title} is not what its config.json says: its file {what} "
            f"'{names[0]}'" + (f" and {len(names) - 1} more" if len(names) > 1 else ""),
            where=str(source.folder),
            why="such weights would be random numbers, or layers left out",
            fix="take config.json and model.safetensors from the same checkpoint",
        )
    if getattr(model.config, "is_encoder_decoder", False):
        model = model.get_encoder()
    # Keys and values are kept only by those who ask for them: training would carry them along.
    model.config.use_cache = False
    return model.eval()


def _is_unused(name: str) -> bool:
    """Return whether a weight plays no part in token states: heads are not read here."""
    return "pooler." in name


def _pattern(name: str) -> str:
    """Return a weight's name with its layer's number taken out and its model's prefix cut."""
    parts = ["#" if part.isdigit() else part for part in name.split(".")]
    return ".".join(parts[parts.index("#") :] if "#" in parts else parts)


def unreadable(source: EncoderSource, what: str, error: Exception) -> ArtefactError:
    """Return the error that tells a user what transformers said."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return ArtefactError(
        f"transformers cannot read the {what} of {source.title}: "
        f"{(lines or [type(error).__name__])[0]}",
        where=str(source.folder),
        why="code that comes with a checkpoint is never run" if "remote" in str(error) else "",
    )


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Let transformers say nothing in this block: no bars, no reports, no warnings of its own."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(ERROR)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers ships it so
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # as above
