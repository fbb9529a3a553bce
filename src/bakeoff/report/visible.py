"""Text from outside made harmless to look at: what is invisible or turns the line is shown."""

from __future__ import annotations

import re
import unicodedata

CUT_AT = 300
CUT_MARK = "\N{HORIZONTAL ELLIPSIS}"
# Joiners belong to emoji, Persian and Indic words; the soft hyphen shows itself where it matters.
_KEPT_FORMATS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{SOFT HYPHEN}"
_SUSPECT = re.compile("[^ -~\u00a0-\u02ff\u0370-\u05ff\u3000-\u9fff\uac00-\ud7a3\uff01-\uff5e]")


def visible(text: str) -> str:
    r"""Return ``text`` with control and direction characters written out.

    NUL and escape become their pictures, bidirectional overrides and zero-width characters become
    ``⟨U+202E⟩``, lone surrogates the replacement character; tabs and line ends stay.

    Example:
        >>> visible("a\x00b\u202ec")
        'a␀b⟨U+202E⟩c'
    """
    return _SUSPECT.sub(lambda match: _shown(match[0]), text)


def _shown(character: str) -> str:
    if character in "\n\t" or character in _KEPT_FORMATS:
        return character
    code = ord(character)
    match unicodedata.category(character):
        case "Cc":
            if character == "\r":
                return ""
            return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else _named(code)
        case "Cf":
            return _named(code)
        case "Cs":
            return "\N{REPLACEMENT CHARACTER}"
        case "Zl" | "Zp":
            return "\n"
        case "Cn" if code & 0xFFFE == 0xFFFE:
            return _named(code)
        case _:
            return character


def _named(code: int) -> str:
    return f"⟨U+{code:04X}⟩"


def one_line(text: str) -> str:
    """Return `visible` text with every run of white space as one space."""
    return " ".join(visible(text).split())


def cut(text: str, limit: int = CUT_AT) -> tuple[str, bool]:
    """Return at most ``limit`` characters of ``text``, and whether something was cut off."""
    if len(text) <= limit:
        return text, False
    return text[:limit].rstrip(), True


def short(text: str, limit: int) -> str:
    """Return one line of at most ``limit`` columns (wide characters count two), the cut marked."""
    line = one_line(text)
    if columns(line) <= limit:
        return line
    kept: list[str] = []
    used = 1
    for character in line:
        used += columns(character)
        if used > limit:
            break
        kept.append(character)
    return "".join(kept).rstrip() + CUT_MARK


def two_lines(text: str, limit: int) -> list[str]:
    """Return one or two lines of at most ``limit`` columns, broken at a space if there is one."""
    line = one_line(text)
    if columns(line) <= limit:
        return [line]
    first = short(line, limit).removesuffix(CUT_MARK)
    at_space = first.rfind(" ")
    if line[len(first)] != " " and at_space > limit // 3:
        first = first[:at_space]
    return [first.rstrip(), short(line[len(first) :], limit)]


def columns(text: str) -> int:
    """Return how many columns a text takes on a terminal; Chinese characters take two."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
