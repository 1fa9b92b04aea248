"""A machine that makes any moves at any time, at one table, and checks the laws after each."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from negosim.core.actors import NATURE
from negosim.core.errors import BadValue, IllegalMove, NotFound
from negosim.core.events import Agreed, Conveyed, Entry, Event, Offered, Promised
from negosim.core.moves import Answer, Move, Offer, Settle
from negosim.core.rules import decide, land
from negosim.core.talks import Talks, evolve, fold
from negosim.core.terms import Terms
from negosim.core.views import View, audience
from negosim.testing import laws
from negosim.testing.people import ACTORS, TABLE
from negosim.testing.strategies import moves, terms


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

    @rule(package=terms, pair=st.sampled_from([("ann", "bob"), ("bob", "ann"), ("bob", "eve")]))
    def offer_something(self, package: Terms, pair: tuple[str, str]) -> None:
        self.make(Offer(*pair, "quiet", package))

    @rule(data=st.data(), verb=st.sampled_from(["accept", "reject", "withdraw", "ratify", "veto"]))
    def answer_something(self, data: st.DataObject, verb: str) -> None:
        offers = self.stand_for_somebody(Offered, Agreed, Conveyed)
        if offers:
            by = data.draw(st.sampled_from(ACTORS)).id
            self.make(Answer(by, data.draw(st.sampled_from(offers)).offer, verb))

    @rule(data=st.data())
    def who_was_asked_agrees(self, data: st.DataObject) -> None:
        asked = self.stand_for_somebody(Offered)
        if asked:
            offer = data.draw(st.sampled_from(asked))
            self.make(Answer(offer.to, offer.offer, "accept"))

    @rule(data=st.data(), share=st.none() | st.integers(0, 1000))
    def settle_something(self, data: st.DataObject, share: int | None) -> None:
        owed = self.stand_for_somebody(Promised)
        if owed:
            promise = data.draw(st.sampled_from(owed))
            self.make(Settle(promise.to if share is None else promise.by, promise.promise, share))

    def stand_for_somebody(self, *kinds: type[Event]) -> list[Event]:
        known = (event for view in self.views.values() for event in view.talks.open.values())
        return sorted({event for event in known if isinstance(event, kinds)}, key=repr)

    def make(self, move: Move) -> None:
        view = self.views[move.by]
        view.now = self.now
        try:
            decided, *consequences = decide(view, move)
        except (IllegalMove, NotFound, BadValue):
            return
        event = land(self.talks, decided)
        entry = self.record(event, (), move.by)
        if event is decided and self.talks.standing(*event.matter) is None:
            for consequence in consequences:
                self.record(consequence, (entry.index,), NATURE.id)

    def record(self, event: Event, causes: tuple[int, ...], doer: str) -> Entry:
        entry = Entry(len(self.log), self.now, event, causes)
        self.log.append(entry)
        self.talks = evolve(self.talks, event)
        meant = event.as_meant
        if doer in self.views:
            self.views[doer].see(Entry(entry.index, self.now, meant, causes))
        reached, delay = audience(TABLE, event)
        assert delay >= 1
        told = [name for name in reached if name in self.views and (name != doer or meant is not event)]
        self.posted += [(self.now + delay, entry.index, name) for name in told]
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
