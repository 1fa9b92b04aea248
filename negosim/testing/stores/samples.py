"""Logs to try a store with: every event type, with plain values or with Hypothesis's worst."""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from negosim.core.events import EVENTS, Branch, Entry, Event
from negosim.core.terms import Clause, Terms
from negosim.core.values import LARGEST

NUMBERS = st.integers(-LARGEST, LARGEST)
LIMITS: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("kept", "share"): st.integers(1, 1000),
    ("ultimatum-put", "branches"): st.lists(
        st.builds(Branch, st.text(), st.text(), st.text()),
        min_size=2,
        max_size=4,
        unique_by=lambda branch: branch.name,
    ).map(tuple),
}
"""Fields whose classes refuse some values of their type."""


def sample_event(number: int) -> Event:
    """A plain event; consecutive numbers run through every event type."""
    cls = EVENTS[number % len(EVENTS)]
    hints = get_type_hints(cls)
    return cls(**{name: _plain(hints[name], name, number) for name in cls.__struct_fields__})


def sample_log(length: int, variant: int = 0) -> tuple[Entry, ...]:
    """A plain log; another ``variant`` differs in every entry."""
    return tuple(
        Entry(index, 10 * index, sample_event(index + variant), (index - 1,) if index else ())
        for index in range(length)
    )


@cache
def events() -> st.SearchStrategy[Event]:
    """Any event with any values its class takes and a store can hold."""
    return st.one_of([_builds(cls) for cls in EVENTS])


@cache
def logs(max_size: int = 6) -> st.SearchStrategy[tuple[Entry, ...]]:
    """Any log: entries with consecutive indexes, rising minutes and earlier causes."""
    steps = st.tuples(
        st.integers(0, 10**6), events(), st.lists(st.integers(0, LARGEST), max_size=3)
    )
    return st.lists(steps, max_size=max_size).map(_as_log)


def _as_log(steps: list[tuple[int, Event, list[int]]]) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    minute = 0
    for index, (pause, event, causes) in enumerate(steps):
        minute += pause
        earlier = tuple(sorted({cause % index for cause in causes})) if index else ()
        entries.append(Entry(index, minute, event, earlier))
    return tuple(entries)


def _builds(cls: type[Event]) -> st.SearchStrategy[Event]:
    hints = get_type_hints(cls)
    values = {name: _any(hints[name]) for name in cls.__struct_fields__}
    limited = {name: limit for (event, name), limit in LIMITS.items() if event == cls.name}
    return st.builds(cls, **(values | limited))


def _any(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotated type."""
    if hint is Branch:
        return st.builds(Branch, st.text(), st.text(), st.text())
    if hint is Terms:
        clauses = st.builds(Clause, st.text(), st.text(), st.text())
        apart = (lambda clause: clause.issue, lambda clause: clause.option)
        return st.lists(clauses, max_size=3, unique_by=apart).map(lambda some: Terms(tuple(some)))
    if get_origin(hint) in (UnionType, Union):
        return st.one_of([_any(one) for one in get_args(hint)])
    if get_origin(hint) is tuple:
        first, *rest = get_args(hint)
        if rest == [Ellipsis]:
            return st.lists(_any(first), max_size=3).map(tuple)
        return st.tuples(*map(_any, get_args(hint)))
    return {str: st.text(), int: NUMBERS, bool: st.booleans(), type(None): st.none()}[hint]


def _plain(hint: Any, name: str, number: int) -> Any:
    """A plain value of an annotated type."""
    if hint is Terms:
        return Terms((Clause("issue", f"option-{number}", "owner"),))
    if hint == tuple[Branch, ...]:
        return (Branch("left", f"asks-{number}", "brings"), Branch("right", "asks", "brings"))
    if get_origin(hint) in (UnionType, Union):
        return None if number % 2 else _plain(get_args(hint)[0], name, number)
    if get_origin(hint) is tuple:
        return tuple(_plain(one, name, number) for one in get_args(hint) if one is not Ellipsis)
    plain: dict[Any, Any] = {
        str: f"{name}-{number}",
        int: number % 1000 + 1,
        bool: bool(number % 2),
    }
    return plain[hint]
