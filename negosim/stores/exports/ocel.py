"""OCEL 2.0 JSON: a log around its objects, for process mining.

Objects are actors, channels and the matters that live longer than an event: offers, promises,
orders, actions, meetings, requests, ultimatums, claims. An event is related to each object it
names, and the qualifier is the field that names it; its other fields are its attributes. Every
value is text, as the format's JSON schema wants it; its type is declared beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_type_hints

from attrs import define, field

from negosim.core.events import EVENTS, Entry
from negosim.stores.exports.text import to_json
from negosim.stores.exports.transcript import Transcript, fields_of

NAMES = {
    "by": "actor", "to": "actor", "about": "actor", "through": "actor", "offerer": "actor",
    "channel": "channel", "offer": "offer", "answers": "offer", "promise": "promise",
    "order": "order", "action": "action", "meeting": "meeting", "request": "request",
    "ultimatum": "ultimatum", "claim": "claim",
}  # fmt: skip
"""Fields that name objects, and the type of the objects they name."""

BETWEEN = {
    "offered": ("offer", {"by": "made by", "to": "made to", "answers": "answers"}),
    "promised": ("promise", {"by": "owed by", "to": "owed to", "offer": "follows from"}),
    "announced": ("action", {"by": "announced by"}),
    "claimed": ("claim", {"by": "made by", "about": "made about"}),
}
"""Events that relate one object to others: its field, and the qualifiers of the others' fields."""

ALWAYS = "1970-01-01T00:00:00Z"
"""The time of an attribute that never changes, as the format wants it."""

_TYPES = {int: "integer", bool: "boolean", int | None: "integer"}
_EVERY_EVENT = {"index": "integer", "minute": "integer", "causes": "string"}
_ACTOR = {"name": "string", "role": "string", "side": "string"}


def write(transcript: Transcript) -> Iterator[bytes]:
    """One JSON document, an object or an event to a line."""
    found = _Objects(transcript)
    events = [_event(transcript, found, entry) for entry in transcript.entries]
    objects = list(found.by_id.values())
    used = {one["type"] for one in objects}
    parts = {
        "objectTypes": [_object_type(name) for name in dict.fromkeys(NAMES.values()) if name in used],
        "eventTypes": _event_types(transcript),
        "objects": objects,
        "events": events,
    }
    for place, (name, values) in enumerate(parts.items()):
        lines = ",\n".join(map(to_json, values))
        yield f'{"," if place else "{"}\n"{name}":[\n{lines}\n]'.encode()
    yield b"\n}\n"


@define
class _Objects:
    """Every object that was named, in the order of its first naming."""

    transcript: Transcript
    by_id: dict[str, dict[str, Any]] = field(factory=dict)

    def of(self, kind: str, name: str) -> str:
        """The id of an object, which now exists."""
        id = f"{kind}/{name}"
        if id not in self.by_id:
            attributes = self._actor(name) if kind == "actor" else []
            new = {"id": id, "type": kind, "attributes": attributes, "relationships": []}
            self.by_id[id] = new
        return id

    def relate(self, id: str, related: list[dict[str, str]]) -> None:
        """Add relationships that an object does not have yet."""
        known = self.by_id[id]["relationships"]
        known += [pair for pair in related if pair not in known]

    def _actor(self, name: str) -> list[dict[str, str]]:
        actor = self.transcript.actors.get(name)
        if actor is None:
            return []
        values = {"name": actor.name, "role": actor.role.value, "side": actor.side}
        return [{"name": key, "time": ALWAYS, "value": values[key]} for key in _ACTOR]


def _event(transcript: Transcript, objects: _Objects, entry: Entry) -> dict[str, Any]:
    event = entry.event
    values = dict(fields_of(event))
    named = {name: _named(objects, name, values[name]) for name in values if name in NAMES}
    attributes = {name: value for name, value in values.items() if name not in NAMES and value is not None}
    causes = " ".join(map(str, entry.causes))
    every = {"index": entry.index, "minute": entry.minute, "causes": causes}
    if event.name in BETWEEN:
        subject, others = BETWEEN[event.name]
        related = [_related(id, others[name]) for name in others for id in named[name]]
        for id in named[subject]:
            objects.relate(id, related)
    return {
        "id": f"{transcript.key}-{entry.index}",
        "type": event.name,
        "time": transcript.at(entry).isoformat(),
        "attributes": [
            {"name": name, "value": value if isinstance(value, str) else to_json(value)}
            for name, value in (every | attributes).items()
        ],
        "relationships": [_related(id, name) for name, ids in named.items() for id in ids],
    }


def _named(objects: _Objects, name: str, value: Any) -> list[str]:
    """The ids of the objects that a field names, each once."""
    names = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(objects.of(NAMES[name], one) for one in names if one))


def _related(id: str, qualifier: str) -> dict[str, str]:
    return {"objectId": id, "qualifier": qualifier}


def _object_type(name: str) -> dict[str, Any]:
    return {"name": name, "attributes": _declared(_ACTOR if name == "actor" else {})}


def _event_types(transcript: Transcript) -> list[dict[str, Any]]:
    """The types that occur, in the order of the union, with the fields that are attributes."""
    used = {entry.event.name for entry in transcript.entries}
    classes: tuple[Any, ...] = EVENTS
    declared = []
    for cls in classes:
        if cls.name in used:
            hints = get_type_hints(cls)
            names = [name for name in cls.__struct_fields__ if name not in NAMES]
            own = {name: _TYPES.get(hints[name], "string") for name in names}
            declared.append({"name": cls.name, "attributes": _declared(_EVERY_EVENT | own)})
    return declared


def _declared(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]
