"""Draws the README's picture from the first story: ``python tests/report/picture.py``.

The same renderables as in a terminal: the record of October as ``negosim show`` prints it, and one
world beside the same world with a change, as ``negosim whatif --keep`` does.
"""

from __future__ import annotations

from pathlib import Path

from attrs import evolve
from rich.text import Text

from negosim.lab.counterfactual.illustration import replayed_example
from negosim.report.terminal.export import picture_of
from negosim.report.terminal.timeline_rows import timeline_of
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
    known = questions_of(story)
    question = known.question(QUESTION)
    chart = timeline_of(story)
    october = tuple(row for row in chart.rows if f"{row.at:%Y-%m-%d}" < UNTIL)
    name = story.scenario.name
    return picture_of(
        _prompt(f"negosim show {name}"), Text("..."), evolve(chart, rows=october), Text(),
        _prompt(f"negosim whatif {name} {QUESTION} --keep"), Text("..."),
        replayed_example(story, question, known.about(question.about), seed=0),
        title=name,
    )  # fmt: skip


def _prompt(command: str) -> Text:
    return Text(f"$ {command}", "bold")


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
