"""Colours that can be read on a light terminal and on a dark one.

Each stands at least 3.8 to 1 against black and against white (contrast as WCAG 2 counts it), so
its luminance lies between .14 and .226. They are numbers of the 256-colour palette, which are the
same everywhere; a terminal of 16 colours gets its nearest. Nothing is told by colour alone.
"""

from __future__ import annotations

RED = "color(161)"
AMBER = "color(130)"
GREEN = "color(28)"
BLUE = "color(31)"
INDIGO = "color(62)"
PURPLE = "color(133)"
EVERY = (RED, AMBER, GREEN, BLUE, INDIGO, PURPLE)
