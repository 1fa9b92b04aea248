"""What an author of a story uses: a scenario made from its record, rules that hold in every run, first drafts.

    scenario      the scenario of the record beside it: title, clock, zone and words are said once
    invariants    what cannot be in any run, as values: ``Never``, ``AtMostOnce``
    new, draft    ``negosim new``: a folder that runs at once, from the template or from a record
"""

from __future__ import annotations

from negosim.stories.authoring.invariants import AtMostOnce, Events, Never
from negosim.stories.authoring.scenario import ALL, MUCH, SOME, decisions_in, scenario_from_record

__all__ = ["ALL", "MUCH", "SOME", "AtMostOnce", "Events", "Never", "decisions_in", "scenario_from_record"]
