"""The verbs with which a story begins: ``new``."""

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
