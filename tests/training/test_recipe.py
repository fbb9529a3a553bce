"""A recipe is refused where a value makes no sense, with the field and what is allowed."""

import math
import subprocess
import sys

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.training import optimisers
from bakeoff.training.recipe import OPTIMISERS, Recipe, epochs_needed


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("epochs", 0, "at least 1"),
        ("batch_rows", 0, "at least 1"),
        ("batch_tokens", -1, "at least 1"),
        ("patience", 0, "at least 1"),
        ("learning_rate", 0.0, "above 0"),
        ("learning_rate", math.nan, "above 0"),
        ("head_rate_factor", math.inf, "above 0"),
        ("weight_decay", -0.1, "at least 0"),
        ("clip", -1.0, "at least 0"),
        ("warmup", 1.5, "from 0 to 1"),
        ("label_smoothing", 1.0, "from 0 to 0.99"),
        ("optimiser", "adamv", "or 'adamw'"),
        ("class_weights", "balance", "did you mean 'balanced'"),
        ("precision", "fp16", "did you mean 'bf16'"),
        ("augment", "token-dropuot=0.1", "did you mean 'token-dropout'"),
    ],
)
def test_a_wrong_value_is_refused(field, value, says):
    with pytest.raises(UsageError, match=says) as caught:
        Recipe(**{field: value})
    assert field in str(caught.value) or field == "augment"


def test_every_optimiser_of_a_recipe_can_be_made(number_net):
    for name in OPTIMISERS:
        assert optimisers.make_optimiser(number_net(), Recipe(optimiser=name)).parts


def test_a_recipe_is_written_without_torch():
    code = (
        "import sys; from bakeoff.training.recipe import Recipe; "
        "Recipe(augment='flip'); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("rows", "epochs"), [(0, 300), (1, 300), (320, 30), (1_200, 8), (100_000, 8)]
)
def test_few_rows_are_passed_over_until_the_least_steps_are_made(rows, epochs):
    assert epochs_needed(rows, epochs=8, least_steps=300, batch_rows=32) == epochs
