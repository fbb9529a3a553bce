"""Possible answers as a tree of tokens: what they share is computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROOT = -1
"""Number of the node before the first token of an answer: the end of the question."""


@dataclass(frozen=True, slots=True)
class AnswerTree:
    """Answers token by token; a node is a beginning of at least one answer, longer than nothing.

    Args:
        form: ``(n_form,)``, int64: tokens with which all answers begin; they stand in no node.
        answers: The rest of each, never empty.
        tokens: ``(n_nodes,)``, int64: last token of each node that is no whole answer.
        parents: ``(n_nodes,)``, int64: the node before it, or `ROOT`; parents come first.
        depths: ``(n_nodes,)``, int64: tokens from the root, from 1.
        steps: ``(n_steps, 2)``, int64: a node (or `ROOT`) and a token that some answer puts there.
        members: ``(n_answers, n_steps)``, float64, 1 where an answer takes a step, else 0.
    """

    form: NDArray[np.int64]
    answers: tuple[tuple[int, ...], ...]
    tokens: NDArray[np.int64]
    parents: NDArray[np.int64]
    depths: NDArray[np.int64]
    steps: NDArray[np.int64]
    members: NDArray[np.float64]

    @property
    def n_nodes(self) -> int:
        """How many tokens must be read to score all answers after their form."""
        return len(self.tokens)

    @property
    def longest(self) -> int:
        """Tokens of the longest answer after the form."""
        return max(len(answer) for answer in self.answers)

    def sees(self) -> NDArray[np.bool_]:
        """Return ``(n_nodes, n_nodes)``: whether a node comes after another, or is it."""
        found = np.eye(self.n_nodes, dtype=np.bool_)
        for node, parent in enumerate(self.parents):
            if parent != ROOT:
                found[node] |= found[parent]
        return found


def answer_tree(answers: Sequence[Sequence[int]]) -> AnswerTree:
    """Return the tree of some answers.

    Args:
        answers: Token numbers of each, in order; at least one answer, none empty.

    Raises:
        ContenderError: Two answers are the same tokens.

    Example:
        >>> tree = answer_tree([[1, 5, 6, 9], [1, 5, 7, 9], [1, 8, 9]])
        >>> tree.form, tree.tokens, tree.parents
        (array([1]), array([5, 6, 7, 8]), array([-1,  0,  0, -1]))
    """
    if len({tuple(answer) for answer in answers}) < len(answers):
        raise ContenderError(
            "two answers are the same to the model: its tokenizer writes both with the same tokens"
        )
    n_form = _shared(answers)
    rest = tuple(tuple(answer[n_form:]) for answer in answers)
    nodes: dict[tuple[int, ...], int] = {}
    steps: dict[tuple[int, int], int] = {}
    taken: list[list[int]] = []
    for answer in rest:
        mine = []
        for end, token in enumerate(answer):
            node = ROOT if end == 0 else nodes.setdefault(answer[:end], len(nodes))
            mine.append(steps.setdefault((node, token), len(steps)))
        taken.append(mine)
    members = np.zeros((len(rest), len(steps)))
    for number, mine in enumerate(taken):
        members[number, mine] = 1.0
    return AnswerTree(
        form=np.array(answers[0][:n_form], dtype=np.int64),
        answers=rest,
        tokens=np.array([begun[-1] for begun in nodes], dtype=np.int64),
        parents=np.array([nodes.get(begun[:-1], ROOT) for begun in nodes], dtype=np.int64),
        depths=np.array([len(begun) for begun in nodes], dtype=np.int64),
        steps=np.array(list(steps), dtype=np.int64).reshape(-1, 2),
        members=members,
    )


def _shared(answers: Sequence[Sequence[int]]) -> int:
    """Return how many first tokens all have in common; each keeps one at least."""
    most = min(len(answer) for answer in answers) - 1
    for place in range(most):
        if len({answer[place] for answer in answers}) > 1:
            return place
    return most
