"""``replay`` and ``check``: the answer on the screen, as a document, and as an exit code."""

from __future__ import annotations

import pytest

from negosim.cli.errors import ExitCode

KEYS = {
    "scenario", "run", "head", "n", "ess", "entries", "facts", "evidence_bits", "chance_bits", "date_bits",
    "standing",
}  # fmt: skip
FACT_KEYS = {
    "id", "kind", "status", "at", "earliest", "latest", "surprise_bits", "chance_bits", "reproduced", "share",
}  # fmt: skip
QUICK = ("-n", "40", "-j", "1")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """One store for this page: what was replayed once is kept."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(autouse=True)
def one_home(home, shelf, monkeypatch):
    monkeypatch.setenv("NEGOSIM_HOME", str(shelf))


def test_replay_says_what_was_told_and_what_follows(negosim):
    said = negosim("replay", "quarrel", *QUICK)
    assert said.code == ExitCode.DONE
    assert "It was told 2 of 3 facts; in the course shown 1 of the other 1 follow" in " ".join(said.out.split())
    assert max(map(len, said.out.splitlines())) <= 80
    assert len(said.out.splitlines()) <= 45


def test_replay_json_has_the_promised_keys(negosim):
    document = negosim("replay", "quarrel", *QUICK, "--json").document
    assert set(document) >= KEYS
    assert [set(fact) >= FACT_KEYS for fact in document["facts"]] == [True] * 3
    assert {fact["id"]: fact["kind"] for fact in document["facts"]} == {
        "Q1": "given", "Q2": "decision", "Q3": "outcome",
    }  # fmt: skip
    assert {fact["id"]: fact["status"] for fact in document["facts"]} == {
        "Q1": "given", "Q2": "told", "Q3": "follows",
    }  # fmt: skip
    bits = sum(fact["surprise_bits"] or 0 for fact in document["facts"])
    assert bits == pytest.approx(document["evidence_bits"])


def test_replay_predict_says_what_was_foreseen_of_each_fact(negosim):
    document = negosim("replay", "quarrel", *QUICK, "--predict", "--json").document
    (fact,) = document["facts"]
    assert fact["id"] == "Q3"
    assert 0 <= fact["probability"] <= 1
    assert "more likely than not" in negosim("replay", "quarrel", *QUICK, "--predict").out


def test_run_told_imposes_the_documented_decisions(negosim):
    said = negosim("run", "quarrel", "--told", "--seed", "3")
    assert "circumstances and documented decisions" in " ".join(said.out.split())
    assert negosim("run", "quarrel", "--told", "--do", "crown.offer[strike]=wait").code == ExitCode.USAGE


def test_the_second_call_shows_what_was_kept(negosim, monkeypatch):
    first = negosim("replay", "quarrel", *QUICK).out

    def forbidden(*_, **__):
        raise AssertionError("played again")

    monkeypatch.setattr("negosim.lab.posterior.Island.run", forbidden)
    assert negosim("replay", "quarrel", *QUICK).out == first


def test_a_requirement_not_reached_is_a_no(negosim):
    said = negosim("replay", "quarrel", *QUICK, "--require", "9", "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    assert "9 were required" in said.err
    assert negosim("replay", "quarrel", *QUICK, "--require", "0").code == ExitCode.DONE


def test_the_draw_shown_can_be_asked_why(negosim):
    key = negosim("replay", "quarrel", *QUICK, "--json").document["run"]
    assert negosim("why", key, "Q2").code == ExitCode.DONE
    assert negosim("store", "verify", key).code == ExitCode.DONE


@pytest.mark.parametrize("plain", [True, False])
def test_ascii_replay_is_ascii(negosim, plain):
    said = negosim("replay", "quarrel", *QUICK, *(["--ascii"] if plain else []))
    assert said.out.isascii() is plain


def test_check_of_a_sound_story(negosim):
    said = negosim("check", "quarrel", "--json")
    assert said.code == ExitCode.DONE
    assert {name: said.document[name] for name in ("ok", "problems")} == {"ok": True, "problems": []}
    said = negosim("check", "quarrel").out
    assert "The record and the model of quarrel are well formed and agree on names." in " ".join(said.split())
    assert "\nNext: negosim replay quarrel" in said


def test_deep_check_names_what_undoes_a_fact(negosim):
    said = negosim("check", "quarrel", "--deep", "-n", "40", "-j", "1", "--json")
    assert said.code == ExitCode.DONE
    assert set(said.document) >= {"flips", "undoing", "idle", "inert", "unread", "ok", "problems"}
    shown = negosim("check", "quarrel", "--deep", "-n", "40", "-j", "1").out
    assert "crown.offer[strike]" in shown
    assert "are well formed and agree on names" in shown
    assert "\nNext: negosim replay quarrel" in shown
