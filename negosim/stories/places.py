"""Where stories are: folders whose ``__init__.py`` exposes ``scenario``; nothing in them is run.

Folders are looked for as: a path; folders of folders in ``NEGOSIM_PATH``; ``./scenarios``; those that
come with negosim; entry points of the group ``negosim.scenarios``; a folder here whose name has ``_`` for
``-``. The first of a name wins, so that nothing installed takes the place of what is at hand; names are
written with ``-`` or ``_`` alike.
"""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from negosim.core.errors import NotFound, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "negosim.scenarios"
VARIABLE = "NEGOSIM_PATH"
RECORD = "record.toml"


def places() -> dict[str, Path]:
    """The names of all stories that can be found, sorted, with their folders."""
    found: dict[str, Path] = {}
    for folder in _folders():
        found.setdefault(spelled(folder.name), folder)
    return dict(sorted(found.items()))


def find(name_or_path: str | Path) -> Path:
    """The folder of a story. Raises NotFound with the nearest name."""
    path = Path(name_or_path)
    if path.name in (RECORD, "__init__.py"):
        path = path.parent
    if is_story(path):
        return path.resolve()
    if path.is_dir():
        words = f"{path} is no scenario: it has no __init__.py that defines `scenario`"
        if (path / RECORD).is_file():
            words += (
                f"\nits record needs none for show, check, report and export\n"
                f"to begin a model of it: negosim new NAME --from {shlex.quote(str(path / RECORD))}"
            )
        raise RecordError((words,))
    is_path = isinstance(name_or_path, Path) or os.sep in name_or_path
    named = (folder for folder in _folders() if spelled(folder.name) == spelled(path.name))
    if not is_path and (first := next(named, None)):
        return first
    written = path.with_name(path.name.replace("-", "_").lower())  # as ``negosim new`` writes it
    if is_story(written):
        return written.resolve()
    raise NotFound("scenario", str(name_or_path), [] if is_path else places())


def _folders() -> Iterator[Path]:
    package = Path(__file__).resolve().parents[1]
    shelves = [Path(place) for place in os.environ.get(VARIABLE, "").split(os.pathsep) if place]
    for shelf in (*shelves, Path("scenarios"), package / "scenarios", package.parent / "scenarios"):
        if shelf.is_dir():
            yield from sorted(folder.resolve() for folder in shelf.iterdir() if is_story(folder))
    yield from _installed()


def _installed() -> Iterator[Path]:
    """Stories of other distributions, by their entry points."""
    if not _may_be_installed():
        return
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        spec = find_spec(point.value.partition(":")[0])
        if spec is not None and spec.submodule_search_locations:
            yield Path(spec.submodule_search_locations[0]).resolve()


def _may_be_installed() -> bool:
    """Whether something installed names our group: to ask importlib.metadata takes an eighth of a short verb's time.

    Archives are not opened for that, so where there is one it may be.
    """
    for place in map(Path, sys.path):
        if place.is_file():
            return True
        for points in place.glob("*-info/entry_points.txt"):
            with suppress(OSError):  # importlib.metadata passes over it too
                if GROUP.encode() in points.read_bytes():
                    return True
    return False


def is_story(folder: Path) -> bool:
    """Whether a folder can be a story."""
    return (folder / "__init__.py").is_file() and folder.name[:1] not in ("_", ".")


def spelled(name: str) -> str:
    """A story's name as it is compared and shown."""
    return name.replace("_", "-").lower()
