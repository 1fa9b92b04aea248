"""The first story keeps its own promises: nothing fitted, every row a note, links that can fail."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from negosim.core import events as e
from negosim.core.errors import NegosimError
from negosim.sim.chance import Prior, World
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.sim.trace import Run
from negosim.stores.encoding import codec
from negosim.stories.loading import load

STORY = load("pti-2024")
SCENARIO, RECORD = STORY.scenario, STORY.record
GOLDEN = STORY.folder / "golden.jsonl"


def last(run: Run, kind: type[e.Event], **fields: Any) -> e.Event | None:
    found = [
        entry.event
        for entry in run.entries
        if isinstance(entry.event, kind)
        and all(getattr(entry.event, name) == value for name, value in fields.items())
    ]
    return found[-1] if found else None


def taken(run: Run, address: str) -> str | None:
    chose = last(run, e.Chose, address=address)
    return chose.taken if isinstance(chose, e.Chose) else None


def test_there_are_fewer_weights_than_imposed_decisions() -> None:
    assert RECORD is not None
    weights = sum(len(priors) for priors in SCENARIO.weights.values())
    imposed = sum(len(fact.decisions) for fact in RECORD.of_kind("decision"))

    assert weights < imposed


def test_every_alternative_says_who_considered_it() -> None:
    sayings = [option.note for decision in SCENARIO.decisions for option in decision.menu.values()]

    assert all(re.match(r"(author|theory|K5|R1|[PS]\d\d?)", note) for note in sayings)


def test_no_weight_or_delay_rests_on_what_came_after_the_clock_began() -> None:
    notes = [w.note for priors in SCENARIO.weights.values() for w in priors.values()]
    notes += [standing.note for standing in SCENARIO.initial_trust]
    story = "\n".join(path.read_text() for path in sorted(STORY.folder.glob("*.py")))
    notes += re.findall(r"(?:Between|Pace)\([^\n]*?\"([^\"]*)\"\)", story)
    cited = {row for note in notes for row in re.findall(r"\b[PS]\d+\b", note)}

    assert len(notes) > 20
    assert cited <= {"P1", "P2", "P3"}  # August, September, and a march under way on the first day


def test_all_weights_share_one_prior() -> None:
    priors = {(w.mean, w.sd) for weights in SCENARIO.weights.values() for w in weights.values()}

    assert len(priors) == 1


@pytest.mark.parametrize("indifferent", [False, True])
def test_no_history_the_story_allows_breaks_its_rules(indifferent: bool) -> None:
    policy = (lambda _address, names, _utilities: [0] * len(names)) if indifferent else None
    lengths = [len(play(SCENARIO, Prior(11, k), policy=policy).entries) for k in range(150)]

    assert min(lengths) > 10


def test_what_october_brought_reaches_november() -> None:
    """The founder counts on a threat more when the last one brought something."""
    pulls = {}
    for answer in ("grant", "refuse"):
        change = (Decide("government.respond[october-protest]", "talk"),
                  Decide("government.answer[own-physician]", answer))  # fmt: skip
        run = play(SCENARIO, next(w for w in map(_world, range(50)) if _asks(w, change)), change)
        chose = last(run, e.Chose, address="khan.next[after-october]")
        assert isinstance(chose, e.Chose)
        pulls[answer] = dict(chose.attributes[chose.alternatives.index("march")])["leverage"]

    assert pulls["grant"] > pulls["refuse"]


def _world(run: int) -> World:
    return Prior(3, run)


def _asks(world: World, change: tuple[Decide, ...]) -> bool:
    run = play(SCENARIO, world, change)
    return bool(taken(run, "government.answer[own-physician]") and taken(run, "khan.next[after-october]"))


@pytest.mark.parametrize("account", sorted(SCENARIO.accounts["sangjani"]))
def test_an_account_of_the_failed_stop_is_which_links_can_fail(account: str) -> None:
    switches = SCENARIO.accounts["sangjani"][account]
    scenario = evolve(SCENARIO, mechanisms={**SCENARIO.mechanisms, **switches})
    runs = [play(scenario, Prior(2, k)) for k in range(120)]
    accepted = [run for run in runs if last(run, e.Ratified)]
    asked = {
        "sending-can-fail": "nature.order-sent[stop-order]",
        "delivery-can-fail": "nature.phone-link[stop-order]",
        "proof-can-fail": "nature.his-voice[stop-order]",
        "belief-can-fail": "bushra.believe[stop-order]",
        "obedience-can-fail": "bushra.obey[stop-order]",
    }
    addresses = {one.address for run in accepted for one in run.asked}

    assert accepted
    assert {link for link, address in asked.items() if address in addresses} <= {
        link for link, on in switches.items() if on
    }


def test_each_row_that_is_missed_is_explained_in_one_sentence() -> None:
    assert RECORD is not None
    ids = {fact.id for fact in RECORD.facts}

    assert set(SCENARIO.explanations) <= ids
    assert all(text.count(". ") == 0 and text.endswith(".") for text in SCENARIO.explanations.values())


def test_the_golden_log_is_played_again() -> None:
    """Byte for byte; write it anew with NEGOSIM_UPDATE_GOLDEN=1 after a change that is meant."""
    played = b"\n".join(codec.encode(entry) for entry in play(SCENARIO, Prior(7)).entries) + b"\n"
    if os.environ.get("NEGOSIM_UPDATE_GOLDEN"):
        Path(GOLDEN).write_bytes(played)

    assert GOLDEN.read_bytes() == played


def test_a_mistake_in_the_story_names_its_line() -> None:
    with pytest.raises(NegosimError, match="did you mean"):
        SCENARIO.decision("government.anser[own-physician]")
