"""``read_problem``: whatever the field writes, recognised by what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from negosim.core.errors import BadValue, NotFound
from negosim.parts.domain import plain_slug
from negosim.parts.files import genius, negmas_scenario, negolog
from negosim.parts.files.problem import Problem
from negosim.parts.files.xml import MOST_BYTES, parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

ENDINGS = (".xml", ".json", ".yml", ".yaml")
MOST_PROFILES = 20


def read_problem(path: Path | str, profiles: Sequence[Path | str] = ()) -> Problem:
    """Read a bargaining problem: a GENIUS domain, a NegMAS outcome space or a NegoLog profile.

    ``path`` is the file, or a folder of NegoLog or NegMAS. ``profiles`` are the parties' files; without
    them, every profile beside the domain that speaks of its issues is read, in the order of file
    names. Raises NotFound for a file that does not exist, BadValue for one that is not understood.
    """
    place = Path(path)
    if place.is_dir():
        place = _domain_in(place)
    content = _content(place)
    if place.suffix.lower() == ".xml":
        return _read_genius(place, content, profiles)
    data = negmas_scenario.document(content, place.name)
    if negolog.is_profile(data):
        issues = negolog.read_domain(data, place.name)
        paths = [Path(path) for path in profiles] or _beside(place, including=True)
        documents = [(path, negmas_scenario.document(_content(path), path.name)) for path in paths]
        parties = tuple(
            negolog.read_profile(document, issues, path.stem)
            for path, document in documents
            if negolog.is_profile(document)
        )
        return Problem(_named(place.absolute().parent.name), issues, parties)
    issues = negmas_scenario.read_domain(data, place.name)
    paths = [Path(path) for path in profiles] or _beside(place)
    documents = [(path, negmas_scenario.document(_content(path), path.name)) for path in paths]
    parties = tuple(
        negmas_scenario.read_profile(document, issues, path.stem)
        for path, document in documents
        if profiles or negmas_scenario.is_profile(document)
    )
    return Problem(_named(str(data.get("name") or place.stem)), issues, parties)


def _read_genius(place: Path, content: bytes, profiles: Sequence[Path | str]) -> Problem:
    issues = genius.read_domain(content, place.name)
    parties = []
    for path in [Path(profile) for profile in profiles] or _beside(place):
        text = _content(path)
        if profiles or parsed(text, path.name).tag == "utility_space":
            parties.append(genius.read_profile(text, issues, path.stem))
    return Problem(_named(place.stem), issues, tuple(parties))


def _content(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound("file", str(place)) from None
    except OSError as error:
        raise BadValue(f"{place}: it cannot be read: {error.strerror}") from None


def _beside(place: Path, *, including: bool = False) -> list[Path]:
    """The files of the same ending in the same folder, in the order of their names."""
    siblings = sorted(x for x in place.absolute().parent.iterdir() if x.suffix == place.suffix and x.is_file())
    paths = [path for path in siblings if including or path.name != place.name]
    if len(paths) > MOST_PROFILES:
        raise BadValue(f"{place}: {len(paths)} files lie beside it; name the profiles that belong to it")
    return paths


def _domain_in(folder: Path) -> Path:
    """The file of a folder that a problem is read from."""
    files = sorted(x for x in folder.iterdir() if x.suffix.lower() in ENDINGS and x.is_file())
    for place in files:
        if place.suffix.lower() == ".xml":
            if parsed(_content(place), place.name).tag == "negotiation_template":
                return place
            continue
        data = negmas_scenario.document(_content(place), place.name)
        if negmas_scenario.is_domain(data) or negolog.is_profile(data):
            return place
    raise NotFound("domain of GENIUS, NegMAS or NegoLog in the folder", str(folder), [x.name for x in files])


def _named(name: str) -> str:
    """A problem's name as a slug."""
    try:
        return plain_slug(name)
    except BadValue:
        return "domain"
