"""Three more histories: small, sourced, and played again byte for byte."""

from __future__ import annotations

import os

import pytest

from negosim.sim.play import play
from negosim.stores.encoding import codec
from negosim.stories.loading import load
from negosim.stories.questions import questions_of
from tests.scenarios.worlds import SCENARIOS, STORIES, every_fact

each_history = pytest.mark.parametrize("name", [name for name in STORIES if name != "pti_2024"])


@each_history
def test_the_golden_log_is_played_again(name):
    """The documented course, byte for byte; write it anew with NEGOSIM_UPDATE_GOLDEN=1 after a change that is meant."""
    story = load(SCENARIOS / name)
    golden = story.folder / "golden.jsonl"
    played = b"\n".join(codec.encode(entry) for entry in play(story.scenario, every_fact(name)).entries) + b"\n"
    if os.environ.get("NEGOSIM_UPDATE_GOLDEN"):
        golden.write_bytes(played)

    assert golden.read_bytes() == played


@each_history
def test_a_history_is_small_and_every_fact_has_its_sources(name):
    record = load(SCENARIOS / name).documented
    families = {source.family for source in record.sources}

    assert 15 <= len(record.facts) <= 25
    assert len(families) >= 3
    assert all(fact.cites for fact in record.facts)


@each_history
def test_a_history_is_at_most_250_lines_of_python(name):
    lines = [line for path in (SCENARIOS / name).rglob("*.py") for line in path.read_text().splitlines()]

    assert 100 < len(lines) <= 250


@each_history
def test_a_history_has_three_debated_questions(name):
    story = load(SCENARIOS / name)

    assert len(questions_of(story).questions) == 3


@each_history
def test_a_history_says_what_it_cannot_explain(name):
    package = (SCENARIOS / name / "__init__.py").read_text()
    docstring = " ".join(package.split('"""')[1].split())

    assert "What the model explains:" in docstring
    assert "What it cannot explain:" in docstring


@each_history
def test_all_weights_share_one_prior(name):
    weights = load(SCENARIOS / name).scenario.weights

    assert len({(prior.mean, prior.sd) for priors in weights.values() for prior in priors.values()}) == 1
