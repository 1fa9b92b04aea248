"""JSON Lines: a run as its own bytes, and back; the round trip is byte-exact.

The first line says what the run is: its manifest, those of the runs it was forked from, its
length and its head. Every other line is one entry as stored. A file proves itself: its entries
must lead to the head it names, so a changed, missing or added byte is noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from negosim.core.errors import Conflict, NegosimError, StoreError
from negosim.stores.contract import Store
from negosim.stores.encoding.canonical import canonical, parse
from negosim.stores.encoding.chain import run_key
from negosim.stores.encoding.codec import LONGEST
from negosim.stores.ledger.writers import BadEntry

FORMAT = "negosim-run/1"
HEADER_LONGEST = 16 * LONGEST
LINE_LONGEST = 10_000
"""How many runs may have been forked from each other."""

FIELDS = ("format", "head", "key", "length", "line", "open")


def write_jsonl(store: Store, key: str) -> Iterator[bytes]:
    """The lines of a run, each with its line break. Raises NotFound."""
    info = store.info(key)
    header = {
        "format": FORMAT,
        "key": info.key,
        "line": store.line(info.key),
        "length": info.length,
        "head": info.head,
        "open": info.open,
    }
    yield canonical(header) + b"\n"
    for body in store.bodies(info.key, 0, info.length):
        yield body + b"\n"


def read_jsonl(store: Store, lines: Iterable[bytes]) -> str:
    """Keep the run of these lines, in one transaction; its key.

    Raises StoreError naming the line that is wrong, Conflict when another run stands under its
    key; then nothing is kept.
    """
    source = iter(lines)
    header = _header(next(source, b""))
    bodies = _bodies(source, header["length"])
    try:
        return store.put_bodies(
            header["line"], bodies, head=header["head"], complete=not header["open"]
        )
    except (_BadLine, Conflict):
        raise
    except BadEntry as error:
        raise _BadLine(f"line {error.index + 2}: {error.problem}") from None
    except NegosimError as error:
        raise _BadLine(f"line 1: {error}") from None


class _BadLine(StoreError):
    """A line that is wrong by itself."""


def _header(raw: bytes) -> dict[str, Any]:
    if len(raw) > HEADER_LONGEST:
        raise _BadLine(f"line 1: {len(raw)} bytes; a header has at most {HEADER_LONGEST}")
    raw = _stripped(raw, 1)
    try:
        header = parse(raw)
    except NegosimError as error:
        raise _BadLine(f"line 1: {error}") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise _BadLine(f'line 1: this is no negosim run (it would begin with "format":"{FORMAT}")')
    kinds = (str, str, str, int, list, bool)
    for name, kind in zip(FIELDS, kinds, strict=True):
        if type(header.get(name)) is not kind:
            raise _BadLine(f"line 1: {name} is missing, or not {kind.__name__}")
    if extra := [name for name in header if name not in FIELDS]:
        raise _BadLine(f"line 1: nobody knows {extra[0][:40]!r}")
    if not header["line"] or not all(isinstance(manifest, dict) for manifest in header["line"]):
        raise _BadLine("line 1: line is not a list of manifests")
    if len(header["line"]) > LINE_LONGEST:
        raise _BadLine(f"line 1: forked more than {LINE_LONGEST} times")
    if run_key(header["line"][-1]) != header["key"]:
        raise _BadLine("line 1: the key is not that of the manifest")
    return header


def _bodies(lines: Iterator[bytes], length: int) -> Iterator[bytes]:
    """Every entry's bytes, as many as were announced."""
    number = 1
    for number, raw in enumerate(lines, 2):
        yield _stripped(raw, number)
        if number - 2 >= length:
            raise _BadLine(f"line {number}: the header announced {length} entries only")
    if number - 1 < length:
        raise _BadLine(f"line {number}: the file ends after {number - 1} of {length} entries")


def _stripped(raw: bytes, number: int) -> bytes:
    if not raw.endswith(b"\n"):
        raise _BadLine(
            f"line {number}: it does not end; the file was cut"
            if raw
            else "line 1: the file is empty"
        )
    return raw[:-1]
