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
        if speaker is None:
            said = Text(clean(f"{entry.event.by}: {entry.event.name} {entry.event.matter[1]}"))
            return Text.assemble(f"{run}minute {entry.minute}  ", said, (f"  #{entry.index}", "dim"))
        local = speaker.calendar.local(entry.minute)
        said = speaker.sentence(entry.event)
        return Text.assemble(f"{run}{local:%Y-%m-%d %H:%M}  ", said, (f"  #{entry.index}", "dim"))

    def document(self, key: str, entry: Entry) -> dict[str, Any]:
        """An entry as plain values, with its run and, where the story is known, its local time."""
        speaker = self._speaker(key)
        at = None if speaker is None else speaker.calendar.iso(entry.minute)
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
