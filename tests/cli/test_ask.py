"""The verbs that ask, on a small story: what they show, and their JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

QUESTIONS = """
[[outcome]]
id = "struck"
what = "The guild strikes."
happened = false
date = "1724-03-05"
cites = [{ source = "chronicle", at = "page 3" }]
expect = [{ event = "started", what = "strike", date = "1724-03-01/1724-03-10" }]

[[question]]
id = "no-offer"
asks = "Had the crown offered nothing, would the guild have struck?"
change = ["crown.offer[strike]=wait"]
about = ["struck"]
basis = "Q2"
"""


@pytest.fixture
def story(tmp_path):
    from shutil import copytree

    folder = tmp_path / "quarrel"
    copytree(Path(__file__).parent / "stories" / "quarrel", folder)
    (folder / "questions.toml").write_text(QUESTIONS)
    return str(folder)


def test_whatifs_first_and_fits_a_screen(negosim, story):
    said = negosim("whatif", story, "no-offer", "-n", "160", "-j", "1")
    told = " ".join(said.out.split())
    assert told.startswith("In the model of quarrel, with the change, ")
    assert "100 % of simulated courses" in told[: told.index("Had the crown offered nothing")]
    assert len(said.out.splitlines()) <= 40
    assert said.code == 0


def test_a_what_if_is_about_the_outcome_that_is_named(negosim, story):
    more = '\n[[outcome]]\nid = "called"\nwhat = "A strike is called."\ndate = "1724-03-02"\ncites = [{ source = "chronicle", at = "page 2" }]\nexpect = [{ event = "announced", what = "strike", date = "1724-03-01/1724-03-10" }]\n'
    file = Path(story) / "questions.toml"
    file.write_text(file.read_text() + more)
    quick = ("-n", "80", "-j", "1", "--json")
    asked = [negosim("whatif", story, "no-offer", *about, *quick).document["outcomes"] for about in ((), ("--about", "called"))]
    assert [[outcome["name"] for outcome in outcomes] for outcomes in asked] == [["struck", "called"], ["called", "struck"]]
    said = negosim("whatif", story, "no-offer", "--about", "calld")
    assert "did you mean 'called'?" in said.err
    assert said.code == 2


def test_the_posterior_is_kept_and_serves_the_next_question(negosim, story, monkeypatch):
    quick = ("-n", "80", "-j", "1", "--json")
    first = negosim("whatif", story, "no-offer", *quick).document

    def forbidden(*_, **__):
        raise AssertionError("played again")

    monkeypatch.setattr("negosim.lab.posterior.Island.run", forbidden)
    assert negosim("whatif", story, "--do", "crown.offer[strike]=wait", *quick).code == 0
    assert negosim("whatif", story, "no-offer", *quick).document == first


def test_whatif_json_and_do(negosim, story):
    document = negosim(
        "whatif", story, "--do", "crown.offer[strike]=wait", "-n", "400", "-j", "1", "--decisions-alone", "--json"
    ).document  # fmt: skip
    (struck,) = document["outcomes"]
    assert struck["counterfactual"] == 1
    assert struck["pn_record"] == 1


def test_leaving_out_what_is_no_evidence_is_told(negosim, story):
    said = negosim("whatif", story, "no-offer", "-n", "40", "-j", "1", "--without", "Q33")
    assert said.code == 2
    assert "did you mean 'Q3'?" in said.err


def test_whatif_without_a_question_is_wrong_usage(negosim, story):
    assert negosim("whatif", story).code == 2
    assert negosim("whatif", story, "no-ofer", "-j", "1").code == 2


def test_a_change_nobody_consults_ends_with_one(negosim, story):
    said = negosim("whatif", story, "--do", "crown.offer[strik]=wait", "-n", "100", "-j", "1", "--decisions-alone")
    assert said.code == 1
    assert "did you mean 'crown.offer[strike]'?" in said.err


def test_questions_and_looking_ahead(negosim, story):
    assert negosim("questions", story, "--json").document["questions"][0]["id"] == "no-offer"
    ahead = negosim("forecast", story, "--from", "1724-03-02", "-n", "100", "-j", "1", "--json").document
    assert ahead["after_the_events"] is True
    assert {"from", "n", "outcomes", "scores"} <= set(ahead)
    turns = negosim("turning-points", story, "-n", "60", "-j", "1", "--json").document["turns"]
    assert turns[0]["facts"] == []
    assert "Written after the events" in negosim("forecast", story, "--from", "1724-03-02", "-n", "60", "-j", "1").out


def test_compare_shows_where_two_runs_part(negosim):
    one, other = (negosim("run", "quarrel", "--seed", str(seed), "--json").document["run"] for seed in (7, 8))
    document = negosim("compare", one, other, "--json").document
    assert document["differences"]
    assert negosim("compare", one, one, "--json").document["same"] is True
    side_by_side = negosim("compare", one, other).out
    assert "they part here" in side_by_side
    assert "in common" in side_by_side
    assert "crown.offer[strike] #1" in " ".join(negosim("compare", one, other, "-v").out.split())
    assert "they part here" in negosim("compare", one, other, "--lanes").out


def pair_of(negosim, *arguments):
    document = negosim("run", "quarrel", "--seed", "7", *arguments, "--json").document
    return document["run"], document["twin"]


def test_a_run_and_its_twin_are_kept_and_read_by_key(negosim):
    run, twin = pair_of(negosim, "--do", "crown.offer[strike]=wait")
    assert [one["run"] for one in negosim("store", "list", "--json").document] == [run, twin]
    assert negosim("store", "verify", twin, "--rerun").code == 0
    assert negosim("store", "verify", twin, "--refold").code == 0
    assert "a twin of" in negosim("show", twin).out
    assert "calls off" in negosim("show", run).out
    document = negosim("compare", run, twin, "--json").document
    assert document["changes"] == ["crown.offer[strike]=wait"]
    assert all(row["because"] or row["first"]["address"] == "crown.offer[strike]" for row in document["differences"])


def test_why_tells_what_did_not_happen_back_to_the_change(negosim):
    _, twin = pair_of(negosim, "--do", "crown.offer[strike]=wait")
    said = negosim("why", twin, "Q3")
    lines = [line for line in said.out.splitlines() if line.strip()]
    assert said.code == 0
    assert "calls off strike" in lines[1]
    assert "not here" in lines[1]
    assert lines[-1] == "  because of the change: crown.offer[strike]=wait"
    document = negosim("why", twin, "Q3", "--json").document
    assert document["entry"] is None
    assert document["entries"] == []
    assert document["otherwise"][0]["second"] is None
    assert document["otherwise"][-1] == {"how": "change", "change": "crown.offer[strike]=wait"}


def test_why_of_what_neither_run_has_is_an_error(negosim):
    _, twin = pair_of(negosim, "--do", "crown.offer[strike]=wait")
    said = negosim("why", twin, "Q33")
    assert said.code == 2
    assert "did you mean 'Q3'?" in said.err


def test_a_change_that_takes_no_hold_keeps_nothing(negosim):
    said = negosim("run", "quarrel", "--seed", "7", "--do", "crown.offer[strik]=wait")
    assert said.code == 1
    assert "did you mean 'crown.offer[strike]'?" in said.err
    assert "nothing has been kept yet" in negosim("store", "list").err


def test_forcing_what_was_taken_is_a_warning(negosim):
    said = negosim("run", "quarrel", "--seed", "7", "--do", "crown.offer[strike]=talk")
    assert said.code == 0
    assert "taken anyway" in said.err
    assert "alike in 8 entries" in said.out


def test_whatif_keeps_a_replay_and_its_twin(negosim, story):
    document = negosim(
        "whatif", story, "no-offer", "-n", "400", "-j", "1", "--decisions-alone", "--keep", "--json"
    ).document
    both = negosim("compare", document["kept"], document["twin"], "--json").document
    assert both["changes"] == ["crown.offer[strike]=wait"]
    assert both["differences"][0]["second"]["taken"] == "wait"
    (struck,) = both["outcomes"]
    assert (struck["first"], struck["second"]) == (False, True)
    assert struck["because"][-1]["first"]["address"] == "crown.offer[strike]"
    assert negosim("store", "verify", document["twin"], "--rerun").code == 0


MOMENT = "first offered via backchannel after 1724-03-01"


def test_the_first_offer_after_a_date_is_an_address(negosim):
    _, twin = pair_of(negosim, "--do", f"{MOMENT}=wait")
    lines = negosim("why", twin, "Q3").out.splitlines()
    assert lines[-1] == "  because of the change: crown.offer[strike]=wait"
    _, closed = pair_of(negosim, "--change", f"delay backchannel 6 hours from {MOMENT}")
    assert negosim("store", "verify", closed, "--rerun").code == 0
    said = negosim("run", "quarrel", "--seed", "7", "--do", f"{MOMENT}=wail")
    assert (said.code, "did you mean 'wait'?" in said.err) == (2, True)
    said = negosim("run", "quarrel", "--seed", "7", "--do", "first offered via backchannel after 1724-03-09=wait")
    assert (said.code, "took hold in none of 1 world" in said.err) == (1, True)


def test_a_question_may_name_a_moment(negosim, story):
    from pathlib import Path

    path = Path(story) / "questions.toml"
    path.write_text(QUESTIONS.replace("crown.offer[strike]=wait", f"{MOMENT}=wait"))
    document = negosim(
        "whatif", story, "no-offer", "-n", "400", "-j", "1", "--decisions-alone", "--json"
    ).document
    (struck,) = document["outcomes"]
    assert struck["counterfactual"] == 1
    path.write_text(QUESTIONS.replace("crown.offer[strike]=wait", "first offered via backchanel after 1724-03-01=wait"))
    assert "did you mean 'backchannel'?" in negosim("questions", story).err


def test_changes_are_composed_and_must_not_contradict_each_other(negosim):
    both = ("--do", "crown.offer[strike]=wait", "--change", "strike fair")
    _, twin = pair_of(negosim, *both)
    assert negosim("store", "list", "--json").document[1]["changes"] == ["crown.offer[strike]=wait", "strike fair"]
    assert negosim("store", "verify", twin, "--rerun").code == 0
    said = negosim("run", "quarrel", "--do", "crown.offer[strike]=wait", "--do", "crown.offer[strike]=talk")
    assert (said.code, "cannot be both wait and talk" in said.err) == (2, True)


def test_a_run_with_a_change_shows_both_courses_and_where_they_part(negosim):
    said = " ".join(negosim("run", "quarrel", "--seed", "7", "--do", "crown.offer[strike]=wait").out.split())
    assert "What if crown.offer[strike]=wait? One simulated course, a free run." in said
    assert "simulated, as it was" in said
    assert "simulated, with the change" in said
    assert "they part here" in said


def test_a_forecast_with_a_change_shows_both_probabilities_and_the_difference(negosim, story):
    asked = ("forecast", story, "--from", "1724-03-01", "--do", "crown.offer[strike]=wait", "-n", "80", "-j", "1")
    (struck,) = negosim(*asked, "--json").document["outcomes"]
    low, high = struck["difference_interval"]
    assert struck["without"] < struck["probability"] == 1
    assert struck["difference"] == pytest.approx(1 - struck["without"])
    assert low < struck["difference"] < high
    said = negosim(*asked).out
    (row,) = [line for line in said.splitlines() if line.startswith("The guild strikes")]
    assert "difference in points (95 %)" in said
    assert f"{100 * struck['without']:.0f} %" in row
    assert f"{100 * struck['difference']:+.0f} (" in row


# ── causes ──────────────────────────────────────────────────────────────────────────────────────


def test_causes_says_on_which_choice_it_hung(negosim, story):
    asked = ("causes", story, "struck", "-n", "16", "-j", "1")
    said = negosim(*asked)
    assert said.code == 0
    assert " ".join(said.out.split()).startswith("In the model of quarrel, whether “The guild strikes” hung mostly on one choice: The Crown: offer on strike")
    assert "Next: negosim whatif quarrel --do 'crown.offer[strike]=wait'" in said.out
    assert len(said.out.splitlines()) <= 40
    document = negosim(*asked, "--json").document
    offer = next(cause for cause in document["causes"] if cause["address"] == "crown.offer[strike]")
    assert (offer["taken"], offer["instead"], offer["alone"]) == ("talk", "wait", 1)
    assert offer["alone_interval"][0] < 1
    assert "crown.offer[strike]=talk not wait" in negosim(*asked, "--all").out


def test_causes_of_a_question_shares_its_effect(negosim, story):
    document = negosim("causes", story, "struck", "--question", "no-offer", "-n", "16", "-j", "1", "--json").document
    (share,) = document["shares"]
    assert share["change"] == "crown.offer[strike]=wait"
    assert share["share"] == document["difference"] == 1


def test_causes_of_what_is_not_known_names_the_nearest(negosim, story):
    said = negosim("causes", story, "strucks")
    assert (said.code, "did you mean 'struck'?" in said.err) == (2, True)
    said = negosim("causes", story, "struck", "--question", "no-ofer")
    assert (said.code, "did you mean 'no-offer'?" in said.err) == (2, True)
