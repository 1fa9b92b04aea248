"""The way in: runs a verb, and turns whatever it raises into words and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``negosim`` with these arguments (default: the process's own); the exit code."""
    from negosim.cli import negosim
    from negosim.cli.complaints import complain, exit_code
    from negosim.cli.exits import ExitCode
    from negosim.cli.screen import Screen, fit_alphabet

    given = sys.argv[1:] if arguments is None else list(arguments)
    fit_alphabet(given)
    try:
        code = negosim.main(given, prog_name="negosim", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # who reads us has seen enough, as in ``negosim show ... | head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except SystemExit as left:
        return int(left.code or ExitCode.DONE)
    except (Exception, KeyboardInterrupt) as error:
        console = Screen(color="--no-color" not in given).err
        if "--debug" in given:
            console.print_exception(word_wrap=True)
        complain(console, error)
        return exit_code(error)
    return int(code or ExitCode.DONE)


if __name__ == "__main__":
    sys.exit(main())
