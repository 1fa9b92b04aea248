"""What ``check`` remarks in a sound story: each remark appears for its own reason and no other."""

from __future__ import annotations

import pytest

from negosim.lab.calibration.check import check
from negosim.lab.calibration.check_remarks import remarks
from negosim.stories.authoring.new import new_story
from negosim.stories.loading import load


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """The template with some texts replaced; the remarks about it."""
    # whether it plays alike in fresh processes is looked at in test_determinism
    monkeypatch.setattr("negosim.lab.calibration.check.hidden_dependence", lambda _story: "")

    def told(*pairs: tuple[str, str], more: str = ""):
        folder = new_story(tmp_path / "demo")[0].parent
        for path in sorted(folder.iterdir()):
            text = path.read_text()
            for old, new in pairs:
                text = text.replace(old, new)
            path.write_text(text + (more if path.name == "__init__.py" else ""))
        assert check(folder) == []
        return [problem.text for problem in remarks(load(folder))]

    return told


def test_the_template_gives_rise_to_none(changed):
    assert changed() == []


def test_a_word_that_is_heard_and_never_said(changed):
    (text,) = changed(('owed = yield from seat.hear(Promised, by=crown)', 'owed = yield from seat.hear(Promised, what="halvde")'))
    assert text == "__init__.py:54: somebody listens for 'halvde', which nobody says; did you mean 'halved'?"


@pytest.mark.parametrize(
    "reason", ['happened(view, "toll-rised")', 'is_on(view, "stryke")', 'view.last(Happened, what="toll-rised") is None']
)
def test_a_word_that_a_reason_looks_up_and_nobody_says(reason, changed):
    (text,) = changed(
        ("pride=300", f"pride=lambda view: 300 + ({reason})"),
        ("from negosim.core.events", "from negosim.parts.known import happened, is_on\nfrom negosim.core.events"),
    )
    assert "somebody listens for" in text
    assert "did you mean 'toll-raised'?" in text or "did you mean 'strike'?" in text


def test_a_decision_that_no_part_asks(changed):
    (text,) = changed(
        ("decisions=(Respond, Answer)", "decisions=(Respond, Answer, Later)"),
        ("# Their parts", 'class Later(Choice, by=crown):\n    YES = "yes", because("author")\n\n\n# Their parts'),
    )
    assert text.startswith("crown.later: no part asks it in 100 quick runs; ask it with seat.choose(...)")


def test_a_date_that_is_hardly_ever_met(changed):
    (text,) = changed(
        ('date = "1724-03-01/1724-03-06"\nprecision = "interval"', 'date = "1724-03-09"\nprecision = "day"')
    )
    assert text.startswith('record.toml:38 fact "F3": falls on 1724-03-09 in 0 % of')
    assert "most often it comes on 1724-03-02, after guild.answer[toll] = take; should it wait for" in text
    assert "give it a date" in text
    assert "negosim run demo --told, then negosim why KEY F3" in text


def test_a_fact_that_no_run_has(changed):
    (text,) = changed(('event = "called-off", by = "guild", what = "strike"', 'event = "called-off", by = "guild", what = "strikes"'))
    assert text == (
        'record.toml:38 fact "F3": no quick run has what it expects, called-off what=strikes by=guild; '
        "did you mean 'strike', or explain it: explanations={...}"
    )


def test_a_fact_that_no_run_has_may_be_explained(changed):
    assert changed(
        ('event = "called-off", by = "guild", what = "strike"', 'event = "called-off", by = "guild", what = "strikes"'),
        ("decisions=(Respond, Answer)", 'decisions=(Respond, Answer), explanations={"F3": "nobody says strikes"}'),
    ) == []


SILENCE = ("    else:\n        yield", '    elif offer is None:\n        seat.call_off("strike")\n    else:\n        yield')
"""Only where no offer comes, which is in no replay, is the strike called off without more ado."""


def test_a_part_that_waits_for_what_nobody_sends(changed):
    text, *_ = changed(('seat.call_off("strike")\n', 'yield from seat.hear(Promised, by=guild)\n        seat.call_off("strike")\n'), SILENCE)
    assert text.startswith(
        'record.toml:38 fact "F3": none of 50 quick replays has what it expects, called-off what=strike by=guild, '
        "though other runs do; the part of guild waits at __init__.py:43 for promised to the end; look: negosim run demo"
    )


