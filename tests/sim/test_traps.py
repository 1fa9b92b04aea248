"""SimPy's traps, and what a story's own mistakes look like: each was stepped on once."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from attrs import evolve

from negosim.core import events as e
from negosim.core.actors import Actor, backchannel
from negosim.core.errors import (
    BadValue,
    EndlessRun,
    IllegalMove,
    NotFound,
    ScenarioError,
    StoryRaised,
)
from negosim.sim.chance import Dice, Prior, World
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.delays import Between, Pace
from negosim.sim.play import perform, play
from negosim.sim.room import Room
from negosim.sim.setting import Given
from negosim.testing.laws import LawBroken, demand
from tests.sim.test_ties import PEOPLE, stage

ZED, AMY, KIM = PEOPLE[:3]
QUIET = backchannel("quiet", *PEOPLE, delay=1)
HERE = Path(__file__).name


class YesNo(Choice):
    YES = "yes"
    NO = "no"


ASK = Decision(ZED, "ask", {YesNo.YES: because("author"), YesNo.NO: because("author")})


def run(part, *others, **settings):
    cast = {ZED: (part,), **dict(zip((AMY, KIM), ((other,) for other in others), strict=False))}
    return play(stage(cast, decisions=(ASK,), **settings), Prior(0))


def place_of(function, line: int) -> str:
    return f"{HERE}:{function.__code__.co_firstlineno + line}"


def test_a_forgotten_yield_from_is_named_with_its_line() -> None:
    def forgets(seat):
        yield from seat.pause(1)
        seat.pause(10)
        seat.say(AMY, "hello", via=QUIET)

    with pytest.raises(ScenarioError, match="'yield from' is missing") as failure:
        run(forgets)
    assert place_of(forgets, 2) in str(failure.value)


def test_a_yield_from_forgotten_at_the_very_end_is_named_too() -> None:
    def forgets(seat):
        yield from seat.pause(1)
        seat.hear(e.Said)

    with pytest.raises(ScenarioError) as failure:
        run(forgets)
    assert place_of(forgets, 2) in str(failure.value)


def test_what_a_story_raises_is_told_with_its_line() -> None:
    def stumbles(seat):
        yield from seat.pause(1)
        raise ValueError("no such town", 7)

    with pytest.raises(StoryRaised) as failure:
        run(stumbles)
    assert "ValueError: ('no such town', 7)" in str(failure.value)
    assert failure.value.place.endswith(place_of(stumbles, 2))


def test_errors_keep_their_text_on_the_way_through_simpy() -> None:
    def lost(seat):
        yield from seat.pause(1)
        seat.say("nobody", "hello", via=QUIET)

    with pytest.raises(ScenarioError, match=f"known: zed, amy[^\n]*\nat .*{place_of(lost, 2)}$") as failure:
        run(lost)
    cause = failure.value.__cause__
    assert isinstance(cause, NotFound)
    assert (cause.what, cause.name) == ("actor", "nobody")


def test_an_illegal_move_names_its_line_and_records_nothing() -> None:
    def oversteps(seat):
        yield from seat.pause(1)
        seat.keep("nothing")

    with pytest.raises(IllegalMove, match="by the view of zed") as failure:
        run(oversteps)
    assert place_of(oversteps, 2) in str(failure.value)


def test_a_message_after_the_silence_is_not_lost() -> None:
    """SimPy's ``get() | timeout`` leaves the getter queued, and the late message goes to nobody."""
    heard = []

    def impatient(seat):
        heard.append((yield from seat.hear(e.Said, within=5)))
        yield from seat.pause(50)
        heard.append((yield from seat.hear(e.Said, within=5)))

    def late(seat):
        yield from seat.pause(20)
        seat.say(ZED, "late", via=QUIET)

    result = run(impatient, late)
    assert heard[0] is None
    assert heard[1].what == "late"
    assert result.unread == dict.fromkeys(result.unread, 0)


