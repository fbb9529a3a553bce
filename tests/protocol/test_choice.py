"""The cheapest of the tied."""

from __future__ import annotations

import math

import pytest

from bakeoff.protocol.choice import Candidate, choose, two_digits
from bakeoff.results.analysis import Money


def candidate(name, score, dollars, *, local=True, guesses=False):
    price = Money(dollars, None) if dollars is not None else Money(None, None, ("answers:x",))
    return Candidate(name, score, price, local, guesses)


LLM = candidate("llm", 0.9, 4.1, local=False)
UNPRICED = candidate("llm", 0.9, None, local=False)
LINEAR = candidate("linear", 0.88, 0.002)
TREES = candidate("trees", 0.89, 0.004)
GUESS = candidate("guess", 0.5, 0.0001, guesses=True)


@pytest.mark.parametrize(
    ("candidates", "tied", "expected"),
    [
        ([LLM, LINEAR, TREES], ["llm"], ("llm", "best")),
        ([LLM, LINEAR, TREES], ["llm", "linear", "trees"], ("linear", "cheapest-of-tied")),
        ([LLM, TREES, LINEAR], ["llm", "trees"], ("trees", "cheapest-of-tied")),
        ([UNPRICED, LINEAR], ["llm"], ("llm", "best")),
        ([UNPRICED, LINEAR, TREES], ["llm", "linear", "trees"], ("linear", "local-of-tied")),
        ([LLM, LINEAR, GUESS], ["llm", "linear", "guess"], ("linear", "cheapest-of-tied")),
        ([LLM], ["llm"], ("llm", "only-one")),
    ],
)
def test_the_cheapest_of_the_tied_wins(candidates, tied, expected):
    choice = choose(candidates, candidates[0].name, tied)
    assert (choice.name, choice.why) == expected


def test_guessing_is_chosen_only_where_nothing_else_is_tied():
    assert choose([GUESS, LINEAR], "guess", ["guess"]).name == "guess"


def test_equal_prices_leave_the_better_score():
    near = candidate("near", 0.891, 0.00404)
    assert choose([LLM, TREES, near], "llm", ["llm", "trees", "near"]).name == "near"


def test_a_known_price_comes_before_an_unknown_one_where_none_is_local():
    bought = candidate("bought", 0.89, 5.0, local=False)
    assert choose([UNPRICED, bought], "llm", ["llm", "bought"]).name == "bought"


def test_with_no_price_at_all_the_better_score_wins():
    other = candidate("other", 0.91, None, local=False)
    assert choose([UNPRICED, other], "other", ["llm", "other"]).name == "other"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (0.00404, 0.004), (4149, 4100), (0.995, 0.99), (-12.6, -13), (math.inf, math.inf)],
)
def test_two_digits(value, expected):
    assert two_digits(value) == pytest.approx(expected)
