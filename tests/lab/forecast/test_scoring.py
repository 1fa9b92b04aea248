"""What a forecast is scored on, who forecasts without a model, and how much a model was worked on."""

from __future__ import annotations

import json
from math import log

import pytest
from attrs import evolve

from negosim.inference.evidence import impositions, record_until
from negosim.lab.forecast.forecast import forecast
from negosim.lab.forecast.naive import Past
from negosim.lab.forecast.scoring import SURE, After, score
from negosim.sim.chance import Imposing, Prior
from negosim.sim.play import play
from negosim.stores.memory import MemoryStore
from negosim.stories.loading import load
from negosim.stories.preregistration import (
    ModelHistory,
    freeze,
    frozen_model,
    note_version,
    snapshot,
    tuned,
    versions,
)
from tests.small_stories import FIRST, STORY, fact

# the story's keys: x is asked in the first minute, z after two hundred
LATER = fact("D3", "decision", "2024-01-01T03:00/2024-01-01T04:00", 'decisions = [{ address = "bob.first[z]", chose = "yes" }]')
WELL = fact("O2", "outcome", "2024-01-01T03:00/2024-01-01T05:00", 'expect = [{ event = "said", by = "bob", what = "well", channel = "talk" }]')
MET = fact("O3", "outcome", "2024-01-01T03:00/2024-01-01T05:00", 'expect = [{ event = "met", by = "bob", channel = "talk" }]')
QUIET = fact("O4", "outcome", "2024-01-02", 'expect = [{ event = "said", by = "ann", what = "done", absent = true }]')
CELLS = '''
[[coverage]]
event = "met"
channel = "talk"
window = "2024-01-01/2024-01-02"
cover = "complete"
note = "whoever meets is seen"

[[coverage]]
event = "said"
channel = "talk"
window = "2024-01-01/2024-01-02"
cover = "selective"
note = "talk is private"
'''


@pytest.fixture
def story(write):
    return load(write(FIRST, LATER, WELL, MET, QUIET, CELLS, keys="('x', 'z')"))


def past_of(story, begins=100):
    """What the record has, by a replay in which bob says yes to x and, by himself, no to z."""
    decisions = Imposing(impositions(record_until(story.documented, begins)), Prior(0, 0))
    return Past.of(story.documented, begins, play(story.scenario, decisions))


def shares(foretold):
    """What a forecaster gives to each thing that is scored."""
    return foretold[0]


def test_what_lies_after_a_date_is_scored_events_and_silences(story):
    after = After.of(story.documented, 100)
    assert [one.id for one in after.facts] == ["O2", "O3", "O4"]
    assert [one.address for one in after.decisions] == ["bob.first[z]"]
    assert [(cell.event, cell.span.earliest, cell.span.latest) for cell in after.cells] == [("met", 100, 2879)]
    assert [(pattern.event, pattern.span.earliest) for pattern in after.matched] == [("met", 301)]
    assert after.events == (True, True, False, True, False, False)
    assert After.of(story.documented, 0).decisions[0].address == "bob.first[x]"
    assert After.of(story.documented, 2000).events == (False,)


def test_what_a_run_bears_out(story):
    after = After.of(story.documented, 100)
    came = {}
    for run in range(40):
        free = play(story.scenario, Prior(0, run))
        taken = {one.address: one.taken for one in free.asked}
        first, second = taken["bob.first[x]"] == "yes", taken["bob.first[z]"] == "yes"
        borne_out = after.came(story.documented, story.scenario, free)
        came.setdefault((first, second), set()).add(borne_out[:2] + borne_out[3:])
    # who says yes to z says well, meets, decides so; nobody met without being in the record
    assert came[True, True] == {(True, True, True, True, True)}
    assert came[True, False] == {(False, False, False, True, True)}


def test_an_unrecorded_event_breaks_a_silence(write):
    """Without a fact or a decision that tells of it, the second meeting is a false alarm."""
    story = load(write(FIRST, CELLS, keys="('x', 'z')"))
    after = After.of(story.documented, 100)
    for run in range(20):
        free = play(story.scenario, Prior(0, run))
        met = any(one.taken == "yes" for one in free.asked if one.address == "bob.first[z]")
        assert after.came(story.documented, story.scenario, free) == (not met,)