def test_a_message_in_the_minute_of_the_deadline_counts() -> None:
    heard = []

    def patient(seat):
        heard.append((yield from seat.hear(e.Said, until=10)))
        heard.append((yield from seat.hear(e.Said, until=10)))

    def speaks(seat):
        yield from seat.pause(9)
        seat.say(ZED, "just-in-time", via=QUIET)

    run(patient, speaks)
    assert heard[0].what == "just-in-time"
    assert heard[1] is None


def test_hearing_until_a_minute_that_is_over_takes_what_lies_there_and_no_longer() -> None:
    heard = []

    def late(seat):
        yield from seat.pause(100)
        for _ in range(2):
            heard.append((yield from seat.hear(e.Said, until=10)))
            heard.append(seat.now)

    def speaks(seat):
        seat.say(ZED, "old", via=QUIET)
        yield from seat.pause()

    run(late, speaks)
    assert heard[0].what == "old"
    assert heard[1:] == [100, None, 100]


def test_two_parts_of_one_actor_hear_a_message_once() -> None:
    heard = []

    def listens(seat):
        seat.meanwhile(listens_too)
        heard.append(("first", (yield from seat.hear(e.Said)).what))

    def listens_too(seat):
        heard.append(("second", (yield from seat.hear(e.Said)).what))

    def speaks(seat):
        yield from seat.pause(1)
        seat.say(ZED, "one", via=QUIET)
        yield from seat.pause(10)
        seat.say(ZED, "two", via=QUIET)

    run(listens, speaks)
    assert heard == [("first", "one"), ("second", "two")]


def test_a_typo_in_what_to_hear_is_told() -> None:
    def mistypes(seat):
        yield from seat.hear(e.Said, whta="hello")

    with pytest.raises(ScenarioError, match="did you mean 'what'"):
        run(mistypes)


def test_actors_asleep_at_the_end_go_home_in_silence() -> None:
    """Their ``finally`` runs as the run ends; nothing they do then is recorded."""
    after = []

    def sleeps(seat):
        try:
            yield from seat.pause(10_000)
        finally:
            after.append("woken")
            seat.say(AMY, "too-late", via=QUIET)

    assert run(sleeps).entries == ()
    assert after == ["woken"]


def test_a_run_that_is_over_leaves_nothing_to_the_garbage_collector() -> None:
    def sleeps(seat):
        yield from seat.pause(10_000)

    def waits(seat):
        yield from seat.hear(e.Said, within=20_000)

    scenario = stage({ZED: (sleeps,), AMY: (waits,)})
    room = Room(scenario.setting, Dice(Prior(0)))
    left = weakref.ref(room)
    gc.disable()
    try:
        perform(scenario, room)
        del room
        assert left() is None
    finally:
        gc.enable()


def test_what_is_due_at_the_last_minute_still_happens() -> None:
    def speaks(seat):
        yield from seat.pause(until=1000)
        seat.say(AMY, "at-last", via=QUIET)

    assert [x.minute for x in run(speaks).entries] == [1000]


def test_a_run_without_end_stops_at_its_limit_of_entries() -> None:
    def babbles(seat):
        while True:
            seat.say(AMY, "hello", via=QUIET)
            yield from seat.pause()

    with pytest.raises(EndlessRun, match="50 entries by 2024-01-01 00:00"):
        run(babbles, entries_max=50)


def test_a_run_that_records_nothing_for_ever_stops_too() -> None:
    def waits(seat):
        while True:
            yield from seat.pause()

    with pytest.raises(EndlessRun, match="2024-01-01 00:00 never ends"):
        run(waits, entries_max=50)


def test_an_address_asked_twice_is_an_error_unless_said_to_be_again() -> None:
    def asks(seat):
        yield from seat.choose(ASK, "peace")
        yield from seat.choose(ASK, "peace", again=True)
        yield from seat.choose(ASK, "peace")

    with pytest.raises(ScenarioError, match=r"zed.ask\[peace\] was asked twice"):
        run(asks)


