"""The trace of a run: what came of playing a scenario once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.events import Entry
    from negosim.sim.chance import Asked, Imposition, World

NEVER = 2**53
"""Later than any minute."""


@frozen
class Run:
    """What came of playing a scenario once.

    ``entries`` is the log. ``asked`` says of each choice what is not in the log: how it was
    settled and how likely it was. ``world`` is the noise by address under which the same log
    comes out with nothing imposed. ``failed_imposition`` is the documented decision that could no
    longer come out as documented, and why, or None. ``unread`` counts the messages that each actor
    never heard: in its mail, or still on their way when the clock ended. ``took_effect`` names the
    addresses at which a change took effect and the mechanisms that were asked about; of these, and
    of what Nature was asked, also ``... by ACTOR``. ``noise`` is what was drawn, by address and
    label, with its minute; at imposed choices before it was made to fit them.
    """

    scenario: str
    entries: tuple[Entry, ...]
    asked: tuple[Asked, ...]
    weights: Mapping[str, Mapping[str, int]]
    world: World
    failed_imposition: tuple[Imposition, str] | None = field(default=None, kw_only=True)
    unread: Mapping[str, int] = field(factory=dict, kw_only=True)
    took_effect: frozenset[str] = field(default=frozenset(), kw_only=True)
    noise: Mapping[tuple[str, str], tuple[int, int]] = field(factory=dict, kw_only=True)

    def before_minute(self, minute: int) -> int:
        """How many entries lie before a minute."""
        return next((entry.index for entry in self.entries if entry.minute >= minute), len(self.entries))

    def minute_of(self, index: int) -> int:
        """The minute of an entry; ``NEVER`` when the log is shorter."""
        return self.entries[index].minute if index < len(self.entries) else NEVER

    def minute_asked(self, address: str) -> int:
        """The minute in which the choice at ``address`` was made; ``NEVER`` when it was not."""
        return next((asked.at for asked in self.asked if asked.address == address), NEVER)
