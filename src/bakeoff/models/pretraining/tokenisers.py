"""Tokenisers trained on one's own text: WordPiece as BERT has it, byte pairs as GPT-2 has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bakeoff.core.extras import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BEGIN, SEPARATOR, MASK, UNKNOWN, PADDING = "[CLS]", "[SEP]", "[MASK]", "[UNK]", "[PAD]"
END_OF_TEXT = "<|endoftext|>"
LEAST_VOCABULARY = 300
"""Byte pairs begin with the 256 bytes."""


def train_tokeniser(texts: Iterable[str], *, causal: bool, vocabulary: int, longest: int) -> Any:
    """Return a tokeniser of transformers, trained on ``texts``.

    Args:
        texts: Read once.
        causal: Byte pairs, case kept (Sennrich et al. 2016; Radford et al. 2019); else WordPiece
            of lower-case text (Schuster & Nakajima 2012; Devlin et al. 2019).
        vocabulary: Tokens at most, special ones too; fewer where the text has not so many.
        longest: Tokens that the model can read.

    Raises:
        MissingExtraError: tokenizers or transformers is not installed.
    """
    require("tokenizers", extra="torch", needed_by="a tokeniser of one's own")
    return (
        _byte_pairs(texts, vocabulary, longest) if causal else _pieces(texts, vocabulary, longest)
    )


def _byte_pairs(texts: Iterable[str], vocabulary: int, longest: int) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    end = END_OF_TEXT
    return _wrapped(tokenizer, longest, bos_token=end, eos_token=end, pad_token=end)


def _pieces(texts: Iterable[str], vocabulary: int, longest: int) -> Any:
    from tokenizers import Tokenizer, decoders, models, processors

    read = list(texts)
    # Letters inside words get their numbers in an order that is random in each process, and equal
    # counts are told apart by numbers: to get the same pieces always, letters are named first.
    letters = _learned_pieces(read, 1, ())
    inside = sorted(piece for piece in letters if piece.startswith("##"))
    found = _learned_pieces(read, vocabulary, inside)
    tokenizer = Tokenizer(models.WordPiece(found, unk_token=UNKNOWN))
    tokenizer.normalizer, tokenizer.pre_tokenizer = _bert_parts()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.BertProcessing(
        (SEPARATOR, found[SEPARATOR]), (BEGIN, found[BEGIN])
    )
    return _wrapped(
        tokenizer,
        longest,
        cls_token=BEGIN,
        sep_token=SEPARATOR,
        mask_token=MASK,
        unk_token=UNKNOWN,
        pad_token=PADDING,
    )


def _learned_pieces(
    texts: Sequence[str], vocabulary: int, letters: Sequence[str]
) -> dict[str, int]:
    """Return pieces and their numbers; special tokens come first, then ``letters``."""
    from tokenizers import Tokenizer, models, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    tokenizer.normalizer, tokenizer.pre_tokenizer = _bert_parts()
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary,
        special_tokens=[PADDING, UNKNOWN, BEGIN, SEPARATOR, MASK, *letters],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer.get_vocab()


def _bert_parts() -> tuple[Any, Any]:
    from tokenizers import normalizers, pre_tokenizers

    return normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()


def _wrapped(tokenizer: Any, longest: int, **special: str) -> Any:
    from transformers import PreTrainedTokenizerFast

    # Padding on the left is what generation in batches needs; encoders pad on the right.
    side = "right" if "mask_token" in special else "left"
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # transformers ships it so
        tokenizer_object=tokenizer, model_max_length=longest, padding_side=side, **special
    )
