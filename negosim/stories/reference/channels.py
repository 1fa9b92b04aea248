"""The page on channels; its text is below, read off the code."""

from __future__ import annotations

from attrs import fields

from negosim.core.actors import (
    Actor,
    Channel,
    Kind,
    Role,
    backchannel,
    formal,
    orders,
    public,
    visit,
)
from negosim.stories.reference.page import Page, Rows, call_of, first_sentence, signatures

PAGE = Page(
    topic="channels",
    about="What is said reaches whom its channel reaches, after the channel's delay. Deeds and public events reach "
    "everybody; promises and orders reach those concerned.",
    tables=(
        signatures("Ways to be heard", (backchannel, formal, public, visit, orders)),
        Rows("Kinds", ((", ".join(kind.value for kind in Kind), first_sentence(Kind)),)),
        Rows("A channel's fields", tuple(
            (field.name, f"{field.type}") for field in fields(Channel)
        )),
        Rows("What they mean", (("Channel", " ".join((Channel.__doc__ or "").replace("``", "").split())),)),
        Rows("Actors", (
            (call_of(Actor, leave_out=()), first_sentence(Actor)),
            (", ".join(f"Role.{role.name}" for role in Role), first_sentence(Role)),
        )),
    ),
    example="""
from negosim import Actor, Role, backchannel, hours, public

crown = Actor("crown", "The Crown")
envoy = Actor("envoy", "The envoy", Role.ENVOY, side="crown")
leaders = Actor("leaders", "The guild's leaders", plural=True)
leaky = 100_000  # one message in ten comes out
secret = backchannel("secret", crown, leaders, delay=hours(2), leak=leaky)
assert secret.members == ("crown", "leaders")
assert public().kind.value == "public"
""",
    language="python",
    see=("seat", "events"),
)  # fmt: skip
__doc__ = str(PAGE)
