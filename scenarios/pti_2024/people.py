"""Who is at the table, how they can be heard, and what can be on it."""

from __future__ import annotations

from negosim import Actor, Issue, Role, backchannel, formal, hours, minutes, orders, public, visit

# ── the government's side ───────────────────────────────────────────────────────────────────────

government = Actor("government", "Government", about="prime minister, cabinet and their negotiators")
interior = Actor("interior", "Mohsin Naqvi", Role.ENVOY, side="government", about="interior minister")
information = Actor("information", "Attaullah Tarar", Role.ENVOY, side="government", about="spokesman")
sanaullah = Actor("sanaullah", "Rana Sanaullah", Role.ENVOY, side="government", about="PM's adviser")
siddiqui = Actor("siddiqui", "Irfan Siddiqui", Role.ENVOY, side="government", about="committee spokesman")
minister = Actor("minister", "a minister", Role.ENVOY, side="government", about="not named in the report")
official = Actor("official", "an official", Role.ENVOY, side="government", about="not named in the report")
establishment = Actor("establishment", "Establishment", Role.VETO_PLAYER, about="not at the table")

# ── PTI's side ──────────────────────────────────────────────────────────────────────────────────

khan = Actor("khan", "Imran Khan", about="founder, in Adiala jail; learns what visitors tell him")
party = Actor("party", "PTI", about="the party's leaders outside jail, acting in committee")
gohar = Actor("gohar", "Gohar Ali Khan", Role.ENVOY, side="khan", about="chairman; envoy to the founder")
gandapur = Actor("gandapur", "Ali Amin Gandapur", Role.ENVOY, side="khan", about="KP chief minister")
saif = Actor("saif", "Barrister Saif", Role.ENVOY, side="khan", about="KP adviser")
bushra = Actor("bushra", "Bushra Bibi", Role.FIELD_LEADER, side="khan", about="the founder's wife")
akram = Actor("akram", "Sheikh Waqas Akram", Role.ENVOY, side="party", about="spokesman")
aleema = Actor("aleema", "Aleema Khan", Role.ENVOY, side="khan", about="the founder's sister")
ayub = Actor("ayub", "Omar Ayub", Role.ENVOY, side="party", about="heads PTI's committee")
qaiser = Actor("qaiser", "Asad Qaiser", Role.ENVOY, side="party", about="committee member")
raza = Actor("raza", "Hamid Raza", Role.ENVOY, side="party", about="committee member")
senior_leader = Actor("senior-leader", "a senior PTI leader", Role.ENVOY, side="party", about="not named")

# ── others ──────────────────────────────────────────────────────────────────────────────────────

speaker = Actor("speaker", "Ayaz Sadiq", Role.FACILITATOR, about="Speaker of the National Assembly")
courts = Actor("courts", "Courts", about="their rulings are givens here")
convoy = Actor("convoy", "the convoy", Role.FIELD_LEADER, side="khan", about="the marchers")
press = Actor("press", "the press", about="reports")

ACTORS = (
    government, interior, information, sanaullah, siddiqui, minister, official, establishment,
    party, khan, gohar, gandapur, saif, bushra, akram, aleema, ayub, qaiser, raza, senior_leader,
    speaker, courts, convoy, press,
)  # fmt: skip

# ── what is announced ───────────────────────────────────────────────────────────────────────────

PROTEST, FINAL_CALL, DISOBEDIENCE = "october-protest", "final-call", "civil-disobedience"
WINTER_MARCH, LIMIT = "winter-march", "limit-of-the-talks"

# ── channels ────────────────────────────────────────────────────────────────────────────────────

LEAK = 100_000
"""Hazard in millionths per secret meeting: one in ten comes out (author; theory, leaks)."""

back = backchannel(
    "backchannel", government, interior, minister, official, party, gohar, senior_leader,
    delay=minutes(30), leak=LEAK,
)  # fmt: skip
table = formal("formal", speaker, government, party)
prison = visit("visit", khan, gohar, gandapur, saif, party, government, gate=government, gated=(gohar, party))
field = orders("field", khan, gohar, gandapur, bushra, delay=minutes(5))

lawyers = visit("lawyers", khan, party, gate=government, gated=(government,), delay=hours(12))
"""News through lawyers and family, in jail (courts protect their visits) or at home; half a day."""

council = orders("council", government, establishment, delay=hours(2))
"""Where the government asks those whose consent it needs (P16)."""

street = public(*(actor for actor in ACTORS if actor is not khan), delay=minutes(10))
"""What everybody hears but the founder: his cell gets no news (P33)."""

CHANNELS = (back, table, street, prison, lawyers, field, council)


# ── issues: options from least to most ──────────────────────────────────────────────────────────


class Doctor(Issue, owner=government):
    """Who may examine the prisoner."""

    STATE_DOCTORS = "doctors of the state hospital PIMS examine him"
    OWN_PHYSICIAN = "his own physician examines him too"


class Protest(Issue, owner=party):
    """What becomes of the October protest."""

    CANCELLED = "the protest of the summit day is called off"


class March(Issue, owner=khan):
    """What becomes of the November march."""

    STOP_IN_KP = "it stays in Khyber Pakhtunkhwa, or is short"
    STOP_AT_PESHAWAR_MORR = "it ends at Peshawar Morr"
    STOP_AT_SANGJANI = "it ends at Sangjani, outside the city"
    POSTPONED = "it is put off"


class Relief(Issue, owner=government):
    """What the government would do for the prisoners."""

    TALKS = "talks on relief begin once the march is off"
    DETAINEES = "some under-trial detainees are freed"
    RELEASE = "the founder is released at once"


class Inquiry(Issue, owner=government):
    """What the formal talks are asked for."""

    TWO_DEMANDS = "detainees freed and a judicial inquiry into 9 May and 26 November"


# ── what they want: the default prior for every weight ───────────────────────────────────────────
# calm: unrest avoided. price: what is given away (negative). credit: can and will they deliver.
# relief: prisoners' lot. leverage: pressure gained. danger: repression risked (negative).
# freedom: nearer to release. face: no public retreat (theory: audience costs, Fearon 1994).
# duty: serving the founder's cause. cause: pressing on. proof: word that is really the founder's.
