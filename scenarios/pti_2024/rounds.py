"""The table: a host, two committees, and rounds until somebody ends them.

The record stops with the second round; the clock runs on for two months, with what was known by
2 January 2025: demands that were to follow in writing (P41), a visit asked for first (P43), a
limit that the party set itself (P42), and a government that had broken off talks before (P31).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from negosim import Between, Choice, Decision, because, days, hours
from negosim.core.events import Announced, CalledOff, Ended, Granted, Met, Refused, Said, Suspended

from .december import DELEGATES, Meeting, meeting, step_back
from .gate import VISITING_HOURS
from .october import on_the_day
from .people import (
    LIMIT,
    WINTER_MARCH,
    Inquiry,
    back,
    government,
    khan,
    lawyers,
    party,
    prison,
    speaker,
    street,
    table,
)
from .reasons import (
    ALL,
    MUCH,
    ROUTINE,
    SOME,
    at_liberty,
    credit_of_pti,
    due_of,
)

if TYPE_CHECKING:
    from negosim import Channel, Play, Seat, View

NOTICE = Between(hours(12), hours(48), "author: a day or two's notice")
APART = Between(days(7), days(14), "author: rounds a week or two apart")
OFFICE_HOURS = (hours(10), hours(18))
EVENING = (hours(18), hours(24))

# ── coming to the table ─────────────────────────────────────────────────────────────────────────


class Hosting(Choice):
    OFFER = "offers his house to both"
    STAY_OUT = "stays out of it"


hosting = Decision(
    speaker, "host", {
        Hosting.OFFER: because("P37; theory, ripeness: after a shock and a step back", peace=MUCH),
        Hosting.STAY_OUT: because("author", peace=0),
    }, ROUTINE,
)  # fmt: skip


class Calling(Choice):
    ASK = "asks the Speaker to mediate"
    DECLINE = "does not ask"


calling = Decision(
    party, "call-speaker", {
        Calling.ASK: because("P39", relief=MUCH),
        Calling.DECLINE: because("P35: a visit of condolence, it said", leverage=SOME),
    }, ROUTINE,
)  # fmt: skip


class Forming(Choice):
    FORM = "names a committee"
    DECLINE = "names none"


forming = Decision(
    government, "form-committee", {
        Forming.FORM: because("P40", calm=MUCH, price=-SOME),
        Forming.DECLINE: because("P35: remorse first", price=SOME // 2),
    }, ROUTINE,
)  # fmt: skip


class Resting(Choice):
    REST = "lets the back channel rest"
    KEEP = "keeps it warm"


resting = Decision(
    government, "rest", {
        Resting.REST: because("theory, channels substitute: one table is enough", calm=SOME, price=SOME),
        Resting.KEEP: because("theory, two channels vouch for each other", credit=credit_of_pti, calm=SOME),
    }, ROUTINE,
)  # fmt: skip


class Presenting(Choice):
    VOICE = "voices its demands"
    HOLD_BACK = "holds them back"


presenting = Decision(
    party, "present", {
        Presenting.VOICE: because("S28; K6: voiced, not handed over", relief=MUCH, leverage=SOME),
        Presenting.HOLD_BACK: because("P43: it wanted to see the founder first", relief=SOME),
    }, Between(0, hours(2), "author: at the table"),
)  # fmt: skip


# ── from round to round ─────────────────────────────────────────────────────────────────────────


class Limiting(Choice):
    SET = "sets the end of next month as a limit"
    NONE = "sets no limit"


limiting = Decision(
    party, "limit", {
        Limiting.SET: because("P42: after a visit to the jail", leverage=SOME),
        Limiting.NONE: because("author", relief=SOME),
    }, ROUTINE,
)  # fmt: skip


def saw_him(view: View) -> int:
    """Whether the party's committee has seen the founder since the talks began, or he is at home."""
    return MUCH if at_liberty(view) or view.last(Met, meeting="committee-visit") is not None else 0


class Charter(Choice):
    HAND_OVER = "hands over a written charter"
    WAIT = "asks to see the founder first"


charter = Decision(
    party, "charter", {
        Charter.HAND_OVER: because("P41: demands were to follow in writing", relief=saw_him, leverage=SOME),
        Charter.WAIT: because("P43: it asked to see the founder first", relief=SOME),
    }, Between(0, hours(2), "author: at the table"),
)  # fmt: skip


