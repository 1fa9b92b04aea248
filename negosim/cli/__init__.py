"""The verbs of ``negosim``, thin: each finds what it needs, asks the lab, and shows the answer.

One module for each panel of ``--help``. Importing this imports no verb; a verb is imported when it is
named, and imports what it needs when it is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

import rich_click as click

from negosim.cli.errors import ExitCode

VERBS = {
    "show": "look.show", "replay": "ask.replay", "whatif": "ask.whatif", "forecast": "ask.forecast",
    "rivals": "ask.rivals", "report": "share.report",
    "new": "author.new", "check": "author.check", "run": "play.run", "study": "play.study",
    "list": "look.list_stories", "questions": "look.questions", "why": "look.why", "compare": "look.compare",
    "causes": "ask.causes", "turning-points": "ask.turning_points", "freeze": "author.freeze",
    "export": "share.export_record", "help": "author.help_about", "store": "keep.store",
}  # fmt: skip
"""The verbs, and where each is."""

FIRST_STEPS = """\
negosim replays documented negotiations and asks a model what else could have happened. Type first:
  negosim show pti-2024                   what happened, and who says so
  negosim whatif pti-2024 visit-refused   would it have happened without that?
  negosim new my-story                    begin a history of your own
  negosim --help                          all verbs"""

MOVED = {
    "runs": "list", "log": "log", "verify": "verify", "heads": "checkpoint", "import": "import",
    "delete": "delete", "vacuum": "vacuum",
}  # fmt: skip
"""Verbs of the first release and where they are in ``negosim store``."""


class OnDemand(Mapping[str, click.Command]):
    """The verbs by their names; one is imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module, _, verb = VERBS[name].partition(".")
        command: click.Command = getattr(import_module(f"negosim.cli.{module}"), verb)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)


class Verbs(click.RichGroup):
    """The group of all verbs; it knows where a verb of the first release went."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that is named. Raises UsageError naming the new place of one that moved."""
        if args and args[0] in MOVED:
            raise click.UsageError(f"'negosim {args[0]}' is now 'negosim store {MOVED[args[0]]}'", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="NAME is a scenario's name (see: negosim list) or the path of its folder.\n\n"
    "Completion of verbs and options in bash (likewise zsh, fish): "
    'eval "$(_NEGOSIM_COMPLETE=bash_source negosim)"',
)
@click.command_panel("Six questions", commands=["show", "replay", "whatif", "forecast", "rivals", "report"])
@click.command_panel("Your own history", commands=["new", "check", "run", "study"])
@click.command_panel(
    "More", commands=["list", "questions", "why", "compare", "causes", "turning-points", "freeze", "export", "help",
                      "store"],
)  # fmt: skip
@click.version_option(package_name="negosim", message="%(prog)s %(version)s")
@click.pass_context
def negosim(ctx: click.Context) -> ExitCode | None:
    """Replay a documented negotiation against a model of it, and ask what would have happened otherwise."""
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(FIRST_STEPS)
    return ExitCode.USAGE


negosim.commands = OnDemand()  # type: ignore[assignment]  # nobody adds to it
