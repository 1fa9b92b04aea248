"""Options that mean the same in every verb, and the types that say "did you mean"."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from functools import wraps
from math import isnan
from typing import TYPE_CHECKING, Any

import rich_click as click
from typing_extensions import override

from negosim.cli.screen import Screen
from negosim.core.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_JOBS = min(max(16, 4 * (os.cpu_count() or 1)), 61)
"""Processes that a verb may start: four for each processor, and never more than Windows can wait for."""


class Words(click.Choice[str]):
    """One of a few words; a wrong one is answered with the nearest."""

    @override
    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """See ``click.Choice``."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            hint = did_you_mean(str(value), [str(choice) for choice in self.choices])
            self.fail(f"{error.message} {hint}".strip(), param, ctx)


class Real(click.FloatRange):
    """A number in a range; ``nan`` lies in none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """See ``click.FloatRange``."""
        number: float = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return number


def shown(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the options of its output; it is called with a ``Screen`` first."""

    @click.option("--json", is_flag=True, help="Print one JSON document to stdout.")
    @click.option("--ascii", is_flag=True, expose_value=False, help="Use ASCII signs only.")
    @click.option("--no-color", is_flag=True, help="Use no colours; NO_COLOR does the same.")
    @click.option("-q", "--quiet", is_flag=True, help="Show no progress and no notes.")
    @click.option("--debug", is_flag=True, expose_value=False, help="Show an error's traceback.")
    @wraps(verb)
    def shown_verb(*args: Any, json: bool, no_color: bool, quiet: bool, **kwargs: Any) -> Any:
        # --ascii and --debug are read before any verb is known: see negosim.__main__
        screen = Screen(json=json, color=not no_color, quiet=quiet)
        with redirect_stdout(sys.stderr):  # what a story prints is no data
            return verb(screen, *args, **kwargs)

    return shown_verb


def stored(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the option that says where runs are kept."""
    return click.option(
        "--store", metavar="PLACE", default=None,
        help="Where runs are kept; else NEGOSIM_HOME, else the user's data directory.",
    )(verb)  # fmt: skip


def output_option(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the option that says where it writes."""
    return click.option(
        "-o", "--output", metavar="FILE", default="-", show_default=True,
        help="Where to write it; - is stdout.",
    )(verb)  # fmt: skip


def examples(*commands: str) -> str:
    """What stands below a verb's help; a test runs every command."""
    return "\n\n".join(("Examples:", *commands))


def name_argument(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the scenario it is about."""
    return click.argument(
        "name", help="A scenario's name, or the path of its folder.", shell_complete=scenario_names
    )(verb)


def scenario_names(_ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Names of scenarios that begin so, for the shell's completion."""
    from negosim.stories.places import places

    return [name for name in places() if name.startswith(begun)]


def seed_option(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb its seed."""
    return click.option(
        "--seed", type=click.IntRange(0), default=0, show_default=True, help="Random seed."
    )(verb)


def jobs_option(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the number of its processes; bounded, as each takes memory."""
    return click.option(
        "-j", "--jobs", type=click.IntRange(1, MOST_JOBS), default=2, show_default=True,
        help="Number of processes; 1 plays in this one.",
    )(verb)  # fmt: skip


def executor_option(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb other processes than its own, wherever they run."""
    return click.option(
        "--executor", metavar="ADDRESS",
        help="Play on the workers of a Dask scheduler instead, at dask://HOST:PORT; the results are the same.",
    )(verb)  # fmt: skip


def settings(texts: Sequence[str]) -> tuple[Any, ...]:
    """What ``-S actor.attribute=value`` says, as changes. Raises UsageError for a weight set twice."""
    from negosim.sim.interventions import SetWeight

    by_weight: dict[tuple[str, str], SetWeight] = {}
    for setting in map(SetWeight.parse, texts):
        other = by_weight.setdefault((setting.actor, setting.attribute), setting)
        if other is not setting:
            name = f"{setting.actor}.{setting.attribute}"
            raise click.UsageError(f"-S sets {name} twice, to {other.value} and {setting.value}; keep one")
    return tuple(by_weight.values())


def is_key(name: str) -> bool:
    """Whether a name can be the key of a run, or its first digits."""
    return 6 <= len(name) <= 64 and set(name) <= set("0123456789abcdef")
