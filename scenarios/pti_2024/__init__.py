"""Government of Pakistan and PTI, October 2024 to January 2025: the talks as a model.

The record beside this file says what is documented; the modules say who wants what, who knows
what and who can deliver. No weight and no delay rests on anything after the clock begins; a note
that names a row of the record says only that the answer was then considered. Nothing that happened
after 2 January 2025 shaped anything here (two reports on the time before are of the 4th).
"""

from __future__ import annotations

from negosim import Aspect, InitialTrust, days
from negosim.stories.authoring import decisions_in, scenario_from_record

from . import committee, december, gate, march, november, october, rounds, sites
from .explanations import EXPLANATIONS
from .invariants import invariants
from .people import ACTORS, CHANNELS, bushra, courts, establishment, gandapur, gohar, government, khan, party, speaker

__all__ = ["invariants", "scenario"]

scenario = scenario_from_record(
    __file__,
    actors=ACTORS,
    channels=CHANNELS,
    cast={
        government: (
            october.government_october, november.government_final_call, gate.government_gate,
            november.government_bail, march.government_in_the_street, december.government_december,
            rounds.government_committee, rounds.government_reads_charter, rounds.hears_of_the_end,
        ),
        establishment: november.establishment_consents,
        khan: (november.khan_decides, november.khan_free),
        party: (
            october.party_october, november.party_reports, committee.party_committee, march.party_accuses,
            december.party_tells_khan, december.party_december, rounds.party_calls_speaker,
            rounds.party_at_the_table, rounds.party_is_refused, rounds.hears_of_the_end, rounds.party_in_winter,
        ),
        gohar: (november.gohar_carries, sites.gohar_sites, november.gohar_appeals, march.gohar_passes_on),
        gandapur: march.gandapur_marches,
        bushra: march.bushra_marches,
        speaker: rounds.speaker_hosts,
        courts: november.courts_bail_again,
    },
    decisions=decisions_in(october, november, committee, gate, sites, march, december, rounds),
    mechanisms={"own-physician-was-assured": True, "majority-can-call-off": False, **march.LINKS},
    accounts=march.ACCOUNTS,
    testimony=march.TESTIMONY,
    happenings=(
        "bailed-again", "clash", "clash-in-october", "clash-in-winter", "doctors-examined-him",
        "organisers-arrested", "re-arrested", "released",
    ),  # fmt: skip
    initial_trust=(
        InitialTrust(government, gohar, Aspect.AUTHORITY, 1000, 1000, note="P1, P3: one rally put off, one march not"),
        InitialTrust(government, khan, Aspect.WILL, 1000, 0, note="P1: in August he postponed a rally on request"),
        InitialTrust(khan, government, Aspect.WILL, 0, 1000, note="P1: the cooperation promised did not come"),
    ),
    explanations=EXPLANATIONS,
    ends=days(152),  # two months beyond the record, for forecasts
)
