"""Runs in other programs' formats, and back from JSON Lines.

JSON Lines are the run itself, byte for byte. The others are views of it, written for their
readers; what a view leaves out is said by ``lost``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from negosim.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.stores.exports.transcript import Transcript

CANONICAL = "jsonl"
VIEWS = {
    "csv": "csv:write",
    "parquet": "parquet:write",
    "ocel": "ocel:write",
    "cloudevents": "cloudevents:write",
    "plover": "plover:write",
    "dot": "graphs:write_dot",
    "mermaid": "graphs:write_mermaid",
}
"""Every other format: the module that is imported when it is asked for, and its function."""

FORMATS = (CANONICAL, *VIEWS)


def view(form: str, transcript: Transcript) -> tuple[Iterator[bytes], str]:
    """A transcript's bytes in a format, and a sentence on what they leave out, or nothing.

    Raises NotFound for a format nobody knows; while it is read, BadValue for a minute that has no
    date, StoreError when a library that the format needs is not installed.
    """
    if form not in VIEWS:
        raise NotFound("format", form, VIEWS)
    place, _, function = VIEWS[form].partition(":")
    module = import_module(f"negosim.stores.exports.{place}")
    written: Iterator[bytes] = getattr(module, function)(transcript)
    lost = getattr(module, "lost", None)
    return written, lost(transcript) if lost is not None else ""
