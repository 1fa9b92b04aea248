"""Replays of stories small enough to know every figure beforehand."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from math import exp, isclose, log
from multiprocessing import active_children
from statistics import NormalDist

import pytest

from negosim.lab.replay.replay import replay
from negosim.lab.replay.unreached import LostPath
from negosim.stores.memory import MemoryStore
from negosim.stories.loading import load
from tests.small_stories import DONE, FIRST, SECOND, fact

YES_FIRST = 1 / (1 + exp(-0.8))
YES_SECOND = 1 / (1 + exp(0.5))
AT_ONCE = {"n": 20, "free": 20, "jobs": 1}
LATER = SECOND.replace("00:51/", "00:00/")


def test_the_choice_score_is_the_sum_of_the_logarithms(write):
    found = replay(load(write(FIRST, LATER)), **AT_ONCE)
    assert isclose(found.choice.model, log(YES_FIRST) + log(YES_SECOND))
    assert isclose(found.choice.random, 2 * log(0.5))
    assert isclose(found.choice.blind, found.choice.model, abs_tol=1e-5)
    assert found.choice.se == 0
    assert isclose(found.ess, 20)


def test_each_decision_has_its_reach_and_its_probability(write):
    first, second = replay(load(write(FIRST, LATER)), **AT_ONCE).imposed
    assert (first.address, first.reached, first.reached_in) == ("bob.first[x]", 1.0, 20)
    assert isclose(first.chosen, YES_FIRST)
    assert isclose(second.chosen, YES_SECOND)


def test_timing_is_what_weighing_the_dates_adds(write):
    found = replay(load(write(FIRST, LATER, pace="Between(0, 99)")), **AT_ONCE)
    assert isclose(found.choice.model, log(YES_FIRST) + log(YES_SECOND))
    assert isclose(found.timing, log(0.5))


def test_a_decision_that_came_after_its_interval_counts_against_it(write):
    """The first is free: at 199 minutes at most it leaves the second time in half of the runs."""
    found = replay(load(write(LATER, pace="Between(0, 233)")), n=400, free=20, jobs=1)
    (second,) = found.imposed
    in_time = YES_FIRST * 118 / 234
    assert second.reached == second.reached_in / 400
    assert abs(second.reached - in_time) < 4 * (in_time * (1 - in_time) / 400) ** 0.5
    assert second.too_late + second.never == 400 - second.reached_in
    assert second.too_late > 0
    assert isclose(second.chosen, YES_SECOND)


def test_weights_learn_from_earlier_decisions(write):
    """Bob answers two questions with one weight: W2 / W1 is E[p p] / E[p]."""
    again = FIRST.replace("D1", "D2").replace("[x]", "[z]").replace("00:01", "03:00").replace("00:50", "04:00")
    found = replay(load(write(FIRST, again, keys="('x', 'z')", sd=2000)), n=2000, free=20, jobs=1)
    draws = [NormalDist(1, 2).inv_cdf((k + 0.5) / 4000) for k in range(4000)]
    p = [1 / (1 + exp(-0.8 * draw)) for draw in draws]
    one, two = sum(p) / 4000, sum(x * x for x in p) / 4000
    assert abs(found.choice.model - log(two)) < 4 * found.choice.se
    assert isclose(found.imposed[1].chosen, two / one, rel_tol=0.03)
    assert found.choice.se > 0
    assert found.choice.blind < found.choice.model


@pytest.mark.parametrize("keys", ["('x',)", "('x', 'y', 'z')"])
def test_an_open_key_is_answered_once_as_documented(write, keys):
    """W is the probability that some question in the interval is answered so: 1 - (1 - p)^k."""
    any_ = fact(
        "D1", "decision", "2024-01-01", 'decisions = [{ address = "bob.first[*]", chose = "yes" }]'
    )
    found = replay(load(write(any_, keys=keys)), n=3000, free=20, jobs=1)
    count = keys.count("'") // 2
    assert abs(found.choice.model - log(1 - (1 - YES_FIRST) ** count)) < 4 * found.choice.se
    assert found.imposed[0].reached == 1.0


def test_a_fact_is_foreseen_with_the_decisions_before_it_alone(write):
    found = replay(load(write(FIRST, LATER, DONE)), n=400, free=20, jobs=1)
    line = found.facts[2]
    assert (line.id, line.fed) == ("O1", 1)
    assert abs(line.share.mean - YES_SECOND) < 4 * line.share.se
    assert abs(line.random.mean - 0.5) < 4 * line.random.se
    assert line.status == "weak"
    assert isclose(found.facts_score.model, log(line.share.mean))


def test_statuses_of_what_is_not_weighed(write):
    given = fact("G", "given", "2024-01-01", 'event = "summit"\nbecause = "It was in the calendar."')
    report = fact("R", "report", "2024-01-02", "background = true")
    found = replay(load(write(given, report, FIRST)), **AT_ONCE)
    assert [one.status for one in found.facts] == ["given", "background", "imposed"]
    assert found.facts[0].hit
    assert found.facts[2].hit
    assert 1 <= found.facts[2].at <= 50


def test_an_absence_and_a_belief_can_follow(write):
    silence = fact(
        "O2", "outcome", "2024-01-02", 'expect = [{ event = "said", absent = true }]\nafter = ["D1"]'
    )
    belief = 'actor = "ann", trust = "discretion", of = "bob"'
    rises = fact("B1", "belief", "2024-01-01", f"belief = {{ {belief}, rises = 100 }}\nafter = ['D1']")
    soars = fact("B2", "belief", "2024-01-01", f"belief = {{ {belief}, rises = 300 }}\nafter = ['D1']")
    found = replay(load(write(FIRST, silence, rises, soars)), **AT_ONCE)
    shares = {one.id: one.share.mean for one in found.facts if one.unfed}
    assert shares == {"O2": 1.0, "B1": 1.0, "B2": 0.0}
    assert found.facts[3].status == "missed"


def test_false_alarms_are_unrecorded_events_in_complete_cells(write):
    cell = '\n[[coverage]]\nevent = "met"\nchannel = "talk"\nwindow = "2024-01-01"\ncover = "complete"\nnote = "All."\n'
    alone = replay(load(write(FIRST, cell)), **AT_ONCE)
    assert alone.false_alarms == 0  # what an imposed decision brings about is recorded with it
    late = FIRST.replace("[x]", "[z]").replace("00:01", "03:00").replace("00:50", "04:00")
    other = replay(load(write(late, cell, keys="('x', 'z')", name="other")), n=400, free=20, jobs=1)
    assert abs(other.false_alarms - YES_FIRST) < 0.1


def test_targets_are_looked_for_in_free_runs(write):
    target = (
        '\n[[target]]\nid = "T1"\nwhat = "Done."\ndate = "2024-01-01"\n'
        'cites = [{ source = "paper", at = "page 1" }]\n'
        'expect = [{ event = "said", what = "done" }]\n'
    )
    targets = replay(load(write(FIRST, target)), n=20, free=1000, jobs=1).targets
    assert targets.n == 1000
    assert abs(targets.lines[0].model - YES_FIRST * YES_SECOND) < 0.06
    assert abs(targets.lines[0].random - 0.25) < 0.06
    assert targets.mean.model == targets.lines[0].model


def test_what_no_replay_reaches_is_an_error_that_says_where(write):
    with pytest.raises(LostPath, match=r"D1 bob.first\[x\] = yes: reached in none of 20 replays \(20 too late"):
        replay(load(write(FIRST, pace="Between(100, 200)")), **AT_ONCE)
    never = FIRST.replace("[x]", "[nobody-asks]")
    with pytest.raises(LostPath, match="20 never asked"):
        replay(load(write(never, name="never")), **AT_ONCE)


def test_until_leaves_out_what_was_not_over(write):
    found = replay(load(write(FIRST, LATER, DONE)), until=60, **AT_ONCE)
    assert [one.id for one in found.facts] == ["D1"]
    assert found.until == 60


def test_workers_and_chunks_change_nothing(write):
    story = load(write(FIRST, DONE, sd=2000))
    assert replay(story, n=60, free=30, jobs=1) == replay(story, n=60, free=30, jobs=2)


def test_an_executor_can_be_lent(write):
    story = load(write(FIRST, DONE, sd=2000))
    with ThreadPoolExecutor(2) as lent:
        assert replay(story, n=60, free=30, executor=lent) == replay(story, n=60, free=30, jobs=1)


def test_an_interruption_leaves_no_process_behind(write):
    def interrupt(done: int, total: int, **known: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(load(write(FIRST, DONE)), n=400, free=200, jobs=2, progress=interrupt)
    assert not active_children()


def test_progress_is_told_to_the_end(write):
    told: list[tuple[int, int]] = []
    replay(load(write(FIRST, DONE)), progress=lambda *progress, **known: told.append(progress), **AT_ONCE)
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1] == (len(told), len(told))


def test_a_kept_result_is_found_again_with_its_run(write):
    story, store, told = load(write(FIRST, DONE)), MemoryStore(), []
    found = replay(story, store=store, **AT_ONCE)
    again = replay(story, store=store, progress=lambda *_, **known: told.append(1), **AT_ONCE)
    assert again == found
    assert not told
    info = store.info(found.draw.key)
    assert (info.head, info.length) == (found.draw.head, found.draw.entries)
    assert replay(story, store=store, n=21, free=20, jobs=1).n == 21


def test_the_document_has_the_agreed_keys(write):
    document = replay(load(write(FIRST, DONE)), **AT_ONCE).to_json()
    assert {
        "scenario", "run", "head", "n", "ess", "entries", "facts", "choice_score", "timing_score",
        "fact_score", "false_alarms",
    } <= set(document)  # fmt: skip
    assert {
        "id", "kind", "status", "at", "earliest", "latest", "reached", "chosen", "share",
        "baseline_share", "cluster",
    } <= set(document["facts"][0])  # fmt: skip
    assert document["facts"][0]["earliest"] == "2024-01-01T00:01+00:00"
    assert set(document["choice_score"]) == {"model", "se", "random", "blind"}


def test_a_script_needs_no_guard_for_its_workers(write, tmp_path):
    """Workers do not import the script that asked, which would ask again in each of them."""
    folder = write(FIRST, LATER)
    script = tmp_path / "script.py"
    script.write_text(
        "from negosim import load, replay\n"
        f"print(len(replay(load({str(folder)!r}), n=20, free=20, jobs=2).imposed))\n",
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("2\n", "")
