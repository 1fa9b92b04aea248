"""What cannot be in any world of this story."""

from __future__ import annotations

from negosim.core import events as e
from negosim.stories.authoring import AtMostOnce, Events, Never

from .people import DISOBEDIENCE, FINAL_CALL, WINTER_MARCH, government, khan, prison, table

HOME = Events(e.Happened, what="released")
AT_THE_SQUARE = Events(e.Reached, what="d-chowk")
NAMED = Events(e.Said, what="committee-named")
ENDED = Events(e.Suspended, channel=table)

TOLD_AFTER = {
    "threat-worked": Events(e.Promised, by=government),
    "clash": Events(e.Happened, what="clash"),
    "march-over": Events(e.Ended, e.CalledOff, action=FINAL_CALL),
    "defer-it": Events(e.Announced, action=DISOBEDIENCE),
    "talks-over": ENDED,
    "please-mediate": Events(e.Said, what="my-house-is-open"),
    "committee-named": Events(e.Said, what="will-you-sit-down"),
}
"""What is said, and what must have come before it."""

invariants = (
    Never("The founder is visited in jail after he went home.",
          Events(e.Met, e.Said, e.Conveyed, e.Mandated, channel=prison), after=HOME),
    Never("The release of a founder who went home is asked for.",
          Events(e.Offered, where=lambda offer: "release" in offer.terms.slugs), after=HOME),
    Never("The release of a founder who went home is decided.",
          Events(e.Chose, taken=("release-first", "release", "rearrest", "let-go")), after=HOME),
    Never("A founder who went home is arrested again.", Events(e.Happened, what="re-arrested"), after=HOME),
    AtMostOnce("The founder goes home twice (he and the public learn of it in two entries).", HOME, times=2),
    *(Never(f"{what!r} is told before it happened.", Events(e.Said, what=what), until=before)
      for what, before in TOLD_AFTER.items()),
    Never("The founder is told that there was no march once one has begun.",
          Events(e.Said, what="no-march"), after=Events(e.Started, action=FINAL_CALL)),
    Never("A second bail comes before the first.",
          Events(e.Happened, what="bailed-again"), until=Events(e.Happened, what="khan-bailed")),
    *(AtMostOnce(f"{action!r} is called twice.", Events(e.Announced, action=action))
      for action in (FINAL_CALL, WINTER_MARCH, DISOBEDIENCE)),
    Never("A round is held before the government named its committee.", Events(e.Met, channel=table), until=NAMED),
    Never("A round is held after the talks were ended.", Events(e.Met, channel=table), after=ENDED),
    Never("An order to stop is given before the founder agreed.",
          Events(e.Ordered), until=Events(e.Ratified, by=khan)),
    Never("Marchers clash where they are not yet.", Events(e.Happened, what="clash"), until=AT_THE_SQUARE),
    Never("A place to stop is brought when the march has arrived.", Events(e.Conveyed), after=AT_THE_SQUARE),
)  # fmt: skip
