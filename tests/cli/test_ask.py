"""The verbs that ask, on a small story: what they show, and their JSON."""

from __future__ import annotations

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
    from pathlib import Path
    from shutil import copytree

    folder = tmp_path / "quarrel"
    copytree(Path(__file__).parent / "stories" / "quarrel", folder)
    (folder / "questions.toml").write_text(QUESTIONS)
    return str(folder)


def test_whatif_prints_the_range_first(negosim, story):
    said = negosim("whatif", story, "no-offer", "-n", "400", "-j", "1", "--quick", "--decisions-alone")
    told = " ".join(said.out.split())
    assert told.startswith("In this model ")
    assert "100 % of the worlds with the change" in told[: told.index("Had the crown offered nothing")]
    assert "a property of this model, not of history" in said.out
    assert said.code == 0


def test_whatif_json_and_do(negosim, story):
    document = negosim(
        "whatif", story, "--do", "crown.offer[strike]=wait", "-n", "400", "-j", "1", "--quick", "--decisions-alone", "--json"
    ).document  # fmt: skip
    (struck,) = document["outcomes"]
    assert struck["counterfactual"] == 1
    assert struck["pn_record"] == 1


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
    assert ahead["hindcast"] is True
    assert {"from", "n", "outcomes", "scores"} <= set(ahead)
    turns = negosim("turning-points", story, "-n", "60", "-j", "1", "--json").document["turns"]
    assert turns[0]["address"] == ""
    assert "hindcast from" in negosim("forecast", story, "--from", "1724-03-02", "-n", "60", "-j", "1").out


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
