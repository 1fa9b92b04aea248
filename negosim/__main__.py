"""The way in: runs a verb, and turns whatever it raises into words and an exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``negosim`` with these arguments (default: the process's own); the exit code."""
    from negosim.cli import negosim
    from negosim.cli.errors import ExitCode, complain, exit_code
    from negosim.cli.screen import Screen, fit_alphabet

    given = sys.argv[1:] if arguments is None else list(arguments)
    fit_alphabet(given)
    try:
        code = negosim.main(given, prog_name="negosim", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except SystemExit as left:
        # Verbs return their code. Rich leaves with 1 when who reads us has seen enough, as in
        # ``negosim show ... | head``, and Click with 2 when no verb was named.
        return ExitCode.USAGE if left.code == ExitCode.USAGE else ExitCode.DONE
    except (Exception, KeyboardInterrupt) as error:
        console = Screen(color="--no-color" not in given).err
        if "--debug" in given:
            console.print_exception(word_wrap=True)
        complain(console, error)
        return exit_code(error)
    return int(code or ExitCode.DONE)


if __name__ == "__main__":
    sys.exit(main())
