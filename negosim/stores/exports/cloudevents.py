"""CloudEvents 1.0: a JSON batch, one event to a line.

``id`` is the entry's index and ``source`` the run; ``sequence`` sorts as text; ``causationid``
holds the indexes of the causing entries with a space between them. ``data`` is the whole event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from negosim.core.events import Entry
from negosim.stores.exports.text import to_json, visible
from negosim.stores.exports.transcript import Transcript, fields_of

SEQUENCE_DIGITS = 16
"""Enough for every index that a store can hold."""


def write(transcript: Transcript) -> Iterator[bytes]:
    """One JSON array."""
    yield b"["
    for place, entry in enumerate(transcript.entries):
        yield f"{',' if place else ''}\n{to_json(_cloud_event(transcript, entry))}".encode()
    yield b"\n]\n"


def _cloud_event(transcript: Transcript, entry: Entry) -> dict[str, Any]:
    event = entry.event
    causes = {"causationid": " ".join(map(str, entry.causes))} if entry.causes else {}
    return {
        "specversion": "1.0",
        "id": str(entry.index),
        "source": f"urn:negosim:run:{transcript.key}",
        "type": f"negosim.{event.name}.v{event.version}",
        "subject": visible("/".join(event.matter)),
        "time": transcript.at(entry).isoformat(),
        "sequence": str(entry.index).zfill(SEQUENCE_DIGITS),
        **causes,
        "datacontenttype": "application/json",
        "data": dict(fields_of(event)),
    }
