"""Draws the README's picture from the first story: ``python tests/report/picture.py``.

The same renderables as in a terminal: the record of October as ``negosim replay`` shows it, and one
simulated course beside the same course with a change, as ``negosim whatif`` does.
"""

from __future__ import annotations

from pathlib import Path

from attrs import evolve
from rich.text import Text

from negosim.lab.counterfactual.illustration import replayed_example
from negosim.lab.counterfactual.whatif_result import Pair
from negosim.lab.replay.replay import replay
from negosim.report.results.counterfactual.whatif import Courses
from negosim.report.results.replay import History
from negosim.report.terminal.export import picture_of
from negosim.stories.loading import load
from negosim.stories.questions import questions_of

REPOSITORY = Path(__file__).parents[2]
STORY = REPOSITORY / "scenarios" / "pti_2024"
PICTURE = STORY / "picture.svg"
UNTIL = "2024-10-16"
QUESTION = "visit-refused"


def drawn() -> str:
    """The picture as SVG."""
    story = load(STORY)
    name, scenario = story.scenario.name, story.scenario
    known = questions_of(story)
    question = known.question(QUESTION)
    result = replay(story, n=104, until=scenario.calendar.at(UNTIL), jobs=1)
    october = [row for row in result.rows if row.latest is not None and row.latest < result.until]
    both = replayed_example(story, question, known.about(question.about), seed=0).comparison
    pair = Pair(factual=both.factual, counterfactual=both.twin, parted=(None, None), scenario=scenario, record=story.record)
    return picture_of(
        _prompt(f"negosim replay {name} --until {UNTIL}"), Text("..."), History(evolve(result, rows=tuple(october))), Text(),
        _prompt(f"negosim whatif {name} {QUESTION}"), Text("..."), Text(question.asks), Text(), Courses(pair, most=8),
        title=name,
    )  # fmt: skip


def _prompt(command: str) -> Text:
    return Text(f"$ {command}", "bold")


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
