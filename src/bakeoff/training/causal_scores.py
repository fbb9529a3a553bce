"""Answers of many rows, and whole texts, scored by a causal language model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from bakeoff.core.hashing import hash_bytes
from bakeoff.models.answer_tree import answer_tree
from bakeoff.models.nets.causal_cache import cached_scores, plain_scores, read_prefix
from bakeoff.training.batches import equal_length_batches
from bakeoff.training.devices import bring, held, resolve_device
from bakeoff.training.memory import in_pieces
from bakeoff.training.seeds import pinned_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.models.answer_tree import AnswerTree
    from bakeoff.models.causal import CausalModel
    from bakeoff.models.nets.causal_cache import SharedPrefix

TOLERANCE = 1e-3
"""The two ways may differ by so much in a log-probability, from rounding."""

_BATCH_BYTES = 256_000_000
_BATCH_ROWS = 64
_CHECKED_ANSWERS = 8


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, as tokens.

    Args:
        prefix: ``(n_prefix,)``, int64: the same before every row; may be empty.
        rows: Of each row what follows, to where the answer begins: int64, never empty.
        tree: The answers.
    """

    prefix: NDArray[np.int64]
    rows: tuple[NDArray[np.int64], ...]
    tree: AnswerTree

    def lengths(self) -> NDArray[np.int64]:
        """Return each row's tokens after the prefix, the answers' form included: ``(n,)``."""
        return np.array([len(row) for row in self.rows], dtype=np.int64) + len(self.tree.form)

    def needed(self) -> NDArray[np.int64]:
        """Return the tokens that a model must hold at once for each row: ``(n,)``, int64."""
        return len(self.prefix) + self.lengths() + self.tree.longest - 1

    def shared_tokens(self) -> NDArray[np.int64]:
        """Return the tokens read for each row, the prefix lying ready: ``(n,)``, int64."""
        return self.lengths() + self.tree.n_nodes

    def whole_tokens(self) -> NDArray[np.int64]:
        """Return the tokens read for each row if no row shared its prompt with others."""
        return self.shared_tokens() + len(self.prefix)

    def plain_tokens(self) -> NDArray[np.int64]:
        """Return the tokens read for each row the plain way: the whole anew for every answer."""
        answers = [len(answer) - 1 for answer in self.tree.answers]
        return (len(self.prefix) + self.lengths()) * len(answers) + sum(answers)


def answer_scores(
    model: CausalModel, asked: Questions, *, device: str, threads: int, cached: bool = True
) -> NDArray[np.float64]:
    """Return the log-probability of each answer after the form that all answers share.

    It is the sum over the answer's tokens, its end mark among them, and is not divided by their
    number: softmax over it is the probability of each answer, given that it is one of them. An
    answer that another begins with (``good``, ``good enough``) has no advantage, as the end mark
    counts; a mean over tokens would favour long names whose ends are easily guessed.

    Args:
        model: Asked.
        asked: The questions.
        device: As in `training.devices.resolve_device`.
        threads: Threads to use.
        cached: Whether keys and values are shared; else the plain way, of which this is the same
            but for rounding.

    Returns:
        ``(n, n_answers)``, float64; NaN in rows that do not fit into what the model can hold.

    Raises:
        ContenderError: A single row does not fit into memory.
    """
    place = resolve_device(device)
    found = np.full((len(asked.rows), len(asked.tree.answers)), np.nan)
    fitting = np.flatnonzero(asked.needed() <= model.longest)
    if not len(fitting):
        return found
    with held(place), pinned_threads(threads), torch.inference_mode():
        bring(model.net, place)
        if cached:
            _score_cached(model, asked, fitting, found, place)
        else:
            _score_plain(model, asked, fitting, found, place)
    return found


def few_answers(asked: Questions) -> Questions:
    """Return the first row with a few of the answers: enough to see whether two ways agree."""
    answers = [[*asked.tree.form, *answer] for answer in asked.tree.answers[:_CHECKED_ANSWERS]]
    return Questions(asked.prefix, asked.rows[:1], answer_tree(answers))


def why_not_cached(
    model: CausalModel, asked: Questions, *, device: str, threads: int
) -> str | None:
    """Return why keys and values cannot be shared with this model, or None: both ways agree.

    Rows that do not fit into what the model can hold say nothing.
    """
    plain = answer_scores(model, asked, device=device, threads=threads, cached=False)
    try:
        shared = answer_scores(model, asked, device=device, threads=threads)
    except Exception as error:  # noqa: BLE001 - what a net without such a cache says is its own
        return f"it keeps none that can be shared ({type(error).__name__})"
    fits = asked.needed() <= model.longest
    if not np.all(np.abs(plain - shared)[fits] <= TOLERANCE):
        return "with them it gives other answers than without"
    return None


