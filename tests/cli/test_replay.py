"""``replay`` and ``check``: the answer on the screen, as a document, and as an exit code."""

from __future__ import annotations

import pytest

from negosim.cli.errors import ExitCode

KEYS = {
    "scenario", "run", "head", "n", "ess", "entries", "facts", "choice_score", "timing_score",
    "fact_score", "false_alarms",
}  # fmt: skip
FACT_KEYS = {
    "id", "kind", "status", "at", "earliest", "latest", "reached", "chosen", "share",
    "baseline_share", "cluster",
}  # fmt: skip
QUICK = ("-n", "40", "-j", "1")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """One store for this page: what was replayed once is kept."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(autouse=True)
def one_home(home, shelf, monkeypatch):
    monkeypatch.setenv("NEGOSIM_HOME", str(shelf))


def test_replay_says_what_followed(negosim):
    said = negosim("replay", "quarrel", *QUICK)
    assert said.code == ExitCode.DONE
    assert said.out.startswith("In this model ")
    assert "of 1 fact not fed, from 1 cluster" in said.out
    for heading in ("became of the facts", "how well it fits", "most surprising", "targets in"):
        assert heading in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_replay_json_has_the_promised_keys(negosim):
    document = negosim("replay", "quarrel", *QUICK, "--json").document
    assert set(document) >= KEYS
    assert [set(fact) >= FACT_KEYS for fact in document["facts"]] == [True] * 3
    assert {fact["id"]: fact["kind"] for fact in document["facts"]} == {
        "Q1": "given", "Q2": "decision", "Q3": "outcome",
    }  # fmt: skip
    assert set(document["choice_score"]) >= {"model", "se", "random", "blind"}


def test_the_second_call_shows_what_was_kept(negosim, monkeypatch):
    first = negosim("replay", "quarrel", *QUICK).out

    def forbidden(*_, **__):
        raise AssertionError("played again")

    monkeypatch.setattr("negosim.lab.replay.replay.play_all", forbidden)
    assert negosim("replay", "quarrel", *QUICK).out == first


def test_a_requirement_not_reached_is_a_no(negosim):
    said = negosim("replay", "quarrel", *QUICK, "--require", "9", "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    assert said.document["n"] == 40
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
    assert "valid\nNext: negosim replay quarrel" in negosim("check", "quarrel").out


def test_deep_check_names_what_undoes_a_fact(negosim):
    said = negosim("check", "quarrel", "--deep", "-n", "40", "-j", "1", "--json")
    assert said.code == ExitCode.DONE
    assert set(said.document) >= {"flips", "undoing", "idle", "inert", "unread", "ok", "problems"}
    shown = negosim("check", "quarrel", "--deep", "-n", "40", "-j", "1").out
    assert "crown.offer[strike]" in shown
    assert "valid\nNext: negosim replay quarrel" in shown
