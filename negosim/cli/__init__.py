"""The verbs of ``negosim``, thin: each finds what it needs, asks the lab, and shows the answer.

Importing this imports nothing heavy; a verb imports what it needs when it is called.
"""

from __future__ import annotations

import rich_click as click

from negosim.cli.ask import compare, questions, whatif
from negosim.cli.author import check
from negosim.cli.forecast import forecast, freeze, rivals, turning_points
from negosim.cli.keep import delete, heads, import_run, log, runs, vacuum
from negosim.cli.look import list_stories, show, why
from negosim.cli.play import replay, run
from negosim.cli.report import report
from negosim.cli.share import export
from negosim.cli.start import new
from negosim.cli.study import study
from negosim.cli.verifying import verify


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="NAME is a scenario's name (see: negosim list) or the path of its folder.",
)
@click.command_panel("Look", commands=["list", "show", "why", "log"])
@click.command_panel("Run", commands=["replay", "run", "study"])
@click.command_panel("Ask", commands=["whatif", "forecast", "compare", "rivals", "turning-points", "questions"])
@click.command_panel("Keep", commands=["runs", "verify", "heads", "delete", "vacuum"])
@click.command_panel("Share", commands=["report", "export", "import"])
@click.command_panel("Author", commands=["new", "check", "freeze"])
@click.version_option(package_name="negosim", message="%(prog)s %(version)s")
def negosim() -> None:
    """Replay a documented negotiation against a model, and see what it had to be told."""


for _verb in (
    list_stories, show, why, log, replay, run, study, whatif, forecast, compare, rivals, turning_points, questions,
    runs, verify, heads, delete, vacuum, report, export, import_run, new, check, freeze,
):  # fmt: skip
    negosim.add_command(_verb)
