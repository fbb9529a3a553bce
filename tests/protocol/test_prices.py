"""Prices: units, the user's own, and what stays unknown."""

from __future__ import annotations

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.protocol.prices import (
    load_prices,
    money,
    parse_llm_price,
    parse_price_per_row,
    parse_volume,
    token_prices,
)
from bakeoff.results.codec import from_json, to_json
from bakeoff.results.records import Cost, PriceRecord

PRICES = PriceRecord(0.036, 10.0, 100_000, {"answers:gpt": 0.0041})


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("4.1/1000", 0.0041),
        ("$4.1/1k", 0.0041),
        ("0.004", 0.004),
        ("3/M", 3e-6),
        ("$ 5 / 10 K", 0.0005),
        ("0", 0.0),
    ],
)
def test_a_price_is_dollars_per_rows(text, dollars):
    assert parse_price_per_row(text) == pytest.approx(dollars)


@pytest.mark.parametrize("text", ["", "free", "4.1/0", "-1", "4.1.2", "1/1000 rows", "."])
def test_a_price_that_cannot_be_read_is_refused(text):
    with pytest.raises(UsageError, match="cannot read the price"):
        parse_price_per_row(text)


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        ("100k/month", 1e5),
        ("5000/day", 150_000),
        ("20000", 20_000),
        ("1,000,000/year", 1e6 / 12),
        ("2m", 2e6),
        ("10/hour", 7200),
        ("7/week", 30),
    ],
)
def test_a_volume_is_predictions_a_month(text, volume):
    assert parse_volume(text) == pytest.approx(volume)


@pytest.mark.parametrize("text", ["", "many", "100/fortnight", "-5", "0", "1.2.3", "0/day"])
def test_a_volume_that_cannot_be_read_is_refused(text):
    with pytest.raises(UsageError, match="cannot read the volume"):
        parse_volume(text)


def test_options_come_before_the_file_and_the_file_before_our_assumptions(tmp_path):
    file = tmp_path / "prices.toml"
    file.write_text('[machine]\nper_cpu_hour = 2.0\n[rows]\n"answers:gpt" = 0.1\n')
    assumed = load_prices(None, volume=None, per_row={})
    own = load_prices(str(file), volume=None, per_row={})
    said = load_prices(
        str(file), volume="1k", per_row={"answers:gpt": 0.2}, machine_price=3.0, hosting_price=0.0
    )
    assert assumed.assumed == ("machine_per_cpu_hour", "hosting_per_month", "volume_per_month")
    assert assumed.machine_per_cpu_hour > 0
    assert (own.machine_per_cpu_hour, own.per_row["answers:gpt"]) == (2.0, 0.1)
    assert own.assumed == ("hosting_per_month", "volume_per_month")
    assert (said.machine_per_cpu_hour, said.hosting_per_month) == (3.0, 0.0)
    assert (said.volume_per_month, said.per_row["answers:gpt"], said.assumed) == (1000, 0.2, ())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[machine]\nper_cpu_huor = 2.0\n", "did you mean 'per_cpu_hour'"),
        ("[machnie]\nper_cpu_hour = 2.0\n", "did you mean 'machine'"),
        ('[machine]\nper_cpu_hour = "dear"\n', "machine.per_cpu_hour"),
        ("[machine\n", "not TOML"),
        ("[machine]\nper_cpu_hour = -1.0\n", "machine.per_cpu_hour"),
        ("[volume]\nper_month = 0\n", "volume.per_month"),
        ('[rows]\n"answers:gpt" = nan\n', "rows.answers:gpt"),
        ('[models."gpt"]\nprompt = 1\n', "'models.gpt.completion' is missing"),
        ('[models."gpt"]\nprompt = 1\ncompletoin = 1\n', "did you mean 'completion'"),
        ('[models."gpt"]\nprompt = -1\ncompletion = 1\n', "models.gpt.prompt"),
    ],
)
def test_a_wrong_price_file_is_refused_with_the_nearest_name(tmp_path, content, message):
    file = tmp_path / "prices.toml"
    file.write_text(content)
    with pytest.raises(UsageError, match=message) as caught:
        load_prices(str(file), volume=None, per_row={})
    assert str(file) in str(caught.value)


def test_an_absent_price_file_is_named(tmp_path):
    with pytest.raises(UsageError, match="no price file"):
        load_prices(str(tmp_path / "absent.toml"), volume=None, per_row={})


