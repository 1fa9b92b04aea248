"""Whether values are exactly of their annotated types, so that they can be acted on and stored."""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from negosim.core.errors import BadValue

LARGEST = 2**53 - 1
"""The largest integer that every reader of JSON keeps exactly."""

Check: TypeAlias = Callable[[Any], bool]


def checker(hint: Any) -> Check:
    """The test whether a value is exactly of an annotated type and can be stored.

    One compiled expression: every value of a run passes here.
    """
    known: dict[str, Any] = {}
    test = _test(hint, "value", known)
    return eval(f"lambda value: {test}", known)  # type: ignore[no-any-return]  # noqa: S307


def _test(hint: Any, value: str, known: dict[str, Any], depth: int = 0) -> str:
    """The test of a type as an expression over ``value``; classes it names are put into ``known``."""
    if hint is int:
        return f"type({value}) is int and {-LARGEST} <= {value} <= {LARGEST}"
    if hint in (str, bool):
        return f"type({value}) is {hint.__name__}"
    if hint is type(None):
        return f"{value} is None"
    if get_origin(hint) in (UnionType, Union):
        return f"({' or '.join(_test(one, value, known, depth) for one in get_args(hint))})"
    if get_origin(hint) is tuple:
        items, each = get_args(hint), f"each_{depth}"
        if items[-1] is Ellipsis:
            test = _test(items[0], each, known, depth + 1)
            return f"type({value}) is tuple and all([{test} for {each} in {value}])"
        tests = [_test(item, f"{value}[{place}]", known, depth) for place, item in enumerate(items)]
        return " and ".join((f"type({value}) is tuple and len({value}) == {len(items)}", *tests))
    if isinstance(hint, type) and issubclass(hint, Struct):
        known[hint.__name__], hints = hint, get_type_hints(hint)
        tests = [_test(hints[name], f"{value}.{name}", known, depth) for name in hint.__struct_fields__]
        return " and ".join((f"type({value}) is {hint.__name__}", *tests))
    raise TypeError(f"no canonical form for {hint}")


def check_whole(owner: str, **numbers: int | None) -> None:
    """Raise BadValue for a number that is no whole number; None is passed over.

    ``owner`` is named in the error: what has these numbers.
    """
    for name, value in numbers.items():
        if value is not None and (type(value) is not int or not -LARGEST <= value <= LARGEST):
            raise BadValue(f"{owner}: {name} is {value!r}, not a whole number")