def test_what_a_documented_decision_brings_about_is_no_false_alarm_though_it_was_not_imposed(write):
    story = load(write(FIRST, LATER, CELLS, keys="('x', 'z')"))
    after = After.of(story.documented, 100)
    came = {after.came(story.documented, story.scenario, play(story.scenario, Prior(0, run))) for run in range(20)}
    assert came == {(True, True), (False, True)}


def test_persistence_expects_silence(story):
    after = After.of(story.documented, 100)
    assert shares(past_of(story).persistence(after)) == pytest.approx((0.02, 0.02, 0.98, 0.02, 0.98, 0.98))


def test_repetition_expects_what_was_recorded_last_of_its_kind(story):
    after = After.of(story.documented, 100)
    expected = shares(past_of(story).repetition(after))
    # bob's word and the meeting followed his first yes; z is the same question, answered yes before;
    # ann's silence: she was never recorded to speak. The cell: the meeting expected is O3;
    # and so is another one just after it
    assert expected == pytest.approx((SURE, SURE, SURE, SURE, SURE, 1 - SURE))


def test_repetition_expects_nothing_of_a_kind_never_seen(story):
    after = After.of(story.documented, 0)
    nothing = play(evolve(story.scenario, ends=1), Prior(0, 0))
    expected = shares(Past.of(story.documented, 0, nothing).repetition(after))
    assert expected[:6] == pytest.approx((0.02, 0.02, 0.98, 0.02, 0.02, 0.98))
    assert set(expected[6:]) == {SURE}


def test_repetition_goes_by_the_last_answer_and_the_last_silence(write):
    quiet = fact("O5", "outcome", "2024-01-01T00:20/2024-01-01T01:00", 'expect = [{ event = "met", by = "bob", channel = "talk", absent = true }]')
    no = LATER.replace('"yes"', '"no"')
    story = load(write(FIRST, no, quiet, MET, keys="('x', 'z')"))
    after = After.of(story.documented, 100)
    met, z = shares(past_of(story).repetition(after))
    assert (met, z) == pytest.approx((0.02, 0.02))


def test_repetition_expects_a_cell_to_be_broken_when_its_kind_came_before_and_is_not_documented_again(write):
    story = load(write(FIRST, CELLS, keys="('x', 'z')"))
    after = After.of(story.documented, 100)
    assert shares(past_of(story).repetition(after)) == pytest.approx((0.02,))


def test_base_rates_are_those_of_the_record_before(story):
    """One meeting in a hundred minutes; another in the 121 of its window: 1 - (100 / 221) ** 1.5."""
    after = After.of(story.documented, 100)
    well, met, quiet, z, cell, matched = shares(past_of(story).base_rates(after))
    assert well == met == pytest.approx(1 - (100 / 221) ** 1.5)
    assert quiet == pytest.approx((100 / 1540) ** 0.5)  # ann never said so
    assert z == pytest.approx(0.75)  # asked once before, and answered so
    assert cell == pytest.approx((100 / 2880) ** 1.5)
    assert matched == pytest.approx((100 / 221) ** 1.5)


def test_when_an_event_comes_is_a_partition(story):
    after = After.of(story.documented, 100)
    cells = {after.cells_of(play(story.scenario, Prior(0, run))) for run in range(20)}
    assert cells == {(0, 0), (3, 3)}  # bob answers z at once or never
    (dated, _), past = after.dated, past_of(story)
    assert dated.lengths(100, 2880) == (121, 80 + 2579, 0)
    for forecaster in (past.persistence, past.repetition, past.base_rates):
        for shares_of_cells in forecaster(after)[1]:
            assert sum(shares_of_cells) == pytest.approx(1)


def test_dates_are_scored_apart():
    right, wrong, unsure = [1, 0, 0, 0], [0, 0, 0, 1], [0.25] * 4
    assert score([1.0], dates=[right]).dates == 0
    assert score([1.0], dates=[wrong]).dates == 1
    assert score([1.0], dates=[unsure]).dates == pytest.approx((0.75**2 + 3 * 0.25**2) / 2)
    assert score([1.0]).dates is None


