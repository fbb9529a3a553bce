"""Causal language models from safe files: weights and a tokenizer that go on with a text."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bakeoff.core.errors import ArtefactError
from bakeoff.models.encoders import load_model, load_tokenizer, most_tokens
from bakeoff.models.environment import one_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from bakeoff.models.encoder_source import EncoderSource

_ANCHOR_CHARACTERS = 32
"""So much of what stands before a text decides how its first letters become tokens."""


@dataclass(frozen=True, slots=True)
class CausalModel:
    """A language model that reads from left to right; shared by all who ask for it.

    Args:
        source: What it is.
        net: From transformers, with its head, in evaluation mode, fp32.
        chat: Its tokenizer as transformers wraps it, for the chat template.
        marks: Reads special tokens where a text spells them out, as templates do.
        plain: Reads them as the letters that they are, as rows must be.
        longest: Tokens that it can hold at once.
    """

    source: EncoderSource
    net: Any
    chat: Any
    marks: Tokenizer
    plain: Tokenizer
    longest: int

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(weight.numel() for weight in self.net.parameters())

    @property
    def bytes_per_token(self) -> int:
        """Memory of a token's keys and values, at most: shared heads need less."""
        config = self.net.config.get_text_config()
        return int(2 * 4 * config.num_hidden_layers * config.hidden_size)

    @property
    def vocabulary(self) -> int:
        """Number of tokens that it gives a probability to."""
        return int(self.net.config.get_text_config().vocab_size)

    def leading(self) -> list[int]:
        """Return the special tokens that its tokenizer puts before every text: most have none."""
        found = self.marks.encode("a")
        special = found.special_tokens_mask
        return found.ids[: special.index(0) if 0 in special else 0]

    def start(self) -> int | None:
        """Return the token before a document: its own, else the one that ends documents, if any."""
        for number in (self.chat.bos_token_id, self.chat.eos_token_id):
            if isinstance(number, int):
                return number
        return None

    def tokens(self, texts: Sequence[str], *, marks: bool = False) -> list[list[int]]:
        """Return each text's token numbers, nothing added.

        Args:
            texts: ``n`` texts.
            marks: Whether special tokens that are spelt out are meant.
        """
        tokenizer = self.marks if marks else self.plain
        with one_thread():
            found = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [row.ids for row in found]

    def tokens_after(
        self, before: str, texts: Sequence[str], *, marks: bool = False
    ) -> list[list[int]]:
        """Return each text's token numbers as they are where it stands after ``before``.

        Some tokenizers write the beginning of a text in another way than the same letters within
        one. Where the text would melt into a token with what stands before, it is read alone.
        """
        anchor = before[-_ANCHOR_CHARACTERS:]
        first, *whole = self.tokens([anchor, *(anchor + text for text in texts)], marks=marks)
        alone = self.tokens(texts, marks=marks)
        n = len(first)
        return [
            ids[n:] if ids[:n] == first else apart for ids, apart in zip(whole, alone, strict=True)
        ]


_MOST_KEPT = 1
_kept: dict[str, CausalModel] = {}


def load_causal(source: EncoderSource) -> CausalModel:
    """Return a language model; its weights are loaded once in a process.

    Args:
        source: From `models.causal_source.find_causal`.

    Raises:
        ArtefactError: The weights do not fit the config, or transformers cannot read them.
        MissingExtraError: transformers is not installed.
    """
    digest = source.digest()
    if digest not in _kept:
        while len(_kept) >= _MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[digest] = _read(source)
    return _kept[digest]


def _read(source: EncoderSource) -> CausalModel:
    net = load_model(source, "AutoModelForCausalLM")
    chat = load_tokenizer(source)
    marks = copy.deepcopy(chat.backend_tokenizer)
    marks.no_padding()
    marks.no_truncation()
    plain = copy.deepcopy(marks)
    plain.encode_special_tokens = True
    model = CausalModel(source, net, chat, marks, plain, most_tokens(net, chat))
    numbers = model.tokens(["a"])[0]
    if not numbers or max(numbers) >= model.vocabulary:
        raise ArtefactError(
            f"the tokenizer of {source.title} is not its model's: it gives tokens that the model "
            "does not know",
            where=str(source.folder),
            fix="take tokenizer and weights from the same checkpoint",
        )
    return model
