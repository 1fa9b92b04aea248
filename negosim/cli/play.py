"""Verbs that play a scenario: ``replay`` and ``run``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import name_argument, seed_option, settings, shown, stored

if TYPE_CHECKING:
    from negosim.cli.screen import Screen
    from negosim.core.time import Calendar

_ALL = 32
