"""From TOML tables to the values of the model, one function per kind of entry.

What can be judged from the entry alone is judged here; what needs the other entries is judged
in ``checks``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from negosim.record.model import (
    Aspect,
    BeliefPattern,
    Certainty,
    Cite,
    Conflict,
    Cover,
    Coverage,
    DocumentedDecision,
    Fact,
    Kind,
    Pattern,
    Plain,
    Precision,
    Source,
    Target,
    Version,
)
from negosim.record.reading import article

if TYPE_CHECKING:
    from negosim.record.dates import Span
    from negosim.record.reading import Table

_SLUG = "[a-z0-9][a-z0-9-]*"
_ADDRESS = re.compile(rf"{_SLUG}\.{_SLUG}(\[[^\[\]]+\])?(#\d+)?")


def read_source(table: Table, never: Span) -> Source:
    """A ``[[source]]``; every key but ``note`` is needed."""
    text = {key: table.text(key, needed=True) for key in ("id", "title", "publisher", "url")}
    if "date" not in table:
        table.wrong("date", "'date' is missing")
    source = Source(
        **text,
        date=table.span("date", never),
        family=table.text("family", needed=True),
        stake=table.text("stake", needed=True),
        note=table.text("note"),
    )
    table.close()
    return source


def read_fact(table: Table, never: Span) -> Fact:
    """A ``[[fact]]``; ``never`` stands in for a date that cannot be read."""
    if "date" not in table:
        table.wrong("date", "'date' is missing")
    span = table.span("date", never)
    known = table.span("known", never) if "known" in table else None
    fact = Fact(
        id=table.text("id", needed=True),
        span=span,
        precision=table.one_of("precision", Precision, "interval"),
        kind=table.one_of("kind", Kind, "report"),
        what=table.text("what", needed=True),
        certainty=table.one_of("certainty", Certainty, "reported"),
        cites=read_cites(table),
        background=table.take("background", bool, False),
        who=table.texts("who"),
        to=table.texts("to"),
        channel=table.text("channel"),
        because=table.text("because"),
        claimant=table.text("claimant"),
        note=table.text("note"),
        tolerance=table.duration("tolerance") or 0,
        after=table.texts("after"),
        event=table.text("event"),
        known=known.earliest if known else None,
        decisions=tuple(_imposition(inner, span) for inner in table.tables("decisions")),
        expect=tuple(read_pattern(inner, span) for inner in table.tables("expect")),
        in_order=table.take("in_order", bool, False),
        within=table.duration("within"),
        beliefs=tuple(read_belief(inner, span) for inner in table.tables("belief", or_one=True)),
    )
    table.close()
    if not fact.background:
        _note_names(table, fact)
    return fact


def read_target(table: Table, never: Span) -> Target:
    """A ``[[target]]``."""
    if "date" not in table:
        table.wrong("date", "'date' is missing")
    span = table.span("date", never)
    target = Target(
        id=table.text("id", needed=True),
        what=table.text("what", needed=True),
        span=span,
        cites=read_cites(table),
        tolerance=table.duration("tolerance") or 0,
        expect=tuple(read_pattern(inner, span) for inner in table.tables("expect")),
        in_order=table.take("in_order", bool, False),
        within=table.duration("within"),
        beliefs=tuple(read_belief(inner, span) for inner in table.tables("belief", or_one=True)),
        note=table.text("note"),
    )
    table.close()
    return target


def read_conflict(table: Table) -> Conflict:
    """A ``[[conflict]]``: at least two versions, each with its sources."""
    versions = tuple(_version(inner) for inner in table.tables("versions"))
    if len(versions) < 2:
        table.wrong("versions", "a conflict needs at least two versions")
    conflict = Conflict(
        id=table.text("id", needed=True),
        about=table.text("about", needed=True),
        facts=table.texts("facts"),
        versions=versions,
        use=table.text("use", needed=True),
    )
    table.close()
    return conflict


def read_coverage(table: Table, never: Span) -> Coverage:
    """A ``[[coverage]]``: an event type and channel, a window, complete or selective, and why."""
    if "window" not in table:
        table.wrong("window", "'window' is missing")
    coverage = Coverage(
        event=table.text("event", needed=True),
        channel=table.text("channel"),
        span=table.span("window", never),
        cover=table.one_of("cover", Cover, "selective"),
        note=table.text("note", needed=True),
    )
    table.close()
    table.name("event", "event", coverage.event)
    table.name("channel", "channel", coverage.channel)
    return coverage


def read_cites(table: Table) -> tuple[Cite, ...]:
    """The ``cites`` of an entry, at least one; each needs its ``source`` and its place ``at``."""
    cites = []
    for inner in table.tables("cites"):
        cites.append(Cite(inner.text("source", needed=True), inner.text("at", needed=True)))
        inner.close()
    if not table.values.get("cites"):
        table.wrong("cites", "without 'cites'; name at least one source and the place in it")
    return tuple(cites)


def _version(table: Table) -> Version:
    version = Version(table.text("says", needed=True), read_cites(table), table.text("by"))
    table.close()
    return version


def _imposition(table: Table, span: Span) -> DocumentedDecision:
    imposition = DocumentedDecision(
        address=table.text("address", needed=True),
        chose=table.text("chose", needed=True),
        span=table.span("date", span),
    )
    if imposition.address and not _ADDRESS.fullmatch(imposition.address):
        table.wrong("address", f"{imposition.address!r} does not read actor.decision[key]")
    table.name("address", "address", imposition.address)
    table.name("chose", "alternative", imposition.chose, of=imposition.address)
    table.close()
    return imposition


def read_pattern(table: Table, span: Span) -> Pattern:
    """One event of an ``expect``; ``span`` is its date unless it has its own."""
    pattern = Pattern(
        event=table.text("event", needed=True),
        span=table.span("date", span),
        by=table.text("by"),
        to=table.text("to"),
        channel=table.text("channel"),
        what=table.text("what"),
        absent=table.take("absent", bool, False),
        at_least=table.take("at_least", int, 1),
        share=_share(table),
        has=_has(table),
    )
    if pattern.absent and pattern.at_least > 1:
        table.wrong("at_least", "'absent' means none at all; it cannot go with 'at_least' above 1", ("absent",))
    if pattern.at_least < 1:
        table.wrong("at_least", "'at_least' is 1 or more; for none at all write absent = true")
    table.name("event", "event", pattern.event)
    table.name("by", "actor", pattern.by)
    table.name("to", "actor", pattern.to)
    table.name("channel", "channel", pattern.channel)
    table.name("what", "what", pattern.what, of=pattern.event)
    for key in ("by", "to", "channel", "share"):
        if key in table:
            table.name(key, "field", key, of=pattern.event)
    for key, _ in pattern.has:
        table.name("has", "field", key, of=pattern.event)
    table.close()
    return pattern


def _share(table: Table) -> tuple[int, int] | None:
    bounds = table.take("share", list, [])
    if "share" not in table:
        return None
    whole = [bound for bound in bounds if type(bound) is int]
    if len(bounds) != 2 or len(whole) != 2 or not 0 <= whole[0] <= whole[1] <= 1000:
        table.wrong("share", "'share' is two whole numbers, low to high, from 0 to 1000")
        return None
    return whole[0], whole[1]


def _has(table: Table) -> tuple[tuple[str, Plain], ...]:
    inner = table.table("has")
    plain: list[tuple[str, Plain]] = []
    for key, value in inner.values.items() if inner else ():
        if isinstance(value, str | int | bool):
            plain.append((key, value))
        elif inner:
            inner.wrong(key, f"{key!r} must be text, a number or true/false, not {article(value)}")
    return tuple(plain)


def read_belief(table: Table, span: Span) -> BeliefPattern:
    """One movement of trust; ``span`` is its date unless it has its own."""
    belief = BeliefPattern(
        actor=table.text("actor", needed=True),
        trust=table.one_of("trust", Aspect, "will"),
        of=table.text("of", needed=True),
        span=table.span("date", span),
        falls=table.take("falls", int, 0),
        rises=table.take("rises", int, 0),
        than=table.one_of("than", Aspect, None, needed=False),
    )
    if not 0 <= belief.falls + belief.rises <= 1000 or min(belief.falls, belief.rises) < 0:
        table.wrong("falls", "'falls' and 'rises' are thousandths, from 1 to 1000", ("rises",))
    elif (belief.falls > 0) == (belief.rises > 0):
        table.wrong("falls", "a belief either 'falls' or 'rises', by so many thousandths", ("rises",))
    if belief.than == belief.trust:
        table.wrong("than", f"'than' names another aspect than {belief.trust!r}", ("trust",))
    table.name("actor", "actor", belief.actor)
    table.name("of", "actor", belief.of)
    table.close()
    return belief


def _note_names(table: Table, fact: Fact) -> None:
    table.name("who", "person", fact.who)
    table.name("to", "person", fact.to)
    table.name("claimant", "person", fact.claimant)
    table.name("channel", "channel", fact.channel)
    table.name("event", "happening", fact.event)