class CharterAnswer(Choice):
    INQUIRY = "agrees to an inquiry"
    DETAINEES = "agrees to free some detainees"
    NEITHER = "agrees to neither"
    END = "ends the talks over it"


answering_charter = Decision(
    government, "charter", {
        CharterAnswer.INQUIRY: because("P34: what was asked", calm=MUCH, price=-ALL, credit=credit_of_pti),
        CharterAnswer.DETAINEES: because("P44: sentences were remitted that day", calm=SOME, price=-SOME),
        CharterAnswer.NEITHER: because("P35: remorse first"),
        CharterAnswer.END: because("P31: it had broken off talks before", price=SOME),
    }, ROUTINE,
)  # fmt: skip


class Staying(Choice):
    STAY = "stays at the table"
    LEAVE = "ends the talks"


def gained(view: View) -> int:
    """What staying promises the prisoners: some, much once anything was agreed, nothing after a no."""
    answers = [said.what for said in view.all(Said, by=government) if said.what.startswith("charter-")]
    if not answers:
        return SOME
    return 0 if answers[-1] == "charter-neither" else MUCH


def limit_over(view: View) -> int:
    """What leaving shows: much once the limit that the party set itself has passed."""
    return MUCH if due_of(view, LIMIT) <= view.now else 0


staying = Decision(
    party, "stay", {
        Staying.STAY: because("P34: it named a committee to talk to anyone", relief=gained),
        Staying.LEAVE: because("P42: a limit was set", leverage=limit_over),
    }, ROUTINE,
)  # fmt: skip


DECISIONS = (
    hosting, calling, forming, resting, limiting, presenting, charter, answering_charter, staying,
)  # fmt: skip


# ── parts ───────────────────────────────────────────────────────────────────────────────────────


def rests(seat: Seat, channel: Channel) -> bool:
    """Whether a channel is at rest, as far as the seat's actor knows."""
    return seat.view.standing("channel", channel.id) is not None


def speaker_hosts(seat: Seat) -> Play:
    """The Speaker offers, is asked, brings both to one table, and calls them again until it rests."""
    step = yield from seat.hear(CalledOff, Ended, where=step_back)
    if (yield from seat.choose(hosting, step.action)) is Hosting.STAY_OUT:
        return
    seat.say(party, "my-house-is-open", via=street)
    yield from seat.hear(Said, of=party, what="please-mediate")
    seat.say(government, "will-you-sit-down", via=street)
    yield from seat.hear(Said, of=government, what="committee-named")
    yield from seat.pause(seat.takes("invitation", "round-1", NOTICE))
    number = 1
    while True:
        yield from seat.pause_until_open(*OFFICE_HOURS)
        if rests(seat, table):
            return
        seat.meet("round", government, party, via=table)
        number += 1
        yield from seat.pause(seat.takes("interval", f"round-{number}", APART))


def party_calls_speaker(seat: Seat) -> Play:
    """The party takes up the Speaker's offer, or does not."""
    yield from seat.hear(Said, of=speaker, what="my-house-is-open")
    if (yield from seat.choose(calling, "speakers-offer")) is Calling.ASK:
        seat.say(speaker, "please-mediate", via=street)


def government_committee(seat: Seat) -> Play:
    """Asked by the Speaker, the prime minister names a committee or not; each round has an aftermath."""
    yield from seat.hear(Said, of=speaker, what="will-you-sit-down")
    if (yield from seat.choose(forming, "speakers-request")) is Forming.DECLINE:
        return
    seat.say(speaker, "committee-named", via=street)
    number = 0
    while True:
        yield from seat.hear(Met, via=table)
        number += 1
        if number == 1:
            seat.meanwhile(partial(government_meets_again, key="round-1"))
        seat.meanwhile(partial(government_rests, key=f"round-{number}"))


def government_meets_again(seat: Seat, key: str) -> Play:
    """Beside a table it may want a word in secret at critical moments (S05): it opens, is at stake, is left."""
    if (yield from seat.choose(meeting, key)) is Meeting.MEET:
        yield from seat.pause_until_open(*EVENING)
        if rests(seat, back):
            seat.resume(back)
        seat.meet("next-steps", party, *DELEGATES, via=back)


