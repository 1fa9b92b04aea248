"""What an answer was tried under, in plain words: the names of its variants as a reader takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WITHOUT = "without "
PLAIN: Mapping[str, str] = {
    "coupling gumbel": "each answer keeping its own chance",
    "coupling independent": "fresh chance where reasons differ",
    "coupling fresh": "fresh chance after the change",
    "logit precision 0.5": "actors half as sure of their reasons",
    "logit precision 2": "actors twice as sure of their reasons",
    "prior to the 0.8": "the prior counting less",
    "prior to the 1.25": "the prior counting more",
    "likelihood to the 0.8": "the record counting less",
    "likelihood to the 1.25": "the record counting more",
}


def assumption(name: str) -> str:
    """A variant's name in plain words."""
    if name.startswith(WITHOUT):
        return f"leaving out the sources of {name.removeprefix(WITHOUT)}"
    return PLAIN.get(name, name)


def assumptions(names: Sequence[str]) -> str:
    """Several variants in plain words; source families are listed together."""
    families = [name.removeprefix(WITHOUT) for name in names if name.startswith(WITHOUT)]
    said = [assumption(name) for name in names if not name.startswith(WITHOUT)]
    return ", ".join((*said, *([f"leaving out the sources of {' or '.join(families)}"] if families else [])))