def test_asked_again_the_address_counts_by_itself() -> None:
    def asks(seat):
        for key in ("peace", "war", "peace"):
            yield from seat.choose(ASK, key, again=True)

    addresses = [x.event.address for x in run(asks).entries]
    assert addresses == ["zed.ask[peace]", "zed.ask[war]", "zed.ask[peace]#2"]


def test_a_question_of_another_actor_cannot_be_decided() -> None:
    def asks(seat):
        yield from seat.pause()

    def usurps(seat):
        yield from seat.choose(ASK, "peace")

    with pytest.raises(ScenarioError, match="amy cannot decide"):
        run(asks, usurps)


def test_a_question_without_a_legal_answer_is_an_error() -> None:
    never = Decision(ZED, "never", {YesNo.YES: because("author", lambda view: False)})

    def asks(seat):
        yield from seat.choose(never, "peace")

    with pytest.raises(ScenarioError, match="no answer is legal"):
        run(asks)


def test_what_is_looked_up_while_deciding_is_a_cause_and_does_not_pile_up() -> None:
    def listens(seat):
        yield from seat.pause(10)
        for _ in range(1000):
            seat.view.last(e.Said)
        sizes.append(len(seat.view.consulted))
        seat.say(AMY, "heard", via=QUIET)

    def speaks(seat):
        seat.say(ZED, "hello", via=QUIET)
        yield from seat.pause()

    sizes: list[int] = []
    entries = run(listens, speaks).entries
    assert sizes == [1]
    assert entries[1].causes == (0,)


def test_what_was_heard_before_the_last_act_speaks_through_it() -> None:
    def answers(seat):
        yield from seat.hear(e.Said, what="one")
        yield from seat.hear(e.Said, what="two")
        seat.say(AMY, "both", via=QUIET)
        seat.say(AMY, "still-both", via=QUIET)
        yield from seat.hear(e.Said, what="three")
        seat.say(AMY, "all", via=QUIET)

    def speaks(seat):
        seat.say(ZED, "one", via=QUIET)
        seat.say(ZED, "two", via=QUIET)
        yield from seat.pause(10)
        seat.say(ZED, "three", via=QUIET)

    causes = {x.event.what: x.causes for x in run(answers, speaks).entries}
    assert causes["both"] == causes["still-both"] == (0, 1)
    assert causes["all"] == (3, 4)


def test_a_law_says_where_it_was_broken() -> None:
    with pytest.raises(LawBroken, match="entry 3"):
        demand(False, "entry 3")


def test_a_message_to_oneself_is_refused() -> None:
    def mutters(seat):
        seat.say(ZED, "hello", via=QUIET)
        yield from seat.pause()

    with pytest.raises(IllegalMove, match="cannot speak to itself"):
        run(mutters)


def test_a_part_started_meanwhile_names_what_its_starter_knew() -> None:
    def starts(seat):
        yield from seat.hear(e.Said)
        seat.meanwhile(goes_on)

    def goes_on(seat):
        yield from seat.pause(5)
        seat.say(AMY, "later", via=QUIET)

    def speaks(seat):
        seat.say(ZED, "hello", via=QUIET)
        yield from seat.pause()

    assert run(starts, speaks).entries[1].causes == (0,)


def test_an_unknown_actor_in_the_cast_is_named() -> None:
    stranger = Actor("zedd", "Zedd")
    with pytest.raises(ScenarioError, match="did you mean 'zed'"):
        stage({stranger: ()})


# ── found by people who tried to break it ───────────────────────────────────────────────────────


def test_a_bare_yield_is_told_with_its_line() -> None:
    def yields(seat):
        yield seat.pause(4)

    with pytest.raises(ScenarioError, match="write 'yield from'") as failure:
        run(yields)
    assert place_of(yields, 1) in str(failure.value)


def test_a_part_that_never_yields_is_no_part() -> None:
    with pytest.raises(ScenarioError, match="never yields"):
        run(lambda seat: seat.say(AMY, "hello", via=QUIET))


class Odd(BaseException):
    """What no 'except Exception' catches."""


