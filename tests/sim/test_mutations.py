"""Each law is seen to fail when it is broken: one small mutation a test."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import attrs
import pytest
from msgspec.structs import replace

from negosim.core import events as e
from negosim.core import views
from negosim.core.time import hours
from negosim.sim import chance, play, seat
from negosim.sim.chance import Prior
from negosim.sim.interventions import Decide
from negosim.sim.room import room
from negosim.sim.scenario import Scenario
from negosim.testing import laws, twins, watching
from negosim.testing.laws import LawBroken
from negosim.testing.stories import Step, Story, example, scenario, with_strangers
from negosim.testing.watching import Watched, watch
from tests.sim.test_ties import meeting_at_one_minute

STORY = scenario(example())
SEEDS = range(12)


def each_run(law: Callable[[Watched], None], story: Scenario = STORY) -> None:
    for seed in SEEDS:
        law(watch(story, Prior(seed)))


def each_twin(law: Callable[[Watched, Watched, Decide, str], None], story: Scenario = STORY) -> None:
    for seed in SEEDS:
        real = watch(story, Prior(seed))
        choices = [x.event for x in real.run.entries if isinstance(x.event, e.Chose)]
        for choice in choices[::3]:
            other = next(name for name in choice.alternatives if name != choice.taken)
            change = Decide(choice.address, other)
            law(real, watch(story, real.run.world, (change,)), change, choice.by)


def secrets(real: Watched, twin: Watched, _: Decide, changed: str) -> None:
    twins.secrets_hold(real, twin, (changed,))


def causes(real: Watched, twin: Watched, change: Decide, _: str) -> None:
    twins.differences_have_causes(real, twin, (change.address,))


def prefix(real: Watched, twin: Watched, change: Decide, _: str) -> None:
    twins.prefix_untouched(real.run.entries, twin.run.entries, change.address)


def noise_beside_strangers() -> None:
    beside = scenario(with_strangers(example()))
    for seed in SEEDS:
        twins.same_noise(watch(STORY, Prior(seed)), watch(beside, Prior(seed)))


def test_unbroken_every_law_holds() -> None:
    for law in (laws.fold_matches, laws.views_are_folds, laws.every_message_ends_once):
        each_run(law)
    each_run(lambda watched: laws.every_promise_ends_once(watched.run.entries))
    for of_twins in (secrets, causes, prefix):
        each_twin(of_twins)
    noise_beside_strangers()
    laws.acts_in_named_order(meeting_at_one_minute([3, 2, 1]))


def test_a_broken_fold_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = watching.WatchedTalks.apply

    def forgetful(self, event):
        return honest(self, e.Said("ann", "bob", "", "nothing") if isinstance(event, e.Agreed) else event)

    monkeypatch.setattr(watching.WatchedTalks, "apply", forgetful)
    with pytest.raises(LawBroken, match="not the fold"):
        each_run(laws.fold_matches)


def test_a_leaked_secret_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = views.Table.way

    def gossiping(table, event, doer):
        way = honest(table, event, doer)
        return replace(way, hearers=dict.fromkeys(table.actors)) if isinstance(event, e.Offered) else way

    monkeypatch.setattr(views.Table, "way", gossiping)
    with pytest.raises(LawBroken, match="did not reach it"):
        each_run(laws.views_are_folds)


def test_a_mind_reader_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever decides by the state of the whole room acts otherwise on equal views."""
    honest = seat.Deliberation.__iter__

    def peeking(self):
        hall = self._seat._room
        hall.weights[self._seat.actor]["gain"] = 1000 * len(hall.talks.open)
        return honest(self)

    monkeypatch.setattr(seat.Deliberation, "__iter__", peeking)
    with pytest.raises(LawBroken, match="on the same view"):
        each_twin(secrets)


def crossing() -> Scenario:
    """Over a slow channel answers cross withdrawals, and a last word is under way at the end."""
    offers = tuple(Step(wait, verb, 0) for _ in range(5) for wait, verb in ((hours(5), "offer"), (hours(3), "withdraw")))
    return scenario(Story(((*offers, Step(hours(29), "say", 0)), ()), delay=hours(2)))


def test_who_learns_at_once_that_an_answer_is_too_late_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [watch(crossing(), Prior(seed)) for seed in SEEDS]
    assert any(isinstance(x.event, e.AnsweredTooLate) for one in runs for x in one.run.entries)
    each_twin(secrets, crossing())
    monkeypatch.setattr(e.AnsweredTooLate, "as_meant", property(lambda late: late))
    with pytest.raises(LawBroken, match="on the same view"):
        each_twin(secrets, crossing())


