"""Reading one TOML table with complaints: each says the file, the line, the entry and a hint.

Nothing here raises. A value that cannot be used is replaced by a harmless one and the reading
goes on, so that an author sees every mistake of a file at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast, get_args

from msgspec import Struct

from negosim.core.errors import BadValue, RecordError, did_you_mean
from negosim.record.dates import Span, parse_duration
from negosim.record.lines import Lines, Path, Place
from negosim.record.model import Name, NameKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negosim.core.time import Calendar

T = TypeVar("T")

_WORDS = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "a table { ... }",
    float: "a number with a point",
}


def article(value: object) -> str:
    """What a TOML value is, in words."""
    return _WORDS.get(type(value), "a date; write it as text, in quotes")


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """``what 'name' is not known``, with the nearest known name or, if few, all of them."""
    names = tuple(known)
    hint = did_you_mean(name, names)
    if not hint and 0 < len(names) <= 8:
        hint = f"it can be {', '.join(names)}"
    return f"{what} {name!r} is not known" + (f"; {hint}" if hint else "")


def _also_at(lines: list[int]) -> str:
    """Where else a name is used, in few words."""
    if not lines:
        return ""
    more = f" and {len(lines) - 5} more" if len(lines) > 5 else ""
    return f"; also at line {', '.join(map(str, lines[:5]))}{more}"


class Desk(Struct, kw_only=True):
    """What every table of a file shares: the file, its lines, its calendar, the complaints.

    One mistake is one complaint: nothing is judged that rests on a value which was complained
    about already. ``has_clock`` is False where the clock itself could not be read.
    """

    file: str
    lines: Lines
    calendar: Calendar
    has_clock: bool = True
    complaints: list[tuple[int, str]] = []
    names: list[Name] = []
    _wrong: list[Path] = []
    _unknown: dict[tuple[str, str], list[tuple[Path, str]]] = {}

    def place(self, path: Path, label: str) -> Place:
        """``record.toml:17 fact "S10"``."""
        return Place(self.file, self.lines, path, label)

    def complain(self, path: Path, label: str, words: str, rests_on: Iterable[Path] = ()) -> None:
        """Keep one mistake, with the line of ``path``.

        Nothing where that value, or one of those the judgement ``rests_on``, is wrong by itself.
        """
        if not any(self._is_wrong(cause) for cause in (path, *rests_on)):
            self._wrong.append(path)
            self.complaints.append((self.lines.at(path), f"{self.place(path, label)}: {words}"))

    def unknown(self, path: Path, label: str, sort: str, name: str) -> None:
        """Note that ``name`` at ``path`` is no id of an entry of this sort; see ``name_unknown``."""
        self._unknown.setdefault((sort, name), []).append((path, label))

    def name_unknown(self, sort: str, known: Iterable[str]) -> None:
        """Complain about the unknown names of a sort: each once, with the lines of all its uses.

        Not where an id of the sort could not be read: then that one may be meant.
        """
        if any(path[0] == sort and (len(path) < 3 or path[2:] == ("id",)) for path in self._wrong):
            return
        known = tuple(known)
        for (of, name), places in self._unknown.items():
            if of == sort:
                (path, label), *others = places
                lines = [self.lines.at(other) for other, _ in others]
                self.complain(path, label, unknown(sort, name, known) + _also_at(lines))

    def _is_wrong(self, path: Path) -> bool:
        """Whether something at the path, around it or inside it was complained about."""
        return any(path[: len(wrong)] == wrong or wrong[: len(path)] == path for wrong in self._wrong)

    def raise_complaints(self) -> None:
        """Raise RecordError with every mistake, in the order of the file, if there is one."""
        if self.complaints:
            in_order = sorted(self.complaints, key=lambda complaint: complaint[0])
            raise RecordError(tuple(words for _, words in in_order))


class Table(Struct):
    """One TOML table, at ``path``, belonging to the entry called ``label``."""

    desk: Desk
    values: dict[str, object]
    path: Path = ()
    label: str = ""
    seen: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self.values

    @property
    def place(self) -> Place:
        """Where the table stands."""
        return self.desk.place(self.path, self.label)

    def wrong(self, key: str, words: str, rests_on: Iterable[str] = ()) -> None:
        """A complaint about the value of ``key``, or about the table when there is none.

        ``rests_on``: other keys of the table whose values the complaint takes for granted.
        """
        causes = [(*self.path, cause) for cause in rests_on]
        self.desk.complain((*self.path, key), self.label, words, causes)

    def take(self, key: str, kind: type[T], default: T, *, needed: bool = False) -> T:
        """The value of ``key``, complaining when it is missing though needed, or another type."""
        self.seen.append(key)
        if key not in self.values:
            if needed:
                self.wrong(key, f"{key!r} is missing")
            return default
        value = self.values[key]
        # bool is an int in Python, not in TOML
        if type(value) is not kind:
            self.wrong(key, f"{key!r} must be {_WORDS[kind]}, not {article(value)}")
            return default
        return value

    def text(self, key: str, *, needed: bool = False) -> str:
        """A text; an empty one counts as missing."""
        value = self.take(key, str, "", needed=needed)
        if needed and self.values.get(key) == "":
            self.wrong(key, f"{key!r} is empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        items = self.take(key, list, [])
        for place, item in enumerate(items):
            if not isinstance(item, str):
                path = (*self.path, key, place)
                words = f"{key!r} must hold texts, not {article(item)}"
                self.desk.complain(path, self.label, words)
        return tuple(item for item in items if isinstance(item, str))

    def one_of(self, key: str, choices: object, default: T, *, needed: bool = True) -> T:
        """A text among those of a ``Literal``."""
        known = get_args(choices)
        value = self.text(key, needed=needed)
        if value in known:
            return cast("T", value)
        if value:
            self.wrong(key, unknown(key, value, known))
        return default

    def span(self, key: str, default: Span) -> Span:
        """A date of the subset of EDTF; ``default`` when there is none."""
        text = self.text(key)
        try:
            return Span.parse(text, self.desk.calendar) if text else default
        except BadValue as error:
            self.wrong(key, str(error))
            return default

    def duration(self, key: str) -> int | None:
        """A length of time in minutes, or None when there is none."""
        text = self.text(key)
        try:
            return parse_duration(text) if text else None
        except BadValue as error:
            self.wrong(key, str(error))
            return None

    def table(self, key: str) -> Table | None:
        """A table inside this one."""
        values = self.take(key, dict, {})
        return self._inner(values, (key,)) if key in self.values else None

    def tables(self, key: str, *, or_one: bool = False) -> list[Table]:
        """A list of tables; with ``or_one``, a table alone is a list of one."""
        if or_one and isinstance(self.values.get(key), dict):
            single = self.table(key)
            return [single] if single else []
        tables: list[Table] = []
        for place, item in enumerate(self.take(key, list, [])):
            if isinstance(item, dict):
                tables.append(self._inner(item, (key, place)))
            else:
                path = (*self.path, key, place)
                words = f"{key!r} must hold tables {{ ... }}, not {article(item)}"
                self.desk.complain(path, self.label, words)
        return tables

    def name(self, key: str, kind: NameKind, names: str | tuple[str, ...], of: str = "") -> None:
        """Note names that only a scenario can confirm."""
        for single in (names,) if isinstance(names, str) else names:
            if single:
                place = self.desk.place((*self.path, key), self.label)
                self.desk.names.append(Name(place, kind, single, of))

    def close(self) -> None:
        """Complain about every key that nobody asked for."""
        for key in self.values:
            if key not in self.seen:
                hint = did_you_mean(key, self.seen)
                self.wrong(key, f"{key!r} is not a key here" + (f"; {hint}" if hint else ""))

    def _inner(self, values: dict[str, object], steps: Path) -> Table:
        return Table(self.desk, values, (*self.path, *steps), self.label)
