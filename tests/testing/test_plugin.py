"""The pytest plug-in: its fixtures, marker, options, assertions and strategies, each seen to pass and to fail."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import find, given, settings
from hypothesis import strategies as st

from negosim.core.errors import NotFound
from negosim.sim.chance import Prior
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.authoring.new import new_story
from negosim.stories.loading import load
from negosim.testing.plugin.assertions import eventually, keeps_invariants, never
from negosim.testing.plugin.worlds import changes, worlds

pytest_plugins = ["pytester"]
PLUG_IN = ("-p", "negosim.testing.plugin", "-p", "no:cacheprovider", "-p", "no:xdist")


@pytest.fixture
def tried(pytester):
    """A story, and what pytest says of tests with the plug-in, beside it or elsewhere."""
    folder = new_story(pytester.path / "demo")[0].parent
    (folder / "test_demo.py").unlink()

    def tried(text: str, *options: str, beside: bool = True):
        file = (folder if beside else pytester.path) / "test_it.py"
        file.write_text(text)
        return pytester.runpytest(*PLUG_IN, *options, str(file))

    tried.folder = folder
    return tried


# ── fixtures, marker, options ───────────────────────────────────────────────────────────────────


def test_a_test_beside_a_story_is_about_it(tried):
    tried("def test_it(story):\n    assert story.scenario.name == 'demo'\n").assert_outcomes(passed=1)


def test_a_test_elsewhere_says_which_and_without_is_told_what_to_write(tried):
    marked = "import pytest\npytestmark = pytest.mark.story('demo')\n"
    test = "def test_it(story):\n    assert story.scenario.name == 'demo'\n"
    tried(marked + test, "--strict-markers", beside=False).assert_outcomes(passed=1)
    done = tried(test, beside=False)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(['*lies in no story; write pytestmark = pytest.mark.story("NAME") in it*'])


def test_free_runs_are_as_many_as_the_option_says_and_nothing_is_imposed(tried):
    text = (
        "def test_it(free_runs):\n    assert len(free_runs) == {}\n"
        "    assert not any(asked.imposition for run in free_runs for asked in run.asked)\n"
    )
    tried(text.format(50)).assert_outcomes(passed=1)
    tried(text.format(7), "--free-runs", "7").assert_outcomes(passed=1)


def test_replayed_runs_follow_the_record_and_without_any_the_reason_is_told(tried):
    text = (
        "def test_it(replayed):\n"
        "    taken = {asked.taken for run in replayed for asked in run.asked if asked.address == 'crown.respond[strike]'}\n"
        "    assert taken == {'offer'}\n"
    )
    tried(text).assert_outcomes(passed=1)
    code = tried.folder / "__init__.py"
    code.write_text(code.read_text().replace('(Respond, "strike")', '(Respond, "elsewhere")'))
    done = tried(text)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*none of 50 runs follows the record: crown.respond[[]strike]:*"])


def test_a_golden_log_is_written_on_demand_compared_and_told_where_it_differs(tried):
    text = "def test_it(golden):\n    golden(seed=7)\n"
    missing = tried(text)
    missing.assert_outcomes(failed=1)
    missing.stdout.fnmatch_lines(["*golden.jsonl does not exist; pytest --update-goldens writes it*"])
    tried(text, "--update-goldens").assert_outcomes(passed=1)
    tried(text).assert_outcomes(passed=1)
    log = tried.folder / "golden.jsonl"
    lines = log.read_text().splitlines()
    log.write_text("\n".join([*lines[:2], "{}", *lines[3:]]) + "\n")
    tried(text).stdout.fnmatch_lines(["*golden.jsonl:3 has another entry; pytest --update-goldens takes the new one*"])
    log.write_text("\n".join(lines[:-1]) + "\n")
    tried(text).stdout.fnmatch_lines([f"*golden.jsonl has {len(lines) - 1} entries, the run now has {len(lines)}*"])


# ── assertions and strategies ───────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return load(new_story(tmp_path_factory.mktemp("here") / "demo")[0].parent)


@pytest.fixture(scope="module")
def runs(demo):
    return tuple(play(demo.scenario, Prior(0, run)) for run in range(30))


def test_never_finds_the_run_and_the_entry(runs):
    never(runs, "vetoed")
    never(runs, "started", what="strike", after="called-off")
    with pytest.raises(AssertionError, match=r"run \d+ of seed 0: entry \d+ at minute \d+ is Announced"):
        never(runs, "announced", by="guild")
    with pytest.raises(AssertionError, match="is CalledOff"):
        never(runs, "called-off", after="announced")


def test_eventually_counts_the_runs(runs):
    eventually(runs, "started", what="strike", at_least=2)
    with pytest.raises(AssertionError, match=r"started, by=crown: in 0 of 30 runs, not in 1"):
        eventually(runs, "started", by="crown")


@pytest.mark.parametrize("assertion", [never, eventually])
def test_a_name_that_no_event_has_is_told(assertion, runs):
    with pytest.raises(NotFound, match="did you mean 'started'"):
        assertion(runs, "startd")


def test_the_story_s_invariants_are_kept_or_named(demo, runs):
    def nobody_announces(log):
        return next((entry for entry in log if entry.event.name == "announced"), None)

    keeps_invariants(demo, runs)
    with pytest.raises(AssertionError, match="nobody_announces is broken in run 0 of seed 0: entry"):
        keeps_invariants(evolve(demo, invariants=(nobody_announces,)), runs)


@settings(max_examples=20)
@given(data=st.data())
def test_any_world_and_any_change_can_be_played(data, demo):
    world, change = data.draw(worlds(demo)), data.draw(changes(demo))
    first, again = (play(demo.scenario, world, (change,)) for _ in range(2))
    assert first.entries == again.entries


def test_worlds_reach_other_weights_and_changes_other_answers(demo):
    strange = find(worlds(demo), lambda world: any(name[0] == "guild.weight[pride]" for name in world.values))
    assert play(demo.scenario, strange).entries
    assert find(changes(demo), lambda change: change == Decide("guild.answer[toll]", "strike"))
