"""The table: a host, two committees, and rounds until somebody ends them.

The record stops with the second round; the clock runs on for two months, with what was known by
2 January 2025: demands that were to follow in writing (P41), a visit asked for first (P43), a
limit that the party set itself (P42), and a government that had broken off talks before (P31).
"""

from __future__ import annotations

from functools import partial

from negosim import Between, Choice, Play, Seat, View, because, days, hours
from negosim.core import events as e
from negosim.parts.known import happened, rests
from negosim.stories.authoring import ALL, MUCH, SOME

from .december import DELEGATES, Meet, step_back
from .gate import VISITING_HOURS
from .october import on_the_day
from .people import LIMIT, WINTER_MARCH, Inquiry, back, government, khan, lawyers, party, prison, speaker, street, table
from .reasons import ROUTINE, at_liberty, credit_of_pti, due_of

NOTICE = Between(hours(12), hours(48), "author: a day or two's notice")
APART = Between(days(7), days(14), "author: rounds a week or two apart")
OFFICE_HOURS = (hours(10), hours(18))
EVENING = (hours(18), hours(24))

# ── coming to the table ─────────────────────────────────────────────────────────────────────────


class Host(Choice, by=speaker, pace=ROUTINE):
    OFFER = "offers his house to both", because("P37; theory, ripeness: after a shock and a step back", peace=MUCH)
    STAY_OUT = "stays out of it", because("author", peace=0)


class CallSpeaker(Choice, by=party, pace=ROUTINE):
    ASK = "asks the Speaker to mediate", because("P39", relief=MUCH)
    DECLINE = "does not ask", because("P35: a visit of condolence, it said", leverage=SOME)


