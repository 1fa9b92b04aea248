"""The address of a choice: who decides which question about what, ``actor.decision[key]``.

A record may leave the key open (``government.meet[*]``): any question of that decision is meant.
A question asked again has a number behind it (``government.meet[summit]#2``).
"""

from __future__ import annotations

from functools import lru_cache

from attrs import frozen

from negosim.core.actors import NATURE

OPEN_KEY = "*"


@frozen
class Address:
    """An address taken apart; ``text`` is the address as it stands in logs, records and worlds."""

    text: str
    actor: str
    decision: str
    key: str

    @classmethod
    def of(cls, text: str) -> Address:
        """Take an address apart. Total: what is missing is an empty string."""
        return _parsed(text)

    @property
    def stem(self) -> str:
        """The decision without its key, ``actor.decision``."""
        return f"{self.actor}.{self.decision}" if self.decision else self.actor

    @property
    def is_open(self) -> bool:
        """Whether the key is left open."""
        return self.key == OPEN_KEY

    @property
    def is_natural(self) -> bool:
        """Whether Nature decides."""
        return self.actor == NATURE.id

    def covers(self, asked: str) -> bool:
        """Whether a question asked at ``asked`` is the one meant here."""
        return asked.startswith(f"{self.stem}[") if self.is_open else asked == self.text


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Address:
    stem, _, rest = text.partition("[")
    actor, _, decision = stem.partition("#")[0].partition(".")
    return Address(text, actor, decision, rest.partition("]")[0])
