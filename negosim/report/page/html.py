"""Texts of a story as HTML: escaped, and kept from reordering what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from markupsafe import Markup, escape

from negosim.report.wording.text import clean
from negosim.stores.exports.text import ISOLATED, is_right_to_left

if TYPE_CHECKING:
    from negosim.core.events import Event
    from negosim.report.wording.sentences import Speaker


def isolated(text: object) -> Markup:
    """A text, escaped; its names, or else the whole, isolated where they run from right to left."""
    parts = ISOLATED.split(str(text))
    if len(parts) == 1:
        return _apart(parts[0])
    return Markup("").join(
        _apart(part) if place % 2 else escape(clean(part)) for place, part in enumerate(parts)
    )


def _apart(text: str) -> Markup:
    plain = clean(text)
    return Markup("<bdi>{}</bdi>").format(plain) if is_right_to_left(plain) else escape(plain)


@frozen
class Words:
    """A sentence in parts, plain and emphasised in turn (the first is plain)."""

    parts: tuple[str, ...]

    def __html__(self) -> str:
        """The parts escaped, every second one bold; names that run leftwards isolated."""
        return Markup("").join(
            Markup("<b>{}</b>").format(isolated(part)) if place % 2 else isolated(part)
            for place, part in enumerate(self.parts)
            if part
        )

    def __str__(self) -> str:
        return "".join(self.parts)


def words_in(speaker: Speaker, event: Event) -> Words:
    """The event as a sentence, its verb emphasised."""
    text = speaker.sentence(event, "bold")
    parts, at = [], 0
    for span in text.spans:
        parts += [text.plain[at : span.start], text.plain[span.start : span.end]]
        at = span.end
    return Words((*parts, text.plain[at:]))
