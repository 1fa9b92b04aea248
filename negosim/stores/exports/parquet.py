"""Parquet: the tidy table in typed columns, for analysis. Texts stand as they are.

``at`` is an instant in the scenario's time zone; the file's metadata name the run under
``negosim``. Needs pyarrow (the extra ``parquet``).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from itertools import islice
from typing import Any

from negosim.core.errors import StoreError
from negosim.stores.exports.rows import rows
from negosim.stores.exports.text import to_json
from negosim.stores.exports.transcript import Transcript

PAGE = 10_000
"""Rows in a row group."""


def write(transcript: Transcript) -> Iterator[bytes]:
    """The file's bytes. Raises StoreError when pyarrow is not installed."""
    arrow, parquet = _arrow("pyarrow"), _arrow("pyarrow.parquet")
    schema = _schema(arrow, transcript)
    table = ({**row, "details": to_json(row["details"])} for row in rows(transcript))
    file = BytesIO()
    with parquet.ParquetWriter(file, schema) as writer:
        while page := list(islice(table, PAGE)):
            writer.write_table(arrow.Table.from_pylist(page, schema=schema))
    yield file.getvalue()


def _schema(arrow: Any, transcript: Transcript) -> Any:
    text, number = arrow.string(), arrow.int64()
    columns = {
        "run": text, "index": number, "minute": number,
        "at": arrow.timestamp("ms", tz=transcript.calendar.zone),
        "label": text, "sentence": text, "event": text, "version": number, "by": text,
        "to": arrow.list_(text), "channel": text, "about": text, "details": text,
        "causes": arrow.list_(number),
    }  # fmt: skip
    run = {"key": transcript.key, "head": transcript.head, "manifest": dict(transcript.manifest)}
    return arrow.schema(list(columns.items()), metadata={"negosim": to_json(run)})


def _arrow(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise StoreError(
            "Parquet needs pyarrow, which is not installed\npip install 'negosim[parquet]'"
        ) from None
