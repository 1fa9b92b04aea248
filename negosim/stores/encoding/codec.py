"""The bytes of an entry, and back: one canonical JSON object per entry.

    {"causes":[3],"event":{...},"index":4,"minute":90,"name":"agreed","version":1}

Events go by explicit names and versions, never class paths. Decoding accepts exactly what
encoding writes. Stored bytes are never rewritten: an event of an older version is brought up to
date when it is read, by the upcasters of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, get_args, get_type_hints

import msgspec

from negosim.core.errors import BadValue, NotFound, StoreError
from negosim.core.events import EVENTS, Entry, Event
from negosim.core.values import LARGEST, Check, checker
from negosim.stores.encoding.canonical import canonical, check, parse

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the fields of one version of an event to those of the next; pure, and total."""


def _adds(**fields: Any) -> Upcaster:
    """The next version only has more fields; an old log says nothing in them."""
    return lambda old: {**old, **fields}


UPCASTERS: dict[tuple[str, int], Upcaster] = {
    ("offered", 1): _adds(binding=True),
    ("agreed", 1): _adds(awaits=[]),
    ("kept", 1): _adds(hand=""),
    ("broken", 1): _adds(hand=""),
    ("answered-too-late", 1): _adds(answer="", final=False, due=None, awaits=[]),
    ("settled-too-late", 1): _adds(settlement="", share=0, hand=""),
}
"""By name and the version they start from."""

LONGEST = 1 << 20
"""The largest entry, in bytes."""


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    """The stored object; its fields stand in the order of their bytes."""

    causes: tuple[int, ...]
    event: Any
    index: int
    minute: int
    name: str
    version: int


class _RawBody(msgspec.Struct, forbid_unknown_fields=True):
    causes: tuple[int, ...]
    event: msgspec.Raw
    index: int
    minute: int
    name: str
    version: int


class _Checks(dict[type[Event], Check]):
    """Whether an event can be stored, by its type; compiled when the first of its type comes."""

    def __missing__(self, cls: type[Event]) -> Check:
        self[cls] = fits = checker(cls) if cls in EVENTS else lambda _: False
        return fits


class _Readers(dict[bytes, Callable[[bytes], Entry]]):
    """What reads an entry at once, by how its bytes end: the name and version of its event.

    Made when the first of its kind comes; any other is read by ``decode``.
    """

    def __missing__(self, end: bytes) -> Callable[[bytes], Entry]:
        cls = _ENDS.get(end)
        if cls is None:
            return decode
        self[end] = read = msgspec.json.Decoder(Entry[cls]).decode  # type: ignore[valid-type]
        return read


_EVENTS = {cls.name: cls for cls in EVENTS}
_ENDS = {f',"name":"{cls.name}","version":{cls.version}}}'.encode(): cls for cls in EVENTS}
_FITS, _READ = _Checks(), _Readers()
_write = msgspec.json.Encoder(order="sorted").encode
_read_body = msgspec.json.Decoder(_RawBody).decode
_fits_causes = checker(tuple[int, ...])


def encode(entry: Entry) -> bytes:
    """The canonical bytes of an entry.

    Raises BadValue naming the field that cannot be stored, NotFound for an event of no known type.
    """
    event, index, minute, causes = entry.event, entry.index, entry.minute, entry.causes
    if (
        not _FITS[type(event)](event)
        or not type(index) is type(minute) is int
        or not -LARGEST <= index <= LARGEST
        or not -LARGEST <= minute <= LARGEST
        or (causes != () and not _fits_causes(causes))
    ):
        raise _why_not(entry)
    try:
        raw = _write(_Body(causes, event, index, minute, event.name, event.version))
    except UnicodeEncodeError:
        raise _why_not(entry) from None
    if len(raw) > LONGEST:
        raise BadValue(_too_long(raw))
    return raw


