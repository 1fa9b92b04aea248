"""The page on what a part can do; its text is below, read off the seat."""

from __future__ import annotations

from inspect import isfunction, signature

from negosim.core.terms import Issue, Terms
from negosim.core.views import View
from negosim.sim.seat import Seat
from negosim.stories.reference.page import Page, Rows, call_of, first_sentence, signatures

_METHODS = tuple(value for name, value in vars(Seat).items() if isfunction(value) and not name.startswith("_"))
_SLOW = tuple(value for value in _METHODS if str(signature(value).return_annotation).startswith("Wait"))
_ACTS = tuple(
    value for value in _METHODS if value not in _SLOW and str(signature(value).return_annotation).find("Event") >= 0
) + tuple(value for value in _METHODS if str(signature(value).return_annotation).startswith("e."))
_REST = tuple(value for value in _METHODS if value not in (*_SLOW, *_ACTS))
_KNOWN = tuple((name, first_sentence(value)) for name, value in vars(Seat).items() if isinstance(value, property))
_VIEW = (View.all, View.last, View.standing, View.trusts)

PAGE = Page(
    topic="seat",
    about="A part is a generator that holds a seat. An act is a plain call and is recorded at once; what takes time is "
    "entered with yield from. A move that the actor's own view forbids raises and records nothing.",
    tables=(
        signatures("What takes time: yield from seat.", _SLOW),
        Rows("What hear() can be told", (
            ("via=, of=", "the channel it comes on, and the actor who does it"),
            ("where=", "a test, called with each such event: where=lambda event: event.what in (\"a\", \"b\")"),
            ("answering=", "an offer, request or ultimatum of one's own that it must answer"),
            ("within=, until=", "minutes to wait, or the minute at which to stop; then the answer is None"),
            ("any field of the event", "what it must equal: action=\"strike\"; see negosim help events"),
        )),
        Rows("What can be on the table", (
            ("class NAME(Issue, owner=ACTOR)", first_sentence(Issue) + " The owner is who would have to deliver it."),
            ("OPTION = \"in words\"", "a row of the class; from least to most"),
            ("seat.offer(ACTOR, NAME.OPTION, ..., via=CHANNEL)", "one option an issue at most; or a package, terms="),
            ("offer.terms[NAME]", "the option of that issue in what was offered, or None"),
            ("Terms.of(NAME.OPTION, ...)", first_sentence(Terms.of)),
            ("terms.but(NAME.OPTION)", first_sentence(Terms.but)),
        )),
        signatures("Acts: seat.", _ACTS),
        signatures("Chance and other parts: seat.", _REST),
        Rows("What the actor knows: seat.", _KNOWN),
        Rows("seat.view", tuple((call_of(function), first_sentence(function)) for function in _VIEW)),
    ),
    example="""
from negosim import events


def the_guild(seat):
    market = seat.calendar.at("1724-03-06T07:00")
    offer = yield from seat.hear(events.Offered, until=market)
    if offer is None:
        seat.state("no-offer-came")
    else:
        seat.accept(offer)
""",
    language="python",
    see=("decisions", "channels", "events"),
)
__doc__ = str(PAGE)
