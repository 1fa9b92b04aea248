"""One line per entry, in the words of the story it was played from, if that can be found."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from rich.text import Text

from negosim.core.errors import NegosimError
from negosim.report.terminal.timeline_rows import wording_of
from negosim.report.wording.sentences import Speaker
from negosim.report.wording.text import clean
from negosim.stores.encoding.codec import document

if TYPE_CHECKING:
    from negosim.core.events import Entry, Event
    from negosim.stores.contract import Store


@frozen
class Teller:
    """Tells entries of a store's runs; ``keyed``: with their runs, ``plain``: in ASCII."""

    store: Store
    keyed: bool = False
    plain: bool = False
    _speakers: dict[str, Speaker | None] = field(factory=dict, init=False)

    def line(self, key: str, entry: Entry) -> Text:
        """An entry as a sentence, with its number and its time."""
        run = f"{key[:12]}  " if self.keyed else ""
        speaker = self._speaker(key)
        words, at = sentence(speaker, entry.event), _date(speaker, entry) or f"minute {entry.minute}"
        return Text.assemble(f"{run}{at}  ", words, (f"  #{entry.index}", "dim"))

    def document(self, key: str, entry: Entry) -> dict[str, Any]:
        """An entry as plain values, with its run and, where the story is known, its local time."""
        return {"run": key, "at": _date(self._speaker(key), entry), **document(entry)}

    def _speaker(self, key: str) -> Speaker | None:
        """Who knows the names of a run's story, unless that cannot be found."""
        if key not in self._speakers:
            from negosim.cli.kept_runs import story_of

            try:
                scenario = story_of(self.store, key).scenario
            except NegosimError:
                self._speakers[key] = None
            else:
                self._speakers[key] = Speaker(
                    scenario.table.actors, scenario.calendar, self.plain, wording_of(scenario)
                )
        return self._speakers[key]


_NO_DATE = (OverflowError, ValueError)
"""What a calendar says to minutes beyond the year 9999, which only a foreign log holds."""


def _date(speaker: Speaker | None, entry: Entry) -> str | None:
    with suppress(*_NO_DATE):
        return speaker.calendar.iso(entry.minute) if speaker is not None else None
    return None


def sentence(speaker: Speaker | None, event: Event) -> Text:
    """An event in words; in plain ones where nobody knows the story's, or a date that none is."""
    with suppress(*_NO_DATE):
        if speaker is not None:
            return speaker.sentence(event)
    return Text(clean(f"{event.by}: {event.name} {event.matter[1]}"))
