"""Government of Pakistan and PTI, October 2024 to January 2025: the talks as a model.

The record beside this file says what is documented; the modules say who wants what, who knows
what and who can deliver. No weight and no delay rests on anything after the clock begins; a note
that names a row of the record says only that the answer was then considered. Nothing that happened
after 2 January 2025 shaped anything here (two reports on the time before are of the 4th).
"""

from __future__ import annotations

from datetime import datetime

from negosim import Aspect, Calendar, InitialTrust, Scenario, days

from . import committee, december, gate, march, november, october, sites
from .explanations import EXPLANATIONS
from .people import (
    ACTORS,
    CHANNELS,
    WEIGHTS,
    WORDS,
    bushra,
    establishment,
    gandapur,
    gohar,
    government,
    khan,
    party,
    speaker,
)

GIVENS = (
    "summit", "visits-banned", "visits-resume", "plea-refused", "bushra-bailed", "khan-bailed",
    "march-ruled-unlawful", "belarus-visit", "first-visit-after", "military-sentences", "remissions",
)  # fmt: skip
"""What the record feeds in; the parts of this story hear some of it."""

scenario = Scenario(
    name="pti-2024",
    title="Government of Pakistan and PTI, October 2024 to January 2025",
    calendar=Calendar(datetime(2024, 10, 4), "Asia/Karachi"),
    ends=days(93),
    actors=ACTORS,
    channels=CHANNELS,
    cast={
        government: (
            october.government_october,
            november.government_final_call,
            gate.government_gate,
            november.government_bail,
            march.government_in_the_street,
            december.government_december,
            december.government_committee,
        ),
        establishment: (november.establishment_consents,),
        khan: (november.khan_final_call, november.khan_free, december.khan_december),
        party: (
            october.party_october,
            november.party_reports,
            committee.party_committee,
            march.party_accuses,
            december.party_tells_khan,
            december.party_december,
            december.party_calls_speaker,
            december.party_at_the_table,
        ),
        gohar: (november.gohar_carries, sites.gohar_sites, november.gohar_appeals, march.gohar_passes_on),
        gandapur: (march.gandapur_marches,),
        bushra: (march.bushra_marches,),
        speaker: (december.speaker_hosts,),
    },
    decisions=tuple(
        decision
        for part in (october, november, committee, gate, sites, march, december)
        for decision in part.DECISIONS
    ),
    weights=WEIGHTS,
    mechanisms={"own-physician-was-assured": True, "majority-can-call-off": False, **march.LINKS},
    accounts=march.ACCOUNTS,
    testimony=march.TESTIMONY,
    happenings=(
        "clash", "clash-in-october", "doctors-examined-him", "organisers-arrested", "re-arrested",
        "released", *GIVENS,
    ),  # fmt: skip
    initial_trust=(
        InitialTrust(government, gohar, Aspect.AUTHORITY, 1000, 1000, "P1, P3: one rally put off, one march not"),
        InitialTrust(government, khan, Aspect.WILL, 1000, 0, "P1: in August he postponed a rally on request"),
        InitialTrust(khan, government, Aspect.WILL, 0, 1000, "P1: the cooperation promised in August did not come"),
    ),
    explanations=EXPLANATIONS,
    words=WORDS,
)
