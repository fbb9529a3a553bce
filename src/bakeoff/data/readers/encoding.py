"""Bytes to text: byte order marks, UTF-8, and a guess that is always said aloud."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from bakeoff.core.errors import DataError

_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 4_096
_SAMPLE_LINES = 2_000
_SURROGATE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file, and what it was taken for; bytes that fit nowhere are lone surrogates."""

    text: str
    encoding: str
    guessed: bool


def decode(content: bytes, where: str) -> Decoded:
    """Return the text of a file.

    A file that is UTF-8 but for some lines stays UTF-8, and these lines can be told by
    `is_undecodable`; any other is given to charset-normalizer.

    Raises:
        DataError: No encoding fits.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content, encoding, where)
    half = _utf16_without_mark(content[:_SAMPLE_BYTES])
    if half:
        return Decoded(content.decode(half, "replace"), half, guessed=True)
    try:
        return Decoded(content.decode("utf-8"), "utf-8", guessed=False)
    except UnicodeDecodeError:
        pass
    text = content.decode("utf-8", "surrogateescape")
    broken = sum(1 for line in text.split("\n") if _SURROGATE.search(line))
    whole = sum(
        1 for line in text.split("\n") if not line.isascii() and not _SURROGATE.search(line)
    )
    lines = text.count("\n") + 1
    if whole > broken or (whole == 0 and broken <= 0.001 * lines):
        return Decoded(text, "utf-8", guessed=False)
    return _guess(content, where)


def is_undecodable(text: str) -> bool:
    """Return whether ``text`` holds bytes that the file's encoding has no letter for."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def _marked(content: bytes, encoding: str, where: str) -> Decoded:
    name = encoding.removesuffix("-sig")
    if name == "utf-8":
        return Decoded(content.decode(encoding, "surrogateescape"), name, guessed=False)
    try:
        return Decoded(content.decode(encoding), name, guessed=False)
    except UnicodeDecodeError as error:
        raise DataError(
            f"the file says it is {name.upper()}, but byte {error.start} cannot be decoded",
            where=where,
            fix="save it again as UTF-8",
        ) from error


def _utf16_without_mark(sample: bytes) -> str:
    """Return the encoding if every other byte is mostly NUL, as in UTF-16 of Latin letters."""
    pairs = len(sample) // 2
    if pairs < 4:
        return ""
    if sample[1::2].count(0) > 0.7 * pairs:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > 0.7 * pairs else ""


def _guess(content: bytes, where: str) -> Decoded:
    # Only the lines that tell are looked at: a file of 100 MB costs no more than one of 1 MB.
    telling = [line for line in content.split(b"\n") if not line.isascii()][:_SAMPLE_LINES]
    try:
        telling_text = b"\n".join(telling)
        encoding = _best_encoding(telling_text)
        return Decoded(content.decode(encoding), encoding, guessed=True)
    except (UnicodeDecodeError, LookupError) as error:
        raise DataError(
            "the encoding of the file cannot be told",
            where=where,
            why="it is neither UTF-8 nor any other encoding throughout",
            fix="save it as UTF-8 (in a spreadsheet: 'CSV UTF-8'), or: iconv -f OLD -t UTF-8 FILE",
        ) from error


def _best_encoding(sample: bytes) -> str:
    """Return the likeliest encoding.

    Raises:
        LookupError: None fits.
    """
    if _looks_western(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=list(_LIKELY)).best()
    if found is None:
        raise LookupError
    return str(found.encoding)


def _looks_western(sample: bytes) -> bool:
    """Return whether the sample reads as cp1252 with the accents of Western Europe, thinly sown.

    charset-normalizer alone takes a few short lines of French or German for cp1250 or Big5.
    """
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    others = [character for character in text if not character.isascii()]
    western = sum(character in _WESTERN for character in others)
    return western >= 0.95 * len(others) and len(others) < 0.5 * len(text)


_WESTERN = frozenset("éèêëàâäáãçîïíôöóõòùûüúñßœæøåÉÈÀÂÄÇÖÜÓÁÍÚÑÅØ«»“”‘’„–—…€£°§©®·¡¿")  # noqa: RUF001 - these letters are the point
_LIKELY = (
    "cp1252",
    "cp1250",
    "cp1251",
    "koi8_r",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "cp949",
)
