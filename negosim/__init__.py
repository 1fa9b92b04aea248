"""negosim: a documented negotiation, played as a model and kept as evidence.

The map, from the inside out; each floor knows only those before it:

    core       pure values and rules: actors, terms, moves, events, ``evolve``, ``decide``, views
    record     the documented history: facts with sources and dates, read from TOML
    sim        the only floor that knows SimPy: seats, choices, chance, ``play``
    stores     where runs are kept: memory, SQLite, PostgreSQL behind one contract
    lab        questions asked of many runs: ``replay``, ``check``
    report     what people see: timelines, tables, trees
    testing    strategies and contracts for the tests of others
    cli        the verbs of ``negosim``

A story imports what it needs from here:

    from negosim import Actor, Decision, Scenario, load, play, replay

A name is imported when it is first used, so that ``import negosim`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negosim.core.actors import (
        NATURE,
        Actor,
        Channel,
        Role,
        backchannel,
        formal,
        orders,
        public,
        visit,
    )
    from negosim.core.errors import NegosimError
    from negosim.core.events import Entry, Event
    from negosim.core.rules import decide
    from negosim.core.talks import Talks, evolve, fold
    from negosim.core.terms import Issue, Terms
    from negosim.core.time import Calendar, days, hours, minutes
    from negosim.core.trust import Aspect
    from negosim.core.views import View
    from negosim.lab.comparison.model_comparison import rivals
    from negosim.lab.counterfactual.whatif import whatif
    from negosim.lab.ensembles.study import Study
    from negosim.lab.ensembles.study_file import open_study
    from negosim.lab.forecast.forecast import forecast
    from negosim.lab.forecast.turning_points import turning_points
    from negosim.lab.replay.replay import replay
    from negosim.lab.replay.results import Replay
    from negosim.record.load import load_record
    from negosim.record.model import Fact, Record
    from negosim.report.display import Display
    from negosim.sim.chance import Imposing, Imposition, Prior, World
    from negosim.sim.changes import Decide, SetWeight
    from negosim.sim.decisions import Choice, Decision, Weight, because
    from negosim.sim.delays import Between, Pace
    from negosim.sim.play import Run, play
    from negosim.sim.scenario import Given, Play, Scenario, Standing, Testimony
    from negosim.sim.seat import Seat
    from negosim.stores.location import open_store
    from negosim.stories.loading import Story, load
    from negosim.stories.questions import questions_of

_HOMES = {
    "core.actors": ("NATURE", "Actor", "Channel", "Role", "backchannel", "formal", "orders", "public", "visit"),
    "core.errors": ("NegosimError",),
    "core.events": ("Entry", "Event"),
    "core.rules": ("decide",),
    "core.talks": ("Talks", "evolve", "fold"),
    "core.terms": ("Issue", "Terms"),
    "core.time": ("Calendar", "days", "hours", "minutes"),
    "core.trust": ("Aspect",),
    "core.views": ("View",),
    "lab.forecast.forecast": ("forecast",),
    "lab.ensembles.study_file": ("open_study",),
    "stories.loading": ("Story", "load"),
    "stories.questions": ("questions_of",),
    "lab.replay.replay": ("replay",),
    "lab.replay.results": ("Replay",),
    "lab.comparison.model_comparison": ("rivals",),
    "lab.forecast.turning_points": ("turning_points",),
    "lab.counterfactual.whatif": ("whatif",),
    "lab.ensembles.study": ("Study",),
    "record.load": ("load_record",),
    "record.model": ("Fact", "Record"),
    "report.display": ("Display",),
    "sim.chance": ("Imposing", "Imposition", "Prior", "World"),
    "sim.changes": ("Decide", "SetWeight"),
    "sim.decisions": ("Choice", "Decision", "Weight", "because"),
    "sim.delays": ("Between", "Pace"),
    "sim.play": ("Run", "play"),
    "sim.scenario": ("Given", "Play", "Scenario", "Standing", "Testimony"),
    "sim.seat": ("Seat",),
    "stores.location": ("open_store",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "NATURE",
    "Actor",
    "Aspect",
    "Between",
    "Calendar",
    "Channel",
    "Choice",
    "Decide",
    "Decision",
    "Display",
    "Entry",
    "Event",
    "Fact",
    "Given",
    "Imposing",
    "Imposition",
    "Issue",
    "NegosimError",
    "Pace",
    "Play",
    "Prior",
    "Record",
    "Replay",
    "Role",
    "Run",
    "Scenario",
    "Seat",
    "SetWeight",
    "Standing",
    "Story",
    "Study",
    "Talks",
    "Terms",
    "Testimony",
    "View",
    "Weight",
    "World",
    "backchannel",
    "because",
    "days",
    "decide",
    "evolve",
    "fold",
    "forecast",
    "formal",
    "hours",
    "load",
    "load_record",
    "minutes",
    "open_store",
    "open_study",
    "orders",
    "play",
    "public",
    "questions_of",
    "replay",
    "rivals",
    "turning_points",
    "visit",
    "whatif",
]


def __getattr__(name: str) -> object:
    """The name, imported from its home at its first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'negosim' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"negosim.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """What there is, for completion."""
    return sorted({*globals(), *__all__})
