"""Hypothesis strategies for everything the core can hold, at the table of ``people``.

Values are drawn from small sets of names on purpose: matters collide, answers miss, promises end
twice, which is where rules go wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from negosim.core import events as e
from negosim.core import moves as m
from negosim.core.actors import Channel, Kind
from negosim.core.terms import Terms
from negosim.testing.people import ACTORS, CHANNELS, Grain, Truce

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from negosim.core.events import Event
    from negosim.core.moves import Move

names = st.sampled_from([actor.id for actor in ACTORS])
"""An actor's id."""
channel_names = st.sampled_from([channel.id for channel in CHANNELS])
"""A channel's id."""
minutes = st.integers(0, 10_000)
"""A minute of the first week."""
words = st.sampled_from(["hello", "peace", "march"])
"""A slug."""
shares = st.integers(1, 1000)
"""How much of a promise is kept, in thousandths."""

terms = st.builds(
    lambda truce, grain: Terms.of(*(option for option in (truce, grain) if option)),
    st.sampled_from(Truce),
    st.none() | st.sampled_from(Grain),
)
"""A package of one or two options."""

branches = st.lists(words, min_size=2, max_size=3, unique=True).map(
    lambda asked: tuple(e.Branch(name, f"{name}-asked", f"{name}-brought") for name in asked)
)
"""The branches of an ultimatum."""

_OFFERS = ["ann/quiet/day", "bob/hall/cart", "ann/quiet/day#2"]
_FIELDS: dict[str, SearchStrategy[Any]] = {
    "by": names, "to": names, "about": names, "offerer": names, "through": st.just("") | names,
    "channel": channel_names, "terms": terms, "branches": branches, "share": shares,
    "offer": st.sampled_from(_OFFERS), "answers": st.none() | st.sampled_from(_OFFERS),
    "promise": st.sampled_from(["ann/quiet/day:day", "bob/hall/cart:cart"]),
    "order": st.sampled_from(["ann/line/halt", "bob/line/halt"]),
    "due": st.none() | minutes, "until": st.none() | minutes, "final": st.booleans(), "binding": st.booleans(),
    "awaits": st.lists(names, max_size=2, unique=True).map(tuple),
    "issues": st.lists(st.sampled_from(["truce", "grain"]), max_size=2, unique=True).map(tuple),
    "alternatives": st.just(("yes", "no")), "attributes": st.just(((("gain", 500),), ())),
    "taken": st.sampled_from(["yes", "no"]), "address": st.sampled_from(["ann.answer[day]"]),
    "entry": st.integers(0, 20), "grant": st.booleans(), "rest": st.booleans(),
}  # fmt: skip


def events(*kinds: type[Event]) -> SearchStrategy[Event]:
    """Any event of these types, of the whole union when none is named."""
    return st.sampled_from(kinds or e.EVENTS).flatmap(_built)


def histories(max_size: int = 30) -> SearchStrategy[list[Event]]:
    """Any events in any order: most of them never happened to a sane negotiation."""
    return st.lists(events(), max_size=max_size)


_VERBS = {
    m.Answer: ["accept", "reject", "withdraw", "ratify", "veto"],
    m.Treat: ["believe", "doubt", "obey", "defy"],
    m.Act: ["start", "reach", "end", "call off"],
}


def moves() -> SearchStrategy[Move]:
    """Any move, by anybody, legal or not."""
    return st.sampled_from(m.Move.__args__).flatmap(_move)


def _move(kind: type[Any]) -> SearchStrategy[Any]:
    special: dict[str, SearchStrategy[Any]] = {}
    if kind in _VERBS:
        special["verb"] = st.sampled_from(_VERBS[kind])
    if kind is m.Settle:
        special["share"] = st.none() | st.integers(-1, 1001)
    return _built(kind, special)


def _built(kind: type[Any], special: dict[str, SearchStrategy[Any]] | None = None) -> SearchStrategy[Any]:
    """An instance of a struct, each field by its name; a word where the name says nothing."""
    chosen = {
        name: (special or {}).get(name, _FIELDS.get(name, words)) for name in kind.__struct_fields__
    }
    if kind in (e.Met, m.Meet):
        chosen["to"] = st.lists(names, max_size=2, unique=True).map(tuple)
    if kind in (e.Happened, m.Happen):
        chosen["to"] = st.just("") | names
    return st.builds(kind, **chosen)


channels = st.builds(
    Channel,
    id=words,
    kind=st.sampled_from(Kind),
    members=st.lists(names, unique=True).map(tuple),
    delay=st.integers(1, 600),
    secrecy=st.integers(0, 1000),
    leak=st.integers(0, 1_000_000),
    loss=st.integers(0, 1_000_000),
)
"""Any channel between the people of the table."""
actors = st.sampled_from(ACTORS)
"""Any actor of the table."""
