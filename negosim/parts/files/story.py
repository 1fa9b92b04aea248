"""A runnable two-party story made of a bargaining problem, as source text for its author to go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.core.actors import Actor, slug
from negosim.core.errors import BadValue
from negosim.parts.domain import plain_slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negosim.parts.files.problem import Problem
    from negosim.parts.preferences import Preferences

PARTIES = (Actor("first", "First party"), Actor("second", "Second party"))
DAYS = 30
TEMPLATE = '''"""{title}: two parties bargain by alternating offers, for {days} days.

Made of a file of issues and profiles. Each issue's options are the first party's to deliver; change the
owners, the channel, the tactics and the pace to what your history tells.
"""

from __future__ import annotations

from datetime import datetime

from negosim import Actor, Between, Calendar, Issue, Scenario, Weight, backchannel, days, hours
from negosim.parts.domain import Domain
from negosim.parts.preferences import Preferences
from negosim.parts.protocols.stacked import negotiator
from negosim.parts.tactics.bidding import bidding
from negosim.parts.tactics.time_dependent import boulware, conceder

first = Actor("first", "First party")
second = Actor("second", "Second party")
talks = backchannel("talks", first, second, delay=hours(1))
DEADLINE = days({days})

{issues}

domain = Domain("{name}", ({issue_names}))

first_wants = {first}

second_wants = {second}

# Both tactics are reasons of every turn; the weights say which one a party follows, and how strictly.
TACTICS = {{"late": boulware(considerate=True), "early": conceder(considerate=True)}}
PACE = Between(hours(2), hours(24), "a working day for an answer")
first_bids = bidding(first, first_wants, TACTICS, pace=PACE)
second_bids = bidding(second, second_wants, TACTICS, pace=PACE)
FOLLOWED = Weight(8000, 1000, "mostly followed")
HARDLY = Weight(2000, 1000, "followed now and then")

scenario = Scenario(
    name="{name}",
    title="{title}",
    calendar=Calendar(datetime(2024, 1, 1), "UTC"),
    ends=DEADLINE + days(1),
    actors=(first, second),
    channels=(talks,),
    cast={{
        bids.actor: (negotiator(bids, (first, second), via=talks, deadline=DEADLINE),)
        for bids in (first_bids, second_bids)
    }},
    decisions=(first_bids, second_bids),
    weights={{
        first: {{"late": FOLLOWED, "early": HARDLY}},
        second: {{"late": FOLLOWED, "early": HARDLY}},
    }},
    words={{option.slug: option.value for issue in domain.issues for option in issue}},
)
'''


def story_files(problem: Problem, name: str, title: str = "") -> dict[str, str]:
    """The files of a story called ``name`` over a problem, by file name: ``__init__.py``.

    It plays at once: each party mixes a late and an early conceder. A profile's discount factor for the
    whole negotiation becomes one a day. Names and words of the problem enter the source as string
    literals only. Raises BadValue unless the problem has at least two profiles; further ones are left
    out.
    """
    if len(problem.profiles) < 2:
        raise BadValue(f"{problem.name!r} has {len(problem.profiles)} profile(s); a story of two parties needs two")
    first, second, *_ = problem.preferences(PARTIES[0], days=DAYS)
    issues = first.domain.issues
    text = TEMPLATE.format(
        name=plain_slug(name), title=_one_line(title or name), days=DAYS,
        issues="\n\n".join(_issue(issue.__name__, [(x.name, str(x.value)) for x in issue]) for issue in issues),
        issue_names=", ".join(issue.__name__ for issue in issues) + "," * (len(issues) == 1),
        first=_preferences(first), second=_preferences(second),
    )  # fmt: skip
    return {"__init__.py": text}


def _issue(name: str, options: Iterable[tuple[str, str]]) -> str:
    lines = [f'    {member} = "{_one_line(words)}"' for member, words in options]
    return "\n".join([f"class {name}(Issue, owner=first):", *lines, ""])


def _preferences(wants: Preferences) -> str:
    """The constructor's call, a line an issue."""
    issues = wants.domain.issues
    weights = "".join(f"        {issue.__name__}: {_number(wants.weights[issue])},\n" for issue in issues)
    values = "".join(
        f"        {issue.__name__}.{option.name}: {_number(wants.values[option])},\n"
        for issue in issues
        for option in issue
    )
    return (
        f"Preferences(\n    domain,\n    {{\n{weights}    }},\n    {{\n{values}    }},\n"
        f"    reservation={_number(wants.reservation)},\n    discount={wants.discount!r},\n)"
    )


def _number(share: float) -> float:
    """As exact as ``Preferences`` takes it: in millionths."""
    return round(share, 6)


def _one_line(text: str) -> str:
    """Text without quotes, backslashes and line breaks, so that it is safe in a docstring too."""
    return " ".join("".join(x if x.isprintable() and x not in "\"\\'" else " " for x in text).split()) or slug("story")
