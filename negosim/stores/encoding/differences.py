"""Where two stored entries differ, field by field."""

from __future__ import annotations

from typing import Any

import msgspec


def first_difference(recorded: bytes, now: bytes) -> str:
    """The differing fields of two entries in canonical bytes, one line each."""
    old, new = msgspec.json.decode(recorded), msgspec.json.decode(now)
    lines = [
        f"  {place}: recorded {_shown(old_value)}, now {_shown(new_value)}"
        for place, old_value, new_value in _differences(old, new, "")
    ]
    return "\n".join(lines[:8])


def _differences(old: Any, new: Any, place: str) -> list[tuple[str, Any, Any]]:
    if old == new and type(old) is type(new):
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for name in dict.fromkeys((*old, *new)):
            inside = f"{place}.{name}" if place else name
            found += _differences(old.get(name), new.get(name), inside)
        return found
    return [(place or "entry", old, new)]


def _shown(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."
