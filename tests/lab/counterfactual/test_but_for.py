"""Flips, clusters, and what a deep check says of small stories."""

from __future__ import annotations

from negosim.lab.calibration.check import check, deep
from negosim.stories.loading import load
from tests.small_stories import DONE, FIRST, SECOND, STORY, fact

SAID = fact("O2", "outcome", "2024-01-01", 'expect = [{ event = "said", by = "bob", what = "well" }]')
ANYWAY = fact("O3", "outcome", "2024-01-01", 'expect = [{ event = "said", by = "ann", what = "x" }]')
LATER = SECOND.replace("00:51/", "00:00/")


def test_a_deep_check_says_which_flips_undo_which_fact(write):
    found = deep(load(write(FIRST, LATER, DONE, SAID, ANYWAY)), n=20, jobs=1)
    assert dict(found.undoing) == {"O1": ("ann.second[y]", "bob.first[x]"), "O2": ("bob.first[x]",)}
    assert found.inert == ("O3",)
    assert found.idle == ()
    assert found.ok
    assert found.to_json()["undoing"]["O2"] == ["bob.first[x]"]
    assert {(flip.address, flip.instead) for flip in found.flips} == {("bob.first[x]", "no"), ("ann.second[y]", "no")}


def test_a_choice_that_nothing_follows_from_is_idle(write):
    mute = STORY.replace('seat.say(bob, "done", via=talk)', "pass")
    found = deep(load(write(FIRST, LATER, story=mute)), n=20, jobs=1)
    assert found.idle == ("ann.second[y]",)


def test_state_that_nobody_reads_is_named(write):
    told = STORY.replace('{{"gain": weight}}, bob', '{{"gain": weight, "pride": weight}}, bob')
    found = deep(load(write(FIRST, LATER, story=told)), n=20, jobs=1)
    assert found.unread == ("ann.pride", "ann's trust in bob's discretion", "bob's trust in ann's discretion")


def test_trust_that_a_reason_reads_is_not_named(write):
    heeded = (
        STORY.replace("question(ann,", "trusting(")
        .replace("first = question", "def trusting(name, gain, pace):\n    return Decision(ann, name, {{\n"
                 "        Answer.YES: because('author', gain=lambda view: view.trusts(bob, Aspect.DISCRETION)),\n"
                 "        Answer.NO: because('author'),\n    }}, pace)\n\n\nfirst = question")
        .replace("from negosim.core.time", "from negosim.core.trust import Aspect\nfrom negosim.core.time")
        .replace('seat.say(ann, "well", via=talk)\n            seat.meet("talks", ann, via=talk)',
                 'seat.meet("talks", ann, via=talk)\n            seat.say(ann, "well", via=talk)')
    )  # fmt: skip
    found = deep(load(write(FIRST, LATER, story=heeded)), n=20, jobs=1)
    assert found.unread == ("bob's trust in ann's discretion",)


def test_an_inferred_decision_must_be_needed(write):
    needed = FIRST.replace('"decision"', '"inferred"')
    assert deep(load(write(needed, LATER)), n=20, jobs=1).ok
    spare = LATER.replace('"decision"', '"inferred"')
    found = deep(load(write(FIRST, spare, name="spare")), n=20, jobs=1)
    assert not found.ok
    assert "D2 ann.second[y]: inferred, but not needed; with 'no'" in str(found.problems[0])


def test_a_decision_reached_in_no_replay_names_the_turn(write):
    """Ann only goes on when Bob says yes; the record has him say no first."""
    no = FIRST.replace('chose = "yes"', 'chose = "no"')
    found = deep(load(write(no, LATER)), n=50, jobs=1)
    assert not found.ok
    told = found.problems[0].text
    assert "D2 ann.second[y] = yes: reached in none of 50 replays (0 too late, 50 never asked)" in told
    assert "the path turns at bob.first[x]: with 'yes' it is reached in" in told


def test_a_decision_reached_in_some_names_the_turn_too(write):
    found = deep(load(write(LATER)), n=50, jobs=1)
    remark = next(one for one in found.problems if one.severity == "remark")
    assert remark.text.startswith("D2 ann.second[y]: reached in ")
    assert "the path turns at bob.first[x]" in remark.text


def test_a_check_tells_all_mistakes_or_none(write):
    assert check(write(FIRST, LATER)) == []
    wrong = check(write(FIRST.replace("bob.first", "bob.frist"), LATER.replace('"yes"', '"yess"'), name="wrong"))
    assert [one.severity for one in wrong] == ["error", "error"]
    raises = check(write(story=STORY.replace("while True:", "1 / 0\n    while True:"), name="raises"))
    assert "ZeroDivisionError" in raises[0].text
