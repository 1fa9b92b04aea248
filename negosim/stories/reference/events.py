"""The page on events; its text is below, read off the union."""

from __future__ import annotations

from negosim.core.events import EVENTS, Reach
from negosim.stories.reference.page import Page, Rows, first_sentence


def _heard_by(reach: Reach) -> str:
    return reach.name.lower().replace("_", " ")


PAGE = Page(
    topic="events",
    about="Everything that happens is an event in an append-only log. A part waits for one by its class, "
    "seat.hear(Offered, of=crown); a record asks for one by its name, { event = \"offered\", by = \"crown\" }.",
    tables=(
        Rows("name, class and fields", tuple(
            (
                f"{event.name}   {event.__name__}({', '.join(event.__struct_fields__)})",
                f"{first_sentence(event)} Heard by: {_heard_by(event.reach)}.",
            )
            for event in EVENTS
        )),
        Rows("Heard by", tuple((_heard_by(reach), reach.value) for reach in Reach)),
    ),
    example="""
from negosim import Prior, load, play  # after: negosim new demo

run = play(load("./demo").scenario, Prior(7))
events = [entry.event for entry in run.entries]
announced = [event for event in events if event.name == "announced"]
assert [(one.by, one.action) for one in announced] == [("guild", "strike")]
""",
    language="python",
    see=("expect", "seat"),
)  # fmt: skip
__doc__ = str(PAGE)
