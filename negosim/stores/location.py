"""Where the store is: ``--store``, else ``NEGOSIM_HOME``, else the XDG data directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from negosim.core.errors import StoreError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.stores.contract import Store

FILE = "negosim.sqlite"


def store_location(where: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """The place of the store: a file, ``:memory:`` or a ``postgresql://`` address.

    A folder means the file ``negosim.sqlite`` in it. Raises StoreError where ``~`` stands for no directory.
    """
    if where is None:
        home = environ.get("NEGOSIM_HOME")
        share = environ.get("XDG_DATA_HOME") or "~/.local/share"
        where = home or str(_expanded(share) / "negosim")
        return where if is_address(where) else str(_expanded(where) / FILE)
    if is_address(where) or where == ":memory:":
        return where
    path = _expanded(where)
    return str(path / FILE if path.is_dir() else path)


def _expanded(where: str) -> Path:
    """A path whose ``~`` is a home directory. Raises StoreError where that is unknown."""
    try:
        return Path(where).expanduser()
    except RuntimeError:
        raise StoreError(
            f"{where}: the home directory is unknown\nname a place for runs with --store, or in NEGOSIM_HOME"
        ) from None


def default_file(environ: Mapping[str, str] = os.environ) -> str | None:
    """The file that this user's runs are kept in when no place is named.

    None where that is a server: others may write there too.
    """
    place = store_location(None, environ)
    return None if is_address(place) else place


def open_store(
    where: str | None = None, environ: Mapping[str, str] = os.environ, *, create: bool = True
) -> Store:
    """Open the store at a place; with ``create`` it is made, with the default folder, if needed.

    Raises StoreError when the place cannot be used, is not ours or needs a newer negosim.
    """
    place = store_location(where, environ)
    if place == ":memory:":
        from negosim.stores.memory import MemoryStore

        return MemoryStore()
    if is_address(place):
        from negosim.stores.postgres import PostgresStore

        return PostgresStore(place, create=create)
    if not create and not (Path(place).is_file() and Path(place).stat().st_size):
        raise _no_store(Path(place), named=where is not None)
    if where is None:
        _make_folder(Path(place).parent)
    from negosim.stores.sqlite import SqliteStore

    return SqliteStore(place)


def is_address(where: str) -> bool:
    """Whether a place is a server's address rather than a file."""
    return where.startswith(("postgresql://", "postgres://"))


def _no_store(path: Path, *, named: bool) -> StoreError:
    """There is no store: perhaps nothing was kept yet, perhaps a name was misspelt."""
    if not named:
        return StoreError(f"{path}: nothing has been kept yet\nnegosim run NAME keeps a run there")
    if not path.parent.is_dir():
        return StoreError(f"{path}: there is no such store; its folder does not exist")
    near = sorted(one.name for one in path.parent.iterdir() if one != path)
    hint = did_you_mean(path.name, near) or "a store is the file in which runs are kept"
    return StoreError(f"{path}: there is no such store\n{hint}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: the folder for the store cannot be made ({error.strerror}); name another with --store"
        ) from None