def token_nats(
    model: CausalModel, texts: Sequence[str], *, device: str, threads: int
) -> list[NDArray[np.float64]]:
    """Return of each text the nats of its tokens, from left to right.

    A text is read as a document of its own, after the token that begins documents (where a model
    has none, after the one that ends them); where there is neither, the first token costs as much
    as one of all tokens drawn evenly. The end of a text costs nothing. A text longer than
    the model can hold is read in windows that overlap by half: each token sees at least so much.

    Args:
        model: A language model.
        texts: ``n`` texts; an empty one has no tokens.
        device: As in `training.devices.resolve_device`.
        threads: Threads to use.

    Returns:
        ``n`` arrays ``(n_tokens,)``, float64, natural logarithms.

    Raises:
        ContenderError: A single window does not fit into memory.
    """
    start = model.start()
    head = [] if start is None else [start]
    sequences = [np.array(head + ids, dtype=np.int64) for ids in model.tokens(texts)]
    uniform = np.array([] if head else [np.log(model.vocabulary)])
    found = [uniform.copy() if len(ids) > 0 else np.empty(0) for ids in sequences]
    windows = [
        (text, begin, end, scored)
        for text, ids in enumerate(sequences)
        for begin, end, scored in _windows(len(ids), model.longest)
    ]
    place = resolve_device(device)
    parts: list[NDArray[np.float64]] = [np.empty(0)] * len(windows)

    def work(positions: NDArray[np.int64]) -> None:
        chosen = [windows[i] for i in positions]
        rows = np.stack([sequences[text][begin:end] for text, begin, end, _ in chosen])
        tokens = torch.from_numpy(rows).to(place)
        logits = model.net(input_ids=tokens[:, :-1], use_cache=False).logits.float()
        said = logits.gather(2, tokens[:, 1:, None])[..., 0] - logits.logsumexp(dim=2)
        for i, nats, (_, _, end, scored) in zip(
            positions, (-said).double().cpu().numpy(), chosen, strict=True
        ):
            parts[i] = nats[len(nats) - (end - scored) :]

    lengths = np.array([end - begin for _, begin, end, _ in windows], dtype=np.int64)
    most = max(1, _BATCH_BYTES // (4 * model.vocabulary))
    with held(place), pinned_threads(threads), torch.inference_mode():
        bring(model.net, place)
        for positions in equal_length_batches(lengths, batch_tokens=most, batch_rows=_BATCH_ROWS):
            in_pieces(work, positions, place)
    for (text, *_), nats in zip(windows, parts, strict=True):
        found[text] = np.concatenate([found[text], nats])
    return found


def _windows(length: int, longest: int) -> list[tuple[int, int, int]]:
    """Return begin, end and first scored token of each window over a sequence."""
    if length < 2:
        return []
    step = max(longest // 2, 1)
    found = [(0, min(length, longest), 1)]
    while found[-1][1] < length:
        _, scored, _ = found[-1]
        end = min(length, scored + step)
        found.append((max(0, end - longest), end, scored))
    return found


def _score_cached(
    model: CausalModel,
    asked: Questions,
    fitting: NDArray[np.int64],
    found: NDArray[np.float64],
    place: torch.device,
) -> None:
    prefix = shared_prefix(model, asked.prefix, place)
    tree = asked.tree
    lengths = asked.lengths()[fitting]

    def work(positions: NDArray[np.int64]) -> None:
        chosen = fitting[positions]
        rows = np.stack([np.concatenate([asked.rows[row], tree.form]) for row in chosen])
        scores = cached_scores(model.net, prefix, torch.from_numpy(rows).to(place), tree)
        found[chosen] = scores.cpu().numpy()

    of_logits = 4 * model.vocabulary * (tree.n_nodes + 1)
    for positions in equal_length_batches(
        lengths + len(asked.prefix) + tree.n_nodes,
        batch_tokens=max(1, _BATCH_BYTES // model.bytes_per_token),
        batch_rows=max(1, min(_BATCH_ROWS, _BATCH_BYTES // of_logits)),
    ):
        in_pieces(work, positions, place)


def _score_plain(
    model: CausalModel,
    asked: Questions,
    fitting: NDArray[np.int64],
    found: NDArray[np.float64],
    place: torch.device,
) -> None:
    tree = asked.tree
    for number, answer in enumerate(tree.answers):
        tail = np.array(answer, dtype=np.int64)
        beginning = np.concatenate([tree.form, tail[:-1]])
        lengths = np.array([len(asked.rows[row]) for row in fitting], dtype=np.int64)

        def work(
            positions: NDArray[np.int64],
            tail: NDArray[np.int64] = tail,
            beginning: NDArray[np.int64] = beginning,
            number: int = number,
        ) -> None:
            chosen = fitting[positions]
            rows = [np.concatenate([asked.prefix, asked.rows[row], beginning]) for row in chosen]
            sequences = torch.from_numpy(np.stack(rows)).to(place)
            scored = torch.from_numpy(tail).to(place).expand(len(chosen), -1)
            found[chosen, number] = plain_scores(model.net, sequences, scored).cpu().numpy()

        whole = lengths + len(asked.prefix) + len(beginning)
        most = max(1, _BATCH_BYTES // model.bytes_per_token)
        for positions in equal_length_batches(whole, batch_tokens=most, batch_rows=_BATCH_ROWS):
            in_pieces(work, positions, place)


_MOST_KEPT = 3
_kept: dict[tuple[str, str, str], SharedPrefix] = {}


def is_kept(model: CausalModel, tokens: NDArray[np.int64], device: str) -> bool:
    """Return whether this process holds the keys and values of a beginning already."""
    return _key(model, tokens, resolve_device(device)) in _kept


def shared_prefix(
    model: CausalModel, tokens: NDArray[np.int64], place: torch.device
) -> SharedPrefix:
    """Return the keys and values of a beginning, computed once in a process."""
    key = _key(model, tokens, place)
    found = _kept.get(key)
    if found is None:
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        found = read_prefix(model.net, torch.from_numpy(tokens).to(place))
        _kept[key] = found
    return found


def _key(
    model: CausalModel, tokens: NDArray[np.int64], place: torch.device
) -> tuple[str, str, str]:
    return model.source.digest(), hash_bytes(tokens.tobytes()), str(place)