def test_who_learns_at_once_that_a_deal_was_made_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.Room.record

    def eager(self, event, causes, doer, *meant):
        if isinstance(event, e.Promised):
            doer = self.entries[causes[0]].event.by
        return honest(self, event, causes, doer, *meant)

    monkeypatch.setattr(room.Room, "record", eager)
    with pytest.raises(LawBroken, match="messages came"):
        each_run(laws.every_message_ends_once, crossing())


def test_a_message_forgotten_on_its_way_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is still under way when the clock ends has an end too: it is unread."""
    honest = play.perform

    def perform(scenario, hall, *rest):
        run = honest(scenario, hall, *rest)
        in_mail = {name: sum(map(len, mailbox.sorted_mail().values())) for name, mailbox in hall.mailboxes.items()}
        return attrs.evolve(run, unread=in_mail)

    monkeypatch.setattr(watching, "perform", perform)
    with pytest.raises(LawBroken, match="were sent"):
        each_run(laws.every_message_ends_once, crossing())


def test_a_shared_stream_of_noise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    keyed = chance.uniform
    stream = count()
    monkeypatch.setattr(chance, "uniform", lambda key, *_: keyed(key, "stream", str(next(stream))))
    with pytest.raises(LawBroken, match="noise at"):
        noise_beside_strangers()


def test_noise_of_the_clock_is_seen_before_the_onset(monkeypatch: pytest.MonkeyPatch) -> None:
    keyed = chance.uniform
    stream = count()
    monkeypatch.setattr(chance, "uniform", lambda key, *_: keyed(key, "stream", str(next(stream))))
    with pytest.raises(LawBroken, match="entr"):
        each_twin(prefix)


def test_a_lost_message_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """SimPy's own trap: what arrives while nobody waits any more goes to nobody."""
    monkeypatch.setattr(room.Mailbox, "take", lambda self, _: _drop(self))
    with pytest.raises(LawBroken, match="were heard"):
        each_run(laws.every_message_ends_once)


def _drop(mailbox: room.Mailbox) -> None:
    mailbox.sorted_mail().clear()


def test_a_doubled_message_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.Room._deliver

    def twice(self, carried):
        entry, hearers = carried
        honest(self, carried)
        honest(self, (entry, dict.fromkeys([*hearers][:1])))

    monkeypatch.setattr(room.Room, "_deliver", twice)
    with pytest.raises(LawBroken):
        each_run(laws.every_message_ends_once)


def test_an_unnamed_tie_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.TiedEnvironment.call_at
    monkeypatch.setattr(
        room.TiedEnvironment, "call_at",
        lambda self, minute, phase, actor, act, *values: honest(self, minute, phase, "", act, *values),
    )  # fmt: skip
    with pytest.raises(LawBroken, match="acts after"):
        laws.acts_in_named_order(meeting_at_one_minute([3, 2, 1]))


def test_a_forgotten_cause_of_an_act_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.Room.submit
    monkeypatch.setattr(room.Room, "submit", lambda self, move, causes: honest(self, move, set()))
    with pytest.raises(LawBroken, match="no difference caused"):
        each_twin(causes)


def test_a_forgotten_cause_of_a_choice_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.Room.record

    def careless(self, event, causes, doer, *meant):
        return honest(self, event, () if isinstance(event, e.Chose) else causes, doer, *meant)

    monkeypatch.setattr(room.Room, "record", careless)
    with pytest.raises(LawBroken, match="no difference caused"):
        each_twin(causes)


def test_a_promise_that_ends_twice_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = room.Room.record

    def eager(self, event, causes, doer, *meant):
        if isinstance(event, e.Kept):
            honest(self, event, causes, doer)
        return honest(self, event, causes, doer, *meant)

    monkeypatch.setattr(room.Room, "record", eager)
    with pytest.raises(LawBroken, match="was not open"):
        each_run(lambda watched: laws.every_promise_ends_once(watched.run.entries))


def test_a_world_that_forgets_its_noise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Law 2: without the abducted noise the posterior world tells another story."""
    monkeypatch.setattr(chance.Dice, "_abduct", lambda *_, **__: None)
    with pytest.raises(LawBroken):
        for seed in SEEDS:
            first = play.play(STORY, Prior(seed))
            chose = next(x.event for x in first.entries if isinstance(x.event, e.Chose))
            other = next(name for name in chose.alternatives if name != chose.taken)
            imposed = chance.Imposing((chance.Imposition(chose.address, other, 0, 10_000),), Prior(seed))
            replay = play.play(STORY, imposed)
            laws.logs_agree(replay.entries, play.play(STORY, replay.world).entries)
