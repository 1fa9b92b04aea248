"""The page on tests of stories; its text is below, read off the plug-in."""

from __future__ import annotations

from negosim.stories.authoring import AtMostOnce, Events, Never
from negosim.stories.reference.page import Page, Rows, first_sentence, signatures
from negosim.testing import plugin
from negosim.testing.plugin import assertions, worlds
from negosim.testing.plugin.goldens import Golden

_FIXTURES = ("story", "free_runs", "replayed", "golden")

PAGE = Page(
    topic="testing",
    about="negosim brings a pytest plug-in. A test beside a story is about that story; elsewhere write pytestmark = "
    "pytest.mark.story(\"NAME\").",
    tables=(
        Rows("Fixtures", tuple((name, first_sentence(getattr(plugin, name))) for name in _FIXTURES)),
        signatures("negosim.testing.plugin.assertions", (assertions.never, assertions.eventually,
                                                         assertions.keeps_invariants)),
        signatures("negosim.testing.plugin.worlds, for Hypothesis", (worlds.worlds, worlds.changes)),
        Rows("Options of pytest", (
            ("--free-runs N", f"how many runs free_runs and replayed hold; {plugin.RUNS} unless said otherwise"),
            ("--update-goldens", first_sentence(Golden)),
        )),
        Rows("Invariants: what cannot be in any run (negosim.stories.authoring)", (
            ("invariants = (RULE, ...)", "of a story; check --deep and keeps_invariants hold every run to them"),
            ("Never(\"It is told too early.\", EVENTS, after=EVENTS, until=EVENTS)", first_sentence(Never)),
            ("AtMostOnce(\"He goes free twice.\", EVENTS, times=1)", first_sentence(AtMostOnce)),
            ("Events(TYPE, ..., where=TEST, FIELD=VALUE, ...)", first_sentence(Events)),
        )),
    ),
    example="""
from hypothesis import given, settings, strategies as st

from negosim import load, play
from negosim.testing.plugin.assertions import eventually, never
from negosim.testing.plugin.worlds import changes, worlds

DEMO = load("./demo")  # after: negosim new demo


def test_nobody_strikes_after_calling_it_off(free_runs):
    never(free_runs, "started", what="strike", after="called-off")


def test_the_offer_can_be_made(replayed):
    eventually(replayed, "offered", by="crown")


def test_its_golden_log(golden):
    golden(seed=7)


@settings(max_examples=20)
@given(worlds(DEMO), changes(DEMO))
def test_nothing_breaks_it(world, change):
    assert play(DEMO.scenario, world, (change,)).entries is not None
""",
    language="pytest",
    see=("events", "decisions"),
)  # fmt: skip
__doc__ = str(PAGE)
