"""What the model would have said of each fact before its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import dates
from negosim.report.wording.phrases import percent
from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.replay.prediction import Predicted, Predictions
    from negosim.report.results import Rows

LIKELY = 0.5


def sentence(predictions: Predictions) -> str:
    """How many facts were more likely than not just before their time."""
    likely = sum(fact.probability > LIKELY for fact in predictions.facts)
    return (
        f"Just before its time, and given all that was settled before it, this model finds {likely} of "
        f"{len(predictions.facts)} facts more likely than not. They were written with the events known: a check, "
        "not a prediction."
    )


def parts(predictions: Predictions) -> Iterator[RenderableType]:
    """A row per fact: how probable it was, and when it would have come."""
    rows = table("fact", ">probable", "it would come", "it came")
    for fact in predictions.facts:
        rows.add_row(
            Text(f"{fact.what.rstrip('.')} [{fact.fact}]"), percent(fact.probability), _predicted(fact, predictions),
            printable(dates(predictions.calendar, *fact.documented), plain=False),
        )  # fmt: skip
    yield from ("", rows, "")
    yield Text(
        "probable: that it comes as documented. It would come: nine tenths of the simulated courses in which "
        "something like it comes; in brackets how many have nothing like it.", "dim",
    )  # fmt: skip


def _predicted(fact: Predicted, predictions: Predictions) -> str:
    if fact.earliest is None:
        return "never"
    never = f" ({percent(fact.never)} never)" if fact.never >= 0.005 else ""
    return f"{dates(predictions.calendar, fact.earliest, fact.latest)}{never}"


def rows(predictions: Predictions) -> Rows:
    """One per fact."""
    facts: Rows = predictions.to_json()["facts"]
    spans = ("predicted", "documented")
    return [{**fact, **{name: "/".join(map(str, fact[name])) for name in spans}} for fact in facts]