@pytest.mark.parametrize("door", [SystemExit, GeneratorExit, Odd])
def test_leaving_by_an_odd_door_is_a_fault_of_the_story(door) -> None:
    def leaves(seat):
        yield from seat.pause(1)
        raise door

    with pytest.raises(StoryRaised) as raised:
        run(leaves)
    assert raised.value.cause == door.__name__
    assert raised.value.place.endswith(place_of(leaves, 2))


def test_a_test_that_leaves_the_program_is_a_fault_of_the_story() -> None:
    def hears(seat):
        yield from seat.hear(e.Said, where=lambda _: exit())

    def says(seat):
        yield from seat.pause(5)
        seat.say(ZED, "hello", via=QUIET)

    with pytest.raises(StoryRaised, match="SystemExit"):
        run(hears, says)


def test_control_c_is_nobody_s_fault() -> None:
    def interrupted(seat):
        yield from seat.pause(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(interrupted)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_part_that_catches_everything_is_told_and_hangs_nothing() -> None:
    def clings(seat):
        while True:
            try:  # noqa: SIM105
                yield from seat.pause(60)
            except:  # noqa: E722 - the mistake
                pass

    with pytest.raises(ScenarioError, match="write 'except Exception'") as failure:
        run(clings)
    assert HERE in str(failure.value)
    del failure
    gc.collect()  # Python complains of such a generator here, and in no other test


def test_parts_count_against_the_limit() -> None:
    def doubles(seat):
        seat.meanwhile(doubles)
        seat.meanwhile(doubles)
        yield from seat.pause(1)

    with pytest.raises(EndlessRun, match="500 parts by 2024-01-01 00:00"):
        run(doubles, entries_max=500)


@pytest.mark.parametrize("where", ["actors", "cast"])
def test_nobody_is_called_as_chance_is(where) -> None:
    def waits(seat):
        yield from seat.pause(1)

    other = Actor("nature", "The Weather")
    cast = {ZED: (waits,), **({other: (waits,)} if where == "cast" else {})}
    with pytest.raises(ScenarioError, match="actor 'nature': chance itself is called so"):
        evolve(stage({ZED: (waits,)}), cast=cast, actors=(*PEOPLE, other) if where == "actors" else PEOPLE)


def test_a_wait_is_waited_for_once() -> None:
    def twice(seat):
        wait = seat.pause(4)
        yield from wait
        yield from wait

    with pytest.raises(ScenarioError, match="waited for already"):
        run(twice)


@pytest.mark.parametrize("length", [1.5, 720.0, True])
def test_time_is_in_whole_minutes(length) -> None:
    def dawdles(seat):
        yield from seat.pause(until=length)

    with pytest.raises(ScenarioError, match="whole minutes"):
        run(dawdles)
    with pytest.raises(BadValue, match="play: until is .*, not a whole number"):
        play(stage({ZED: (dawdles,)}), Prior(0), until=length)


@pytest.mark.parametrize(
    "act",
    [
        lambda seat: (yield from seat.hear(e.Offered, within=0.5)),
        lambda seat: (yield from seat.hear(e.Offered, until=150.75)),
        lambda seat: (yield from seat.hear(e.Offered, within=True)),
        lambda seat: seat.announce("walk", "market", due=150.5),
        lambda seat: seat.announce("walk", "market", due=None),
        lambda seat: seat.announce("walk", 7, due=150),
        lambda seat: seat.announce("walk", "market", due=2**60),
        lambda seat: seat.mandate(AMY, via=QUIET, until=float("nan")),
        lambda seat: seat.say(AMY, None, via=QUIET),
    ],
    ids=["within", "until", "within as a yes", "half a minute", "never", "no text", "too large", "no number", "nothing"],
)
def test_a_value_that_cannot_be_stored_is_refused_where_it_is_said(act) -> None:
    def says(seat):
        yield from seat.pause(1)
        done = act(seat)
        if hasattr(done, "send"):
            yield from done

    with pytest.raises(ScenarioError, match="whole number|it must be") as failure:
        run(says)
    assert HERE in str(failure.value)


@pytest.mark.parametrize("seed", [None, True, 7.0, "7", -1, 1.5, 2**53])
def test_a_seed_is_a_whole_number_from_0(seed) -> None:
    with pytest.raises(BadValue, match="whole numbers from 0"):
        Prior(seed)
    if seed != 2**53:  # which can be kept as a seed no more; runs are only counted
        with pytest.raises(BadValue, match="whole numbers from 0|counted from 0"):
            Prior(1, run=seed)
    with pytest.raises(BadValue, match="whole numbers from 0"):
        Dice(World(seed))


@pytest.mark.parametrize(
    "settings", [{"delay": 1.5}, {"delay": True}, {"loss": 0.5}, {"secrecy": float("nan")}], ids=str
)
def test_a_channels_numbers_are_whole(settings) -> None:
    with pytest.raises(BadValue, match="not a whole number"):
        backchannel("x", ZED, AMY, **settings)


@pytest.mark.parametrize(
    "made", [lambda: Weight(0.5, 1, ""), lambda: Weight(1, True, ""), lambda: Pace(1.5), lambda: Between(0, 2.5)],
    ids=["mean", "sd", "pace", "delay"],
)
def test_the_numbers_of_a_model_are_whole(made) -> None:
    with pytest.raises(BadValue, match="not a whole number"):
        made()


def test_a_given_happens_at_whole_minutes() -> None:
    with pytest.raises(ScenarioError, match="given 'fair': time is whole minutes"):
        run(lambda seat: (yield from seat.pause(1)), givens=(Given("fair", 10.5, 20.5),))


@pytest.mark.parametrize("odds", [-5, 2_000_000, 0.5])
def test_odds_are_in_millionths(odds) -> None:
    def gambles(seat):
        seat.chance("rain", "today", odds)
        yield from seat.pause(1)

    with pytest.raises(ScenarioError, match="no probability in millionths"):
        run(gambles)


@pytest.mark.parametrize("kinds", [(), ("offered",), (int,), (e.Event,), ([e.Said],), (e.Said, e.Entry)], ids=repr)
def test_one_hears_kinds_of_events(kinds) -> None:
    def listens(seat):
        yield from seat.hear(*kinds)

    with pytest.raises(ScenarioError, match="kinds of events"):
        run(listens)


def test_nobody_can_be_heard_who_is_not_there() -> None:
    def listens(seat):
        yield from seat.hear(e.Said, of="ami")

    with pytest.raises(ScenarioError, match="did you mean 'amy'"):
        run(listens)


def test_a_reason_is_a_whole_number() -> None:
    vague = Decision(ZED, "ask", {YesNo.YES: because("author", pull=lambda _: 0.5), YesNo.NO: because("author")})

    def decides(seat):
        yield from seat.choose(vague, "it")

    with pytest.raises(ScenarioError, match="whole number of thousandths"):
        play(stage({ZED: (decides,)}, decisions=(vague,), weights={ZED: {"pull": Weight(1000, 0, "author")}}), Prior(0))


def test_no_answer_can_take_the_place_where_delays_keep_their_noise() -> None:
    class Ways(Choice):
        TAKES = "takes it"
        LEAVES = "leaves it"

    with pytest.raises(BadValue, match="'takes'"):
        Decision(ZED, "way", {Ways.TAKES: because("author"), Ways.LEAVES: because("author")})


def test_two_answers_never_share_their_words_or_their_name() -> None:
    class Same(Choice):
        YES = "ok"
        NO = "ok"

    class Alike(Choice):
        GoNow = "now"
        GO_NOW = "at once"

    with pytest.raises(BadValue, match="same words"):
        Decision(ZED, "same", {Same.YES: because("author")})
    with pytest.raises(BadValue, match="both called 'go-now'"):
        Decision(ZED, "alike", dict.fromkeys(Alike, because("author")))


def test_a_run_cannot_change_the_table() -> None:
    def meddles(seat):
        seat.view.table.channels.clear()
        yield from seat.pause(1)

    with pytest.raises(StoryRaised, match="AttributeError"):
        run(meddles)
