"""Answers as a tree: every answer is found again, shared tokens stand once."""

import numpy as np
import pytest

from bakeoff.core.errors import ContenderError
from bakeoff.models.answer_tree import ROOT, answer_tree


@pytest.mark.parametrize(
    ("answers", "form", "nodes"),
    [
        ([[1, 2, 9], [1, 3, 9]], [1], 2),
        ([[1, 2, 9], [1, 2, 3, 9]], [1, 2], 1),
        ([[7], [8]], [], 0),
        ([[4, 5]], [4], 0),
        ([[1, 2], [1, 2, 3]], [1], 1),
    ],
)
def test_what_all_answers_begin_with_is_their_form_and_each_keeps_a_token(answers, form, nodes):
    tree = answer_tree(answers)
    assert tree.form.tolist() == form
    assert tree.n_nodes == nodes
    assert [[*form, *answer] for answer in tree.answers] == answers


def test_the_steps_of_an_answer_are_its_tokens_from_the_root():
    answers = [[1, 5, 6, 9], [1, 5, 7, 9], [1, 8, 9], [1, 5, 6, 6, 9]]
    tree = answer_tree(answers)
    for number, answer in enumerate(tree.answers):
        steps = tree.steps[tree.members[number] > 0]
        assert [int(token) for _, token in steps] == list(answer)
        assert steps[0, 0] == ROOT
    assert (tree.sees().sum(axis=1) == tree.depths).all()
    assert (tree.parents < np.arange(tree.n_nodes)).all()


def test_answers_that_are_the_same_tokens_are_refused():
    with pytest.raises(ContenderError, match="the same to the model"):
        answer_tree([[1, 2], [1, 2]])