def test_a_part_that_waits_for_what_does_not_reach_it(changed):
    """What the crown says to its heir on a secret channel reaches nobody else."""
    text, *_ = changed(
        ("import Announced, Happened,", "import Said, Announced, Happened,"),
        ('crown = Actor("crown", "The Crown")', 'crown, heir = Actor("crown", "The Crown"), Actor("heir", "The Heir")'),
        ('backchannel("secret", crown,', 'backchannel("secret", crown, heir,'),
        ("__file__, cast", "__file__, actors=(heir,), cast"),
        ('seat.call_off("strike")\n', 'yield from seat.hear(Said, what="kept")\n        seat.call_off("strike")\n'),
        ("seat.keep(owed.promise)", 'seat.say(heir, "kept", via=secret)'), SILENCE,
    )  # fmt: skip
    assert "waits at __init__.py:43 for said to the end; there is said on secret, which does not reach guild" in text


SECOND_DECISION = ("[[fact]]                    # outcome", """[[fact]]
id = "F4"
date = "1724-03-02"
precision = "day"
kind = "decision"
who = ["guild"]
what = "The guild takes it."
certainty = "documented"
cites = [{ source = "chronicle", at = "page 3" }]
decisions = [{ address = "guild.answer[toll]", chose = "take" }]

[[fact]]                    # outcome""")


def test_a_decision_that_is_dated_before_what_leads_to_it(changed):
    """One wrong date is told by the decision it makes impossible, which names it, and by nothing else."""
    (text,) = changed(SECOND_DECISION, ('date = "1724-03-01/1724-03-05"', 'date = "1724-03-04"'))
    assert text.startswith(
        'record.toml:38 fact "F4": no quick replay takes guild.answer[toll] = take (not reached by 1724-03-02 23:59); '
        "left alone, the model asks it in "
    )
    assert text.endswith(", always after F2 crown.respond[strike], which the record dates later")


def test_a_wrong_key_is_told_once(changed):
    (text,) = changed(SECOND_DECISION, ('"guild.answer[toll]", chose', '"guild.answer[tolls]", chose'))
    assert text.endswith("asked there: guild.answer[toll]")


def test_an_outcome_that_no_run_has_is_not_called_fixed(changed):
    (text,) = changed(('expect = [{ event = "started", what = "strike" }]', 'expect = [{ event = "started", what = "riot" }]'))
    assert text.startswith('questions.toml: outcome "strike": no quick run has what it expects, started what=riot; there is market, strike, ')


def test_a_question_that_the_evidence_has_answered(changed):
    (text,) = changed(('    STRIKE = "strikes", because("author: it had said so in public", pride=300)\n', ""))
    assert text.startswith('questions.toml: the change settles the outcome by itself in "no-offer": it comes in all quick')


def test_a_note_that_is_missing(changed):
    (text,) = changed(('because("author: a bird in the hand"', 'because(""'))
    assert text.startswith("guild.answer = take: no note; write because(")


def test_a_prior_that_rests_on_the_record_it_is_judged_by(changed):
    (text,) = changed(
        ("import Actor,", "import Weight, Actor,"),
        ("decisions=(Respond, Answer)", 'decisions=(Respond, Answer), weights={guild: {"gain": Weight(9, 1, "as in F3")}}'),
    )
    assert text.startswith("guild.gain: its prior rests on F3, a fact it is judged by")


def test_an_invariant_that_a_run_breaks_is_an_error(tmp_path):
    folder = new_story(tmp_path / "demo")[0].parent
    code = folder / "__init__.py"
    rule = '\n\ndef nobody_strikes(log):\n    return next((x for x in log if x.event.name == "started"), None)\n'
    code.write_text(code.read_text() + rule + "\n\ninvariants = (nobody_strikes,)\n")
    (problem,) = remarks(load(folder))
    assert problem.severity == "error"
    assert problem.text.startswith("invariant nobody_strikes is broken in run ")
    assert "started by guild" in problem.text
