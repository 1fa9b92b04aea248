"""Somebody else's processes: an executor named by its address, such as ``dask://host:8786``.

Results have the same bytes as here: every draw is keyed by seed, run and address. So a worker must
run the same negosim, which it proves for each task before it looks at it; and it finds a story by its
digest, in the same folder or among those it knows.
"""

from __future__ import annotations

import pickle
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from negosim.core.errors import BadValue, NegosimError
from negosim.stories.manifest import sources_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

SCHEME = "dask://"
REMEDY = "install the same negosim on every worker, and start them anew"
PATIENCE = "10s"
"""How long a scheduler may take to answer."""


class NotUsable(NegosimError):
    """An executor that is not there, or that cannot do what is asked of it."""


@contextmanager
def executor_at(address: str | None, jobs: int) -> Iterator[tuple[Executor | None, int]]:
    """The executor at an address, and how many tasks it does at once; for None nobody, and ``jobs``.

    A worker that is killed is replaced by another: its tasks are done again. Raises BadValue for an
    address of no known form, NotUsable when Dask is not installed, nobody answers, no worker is
    there, a worker runs another negosim, or one task has ended several workers.
    """
    if address is None:
        yield None, jobs
        return
    if not address.startswith(SCHEME):
        raise BadValue(f"{address!r} names no executor; write {SCHEME}HOST:PORT, the address of a Dask scheduler")
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise NotUsable("Dask is not installed\npip install 'negosim[dask]'") from None
    try:
        client = distributed.Client(address.replace(SCHEME, "tcp://", 1), timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise NotUsable(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        if not (threads := sum(client.ncores().values())):
            raise NotUsable(f"the Dask scheduler at {address} has no workers\nstart some: dask worker HOST:PORT")
        with client.get_executor(pure=False) as lent:
            try:
                yield _SameNegosim(lent), threads
            except distributed.KilledWorker as error:
                words = f"a task ended every worker that took it; the last was {error.last_worker}"
                raise NotUsable(f"{words}\nperhaps it ran out of memory; its log says more") from None
            except ModuleNotFoundError as error:
                raise NotUsable(f"a worker lacks {error.name}\n{REMEDY}") from None


class _SameNegosim(Executor):
    """An executor whose workers do a task only if they run these very sources."""

    def __init__(self, lent: Executor) -> None:
        self._lent = lent

    def submit(self, work: Callable[..., Any], /, *task: Any, **_: Any) -> Future[Any]:
        """Hand a task out, as bytes that only the same negosim opens."""
        return self._lent.submit(_done, sources_digest(), pickle.dumps((work, task)))


# ── in a worker ─────────────────────────────────────────────────────────────────────────────────


def _done(sources: str, task: bytes) -> Any:
    """What comes of a task. Raises NotUsable where this negosim is another."""
    if (ours := sources_digest()) != sources:
        raise NotUsable(
            f"a worker runs another negosim ({ours[:12]}, not {sources[:12]}), so its results could differ\n{REMEDY}"
        )
    work, arguments = pickle.loads(task)  # noqa: S301 - from the client, whom a worker obeys anyway
    return work(*arguments)
