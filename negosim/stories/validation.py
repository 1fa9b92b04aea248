"""Does the scenario know every name its record uses? All that it does not, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.core.address import Address
from negosim.core.errors import NotFound, did_you_mean
from negosim.core.events import EVENTS

if TYPE_CHECKING:
    from negosim.record.model import Name, Record
    from negosim.sim.scenario import Scenario

_EVENTS = tuple(event.name for event in EVENTS)


def problems_with(record: Record, scenario: Scenario) -> list[str]:
    """The mistakes, each with file, line, entry and hint, in the order of the record."""
    problems = [line for name in record.names() if (line := _problem(name, scenario))]
    facts = [fact.id for fact in record.facts]
    for fact in scenario.explanations:
        if fact not in facts:
            hint = did_you_mean(fact, facts)
            problems.append(f"explanations: the record has no fact {fact!r}" + (f"; {hint}" if hint else ""))
    ours, theirs = scenario.calendar, record.calendar
    if (ours.begins, ours.zone) != (theirs.begins, theirs.zone) or scenario.ends < record.ends:
        problems.append(
            f"{record.file}:1: the clock runs from {theirs.begins} for {record.ends} minutes "
            f"({theirs.zone}), the scenario's from {ours.begins} for {scenario.ends} ({ours.zone}); "
            "it may run on past the record, and not stop before it"
        )
    return problems


def _problem(name: Name, scenario: Scenario) -> str | None:
    """The complaint about one name, or None when it is known or nobody can tell."""
    plain = Address.of(name.name).stem if name.kind == "address" else name.name
    known = _known(name, scenario)
    if known is None or plain in known:
        return None
    return name.unknown(known)


def _known(name: Name, scenario: Scenario) -> tuple[str, ...] | None:
    """The names that would be right here; None where the scenario declares none."""
    match name.kind:
        case "actor" | "person":
            return tuple(scenario.table.actors)
        case "channel":
            return tuple(scenario.table.channels)
        case "event":
            return _EVENTS
        case "happening":
            return scenario.happenings or None
        case "address":
            return None if _is_natural(name.name) else _stems(scenario)
        case "alternative":
            return _menu(name.of, scenario)
        case "what" if name.of == "happened":
            return scenario.happenings or None
    return None


def _stems(scenario: Scenario) -> tuple[str, ...]:
    return tuple(f"{decision.actor}.{decision.name}" for decision in scenario.decisions)


def _menu(address: str, scenario: Scenario) -> tuple[str, ...] | None:
    if _is_natural(address):
        return ("yes", "no")
    try:
        return tuple(answer.slug for answer in scenario.decision(address).menu)
    except NotFound:
        return None  # the address itself was complained about


def _is_natural(address: str) -> bool:
    return Address.of(address).is_natural
