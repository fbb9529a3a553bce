import math

import pytest

from bakeoff.report import numbers as n

NB, THIN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("value", "low", "high", "shown"),
    [
        (0.87589, 0.8592, 0.8921, ".876 [.859, .892]"),
        (0.83, 0.75, 0.89, ".83 [.75, .89]"),
        (0.98, 0.965, 0.989, ".980 [.965, .989]"),
        (0.82613, 0.82511, 0.82702, ".8261 [.8251, .8270]"),
        (1.0, 0.96, 1.0, "1.000 [.960, 1.000]"),
        (0.0, 0.0, 0.04, ".000 [.000, .040]"),
        (0.5, None, 0.6, ".500"),
        (0.9, 0.9, 0.9, ".900 [.900, .900]"),
    ],
)
def test_digits_follow_the_interval(value, low, high, shown):
    assert n.interval(value, low, high, percent=True).replace(NB, " ") == shown


@pytest.mark.parametrize(
    ("value", "low", "high", "shown"),
    [
        (0.342, 0.31, 0.375, "0.342 [0.310, 0.375]"),
        (1.31, 1.1, 1.52, "1.31 [1.10, 1.52]"),
        (1234.5, 1194, 1276, "1,230 [1,190, 1,280]"),
        (123456.0, 90000.0, 160000.0, "123,000 [90,000, 160,000]"),
        (-0.4, -0.44, -0.36, "−0.40 [−0.44, −0.36]"),
    ],
)
def test_a_metric_in_its_own_unit_keeps_its_zero(value, low, high, shown):
    assert n.interval(value, low, high, percent=False).replace(NB, " ") == shown


def test_a_given_width_sets_the_digits_of_a_whole_column():
    assert n.interval(0.5, 0.45, 0.55, percent=True, width=0.012).startswith(".500 [.450")


@pytest.mark.parametrize(
    ("difference", "rounding", "shown"),
    [
        (0.012, "nearest", "1.2"),
        (0.012, "up", "1.2"),  # .012 * 100 is 1.2000000000000002 in binary
        (0.01201, "up", "1.3"),
        (0.01299, "down", "1.2"),
        (0.15, "nearest", "15"),
        (0.154, "nearest", "15.4"),
        (-0.0123, "nearest", "−1.2"),
        (0.0004, "nearest", "0.04"),
        (0.00041, "up", "0.041"),
        (0.0, "nearest", "0"),
        (0.00099, "up", "0.1"),
    ],
)
def test_points_and_bounds_round_outwards(difference, rounding, shown):
    assert n.points(difference, rounding=rounding) == shown


@pytest.mark.parametrize(
    ("dollars", "shown"),
    [
        (2, "$2"), (2.04, "$2"), (2.44, "$2.4"), (4100, "$4,100"), (4149, "$4,100"),
        (41, "$41"), (41.4, "$41"), (0.00041, "$0.00041"), (0.5, "$0.50"), (0.041, "$0.041"),
        (0.04, "$0.04"), (0.996, "$1"), (9.96, "$10"), (0, "$0"), (1234567, "$1,200,000"),
        (1e-9, "<$0.000001"), (-3, "−$3"), (99.6, "$100"), (0.1, "$0.10"),
    ],
)  # fmt: skip
def test_money_has_two_significant_digits(dollars, shown):
    assert n.money(dollars) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.003, "3 ms"), (0.0031, "3.1 ms"), (0.0006, "600 µs"), (2e-6, "2 µs"), (12, "12 s"),
        (1.24, "1.2 s"), (0.9996, "1 s"), (89, "89 s"), (100, "2 min"), (240, "4 min"),
        (5400, "1 h 30 min"), (7200, "2 h"), (36001, "10 h"), (200000, "2.3 d"), (0, "0 µs"),
        (0.0999, "100 ms"), (1e-9, "<0.1 µs"),
    ],
)  # fmt: skip
def test_times_are_in_the_unit_a_person_would_say(seconds, shown):
    assert n.duration(seconds).replace(NB, " ") == shown


@pytest.mark.parametrize(
    ("n_bytes", "shown"),
    [(0, "0 B"), (850, "850 B"), (850_000, "850 kB"), (1_240_000_000, "1.2 GB"),
     (999_600, "1 MB"), (3e15, "3,000 TB")],
)  # fmt: skip
def test_sizes(n_bytes, shown):
    assert n.size(n_bytes).replace(NB, " ") == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.08, "8%"), (0.0042, "0.4%"), (0.996, "99.6%"), (1.0, "100%"), (0.0, "0%"),
     (0.99999, ">99.9%"), (0.00001, "<0.1%"), (0.505, "50%"), (0.99, "99%"), (0.0096, "1%")],
)  # fmt: skip
def test_only_all_is_a_hundred_per_cent_and_only_none_is_nought(share, shown):
    assert n.percentage(share).replace(THIN, "") == shown


def test_rough_counts_and_ratios():
    assert [n.about(number) for number in (7, 96, 312, 2312)] == ["7", "96", "310", "2,300"]
    assert [n.times(factor) for factor in (1.44, 2.0, 9.97, 2049)] == ["1.4", "2", "10", "2,000"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (0.0421, "0.042"), (12345.0, "12,000"), (1.2e9, "1.2 × 10⁹"),
     (-2.5e-7, "−2.5 × 10⁻⁷"), (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "–")],
)  # fmt: skip
def test_significant_digits(value, shown):
    assert n.significant(value, 2) == shown


def test_a_number_that_is_not_defined_is_a_dash_with_any_decimals():
    assert n.plain(math.nan, 2) == "–"
    assert n.plain(-math.inf, 0) == "−∞"


@pytest.mark.parametrize("say", [n.duration, n.money])
def test_what_is_not_a_number_is_not_shown_as_one(say):
    assert say(math.nan) == "–"


@pytest.mark.parametrize(
    ("p", "shown"), [(0.0004, "<.001"), (0.0312, ".031"), (0.29, ".29"), (1.0, "1.00")]
)
def test_p_values(p, shown):
    assert n.p_value(p) == shown
