r"""Comma-separated values: the tidy table, safe to open in a spreadsheet.

A text that a spreadsheet would take for a formula begins with an apostrophe; what cannot be seen,
backslashes and semicolons (separators elsewhere) are written as ``\uXXXX``. ``plain_cell`` undoes
both. Several addressees stand with a space between them; ``details`` is JSON.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from negosim.stores.exports.rows import COLUMNS, Row, rows
from negosim.stores.exports.text import plain, to_json, visible
from negosim.stores.exports.transcript import Transcript

_FORMULA = tuple("=+-@＝＋－＠'")


def write(transcript: Transcript) -> Iterator[bytes]:
    """A header and a line per entry."""
    yield _line(COLUMNS)
    for row in rows(transcript):
        yield _line(_cells(row))


def cell(text: str, also: str = ";") -> str:
    """A text as a cell that nothing takes for a formula."""
    shown = visible(text, also)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def plain_cell(shown: str) -> str:
    """The text that ``cell`` was given."""
    return plain(shown.removeprefix("'"))


def _cells(row: Row) -> Iterator[object]:
    for name, value in row.items():
        if name == "at":
            yield row["at"].isoformat(timespec="seconds" if row["at"].second else "minutes")
        elif name == "to":
            yield " ".join(cell(one, "; ") for one in row["to"])
        elif name == "details":
            yield to_json(value, "<;")
        elif name == "causes":
            yield " ".join(map(str, row["causes"]))
        else:
            yield cell(value) if isinstance(value, str) else value


def _line(cells: Iterable[object]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
