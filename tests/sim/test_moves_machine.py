"""A machine that makes any moves at any time, at one table, and checks the laws after each."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from negosim.core.errors import BadValue, IllegalMove, NotFound
from negosim.core.events import Entry, Event
from negosim.core.moves import Answer, Move, Settle
from negosim.core.rules import decide, land
from negosim.core.talks import Talks, evolve, fold
from negosim.core.views import View, audience
from negosim.testing import laws
from negosim.testing.people import ACTORS, TABLE
from negosim.testing.strategies import moves


class Moves(RuleBasedStateMachine):
    """The room in miniature: decide on a view, land in the truth, deliver after a delay."""

    @initialize()
    def sit_down(self) -> None:
        self.now = 0
        self.talks = Talks()
        self.log: list[Entry] = []
        self.views = {actor.id: View(actor.id, TABLE) for actor in ACTORS}
        self.posted: list[tuple[int, int, str]] = []

    @rule(minutes=st.integers(1, 60))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes
        due = sorted(letter for letter in self.posted if letter[0] <= self.now)
        self.posted = [letter for letter in self.posted if letter[0] > self.now]
        for _, index, name in due:
            self.views[name].see(self.log[index])

    @rule(move=moves())
    def try_anything(self, move: Move) -> None:
        self.make(move)

    @rule(data=st.data(), verb=st.sampled_from(["accept", "reject", "withdraw", "ratify", "veto"]))
    def answer_something(self, data: st.DataObject, verb: str) -> None:
        offers = [name for kind, name in self.open_for_somebody("offer")]
        if offers:
            by = data.draw(st.sampled_from(ACTORS)).id
            self.make(Answer(by, data.draw(st.sampled_from(offers)), verb))

    @rule(data=st.data(), share=st.none() | st.integers(0, 1000))
    def settle_something(self, data: st.DataObject, share: int | None) -> None:
        promises = [name for kind, name in self.open_for_somebody("promise")]
        if promises:
            by = data.draw(st.sampled_from(ACTORS)).id
            self.make(Settle(by, data.draw(st.sampled_from(promises)), share))

    def open_for_somebody(self, kind: str) -> list[tuple[str, str]]:
        matters = {matter for view in self.views.values() for matter in view.talks.open if matter[0] == kind}
        return sorted(matters)

    def make(self, move: Move) -> None:
        view = self.views[move.by]
        view.now = self.now
        try:
            decided, *consequences = decide(view, move)
        except (IllegalMove, NotFound, BadValue):
            return
        event = land(self.talks, decided)
        entry = self.record(event, (), move.by)
        for consequence in consequences if event is decided else ():
            self.record(consequence, (entry.index,), move.by)

    def record(self, event: Event, causes: tuple[int, ...], doer: str) -> Entry:
        entry = Entry(len(self.log), self.now, event, causes)
        self.log.append(entry)
        self.talks = evolve(self.talks, event)
        self.views[doer].see(entry)
        reached, delay = audience(TABLE, event)
        assert delay >= 1
        self.posted += [(self.now + delay, entry.index, name) for name in reached if name in self.views and name != doer]
        return entry

    @invariant()
    def state_is_the_fold(self) -> None:
        assert fold(entry.event for entry in self.log) == self.talks

    @invariant()
    def promises_end_once(self) -> None:
        laws.every_promise_ends_once(self.log)
        laws.causes_precede(self.log)

    @invariant()
    def matters_stand_through_an_event_of_the_log(self) -> None:
        told = {entry.event for entry in self.log}
        assert all(event in told for event in self.talks.open.values())


TestMoves = Moves.TestCase
TestMoves.settings = settings(stateful_step_count=30)
