"""NegoLog: a folder a domain, with ``profileA.json`` and ``profileB.json`` (Doğru et al. 2024)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from negosim.core.errors import BadValue
from negosim.parts.files.problem import Problem, Profile, normalised, number, one_name_each

if TYPE_CHECKING:
    from collections.abc import Sequence


def is_profile(data: Any) -> bool:
    """Whether plain data is a profile of NegoLog."""
    return isinstance(data, dict) and isinstance(data.get("issueWeights"), dict)


def read_domain(data: Any, what: str = "the NegoLog profile") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The issues that a profile speaks of, in its order."""
    table = data.get("issues") if isinstance(data, dict) else None
    if not isinstance(table, dict) or not all(isinstance(row, dict) for row in table.values()):
        raise BadValue(f"{what}: it has no table 'issues', so it is no profile of NegoLog")
    issues = tuple((name, tuple(row)) for name, row in table.items())
    one_name_each(issues, what)
    return issues


def read_profile(data: Any, issues: Sequence[tuple[str, Sequence[str]]], what: str = "the NegoLog profile") -> Profile:
    """A profile over these issues; the name of the profile is ``what``."""
    weights, table = data.get("issueWeights"), data.get("issues")
    worth = []
    for name, options in issues:
        row = table.get(name) if isinstance(table, dict) else None
        if not isinstance(row, dict) or name not in weights:
            raise BadValue(f"{what}: it says nothing on the issue {name!r}")
        factor = number(weights[name], f"{what}: the weight of {name!r}")
        for option in options:
            if option not in row:
                raise BadValue(f"{what}: issue {name!r} has no value for {option!r}")
        worth.append([factor * number(row[option], f"{what}: {name!r}") for option in options])
    return normalised(what, worth, reservation=number(data.get("reservationValue") or 0, f"{what}: reservationValue"))


def write(problem: Problem) -> dict[str, str]:
    """The problem as NegoLog's two profiles, by file name. Raises BadValue unless there are two."""
    if len(problem.profiles) != 2:
        raise BadValue(f"NegoLog's domains have two profiles; {problem.name!r} has {len(problem.profiles)}")
    files = {}
    for letter, profile in zip("AB", problem.profiles, strict=True):
        data = {
            "reservationValue": profile.reservation,
            "issueWeights": dict(zip((name for name, _ in problem.issues), profile.weights, strict=True)),
            "issues": {
                name: dict(zip(options, values, strict=True))
                for (name, options), values in zip(problem.issues, profile.values, strict=True)
            },
        }
        files[f"profile{letter}.json"] = json.dumps(data, indent=1) + "\n"
    return files
