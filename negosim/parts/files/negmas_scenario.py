"""NegMAS: an outcome space in one YAML or JSON file, each party's utility function in another."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from negosim.core.errors import BadValue, NegosimError
from negosim.parts.files.problem import Problem, Profile, normalised, number, one_name_each
from negosim.parts.files.xml import DEEPEST, check_size

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_VALUES = 10_000
MOST_YAML = 500_000
"""Size in bytes above which YAML is refused: it is read a hundred times more slowly than JSON."""
ADDITIVE = ("LinearAdditiveUtilityFunction", "UFun", "LinearUtilityAggregationFunction")
"""The utility functions of NegMAS that are sums over issues of tables; with ``values`` and ``weights``."""


def document(content: bytes, what: str) -> Any:
    """Plain data of a YAML or JSON file. Every JSON file is YAML; only what is not JSON needs PyYAML.

    Raises BadValue for a file that is too large, not well-formed, or that uses YAML's anchors: a few
    lines of them can stand for a document that fills the memory.
    """
    check_size(content, what)
    try:
        return json.loads(content)
    except RecursionError:
        raise BadValue(f"{what}: it is nested too deeply") from None
    except (ValueError, UnicodeDecodeError):
        return _yaml(content, what)


def _yaml(content: bytes, what: str) -> Any:
    try:
        yaml: Any = import_module("yaml")
    except ImportError:
        raise NegosimError(f"{what}: YAML needs PyYAML, pip install 'negosim[yaml]'; JSON needs nothing") from None
    if len(content) > MOST_YAML:
        raise BadValue(f"{what}: {len(content):,} bytes of YAML; at most {MOST_YAML:,} are read, write JSON instead")
    try:
        _check_tokens(yaml, content, what)
        return yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise BadValue(f"{what}: it is neither JSON nor YAML: {error}") from None
    except RecursionError:
        raise BadValue(f"{what}: it is nested too deeply") from None


def _check_tokens(yaml: Any, content: bytes, what: str) -> None:
    """Refuse anchors, and nesting that only a hostile file has; before anything is built."""
    depth = 0
    for token in yaml.scan(content, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            raise BadValue(f"{what}: it uses YAML anchors, which are not read; write the values out")
        name = type(token).__name__
        depth += name.endswith("StartToken") - name.endswith("EndToken")
        if depth > DEEPEST:
            raise BadValue(f"{what}: it is nested too deeply, over {DEEPEST} levels")


def is_domain(data: Any) -> bool:
    """Whether plain data is an outcome space of NegMAS."""
    return isinstance(data, dict) and isinstance(data.get("issues"), list)


def is_profile(data: Any) -> bool:
    """Whether plain data is a utility function of NegMAS."""
    return isinstance(data, dict) and "values" in data and "type" in data


def read_domain(data: Any, what: str = "the NegMAS domain") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The issues of an outcome space, each with the names of its values.

    Categorical issues and ranges of whole numbers are read; continuous ones cannot be listed.
    """
    if not is_domain(data):
        raise BadValue(f"{what}: it has no list 'issues', so it is no outcome space of NegMAS")
    issues = tuple((_name(issue, what), _options(issue, what)) for issue in data["issues"])
    one_name_each(issues, what)
    return issues


def read_profile(data: Any, issues: Sequence[tuple[str, Sequence[str]]], what: str = "the NegMAS profile") -> Profile:
    """A linear additive utility function over these issues, normalised to 0 to 1 where it is not.

    Values are read from tables and from identity, constant, linear and affine functions.
    """
    kind = str(data.get("type", "")).rpartition(".")[2] if isinstance(data, dict) else ""
    if kind not in ADDITIVE:
        raise BadValue(f"{what}: its type is {kind!r}; only {ADDITIVE[0]} is read")
    weights = data.get("weights") or [1.0] * len(issues)
    functions = data.get("values")
    if isinstance(functions, dict):
        functions = [functions.get(name) for name, _ in issues]
    if isinstance(weights, dict):
        weights = [weights.get(name) for name, _ in issues]
    given = isinstance(functions, list) and isinstance(weights, list)
    if not given or not len(functions) == len(weights) == len(issues):
        raise BadValue(f"{what}: it needs one weight and one table of values for each of {len(issues)} issues")
    worth = []
    for (name, options), weight, function in zip(issues, weights, functions, strict=True):
        factor = number(weight, f"{what}: the weight of {name!r}")
        worth.append([factor * value for value in _values(function, options, f"{what}: issue {name!r}")])
    reserved = data.get("reserved_value")
    reservation = None if reserved is None or reserved == float("-inf") else number(reserved, f"{what}: reserved_value")
    constant = number(data.get("bias") or 0, f"{what}: bias")
    return normalised(str(data.get("name") or what), worth, constant=constant, reservation=reservation)