class FormCommittee(Choice, by=government, pace=ROUTINE):
    FORM = "names a committee", because("P40", calm=MUCH, price=-SOME)
    DECLINE = "names none", because("P35: remorse first", price=SOME // 2)


class Rest(Choice, by=government, pace=ROUTINE):
    REST = "lets the back channel rest", because(
        "theory, channels substitute: one table is enough", calm=SOME, price=SOME
    )
    KEEP = "keeps it warm", because("theory, two channels vouch for each other", credit=credit_of_pti, calm=SOME)


class Present(Choice, by=party, pace=Between(0, hours(2), "author: at the table")):
    VOICE = "voices its demands", because("S28; K6: voiced, not handed over", relief=MUCH, leverage=SOME)
    HOLD_BACK = "holds them back", because("P43: it wanted to see the founder first", relief=SOME)


# ── from round to round ─────────────────────────────────────────────────────────────────────────


class Limit(Choice, by=party, pace=ROUTINE):
    SET = "sets the end of next month as a limit", because("P42: after a visit to the jail", leverage=SOME)
    NONE = "sets no limit", because("author", relief=SOME)


def saw_him(view: View) -> int:
    """Whether the party's committee has seen the founder since the talks began, or he is at home."""
    return MUCH if at_liberty(view) or view.last(e.Met, meeting="committee-visit") is not None else 0


class Charter(Choice, by=party, pace=Between(0, hours(2), "author: at the table")):
    HAND_OVER = "hands over a written charter", because(
        "P41: demands were to follow in writing", relief=saw_him, leverage=SOME
    )
    WAIT = "asks to see the founder first", because("P43: it asked to see the founder first", relief=SOME)


class CharterAnswer(Choice, by=government, name="charter", pace=ROUTINE):
    INQUIRY = "agrees to an inquiry", because("P34: what was asked", calm=MUCH, price=-ALL, credit=credit_of_pti)
    DETAINEES = "agrees to free some detainees", because(
        "P44: sentences were remitted that day", calm=SOME, price=-SOME
    )
    NEITHER = "agrees to neither", because("P35: remorse first")
    END = "ends the talks over it", because("P31: it had broken off talks before", price=SOME)


def gained(view: View) -> int:
    """What staying promises the prisoners: some, much once anything was agreed, nothing after a no."""
    answers = [said.what for said in view.all(e.Said, by=government) if said.what.startswith("charter-")]
    if not answers:
        return SOME
    return 0 if answers[-1] == "charter-neither" else MUCH


def limit_over(view: View) -> int:
    """What leaving shows: much once the limit that the party set itself has passed."""
    return MUCH if due_of(view, LIMIT) <= view.now else 0


class Stay(Choice, by=party, pace=ROUTINE):
    STAY = "stays at the table", because("P34: it named a committee to talk to anyone", relief=gained)
    LEAVE = "ends the talks", because("P42: a limit was set", leverage=limit_over)


# ── parts ───────────────────────────────────────────────────────────────────────────────────────


def speaker_hosts(seat: Seat) -> Play:
    """The Speaker offers, is asked, brings both to one table, and calls them again until it rests."""
    step = yield from seat.hear(e.CalledOff, e.Ended, where=step_back)
    if (yield from seat.choose(Host, step.action)) is Host.STAY_OUT:
        return
    seat.say(party, "my-house-is-open", via=street)
    yield from seat.hear(e.Said, of=party, what="please-mediate")
    seat.say(government, "will-you-sit-down", via=street)
    yield from seat.hear(e.Said, of=government, what="committee-named")
    yield from seat.pause(seat.takes("invitation", "round-1", NOTICE))
    number = 1
    while True:
        yield from seat.pause_until_open(*OFFICE_HOURS)
        if rests(seat.view, table):
            return
        seat.meet("round", government, party, via=table)
        number += 1
        yield from seat.pause(seat.takes("interval", f"round-{number}", APART))


def party_calls_speaker(seat: Seat) -> Play:
    """It takes up the Speaker's offer; if it did not, it is asked once more when its people are sentenced (P39)."""
    yield from seat.hear(e.Said, of=speaker, what="my-house-is-open")
    answer = yield from seat.choose(CallSpeaker, "speakers-offer")
    if answer is CallSpeaker.DECLINE and not happened(seat.view, "military-sentences"):
        yield from seat.hear(e.Happened, what="military-sentences")
        answer = yield from seat.choose(CallSpeaker, "military-sentences")
    if answer is CallSpeaker.ASK:
        seat.say(speaker, "please-mediate", via=street)


def government_committee(seat: Seat) -> Play:
    """Asked by the Speaker, the prime minister names a committee or not; each round has an aftermath."""
    yield from seat.hear(e.Said, of=speaker, what="will-you-sit-down")
    if (yield from seat.choose(FormCommittee, "speakers-request")) is FormCommittee.DECLINE:
        return
    seat.say(speaker, "committee-named", via=street)
    number = 0
    while True:
        yield from seat.hear(e.Met, via=table)
        number += 1
        if number == 1:
            seat.meanwhile(partial(government_meets_again, key="round-1"))
        seat.meanwhile(partial(government_rests, key=f"round-{number}"))


def government_meets_again(seat: Seat, key: str) -> Play:
    """Beside a table it may want a word in secret at critical moments (S05): it opens, is at stake, is left."""
    if (yield from seat.choose(Meet, key)) is Meet.MEET:
        yield from seat.pause_until_open(*EVENING)
        if rests(seat.view, back):
            seat.resume(back)
        seat.meet("next-steps", party, *DELEGATES, via=back)


def government_rests(seat: Seat, key: str) -> Play:
    """With a table open, the back channel may be let rest."""
    if rests(seat.view, back):
        return
    answer = yield from seat.choose(Rest, key)
    if answer is Rest.REST and not rests(seat.view, back):
        seat.suspend(back)


def party_stays_or_leaves(seat: Seat, occasion: str) -> Play:
    """Whoever sits at a table stays until there is an occasion to leave: a refusal, or a limit that is over."""
    if not rests(seat.view, table) and (yield from seat.choose(Stay, occasion)) is Stay.LEAVE:
        end_talks(seat)


def end_talks(seat: Seat) -> None:
    """No more rounds, unless the other side was faster to say so."""
    if not rests(seat.view, table):
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
    yield from seat.hear(e.Suspended, via=table)
    if seat.view.last(e.Suspended, channel=table.id, by=seat.actor) is None:
        yield from after_the_talks(seat)


def party_at_the_table(seat: Seat) -> Play:
    """Demands are voiced, then handed over in writing; the party stays or leaves."""
    yield from seat.hear(e.Met, via=table)
    seat.meanwhile(party_sets_a_limit)
    number, voiced, written = 1, False, False
    while True:
        yield from seat.hear(e.Met, via=table)
        number += 1
        key = f"round-{number}"
        if not voiced:
            voiced = (yield from seat.choose(Present, key)) is Present.VOICE
            if voiced and not rests(seat.view, table):
                seat.offer(government, Inquiry.TWO_DEMANDS, via=table)
        elif not written:
            written = (yield from seat.choose(Charter, key)) is Charter.HAND_OVER
            if written and not rests(seat.view, table):
                seat.say(government, "written-charter", via=table)
        if not written:
            seat.meanwhile(partial(party_sees_khan, key=key))


def party_sets_a_limit(seat: Seat) -> Play:
    """After the first round it may set a limit; when that is over it stays or leaves."""
    if (yield from seat.choose(Limit, "round-1")) is Limit.NONE:
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
    if isinstance((yield from seat.hear(e.Granted, e.Refused, answering=request)), e.Refused):
        yield from party_stays_or_leaves(seat, f"no-visit-{key}")
        return
    yield from seat.pause_until_open(*VISITING_HOURS)
    if not at_liberty(seat.view):
        seat.meet("committee-visit", khan, via=prison)


def government_reads_charter(seat: Seat) -> Play:
    """A written charter is answered."""
    handed = yield from seat.hear(e.Said, of=party, what="written-charter")
    seat.meanwhile(partial(government_meets_again, key="charter"))
    answer = yield from seat.choose(CharterAnswer, "two-demands", over=handed)
    if answer is CharterAnswer.END:
        end_talks(seat)
    else:
        seat.say(party, f"charter-{answer.slug}", via=street)


def party_is_refused(seat: Seat) -> Play:
    """A charter of which nothing is granted is an occasion to leave."""
    yield from seat.hear(e.Said, of=government, what="charter-neither")
    yield from party_stays_or_leaves(seat, "refusal")


def party_in_winter(seat: Seat) -> Play:
    """A march called in winter takes place, or is let pass."""
    yield from seat.hear(e.Announced, of=khan, action=WINTER_MARCH)
    yield from on_the_day(seat, WINTER_MARCH, "clash-in-winter")
