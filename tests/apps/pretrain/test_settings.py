"""Settings that cannot do are refused with what was got and what is allowed."""

import pytest

from bakeoff.core.errors import UsageError


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"objective": "mml"}, "no --objective 'mml'\n  fix: did you mean 'mlm'"),
        ({"split": "pages"}, "no --split 'pages'"),
        ({"vocabulary": 100}, "--vocabulary is 100\n  why: it must be at least 300"),
        ({"length": 4}, "--length is 4"),
        ({"documents": 0}, "--documents is 0"),
        ({"held_out": 0.9}, "--held-out is 0.9\n  why: it is a share, from 0 to 0.5"),
        ({"epochs": 0}, "epochs is 0"),
        ({"optimiser": "adamww"}, "did you mean 'adamw'"),
        ({"begin_from": "x"}, "--from brings its own tokenizer and shape"),
        ({"heads": 3}, "3 heads do not divide"),
    ],
)
def test_a_setting_out_of_its_range_is_refused(settings, changes, message):
    with pytest.raises(UsageError, match=message):
        settings(**changes)


def test_wide_models_learn_at_a_lower_rate(settings):
    assert settings().recipe().learning_rate == 1e-3
    assert settings(width=512).recipe().learning_rate == 4e-4
    assert settings(learning_rate=0.5).recipe().learning_rate == 0.5
