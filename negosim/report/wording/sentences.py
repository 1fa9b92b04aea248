"""Every event as a sentence: one table, event name to words.

``{by}``, ``{to}`` and ``{about}`` are actors by name, other braces are fields of the event; the
verb stands between stars; a part in square brackets is left out when a field in it is empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.text import Text

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.address import Address
from negosim.core.terms import Terms
from negosim.report.wording.text import ascii_only, clean
from negosim.stores.exports.text import name_isolated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from negosim.core.actors import Actor
    from negosim.core.events import Event
    from negosim.core.time import Calendar

WORDS: Mapping[str, str] = {
    "offered": "{by} *offers* {to}: {terms}",
    "countered": "{by} *counters* to {to}: {terms}",
    "agreed": "{by} *agrees* with {to}: {terms}",
    "conveyed": "{by} *passes on* to {to} an offer by {offerer}: {terms}",
    "ratified": "{by} *ratifies*: {terms}",
    "vetoed": "{by} *vetoes*: {terms}",
    "rejected": "{by} *rejects*: {terms}",
    "withdrawn": "{by} *withdraws* the offer: {terms}",
    "lapsed": "The offer to {to} *lapses*: {terms}",
    "answered-too-late": "{by} *answers too late*: {terms}",
    "promised": "{by} *promises* {to}: {what}[, by {due}]",
    "kept": "{by} *keeps the promise* to {to}: {what}",
    "kept-partly": "{by} *keeps {share} of the promise* to {to}: {what}",
    "broken": "{by} *breaks the promise* to {to}: {what}",
    "released": "{by} *releases* {to} from {what}",
    "settled-too-late": "{by} *acts too late* on the promise to {to}: {what}",
    "mandated": "{by} *gives a mandate* to {to}: {issues}[, until {until}]",
    "ordered": "{by} *instructs* {to}: {what}[, by {proof}]",
    "delivered": "The instruction *reaches* {by}: {what}",
    "believed": "{by} *believes* the instruction: {what}",
    "doubted": "{by} *doubts* the instruction: {what}",
    "obeyed": "{by} *obeys*: {what}",
    "defied": "{by} *defies* the instruction: {what}",
    "announced": "{by} *announces* {action}[: {what}][, for {due}]",
    "due": "{action} *is due*[ on {due}]",
    "called-off": "{by} *calls off* {action}[: {what}]",
    "started": "{by} *starts* {action}[: {what}]",
    "reached": "{by} *reaches* {what} with {action}",
    "ended": "{by} *ends* {action}[: {what}]",
    "ultimatum-put": "{by} *puts an ultimatum* to {to}: {branches}",
    "ultimatum-answered": "{by} *answers the ultimatum* of {to}: {what}",
    "claimed": "{by} *claims* of {about}: {what}",
    "denied": "{by} *denies*: {claim}",
    "said": "{by} *tells* {to}: {what}",
    "stated": "{by} *states*: {what}",
    "requested": "{by} *asks* {to}: {request}",
    "granted": "{by} *grants* {to}: {request}",
    "refused": "{by} *refuses* {to}: {request}",
    "met": "{by} *meets* {to}: {meeting}",
    "suspended": "{by} *suspends* the {channel}",
    "resumed": "{by} *resumes* the {channel}",
    "leaked": "Talks on the {channel} *become known*: {what}",
    "happened": "{by} *acts*: {what}[ (only {to} is told)]",
    "given": "*{what}*[ (only {to} is told)]",
    "chose": "{by} *decides*: {taken}, {address}",
    "lost": "A message to {to} *is lost*",
}
"""The sentence of every event, by its name; some have a second one for a special case."""

_ACTORS = ("by", "to", "about", "through", "offerer")
_DATES = ("due", "until")
_FIELD = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^]]*)\]")
_VERB = re.compile(r"\*([^*]+)\*")


class Wording(Struct, frozen=True):
    """A story's own words: ``answers`` by ``actor.decision`` and slug, ``words`` by slug."""

    answers: Mapping[str, Mapping[str, str]] = {}
    words: Mapping[str, str] = {}

    def of(self, slug: str) -> str:
        """A slug in the story's words, or in plain ones: ``stop-at-once`` becomes ``stop at once``."""
        stem, _, number = slug.rpartition("/")[2].partition("#")
        words = " and ".join(self.words.get(part, words_of(part)) for part in stem.split("+"))
        return words + (f" ({number})" if number else "")


