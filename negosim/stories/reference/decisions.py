"""The page on decisions; its text is below, read off the code."""

from __future__ import annotations

from attrs import fields

from negosim.sim.decisions import RESERVED, Choice, Decision, Weight, because
from negosim.sim.delays import Between, Pace
from negosim.stories.authoring.scenario import DEFAULT_PRIOR, scenario_from_record
from negosim.stories.reference.page import Page, Rows, call_of, first_sentence

PAGE = Page(
    topic="decisions",
    about="Whatever could have gone otherwise is a decision at an address, actor.decision[key]. Each "
    "answer has reasons from -1000 to 1000; a reason is a number, or a function of the actor's view. "
    "A reason times its weight, summed, is what an answer is worth, and P = softmax of that.",
    tables=(
        Rows(
            "A decision in one table",
            (
                (
                    'class NAME(Choice, by=ACTOR, pace=LAW, name="", ordered=False)',
                    first_sentence(Choice),
                ),
                (
                    'ANSWER = "in words", because("who considered it", ...)',
                    "a row: the answer, and what speaks for it",
                ),
                (call_of(because), first_sentence(because)),
                (call_of(Decision, leave_out=()), first_sentence(Decision)),
                (", ".join(sorted(RESERVED)), "words that no answer can be called"),
            ),
        ),
        Rows(
            "How long it takes",
            (
                (call_of(Pace, leave_out=()), first_sentence(Pace)),
                (call_of(Between, leave_out=()), first_sentence(Between)),
            ),
        ),
        Rows(
            "Weights",
            (
                (call_of(Weight, leave_out=()), first_sentence(Weight)),
                (f"DEFAULT_PRIOR: {DEFAULT_PRIOR.mean} +- {DEFAULT_PRIOR.sd}", DEFAULT_PRIOR.note),
                (call_of(scenario_from_record), first_sentence(scenario_from_record)),
            ),
        ),
        Rows(
            "A decision's fields",
            tuple(
                (field.name, str(field.type))
                for field in fields(Decision)
                if not field.name.startswith("_")
            ),
        ),
    ),
    example="""
from negosim import Actor, Choice, Pace, because, hours

guild = Actor("guild", "The Guild")


def dearer(view):  # what the guild knows when it decides
    return 300 if view.now < hours(24) else 600


class Answer(Choice, by=guild, pace=Pace(hours(5))):
    TAKE = "takes it and stays at work", because("Q1: the ledger", gain=600)
    STRIKE = "strikes", because("Q2: a speech", pride=dearer)


assert Answer.decisions[0].address("toll") == "guild.answer[toll]"
assert Answer.TAKE.slug == "take"
""",
    language="python",
    see=("seat", "time", "events"),
)
__doc__ = str(PAGE)
