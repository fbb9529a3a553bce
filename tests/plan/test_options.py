"""Options from arguments and TOML: arguments come first, texts are read at the door."""

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.plan.options import Options, make_options, parse_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("90 sec", 90), ("10m", 600), ("1.5min", 90), ("1h", 3600)],
)
def test_times_are_read_with_their_units(text, seconds):
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5", "0", "1d", "1e99", "nan"])
def test_other_times_are_refused(text):
    with pytest.raises(UsageError, match="cannot read the time"):
        parse_seconds(text)


def test_arguments_come_before_the_file_and_the_file_before_defaults(tmp_path):
    path = tmp_path / "options.toml"
    path.write_text("folds = 7\nseeds = 2\nanswers-price = '4.1/1000'\ntext = 'body'\n")
    options = make_options({"folds": 4, "seeds": None, "text": ()}, path)
    assert (options.folds, options.seeds, options.preset) == (4, 2, "balanced")
    assert options.answers_price == ("4.1/1000",)
    assert options.text == ("body",)


def test_options_are_frozen_and_every_one_has_a_default():
    options = Options()
    assert options.time == "10m"
    with pytest.raises(ValueError, match="frozen"):
        options.folds = 3


def test_every_option_of_the_command_line_is_one_of_these():
    from bakeoff.cli.run import command

    beside = {"source", "valid", "test", "config", "out", "lang", "as_json"}
    on_the_line = {parameter.name for parameter in command.params}
    assert on_the_line == set(Options.model_fields) | beside


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"llm_price": "cheap"}, "cannot read the price 'cheap'"),
        ({"max_cost": -1}, "the option 'max_cost' cannot be -1"),
        ({"max_calls": 0}, "the option 'max_calls' cannot be 0"),
        ({"ask_all": "perhaps"}, "it must be true or false"),
    ],
)
def test_what_a_run_may_spend_is_read_at_the_door(values, message):
    with pytest.raises(UsageError, match=message):
        make_options(values)
