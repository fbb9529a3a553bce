from __future__ import annotations

from dataclasses import replace

import pytest

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.base import Budget
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ContenderError, UsageError


@pytest.fixture
def opposite(rows):
    """Return rows that ``script`` gets wrong, and ``script@flip=True`` right."""
    return rows(
        [0, 1] * 10, x=[0.9 - i / 1000 if i % 2 == 0 else 0.1 + i / 1000 for i in range(20)]
    )


def test_the_best_settings_are_found_and_fitted_on_everything(opposite, context):
    model = make_contender("tuned:tunable-script").fit(opposite, None, context)
    assert model.winner.contender.name == "tunable-script@flip=True"
    assert len(model.winner.fitted.seen) == len(opposite)
    assert (model.predict(opposite.inputs, context).codes == opposite.targets).all()


def test_the_part_as_it_is_competes_first_and_keeps_ties(rows, context):
    even = rows([0, 1] * 10, x=[0.5] * 10 + [0.6] * 10)
    model = make_contender("tuned:tunable-script").fit(even, None, context)
    assert model.trials[0][0] == "tunable-script"
    assert model.winner.contender.name == "tunable-script"


def test_a_trial_that_fails_is_noted_and_the_search_goes_on(opposite, context):
    model = make_contender("tuned:tunable-script").fit(opposite, None, context)
    failed = [name for name, score in model.trials if score != score]
    assert failed
    assert all("add=-1.0" in name for name in failed)


def test_no_trial_with_a_score_is_an_error(opposite, context):
    with pytest.raises(ContenderError, match=r"no trial has a score.*less than nothing"):
        make_contender("tuned@trials=1:tunable-script@add=-1.0").fit(opposite, None, context)


def test_the_budget_of_the_plan_goes_before_the_setting(opposite, context):
    context = replace(context, budget=Budget(trials=2))
    model = make_contender("tuned@trials=9:tunable-script").fit(opposite, None, context)
    assert len(model.trials) == 2


def test_a_saved_search_keeps_winner_and_trials(opposite, context, tmp_path):
    contender = make_contender("tuned:tunable-script")
    model = contender.fit(opposite, None, context)
    save_model(contender, opposite.task, model, tmp_path / "model")
    again = load_model(tmp_path / "model").fitted
    assert repr(again.trials) == repr(model.trials)
    assert again.winner.contender == model.winner.contender


def test_what_declares_no_space_is_refused_in_the_plan(opposite):
    reason = make_contender("tuned:memory").refuses(opposite.task)
    assert reason == "'memory' declares no settings that can be tuned"
    assert make_contender("tuned:tunable-script").refuses(opposite.task) is None


@pytest.mark.parametrize("spec", ["tuned", "tuned@trials=0:script", "tuned@trial=3:script"])
def test_a_spec_that_is_no_search_is_refused(spec):
    with pytest.raises(UsageError):
        make_contender(spec)
