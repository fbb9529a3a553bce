"""How a delimited text is written: its delimiter, and whether quotes mean anything."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LONGEST_FIELD = 10_000_000
_SAMPLE_RECORDS = 200


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its fields (none if it cannot be read), its first line and how many it spans."""

    fields: list[str]
    line: int
    lines: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A delimiter, and whether a field may be quoted."""

    delimiter: str
    quoted: bool = True

    def records(self, text: str) -> Iterator[Record]:
        """Yield the records of ``text``; blank lines are no records."""
        # Without newline="" a line separator inside a quoted field would be changed.
        lines = io.StringIO(text, newline="")
        reader = csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            strict=True,
        )
        while True:
            first = reader.line_num + 1
            try:
                with _longer_fields():
                    fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                span = max(reader.line_num - first + 1, 1)
                yield Record([], first, span, _explain(str(error)))
                continue
            if fields:
                yield Record(fields, first, reader.line_num - first + 1)


@contextlib.contextmanager
def _longer_fields() -> Iterator[None]:
    """Lift the csv module's limit of 131,072 characters; it is global, so it is put back."""
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _explain(error: str) -> str:
    if "expected after" in error:
        return "text after a closing quote"
    if "unexpected end" in error:
        return "a quote is opened and never closed"
    if "field larger" in error:
        return f"a field has more than {LONGEST_FIELD:,} characters"
    return error


def detect(text: str, *, suffix: str) -> Dialect:
    """Return the dialect of a text.

    A ``.tsv`` file has tabs. Else the delimiter is the one by which most of the first 200 records
    have as many fields as the header. Quotes are taken as such unless the text then loses lines
    or swallows rows (`_quotes_are_text`).
    """
    delimiter = "\t" if suffix == ".tsv" else max(DELIMITERS, key=lambda d: _consistency(text, d))
    quoted = '"' not in text or not _quotes_are_text(text, delimiter)
    return Dialect(delimiter, quoted)


def _consistency(text: str, delimiter: str) -> tuple[float, int]:
    """Return the share of records as wide as the header, and that width; (0, 1) for width 1."""
    records = itertools.islice(Dialect(delimiter).records(text), _SAMPLE_RECORDS)
    widths = [len(record.fields) for record in records]
    if not widths or widths[0] < 2:
        return (0.0, 1)
    return (Counter(widths)[widths[0]] / len(widths), widths[0])


def _quotes_are_text(text: str, delimiter: str) -> bool:
    """Return whether quotes are letters like others (as in many .tsv files).

    Read both ways, the better reading sets fewer lines aside; where both set aside as many, it is
    the one with more rows: an unclosed quote swallows the rows up to the next quote.
    """
    quoted = _reading(text, Dialect(delimiter))
    if quoted.width < 2 or (quoted.lines_lost == 0 and not quoted.spans_lines):
        return False
    plain = _reading(text, Dialect(delimiter, quoted=False))
    return (plain.lines_lost, -plain.rows) < (quoted.lines_lost, -quoted.rows)


@dataclass(frozen=True, slots=True)
class _Reading:
    width: int
    lines_lost: int
    rows: int
    spans_lines: bool


def _reading(text: str, dialect: Dialect) -> _Reading:
    """Return what one way of reading a text keeps and loses."""
    records = dialect.records(text)
    header = next(records, None)
    width = len(header.fields) if header else 0
    lost = rows = 0
    spans = False
    for record in records:
        if len(record.fields) == width:
            rows += 1
            spans = spans or record.lines > 1
        else:
            lost += record.lines
    return _Reading(width, lost, rows, spans)
