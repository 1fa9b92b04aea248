"""PLOVER JSON Lines, with CAMEO codes beside: the part of a log that event data have words for.

Codes follow the PLOVER manual of 2021 and later; its scale is never mixed with CAMEO's. A claim
stays a claim (``ACCUSE``, with ``negosim_claim_by``); everything was simulated, so every line's
context says ``hypothetical``. Sectors are taken from actors that have a ``sector``; the entity
code, a country, stays empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from negosim.core import events as e
from negosim.core.actors import NATURE, Role
from negosim.core.events import Entry, Event
from negosim.stores.exports.text import to_json
from negosim.stores.exports.transcript import Transcript


@frozen
class Code:
    """A PLOVER event with its mode and score, and the CAMEO code that says most nearly the same."""

    event: str
    mode: str
    score: float
    cameo: str


OFFER = Code("AGREE", "", 2.5, "035")
PROTEST = Code("PROTEST", "demo", -5, "141")
TO_MEET = Code("AGREE", "", 2.5, "036")

CODES: dict[tuple[str, str], Code] = {
    ("offered", ""): OFFER,
    ("agreed", ""): Code("AGREE", "", 2.5, "030"),
    ("ratified", ""): Code("SUPPORT", "", 5, "057"),
    ("rejected", ""): Code("REJECT", "", -2, "120"),
    ("vetoed", ""): Code("REJECT", "yield", -2, "129"),
    ("promised", ""): OFFER,
    ("kept", ""): Code("RETREAT", "", 6.5, "080"),
    ("announced", ""): Code("THREATEN", "relations", -3.5, "133"),
    ("called-off", ""): Code("CONCEDE", "", 4.5, "082"),
    ("started", ""): PROTEST,
    ("reached", ""): PROTEST,
    ("ultimatum-put", ""): Code("THREATEN", "relations", -3.5, "139"),
    ("claimed", ""): Code("ACCUSE", "allege", -3.5, "112"),
    ("requested", ""): Code("REQUEST", "meet", 0, "106"),
    ("granted", ""): TO_MEET,
    ("granted", "visit"): Code("RETREAT", "access", 6.5, "081"),
    ("refused", ""): Code("REJECT", "meet", -2, "125"),
    ("refused", "visit"): Code("REJECT", "yield", -2, "1243"),
    ("met", ""): Code("CONSULT", "", 2.5, "046"),
    ("met", "visit"): Code("CONSULT", "visit", 4, "042"),
    ("met", "chaired"): Code("CONSULT", "third-party", 1, "045"),
    ("suspended", ""): Code("SANCTION", "withdraw", -6, "164"),
    ("resumed", ""): TO_MEET,
    ("defied", ""): Code("REJECT", "yield", -2, "128"),
}
"""By event, and where it matters by the kind of channel, or ``chaired``: by a facilitator.

Announced actions are taken for protests. What is missing has no code: choices, messages,
mandates and orders, beliefs, leaks, and happenings, which only their scenario understands.
"""

DIFFERS = {
    ("kept", ""): "a promise that is kept is a deed; the manual's CONCEDE is words",
    ("claimed", ""): "the manual has a mode of its own for allegations, the crosswalk one for all disapproval",
    ("requested", ""): "the crosswalk's DEMAND is called REQUEST in the manual of 2021",
    ("granted", "visit"): "to let a visitor in is a deed, for which the manual has RETREAT, mode access",
    ("met", "chaired"): "the manual has a mode for talks that a third party leads, the crosswalk has none",
}
"""Codes other than those of the crosswalk (``CAMEO2PLOVER-2021.txt``) for the same CAMEO code, and why."""

QUADS = {
    1: ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    2: ("COOPERATE", "AID", "RETREAT"),
    3: ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    4: ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}
"""Verbal and material cooperation, verbal and material conflict, as the manual's sections say."""

_QUAD = {event: quad for quad, events in QUADS.items() for event in events}


def write(transcript: Transcript) -> Iterator[bytes]:
    """A line for every entry that has a code."""
    for entry in transcript.entries:
        code = code_of(transcript, entry.event)
        if code is not None:
            yield to_json(_line(transcript, entry, code)).encode() + b"\n"


def lost(transcript: Transcript) -> str:
    """What the lines leave out, in one sentence."""
    events = [entry.event for entry in transcript.entries]
    missing = Counter(x.name for x in events if code_of(transcript, x) is None)
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(missing.items()))
    return (
        f"PLOVER has no code for {missing.total()} of {len(events)} entries"
        f"{f' ({kinds})' if kinds else ''}; terms, deadlines and reasons are left out"
    )


def code_of(transcript: Transcript, event: Event) -> Code | None:
    """The code of an event, or None: what nature does is no actor's doing."""
    if event.by == NATURE.id:
        return None
    channel = transcript.channels.get(getattr(event, "channel", ""))
    special = CODES.get((event.name, channel.kind.value)) if channel is not None else None
    if isinstance(event, e.Met) and special is None and _is_facilitator(transcript, event.by):
        special = CODES["met", "chaired"]
    return special or CODES.get((event.name, ""))


def cameo_quad(cameo: str) -> int:
    """The quad code of a CAMEO code, which differs from PLOVER's for concessions."""
    root = int(cameo[:2])
    return 1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4


def _is_facilitator(transcript: Transcript, id: str) -> bool:
    actor = transcript.actors.get(id)
    return actor is not None and actor.role is Role.FACILITATOR


def _line(transcript: Transcript, entry: Entry, code: Code) -> dict[str, Any]:
    event, local = entry.event, transcript.at(entry)
    actors: tuple[str, ...] = (event.by,)
    recipients = transcript.addressees(event)
    if isinstance(event, e.Met) and code.mode != "visit":
        actors, recipients = (*actors, *recipients), ()  # the manual: all of them meet
    claim = {"negosim_claim_by": event.by} if isinstance(event, e.Claimed) else {}
    return {
        "id": f"{transcript.key}-{entry.index}",
        "date": local.date().isoformat(),
        "time": local.time().isoformat() + local.isoformat()[19:],
        "actor": [_entity(transcript, id) for id in actors],
        "recipient": [_entity(transcript, id) for id in recipients],
        "event": [code.event],
        "mode": [code.mode] if code.mode else [],
        "context": ["hypothetical"],
        "quad_code": _QUAD[code.event],
        "event_scale": code.score,
        "link": "/".join(event.matter),
        "negosim_run": transcript.key,
        "negosim_entry": entry.index,
        "negosim_event": event.name,
        "negosim_channel": getattr(event, "channel", ""),
        "negosim_caused_by": list(entry.causes),
        "negosim_cameo": code.cameo,
        "negosim_cameo_quad": cameo_quad(code.cameo),
        **claim,
    }


def _entity(transcript: Transcript, id: str) -> dict[str, str]:
    actor = transcript.actors.get(id)
    return {
        "code": "",
        "sector": getattr(actor, "sector", ""),
        "entity_text": transcript.name(id),
        "identifier_text": id,
        "negosim_role": actor.role.value if actor is not None else "",
        "negosim_side": actor.side if actor is not None else "",
    }
