"""Figures in few characters: shares, scores, dates and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from negosim.inference.estimates import EFFECTIVE_MIN, ROUGH_BELOW
from negosim.report.colours import GREEN
from negosim.report.wording.sentences import day

if TYPE_CHECKING:
    from negosim.core.time import Calendar

NONE = "-"


def share(value: float | None) -> str:
    """A share in 0..1 as ``.81``; ``-`` where there is none."""
    return NONE if value is None else f"{value:.2f}".removeprefix("0")


def score(value: float | None) -> str:
    """A sum of natural logarithms, to two digits behind the point."""
    return NONE if value is None else f"{value:.2f}"


def signed(thousandths: float) -> str:
    """A part of a utility as ``+1.42``."""
    return f"{thousandths / 1000:+.2f}"


def date(calendar: Calendar, minute: int | None) -> str:
    """A minute as ``14 Oct``; empty for none."""
    return "" if minute is None else day(calendar.local(minute))


def dates(calendar: Calendar, earliest: int | None, latest: int | None) -> str:
    """An interval: ``14-15 Oct``, ``30 Nov-2 Dec``, ``by 4 Jan``, ``from 5 Oct``; more than a year, ``1985-1990``."""
    if earliest is None or latest is None:
        only = date(calendar, earliest if latest is None else latest)
        return f"{'from' if latest is None else 'by'} {only}" if only else "open"
    first, last = calendar.local(earliest), calendar.local(latest)
    if first.date() == last.date():
        return day(first)
    if (last - first).days > 365:
        return f"{first.year}-{last.year}"
    same = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if same else day(first)}-{day(last)}"


def many(count: int, word: str) -> str:
    """How many of something: ``1 story``, ``2 stories``."""
    plural = word.removesuffix("y") + "ies" if word.endswith("y") else f"{word}s"
    return f"{count} {word if count == 1 else plural}"


def draws(effective: float) -> str:
    """How many effective draws, whole ones and at least the one that is there: ``46 effective draws``."""
    return many(max(int(effective), 1), "effective draw")


def sureness(effective: float) -> str:
    """What so few effective draws are good for, after their number; empty for enough of them."""
    if effective < EFFECTIVE_MIN:
        return ": too few to rely on a figure"
    return ": rough" if effective < ROUGH_BELOW else ""


def hours(calendar: Calendar, earliest: int, latest: int | None, *, whole_days: bool) -> str:
    """What is known of the hour, in five cells: ``12–18`` within a part of a day, else the last day.

    A last day is ``–26``, in another month ``–Jan``; nothing for one day as a whole.
    """
    if latest is None:
        return "–"
    first, last = calendar.local(earliest), calendar.local(latest)
    if not whole_days:
        ends = calendar.local(latest + 59)  # a span holds its last minute; a begun hour counts
        return f"{first:%H}–{ends:%H}" if ends.hour else f"{first:%H}–24"
    if first.date() == last.date():
        return ""
    return f"–{last.day}" if (first.year, first.month) == (last.year, last.month) else f"–{last:%b}"


def bar(value: float, tick: float | None, width: int, *, plain: bool) -> Text:
    """A share as a bar of ``width`` cells, with a tick where the baseline stands."""
    full = round(value * width)
    cells = ["#" if plain else "█"] * full + ["." if plain else "·"] * (width - full)
    text = Text("".join(cells))
    text.stylize(GREEN, 0, full)
    text.stylize("dim", full, width)
    if tick is not None:
        at = min(round(tick * width), width - 1)
        text = Text.assemble(text[:at], ("|" if plain else "┃", "bold"), text[at + 1 :])
    return text
