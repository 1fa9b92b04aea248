"""How much a model was worked on, said below every answer it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from negosim.cli.screen import Screen
    from negosim.stories.loading import Story


def show_answer(screen: Screen, story: Story, answer: RenderableType, document: dict[str, Any]) -> None:
    """Show an answer, or its document with ``--json``; below it whether the model is frozen, and what changed since."""
    from negosim.stories.preregistration import Standing

    standing = Standing.of(story)
    if screen.json:
        screen.document({**document, "standing": standing.to_json()})
        return
    screen.show(answer, "", *standing.lines)
