"""A bargaining problem as a file has it: issues by name, and the parties' profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from negosim.core.errors import BadValue
from negosim.parts.domain import Domain, issue_of, plain_slug
from negosim.parts.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.actors import Actor


@frozen
class Profile:
    """One party's additive utility: a weight an issue, a value an option, all in 0 to 1.

    ``reservation`` is the utility of no agreement; ``discount`` multiplies the utility of what is agreed
    at the very end of the negotiation, and its power t that of an agreement at share t of the time.
    """

    name: str
    weights: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    reservation: float = 0.0
    discount: float = 1.0


@frozen
class Problem:
    """``issues`` are names with the names of their options; every profile speaks of all of them."""

    name: str
    issues: tuple[tuple[str, tuple[str, ...]], ...]
    profiles: tuple[Profile, ...] = field()

    @profiles.validator
    def _fit_the_issues(self, _: object, value: tuple[Profile, ...]) -> None:
        sizes = [len(options) for _, options in self.issues]
        for profile in value:
            if [len(values) for values in profile.values] != sizes or len(profile.weights) != len(sizes):
                raise BadValue(f"profile {profile.name!r} does not fit the issues of {self.name!r}")

    def preferences(self, owner: Actor, *, days: float = 1.0) -> tuple[Preferences, ...]:
        """Each profile as preferences over one domain, whose options all are ``owner``'s to deliver.

        ``days`` is how long the negotiation may last; the profiles' discount factor is for all of it.
        """
        issues = tuple(issue_of(name, options, owner) for name, options in self.issues)
        domain = Domain(plain_slug(self.name), issues)
        return tuple(
            Preferences(
                domain=domain,
                weights=dict(zip(issues, profile.weights, strict=True)),
                values={
                    option: worth
                    for issue, values in zip(issues, profile.values, strict=True)
                    for option, worth in zip(issue, values, strict=True)
                },
                reservation=profile.reservation,
                discount=profile.discount ** (1 / days),
            )
            for profile in self.profiles
        )


def normalised(
    name: str, worth: Sequence[Sequence[float]], *, constant: float = 0.0, reservation: float | None = None,
    discount: float = 1.0,
) -> Profile:  # fmt: skip
    """A profile from what each option adds to the utility, on whatever scale.

    Where the sums lie in 0 to 1 already they stay as they are; else they are shifted and stretched so that
    the worst outcome is worth 0 and the best 1, and the reservation value with them. No solution that is
    used here, except the egalitarian and the utilitarian, depends on the scale. A reservation value that
    is not given is that of the worst outcome; one outside the scale is moved to its end.
    """
    lows, highs = [min(row) for row in worth], [max(row) for row in worth]
    least, most = constant + sum(lows), constant + sum(highs)
    if min(lows) >= 0 and constant == 0 and most <= 1 + 1e-9:
        return _with_weights(name, worth, highs, reservation or 0.0, discount)
    span = most - least
    if span <= 0:
        raise BadValue(f"profile {name!r} values all outcomes alike; there is nothing to bargain for")
    rows = [[(x - low) / span for x in row] for row, low in zip(worth, lows, strict=True)]
    floor = 0.0 if reservation is None else (reservation - least) / span
    return _with_weights(name, rows, [max(row) for row in rows], floor, discount)


def _with_weights(
    name: str, worth: Sequence[Sequence[float]], highs: Sequence[float], reservation: float, discount: float
) -> Profile:
    """Split each issue's contributions into a weight and values; weights sum to 1.

    Where the best outcome is worth less than 1, what is missing is given to the first issue's weight, and
    its values are lowered to match, so that no utility changes.
    """
    weights = list(highs)
    weights[0] += 1 - sum(highs)
    values = tuple(
        tuple(x / weight if weight > 0 else 0.0 for x in row) for row, weight in zip(worth, weights, strict=True)
    )
    return Profile(name, tuple(weights), values, min(max(reservation, 0.0), 1.0), discount)


def number(value: object, what: str) -> float:
    """A finite number of a file. Raises BadValue, naming ``what``, for anything else."""
    try:
        parsed = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise BadValue(f"{what} is {value!r}, which is no number") from None
    if parsed != parsed or parsed in (float("inf"), float("-inf")):
        raise BadValue(f"{what} is {value!r}, which is no finite number")
    return parsed


def one_name_each(issues: Sequence[tuple[str, Sequence[str]]], what: str) -> Mapping[str, Sequence[str]]:
    """The issues by name. Raises BadValue when a name occurs twice or an issue has no option."""
    by_name = dict(issues)
    if len(by_name) < len(issues) or not issues:
        raise BadValue(f"{what}: issues need names of their own, at least one of them")
    for name, options in issues:
        if not options or len(set(options)) < len(options):
            raise BadValue(f"{what}: issue {name!r} needs options of different names, at least one")
    return by_name
