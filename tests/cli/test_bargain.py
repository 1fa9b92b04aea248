"""A domain of the field becomes a story, and its run is shown beside the theory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def domain(home):
    """A domain of NegoLog's kind: two issues, two profiles."""
    folder = home / "holiday"
    folder.mkdir()
    values = {"A": (1.0, 0.0), "B": (0.2, 1.0)}
    for letter, (low, high) in values.items():
        data = {
            "reservationValue": 0.1, "issueWeights": {"Place": 0.7, "Time": 0.3} if letter == "A" else {"Place": 0.3, "Time": 0.7},
            "issues": {"Place": {"sea": low, "hills": high}, "Time": {"May": low, "June": 0.5, "July": high}},
        }  # fmt: skip
        (folder / f"profile{letter}.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def test_a_domain_becomes_a_story_and_its_run_a_bargain(negosim, home, domain, monkeypatch):
    monkeypatch.chdir(home)
    said = negosim("new", "trip", "--domain", str(domain))
    assert said.code == 0, said.err
    assert "two parties bargain" in said.out
    assert [path.name for path in Path("trip").iterdir()] == ["__init__.py"]
    assert negosim("check", "./trip").code == 0
    key = negosim("run", "./trip", "--json").document["run"]
    said = negosim("show", key, "--bargain")
    assert said.code == 0, said.err
    assert said.out.startswith("First party and Second party")
    assert "Kalai-Smorodinsky" in said.out
    found = negosim("show", key, "--bargain", "--json").document
    assert found["run"] == key
    assert len(found["path"]) > 1
    assert set(found["solutions"]) == {"Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian"}


def test_a_domain_that_is_not_understood_writes_nothing(negosim, home, monkeypatch):
    monkeypatch.chdir(home)
    (home / "bad.xml").write_text("<!DOCTYPE x []><x/>", encoding="utf-8")
    said = negosim("new", "trip", "--domain", "bad.xml")
    assert said.code == 2
    assert "declares a document type" in said.err
    assert not (home / "trip").exists()
    assert negosim("new", "trip", "--domain", "none.xml").code == 2


def test_a_run_without_bargaining_says_so(negosim):
    key = negosim("run", "quarrel", "--json").document["run"]
    said = negosim("show", key, "--bargain")
    assert said.code == 2
    assert "bargain over" in said.err
    assert negosim("show", "quarrel", "--bargain").code == 2


def test_the_parts_are_listed(negosim):
    said = negosim("help", "parts")
    assert "protocols.stacked.alternating_offers" in said.out
    assert "ways.swap.swaps" in said.out
