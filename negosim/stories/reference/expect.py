"""The page on what must follow; its text is below, read off the reader."""

from __future__ import annotations

from typing import get_args

from negosim.core.events import EVENTS
from negosim.record.entries import read_belief, read_pattern
from negosim.record.model import Aspect, BeliefPattern, Pattern
from negosim.stories.reference.known_keys import NEVER, keys_of, needed
from negosim.stories.reference.page import Page, Rows, keys

MEANINGS = {
    "event": "the event's name: see negosim help events",
    "date": "from when to when it counts; without one, the fact's own date",
    "by": "id of the actor who does it",
    "to": "id of the actor it is done to",
    "channel": "id of the channel it is said on",
    "what": "what it is about, whichever field says it: the action of announced, started and ended (ended, what = "
    "\"strike\": the action is strike), the option, the order, the claim, the meeting, the happening; the field what "
    "of an action is has = { what = \"...\" }",
    "absent": "true: it must not happen in that time",
    "at_least": "how often at least; 1 unless said otherwise",
    "share": "[LOW, HIGH]: how much of a promise is kept, in thousandths",
    "has": '{ final = true }: further fields of the event that must be equal',
    "actor": "whose trust it is",
    "trust": f"what is trusted: {', '.join(get_args(Aspect))}",
    "of": "in whom",
    "falls": "by how many thousandths at least it falls",
    "rises": "by how many thousandths at least it rises",
    "than": "another aspect of the same trust, which must move less",
}
EXAMPLE = """
expect = [
  { event = "called-off", by = "guild", what = "strike" },
  { event = "started", what = "strike", absent = true },
]
in_order = false
"""

PAGE = Page(
    topic="expect",
    about="An outcome says in expect which events must follow, and when. A pattern compares only what it names; "
    "a fact is met when all its patterns are.",
    tables=(
        keys("A pattern in expect",
             keys_of(read_pattern, NEVER, of=("date",)), MEANINGS, needed(Pattern, but="date")),
        keys("A pattern in belief",
             keys_of(read_belief, NEVER, of=("date",)), MEANINGS, needed(BeliefPattern, but="date")),
        Rows("Events", ((", ".join(event.name for event in EVENTS), "what each is about: negosim help events"),)),
    ),
    example=EXAMPLE,
    language="toml",
    see=("events", "record", "time"),
)
__doc__ = str(PAGE)
