"""The verbs of ``negosim``, thin: each finds what it needs, asks the lab, and shows the answer.

Importing this imports nothing heavy; a verb imports what it needs when it is called.
"""

from __future__ import annotations

import rich_click as click

from negosim.cli.ask import questions, whatif
from negosim.cli.author import check, verify
from negosim.cli.look import list_stories, runs, show, why
from negosim.cli.play import replay, run
from negosim.cli.share import export


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="NAME is a scenario's name (see: negosim list) or the path of its folder.",
)
@click.command_panel("Look", commands=["list", "show", "why", "runs"])
@click.command_panel("Run", commands=["replay", "run"])
@click.command_panel("Ask", commands=["whatif", "questions"])
@click.command_panel("Share", commands=["export"])
@click.command_panel("Author", commands=["check", "verify"])
@click.version_option(package_name="negosim", message="%(prog)s %(version)s")
def negosim() -> None:
    """Replay a documented negotiation against a model, and see what it had to be told."""


for _verb in (list_stories, show, why, runs, replay, run, whatif, questions, export, check, verify):
    negosim.add_command(_verb)
