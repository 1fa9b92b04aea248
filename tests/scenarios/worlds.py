"""A world for each story in which its whole record follows, found by guided search and kept beside the tests.

A file holds the noise that matters, by address; all other noise is that of its seed and run.
"""

from __future__ import annotations

import json
from pathlib import Path

from negosim.sim.chance import World

FOLDER = Path(__file__).with_name("every_fact")
SCENARIOS = Path(__file__).parents[2] / "scenarios"
STORIES = sorted(path.stem for path in FOLDER.glob("*.json"))


def every_fact(story: str) -> World:
    """The world of a story in which nothing is imposed and everything documented follows."""
    kept = json.loads((FOLDER / f"{story}.json").read_text())
    values = {(address, label): value for address, labels in kept["values"].items() for label, value in labels.items()}
    return World(kept["seed"], kept["run"], values)
