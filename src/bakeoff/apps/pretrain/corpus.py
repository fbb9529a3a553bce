"""A text as two streams of tokens on disk, to learn from and to hold out, made once."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.apps.pretrain.texts import documents
from bakeoff.core.errors import DataError
from bakeoff.core.files import storage_errors, write_atomic
from bakeoff.core.seeds import generator
from bakeoff.models.pretraining.packing import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.apps.pretrain.settings import Settings

TOKENISER_BYTES = 100_000_000
"""A tokeniser learns from so much text at most: more hardly changes it."""
_AT_ONCE = 1000
_DONE, _TYPE = "corpus.json", np.uint32
_PARTS = ("learn", "held-out")


@dataclass(frozen=True, slots=True)
class Part:
    """How much text a part has.

    Args:
        documents: Those that have at least one token.
        bytes: In UTF-8.
        tokens: A separator behind each document counted.
    """

    documents: int
    bytes: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """A text as tokens.

    Args:
        learn: To learn from.
        held_out: To validate on.
        learn_stream: ``(n_tokens,)``, uint32, on disk.
        held_out_stream: The same of the held-out text.
    """

    learn: Part
    held_out: Part
    learn_stream: NDArray[Any]
    held_out_stream: NDArray[Any]


def texts_to_learn(settings: Settings) -> Iterator[str]:
    """Yield what a tokeniser learns from: the first 100 MB, without what is held out."""
    size = 0
    for text, held in _divided(settings):
        if not held:
            yield text
            size += len(text)
            if size > TOKENISER_BYTES:
                return


def make_corpus(folder: Path, settings: Settings, tokenizer: Any, *, causal: bool) -> Corpus:
    """Return the text as tokens; what an earlier call left in ``folder`` is taken as it is.

    Args:
        folder: Where the tokens lie.
        settings: Which text, and what is held out.
        tokenizer: Of transformers.
        causal: Documents end with the end-of-text token, else with the separator.

    Raises:
        DataError: There is no text, or nothing to hold out.
        StorageError: The disk is full or cannot be written.
    """
    done = folder / _DONE
    if not done.is_file():
        separator = tokenizer.eos_token_id if causal else tokenizer.sep_token_id
        parts = _write(folder, _divided(settings), tokenizer, separator)
        if not any(part.tokens for part in parts.values()):
            raise DataError(
                f"there is no text in {', '.join(settings.sources)}",
                why="every document is empty, or of tokens that the tokenizer does not know",
                fix="give a text with words in it",
            )
        if settings.held_out and not parts["held-out"].tokens:
            raise DataError(
                f"nothing could be held out of {parts['learn'].documents} document(s)",
                why=f"{settings.held_out:.0%} of whole documents are held out, drawn by chance",
                fix="--held-out 0, a larger share, or --split lines for smaller documents",
            )
        write_atomic(done, json.dumps({n: asdict(p) for n, p in parts.items()}).encode())
    counted = {name: Part(**part) for name, part in json.loads(done.read_bytes()).items()}
    learn, held_out = (counted[name] for name in _PARTS)
    streams = [_stream(folder / f"{name}.tokens", counted[name].tokens) for name in _PARTS]
    return Corpus(learn, held_out, streams[0], streams[1])


def _divided(settings: Settings) -> Iterator[tuple[str, bool]]:
    """Yield each document, and whether it is held out: the same each time."""
    drawn = generator(settings.seed, "held-out")
    for text in documents(settings):
        yield text, bool(drawn.random() < settings.held_out)


def _write(
    folder: Path, texts: Iterable[tuple[str, bool]], tokenizer: Any, separator: int
) -> dict[str, Part]:
    """Write the tokens of all documents, some at a time; return how much there is of each part."""
    found = dict.fromkeys(_PARTS, Part(0, 0, 0))
    encode = tokenizer.backend_tokenizer.encode_batch_fast
    rest = iter(texts)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handles = {name: (folder / f"{name}.tokens").open("wb") for name in _PARTS}
        try:
            while batch := list(islice(rest, _AT_ONCE)):
                for held, name in enumerate(_PARTS):
                    chosen = [text for text, is_held in batch if is_held == bool(held)]
                    rows = encode(chosen, add_special_tokens=False)
                    ids = [np.array(row.ids, dtype=np.int32) for row in rows]
                    stream = join(ids, separator)
                    handles[name].write(stream.astype(_TYPE).tobytes())
                    found[name] = _more(found[name], chosen, ids, len(stream))
        finally:
            for handle in handles.values():
                handle.close()
    return found


def _more(part: Part, texts: list[str], ids: list[NDArray[np.int32]], tokens: int) -> Part:
    sizes = (len(text.encode("utf-8", "replace")) for text in texts)
    return Part(
        part.documents + sum(1 for each in ids if len(each)),
        part.bytes + sum(sizes),
        part.tokens + tokens,
    )


def _stream(path: Path, tokens: int) -> NDArray[Any]:
    # An empty file cannot be mapped.
    return np.memmap(path, dtype=_TYPE, mode="r") if tokens else np.empty(0, dtype=_TYPE)
