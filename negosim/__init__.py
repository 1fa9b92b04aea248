"""negosim: a documented negotiation, played as a model and kept as evidence.

The map, from the inside out; each floor knows only those before it:

    core        values and rules: actors, terms, moves, events, ``evolve``, ``decide``, views
    record      the documented history: facts with sources and dates, read from TOML
    sim         playing: seats, decisions, chance, interventions, ``play``
    stores      where runs are kept: memory, SQLite, PostgreSQL behind one contract
    inference   conditioning a model on its record: the filter
    stories     folders with a record and a scenario: loading, validation, questions
    lab         the questions: replay, counterfactual, forecast, comparison, ensembles, calibration
    report      what people see: sentences, screens, the page
    testing     laws, strategies and contracts for the tests of others
    cli         the verbs of ``negosim``

What a story or a script needs is here; the rest stands under its own package:

    from negosim import Actor, Decision, Scenario, load, play, replay

A name is imported when it is first used, so that ``import negosim`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negosim.core import events as events
    from negosim.core.actors import (
        NATURE as NATURE,
    )
    from negosim.core.actors import (
        Actor as Actor,
    )
    from negosim.core.actors import (
        Channel as Channel,
    )
    from negosim.core.actors import (
        Role as Role,
    )
    from negosim.core.actors import (
        backchannel as backchannel,
    )
    from negosim.core.actors import (
        formal as formal,
    )
    from negosim.core.actors import (
        orders as orders,
    )
    from negosim.core.actors import (
        public as public,
    )
    from negosim.core.actors import (
        visit as visit,
    )
    from negosim.core.errors import NegosimError as NegosimError
    from negosim.core.terms import Issue as Issue
    from negosim.core.terms import Terms as Terms
    from negosim.core.time import (
        Calendar as Calendar,
    )
    from negosim.core.time import (
        days as days,
    )
    from negosim.core.time import (
        hours as hours,
    )
    from negosim.core.time import (
        minutes as minutes,
    )
    from negosim.core.trust import Aspect as Aspect
    from negosim.core.views import View as View
    from negosim.lab.counterfactual.whatif import whatif as whatif
    from negosim.lab.forecast.forecast import forecast as forecast
    from negosim.lab.replay.replay import replay as replay
    from negosim.sim.chance import Prior as Prior
    from negosim.sim.decisions import (
        Choice as Choice,
    )
    from negosim.sim.decisions import (
        Decision as Decision,
    )
    from negosim.sim.decisions import (
        Weight as Weight,
    )
    from negosim.sim.decisions import (
        because as because,
    )
    from negosim.sim.delays import Between as Between
    from negosim.sim.delays import Pace as Pace
    from negosim.sim.interventions import Decide as Decide
    from negosim.sim.play import play as play
    from negosim.sim.scenario import (
        Scenario as Scenario,
    )
    from negosim.sim.scenario import (
        Testimony as Testimony,
    )
    from negosim.sim.seat import Seat as Seat
    from negosim.sim.setting import InitialTrust as InitialTrust
    from negosim.sim.waiting import Play as Play
    from negosim.stories.authoring.scenario import scenario_from_record as scenario_from_record
    from negosim.stories.loading import load as load

_HOMES = {
    "core": "events",
    "core.actors": "NATURE Actor Channel Role backchannel formal orders public visit",
    "core.errors": "NegosimError",
    "core.terms": "Issue Terms",
    "core.time": "Calendar days hours minutes",
    "core.trust": "Aspect",
    "core.views": "View",
    "lab.counterfactual.whatif": "whatif",
    "lab.forecast.forecast": "forecast",
    "lab.replay.replay": "replay",
    "sim.chance": "Prior",
    "sim.decisions": "Choice Decision Weight because",
    "sim.delays": "Between Pace",
    "sim.interventions": "Decide",
    "sim.play": "play",
    "sim.scenario": "Scenario Testimony",
    "sim.seat": "Seat",
    "sim.setting": "InitialTrust",
    "sim.waiting": "Play",
    "stories.authoring.scenario": "scenario_from_record",
    "stories.loading": "load",
}
"""The front door, for when the program runs; a test holds it to the imports above."""
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME, key=lambda name: (not name.isupper(), not name[0].isupper(), name))  # noqa: PLE0605


def __getattr__(name: str) -> object:
    """The name, imported from its home at its first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'negosim' has no attribute {name!r}")
    from importlib import import_module

    home = import_module(f"negosim.{_HOME[name]}")
    value: object = getattr(home, name, None) or import_module(f"{home.__name__}.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """What there is, for completion."""
    return sorted({*globals(), *__all__})
