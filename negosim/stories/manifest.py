"""What names a run: the same manifest is the same run, byte for byte.

A twin's manifest is that of its factual run with the verb ``whatif`` and what is changed; its key
also hashes the run it is forked from, and where they part.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negosim.inference.evidence import impositions, record_until
from negosim.sim.chance import Imposing, Prior, World
from negosim.sim.play import play
from negosim.stories.intervention_syntax import change_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.time import Calendar
    from negosim.sim.interventions import Change, SetWeight
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story

FORMAT = 1


def manifest_of(
    story: Story, *, seed: int, run: int = 0, replay: bool = False,
    changes: tuple[SetWeight, ...] = (), until: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The manifest of one run; with ``replay`` the story's record is imposed on it."""
    return {
        "format": FORMAT,
        "negosim": sources_digest(),
        "scenario": story.scenario.name,
        "story": story.digest,
        "verb": "replay" if replay else "run",
        "seed": seed,
        "run": run,
        "until": until,
        "changes": [str(change) for change in changes],
    }


def posterior_manifest(story: Story, world: World) -> dict[str, Any]:
    """The manifest of a World that was found given the record: its chance stands in it, whole."""
    values = [[address, label, value] for (address, label), value in sorted(world.values.items())]
    return {**manifest_of(story, seed=world.seed, run=world.run), "verb": "posterior", "values": values}


def twin_manifest(factual: Mapping[str, Any], changes: tuple[Change, ...]) -> dict[str, Any]:
    """The manifest of a run's twin; the moments of its changes must be settled."""
    return {**factual, "verb": "whatif", "of": factual["verb"], "otherwise": [str(change) for change in changes]}


def changes_of(manifest: Mapping[str, Any], calendar: Calendar) -> tuple[Change, ...]:
    """What a twin's manifest says is changed; nothing for any other run."""
    return tuple(change_of(text, calendar) for text in manifest.get("otherwise", ()))


def again(story: Story, manifest: Mapping[str, Any]) -> Run:
    """Play the run a manifest names. Raises NotFound when a replay's story has no record."""
    calendar, until = story.scenario.calendar, manifest["until"]
    if manifest["verb"] == "whatif":
        world = again(story, {**manifest, "verb": manifest["of"]}).world
        settings = tuple(change_of(text, calendar) for text in manifest["changes"])
        return play(story.scenario, world, (*settings, *changes_of(manifest, calendar)), until=until)
    chance = Prior(manifest["seed"], manifest["run"])
    changes = tuple(change_of(text, calendar) for text in manifest["changes"])
    if manifest["verb"] == "posterior":
        values = {(address, label): value for address, label, value in manifest["values"]}
        return play(story.scenario, World(manifest["seed"], manifest["run"], values), changes, until=until)
    if manifest["verb"] != "replay":
        return play(story.scenario, chance, changes, until=until)
    fed = impositions(record_until(story.documented, until))
    return play(story.scenario, Imposing(fed, chance), changes, until=until)


@cache
def sources_digest() -> str:
    """The digest of negosim's own sources, the bundled scenarios left out."""
    package, digest = Path(__file__).parents[1], sha256(b"negosim/sources/1\0")
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if not name.startswith("scenarios/"):
            content = path.read_bytes()
            digest.update(f"{name} {len(content)} ".encode())
            digest.update(content)
    return digest.hexdigest()
