"""A small table to test at: two camps with an envoy each, a go-between, and one of each channel."""

from __future__ import annotations

from negosim.core.actors import (
    NATURE,
    Actor,
    Role,
    backchannel,
    formal,
    orders,
    public,
    visit,
)
from negosim.core.terms import Issue
from negosim.core.views import Table

ANN = Actor("ann", "Ann")
BOB = Actor("bob", "Bob")
EVE = Actor("eve", "Eve", Role.ENVOY, side="ann")
MAX = Actor("max", "Max", Role.ENVOY, side="bob")
VETO = Actor("vera", "Vera", Role.VETO_PLAYER)
ACTORS = (ANN, BOB, EVE, MAX, VETO)

QUIET = backchannel("quiet", ANN, BOB, EVE, MAX, delay=30)
HALL = formal("hall", ANN, BOB, EVE, MAX, VETO, delay=5)
STREET = public(id="street", delay=10)
PRISON = visit("prison", ANN, BOB, EVE, MAX, gate=BOB, gated=(EVE,))
LINE = orders("line", ANN, EVE, BOB, MAX, delay=60)
CHANNELS = (QUIET, HALL, STREET, PRISON, LINE)

TABLE = Table((*ACTORS, NATURE), CHANNELS)


class Truce(Issue, owner=ANN):
    """What Ann would deliver."""

    DAY = "a day without shots"
    WEEK = "a week without shots"


class Grain(Issue, owner=BOB):
    """What Bob would deliver."""

    CART = "one cart of grain"
    SHIP = "a ship of grain"
