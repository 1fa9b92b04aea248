"""The verbs with which a story begins: ``new``, ``help``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.options import shown

if TYPE_CHECKING:
    from negosim.cli.screen import Screen


@click.command()
@click.argument("place", metavar="NAME", help="The story's name, or the path of the folder to write.")
@shown
def new(screen: Screen, place: str) -> None:
    """Write a small story that runs at once, to be replaced piece by piece."""
    import shlex

    from negosim.stories.new import new_story

    written = new_story(place)
    folder = written[0].parent
    if screen.json:
        screen.document({"folder": str(folder), "files": [path.name for path in written]})
        return
    name = shlex.quote(str(folder if len(folder.parts) > 1 else f"./{folder}"))
    screen.show(
        f"{folder}: a story of three facts that runs at once.", "",
        *(f"  {path.name:<20} {ROLES.get(path.name, 'what must hold in every run')}" for path in written), "",
        f"Next: negosim check {name}", f"      negosim replay {name}", f"      negosim whatif {name} no-offer",
    )  # fmt: skip


ROLES = {
    "__init__.py": "who wants what, and how they can be heard",
    "record.toml": "what is documented, and who says so",
    "questions.toml": "what to ask of it",
}
"""What each file of a new story is for; the fourth is its test."""


@click.command("help")
@click.argument("topic", required=False, help="The page; without one, the list of pages.")
@shown
def help_about(screen: Screen, topic: str | None) -> None:
    """Show a page of the author's reference, or list the pages.

    TOPIC is record, expect, questions, changes, time, decisions, events, seat, channels, parts or testing.
    """
    from attrs import asdict

    from negosim.report.terminal.manual import Contents, Manual
    from negosim.stories.reference import TOPICS, page_about

    if topic is None:
        pages = [page_about(topic) for topic in TOPICS]
        if screen.json:
            screen.document({page.topic: page.about for page in pages})
        else:
            screen.show(Contents(tuple(pages)))
    elif screen.json:
        screen.document(asdict(page_about(topic)))
    else:
        screen.show(Manual(page_about(topic)))
