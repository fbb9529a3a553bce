"""Answers scored by a causal language model: what rows and answers share is computed once.

The plain way reads the whole prompt again for every answer of every row. Keys and values of tokens
depend on nothing that comes later, so those of the prompt's common beginning are kept for all rows,
and those of a row for all its answers, which are read in one go as a tree (each token sees the
prompt and the tokens before it in its own answer). Both ways are here; they differ by rounding.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from bakeoff.models.answer_tree import AnswerTree


@dataclass(frozen=True, slots=True)
class SharedPrefix:
    """Keys and values of a beginning that many rows share.

    Args:
        layers: Of each layer keys and values, each ``(1, heads, length, size)``; none where there
            is no common beginning.
        length: Its tokens.
    """

    layers: tuple[tuple[torch.Tensor, torch.Tensor], ...]
    length: int

    def spread(self, rows: int) -> Any:
        """Return a cache of transformers that begins so for each of some rows."""
        from transformers import DynamicCache

        cache = DynamicCache()
        for layer, (keys, values) in enumerate(self.layers):
            shape = (rows, -1, -1, -1)
            cache.update(keys.expand(shape), values.expand(shape), layer)
        return cache


def read_prefix(net: Any, tokens: torch.Tensor) -> SharedPrefix:
    """Return the keys and values of ``(length,)`` tokens, int64."""
    if not len(tokens):
        return SharedPrefix((), 0)
    found = net(input_ids=tokens[None], past_key_values=_empty(), use_cache=True, **last(net, 1))
    layers = [(keys, values) for keys, values, *_ in found.past_key_values]
    return SharedPrefix(tuple(layers), len(tokens))


def cached_scores(
    net: Any, prefix: SharedPrefix, rows: torch.Tensor, tree: AnswerTree
) -> torch.Tensor:
    """Return the log-probability of each answer's tokens after the form.

    Args:
        net: From transformers, with its head.
        prefix: What stands before every row.
        rows: ``(n, length)``, int64: rows of one length, the answers' form at their end.
        tree: The answers.

    Returns:
        ``(n, n_answers)``, float64.
    """
    n, length = rows.shape
    cache = prefix.spread(n)
    found = net(input_ids=rows, past_key_values=cache, use_cache=True, **last(net, 1))
    logits = [found.logits[:, -1:].float()]
    if tree.n_nodes:
        before = prefix.length + length
        device = rows.device
        depths = torch.from_numpy(tree.depths).to(device)
        tokens = torch.from_numpy(tree.tokens).to(device)
        found = net(
            input_ids=tokens.expand(n, -1),
            attention_mask=_tree_mask(tree, before, found.logits),
            position_ids=(before - 1 + depths).expand(n, -1),
            past_key_values=cache,
            use_cache=True,
        )
        logits.append(found.logits.float())
    whole = torch.cat(logits, dim=1)  # (n, 1 + n_nodes, n_tokens): the root's are the first
    steps = torch.from_numpy(tree.steps).to(whole.device)
    nodes = steps[:, 0] + 1
    taken = whole[:, nodes, steps[:, 1]] - whole.logsumexp(dim=2)[:, nodes]
    members = torch.from_numpy(tree.members).to(whole.device)
    scores: torch.Tensor = taken.double() @ members.T
    return scores


def plain_scores(net: Any, sequences: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
    """Return the log-probability of the last tokens of whole sequences, each read anew.

    Args:
        net: From transformers, with its head.
        sequences: ``(n, length)``, int64: prompts with their answers but for the last token.
        answer: ``(n, n_last)``, int64: the tokens that are scored; the first ``n_last - 1`` of
            them stand at the end of ``sequences``.

    Returns:
        ``(n,)``, float64.
    """
    n_last = answer.shape[1]
    found = net(input_ids=sequences, use_cache=False, **last(net, n_last))
    logits = found.logits[:, -n_last:].float()
    chosen = logits.gather(2, answer[..., None])[..., 0] - logits.logsumexp(dim=2)
    scores: torch.Tensor = chosen.double().sum(dim=1)
    return scores


def last(net: Any, tokens: int) -> dict[str, int]:
    """Return the argument that spares the head all but the last tokens, where a net knows it."""
    known = "logits_to_keep" in inspect.signature(net.forward).parameters
    return {"logits_to_keep": tokens} if known else {}


def _empty() -> Any:
    from transformers import DynamicCache

    # Without a config: a sliding window would drop what later rows and answers must see.
    return DynamicCache()


def _tree_mask(tree: AnswerTree, before: int, like: torch.Tensor) -> torch.Tensor:
    """Return what each node sees, as numbers that are added: ``(1, 1, n_nodes, before + n_nodes)``.

    Everything before the answers is seen by all.
    """
    hidden = torch.zeros(tree.n_nodes, before + tree.n_nodes, dtype=like.dtype, device=like.device)
    unseen = torch.from_numpy(~tree.sees()).to(like.device)
    hidden[:, before:].masked_fill_(unseen, torch.finfo(like.dtype).min)
    return hidden[None, None]
