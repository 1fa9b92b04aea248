"""Canonical bytes: the subset of RFC 8785 that every JSON encoder writes alike.

Documents hold None, booleans, integers within ±(2^53-1), strings, lists and maps with ASCII keys.
Anything else is refused, never normalised: floats differ between encoders, larger integers do not
survive other readers, and keys beyond ASCII are sorted in two ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from negosim.core.errors import BadValue
from negosim.core.values import LARGEST

DEEPEST = 64
"""How many lists and maps may stand inside each other."""

Document: TypeAlias = "bool | int | str | list[Any] | tuple[Any, ...] | Mapping[str, Any] | None"

_write = msgspec.json.Encoder(order="sorted").encode
_read = msgspec.json.Decoder().decode


def canonical(document: Document) -> bytes:
    """The one encoding of a document: sorted keys, no spaces, UTF-8.

    Raises BadValue naming the place of a value that has no canonical form.
    """
    check(document)
    return _write(document)


def parse(raw: bytes) -> Any:
    """The document of canonical bytes; lists come back as lists.

    Raises BadValue for bytes that are not JSON, or not exactly what ``canonical`` writes
    (spaces, other key order, a key given twice, floats).
    """
    try:
        document = _read(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadValue(f"not JSON: {str(error) or 'nested too deeply'}") from None
    if canonical(document) != raw:
        raise BadValue("not canonical: other key order, spaces, or a key given twice")
    return document


def check(document: object, place: str = "$", depth: int = 0) -> None:
    """Raise BadValue unless ``document`` has a canonical form; ``place`` is named in the error."""
    kind = type(document)
    if document is None or kind is bool:
        return
    if kind is str:
        check_text(document, place)  # type: ignore[arg-type]
    elif kind is int:
        check_number(document, place)  # type: ignore[arg-type]
    elif depth >= DEEPEST:
        raise BadValue(f"{place[:80]}: nested more than {DEEPEST} deep")
    elif kind is list or kind is tuple:
        for number, item in enumerate(document):  # type: ignore[arg-type, var-annotated]
            check(item, f"{place}[{number}]", depth + 1)
    elif isinstance(document, Mapping):
        for key, value in document.items():
            if type(key) is not str or not key.isascii():
                raise BadValue(f"{place}: key {key!r} is not ASCII text")
            check(value, f"{place}.{key}", depth + 1)
    else:
        raise BadValue(
            f"{place}: {_shown(document)} cannot be stored; use integers, text, lists and maps"
        )


def check_text(value: str, place: str) -> None:
    """Raise BadValue for text that UTF-8 cannot hold (a lone surrogate)."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadValue(f"{place}: {_shown(value)} holds a lone surrogate") from None


def check_number(value: int, place: str) -> None:
    """Raise BadValue for an integer that is not exact in every JSON reader."""
    if not -LARGEST <= value <= LARGEST:
        raise BadValue(f"{place}: {value.bit_length()}-bit integer is beyond ±(2^53-1)")


def _shown(value: object) -> str:
    text = ascii(value)
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"
