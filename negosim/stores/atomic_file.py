"""Files and folders that appear whole or not at all: whatever negosim writes beside its stores is written so.

What is new is written beside its place, synced, and takes the place with one rename. What ends the
writing early, an error, Control-C or a signal that asks to end, leaves nothing.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file in the place of the one that was there. Raises OSError."""
    with _beside(path) as part, part.open("wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files, by name, where none was. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _beside(folder) as part:
        part.mkdir()
        for name, content in files.items():
            (part / name).write_bytes(content)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """What is written here takes the place of ``path``, or goes."""
    part = path.with_name(f".{path.name}.part")
    _remove(part)
    try:
        yield part
        part.replace(path)
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    """Take away what a process that was killed left here, or this one."""
    with suppress(OSError):
        part.unlink(missing_ok=True)
    rmtree(part, ignore_errors=True)
