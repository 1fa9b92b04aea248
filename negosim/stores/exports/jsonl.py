"""JSON Lines: a run as its own bytes, and back; the round trip is byte-exact.

The first line says what the run is: its manifest, those of the runs it was forked from, its
length and its head. Every other line is one entry as stored, and its link in the hash chain. A
file proves itself: its entries must lead to the head it names, so a changed, missing or added
byte is noticed, and the links say in which line.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from itertools import count, groupby
from operator import itemgetter
from typing import Any

from negosim.core.errors import Conflict, NegosimError, StoreError
from negosim.stores.contract import Manifest, Store
from negosim.stores.encoding import chain
from negosim.stores.encoding.canonical import canonical, parse
from negosim.stores.encoding.chain import run_key
from negosim.stores.encoding.codec import LONGEST
from negosim.stores.ledger.lineage import fork_index
from negosim.stores.ledger.writers import BadEntry

FORMAT = "negosim-run/2"
UNLINKED = "negosim-run/1"
"""The first format, still read: the lines have no links."""
HEADER_LONGEST = 16 * LONGEST
LINE_LONGEST = 10_000
"""How many runs may have been forked from each other."""

FIELDS = ("format", "head", "key", "length", "line", "open")


def write_jsonl(store: Store, key: str, form: str = FORMAT) -> Iterator[bytes]:
    """The lines of a run, each with its line break; ``form`` as a file was written. Raises NotFound."""
    info = store.info(key)
    line = store.line(info.key)
    header = {
        "format": form,
        "key": info.key,
        "line": line,
        "length": info.length,
        "head": info.head,
        "open": info.open,
    }
    yield canonical(header) + b"\n"
    bodies, link = store.bodies(info.key, 0, info.length), _links(line)
    yield from (body + b"\n" if form == UNLINKED else _linked(body, link(body)) for body in bodies)


def _links(line: list[Manifest]) -> Callable[[bytes], bytes]:
    """Takes a run's bodies in order and gives the link of each; ``line``: root first."""
    forks: list[tuple[int, bytes]] = []
    for manifest in line:
        at = fork_index(manifest)
        while forks and forks[-1][0] > at:  # left before its own entries: no part of this chain
            forks.pop()
        forks.append((at, canonical(manifest)))
    raws_at = {at: [raw for _, raw in group] for at, group in groupby(forks, itemgetter(0))}
    places, previous = count(), b""

    def link(body: bytes) -> bytes:
        nonlocal previous
        for raw in raws_at.get(next(places), ()):
            previous = chain.fork(previous, raw) if previous else chain.genesis(raw)
        previous = chain.link(previous, body)
        return previous

    return link


def _linked(body: bytes, link: bytes) -> bytes:
    """An entry's line: its link stands where the order of the keys wants it."""
    before, minute, after = body.rpartition(_MINUTE)
    return b'%s,"link":"%s"%s%s\n' % (before, link.hex().encode(), minute, after)


_MINUTE, _LINK = b',"minute":', b',"link":"'
"""Last in an entry before its name and version, and in no text, where quotes are escaped."""


def read_jsonl(store: Store, lines: Iterable[bytes]) -> str:
    """Keep the run of these lines, in one transaction; its key.

    Raises StoreError naming the line that is wrong, Conflict when another run stands under its
    key; then nothing is kept.
    """
    source = iter(lines)
    header = _header(next(source, b""))
    try:
        link = _links(header["line"]) if header["format"] == FORMAT else None
        bodies = _bodies(source, header["length"], link)
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
    if what := what_it_is(raw):
        raise _BadLine(f"line 1: {what}")
    raw = _stripped(raw, 1)
    try:
        header = parse(raw)
    except NegosimError as error:
        raise _BadLine(f"line 1: {error}") from None
    if not isinstance(header, dict) or header.get("format") not in (FORMAT, UNLINKED):
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


_OTHERS = (
    (b"\x1f\x8b", "a file packed with gzip; unpack it first"),
    (b"PK\x03\x04", "a zip file; unpack it first"),
    (b"PAR1", "Parquet, which negosim writes as a table and does not read"),
    (b"SQLite format 3", "an SQLite file; a store is named with --store"),
    (b"<", "XML or HTML"),
    (b'{"id":', "PLOVER or another list of events, which negosim writes and does not read"),
    (b'[', "a JSON list such as CloudEvents, which negosim writes and does not read"),
    (b"run,index,", "the table that negosim exports as csv and does not read"),
    (b"digraph", "a graph, which negosim exports as dot and does not read"),
    (b"flowchart", "a graph, which negosim exports as mermaid and does not read"),
)
"""How files of other kinds begin, and what they are."""


def changed_on_its_way(line: bytes) -> str:
    """What an editor or a transfer made of the first line of a file, in words; nothing where nothing is seen."""
    if line.startswith(codecs.BOM_UTF8):
        return "the file begins with a byte-order mark (BOM), which is not part of it; save it without"
    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "the file is UTF-16 text; it is read as UTF-8, byte for byte as it was written"
    if line.endswith(b"\r\n"):
        return "the line ends were changed to those of Windows (CRLF); it is read byte for byte as it was written"
    return ""


def what_it_is(line: bytes) -> str:
    """What the first line of a file says that it is, in words; nothing where it may be a run."""
    no_run = f'this is no negosim run (it would begin with "format":"{FORMAT}")'
    for begin, what in _OTHERS:
        if line.lstrip().startswith(begin):
            return f"{no_run}, but {what}"
    if line.strip() == b"{":
        return f"{no_run}, but JSON over several lines, such as ocel, which negosim writes and does not read"
    if changed := changed_on_its_way(line):
        return changed
    return "" if line.startswith(b"{") or not line else no_run


def _bodies(
    lines: Iterator[bytes], length: int, link: Callable[[bytes], bytes] | None
) -> Iterator[bytes]:
    """Every entry's bytes, as many as were announced; with ``link``, as they were linked.

    A link is looked at after its entry was, whose own complaint says more.
    """
    number = 1
    for number, raw in enumerate(lines, 2):
        line = _stripped(raw, number)
        if number - 2 >= length:
            raise _BadLine(f"line {number}: the header announced {length} entries only")
        if link is None:
            yield line
            continue
        body, stated = _unlinked(line, number)
        yield body
        if stated != link(body).hex().encode():
            raise _BadLine(f"line {number}: its bytes are not those that were linked")
    if number - 1 < length:
        raise _BadLine(f"line {number}: the file ends after {number - 1} of {length} entries")


def _unlinked(line: bytes, number: int) -> tuple[bytes, bytes]:
    """The bytes of an entry and its link, from its line."""
    before, key, after = line.rpartition(_LINK)
    if not key:
        raise _BadLine(f"line {number}: it has no link")
    link, _, rest = after.partition(b'"')
    return before + rest, link


def _stripped(raw: bytes, number: int) -> bytes:
    if not raw.endswith(b"\n"):
        raise _BadLine(
            f"line {number}: it does not end; the file was cut"
            if raw
            else "line 1: the file is empty"
        )
    return raw[:-1]
