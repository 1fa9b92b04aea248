"""The hash chain: every entry's link hashes the link before it, so that nothing can be altered alone.

A run's chain begins at its origin. For a root that is a hash of its manifest; a fork's origin
hashes its parent's link at the fork point and its own manifest, which names parent, index and
change. So equal continuations of different forks still have different links, and a fork proves
its ancestry without an entry of its own and without copying anything.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from negosim.stores.encoding.canonical import canonical
from negosim.stores.encoding.codec import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negosim.core.events import Entry

_KEY = b"negosim/run/1\0"
_GENESIS = b"negosim/genesis/1\0"
_FORK = b"negosim/fork/1\0"
_ENTRY = b"negosim/entry/1\0"


def run_key(manifest: Mapping[str, Any]) -> str:
    """A run's key, 64 hexadecimal digits: the digest of its manifest.

    Raises BadValue when the manifest has no canonical form.
    """
    return key_of(canonical(manifest))


def key_of(manifest: bytes) -> str:
    """The key of a manifest in canonical bytes."""
    return sha256(_KEY + manifest).hexdigest()


def genesis(manifest: bytes) -> bytes:
    """The origin of a root run's chain; ``manifest`` is in canonical bytes."""
    return sha256(_GENESIS + manifest).digest()


def fork(parent_link: bytes, manifest: bytes) -> bytes:
    """The origin of a fork's chain, from its parent's link at the fork point."""
    return sha256(_FORK + parent_link + manifest).digest()


def link(previous: bytes, body: bytes) -> bytes:
    """The link of one entry, from the link before it and the entry's canonical bytes."""
    return sha256(_ENTRY + previous + body).digest()


def links(origin: bytes, bodies: Iterable[bytes]) -> list[bytes]:
    """The link of each of ``bodies``, one after the other."""
    chain, previous = [], origin
    for body in bodies:
        previous = sha256(_ENTRY + previous + body).digest()
        chain.append(previous)
    return chain


def head(manifest: Mapping[str, Any], entries: Iterable[Entry]) -> str:
    """The last link of a root run, in hexadecimal: two runs with equal heads are equal."""
    last = genesis(canonical(manifest))
    for entry in entries:
        last = link(last, encode(entry))
    return last.hex()
