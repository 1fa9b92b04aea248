"""Changes as text: each reads back as it is printed, and what is none is told with the form."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negosim.core.errors import BadValue
from negosim.core.time import Calendar
from negosim.record.load import read_record
from negosim.sim.interventions import (
    CloseChannel,
    Decide,
    DelayChannel,
    InsertGiven,
    LeakChannel,
    Moment,
    MoveGiven,
    OpenChannel,
    Recast,
    RemoveActor,
    SetMechanism,
    SetWeight,
    StrikeGiven,
    Tilt,
)
from negosim.sim.setting import Given
from negosim.stories.authoring.new import TEMPLATE, new_story
from negosim.stories.intervention_syntax import FORMS, change_of, unused
from negosim.stories.loading import load
from negosim.stories.questions import questions_of

CALENDAR = Calendar(datetime(2024, 1, 1), "UTC")
MOMENT = Moment("offered", "talk", 1440)

WRITTEN = {
    "bob.first[x]=no": Decide("bob.first[x]", "no"),
    "first offered via talk after 2024-01-02=no": Decide(MOMENT, "no"),
    "first met after 2024-01-02=no": Decide(Moment("met", "", 1440), "no"),
    "tilt bob.first[x] no +700": Tilt("bob.first[x]", "no", 700),
    "tilt first offered via talk after 2024-01-02 no -700": Tilt(MOMENT, "no", -700),
    "weight bob.gain=-5": SetWeight("bob", "gain", -5),
    "bob.gain=5": SetWeight("bob", "gain", 5),
    "mechanism links off": SetMechanism("links", on=False),
    "strike summit": StrikeGiven("summit"),
    "move summit 2024-01-01/2024-01-02": MoveGiven("summit", 0, 2879),
    "insert rain 2024-01-02": InsertGiven(Given("rain", 1440, 2879)),
    "insert rain 2024-01-02 known 2024-01-01 to bob": InsertGiven(Given("rain", 1440, 2879, 0, "bob")),
    "close talk": CloseChannel("talk"),
    "close talk from 2024-01-01T05:00": CloseChannel("talk", 300),
    "delay talk 2 days from first offered via talk after 2024-01-02": DelayChannel("talk", MOMENT, 2880),
    "leak talk": LeakChannel("talk"),
    "seal talk from 2024-01-02": LeakChannel("talk", 1440, leaks=False),
    "open talk": OpenChannel("talk"),
    "remove bob": RemoveActor("bob"),
    "recast bob": Recast("bob"),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_change_is_one_line_of_text_and_reads_back_as_printed(text):
    change = change_of(text, CALENDAR)
    assert change == WRITTEN[text]
    assert change_of(str(change), CALENDAR) == change


MINUTES = st.integers(0, 100_000)
SINCE = st.one_of(MINUTES, st.builds(Moment, st.just("offered"), st.sampled_from(("", "talk")), MINUTES))


@given(st.one_of(
    st.builds(Tilt, st.one_of(st.just("a.b[c]"), SINCE.filter(lambda x: not isinstance(x, int))), st.just("no"), st.integers(-999, 999)),
    st.builds(SetWeight, st.just("a"), st.just("b"), st.integers(-9999, 9999)),
    st.builds(CloseChannel, st.just("talk"), SINCE),
    st.builds(DelayChannel, st.just("talk"), SINCE, st.integers(1, 9999)),
    st.builds(LeakChannel, st.just("talk"), SINCE, st.booleans()),
    st.builds(MoveGiven, st.just("rain"), MINUTES, MINUTES),
    st.builds(InsertGiven, st.builds(Given, st.just("rain"), MINUTES, MINUTES, st.one_of(st.none(), MINUTES), st.sampled_from(("", "bob")))),
))  # fmt: skip
def test_whatever_is_printed_is_read_back(change):
    assert change_of(str(change), CALENDAR) == change


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "begin with one of: tilt"),
        ("nonsense", "ADDRESS=ALTERNATIVE"),
        ("clsoe talk", "did you mean 'close'?"),
        ("=yes", "is no change"),
        ("bob.first[x]=", "is no change"),
        ("close", "write: close CHANNEL [from DATE]"),
        ("close talk 5", "'5' where 'from DATE' should stand; write: close CHANNEL"),
        ("close talk from tomorrow", "'tomorrow' is not a local time"),
        ("tilt a b c", "'c' is no whole number of thousandths"),
        ("tilt a b", "write: tilt ADDRESS ALTERNATIVE THOUSANDTHS"),
        ("mechanism x maybe", "write: mechanism NAME on|off"),
        ("weight bob.gain=much", "actor.attribute=value"),
        ("strike rain snow", "says too much; write: strike GIVEN"),
        ("move rain 2024-01-01/..", "both ends are needed"),
        ("insert rain 2024-01-01 till noon", "write: insert HAPPENING DATE"),
        ("delay talk 2 moons", "is not a number and a unit"),
        ("first offerd talk=no", "is no moment"),
    ],
)
def test_what_is_no_change_is_refused_with_its_form(text, told):
    with pytest.raises(BadValue) as caught:
        change_of(text, CALENDAR)
    assert told in str(caught.value)


def test_every_form_has_its_line_of_text():
    assert {text.split()[0] for text in WRITTEN} >= set(FORMS)


def test_a_change_nobody_consulted_is_told_with_the_nearest_addresses():
    told = str(unused(Decide("bob.frist[x]", "no"), 9, ["bob.first[x]", "ann.second[y]"]))
    assert told.splitlines() == [
        "bob.frist[x]=no: took hold in none of 9 worlds", "did you mean 'bob.first[x]'?",
        "asked there: bob.first[x], ann.second[y]",
    ]  # fmt: skip
    assert "asked there: bob.first[x], bob.first[z]" in str(
        unused(Decide("bob.first[y]", "no"), 1, ["bob.first[x]", "ann.second[y]", "bob.first[z]"])
    )


def test_a_given_may_go_by_the_id_of_its_fact():
    record = read_record((TEMPLATE / "record.toml").read_text())
    assert change_of("strike F1", CALENDAR, record) == StrikeGiven("toll-raised")
    assert change_of("move F1 2024-01-01/2024-01-02", CALENDAR, record) == MoveGiven("toll-raised", 0, 2879)
    assert change_of("strike F2", CALENDAR, record) == StrikeGiven("F2")  # a decision is none


def test_a_question_names_a_given_by_the_id_of_its_fact(tmp_path):
    folder = new_story(tmp_path / "demo")[0].parent
    text = (folder / "questions.toml").read_text().replace("crown.respond[strike]=wait", "strike F1")
    (folder / "questions.toml").write_text(text)
    assert questions_of(load(folder)).questions[0].changes == (StrikeGiven("toll-raised"),)