class Speaker(Struct, frozen=True):
    """Puts events into words: knows the actors' names, the calendar, and the story's wording."""

    actors: Mapping[str, Actor]
    calendar: Calendar
    plain: bool = False
    wording: Wording = Wording()

    def name(self, id: str) -> str:
        """An actor's name; in ASCII its id when the name needs other letters."""
        actor = self.actors.get(id)
        if actor is None:
            return words_of(id)
        name = clean(actor.name)
        return id if self.plain and not name.isascii() else name

    def sentence(self, event: Event, style: str = "bold") -> Text:
        """The event as a sentence; the verb carries ``style``."""
        template = WORDS[_case(event)]
        doer = self.actors.get(event.by)
        filled = self._fill(_plural(template) if doer is not None and doer.plural else template, event)
        filled = ascii_only(filled) if self.plain else filled
        filled = re.sub(r"^\*?.", lambda match: match[0].upper(), filled)
        text = Text()
        for place, part in enumerate(_VERB.split(filled)):
            text.append(part, style if place % 2 else "")
        return text

    def _fill(self, template: str, event: Event) -> str:
        def keep(match: re.Match[str]) -> str:
            fields = _FIELD.findall(match[1])
            return match[1] if all(getattr(event, f) not in ("", None) for f in fields) else ""

        wanted = _OPTIONAL.sub(keep, template)
        return _FIELD.sub(lambda match: self._say(event, match[1]), wanted)

    def answer(self, address: str, slug: str) -> str:
        """An answer in the scenario's own words."""
        answers = self.wording.answers.get(Address.of(address).stem, {})
        return clean(answers.get(slug) or self.wording.of(slug))

    def _say(self, event: Event, field: str) -> str:
        """A field's value in words; stars are the template's own and never come from a value."""
        value = getattr(event, field)
        if field in _ACTORS:
            ids = value if isinstance(value, tuple) else (value,)
            return _listed([self._apart(self.name(str(id))) for id in ids])
        if field in _DATES and isinstance(value, int):
            words = day(self.calendar.local(value))
        elif field == "share":
            words = f"{int(str(value)) / 10:.0f} %"
        elif field == "address":
            words = str(value)
        elif isinstance(value, Terms):
            words = self.wording.of(value.slug)
        elif isinstance(event, e.Chose) and field == "taken":
            words = self.answer(event.address, event.taken)
        elif field == "branches" and isinstance(value, tuple):
            words = " or ".join(self.wording.of(branch.name) for branch in value)
        elif isinstance(value, tuple):
            return _listed([self._apart(self.wording.of(str(item))) for item in value])
        else:
            words = self.wording.of(str(value))
        return self._apart(words)

    def _apart(self, words: str) -> str:
        words = clean(words).replace("*", "")
        return words if self.plain else name_isolated(words)


def words_of(slug: str) -> str:
    """A slug as plain words: ``state-doctors`` becomes ``state doctors``."""
    return slug.replace("-", " ").replace("_", " ")


def day(local: datetime) -> str:
    """A date as ``14 Oct``."""
    return f"{local.day} {local:%b}"


def _case(event: Event) -> str:
    if isinstance(event, e.Offered) and event.answers is not None:
        return "countered"
    if isinstance(event, e.Kept) and event.share < 1000:
        return "kept-partly"
    if isinstance(event, e.Announced) and event.by == NATURE.id:
        return "due"
    if isinstance(event, e.Said) and not event.to:
        return "stated"
    if isinstance(event, e.Happened) and event.by == NATURE.id:
        return "given"
    return event.name


def _plural(template: str) -> str:
    """The template for a doer in the plural: ``{by} *tells* {to}`` becomes ``{by} *tell* {to}``."""
    return re.sub(r"(?<=^\{by\} \*)\w+", lambda verb: _bare(verb[0]), template)


def _bare(verb: str) -> str:
    """A verb of the third person singular in the plural: ``denies`` becomes ``deny``."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(("ches", "shes", "sses", "oes")) else verb.removesuffix("s")


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + f" and {items[-1]}"
