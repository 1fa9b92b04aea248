"""The page on decisions; its text is below, read off the code."""

from __future__ import annotations

from inspect import signature

from attrs import fields

from negosim.sim.decisions import RESERVED, Choice, Decision, Weight, because
from negosim.sim.delays import Between, Pace
from negosim.sim.scenario import Scenario
from negosim.stories.authoring.scenario import DEFAULT_PRIOR, scenario_from_record
from negosim.stories.reference.page import Page, Rows, call_of, first_sentence

SETTINGS = {
    "cast": "each actor with its part, or parts",
    "channels": "the ways to be heard: see negosim help channels",
    "decisions": "the decisions that a part asks",
    "actors": "those who have no part, and are only spoken to",
    "prior": "the prior of every weight that is not named",
    "weights": "{ACTOR: {\"ATTRIBUTE\": Weight(...)}}, where one differs from the prior",
    "happenings": "names that seat.happen and insert may let happen; the record's givens are added",
    "mechanisms": "{\"NAME\": True}: switches that rival explanations turn; a part asks seat.works(\"NAME\")",
    "accounts": "{\"TOPIC\": {\"ACCOUNT\": {\"MECHANISM\": True}}}: rival explanations, for negosim rivals",
    "testimony": "who would say what under which account, for negosim rivals --testimony",
    "initial_trust": "InitialTrust(...): whom an actor trusts at the start, and how far",
    "givens": "what happens whatever the actors do; the record's are added",
    "explanations": '{"F3": "why the model cannot produce it"}: facts that are beyond it, for check and replay',
    "words": "{\"SLUG\": \"how it reads on a screen\"}; the record's [words] are added",
    "entries_max": "how many entries a run may have at most",
}


def _settings() -> tuple[tuple[str, str], ...]:
    """What a scenario of a record may be given: the function's own keywords, then the scenario's own fields."""
    keywords = signature(scenario_from_record).parameters.values()
    own = [keyword.name for keyword in keywords if keyword.kind is keyword.KEYWORD_ONLY]
    of_the_record = ("name", "title", "calendar", "ends")
    more = [field.name for field in fields(Scenario) if field.init and field.name not in of_the_record]
    return tuple((f"{name}=", SETTINGS[name]) for name in dict.fromkeys((*own, *more)))


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
        Rows("scenario_from_record(__file__, ...)", _settings()),
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