def government_rests(seat: Seat, key: str) -> Play:
    """With a table open, the back channel may be let rest."""
    if rests(seat, back):
        return
    answer = yield from seat.choose(resting, key)
    if answer is Resting.REST and not rests(seat, back):
        seat.suspend(back)


def party_stays_or_leaves(seat: Seat, occasion: str) -> Play:
    """Whoever sits at a table stays until there is an occasion to leave: a refusal, or a limit that is over."""
    if not rests(seat, table) and (yield from seat.choose(staying, occasion)) is Staying.LEAVE:
        end_talks(seat)


def end_talks(seat: Seat) -> None:
    """No more rounds, unless the other side was faster to say so."""
    if not rests(seat, table):
        seat.suspend(table)
        seat.meanwhile(after_the_talks)


def after_the_talks(seat: Seat) -> Play:
    """The talks are over: the party tells the founder, the government may want a word in secret."""
    if seat.actor == party.id:
        seat.say(khan, "talks-over", via=lawyers)
    else:
        yield from government_meets_again(seat, "talks-over")


def hears_of_the_end(seat: Seat) -> Play:
    """The other side has ended the talks."""
    yield from seat.hear(Suspended, via=table)
    if seat.view.last(Suspended, channel=table.id, by=seat.actor) is None:
        yield from after_the_talks(seat)


def party_at_the_table(seat: Seat) -> Play:
    """Demands are voiced, then handed over in writing; the party stays or leaves."""
    yield from seat.hear(Met, via=table)
    seat.meanwhile(party_sets_a_limit)
    number, voiced, written = 1, False, False
    while True:
        yield from seat.hear(Met, via=table)
        number += 1
        key = f"round-{number}"
        if not voiced:
            voiced = (yield from seat.choose(presenting, key)) is Presenting.VOICE
            if voiced and not rests(seat, table):
                seat.offer(government, Inquiry.TWO_DEMANDS, via=table)
        elif not written:
            written = (yield from seat.choose(charter, key)) is Charter.HAND_OVER
            if written and not rests(seat, table):
                seat.say(government, "written-charter", via=table)
        if not written:
            seat.meanwhile(partial(party_sees_khan, key=key))


def party_sets_a_limit(seat: Seat) -> Play:
    """After the first round it may set a limit; when that is over it stays or leaves."""
    if (yield from seat.choose(limiting, "round-1")) is Limiting.NONE:
        return
    due = end_of_next_month(seat)
    seat.announce(LIMIT, "two-demands", due=due)
    yield from seat.pause(until=due)
    yield from party_stays_or_leaves(seat, "limit")


def end_of_next_month(seat: Seat) -> int:
    """The last minute of the month after this one."""
    today = seat.calendar.local(seat.now).replace(hour=0, minute=0, day=1, tzinfo=None)
    year, month = today.year + (today.month + 1) // 12, (today.month + 1) % 12 + 1
    return seat.calendar.minute(today.replace(year=year, month=month)) - 1


def party_sees_khan(seat: Seat, key: str) -> Play:
    """Its committee asks to see the founder; a refusal is an occasion to leave."""
    if saw_him(seat.view):
        return
    request = seat.request(government, "to-see-the-founder", via=prison)
    if isinstance((yield from seat.hear(Granted, Refused, answering=request)), Refused):
        yield from party_stays_or_leaves(seat, f"no-visit-{key}")
        return
    yield from seat.pause_until_open(*VISITING_HOURS)
    if not at_liberty(seat.view):
        seat.meet("committee-visit", khan, via=prison)


def government_reads_charter(seat: Seat) -> Play:
    """A written charter is answered."""
    handed = yield from seat.hear(Said, of=party, what="written-charter")
    seat.meanwhile(partial(government_meets_again, key="charter"))
    answer = yield from seat.choose(answering_charter, "two-demands", over=handed)
    if answer is CharterAnswer.END:
        end_talks(seat)
    else:
        seat.say(party, f"charter-{answer.slug}", via=street)


def party_is_refused(seat: Seat) -> Play:
    """A charter of which nothing is granted is an occasion to leave."""
    yield from seat.hear(Said, of=government, what="charter-neither")
    yield from party_stays_or_leaves(seat, "refusal")


def party_in_winter(seat: Seat) -> Play:
    """A march called in winter takes place, or is let pass."""
    yield from seat.hear(Announced, of=khan, action=WINTER_MARCH)
    yield from on_the_day(seat, WINTER_MARCH, "clash-in-winter")
