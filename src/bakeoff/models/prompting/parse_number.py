"""An answer's text as a number."""

from __future__ import annotations

import math
import re
import unicodedata

from bakeoff.models.prompting.parse_form import answer_in, last_parts, negates, plain, refuses

NAMES = ("value", "number", "answer", "score")
_NUMBER = re.compile(r"\d[\d.,'\u2019]*(?:[eE][+\-]?\d+)?", re.ASCII)
_ALONE = re.compile(
    r"(?P<sign>[+\-−]?)(?:[$€£¥₹]\s?)?(?P<sign2>[+\-−]?)"
    r"(?P<digits>(?:\d[\d.,'\u2019]*|\.\d+)(?:[eE][+\-]?\d+)?)\s?(?P<unit>[^\d]{0,20})",
    re.ASCII,
)
# "45 %" may be 45 or 0.45, and "3 k" is not 3: a unit that changes the number is not read.
_SCALING = re.compile(
    r"%|‰|\b[kmb]\b|bn\b|mn\b|hundred|dozen|thousand|million|billion|trillion|percent|per cent"
    r"|[÷×*^{}\[\]]|\bor\b|\bto\b|[十百千万亿]|[\-–—]",
    re.IGNORECASE,
)
_NOT_FINITE = {"nan", "inf", "-inf", "+inf", "infinity", "-infinity", "null", "none", "n/a"}


def read_number(reply: str) -> tuple[float, str | None]:
    """Return the number that a reply is, or NaN and ``"refused"``, ``"outside"`` or ``"unparsed"``.

    Read are "3.5", "1,234.5", "1.234,5", "3,5", "$1,200,000", "12 km", "Value: 4". Not read,
    because they could mean two numbers: "1,234" as plain text, "45 %", "3 k", "3 or 4", "4/5".
    """
    answer = answer_in(reply, NAMES)
    if answer.text is None or (answer.json and negates(answer.before)):
        return math.nan, "refused" if refuses(reply) else "unparsed"
    if any(unicodedata.category(letter) == "No" for letter in answer.text):
        return math.nan, "unparsed"  # NFKC would read a raised 2 as one more digit
    text = plain(answer.text).strip("`*\"' ")
    found = _read(text)
    if (
        found is None and not answer.json and "{" not in text
    ):  # broken JSON may be cut in its number
        parts = last_parts(text)
        clear = [
            after for before, after in parts if not negates(before) and not _has_number(before)
        ]
        found = next((value for value in map(_read, clear) if value is not None), None)
    if found is not None and math.isfinite(found):
        return found, None
    if refuses(text):
        return math.nan, "refused"
    outside = found is not None or text.rstrip(".").casefold() in _NOT_FINITE
    return math.nan, "outside" if outside else "unparsed"


def _has_number(text: str) -> bool:
    return _NUMBER.search(text) is not None


def _read(text: str) -> float | None:
    """Return the number that a whole text is (with a unit perhaps), None if it is not just one."""
    match = _ALONE.fullmatch(text.strip())
    if match is None or (match["sign"] and match["sign2"]) or _SCALING.search(match["unit"]):
        return None
    if len(match["unit"].split()) > 1 or negates(match["unit"]):
        return None
    digits = _with_point(match["digits"].rstrip(".,'\u2019"))
    if digits is None:
        return None
    value = float(digits)
    return -value if (match["sign"] or match["sign2"]) in ("-", "−") else value


def _with_point(digits: str) -> str | None:
    """Return digits with a decimal point and no thousands' marks, None where they are unclear."""
    number, exponent = re.fullmatch(r"([^eE]*)([eE].*)?", digits).groups("")  # type: ignore[union-attr]
    number = re.sub(r"['\u2019](?=\d{3}(?!\d))", "", number)
    points, commas = number.count("."), number.count(",")
    if points and commas:
        thousands, decimal = (",", ".") if number.rfind(".") > number.rfind(",") else (".", ",")
    elif commas == 1:
        if re.fullmatch(r"[1-9]\d{0,2},\d{3}", number):
            return None
        thousands, decimal = ".", ","
    elif commas > 1 or points > 1:
        thousands, decimal = (",", ".") if commas else (".", ",")
    else:
        thousands, decimal = ",", "."
    whole, _, fraction = number.partition(decimal)
    if thousands in whole and not re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+", whole):
        return None
    joined = whole.replace(thousands, "") + ("." + fraction if fraction else "") + exponent
    return joined if re.fullmatch(r"\d*\.?\d+(?:[eE][+\-]?\d+)?", joined) else None
