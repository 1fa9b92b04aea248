"""The page on records; its text is below, read off the reader."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from negosim.record.checks import NEEDS
from negosim.record.entries import read_conflict, read_coverage, read_fact, read_source, read_target
from negosim.record.model import (
    Certainty,
    Conflict,
    Coverage,
    Fact,
    Kind,
    Precision,
    Source,
    Target,
)
from negosim.stories.reference.known_keys import NEVER, keys_of, needed
from negosim.stories.reference.page import Page, Rows, keys

MEANINGS = {
    "id": "a short name, used once: S1",
    "title": "the title of the page, in your own words",
    "publisher": "who published it",
    "url": "where it can be read",
    "date": "when, in EDTF: see negosim help time",
    "family": "pages that rest on one informant share a family, and count once",
    "stake": "who gains if this is believed",
    "note": "anything else a reader should know",
    "precision": f"how exact the date is: {', '.join(get_args(Precision))}",
    "kind": "what a replay does with the fact: see the next table",
    "what": "the fact as a sentence",
    "certainty": f"how well it is known: {', '.join(get_args(Certainty))}",
    "cites": '[{ source = "ID", at = "page 3" }]: who says so, and where; at least one',
    "background": "true: shown to readers, never used by the model",
    "who": "ids of the actors who did it",
    "to": "ids of the actors it was done to",
    "channel": "the channel it was said on",
    "because": "why a given is one: what made it independent of the actors",
    "claimant": "who claims it, for kind claim",
    "tolerance": "how far an outcome may be from its date: 2 days; the note names the [[target]] it is from",
    "after": 'ids of decisions: the fact counts where these came out as documented, ["F2"]',
    "event": "the happening that a given feeds into the model; of coverage: a type of event",
    "known": "the date from which a given stood in everybody's calendar",
    "decisions": '[{ address = "ACTOR.DECISION[KEY]", chose = "ANSWER" }]: what was decided',
    "expect": "the events that must follow: see negosim help expect",
    "belief": "the trust that must rise or fall: see negosim help expect",
    "in_order": "true: the expected events must come in the order written",
    "within": "the longest time from the first expected event to the last: 12 hours",
    "about": "what the sources disagree about",
    "facts": "ids of the facts concerned",
    "versions": '[{ says = "...", by = "...", cites = [...] }]: at least two',
    "use": "how this record reads the versions",
    "window": "from when to when, in EDTF",
    "cover": "complete: what is not in the record did not happen; selective: it may have",
}
KINDS: dict[Kind, str] = {
    "given": "happens whatever the actors do; fed in at its date",
    "decision": "a documented choice; the replay is told it",
    "inferred": "an undocumented choice that a documented one needs; the replay is told it",
    "outcome": "must follow by itself; the replay is never told it",
    "belief": "a change of trust that must follow by itself",
    "claim": "what somebody says happened; never used as a fact",
    "report": "about the reporting itself; shown, never used; needs background = true",
}


def _needs(kind: Kind) -> str:
    needs = NEEDS[kind]
    must = ", ".join(" or ".join(group) for group in needs.must)
    may = ", ".join(needs.may)
    return "; ".join(
        [KINDS[kind], *([f"needs {must}"] if must else []), *([f"may have {may}"] if may else [])]
    )


PAGE = Page(
    topic="record",
    about="record.toml says what is documented, and who says so. It is useful before there is any model: it can be "
    "shown, checked, reported and exported. Keys that are not in these tables are mistakes, and check says so.",
    tables=(
        Rows("The head of the file", (
            ("title", "what the history is called"),
            ("begins, ends", "the clock, as local times without quotes: 1724-03-01T00:00:00"),
            ("zone", "the time zone of all dates: Europe/Paris"),
            ("[words]", 'how a name reads on a screen, one a line: out-of-court = "out of court"'),
        )),
        keys("[[source]]: a page that says something",
             keys_of(read_source, NEVER, of=("date",)), MEANINGS, needed(Source)),
        keys("[[fact]]: something that happened",
             keys_of(read_fact, NEVER, of=("date", "known")), MEANINGS, needed(Fact)),
        Rows("Kinds of facts", tuple((kind, _needs(kind)) for kind in get_args(Kind))),
        keys("[[conflict]]: sources that disagree",
             keys_of(read_conflict), MEANINGS, needed(Conflict)),
        keys("[[coverage]]: where nothing was missed",
             keys_of(read_coverage, NEVER, of=("window",)), MEANINGS, needed(Coverage, but="channel")),
        keys("[[target]]: what a free run is asked to hit",
             keys_of(read_target, NEVER, of=("date",)), MEANINGS, needed(Target)),
    ),
    example=(Path(__file__).parents[1] / "template" / "record.toml").read_text(encoding="utf-8"),
    language="toml",
    see=("expect", "time", "questions"),
)  # fmt: skip
__doc__ = str(PAGE)