def decode(raw: bytes, upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS) -> Entry:
    """The entry of canonical bytes, with events of older versions brought up to date.

    Raises BadValue for anything that ``encode`` would not have written, naming the field;
    NotFound for an unknown event name; BadValue for a version newer than this code knows.
    """
    if len(raw) > LONGEST:
        raise BadValue(_too_long(raw))
    try:
        body = _read_body(raw)
        cls = _EVENTS.get(body.name)
        if cls is None:
            raise NotFound("event", _printable(body.name), _EVENTS)
        if body.version != cls.version:
            return _upcast(raw, body, cls, upcasters)
        event = msgspec.json.decode(body.event, type=cls)
        entry = Entry(body.index, body.minute, event, body.causes)
        if encode(entry) != raw:
            raise BadValue(_why_not_canonical(raw, cls))
        return entry
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadValue(f"not an entry: {error}") from None


def read_all(bodies: Sequence[bytes]) -> list[Entry]:
    """The entries of bytes that a store wrote itself: as ``decode``, without proving them canonical.

    Raises StoreError when the bytes are damaged after all.
    """
    try:
        return [_READ[body[body.rindex(b',"name":') :]](body) for body in bodies]
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, NotFound) as error:
        what = f"stored entries cannot be read: {error}"
        raise StoreError(f"{what}; negosim store verify says more") from None


def document(entry: Entry) -> dict[str, Any]:
    """The entry as plain maps and lists, for exports and field-by-field comparison."""
    return msgspec.json.decode(encode(entry))  # type: ignore[no-any-return]


def _upcast(
    raw: bytes, body: _RawBody, cls: type[Event], upcasters: Mapping[tuple[str, int], Upcaster]
) -> Entry:
    """An entry whose event was written in another version."""
    fields = parse(raw)["event"]
    for version in range(body.version, cls.version):
        if (body.name, version) not in upcasters:
            raise BadValue(
                f"event {body.name!r} version {version}: no upcaster to version {version + 1}"
            )
        fields = upcasters[body.name, version](fields)
    if body.version > cls.version:
        raise BadValue(
            f"event {body.name!r} has version {body.version}, this negosim knows {cls.version}; use a newer one"
        )
    return Entry(body.index, body.minute, msgspec.json.decode(canonical(fields), type=cls), body.causes)


def _why_not(entry: Entry) -> Exception:
    """What is wrong with an entry that has no canonical form."""
    event = entry.event
    if type(event) not in EVENTS:
        return NotFound("event", type(event).__name__, [cls.__name__ for cls in EVENTS])
    for place, value, hint in _fields(entry):
        try:
            check(_plain(value), place)
        except BadValue as error:
            return error
        if not checker(hint)(value):
            wanted = (
                getattr(hint, "__name__", None)
                if isinstance(hint, type) and not get_args(hint)
                else hint
            )
            return BadValue(f"{place}: {type(value).__name__} where {wanted} belongs")
    return BadValue(f"{event.name}: cannot be stored")


def _fields(entry: Entry) -> list[tuple[str, Any, Any]]:
    """Each stored value with its place and its type."""
    event = entry.event
    hints = get_type_hints(type(event))
    own = [
        ("index", entry.index, int),
        ("minute", entry.minute, int),
        ("causes", entry.causes, tuple[int, ...]),
    ]
    return own + [
        (f"{event.name}.{name}", getattr(event, name), hints[name]) for name in event.__struct_fields__
    ]


def _plain(value: Any) -> Any:
    """A struct within an event as a map, and so are those within it."""
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    return [_plain(item) for item in value] if type(value) is tuple else value


def _why_not_canonical(raw: bytes, cls: type[Event]) -> str:
    given = msgspec.json.decode(raw)["event"]
    names = cls.__struct_fields__
    if extra := [name for name in given if name not in names]:
        return f"{cls.name}: no field called {_printable(extra[0])}; it has {', '.join(names)}"
    if missing := [name for name in names if name not in given]:
        return f"{cls.name}: field {missing[0]!r} is missing"
    return (
        f"{cls.name}: not canonical: other key order, spaces, a key given twice, or unsorted terms"
    )


def _too_long(raw: bytes) -> str:
    return f"an entry of {len(raw)} bytes; the largest has {LONGEST}"


def _printable(text: str) -> str:
    """Foreign text, safe to print."""
    return ascii(text)[1:-1][:60]
