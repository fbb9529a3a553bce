"""Help of every verb: fast to load, in order, with examples, no wider than 100 columns."""

import tomllib
from pathlib import Path

import pytest

from bakeoff.cli import VERBS

WITH_EXAMPLES = ("run", "plan", "report", "predict", "list")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(call, verb):
    code, out, err = call(verb, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: bakeoff {verb}")
    assert "--json" in out
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize("verb", WITH_EXAMPLES)
def test_help_shows_examples(call, verb):
    assert "\n  bakeoff " in call(verb, "--help")[1]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_the_first_help_lists_the_verbs_in_their_order(call, arguments):
    code, out, _ = call(*arguments)
    assert code == 0
    places = [out.index(f"\n  {verb} ") for verb in VERBS]
    assert places == sorted(places)
    assert "130 interrupted" in out


def test_options_stand_in_sections_with_a_help_each(call):
    out = call("run", "--help")[1]
    titles = ["What is predicted", "Answers that", "Who competes", "How hard", "What it costs"]
    places = [out.index(title) for title in titles]
    assert places == sorted(places)
    from bakeoff.cli.run import command

    assert all(
        parameter.help for parameter in command.params if parameter.param_type_name == "option"
    )


def test_the_version_is_that_of_the_package(call):
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert call("--version")[1] == f"bakeoff, version {project['version']}\n"


def test_help_still_works_after_the_verb_that_has_the_name_of_a_builtin(call):
    call("list", "--json")
    assert call("--help")[0] == 0