def _name(issue: Any, what: str) -> str:
    name = issue.get("name") if isinstance(issue, dict) else None
    if not isinstance(name, str) or not name:
        raise BadValue(f"{what}: an issue has no name")
    return name


def _options(issue: Any, what: str) -> tuple[str, ...]:
    name, kind, values = _name(issue, what), str(issue.get("type", "")).rpartition(".")[2], issue.get("values")
    if kind in ("ContinuousIssue", "ContinuousInfiniteIssue", "CountableInfiniteIssue", "CallableIssue"):
        raise BadValue(f"{what}: issue {name!r} is a {kind}, whose values cannot be listed")
    if kind == "ContiguousIssue" and isinstance(values, list) and len(values) == 2:
        lowest, highest = (int(number(x, f"{what}: issue {name!r}")) for x in values)
        if not 0 <= highest - lowest < MOST_VALUES:
            raise BadValue(f"{what}: issue {name!r} runs from {lowest} to {highest}; {MOST_VALUES} values are read")
        return tuple(str(x) for x in range(lowest, highest + 1))
    if isinstance(values, int) and not isinstance(values, bool) and 0 < values <= MOST_VALUES:
        return tuple(str(x) for x in range(values))
    if not isinstance(values, list) or not all(isinstance(x, str | int | float) for x in values):
        raise BadValue(f"{what}: issue {name!r} has no list of plain values")
    return tuple(str(x) for x in values)


def _values(function: Any, options: Sequence[str], what: str) -> list[float]:
    data = function if isinstance(function, dict) else {}
    kind = str(data.get("type", "")).rpartition(".")[2]
    table = data.get("mapping", data if function is data and not kind else None)
    if isinstance(table, dict):
        by_name = {str(key): value for key, value in table.items()}
        for option in options:
            if option not in by_name:
                raise BadValue(f"{what} has no value for {option!r}")
        return [number(by_name[option], what) for option in options]
    slopes = {"IdentityFun": 1.0, "ConstFun": 0.0, "LinearFun": data.get("slope"), "AffineFun": data.get("slope")}
    if kind not in slopes:
        raise BadValue(f"{what}: its values are a {kind or type(function).__name__}; a TableFun is read")
    slope = number(slopes[kind], f"{what}: slope")
    bias = number(data.get("bias") or 0, f"{what}: bias")
    return [slope * number(option, what) + bias if slope else bias for option in options]


def write(problem: Problem) -> dict[str, str]:
    """The problem as NegMAS files, by file name: the outcome space and one file a party.

    They hold JSON, which is YAML too, under the ending ``.yml``: NegMAS looks for no other in a folder.
    """
    issues = [
        {"type": "CategoricalIssue", "name": name, "values": list(options)} for name, options in problem.issues
    ]
    space = {"type": "DiscreteCartesianOutcomeSpace", "name": problem.name, "path": None, "issues": issues}
    files = {f"{problem.name}.yml": _text(space)}
    for number_, profile in enumerate(problem.profiles, 1):
        function = {
            "type": "LinearAdditiveUtilityFunction", "name": profile.name,
            "values": [
                {"type": "TableFun", "mapping": dict(zip(options, values, strict=True))}
                for (_, options), values in zip(problem.issues, profile.values, strict=True)
            ],
            "weights": list(profile.weights), "reserved_value": profile.reservation, "reserved_outcome": None,
        }  # fmt: skip
        files[f"{problem.name}-profile-{number_}.yml"] = _text(function)
    return files


def _text(data: object) -> str:
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"
