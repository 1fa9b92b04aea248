"""A pytest plug-in for stories: ``story``, ``free_runs``, ``replayed``, ``golden``.

pytest loads it by itself where negosim is installed. A test beside a story is about that story;
elsewhere ``pytestmark = pytest.mark.story("NAME")`` says which. Assertions stand in
``negosim.testing.plugin.assertions``, Hypothesis strategies in ``negosim.testing.plugin.worlds``.

    free_runs   50 runs of the story left to itself (``--free-runs`` sets how many)
    replayed    as many runs with the record imposed, those that got through
    golden      compares the run of a seed with the log in ``golden.jsonl``; ``--update-goldens`` writes it
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negosim.core.errors import NegosimError

if TYPE_CHECKING:
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story
    from negosim.testing.plugin.goldens import Golden

RUNS = 50
"""Enough to meet with 99 % what happens in one run of ten."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plug-in."""
    group = parser.getgroup("negosim", "negosim: tests of stories")
    group.addoption("--free-runs", type=int, default=RUNS, metavar="N", help=f"runs of a story a test sees ({RUNS})")
    group.addoption("--update-goldens", action="store_true", help="write golden logs anew instead of comparing them")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, so that strict markers accept it."""
    config.addinivalue_line("markers", "story(name): the story that the tests of a module are about")


@pytest.fixture(scope="module")
def story(request: pytest.FixtureRequest) -> Story:
    """The story that the module's marker names, or that the test lies in."""
    from negosim.stories import loading
    from negosim.stories.places import RECORD

    marker = request.node.get_closest_marker("story")
    if marker is not None:
        return loading.load(*marker.args)
    for folder in Path(str(request.node.path)).parents:
        if (folder / RECORD).is_file() and (folder / "__init__.py").is_file():
            return loading.load(folder)
    raise pytest.UsageError(
        f'{request.node.path} lies in no story; write pytestmark = pytest.mark.story("NAME") in it'
    )


@pytest.fixture(scope="module")
def free_runs(story: Story, request: pytest.FixtureRequest) -> tuple[Run, ...]:
    """Runs of the story with nothing imposed, of seed 0."""
    from negosim.sim.chance import Prior
    from negosim.sim.play import play

    return tuple(play(story.scenario, Prior(0, run)) for run in range(request.config.getoption("--free-runs")))


@pytest.fixture(scope="module")
def replayed(story: Story, request: pytest.FixtureRequest) -> tuple[Run, ...]:
    """Runs of seed 0 with the record imposed, those in which every decision came out as documented.

    Fails, naming the decisions that stop the runs, where there is none.
    """
    from negosim.inference.evidence import impositions
    from negosim.sim.chance import Imposing, Prior
    from negosim.sim.play import play

    imposed, tried = impositions(story.documented), request.config.getoption("--free-runs")
    runs = [play(story.scenario, Imposing(imposed, Prior(0, run))) for run in range(tried)]
    through = tuple(run for run in runs if run.failed_imposition is None)
    if not through:
        failed = [run.failed_imposition for run in runs if run.failed_imposition is not None]
        reasons = dict.fromkeys(f"{imposition.address}: {why}" for imposition, why in failed)
        pytest.fail(f"none of {tried} runs follows the record: {'; '.join(reasons)}", pytrace=False)
    return through


@pytest.fixture(scope="module")
def golden(story: Story, request: pytest.FixtureRequest) -> Golden:
    """A function that compares the run of a seed with the golden log beside the story."""
    from negosim.testing.plugin.goldens import Golden

    try:
        return Golden(story, update=request.config.getoption("--update-goldens"))
    except NegosimError as error:
        raise pytest.UsageError(str(error)) from error
