"""Small stories with known answers, written as folders: two questions, one after the other."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STORY = '''
from __future__ import annotations

from datetime import datetime

from negosim.core.actors import Actor, backchannel
from negosim.core.events import Said
from negosim.core.time import Calendar
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.delays import Between
from negosim.sim.scenario import Scenario

ann, bob = Actor("ann", "Ann"), Actor("bob", "Bob")
talk = backchannel("talk", ann, bob)


class Answer(Choice):
    YES = "yes"
    NO = "no"


def question(actor, name, gain, pace):
    return Decision(actor, name, {{
        Answer.YES: because("author", gain=gain), Answer.NO: because("author"),
    }}, pace)


first = question(bob, "first", 800, {pace})
second = question(ann, "second", -500, Between(0, 0))


def ann_asks(seat):
    for key in {keys}:
        seat.say(bob, key, via=talk)
        yield from seat.pause(200)


def ann_goes_on(seat):
    yield from seat.hear(Said, of=bob)
    if (yield from seat.choose(second, "y")) is Answer.YES:
        seat.say(bob, "done", via=talk)


def bob_answers(seat):
    while True:
        asked = yield from seat.hear(Said, of=ann, where=lambda said: said.what != "done")
        if (yield from seat.choose(first, asked.what)) is Answer.YES:
            seat.say(ann, "well", via=talk)
            seat.meet("talks", ann, via=talk)


weight = Weight(1000, {sd}, "author")
scenario = Scenario(
    "small", "A small story", Calendar(datetime(2024, 1, 1), "UTC"), 2880, (ann, bob), channels=(talk,),
    cast={{ann: (ann_asks, ann_goes_on), bob: (bob_answers,)}}, decisions=(first, second),
    weights={{ann: {{"gain": weight}}, bob: {{"gain": weight}}}},
)
'''

HEAD = '''
title = "A small record"
begins = 2024-01-01T00:00:00
ends = 2024-01-03T00:00:00
zone = "UTC"

[[source]]
id = "paper"
title = "Report"
publisher = "A paper"
date = "2024-01-02"
url = "https://example.org/1"
family = "one"
stake = "nobody's"
'''


def fact(id: str, kind: str, date: str, rest: str) -> str:
    """One fact in TOML; ``rest`` are its further lines."""
    return f'''
[[fact]]
id = "{id}"
date = "{date}"
precision = "{'day' if 'T' not in date else 'interval'}"
kind = "{kind}"
what = "It happened."
certainty = "documented"
cites = [{{ source = "paper", at = "page 1" }}]
{dedent(rest)}
'''


FIRST = fact(
    "D1", "decision", "2024-01-01T00:01/2024-01-01T00:50",
    'decisions = [{ address = "bob.first[x]", chose = "yes" }]',
)  # fmt: skip
SECOND = fact(
    "D2", "decision", "2024-01-01T00:51/2024-01-01T02:00",
    'decisions = [{ address = "ann.second[y]", chose = "yes" }]',
)  # fmt: skip
DONE = fact("O1", "outcome", "2024-01-01", 'expect = [{ event = "said", by = "ann", what = "done" }]\nafter = ["D1"]')


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a story into a folder of its own and return the folder."""

    def written(
        *facts: str, pace: str = "Between(0, 0)", keys: str = "('x',)", sd: int = 0,
        story: str = STORY, name: str = "small",
    ) -> Path:  # fmt: skip
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(story.format(pace=pace, keys=keys, sd=sd))
        if facts:
            (folder / "record.toml").write_text(HEAD + "".join(facts))
        return folder

    return written
