"""A seat at the table: what an actor's part can do. Acts are plain calls; waiting yields."""

from __future__ import annotations

from sys import _getframe
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

from negosim.core import events as e
from negosim.core import moves as m
from negosim.core.actors import Actor, Channel
from negosim.core.errors import NotFound, ScenarioError
from negosim.core.terms import Terms
from negosim.core.values import check_whole
from negosim.sim.decisions import decision_by
from negosim.sim.noise import MILLION
from negosim.sim.setting import ACT
from negosim.sim.waiting import Hearing, Pause, Presence, Wait, wanted_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from negosim.core.events import Branch, Event
    from negosim.core.terms import Issue
    from negosim.core.time import Calendar
    from negosim.core.views import View
    from negosim.sim.decisions import Choice, Decision
    from negosim.sim.delays import Law
    from negosim.sim.room.playing import Playing
    from negosim.sim.waiting import Play

Part: TypeAlias = "Callable[[Seat], Play]"
"""What an actor does in one episode: a generator that holds a seat."""

E = TypeVar("E", bound="Event")
A = TypeVar("A", bound="Choice")


class Seat(Presence):
    """One part of one actor at the table.

    Everything it knows is ``view``; everything it does is recorded with its causes: its own last
    act or decision, and all that it heard or looked up since.
    """

    __slots__ = ()

    @property
    def view(self) -> View:
        """What this actor knows now."""
        view = self._mailbox.look(self._room.now)
        if self._acted is not None:  # what was learned before the last act speaks through it
            self._because, self._acted = {self._acted}, None
        view.consulted = self._because
        return view

    @property
    def now(self) -> int:
        """The current minute."""
        return self._room.now

    @property
    def calendar(self) -> Calendar:
        """The scenario's clock, to turn dates into minutes."""
        return self._room.setting.calendar

    def works(self, mechanism: str) -> bool:
        """Whether a switchable mechanism of the scenario is on."""
        try:
            works = self._room.mechanisms[mechanism]
        except KeyError:
            raise ScenarioError(f"no mechanism called {mechanism!r}") from None
        self._room.dice.used.update((f"mechanism {mechanism}", f"mechanism {mechanism} by {self.actor}"))
        return works

    # ── what takes time ──────────────────────────────────────────────────────────────────────

    @overload
    def hear(
        self, *kinds: type[E], via: Channel | None = None, of: Actor | str | None = None,
        answering: Event | None = None, where: Callable[[E], bool] | None = None,
        within: None = None, until: None = None, **fields: object,
    ) -> Wait[E]: ...  # fmt: skip

    @overload
    def hear(
        self, *kinds: type[E], via: Channel | None = None, of: Actor | str | None = None,
        answering: Event | None = None, where: Callable[[E], bool] | None = None,
        within: int | None = None, until: int | None = None, **fields: object,
    ) -> Wait[E | None]: ...  # fmt: skip

    def hear(
        self, *kinds: type[E], via: Channel | None = None, of: Actor | str | None = None,
        answering: Event | None = None, where: Callable[[E], bool] | None = None,
        within: int | None = None, until: int | None = None, **fields: object,
    ) -> Wait[E] | Wait[E | None]:  # fmt: skip
        """Wait for the oldest message of these kinds; other mail stays in place.

        ``via`` a channel, ``of`` its doer, ``answering`` an offer, request or ultimatum of one's
        own, ``where`` any test, further keywords: fields that must be equal. None (silence) after
        ``within`` minutes or at the minute ``until``; what comes in that very minute still counts.
        """
        wanted = wanted_of(kinds, fields)
        if via is not None:
            wanted["channel"] = via.id
        if of is not None:
            wanted["by"] = self._room.table.actor(of.id if isinstance(of, Actor) else of).id
        deadline = until
        if within is not None:
            check_whole("hear", within=within)
            deadline = self._room.now + within
        elif until is not None and type(until) is not int:
            check_whole("hear", until=until)
        matter = None if answering is None else answering.matter
        if self._waiting is not None or self._room.closed:
            return self._refused()
        frame = _getframe(1)
        items = tuple(wanted.items())
        wait = self._waiting = Hearing(
            self, frame.f_code, frame.f_lasti, self._mailbox, self._playing, kinds, items, matter, where, deadline
        )
        return wait

    def pause(self, minutes: int = 0, *, until: int | None = None) -> Wait[None]:
        """Let time pass: so many minutes, or until a minute (at once when that is over)."""
        return self._pause(self._room.now + minutes if until is None else until)

    def pause_until_open(self, opens: int, closes: int) -> Wait[None]:
        """Wait for daily opening hours, in minutes after local midnight."""
        calendar = self._room.setting.calendar
        return self._pause(calendar.next_opening(self.now, opens, closes))

    def _pause(self, minute: int) -> Wait[None]:
        if self._waiting is not None or self._room.closed:
            return self._refused()
        frame = _getframe(2)
        wait = self._waiting = Pause(self, frame.f_code, frame.f_lasti, minute)
        return wait

    def choose(
        self, question: Decision[A] | type[A], key: str, *, over: Event | None = None, again: bool = False
    ) -> Wait[A]:
        """Decide a question about ``key``: deliberate for as long as its pace says, then choose.

        Attributes are read off the view when the actor decides. ``over`` is what the question is
        about; reasons read it as ``view.subject``. Asking the same address again is an error
        unless ``again``. Raises ScenarioError when no answer is legal.
        """
        decision = decision_by(self.actor, question)
        address = self._room.claim_address(decision.address(key), again=again)
        if self._waiting is not None or self._room.closed:
            return self._refused()
        frame = _getframe(1)
        wait = self._waiting = Deliberation(self, frame.f_code, frame.f_lasti, decision, address, over)
        return wait

    def chance(self, name: str, key: str, p: int) -> bool:
        """Nature's yes or no, at ``nature.name[key]``, with probability ``p`` in millionths.

        Raises ScenarioError when ``p`` is no whole number from 0 to 1000000.
        """
        if type(p) is not int or not 0 <= p <= MILLION:
            raise ScenarioError(f"nature.{name}[{key}]: {p!r} is no probability in millionths")
        self._check_present()
        address = self._room.claim_address(f"nature.{name}[{key}]")
        self._room.dice.used.add(f"{address} by {self.actor}")
        return self._room.nature_says(address, p)

    def takes(self, name: str, key: str, law: Law) -> int:
        """How many minutes Nature lets something take, at ``nature.name[key]``: a road, a press."""
        address = self._room.claim_address(f"nature.{name}[{key}]")
        return self._room.dice.delay(address, law, self.now)

    def meanwhile(self, part: Part) -> None:
        """Start another part of the same actor beside this one."""
        self._check_present()
        seat = Seat(self._room, self.actor, self._causes())
        self._room.start(seat, part)

    # ── acts ─────────────────────────────────────────────────────────────────────────────────

    def offer(
        self, to: Actor | str, *options: Issue, via: Channel, terms: Terms | None = None,
        due: int | None = None, until: int | None = None, answers: e.Offered | None = None,
    ) -> e.Offered:  # fmt: skip
        """Put a package to somebody; ``answers`` makes it a counter-offer."""
        package = Terms.of(*options) if terms is None else terms
        answered = None if answers is None else answers.offer
        return self._do(m.Offer(self.actor, str(to), via.id, package, due, until, answered))  # type: ignore[return-value]

    def accept(self, offer: e.Offered) -> Event:
        """Say yes; binding for a principal or within a mandate, else to be ratified.

        The promises it makes, or that it came too late, are news: hear ``Promised``.
        """
        return self._do(m.Answer(self.actor, offer.offer, "accept"))

    def reject(self, offer: e.Offered) -> Event:
        """Say no."""
        return self._do(m.Answer(self.actor, offer.offer, "reject"))

    def withdraw(self, offer: e.Offered) -> Event:
        """Take one's own offer back."""
        return self._do(m.Answer(self.actor, offer.offer, "withdraw"))

    def convey(self, offer: e.Offered, to: Actor, *, via: Channel) -> Event:
        """Bring an offer before one's principal."""
        return self._do(m.Convey(self.actor, to.id, via.id, offer.offer))

    def ratify(self, offer: str | e.Conveyed | e.Agreed) -> Event:
        """Approve what an envoy brought or agreed: the event, or its offer's name."""
        return self._do(m.Answer(self.actor, _offer_of(offer), "ratify"))

    def veto(self, offer: str | e.Conveyed | e.Agreed) -> Event:
        """Strike down what an envoy brought or agreed: the event, or its offer's name."""
        return self._do(m.Answer(self.actor, _offer_of(offer), "veto"))

    def keep(self, promise: str, share: int = 1000) -> Event:
        """Honour a commitment, wholly or to a share in thousandths."""
        return self._do(m.Settle(self.actor, promise, share))

    def break_promise(self, promise: str) -> Event:
        """Not honour a commitment."""
        return self._do(m.Settle(self.actor, promise, 0))

    def release(self, promise: str) -> Event:
        """Let the debtor off."""
        return self._do(m.Settle(self.actor, promise, None))

    def mandate(self, envoy: Actor, *issues: type[Issue], via: Channel, until: int | None = None) -> Event:
        """Tell an envoy what it may settle, until when."""
        names = tuple(next(iter(issue)).clause.issue for issue in issues)
        return self._do(m.Mandate(self.actor, envoy.id, via.id, names, until))

    def order(self, to: Actor, what: str, *, via: Channel, proof: str) -> e.Ordered:
        """Send an instruction, vouched for by ``proof``."""
        return self._do(m.Order(self.actor, to.id, via.id, what, proof))  # type: ignore[return-value]

    def believe(self, order: str) -> Event:
        """Take a delivered instruction for genuine."""
        return self._do(m.Treat(self.actor, order, "believe"))

    def doubt(self, order: str) -> Event:
        """Not take it for genuine."""
        return self._do(m.Treat(self.actor, order, "doubt"))

    def obey(self, order: str) -> Event:
        """Do as instructed."""
        return self._do(m.Treat(self.actor, order, "obey"))

    def defy(self, order: str) -> Event:
        """Do otherwise."""
        return self._do(m.Treat(self.actor, order, "defy"))

    def announce(self, action: str, what: str, due: int) -> Event:
        """Announce an action in public, for a minute ``due``."""
        return self._do(m.Announce(self.actor, action, what, due))

    def begin(self, action: str, what: str = "") -> Event:
        """Start an announced action."""
        return self._do(m.Act(self.actor, action, "start", what))

    def reach(self, action: str, place: str) -> Event:
        """Bring a moving action to a place."""
        return self._do(m.Act(self.actor, action, "reach", place))

    def end(self, action: str, what: str = "") -> Event:
        """End an action."""
        return self._do(m.Act(self.actor, action, "end", what))

    def call_off(self, action: str, what: str = "") -> Event:
        """Cancel, postpone or suspend an action."""
        return self._do(m.Act(self.actor, action, "call off", what))

    def put_ultimatum(
        self, to: Actor, ultimatum: str, *branches: Branch, via: Channel, until: int | None = None
    ) -> e.UltimatumPut:
        """Put a choice between branches to somebody."""
        return self._do(m.PutUltimatum(self.actor, to.id, via.id, ultimatum, branches, until))  # type: ignore[return-value]

    def take_branch(self, ultimatum: e.UltimatumPut, branch: str) -> Event:
        """Answer an ultimatum."""
        return self._do(m.TakeBranch(self.actor, ultimatum.ultimatum, branch))

    def claim(self, claim: str, about: Actor, what: str) -> Event:
        """Say in public that somebody did something."""
        return self._do(m.Claim(self.actor, claim, about.id, what))

    def deny(self, claim: str) -> Event:
        """Deny a claim in public."""
        return self._do(m.Deny(self.actor, claim))

    def say(self, to: Actor | str, what: str, *, via: Channel) -> Event:
        """Send a plain message."""
        return self._do(m.Say(self.actor, str(to), via.id, what))

    def state(self, what: str, *, via: Channel | None = None) -> Event:
        """Say something in public, to nobody in particular; ``via`` the public channel unless named.

        Raises ScenarioError where there is no public channel.
        """
        public = self._room.table.public if via is None else via
        if public is None:
            raise ScenarioError(f"{self.actor} states {what!r}, and no channel is public; add public() to the channels")
        return self._do(m.Say(self.actor, "", public.id, what))

    def request(self, to: Actor, request: str, *, via: Channel) -> e.Requested:
        """Ask for a meeting, or for access to a gated channel."""
        return self._do(m.Request(self.actor, to.id, via.id, request))  # type: ignore[return-value]

    def grant(self, request: e.Requested) -> Event:
        """Grant a request."""
        return self._do(m.Reply(self.actor, request.request, grant=True))

    def refuse(self, request: e.Requested) -> Event:
        """Refuse a request."""
        return self._do(m.Reply(self.actor, request.request, grant=False))

    def meet(self, meeting: str, *others: Actor, via: Channel) -> Event:
        """Hold a meeting."""
        return self._do(m.Meet(self.actor, tuple(other.id for other in others), via.id, meeting))

    def suspend(self, channel: Channel) -> Event:
        """Put a channel to rest."""
        return self._do(m.Rest(self.actor, channel.id, rest=True))

    def resume(self, channel: Channel) -> Event:
        """Take a channel up again."""
        return self._do(m.Rest(self.actor, channel.id, rest=False))

    def leak(self, channel: Channel, what: str) -> Event:
        """Let out what was said on a secret channel."""
        return self._do(m.Leak(self.actor, channel.id, what))

    def happen(self, what: str, to: Actor | str = "", *, of: Actor | None = None) -> Event:
        """Let something registered happen; ``to`` narrows who learns of it.

        ``of`` says whose doing it is, when it is not this actor's: a clash is Nature's.
        """
        known = self._room.setting.happenings
        if known and what not in known:
            raise NotFound("happening", what, known)
        return self._do(m.Happen(self.actor if of is None else of.id, what, str(to)))

    def _do(self, move: m.Move) -> Event:
        if self._waiting is not None or self._room.closed:
            self._check_present()
        m.check_move(move)
        entry = self._room.submit(move, self._because)
        self._acted = entry.index
        return entry.event


