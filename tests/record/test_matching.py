"""Judging a log: what a pattern matches, absence, counts, order, length of time, tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from negosim.core import events
from negosim.record import (
    Fact,
    Pattern,
    Span,
    Target,
    Timing,
    Verdict,
    is_like,
    judge,
    matches,
    nearest,
    timing,
)
from negosim.record.matching import about

ALWAYS = Span(0, 1000)


class Event:
    """An event of any type: a name and fields."""

    def __init__(self, name: str, **fields: Any) -> None:
        self.name = name
        self.__dict__.update(fields)


@frozen
class Terms:
    """A package of terms, known by its slugs."""

    slugs: tuple[str, ...]


@frozen
class Entry:
    """One line of a log."""

    index: int
    minute: int
    event: object


def log(*lines: tuple[int, Event]) -> tuple[Entry, ...]:
    return tuple(Entry(index, minute, event) for index, (minute, event) in enumerate(lines))


def expect(*patterns: Pattern, span: Span = ALWAYS, **how: Any) -> Target:
    return Target(id="T1", what="what", span=span, cites=(), expect=patterns, **how)


@pytest.mark.parametrize(
    ("wanted", "fields", "same"),
    [
        ({"by": "party"}, {"by": "party"}, True),
        ({"by": "party"}, {"by": "government"}, False),
        ({"by": "party"}, {}, False),
        ({}, {"by": "party"}, True),
        ({"to": "khan"}, {"to": "khan"}, True),
        ({"to": "khan"}, {"to": ("gohar", "khan")}, True),
        ({"to": "khan"}, {"to": ("gohar",)}, False),
        ({"channel": "visit"}, {"channel": "visit"}, True),
        ({"channel": "visit"}, {"channel": "formal"}, False),
        ({"what": "march"}, {"what": "march"}, True),
        ({"what": "march"}, {"action": "march"}, True),
        ({"what": "march"}, {"order": "march"}, True),
        ({"what": "march"}, {"claim": "march"}, True),
        ({"what": "march"}, {"claim": "marching"}, False),
        ({"what": "march"}, {"by": "march"}, False),
        ({"what": "doctors"}, {"terms": Terms(("doctors", "cancel"))}, True),
        ({"what": "doctor"}, {"terms": Terms(("doctors", "cancel"))}, False),
        ({"share": (1, 999)}, {"share": 500}, True),
        ({"share": (1, 999)}, {"share": 999}, True),
        ({"share": (1, 999)}, {"share": 1000}, False),
        ({"share": (0, 1000)}, {}, False),
        ({"has": (("form", "written"),)}, {"form": "written"}, True),
        ({"has": (("form", "written"),)}, {"form": "spoken"}, False),
        ({"has": (("topics", "release"),)}, {"topics": ["release", "bail"]}, True),
        ({"has": (("form", "written"), ("round", 2))}, {"form": "written", "round": 1}, False),
        ({"has": (("form", "written"),)}, {}, False),
    ],
)
def test_fields(wanted: dict[str, Any], fields: dict[str, Any], same: bool) -> None:
    assert is_like(Pattern(event="told", span=ALWAYS, **wanted), Event("told", **fields)) is same


def test_another_event_never_matches() -> None:
    assert not is_like(Pattern(event="met", span=ALWAYS), Event("offered"))
    assert not is_like(Pattern(event="met", span=ALWAYS), object())


def test_a_pattern_is_looked_for_in_its_own_span_widened() -> None:
    late = Entry(0, 1010, Event("met"))
    assert not matches(Pattern(event="met", span=ALWAYS), late)
    assert matches(Pattern(event="met", span=ALWAYS), late, tolerance=10)
    assert not matches(Pattern(event="met", span=ALWAYS, absent=True), late, tolerance=10)


def test_nothing_expected_is_never_met() -> None:
    assert judge(expect(), log((5, Event("met")))) == Verdict(False, None, 0)


def test_at_is_the_first_match_and_count_counts_the_window() -> None:
    entries = log((5, Event("said")), (7, Event("met")), (9, Event("met")), (2000, Event("met")))
    assert judge(expect(Pattern(event="met", span=ALWAYS)), entries) == Verdict(True, 7, 2)


def test_at_least() -> None:
    entries = log((7, Event("met")), (9, Event("met")))
    assert judge(expect(Pattern(event="met", span=ALWAYS, at_least=2)), entries).hit
    assert judge(expect(Pattern(event="met", span=ALWAYS, at_least=3)), entries) == Verdict(False, 7, 2)


def test_absent_is_met_by_silence_and_counts_what_broke_it() -> None:
    silence = expect(Pattern(event="met", span=Span(100, 200), absent=True))
    assert judge(silence, ()) == Verdict(True, None, 0)
    assert judge(silence, log((99, Event("met")), (201, Event("met")))).hit
    assert judge(silence, log((100, Event("met")))) == Verdict(False, None, 1)


def test_a_tolerance_does_not_lengthen_a_silence() -> None:
    quiet_then_met = expect(
        Pattern(event="met", span=Span(0, 99), absent=True), Pattern(event="met", span=Span(120, 130)), tolerance=20
    )
    assert judge(quiet_then_met, log((100, Event("met")))).hit
    assert not judge(quiet_then_met, log((99, Event("met")), (120, Event("met")))).hit


def test_all_patterns_must_follow() -> None:
    both = expect(Pattern(event="met", span=ALWAYS), Pattern(event="said", span=ALWAYS))
    assert not judge(both, log((5, Event("met")))).hit
    assert judge(both, log((5, Event("said")), (6, Event("met")))) == Verdict(True, 5, 2)


def test_in_order_follows_the_order_written() -> None:
    ordered = expect(Pattern(event="agreed", span=ALWAYS), Pattern(event="reached", span=ALWAYS), in_order=True)
    right = log((5, Event("agreed")), (6, Event("reached")))
    wrong = log((5, Event("reached")), (6, Event("agreed")))
    assert judge(ordered, right) == Verdict(True, 5, 2)
    assert not judge(ordered, wrong).hit


def test_in_order_needs_two_entries_for_two_equal_patterns() -> None:
    twice = expect(Pattern(event="met", span=ALWAYS), Pattern(event="met", span=ALWAYS), in_order=True)
    assert not judge(twice, log((5, Event("met")))).hit
    assert judge(twice, log((5, Event("met")), (5, Event("met")))).hit


def test_in_order_counts_before_it_goes_on() -> None:
    ordered = expect(
        Pattern(event="asked", span=ALWAYS, at_least=2), Pattern(event="refused", span=ALWAYS), in_order=True
    )
    early = log((1, Event("asked")), (2, Event("refused")), (3, Event("asked")))
    assert not judge(ordered, early).hit
    assert judge(ordered, (*early, Entry(3, 4, Event("refused")))).hit


def test_within_looks_for_any_chain_short_enough() -> None:
    ordered = expect(
        Pattern(event="agreed", span=ALWAYS), Pattern(event="reached", span=ALWAYS), in_order=True, within=10
    )
    entries = log((5, Event("agreed")), (20, Event("agreed")), (30, Event("reached")))
    assert judge(ordered, entries) == Verdict(True, 20, 3)
    assert not judge(ordered, log((5, Event("agreed")), (16, Event("reached")))).hit
    assert judge(ordered, log((5, Event("agreed")), (15, Event("reached")))).hit


def test_absent_patterns_have_no_place_in_the_order() -> None:
    ordered = expect(
        Pattern(event="met", span=ALWAYS),
        Pattern(event="broken", span=ALWAYS, absent=True),
        Pattern(event="said", span=ALWAYS),
        in_order=True,
    )
    fine = log((5, Event("met")), (6, Event("said")))
    assert judge(ordered, fine).hit
    assert not judge(ordered, (Entry(0, 1, Event("broken")), *fine)).hit


names = st.lists(st.tuples(st.integers(0, 60), st.sampled_from("abc")), max_size=9)


@given(names, st.integers(0, 60))
def test_a_chain_is_found_whenever_there_is_one(lines: list[tuple[int, str]], within: int) -> None:
    entries = log(*((minute, Event(name)) for minute, name in sorted(lines)))
    ordered = expect(*(Pattern(event=name, span=Span(0, 60)) for name in "abc"), in_order=True, within=within)
    assert judge(ordered, entries).hit is _any_chain(entries, "abc", within)


def _any_chain(entries: Sequence[Entry], wanted: str, within: int) -> bool:
    """The same question answered by trying every three entries."""
    span = range(len(entries))
    return any(
        [getattr(entries[at].event, "name", "") for at in (i, j, k)] == list(wanted)
        and entries[k].minute - entries[i].minute <= within
        for i in span
        for j in span[i + 1 :]
        for k in span[j + 1 :]
    )


def test_a_fact_is_judged_as_a_target_is() -> None:
    pattern = Pattern(event="met", span=Span(100, 200))
    fact = Fact(
        id="S1", span=Span(100, 200), precision="day", kind="outcome", what="w", certainty="reported", cites=(), tolerance=5, expect=(pattern,)
    )
    assert judge(fact, log((96, Event("met")))) == Verdict(True, 96, 1)
    assert not judge(fact, log((94, Event("met")))).hit


def test_events_of_the_union_are_matched_by_their_own_fields() -> None:
    met = events.Met("december", "government", ("party", "speaker"), "formal")
    off = events.CalledOff("october-protest", "party")
    kept = events.Kept("doctors", "government", "party", "state-doctors", share=600)
    entries = tuple(events.Entry(n, n, one) for n, one in enumerate((off, kept, met)))
    called = Pattern(event="called-off", span=ALWAYS, by="party", what="october-protest")
    partly = Pattern(event="kept", span=ALWAYS, to="party", what="state-doctors", share=(1, 999))
    chaired = Pattern(event="met", span=ALWAYS, to="speaker", channel="formal")
    assert judge(expect(called, partly, chaired, in_order=True), entries) == Verdict(True, 0, 3)
    assert not is_like(Pattern(event="called-off", span=ALWAYS, channel="public"), off)


def test_nearest_looks_outside_the_window() -> None:
    pattern = Pattern(event="met", span=Span(100, 200))
    entries = log((10, Event("met")), (215, Event("met")), (150, Event("said")))
    assert nearest(expect(pattern), entries) == 215
    assert nearest(expect(pattern), log((150, Event("said")))) is None
    assert nearest(expect(Pattern(event="met", span=ALWAYS, absent=True)), entries) is None


@pytest.mark.parametrize(
    ("minute", "where"),
    [
        (90, Timing("early", 8)),
        (98, Timing("inside", 0)),
        (202, Timing("inside", 0)),
        (210, Timing("late", 8)),
    ],
)
def test_timing_is_the_distance_to_the_scored_span(minute: int, where: Timing) -> None:
    assert timing(expect(span=Span(100, 200), tolerance=2), minute) == where


def test_what_names_a_meeting_and_means_its_later_ones_too():
    session = Pattern(event="met", span=ALWAYS, what="session")
    assert is_like(session, events.Met("session", "clerk", ("rebel",), "jail"))
    assert is_like(session, events.Met("session#2", "clerk", ("rebel",), "jail"))
    assert not is_like(session, events.Met("sessions", "clerk", ("rebel",), "jail"))
    assert about(events.Met("session#2", "clerk", ("rebel",), "jail")) == ("session",)
