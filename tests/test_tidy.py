"""The rules of the house, as a test."""

from __future__ import annotations

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import attrs
import pytest

import negosim

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "negosim"
OURS = sorted(path for path in PACKAGE.rglob("*.py"))
EVERYTHING = sorted(
    path for folder in ("negosim", "scenarios", "tests") for path in (ROOT / folder).rglob("*.py")
)
NOT_USED = re.compile(r"\b(?:class|def)\s+\w*(?:Agent|Manager|Engine|Context|Handler)\b|\bclass\s+\w*Data\b")
UNFINISHED = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X)\b")
FIRST_STORY = re.compile(r"pakistan|\bkhan\b|\bpti\b(?!-2024)|islamabad|\badiala\b", re.IGNORECASE)
CLOCKS = {"random", "time", "secrets", "uuid"}
PURE = ("core", "sim", "parts", "inference", "stories", "lab", "record")
LONGEST = 500
FULLEST = 12
LONGEST_FUNCTION = 60
TABLES = {"negosim/core/rules.py:decide"}
"""One function a table: a case for each kind of move."""
MOST_BY_PLACE = 5
IN_LOG_ORDER = ("negosim.core.events", "negosim.core.moves")
"""Events, moves and what they are made of: the order of their fields is that of the log."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def trees(paths: list[Path]) -> list[tuple[str, ast.Module]]:
    return [(name_of(path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def imported(tree: ast.Module) -> set[str]:
    """The top-level names of everything a module imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def matching(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Where a pattern occurs, as ``file:line``."""
    return [
        f"{name_of(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_there_is_something_to_look_at() -> None:
    assert len(OURS) > 30


def test_no_file_is_longer_than_a_sitting() -> None:
    told = [path for path in EVERYTHING if not path.is_relative_to(ROOT / "tests")]
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in told}
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}


def test_a_function_fits_on_a_screen() -> None:
    long = {
        f"{name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in trees(OURS)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    assert {name for name, lines in long.items() if lines > LONGEST_FUNCTION} - TABLES == set()


def test_no_folder_holds_more_files_than_a_person_keeps_in_mind() -> None:
    counts = Counter(path.parent for path in OURS if path.name != "__init__.py")
    crowded = {name_of(folder): n for folder, n in counts.items() if n > FULLEST}
    assert crowded == {}


def test_a_value_of_many_fields_is_made_by_their_names() -> None:
    by_place = {}
    for path in OURS:
        module = import_module(name_of(path.with_suffix("")).replace("/", ".").removesuffix(".__init__"))
        for name, kind in vars(module).items():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and attrs.has(kind):
                by_place[f"{module.__name__}.{name}"] = sum(
                    each.init and not (each.kw_only or each.inherited) for each in attrs.fields(kind)
                )
    assert {name for name, n in by_place.items() if n > MOST_BY_PLACE and not name.startswith(IN_LOG_ORDER)} == set()


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{name}:{node.lineno}"
        for name, tree in trees(OURS)
        if not name.startswith(("negosim/cli/", "negosim/__main__"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_files_are_written_whole() -> None:
    writing = re.compile(r"\.write_(?:text|bytes)\(|\bopen\([^)]*[\"'][wax]b?[\"']")
    places = {place.partition(":")[0] for place in matching(writing, OURS)}
    # beside the one mechanism: devices and pipes, which hold nothing, are written to as they are
    assert places == {"negosim/stores/atomic_file.py", "negosim/cli/files.py"}


def test_no_name_says_nothing() -> None:
    assert matching(NOT_USED, OURS) == []
    vague = {"utils", "util", "helpers", "common", "misc", "manager", "engine", "handler"}
    assert [name_of(path) for path in OURS if vague & {path.stem, path.parent.name}] == []


def test_nothing_is_left_unfinished() -> None:
    assert matching(UNFINISHED, EVERYTHING) == []


@pytest.mark.parametrize("floor", PURE)
def test_chance_and_the_clock_come_from_nowhere_else(floor: str) -> None:
    inside = [path for path in OURS if path.is_relative_to(PACKAGE / floor)]
    assert {name: found for name, tree in trees(inside) if (found := imported(tree) & CLOCKS)} == {}
    now = re.compile(r"\b(?:datetime|date)\.(?:now|today|utcnow)\(")
    assert matching(now, inside) == []


def test_only_the_shell_knows_simpy() -> None:
    users = [name for name, tree in trees(OURS) if "simpy" in imported(tree)]
    assert users
    assert [name for name in users if not name.startswith("negosim/sim/")] == []


def test_the_front_doors_are_sorted_complete_and_documented() -> None:
    for door in ("negosim", "negosim.testing"):
        module = import_module(door)
        assert list(module.__all__) == sorted(module.__all__, key=_by_case)
        for name in module.__all__:
            assert getattr(module, name) is not None
    assert negosim.__doc__


def _by_case(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_every_public_function_and_class_says_what_it_is() -> None:
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in trees(OURS)
        for owner in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
        if not _speaks_for_itself(owner)
        for node in owner.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith(("_", "test_"))
        and node.name != "matter"
        and not _is_said_elsewhere(node)
        and not ast.get_docstring(node)
    ]
    assert silent == []


def _speaks_for_itself(owner: ast.Module | ast.ClassDef) -> bool:
    """A private class; a protocol, whose members are named for what they are."""
    if isinstance(owner, ast.Module):
        return False
    return owner.name.startswith("_") or any(ast.unparse(base) == "Protocol" for base in owner.bases)


def _is_said_elsewhere(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """An overload, an override, a property's setter: documented where it is first said."""
    names = {ast.unparse(decorator) for decorator in node.decorator_list}
    return bool({"overload", "override"} & names) or any(name.endswith(".setter") for name in names)


def test_the_package_knows_nothing_of_the_first_story() -> None:
    """But for its name in the commands that help shows as examples."""
    assert matching(FIRST_STORY, OURS) == []
    assert {path.partition("/cli/")[0] for path in matching(re.compile("pti-2024"), OURS)} == {"negosim"}