class Deliberation(Wait[A], Generic[A], eq=False):
    """A decision: it is deliberated for as long as its pace says, then taken by what the actor sees."""

    decision: Decision[A]
    address: str
    over: Event | None

    def __iter__(self) -> Generator[Playing, Any, A]:
        seat: Seat = self._seat  # type: ignore[assignment]
        if seat._waiting is not self:
            self._raise_waited_for()
        seat._waiting = None
        room, decision, address, view = seat._room, self.decision, self.address, seat.view
        view.subject = self.over
        law = decision.law(view)
        if law is not None and (delay := room.dice.delay(address, law, room.now)):
            playing = seat._playing
            room.call_at(room.now + delay, ACT, seat._mailbox.turn, playing.wake)
            yield playing
            view = seat.view
            view.subject = self.over
        menu = decision.legal(view)
        if not menu.answers:
            raise ScenarioError(f"{address}: no answer is legal at minute {room.now}")
        utilities = menu.utilities(room.weights.get(seat.actor, {}), address)
        taken = room.dice.choice(address, room.now, menu.names, utilities, ordered=decision.ordered)
        chose = e.Chose(seat.actor, address, menu.names, menu.attributes, menu.names[taken])
        entry = room.record(chose, tuple(sorted(seat._because)), seat.actor)
        seat._because = {entry.index}
        return menu.answers[taken]


def _offer_of(offer: str | e.Conveyed | e.Agreed) -> str:
    return offer.offer if isinstance(offer, e.Conveyed | e.Agreed) else offer
