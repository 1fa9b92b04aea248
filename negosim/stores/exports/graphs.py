"""The causal graph of a run, as DOT (Graphviz) and as Mermaid: an arrow from cause to effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from negosim.core import events as e
from negosim.core.events import Entry
from negosim.stores.exports.text import name_isolated, visible
from negosim.stores.exports.transcript import Transcript

_HARMLESS = " .,:/-→"
"""Signs that mean nothing to Mermaid within a label."""


def write_dot(transcript: Transcript) -> Iterator[bytes]:
    """A digraph for Graphviz; choices are diamonds, claims have dashed borders."""
    yield b'digraph run {\n  rankdir=LR\n  node [shape=box, fontname="sans-serif"]\n'
    for entry in transcript.entries:
        label = "\\n".join(_lines(transcript, entry, _for_dot))
        yield f'  n{entry.index} [label="{label}"{_shape(entry)}]\n'.encode()
    yield from _arrows(transcript, "->")
    yield b"}\n"


def write_mermaid(transcript: Transcript) -> Iterator[bytes]:
    """A flowchart for Mermaid; choices are rhombs."""
    yield b"flowchart LR\n"
    for entry in transcript.entries:
        label = "<br/>".join(_lines(transcript, entry, _for_mermaid))
        left, right = ("{", "}") if isinstance(entry.event, e.Chose) else ("[", "]")
        yield f'  n{entry.index}{left}"{label}"{right}\n'.encode()
    yield from _arrows(transcript, "-->")


def lost(_: Transcript) -> str:
    """What the graph leaves out."""
    return "a graph shows who did what, when and why; terms, deadlines and reasons are left out"


def _lines(transcript: Transcript, entry: Entry, escaped: Callable[[str], str]) -> Iterator[str]:
    """What stands in a node: when, what, who and about what."""
    event = entry.event
    to = ", ".join(name_isolated(transcript.name(actor)) for actor in transcript.addressees(event))
    who = name_isolated(transcript.name(event.by))
    yield escaped(f"{entry.index}: {transcript.at(entry):%Y-%m-%d %H:%M}")
    yield escaped(event.name)
    yield escaped(f"{who} → {to}" if to else who)
    yield escaped(event.taken if isinstance(event, e.Chose) else event.matter[1])


def _shape(entry: Entry) -> str:
    if isinstance(entry.event, e.Chose):
        return ", shape=diamond"
    return ", style=dashed" if isinstance(entry.event, e.Claimed | e.Denied) else ""


def _arrows(transcript: Transcript, arrow: str) -> Iterator[bytes]:
    for entry in transcript.entries:
        for cause in entry.causes:
            yield f"  n{cause} {arrow} n{entry.index}\n".encode()


def _for_dot(text: str) -> str:
    """Within quotes; Graphviz reads backslashes and HTML entities in a label."""
    shown = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _for_mermaid(text: str) -> str:
    """Every sign that could mean something to Mermaid or HTML as its number."""
    return "".join(c if c.isalnum() or c in _HARMLESS else f"#{ord(c)};" for c in visible(text))
