"""``new``: a folder with a story that runs at once, to be replaced piece by piece."""

from __future__ import annotations

import keyword
from pathlib import Path

from negosim.core.errors import BadValue
from negosim.stores.atomic_file import write_file, write_folder
from negosim.stories.authoring.draft import Draft
from negosim.stories.places import RECORD
from negosim.stories.record_alone import record_alone, story_of_record

TEMPLATE = Path(__file__).parents[1] / "template"
FILES = ("__init__.py", "record.toml", "questions.toml", "test_story.txt")
MARKER = "NAME_OF_STORY"


def new_story(place: str | Path) -> tuple[Path, ...]:
    """Write the template into a new folder; the files written.

    The last part of ``place`` is the story's name; ``-`` becomes ``_``. Raises BadValue for a name
    that no folder of a story can have, and where the folder exists already.
    """
    folder = folder_for(place)
    texts = {file: (TEMPLATE / file).read_text(encoding="utf-8") for file in FILES}
    return write_story(folder, {file: text.replace(MARKER, folder.name) for file, text in texts.items()})


def story_of_domain(place: str | Path, domain: str | Path) -> tuple[Path, ...]:
    """Write a story in which two parties bargain over a domain of GENIUS, NegMAS or NegoLog; the files written.

    ``domain`` is the domain's file, or its folder; the profiles are those beside it. Raises what
    ``new_story`` and ``read_problem`` raise, and BadValue where there are fewer than two profiles.
    """
    from negosim.parts.files.reading import read_problem
    from negosim.parts.files.story import story_files

    folder = folder_for(place)
    return write_story(folder, story_files(read_problem(domain), folder.name))


def folder_for(place: str | Path, record: Path | None = None) -> Path:
    """The folder that a new story gets: a new one, or the one in which its ``record`` lies alone.

    Raises BadValue for a name that cannot be imported, or is taken.
    """
    path = Path(place)
    name = path.name.replace("-", "_").lower()
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or not name.isascii():
        raise BadValue(
            f"{path.name!r} is no name for a story\n"
            "a name begins with a letter and goes on in letters, digits, - or _, such as toll-1724"
        )
    folder = path.with_name(name)
    is_beside = record is not None and record.resolve() == (folder / RECORD).resolve()
    if folder.exists() and not (is_beside and record_alone(folder)):
        raise BadValue(f"{folder} exists already\nchoose another name, or move it away first")
    return folder


def write_story(folder: Path, texts: dict[str, str]) -> tuple[Path, ...]:
    """Write a story's files into a new folder, or beside a record those that are missing; the files written.

    A test file is named for the story.
    """
    test = f"test_{folder.name}.py"
    files = {test if name == "test_story.txt" else name: text.encode() for name, text in texts.items()}
    if folder.exists():
        files = {name: content for name, content in files.items() if not (folder / name).exists()}
        for name in reversed(files):  # the model last: until then it is a record alone
            write_file(folder / name, [files[name]])
    else:
        write_folder(folder, files)
    return tuple(folder / name for name in files)


def new_from_record(place: str | Path, source: str | Path) -> tuple[Path, ...]:
    """Write a first model for a record into a new folder, beside a copy of it, or beside the record; the files written.

    Raises RecordError with every mistake of the record, and BadValue as ``new_story`` does.
    """
    path = Path(source)
    path = path / RECORD if path.is_dir() else path
    folder = folder_for(place, path)
    draft = Draft.of(story_of_record(path).documented)
    test = (TEMPLATE / "test_draft.txt").read_text(encoding="utf-8").replace(MARKER, folder.name)
    return write_story(folder, {
        "__init__.py": draft.scenario(folder.name), RECORD: path.read_bytes().decode("utf-8-sig"),
        "questions.toml": draft.questions(), "test_story.txt": test,
    })  # fmt: skip
