"""What the filter found, as bytes: a guide, or one island. What was altered or belongs elsewhere is refused."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress, error

from attrs import asdict
from msgspec import MsgspecError, msgpack

from negosim.core.errors import StoreError
from negosim.inference.filter.guide import Guide, Twist, Window
from negosim.inference.filter.island import Draw, IslandResult
from negosim.sim.chance import World

if TYPE_CHECKING:
    from collections.abc import Mapping

DIGEST = 32
"""Bytes of the digest that every file begins with."""
AGAIN = "nothing is read from it; ask with another store (--store PLACE) or another --seed"
"""What helps against a file that cannot be trusted."""


def dump_guide(guide: Guide, manifest: Mapping[str, Any]) -> bytes:
    """A guide with the manifest of what it was learned from."""
    return _sealed(manifest, asdict(guide))


def load_guide(document: bytes, manifest: Mapping[str, Any]) -> Guide:
    """Raises StoreError for bytes that were altered or belong to another manifest."""
    fields = _opened(document, manifest)
    return Guide(
        {address: Twist(**twist) for address, twist in fields["answers"].items()},
        {address: Window(**window) for address, window in fields["windows"].items()},
    )


def dump_island(island: IslandResult, manifest: Mapping[str, Any]) -> bytes:
    """An island; the Worlds of its draws share one table of addresses."""
    keys = sorted({key for draw in island.draws for key in draw.world.values})
    place = {key: number for number, key in enumerate(keys)}
    draws = [
        [
            draw.world.seed, draw.world.run, draw.log_weight, draw.island, dict(draw.holds), dict(draw.answers),
            [place[key] for key in draw.world.values], list(draw.world.values.values()),
        ]
        for draw in island.draws
    ]  # fmt: skip
    body = {
        "keys": keys, "draws": draws, "log_predictions": dict(island.log_predictions),
        "plays": island.plays, "broken": dict(island.broken), "stages": list(island.stages),
        "foreseen": {name: dict(shares) for name, shares in island.foreseen.items()},
    }  # fmt: skip
    return _sealed(manifest, body)


def load_island(document: bytes, manifest: Mapping[str, Any]) -> IslandResult:
    """Raises StoreError for bytes that were altered or belong to another manifest."""
    body = _opened(document, manifest)
    keys = [(address, label) for address, label in body["keys"]]
    draws = tuple(
        Draw(
            World(seed, run, {keys[place]: value for place, value in zip(places, values, strict=True)}),
            log_weight, number, holds, answers,
        )
        for seed, run, log_weight, number, holds, answers, places, values in body["draws"]
    )  # fmt: skip
    return IslandResult(
        draws=draws,
        log_predictions=body["log_predictions"],
        plays=body["plays"],
        foreseen=body["foreseen"],
        broken=body["broken"],
        stages=tuple(body["stages"]),
    )


def _sealed(manifest: Mapping[str, Any], body: Mapping[str, Any]) -> bytes:
    packed = compress(msgpack.encode({"manifest": manifest, "body": body}), level=1)
    return sha256(packed).digest() + packed


def _opened(document: bytes, manifest: Mapping[str, Any]) -> Any:
    digest, packed = document[:DIGEST], document[DIGEST:]
    if sha256(packed).digest() != digest:
        raise StoreError(f"what was kept of the posterior has been altered\n{AGAIN}")
    try:
        content = msgpack.decode(decompress(packed))
    except (MsgspecError, error) as broken:
        raise StoreError(f"what was kept of the posterior cannot be read: {broken}\n{AGAIN}") from broken
    if content["manifest"] != manifest:
        raise StoreError(f"what was kept of the posterior belongs to another story, record or release\n{AGAIN}")
    return content["body"]
