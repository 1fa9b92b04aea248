"""The keys that the reader of records and questions knows, found by letting it read nothing; those it needs."""

from __future__ import annotations

from datetime import datetime
from inspect import signature
from typing import TYPE_CHECKING, Any

from negosim.core.time import Calendar
from negosim.record.dates import Span
from negosim.record.lines import Lines
from negosim.record.reading import Desk, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NEVER = Span(0, 0)
IN_FILES = {"span": ("date", "window"), "changes": ("change",)}
"""Fields that a file calls by another name."""


def keys_of(read: Callable[..., Any], *more: object, of: Iterable[str] = ()) -> tuple[str, ...]:
    """The keys that a reading function asks an empty table for, in its order; then those of ``of``.

    Further arguments are handed on. Functions that look at a key only where it is present name it
    in their complaint that it is missing, so that it is found as well.
    """
    table = Table(Desk(file="", lines=Lines(""), calendar=Calendar(datetime(2000, 1, 1), "UTC")), {})
    read(table, *more)
    return tuple(dict.fromkeys((*table.seen, *of)))


def needed(kind: type, but: str = "") -> set[str]:
    """The keys without which there is no such value; ``but`` is one that is taken from what stands around it."""
    must = {name for name, field in signature(kind).parameters.items() if field.default is field.empty}
    return {key for name in must for key in IN_FILES.get(name, (name,))} - {but}
