"""What every result can do: show itself, and give its rows to other programs.

How an answer looks is no business of the floor that finds it. ``Shown`` therefore asks the front
door, ``negosim.Display``, which fetches the floor above when somebody looks and not before.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import negosim
from negosim.core.errors import NegosimError


class Shown:
    """A result that a terminal, a notebook, pandas and polars can take as it is."""

    __slots__ = ()

    def __rich__(self) -> negosim.Display:
        """What ``rich`` prints."""
        return negosim.Display(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return negosim.Display(self).html()

    def to_rows(self) -> list[dict[str, Any]]:
        """The result as tidy rows: one observation each, with the same columns in all."""
        return negosim.Display(self).rows()

    def to_pandas(self) -> Any:
        """The rows as a ``pandas.DataFrame``. Raises NegosimError where pandas is not installed."""
        return _installed("pandas").DataFrame(self.to_rows())

    def to_polars(self) -> Any:
        """The rows as a ``polars.DataFrame``. Raises NegosimError where polars is not installed."""
        return _installed("polars").DataFrame(self.to_rows(), infer_schema_length=None)


def _installed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise NegosimError(f"to_{name} needs {name}, which is not installed\npip install 'negosim[{name}]'") from None