def test_a_trained_model_costs_its_cpu_seconds_and_its_hosting():
    found = money(PRICES, hosted=True, cost=Cost(cpu_s_per_row=0.5), usage=[{}, {}])
    assert found.per_1000 == pytest.approx(1000 * (0.5 * 0.036 / 3600 + 10.0 / 100_000))
    assert found.per_month == pytest.approx(found.per_1000 * 100)


def test_answers_cost_their_price_a_row_and_no_hosting():
    usage = [{"answers:gpt/row": 1.0}, {}]
    found = money(PRICES, hosted=False, cost=Cost(), usage=usage)
    assert found.per_1000 == pytest.approx(4.1 / 2)


def test_a_cascade_pays_both():
    usage = [{"answers:gpt/row": 1.0}] + [{}] * 9
    found = money(PRICES, hosted=True, cost=Cost(cpu_s_per_row=0.0), usage=usage)
    assert found.per_1000 == pytest.approx(0.41 + 0.1)


@pytest.mark.parametrize(
    ("hosted", "cost", "usage", "unknown"),
    [
        (False, Cost(), [{"answers:other/row": 1.0}], ("answers:other",)),
        (True, Cost(), [{}], ("machine time",)),
        (True, Cost(cpu_s_per_row=1.0), [{"answers:other/row": 1.0}], ("answers:other",)),
    ],
)
def test_an_unknown_price_leaves_the_sum_unknown(hosted, cost, usage, unknown):
    found = money(PRICES, hosted=hosted, cost=cost, usage=usage)
    assert found.per_1000 is None
    assert found.per_month is None
    assert found.unknown == unknown


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.15/0.60", (0.15, 0.6)), ("$2.5 / $10", (2.5, 10.0)), ("0/0", (0.0, 0.0))],
)
def test_a_language_models_price_is_two_numbers(text, expected):
    assert parse_llm_price(text) == expected


@pytest.mark.parametrize("text", ["", "0.15", "0.15/", "a/b", "-1/2", "1/2/3", "1.2.3/4"])
def test_a_language_models_price_that_cannot_be_read_is_refused(text):
    with pytest.raises(UsageError, match="cannot read the price") as caught:
        parse_llm_price(text)
    assert caught.value.where == "--llm-price"


def test_prices_of_models_stand_in_the_file_and_the_option_comes_first(tmp_path):
    file = tmp_path / "prices.toml"
    file.write_text(
        '[models."org/small"]\nprompt = 0.15\ncompletion = 0.6\n'
        '[models."org/small@https://dear.example/v1"]\nprompt = 1.5\ncompletion = 6\n'
    )
    own = load_prices(str(file), volume=None, per_row={})
    assert token_prices(own, "llm:org/small@http://localhost:8000/v1") == (0.15, 0.6)
    assert token_prices(own, "llm:org/small@https://dear.example/v1") == (1.5, 6.0)
    assert token_prices(own, "llm:other@http://localhost:8000/v1") is None
    said = load_prices(str(file), volume=None, per_row={}, llm_price="3/4")
    assert token_prices(said, "llm:org/small@https://dear.example/v1") == (3.0, 4.0)


MODEL = "llm:m@http://localhost/v1"
TOKENS = {f"{MODEL}/prompt_tokens": 180.0, f"{MODEL}/completion_tokens": 5.0, f"{MODEL}/calls": 1.0}


def test_tokens_are_charged_and_calls_are_not():
    prices = PriceRecord(0.0, 0.0, 1_000, per_million={"llm:m": (2.5, 10.0)})
    found = money(prices, hosted=False, cost=Cost(), usage=[TOKENS, {}])
    assert found.per_1000 == pytest.approx(1000 * (180 * 2.5 + 5 * 10) / 1e6 / 2)
    assert found.per_month == pytest.approx(found.per_1000)


def test_tokens_of_unknown_price_leave_the_sum_unknown():
    found = money(PRICES, hosted=False, cost=Cost(), usage=[TOKENS])
    assert (found.per_1000, found.unknown) == (None, (MODEL,))


def test_prices_written_before_there_were_tokens_are_read():
    new = PriceRecord(0.036, 10.0, 100_000, per_million={"llm:m": (2.5, 10.0)})
    assert from_json(PriceRecord, to_json(new), where="here") == new
    old = '{"machine_per_cpu_hour": 0.05, "hosting_per_month": 10, "volume_per_month": 100}'
    assert from_json(PriceRecord, old, where="here").per_million == {}
