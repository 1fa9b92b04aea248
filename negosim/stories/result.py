"""What every result can do: show itself, and give its rows to other programs.

How an answer looks is no business of the floor that finds it. ``Shown`` therefore fetches
``negosim.report.display`` when somebody looks and not before.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, TypeAlias

from negosim.core.errors import NegosimError

Json: TypeAlias = dict[str, Any]
"""A result as one JSON document, or a part of it."""
NOTE = "a property of this model, not of history"
"""What no answer goes without."""


class Shown:
    """A result that a terminal, a notebook, pandas and polars can take as it is."""

    __slots__ = ()

    def __rich__(self) -> Any:
        """What ``rich`` prints."""
        return _display(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        html: str = _display(self).html()
        return html

    def to_rows(self) -> list[dict[str, Any]]:
        """The result as tidy rows: one observation each, with the same columns in all."""
        rows: list[dict[str, Any]] = _display(self).rows()
        return rows

    def to_pandas(self) -> Any:
        """The rows as a ``pandas.DataFrame``. Raises NegosimError where pandas is not installed."""
        return _installed("pandas").DataFrame(self.to_rows())

    def to_polars(self) -> Any:
        """The rows as a ``polars.DataFrame``. Raises NegosimError where polars is not installed."""
        return _installed("polars").DataFrame(self.to_rows(), infer_schema_length=None)

    def to_altair(self) -> Any:
        """The rows as an ``altair.Chart``.

        Raises NegosimError where altair is not installed, and where a chart would show nothing.
        """
        return _display(self).altair(_installed("altair"))


def _display(answer: Shown) -> Any:
    return import_module("negosim.report.display").Display(answer)


def _installed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise NegosimError(f"to_{name} needs {name}, which is not installed\npip install 'negosim[{name}]'") from None
