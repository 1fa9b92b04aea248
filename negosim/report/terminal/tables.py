"""Plain tables: the stories that can be told, the runs that were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
    for one in listed:
        rows.add_row(
            Text(one["name"], "bold"), clean(one["title"]), one["begins"][:10], one["ends"][:10],
            str(one["facts"]), str(one["actors"]),
        )  # fmt: skip
    return rows


def kept_runs(listed: Iterable[Mapping[str, Any]]) -> Table:
    """The runs of ``negosim store list``, as its JSON document has them."""
    runs = tuple(listed)
    sizes = [">bytes"] if any("bytes" in one for one in runs) else []
    rows = table("run", "scenario", "verb", ">seed", ">entries", *sizes, "changes")
    for one in runs:
        size = [f"{one['bytes']:,}"] if sizes else []
        cells = (one["scenario"], one["verb"], one["seed"], one["entries"], *size, ", ".join(one["changes"]))
        rows.add_row(Text(one["run"][:12], "bold"), *(Text(clean(str(cell))) for cell in cells))
    return rows
