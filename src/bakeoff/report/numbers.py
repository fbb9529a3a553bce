"""Numbers as a person says them: digits follow the interval, each figure carries its unit."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Literal

MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"
SPACE = "\N{NO-BREAK SPACE}"
Rounding = Literal["nearest", "up", "down"]
_WIDE = 0.05
"""Half width of an interval from which on a metric in per cent is given in whole points."""
_MODES = {"nearest": ROUND_HALF_EVEN, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def round_to(value: float, decimals: int, rounding: Rounding = "nearest") -> Decimal:
    """Round in decimal, so that .012 * 100 does not become 1.3 when it is rounded up."""
    exact = Decimal(f"{value:.12g}")
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=_MODES[rounding])


def decimals_for(half_width: float) -> int:
    """Return how many decimals an interval of this half width bears (may be negative).

    Two digits of the half width are kept if it starts with 1 to 3.5, else one: the Particle Data
    Group's rule.
    """
    if not math.isfinite(half_width) or half_width <= 0:
        return 3
    return min(6, math.ceil(-math.log10(half_width / 3.55)))


def plain(value: float, decimals: int, *, rounding: Rounding = "nearest") -> str:
    """Return a number with that many decimals, thousands set off, and a true minus sign.

    One that is not defined is a dash: a correlation with a model that always says the same.
    """
    if not math.isfinite(value):
        return significant(value)
    rounded = round_to(value, decimals, rounding)
    text = f"{abs(rounded):,.{max(decimals, 0)}f}"
    return (MINUS if rounded < 0 else "") + text


def significant(value: float, digits: int = 3, *, rounding: Rounding = "nearest") -> str:
    """Return a number with that many significant digits; very large and small ones as a x 10^b."""
    if not math.isfinite(value):
        return "\N{EN DASH}" if math.isnan(value) else (MINUS if value < 0 else "") + "\N{INFINITY}"
    if value == 0:
        return "0"
    power = math.floor(math.log10(abs(value)))
    if not -5 < power < 7:
        mantissa = plain(value / 10.0**power, digits - 1, rounding=rounding)
        return f"{mantissa} \N{MULTIPLICATION SIGN} 10{_superscript(power)}"
    return plain(value, digits - 1 - power, rounding=rounding)


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def score(value: float, half_width: float | None = None, *, percent: bool) -> str:
    """Return a metric's value; a metric in per cent drops the zero before the point (``.876``)."""
    if not math.isfinite(value):
        return significant(value)
    if percent:
        # Three decimals also where the interval bears two, or .995 would be called 1.00.
        decimals = 2 if half_width is not None and half_width > _WIDE else 3
        if half_width is not None:
            decimals = max(decimals, decimals_for(half_width))
        text = plain(value, decimals)
        return text.replace("0.", ".", 1) if text.lstrip(MINUS).startswith("0.") else text
    if half_width is None or half_width <= 0 or not 1e-5 < abs(value) < 1e7:
        return significant(value)
    return plain(value, decimals_for(half_width))


def half_width(low: float | None, high: float | None) -> float | None:
    """Return half the width of an interval, or None where there is none."""
    return None if low is None or high is None else (high - low) / 2


def interval(
    value: float,
    low: float | None,
    high: float | None,
    *,
    percent: bool,
    width: float | None = None,
) -> str:
    """Return ``.876 [.859, .892]`` (its inner space does not break), or the value alone.

    The digits follow ``width`` where it is given (half the width of an interval that is usual
    where the number stands), else the number's own interval.
    """
    width = width or half_width(low, high)
    if width is None or low is None or high is None:
        return score(value, percent=percent)
    shown = [score(number, width, percent=percent) for number in (value, low, high)]
    return f"{shown[0]} [{shown[1]},{SPACE}{shown[2]}]"


def points(difference: float, *, rounding: Rounding = "nearest") -> str:
    """Return hundredths, without the unit: ``1.2``; below a tenth, two significant digits."""
    value = difference * 100
    if value == 0 or abs(value) >= 0.095:
        return plain(value, 1, rounding=rounding).removesuffix(".0")
    decimals = min(4, 1 - math.floor(math.log10(abs(value))))
    text = plain(value, decimals, rounding=rounding)
    return "0" if not text.strip(MINUS + "0.") else text.rstrip("0")


def percentage(share: float) -> str:
    """Return a share as ``8 %``, ``0.4 %``, ``99.6 %``; all only for all, none only for none."""
    value = share * 100
    if 0 < value < 0.1:
        return f"<0.1{THIN}%"
    if 99.9 < value < 100:
        return f">99.9{THIN}%"
    decimals = 1 if 0 < value < 1 or 99 < value < 100 else 0
    return f"{plain(value, decimals)}{THIN}%".replace(f".0{THIN}", THIN)


def money(dollars: float) -> str:
    """Return dollars to two significant digits: ``$2``, ``$4,100``, ``$0.00041``, ``$0.50``."""
    if not math.isfinite(dollars) or dollars == 0:
        return "$0" if dollars == 0 else significant(dollars)
    sign = MINUS if dollars < 0 else ""
    amount = abs(dollars)
    if amount < 1e-6:
        return f"{sign}<$0.000001"
    # Rounded first: 0.996 is a dollar, and a dollar is written without cents.
    amount = float(f"{amount:.1e}")
    power = math.floor(math.log10(amount))
    text = f"{amount:,.{max(0, 1 - power)}f}"
    if amount >= 1:
        text = text.removesuffix(".0")
    elif power < -1:
        text = text.rstrip("0")
    return f"{sign}${text}"


def duration(seconds: float) -> str:
    """Return a time in the unit that a person would say: ``3 ms``, ``12 s``, ``4 min``."""
    if not math.isfinite(seconds):
        return significant(seconds)
    for limit, size, unit in ((9.995e-4, 1e-6, "µs"), (0.9995, 1e-3, "ms"), (89.5, 1.0, "s")):
        if seconds < limit:
            return f"{_short(seconds / size)}{SPACE}{unit}"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes}{SPACE}min"
    hours, rest = divmod(minutes, 60)
    if hours < 10 and rest:
        return f"{hours}{SPACE}h {rest}{SPACE}min"
    if hours < 48:
        return f"{round(seconds / 3600)}{SPACE}h"
    return f"{_short(seconds / 86400)}{SPACE}d"


def _short(value: float) -> str:
    if value == 0:
        return "0"
    return plain(value, 0 if value >= 9.95 else 1).removesuffix(".0") if value >= 0.05 else "<0.1"


def size(n_bytes: float) -> str:
    """Return bytes in decimal units: ``850 kB``, ``1.2 GB``."""
    value = float(n_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5:
            return f"{_short(value)}{SPACE}{unit}"
        value /= 1000
    return f"{_short(value)}{SPACE}TB"


def count(number: float) -> str:
    """Return a count with thousands set off: ``12,345``."""
    return plain(number, 0)


def about(number: float) -> str:
    """Return a rough count to two significant digits: 312 becomes ``310``."""
    if abs(number) < 10:
        return count(number)
    return count(float(f"{number:.1e}"))


def times(factor: float) -> str:
    """Return a ratio of at least 1 as ``2,100`` or ``1.4``, to two significant digits."""
    return about(factor) if factor >= 9.95 else plain(factor, 1).removesuffix(".0")


def p_value(p: float) -> str:
    """Return a p-value: ``.031``, ``<.001``."""
    if not math.isfinite(p):
        return significant(p)
    return "<.001" if p < 0.001 else plain(p, 3 if p < 0.1 else 2).replace("0.", ".", 1)
