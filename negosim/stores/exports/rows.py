"""A log as a tidy table: one row per event, the same columns for all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypedDict

from negosim.core import events as e
from negosim.stores.exports.transcript import Transcript, fields_of

OWN = ("by", "to", "channel")
"""Fields of events that have columns of their own; the others stand in ``details``."""


class Row(TypedDict):
    """One event; ``about`` names its matter, ``details`` holds the fields that only some have.

    ``sentence`` says it in words. Everything in a run's log was simulated, as ``label`` says; so a
    claim is that somebody of the model claims something, never a fact.
    """

    run: str
    index: int
    minute: int
    at: datetime
    label: str
    sentence: str
    event: str
    version: int
    by: str
    to: list[str]
    channel: str
    about: str
    details: dict[str, Any]
    causes: list[int]


COLUMNS = tuple(Row.__annotations__)


def rows(transcript: Transcript) -> Iterator[Row]:
    """Every entry as a row, in order."""
    for entry in transcript.entries:
        event = entry.event
        values = dict(fields_of(event))
        to = values.get("to", "")
        yield {
            "run": transcript.key,
            "index": entry.index,
            "minute": entry.minute,
            "at": transcript.at(entry),
            "label": "simulated claim" if isinstance(event, e.Claimed) else "simulated",
            "sentence": transcript.sentence(event),
            "event": event.name,
            "version": event.version,
            "by": event.by,
            "to": to if isinstance(to, list) else [to] if to else [],
            "channel": values.get("channel", ""),
            "about": event.matter[1],
            "details": {name: value for name, value in values.items() if name not in OWN},
            "causes": list(entry.causes),
        }
