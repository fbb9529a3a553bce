"""Wrong options, on the command line and in files: what is allowed, and the nearest name."""

import pytest


def plan(path, *options):
    return ("plan", path, "--target", "label", *options)


def test_a_wrong_verb_shows_the_nearest(refused):
    refused(2, ("paln", "x.csv"), "no verb 'paln'", "did you mean 'plan'?", "help: bakeoff --help")


@pytest.mark.parametrize(
    ("verb", "option", "near"),
    [
        ("run", "--targett", "--target"),
        ("plan", "--fold", "--folds"),
        ("report", "--language", "--lang"),
        ("predict", "--outptu", "--output"),
    ],
)
def test_a_wrong_option_shows_the_nearest(refused, verb, option, near):
    refused(
        2,
        (verb, "x", "y", option, "z"),
        f"no option '{option}'",
        f"'{near}'",
        f"bakeoff {verb} --help",
    )


def test_a_missing_argument_points_to_the_help(refused):
    refused(2, ("plan",), "Missing argument 'SOURCE'", "help: bakeoff plan --help")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--time", "soon"), ("cannot read the time 'soon'", "write 90s, 10m or 1h")),
        (("--time", "0"), ("cannot read the time '0'", "--time")),
        (("--volume", "lots"), ("cannot read the volume 'lots'", "100k/month")),
        (("--volume", "1.2.3"), ("cannot read the volume '1.2.3'", "--volume")),
        (("--volume", "0"), ("cannot read the volume '0'", "more than 0")),
        (("--volume", "5/fortnight"), ("cannot read the volume", "month, day, week, year")),
        (("--rope", "-1"), ("the option 'rope' cannot be -1.0", "at least 0")),
        (("--rope", "nan"), ("the option 'rope' cannot be nan",)),
        (("--rope", "inf"), ("the option 'rope' cannot be inf", "it must be a number")),
        (("--rope", "wide"), ("'--rope'", "'wide' is not a valid float")),
        (("--machine-price", "-5"), ("'machine_price' cannot be -5.0", "at least 0")),
        (("--folds", "0"), ("the option 'folds' cannot be 0", "at least 1")),
        (("--folds", "51"), ("the option 'folds' cannot be 51", "at most 50")),
        (("--seeds", "0"), ("the option 'seeds' cannot be 0", "at least 1")),
        (("--workers", "0"), ("the option 'workers' cannot be 0", "at least 1")),
        (("--limit", "2"), ("the option 'limit' cannot be 2", "at least 4")),
        (("--preset", "quik"), ("'quik' is not one of", "quick")),
        (("--metric", "acuracy"), ("unknown metric 'acuracy'", "'accuracy'?")),
        (
            ("--metric", "mse"),
            ("the metric 'mse' is not for classification", "use one of accuracy"),
        ),
        (("--prices", "none.toml"), ("no price file none.toml", "--prices", "fix: ")),
        (("--config", "none.toml"), ("cannot read none.toml", "--config")),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_allowed(refused, reviews, options, says):
    refused(2, plan(reviews, *options), *says)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("taget = 'label'", ("unknown option 'taget'", "did you mean 'target'")),
        ("folds = 'many'", ("'folds' cannot be 'many'", "it must be a whole number")),
        ("folds = 2.5", ("'folds' cannot be 2.5", "it must be a whole number")),
        ("preset = 'quik'", ("'preset' cannot be 'quik'", "did you mean 'quick'?")),
        ("text = 3", ("'text' cannot be 3", "a list of names")),
        ("target = ['a']", ("'target' cannot be ['a']", "it must be text")),
        ("time = 'soon'", ("cannot read the time 'soon'",)),
    ],
)
def test_a_wrong_entry_of_a_config_file_names_the_file(refused, reviews, tmp_path, content, says):
    path = tmp_path / "options.toml"
    path.write_text(content)
    where = () if "time" in content else (f"where: {path}",)
    refused(2, ("plan", reviews, "--config", path), *says, *where)


@pytest.mark.parametrize("content", [b"folds =", b"\xff\xfe"], ids=["no-toml", "no-text"])
def test_a_config_file_that_is_no_toml_is_refused(refused, reviews, tmp_path, content):
    path = tmp_path / "options.toml"
    path.write_bytes(content)
    refused(2, ("plan", reviews, "--config", path), "is not TOML", "fix: write options as")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[machin]\nper_cpu_hour = 1", ("unknown entry 'machin'", "did you mean 'machine'?")),
        ("[machine]\nper_cpu_hour = -1", ("'machine.per_cpu_hour' cannot be -1", "at least 0")),
        ("[volume]\nper_month = 0", ("'volume.per_month' cannot be 0", "more than 0")),
        ("[rows]\n'answers:gpt' = 'dear'", ("'rows.answers:gpt' cannot be 'dear'", "dollars")),
        ("[rows", ("the price file is not TOML",)),
    ],
)
def test_a_wrong_price_file_names_the_entry(refused, reviews, tmp_path, content, says):
    path = tmp_path / "prices.toml"
    path.write_text(content)
    refused(2, plan(reviews, "--prices", path), *says, f"where: {path}")