def test_scores_tell_events_from_silences():
    found = score([1.0, 0.5, 0.0], [True, True, False])
    assert (found.events, found.silences) == (2, 1)
    assert found.brier == pytest.approx((0 + 0.25 + 1) / 3)
    assert found.brier_events == pytest.approx(0.125)
    assert found.brier_silences == 1
    assert found.log == pytest.approx((0 + log(0.5) + log(0.02)) / 3)
    assert score([1.0]).brier_silences is None


def test_a_forecast_is_scored_beside_all_who_know_less(story):
    found = forecast(story, 100, (), n=300, jobs=1)
    assert list(found.scores) == ["model", "random", "persistence", "repetition", "base rates"]
    assert all((scores.events, scores.silences) == (3, 3) for scores in found.scores.values())
    assert found.scores["repetition"].brier == pytest.approx((5 * 0.02**2 + 0.98**2) / 6)
    assert found.scores["persistence"].brier == pytest.approx((3 * 0.98**2 + 3 * 0.02**2) / 6)
    # the model says yes to z with logistic(.8), random choice with one half
    assert found.scores["model"].brier_events < found.scores["random"].brier_events
    document = found.to_json()
    assert document["scores"]["model"]["events"] == 3
    assert document["standing"]["frozen"] is None


# ── versions, and the freeze ────────────────────────────────────────────────────────────────────


def test_each_version_that_is_replayed_counts_once_and_for_good(write, story):
    with MemoryStore() as store:
        assert ModelHistory.of(story, store).versions == 0
        for _ in range(2):
            note_version(store, story)
        other = load(write(FIRST, name="small", story=STORY.replace("800", "700")))
        note_version(store, other)
        assert versions(store, other) == (story.digest, other.digest)
        assert ModelHistory.of(story, store).lines == (
            "2 versions of this model replayed against its record. It is not frozen, so the outcome may have shaped it: its answers are checks.",
        )  # fmt: skip
    assert ModelHistory.of(story).versions is None


def test_what_changes_after_the_freeze_is_listed(write, story):
    freeze(story, "2024-01-02")
    assert tuned(story) == ()
    assert ModelHistory.of(story).lines == ("It was frozen on 2024-01-02, unchanged since.",)
    other = load(write(FIRST, WELL, MET, QUIET, keys="('x', 'z')", pace="Between(0, 5)", story=STORY.replace("800", "700")))
    assert tuned(other) == (
        "delay bob.first: Between(least=0, most=0, note='') -> Between(least=0, most=5, note='')",
        "menu bob.first yes: gain 800 -> gain 700",
        "kind D3: decision -> nothing",
    )
    assert ModelHistory.of(other).lines[0] == "It was frozen on 2024-01-02, changed since in 3 places:"


def test_a_reason_that_is_read_off_the_view_is_told_by_its_text(write):
    read = STORY.replace("gain=gain", "gain=lambda view: {gain}").replace("Answer.YES: because", "Answer.YES: because")
    small, large = (snapshot(load(write(FIRST, name=f"n{g}", story=read.replace("{gain}", str(g))))) for g in (1, 2))
    assert [name for name in small if small[name] != large[name]] == ["menu bob.first yes", "menu ann.second yes"]


def test_what_no_list_shows_is_a_change_all_the_same(write, story):
    freeze(story, "2024-01-02")
    (story.folder / "__init__.py").write_text((story.folder / "__init__.py").read_text() + "\n# a remark\n")
    assert tuned(load(story.folder)) == ("files: something else in the scenario's folder",)


def test_a_second_freeze_hides_no_first(write, story):
    freeze(story, "2024-01-02")
    freeze(story, "2024-01-03")
    assert frozen_model(story)["before"] == []
    other = load(write(FIRST, story=STORY.replace("800", "700")))
    path = freeze(other, "2024-02-01")
    (before,) = json.loads(path.read_text())["before"]
    assert (before["date"], before["digest"]) == ("2024-01-03", story.digest)
    assert ModelHistory.of(other).lines == ("It was frozen on 2024-02-01 (after 1 earlier), unchanged since.",)
