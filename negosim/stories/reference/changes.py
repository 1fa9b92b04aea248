"""The page on changes; its text is below, read off the syntax."""

from __future__ import annotations

from negosim.stories.intervention_syntax import FORMS, MEANINGS
from negosim.stories.reference.page import Page, Rows

PAGE = Page(
    topic="changes",
    about="A change is one line of text: in questions.toml, after --do and after --change. A DATE is one of negosim "
    "help time. Where an ADDRESS or the DATE after from stands, a moment may stand: first EVENT via CHANNEL "
    "after DATE.",
    tables=(
        Rows("How each is written", (
            ("ADDRESS=ALTERNATIVE", "decide otherwise"),
            *((form, MEANINGS[verb]) for verb, form in FORMS.items()),
        )),
    ),
    example="""
crown.respond[strike]=wait
weight guild.pride=3000
close secret from 1724-03-03
delay secret 2 days
move toll-raised 1724-03-02
remove guild
""",
    language="changes",
    see=("questions", "time"),
)  # fmt: skip
__doc__ = str(PAGE)
