"""Prices: units, the user's own, and what stays unknown."""

from __future__ import annotations

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.protocol.prices import load_prices, money, parse_price_per_row, parse_volume
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
