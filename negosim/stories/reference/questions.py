"""The page on what-if questions; its text is below, read off the reader."""

from __future__ import annotations

from pathlib import Path

from negosim.record.entries import read_target
from negosim.record.model import Target
from negosim.stories.questions import Question, read_question
from negosim.stories.reference.known_keys import NEVER, keys_of, needed
from negosim.stories.reference.page import Page, keys

MEANINGS = {
    "id": "a short name, typed after negosim whatif NAME",
    "what": "the outcome as a sentence",
    "happened": "whether the record says it happened; true unless said otherwise",
    "date": "from when to when it would count",
    "cites": '[{ source = "ID", at = "page 3" }]: who says that it happened, or that it did not',
    "tolerance": "how far it may be from its date: 2 days",
    "expect": "the events that make it up: see negosim help expect",
    "in_order": "true: the events must come in the order written",
    "within": "the longest time from the first event to the last: 12 hours",
    "belief": "the trust that must rise or fall: see negosim help expect",
    "note": "anything else a reader should know",
    "asks": "the question as a sentence: Had ..., would ...?",
    "change": "what is changed, a line each: see negosim help changes",
    "about": "ids of the outcomes it is about; the first is the one meant",
    "basis": "why it is worth asking: who considered it, in which source",
}

PAGE = Page(
    topic="questions",
    about="questions.toml beside a record says which outcomes are worth asking about and which changes to ask. "
    "negosim questions NAME lists them, negosim whatif NAME ID answers one. Outcomes of the time after the record "
    "stand in outlook.toml: negosim forecast NAME --from DATE is about those whose time has begun by that date.",
    tables=(
        keys("[[outcome]]: something that can happen or not",
             keys_of(read_target, NEVER, of=("date", "happened")), MEANINGS, needed(Target)),
        keys("[[question]]: a change with a name",
             keys_of(read_question), MEANINGS, needed(Question)),
    ),
    example=(Path(__file__).parents[1] / "template" / "questions.toml").read_text(encoding="utf-8"),
    language="toml",
    see=("changes", "expect", "record"),
)  # fmt: skip
__doc__ = str(PAGE)
