"""What an author writes once is read everywhere: words in the record, tables of several actors, rules over a log."""

from __future__ import annotations

import pytest

from negosim import Actor, Choice, because, load
from negosim.core import events as e
from negosim.core.errors import NotFound, RecordError, ScenarioError
from negosim.record import read_record
from negosim.sim.decisions import decision_by, decisions_of
from negosim.stories.authoring import AtMostOnce, Events, Never
from negosim.stories.authoring.new import new_story
from tests.small_stories import HEAD

KING, HEIR, CLERK = Actor("king", "The King"), Actor("heir", "The Heir"), Actor("clerk", "The Clerk")


class Pardon(Choice, by=(KING, HEIR)):
    PARDON = "pardons him", because("author", mercy=300)
    WAIT = "waits", because("author")


def log(*events):
    return tuple(e.Entry(index, index * 60, event) for index, event in enumerate(events))


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def test_words_of_the_record_are_the_scenarios_words(tmp_path):
    folder = new_story(tmp_path / "demo")[0].parent
    record = folder / "record.toml"
    record.write_text(record.read_text().replace("[[source]]", '[words]\nhalved = "half the toll"\n\n[[source]]', 1))

    assert load(folder).scenario.words == {"halved": "half the toll"}


def test_a_word_that_is_no_text_is_told_with_its_line():
    with pytest.raises(RecordError, match=r"record\.toml:\d+.*'halved' must be text, not a whole number"):
        read_record(HEAD + "\n[words]\nhalved = 2\n")


# ── tables of several actors ────────────────────────────────────────────────────────────────────


def test_each_of_several_actors_decides_at_an_address_of_its_own():
    assert [decision.address("rebel") for decision in decisions_of(Pardon)] == ["king.pardon[rebel]", "heir.pardon[rebel]"]
    assert decision_by("heir", Pardon).actor is HEIR


def test_nobody_else_decides_it():
    with pytest.raises(ScenarioError, match="clerk cannot decide pardon, it is king or heir's"):
        decision_by("clerk", Pardon)


# ── rules over a log ────────────────────────────────────────────────────────────────────────────

FREE = e.Happened("released", "king")
SESSION, SECOND = e.Met("session", "clerk", ("rebel",), "jail"), e.Met("session#2", "clerk", ("rebel",), "jail")
RELEASED, SESSIONS = Events(e.Happened, what="released"), Events(e.Met, meeting="session", by=CLERK)


def test_what_may_not_come_after_is_found_once_the_news_is_out():
    rule = Never("He is met in jail after his release.", SESSIONS, after=RELEASED)
    late = log(SESSION, FREE, SECOND)
    at_once = (late[0], late[1], e.Entry(2, late[1].minute + 1, SECOND))

    assert rule.__name__ == "He is met in jail after his release."
    assert rule(late) is late[2]
    assert rule(at_once) is None
    assert rule(log(SESSION, SECOND)) is None


def test_what_must_wait_is_found_until_all_it_waits_for_have_come():
    other = e.Happened("pardoned", "king")
    rule = Never("It is too early.", SESSIONS, until=(RELEASED, Events(e.Happened, what="pardoned")))

    assert rule(log(FREE, other, SESSION)) is None
    assert rule(early := log(FREE, SESSION, other)) is early[1]
    assert rule(early := log(SESSION, FREE, other)) is early[0]


def test_what_comes_too_often_is_found_at_the_first_too_many():
    twice = log(FREE, SESSION, FREE, FREE)

    assert AtMostOnce("He goes free twice.", RELEASED)(twice) is twice[2]
    assert AtMostOnce("He goes free thrice.", RELEASED, times=2)(twice) is twice[3]
    assert AtMostOnce("They meet twice.", SESSIONS)(twice) is None


def test_events_are_told_apart_by_any_of_several_values_and_any_test():
    names = Events(e.Met, meeting=("visit", "session"), where=lambda met: len(met.to) == 1)

    assert [entry.index for entry in names.of(log(FREE, SESSION, SECOND))] == [1, 2]
    assert names.first(log(FREE)) is None


def test_a_field_that_no_such_event_has_is_told():
    with pytest.raises(NotFound, match="did you mean 'meeting'"):
        Events(e.Met, meting="session")
