"""One line per entry, in the words of the story it was played from, if that can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from rich.text import Text

from negosim.core.errors import NegosimError
from negosim.report.text import clean
from negosim.report.words import Speaker
from negosim.stores.codec import document

if TYPE_CHECKING:
    from negosim.core.events import Entry
    from negosim.stores.contract import Store


@frozen
class Teller:
    """Tells entries of a store's runs; ``keyed``: each line begins with its run."""

    store: Store
    keyed: bool = False
    _speakers: dict[str, Speaker | None] = field(factory=dict, init=False)

    def line(self, key: str, entry: Entry) -> Text:
        """An entry as a sentence, with its number and its time."""
        speaker = self._speaker(key)
        run = f"{key[:12]}  " if self.keyed else ""
        at, said = _plainly(entry) if speaker is None else _told(speaker, entry)
        return Text.assemble(f"{run}{at}  ", said, (f"  #{entry.index}", "dim"))

    def document(self, key: str, entry: Entry) -> dict[str, Any]:
        """An entry as plain values, with its run and, where the story is known, its local time."""
        speaker = self._speaker(key)
        at = None if speaker is None else _told(speaker, entry)[0]
        return {"run": key, "at": at, **document(entry)}

    def _speaker(self, key: str) -> Speaker | None:
        if key not in self._speakers:
            from negosim.cli.keeping import story_of

            try:
                scenario = story_of(self.store, key).scenario
            except NegosimError:
                self._speakers[key] = None
            else:
                self._speakers[key] = Speaker(scenario.table.actors, scenario.calendar)
        return self._speakers[key]


def _told(speaker: Speaker, entry: Entry) -> tuple[str, Text]:
    """When and what; plainly for minutes that have no date, which only a foreign log holds."""
    try:
        return speaker.calendar.iso(entry.minute), speaker.sentence(entry.event)
    except (OverflowError, ValueError):
        return _plainly(entry)


def _plainly(entry: Entry) -> tuple[str, Text]:
    event = entry.event
    return f"minute {entry.minute}", Text(clean(f"{event.by}: {event.name} {event.matter[1]}"))
