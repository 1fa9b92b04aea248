"""Plain tables: the stories that can be told, the runs that were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negosim.stories.questions import Question


def table(*columns: str) -> Table:
    """A table without lines; ``>`` aligns a column to the right."""
    rows = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold underline")
    for column in columns:
        head = column.removeprefix(">")
        rows.add_column(head, justify="right" if head != column else "left")
    return rows


def stories(listed: Iterable[Mapping[str, Any]]) -> Table:
    """The scenarios of ``negosim list``, as its JSON document has them."""
    rows = table("name", "title", "from", "to", ">facts", ">actors")
    for story in listed:
        rows.add_row(
            Text(story["name"], "bold"), clean(story["title"]), story["begins"][:10], story["ends"][:10],
            str(story["facts"]), str(story["actors"]),
        )  # fmt: skip
    return rows


def asked(questions: Iterable[Question], *, verbose: bool) -> Table:
    """What-if questions by their names; ``verbose``: each with its basis."""
    rows = table("question", "asks", *(("basis",) if verbose else ()))
    for question in questions:
        basis = (clean(question.basis),) if verbose else ()
        rows.add_row(Text(question.id, "bold"), clean(question.asks), *basis)
    return rows


def kept_runs(listed: Iterable[Mapping[str, Any]]) -> Table:
    """The runs of ``negosim store list``, as its JSON document has them."""
    runs = tuple(listed)
    sizes = [">bytes"] if any("bytes" in run for run in runs) else []
    rows = table("run", "scenario", "verb", ">seed", ">entries", *sizes, "changes")
    for run in runs:
        size = [f"{run['bytes']:,}"] if sizes else []
        cells = (run["scenario"], run["verb"], run["seed"], run["entries"], *size, ", ".join(run["changes"]))
        rows.add_row(Text(run["run"][:12], "bold"), *(Text(clean(str(cell))) for cell in cells))
    return rows
