"""What a verb reads and writes: files that appear whole or not at all; ``-`` is stdin or stdout."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, nullcontext
from errno import EBADF, EISDIR, ENOENT
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from negosim.stores.atomic_file import write_file
from negosim.stores.exports.jsonl import HEADER_LONGEST
from negosim.stores.location import store_location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO


@contextmanager
def lines_of(file: str) -> Iterator[Iterator[bytes]]:
    """The lines of a file, cut where they are longer than any line can be.

    Raises OSError naming the file, also where standard input is closed.
    """
    if file == "-" and sys.stdin is None:
        raise OSError(EBADF, "it is closed", "standard input")
    with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as source:
        yield iter(partial(source.readline, HEADER_LONGEST + 2), b"")


def check_output(output: str) -> None:
    """Refuse before long work what could not be written after it. Raises OSError naming the output."""
    target = Path(os.path.realpath(output))
    if output == "-":
        return
    if target.is_dir():
        raise OSError(EISDIR, "this is a folder; name a file", output)
    if not target.parent.is_dir():
        raise OSError(ENOENT, "its folder does not exist; create it, or name another file", output)


def write_whole(output: str, chunks: Iterable[bytes], stdout: TextIO) -> None:
    """Write to ``stdout`` where the output is ``-``, or to a file that takes its place when all is written.

    Devices and pipes are written to as they are. Raises OSError naming the output.
    """
    if output == "-":
        stdout.flush()
        stdout.buffer.writelines(chunks)
        stdout.buffer.flush()
        return
    target = Path(os.path.realpath(output))  # which, unlike resolve, leaves a loop of links to the system
    try:
        if target.is_file() or not target.exists():
            write_file(target, chunks)
        else:
            with target.open("wb") as device:
                device.writelines(chunks)
    except OSError as error:
        error.filename = output
        raise


def bytes_on_disk(store: str | None) -> int | None:
    """How much room a store in a file takes; None for one that is elsewhere."""
    path = Path(store_location(store))
    parts = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
    return sum(part.stat().st_size for part in parts if part.exists()) if path.is_file() else None
