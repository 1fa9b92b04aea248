"""Where the store is: ``--store``, else ``NEGOSIM_HOME``, else the XDG data directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from negosim.core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.stores.contract import Store

FILE = "negosim.sqlite"


def store_place(where: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """The place of the store: a file, ``:memory:`` or a ``postgresql://`` address.

    A folder means the file ``negosim.sqlite`` in it.
    """
    if where is None:
        home = environ.get("NEGOSIM_HOME")
        share = environ.get("XDG_DATA_HOME") or "~/.local/share"
        where = home or str(Path(share).expanduser() / "negosim")
        return where if _is_address(where) else str(Path(where).expanduser() / FILE)
    if _is_address(where) or where == ":memory:":
        return where
    path = Path(where).expanduser()
    return str(path / FILE if path.is_dir() else path)


def open_store(where: str | None = None, environ: Mapping[str, str] = os.environ) -> Store:
    """Open the store at a place, creating a file and the default folder where there is none.

    Raises StoreError when the place cannot be used, is not ours or needs a newer negosim.
    """
    place = store_place(where, environ)
    if place == ":memory:":
        from negosim.stores.memory import MemoryStore

        return MemoryStore()
    if _is_address(place):
        from negosim.stores.postgres import PostgresStore

        return PostgresStore(place)
    if where is None:
        _make_folder(Path(place).parent)
    from negosim.stores.sqlite import SqliteStore

    return SqliteStore(place)


def _is_address(where: str) -> bool:
    return where.startswith(("postgresql://", "postgres://"))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: the folder for the store cannot be made ({error.strerror}); name another with --store"
        ) from None
