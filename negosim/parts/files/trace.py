"""A NegMAS negotiation trace as a log: offers, answers and promises in calendar time."""

from __future__ import annotations

import csv
import json
from ast import literal_eval
from io import StringIO
from itertools import product
from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.core import events as e
from negosim.core.errors import BadValue
from negosim.core.events import Entry
from negosim.core.talks import Talks, evolve
from negosim.parts.files.xml import check_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from negosim.core.actors import Actor, Channel
    from negosim.core.events import Event
    from negosim.core.terms import Terms
    from negosim.parts.domain import Domain
    from negosim.parts.files.problem import Problem


@frozen
class TraceRow:
    """One offer of a trace: whose it is, the option of each issue by name, and who accepted it."""

    step: int
    by: str
    offer: tuple[str, ...] | None
    accepted_by: tuple[str, ...] = ()
    state: str = "continuing"


def read_trace(content: bytes, what: str = "the trace") -> tuple[TraceRow, ...]:
    """The rows of a saved ``full_trace``: NegMAS's CSV (``storage_format="csv"``), or a JSON list of its rows.

    Raises BadValue for a file that is too large or has no columns ``step``, ``negotiator`` and ``offer``.
    """
    check_size(content, what)
    try:
        text = content.decode("utf-8-sig")
        rows: Any = json.loads(text) if text.lstrip().startswith("[") else list(csv.DictReader(StringIO(text)))
    except (ValueError, RecursionError, csv.Error) as error:
        raise BadValue(f"{what}: it is neither CSV nor JSON: {error}") from None
    for row in rows:
        if not isinstance(row, dict) or not {"step", "negotiator", "offer"} <= row.keys():
            raise BadValue(f"{what}: a trace has columns 'step', 'negotiator' and 'offer'")
    return tuple(_row(row, f"{what}, row {number}") for number, row in enumerate(rows, 1))


def _row(row: Mapping[str, Any], what: str) -> TraceRow:
    offer, responses = row["offer"], row.get("responses") or {}
    try:
        if isinstance(offer, str):
            offer = literal_eval(offer) if offer.strip() else None
        if isinstance(offer, dict):
            offer = tuple(offer.values())
        options = None if offer is None else tuple(str(x) for x in offer)
        state = str(row.get("state") or "")
        return TraceRow(int(row["step"]), str(row["negotiator"]), options, _accepted(responses), state)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise BadValue(f"{what}: it has no whole step, or an offer that is no list of values") from None


def _accepted(responses: Any) -> tuple[str, ...]:
    """Who accepted, from the CSV's text ``{'co-1': <ResponseType.ACCEPT_OFFER: 0>}`` or from a table."""
    if isinstance(responses, str):
        parts = responses.strip("{} ").split(", ")
        pairs = (part.partition(": ") for part in parts if part)
        return tuple(name.strip("'\"") for name, _, response in pairs if "ACCEPT" in response)
    return tuple(str(name) for name, response in responses.items() if "ACCEPT" in str(response) or response == 0)


def log_of_trace(
    rows: Iterable[TraceRow], problem: Problem, domain: Domain, parties: Mapping[str, Actor], *, via: Channel,
    every: int,
) -> tuple[Entry, ...]:  # fmt: skip
    """The log of a trace: one ``Offered`` a row, ``Agreed`` and the promises at its end.

    ``domain`` is that of ``problem.preferences``. ``parties`` says which actor each negotiator is, by
    the beginning of its name (NegMAS adds a random suffix). A step takes ``every`` minutes; the offers of
    one step are spread over it in order, so each answers the one before and follows from it. Rejections
    are not in such traces: a counter-offer stands for one. Raises BadValue for an unknown negotiator or
    an offer outside the domain.
    """
    log = _Log()
    by_options = dict(zip(product(*(options for _, options in problem.issues)), domain.outcomes, strict=True))
    steps: dict[int, int] = {}
    standing: e.Offered | None = None
    for row in rows:
        place = steps[row.step] = steps.get(row.step, -1) + 1
        minute = row.step * every + place * every // max(len(parties), 1)
        if row.offer is None:
            continue
        actor = _party(row.by, parties)
        wanted = tuple(row.offer)
        if wanted not in by_options:
            raise BadValue(f"step {row.step}: the offer {row.offer} is no outcome of domain {domain.name!r}")
        standing = log.offers(actor, _next(actor, parties), via, by_options[wanted], minute, standing)
        takers = [_party(name, parties) for name in row.accepted_by]
        if row.state == "agreement" and takers:
            log.agrees(takers[-1], standing, minute + via.delay)
            break
    return tuple(log.entries)


def _party(name: str, parties: Mapping[str, Actor]) -> Actor:
    fits = [start for start in parties if name == start or name.startswith(f"{start}-")]
    if not fits:
        raise BadValue(f"the trace has a negotiator {name!r}; known: {', '.join(parties)}")
    return parties[max(fits, key=len)]


def _next(actor: Actor, parties: Mapping[str, Actor]) -> Actor:
    order: Sequence[Actor] = list(parties.values())
    return order[(order.index(actor) + 1) % len(order)]


class _Log:
    """Entries as they are appended, and the state they come to."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._talks = Talks()

    def append(self, minute: int, event: Event, causes: tuple[int, ...]) -> None:
        index = len(self.entries)
        earliest = self.entries[-1].minute if self.entries else 0
        self.entries.append(Entry(index, max(minute, earliest), event, causes))
        self._talks = evolve(self._talks, event)

    def offers(
        self, by: Actor, to: Actor, via: Channel, terms: Terms, minute: int, answered: e.Offered | None
    ) -> e.Offered:
        answers = answered.offer if answered is not None and answered.to == by.id else None
        causes = (len(self.entries) - 1,) if answers is not None else ()
        name = self._talks.next_name(f"{by}/{via}/{terms.slug}")
        offered = e.Offered(name, by.id, to.id, via.id, terms, answers=answers)
        self.append(minute, offered, causes)
        return offered

    def agrees(self, by: Actor, offer: e.Offered, minute: int) -> None:
        index = len(self.entries)
        agreed = e.Agreed(offer.offer, by.id, offer.by, offer.channel, offer.terms, final=True)
        self.append(minute, agreed, (index - 1,))
        for clause in offer.terms.clauses:
            creditor = offer.by if clause.owner == by.id else by.id
            name = f"{offer.offer}:{clause.option}"
            promised = e.Promised(name, clause.owner, creditor, clause.option, offer.offer, "", None, offer.channel)
            self.append(minute, promised, (index,))
