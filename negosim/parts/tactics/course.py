"""How a bargaining has gone so far, as one party sees it: what every tactic goes by."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import Factory, define

if TYPE_CHECKING:
    from negosim.parts.preferences import Preferences


@define(kw_only=True)
class Course:
    """One party's course of bargaining; outcomes are places in the domain, times are minutes.

    It belongs to one run: a part makes it when it begins. ``mine`` are the party's own proposals,
    ``theirs`` the others', oldest first; ``asked`` and ``received`` count the different ones.
    ``on_table`` is the proposal that waits for its answer. ``vowed`` is the least it has demanded in
    public, in its own utility.
    """

    preferences: Preferences
    begins: int
    deadline: int
    now: int
    mine: list[int] = Factory(list)
    theirs: list[int] = Factory(list)
    asked: Counter[int] = Factory(Counter)
    received: Counter[int] = Factory(Counter)
    on_table: int | None = None
    vowed: int | None = None

    @property
    def elapsed(self) -> float:
        """The share of the time to the deadline that has passed, 0 to 1."""
        whole = self.deadline - self.begins
        return 1.0 if whole <= 0 else min(max((self.now - self.begins) / whole, 0.0), 1.0)

    @property
    def best(self) -> int:
        """The utility of the best outcome, in millionths; the reservation value if none is acceptable."""
        preferences = self.preferences
        return preferences.utilities[preferences.ranking[0]] if preferences.ranking else preferences.floor

    @property
    def floor(self) -> int:
        """The least utility the party proposes or accepts: the worst acceptable outcome's."""
        preferences = self.preferences
        return preferences.utilities[preferences.ranking[-1]] if preferences.ranking else preferences.floor

    def utility(self, place: int) -> int:
        """An outcome's utility, in millionths, undiscounted."""
        return self.preferences.utilities[place]

    def worth(self, place: int) -> int:
        """An outcome's utility less what agreeing to it would cost before the audience."""
        utility = self.preferences.utilities[place]
        if self.vowed is None or utility >= self.vowed:
            return utility
        return utility - round(self.preferences.audience_cost * 1_000_000)

    def is_acceptable(self, place: int) -> bool:
        """Whether agreeing to an outcome is no worse than no agreement.

        Discounting does not enter: it shrinks the outcome and the reservation value alike.
        """
        return self.worth(place) >= self.preferences.floor

    def proposed(self, place: int, *, openly: bool) -> None:
        """Note an own proposal, made in public or not."""
        self.mine.append(place)
        self.asked[place] += 1
        self.on_table = None
        if openly:
            utility = self.utility(place)
            self.vowed = utility if self.vowed is None else min(self.vowed, utility)

    def heard(self, place: int, *, to_me: bool = True) -> None:
        """Note somebody else's proposal; ``to_me`` says whether this party is to answer it."""
        self.theirs.append(place)
        self.received[place] += 1
        self.on_table = place if to_me else None
