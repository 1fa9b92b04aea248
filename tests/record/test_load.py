"""The loader: what it makes of a sound file, and each mistake by file, line, entry and hint."""

from __future__ import annotations

import pickle
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from negosim.core.errors import NotFound, RecordError
from negosim.record import (
    BeliefPattern,
    DocumentedDecision,
    Pattern,
    Record,
    Span,
    lines,
    read_record,
)
from negosim.record.lines import Lines, lines_of
from negosim.record.load import load_record, record_of
from negosim.record.toml import Toml

SOUND = """\
title = "A quarrel"
begins = 2024-10-04T00:00:00
ends = 2024-12-01T00:00:00
zone = "Asia/Karachi"

[[source]]
id = "paper"
title = "Report"
publisher = "A paper"
date = "2024-11~"
url = "https://example.org/1"
family = "one-informant"
stake = "nobody gains"

[[fact]]
id = "G1"
date = "2024-10-15/2024-10-16"
precision = "day"
kind = "given"
what = "A summit."
certainty = "documented"
cites = [{ source = "paper", at = "line 1" }]
because = "It was fixed before."
event = "summit"
known = "2024-10-01"

[[fact]]
id = "D1"
date = "2024-10-14T12:00/2024-10-14T24:00"
precision = "part"
kind = "decision"
who = ["government"]
to = ["party"]
channel = "backchannel"
what = "It lets doctors in."
certainty = "reported"
cites = [{ source = "paper", at = "line 2" }]
decisions = [
  { address = "government.answer[own-doctor]", chose = "state-doctors" },
  { address = "government.meet[*]", chose = "meet", date = "2024-10-15" },
]

[[fact]]
id = "O1"
date = "2024-10-14T20:00/2024-10-15T02:00"
precision = "part"
kind = "outcome"
what = "The protest is off."
certainty = "documented"
cites = [{ source = "paper", at = "line 3" }]
note = "Tolerance of T1."
tolerance = "12 hours"
after = ["D1"]
expect = [
  { event = "called-off", by = "party", to = "government", channel = "public", what = "protest" },
  { event = "kept", share = [1, 999], at_least = 2, has = { form = "spoken", round = 2 } },
  { event = "started", absent = true, date = "2024-10-15" },
]
in_order = true
within = "6 hours"

[[fact]]
id = "B1"
date = "2024-11-26/.."
precision = "open"
kind = "belief"
what = "Trust is gone."
certainty = "inferred"
cites = [{ source = "paper", at = "line 4" }]
belief = { actor = "government", trust = "authority", of = "party", falls = 50, than = "will" }

[[fact]]
id = "C1"
date = "2024-11-26"
precision = "day"
kind = "claim"
what = "It says so."
certainty = "disputed"
cites = [{ source = "paper", at = "line 5" }]
claimant = "party"
expect = [{ event = "claimed", by = "party" }]

[[fact]]
id = "R1"
date = "2024-09-01"
precision = "day"
kind = "report"
background = true
what = "A paper says so."
certainty = "documented"
cites = [{ source = "paper", at = "line 6" }]

[[conflict]]
id = "K1"
about = "The day"
facts = ["D1"]
versions = [
  { says = "the 14th", cites = [{ source = "paper", at = "line 2" }] },
  { says = "the 15th", by = "party", cites = [{ source = "paper", at = "line 7" }] },
]
use = "Both kept."

[[coverage]]
event = "met"
channel = "formal"
window = "2024-10-04/2024-11-30"
cover = "complete"
note = "Rounds are announced."

[[target]]
id = "T1"
what = "A swap."
date = "2024-10-14/2024-10-15"
cites = [{ source = "paper", at = "line 8" }]
expect = [{ event = "called-off" }]
belief = [
  { actor = "party", trust = "will", of = "government", rises = 20 },
]
"""

DAY = 1440


def line_of(text: str, part: str) -> int:
    """The number of the first line that holds ``part``."""
    found = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    assert found, f"{part!r} is not in the text"
    return found[0]


def header(text: str, id: str) -> int:
    """The line of the ``[[...]]`` above an id."""
    return line_of(text, f'id = "{id}"') - 1


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(RecordError) as caught:
        read_record(text)
    return caught.value.problems


def test_a_sound_file_becomes_a_record() -> None:
    record = read_record(SOUND)
    assert record.title == "A quarrel"
    assert record.ends == 58 * DAY
    assert record.source("paper").date.approximate
    assert record.fact("G1").known == -3 * DAY
    assert record.fact("D1").who == ("government",)
    assert record.conflict("K1").versions[1].by == "party"
    assert record.coverage[0].cover == "complete"
    assert record.family("paper") == "one-informant"
    assert record.place(record.fact("D1")) == f'record.toml:{header(SOUND, "D1")} fact "D1"'
    assert [one.id for one in record.facts if one.must_follow] == ["O1", "B1", "C1"]
    assert [one.id for one in record.of_kind("decision", "report")] == ["D1"]


def test_parts_take_the_date_of_their_entry_unless_they_have_one() -> None:
    record = read_record(SOUND)
    noon, midnight = 10 * DAY + 720, 11 * DAY
    assert record.fact("D1").decisions == (
        DocumentedDecision("government.answer[own-doctor]", "state-doctors", Span(noon, midnight - 1)),
        DocumentedDecision("government.meet[*]", "meet", Span(midnight, midnight + DAY - 1, "day")),
    )


def test_expectations_and_beliefs_are_typed() -> None:
    record = read_record(SOUND)
    fact = record.fact("O1")
    called_off, kept, started = fact.expect
    assert called_off == Pattern(
        event="called-off", span=fact.span, by="party", to="government", channel="public", what="protest"
    )
    assert kept == Pattern(
        event="kept", span=fact.span, share=(1, 999), at_least=2, has=(("form", "spoken"), ("round", 2))
    )
    assert started.absent
    assert started.span.precision == "day"
    assert (fact.tolerance, fact.within, fact.in_order, fact.after) == (720, 360, True, ("D1",))
    assert fact.scored.earliest == 10 * DAY + 1200 - 720
    assert record.fact("B1").beliefs == (
        BeliefPattern(
            actor="government", trust="authority", of="party", span=record.fact("B1").span, falls=50, than="will"
        ),
    )
    assert record.target("T1").beliefs[0].rises == 20


def test_a_record_goes_to_a_worker_and_comes_back_equal() -> None:
    record = read_record(SOUND)
    assert pickle.loads(pickle.dumps(record)) == record


def test_lookups_name_the_nearest_id() -> None:
    record = read_record(SOUND)
    for look in (record.fact, record.source, record.conflict, record.target):
        with pytest.raises(NotFound, match=r"no \w+ called 'D11'"):
            look("D11")
    with pytest.raises(NotFound, match="did you mean 'D1'"):
        record.fact("D11")


def test_names_say_where_they_are_used() -> None:
    names = {(one.kind, one.name): one for one in read_record(SOUND).names()}
    line = line_of(SOUND, "own-doctor")
    assert names["alternative", "state-doctors"].of == "government.answer[own-doctor]"
    assert str(names["alternative", "state-doctors"].place) == f'record.toml:{line} fact "D1"'
    line = line_of(SOUND, 'event = "summit"')
    assert str(names["happening", "summit"].place) == f'record.toml:{line} fact "G1"'
    assert names["what", "protest"].of == "called-off"
    assert names["field", "form"].of == names["field", "share"].of == "kept"
    assert {kind for kind, _ in names} == {
        "actor",
        "address",
        "alternative",
        "channel",
        "event",
        "field",
        "happening",
        "person",
        "what",
    }


def test_an_unknown_name_is_told_in_the_style_of_the_file() -> None:
    record = read_record(SOUND.replace('actor = "government"', 'actor = "goverment"'))
    [name] = [one for one in record.names() if one.name == "goverment"]
    line = line_of(SOUND, "belief = {")
    assert name.unknown(["government", "party"]) == (
        f"record.toml:{line} fact \"B1\": actor 'goverment' is not known; "
        "did you mean 'government'?"
    )
    [chose] = [one for one in record.names() if one.name == "state-doctors"]
    assert chose.unknown([]).endswith(
        "alternative 'state-doctors' at government.answer[own-doctor] is not known"
    )


def test_names_of_background_facts_are_nobody_s_business() -> None:
    text = SOUND.replace('what = "A paper says so."', 'what = "A paper says so."\nwho = ["x"]')
    assert "x" not in {one.name for one in read_record(text).names()}


# each: what is replaced (once), by what, the entry, the words, and the line: "" is the line of the
# replaced text, a number counts lines from there, "^" is the entry's header
MISTAKES = [
    ('title = "A quarrel"', 'titel = "A"', "", "'titel' is not a key here; did you mean 'title'?", 0),
    ('title = "A quarrel"', "", "", "'title' is missing", 0),
    ('title = "A quarrel"', "title = 3", "", "'title' must be text, not a whole number", 0),
    ("begins = 2024-10-04T00:00:00", "", "", "'begins' is missing: a local time without offset", -1),
    ("04T00:00:00", "04T00:00:00Z", "", "'begins' must be a local time without offset", 0),
    ("begins = 2024", "begins = 2025", "", "the clock ends before it begins", 1),
    ("Karachi", "Karachy", "", "no time zone called 'Asia/Karachy', such as Europe/Paris; did you mean 'Asia/Karachi'?", 0),
    ("Asia/Karachi", "localtime", "", "time zone 'localtime' depends on the machine; name the place", 0),
    ("04T00:00:00", "04T00:00:30", "", "'begins' must be a whole minute", 0),
    ("04T00:00:00", "04", "", "'begins' must be a local time without offset", 0),
    ("[[coverage]]", "[coverage]", "", "[coverage] is a table alone; write [[coverage]]", 0),
    ('title = "A q', 'facts = []\ntitle = "', "", "'facts' is not a key here; did you mean 'fact'?", 0),
    # sources
    ('family = "one-informant"\n', "", 'source "paper"', "'family' is missing", "^"),
    ('date = "2024-11~"\n', "", 'source "paper"', "'date' is missing", "^"),
    ('"2024-11~"', '"Nov"', 'source "paper"', "'Nov' is not a date such as 2024-10-14", 0),
    ('"2024-11~"', "2024-11-01", 'source "paper"', "'date' must be text, not a date; write it", 0),
    # the plain fields of a fact
    ('"outcome"', '"outcom"', 'fact "O1"', "kind 'outcom' is not known; did you mean 'outcome'?", 0),
    ('"reported"', '"heard"', 'fact "D1"', "certainty 'heard' is not known; it can be docu", 0),
    ('"open"', '"opn"', 'fact "B1"', "precision 'opn' is not known; did you mean 'open'?", 0),
    ('what = "It s', 'waht = "It s', 'fact "C1"', "'waht' is not a key here; did you mean 'what'", 0),
    ('what = "It says so."\n', "", 'fact "C1"', "'what' is missing", "^"),
    ('"It says so."', '""', 'fact "C1"', "'what' is empty", 0),
    ("background = true", 'background = "yes"', 'fact "R1"', "'background' must be true or false", 0),
    ('who = ["government"]', 'who = "x"', 'fact "D1"', "'who' must be a list, not text", 0),
    ('who = ["government"]', "who = [1]", 'fact "D1"', "'who' must hold texts, not a whole num", 0),
    ('id = "R1"', 'id = "C1"', 'fact "C1"', "'C1' was already used at record.toml:", 0),
    ('id = "R1"\n', "", "fact 6", "'id' is missing", -1),
    # where it is said
    ('"line 4" }', '"line 4", page = 3 }', 'fact "B1"', "'page' is not a key here", 0),
    ('"paper", at = "line 4"', '"papr", at = "4"', 'fact "B1"', "source 'papr' is not known; did", 0),
    (', at = "line 4"', "", 'fact "B1"', "'at' is missing", 0),
    ('cites = [{ source = "paper", at = "line 4" }]', "", 'fact "B1"', "without 'cites'; name", "^"),
    ('[{ source = "paper", at = "line 4" }]', "[]", 'fact "B1"', "without 'cites'; name at least", 0),
    ('[{ source = "paper", at = "line 4" }]', '["x"]', 'fact "B1"', "'cites' must hold tables", 0),
    # dates
    ("14T24:00", "13T24:00", 'fact "D1"', "'2024-10-14T12:00/2024-10-13T24:00': the date ends", 0),
    ('date = "2024-11-26"\n', "", 'fact "C1"', "'date' is missing", "^"),
    ('"2024-11-26"', '"2024-12-26"', 'fact "C1"', "'2024-12-26' lies outside the clock 2024-10", 0),
    ("background = true\n", "", 'fact "R1"', "a report is about the reporting itself: it needs", -1),
    ("background = true\n", "", 'fact "R1"', "a report is about the reporting itself", -1),
    ('"open"', '"day"', 'fact "B1"', "precision 'day', but date '2024-11-26/..'", 0),
    ('26"\nprecision = "day"', '26"\nprecision = "open"', 'fact "C1"', "precision 'open', but date", 1),
    ('16"\nprecision = "day"', '16"\nprecision = "part"', 'fact "G1"', "precision 'part' is part of", 1),
    ('02:00"\nprecision = "part"', '02:00"\nprecision = "day"', 'fact "O1"', "precision 'day', but", 1),
    # expectations
    ("12 hours", "12", 'fact "O1"', "'12' is not a number and a unit, such as '5 days'", 0),
    ("Tolerance of T1.", "Wide.", 'fact "O1"', "'tolerance' needs a 'note' that names the ta", 1),
    ("in_order =", "in_oder =", 'fact "O1"', "'in_oder' is not a key here; did you mean 'in_o", 0),
    ("in_order = true\n", "", 'fact "O1"', "'within' runs from the first to the last event", 0),
    ("at_least = 2", "absent = true", 'fact "O1"', "'in_order' needs at least two expected", 3),
    ("absent = true", "absent = true, at_least = 2", 'fact "O1"', "'absent' means none at all", 0),
    ("at_least = 2", "at_least = 0", 'fact "O1"', "'at_least' is 1 or more; for none at all", 0),
    ("at_least = 2", "at_least = true", 'fact "O1"', "'at_least' must be a whole number, not true", 0),
    ("[1, 999]", "[999, 1]", 'fact "O1"', "'share' is two whole numbers, low to high", 0),
    ("[1, 999]", "[1, 9, 9]", 'fact "O1"', "'share' is two whole numbers, low to high", 0),
    ("[1, 999]", "[1, 1001]", 'fact "O1"', "'share' is two whole numbers, low to high", 0),
    ("round = 2", "round = [2]", 'fact "O1"', "'round' must be text, a number or true/false", 0),
    ('{ event = "kept", ', "{ ", 'fact "O1"', "'event' is missing", 0),
    ('event = "kept"', 'event = "kept", form = 1', 'fact "O1"', "'form' is not a key here", 0),
    ('true, date = "2024', 'true, date = "2025', 'fact "O1"', "'2025-10-15' lies outside the clock", 0),
    ('after = ["D1"]', 'after = ["D2"]', 'fact "O1"', "fact 'D2' is not known; it can be G1, D1", 0),
    ('after = ["D1"]', 'after = ["O1"]', 'fact "O1"', "'after' names the fact itself", 0),
    ('after = ["D1"]', 'after = ["G1"]', 'fact "O1"', "'after' names 'G1', which imposes no", 0),
    # what each kind needs
    ('"given"', '"decision"', 'fact "G1"', "kind 'decision' without 'decisions'", 0),
    ('"given"', '"inferred"', 'fact "G1"', "kind 'inferred' without 'decisions'", 0),
    ('"given"', '"outcome"', 'fact "G1"', "kind 'outcome' without 'expect'", 0),
    ('"given"', '"belief"', 'fact "G1"', "kind 'belief' without 'belief'", 0),
    ('"given"', '"claim"', 'fact "G1"', "kind 'claim' without 'claimant'", 0),
    ('because = "It was fixed before."', "", 'fact "G1"', "kind 'given' without 'because'", -4),
    ('claimant = "party"', "", 'fact "C1"', "kind 'claim' without 'claimant'", -4),
    ('expect = [{ event = "claimed"', 'note = "x" # ', 'fact "C1"', "kind 'claim' without 'expect'", -5),
    ('because = "It', 'claimant = "x"\nbecause = "It', 'fact "G1"', "'claimant' is never used by ki", 0),
    ('"decision"', '"outcome"', 'fact "D1"', "'decisions' is never used by kind 'outcome'", 7),
    ('"report"', '"belief"\nbelief = []', 'fact "R1"', "background = true, so 'belief' is never", 1),
    # decisions
    ("nt.answer[own", "nt answer[own", 'fact "D1"', "'government answer[own-doctor]' does not rea", 0),
    ("meet[*]", "answer[own-doctor]", 'fact "D1"', "address 'government.answer[own-doctor]' is al", 0),
    (', chose = "state-doctors"', "", 'fact "D1"', "'chose' is missing", 0),
    # beliefs
    ('trust = "a', 'trust = "', 'fact "B1"', "trust 'uthority' is not known; did you mean 'auth", 0),
    ('than = "will"', 'than = "wil"', 'fact "B1"', "than 'wil' is not known; did you mean 'will'", 0),
    ('than = "will"', 'than = "authority"', 'fact "B1"', "'than' names another aspect than 'aut", 0),
    ("falls = 50, ", "", 'fact "B1"', "a belief either 'falls' or 'rises', by so many", 0),
    ("falls = 50", "falls = 50, rises = 1", 'fact "B1"', "a belief either 'falls' or 'rises'", 0),
    ("falls = 50", "falls = 5000", 'fact "B1"', "'falls' and 'rises' are thousandths, from 1", 0),
    # conflicts, coverage, targets
    ('facts = ["D1"]', 'facts = ["D9"]', 'conflict "K1"', "fact 'D9' is not known; it can be G1, D1", 0),
    ("versions", "version", 'conflict "K1"', "a conflict needs at least two versions", "^"),
    ('"paper", at = "line 7"', '"paler", at = "7"', 'conflict "K1"', "source 'paler' is not known", 0),
    ('"complete"', '"full"', "coverage 1", "cover 'full' is not known; it can be complete, sel", 0),
    ("2024-11-30", "2024-12-30", "coverage 1", "'2024-10-04/2024-12-30' lies outside the clock", 0),
    ('window = "2024-10-04/2024-11-30"\n', "", "coverage 1", "'window' is missing", -3),
    ('date = "2024-10-14/2024-10-15"\n', "", 'target "T1"', "'date' is missing", "^"),
    ('id = "T1"\n', "", "target 1", "'id' is missing", -1),
    ('belief = [', 'beleif = [', 'target "T1"', "'beleif' is not a key here; did you mean 'bel", 0),
    ('expect = [{ event = "called-off" }]\nbelief', "x", 'target "T1"', "without 'expect' or", "^"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "entry", "words", "at"), MISTAKES)
def test_a_mistake_is_told_with_its_line(
    old: str, new: str, entry: str, words: str, at: int | str
) -> None:
    text = SOUND.replace(old, new, 1)
    assert text != SOUND
    edited = SOUND.count("\n", 0, SOUND.index(old)) + 1
    line = edited + at if isinstance(at, int) else header(text, entry.split('"')[1])
    begin = f"record.toml:{line} {entry}: {words}" if entry else f"record.toml:{line}: {words}"
    told = problems(text)
    assert any(one.startswith(begin) for one in told), f"{begin!r} is not in\n" + "\n".join(told)


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    text = SOUND.replace('"decision"', '"decison"').replace('"paper", at', '"papr", at')
    told = problems(text.replace("[1, 999]", "[1]").replace("Asia/Karachi", "Asia"))
    lines = [int(one.split(":")[1].split(" ")[0]) for one in told]
    assert len(told) == 1 + 1 + 1 + 1
    assert "source 'papr' is not known; did you mean 'paper'?; also at line " in told[1]
    assert lines == sorted(lines)


def test_one_mistake_is_told_once() -> None:
    [told] = problems(SOUND.replace('"outcome"', '"outcom"'))
    where = f'record.toml:{line_of(SOUND, "outcome")} fact "O1"'
    assert told == f"{where}: kind 'outcom' is not known; did you mean 'outcome'?"
    assert len(problems(SOUND.replace("14T24:00", "13T24:00"))) == 1
    assert len(problems(SOUND.replace('"paper", at = "line 4"', '"papr", at = "4"'))) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SOUND.replace('id = "O1"', 'id = "O1'), line_of(SOUND, '"O1"')),
        (SOUND.replace('id = "O1"', "id = "), line_of(SOUND, '"O1"')),
        (SOUND.replace('id = "O1"', 'id = "O1"\nid = "O2"'), line_of(SOUND, '"O1"') + 1),
        ('title = """\nnever closed\n', 3),
    ],
)
def test_broken_toml_is_told_with_its_line(text: str, line: int) -> None:
    [told] = problems(text)
    assert told.startswith(f"record.toml:{line}: broken TOML: ")
    assert "(at " not in told


def test_a_file_is_named_by_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "quarrel.toml"
    path.write_text(SOUND.replace('"decision"', '"decison"'), encoding="utf-8")
    with pytest.raises(RecordError, match=r'^quarrel\.toml:\d+ fact "D1": kind') as caught:
        load_record(path)
    assert str(caught.value) == "\n".join(caught.value.problems)
    path.write_text(SOUND, encoding="utf-8")
    assert load_record(path) == read_record(SOUND)
    assert load_record(path).file == "quarrel.toml"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_record(tmp_path / "nowhere.toml")
    broken = tmp_path / "latin.toml"
    broken.write_bytes(b'title = "\xe9"')
    with pytest.raises(RecordError, match=r"latin\.toml:1: is not UTF-8 text.*save it as UTF-8"):
        load_record(broken)
    with pytest.raises(RecordError, match="is no file"):
        load_record(tmp_path)
    broken.write_text("a = " + "[" * 5000 + "]" * 5000, encoding="utf-8")
    with pytest.raises(RecordError, match="nested too deeply"):
        load_record(broken)


def test_a_byte_order_mark_is_passed_over_and_other_encodings_are_named(tmp_path: Path) -> None:
    path = tmp_path / "record.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    assert load_record(path) == read_record(SOUND)
    for encoding in ("utf-16", "utf-32"):
        path.write_bytes(SOUND.encode(encoding))
        with pytest.raises(RecordError, match=rf"is {encoding.upper()} text; save it as UTF-8"):
            load_record(path)


def places_in(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every key and item of a TOML document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield (*path, step)
        yield from places_in(inner, (*path, step))


def spoilt(path: tuple[str | int, ...], value: object) -> Toml:
    """The sound record with one value replaced, or removed."""
    document = tomllib.loads(SOUND)
    holder: Any = document
    for step in path[:-1]:
        holder = holder[step]
    if value is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return Toml("record.toml", document, Lines(""))


@pytest.mark.parametrize("value", [None, 3.5], ids=["missing", "of another type"])
def test_a_value_that_cannot_be_read_is_one_complaint_and_nothing_rests_on_a_stand_in(value: object) -> None:
    several, refused = [], 0
    for path in places_in(tomllib.loads(SOUND)):
        if len(path) == 1 and path[0] in ("source", "fact", "target") and value is None:
            continue  # without any entry of a sort, everything that names one is wrong
        try:
            record_of(spoilt(path, value))
        except RecordError as error:
            refused += 1
            several += [(path, error.problems)] if len(error.problems) > 1 else []
    assert several == []
    assert refused > 60


def test_a_clock_that_cannot_be_read_is_told_alone() -> None:
    for old, new in (
        ("begins = 2024-10-04T00:00:00", "begins = 2024-10-04T00:00:00Z"),
        ("Asia/Karachi", "Asia/Karachy"),
        ("ends = 2024-12-01T00:00:00", 'ends = "later"'),
    ):
        (told,) = problems(SOUND.replace(old, new))
        assert "2000" not in told
    paris = SOUND.replace("Asia/Karachi", "Europe/Paris").replace("begins = 2024-10-04", "begins = 2024-03-31")
    (told,) = problems(paris.replace("-03-31T00:00:00", "-03-31T02:30:00"))
    assert told.startswith("record.toml:2: 2024-03-31 02:30 did not exist in Europe/Paris")


def test_ten_thousand_facts_are_read_in_linear_time() -> None:
    fact = SOUND[SOUND.index('[[fact]]\nid = "R1"') : SOUND.index("[[conflict]]")]

    def steps(count: int) -> int:
        """How often Python calls a function while so many facts are read."""
        text = SOUND + "".join(fact.replace('"R1"', f'"X{number}"') for number in range(count))
        calls = 0

        def count_calls(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count_calls)
        try:
            assert len(read_record(text).facts) == count + 6
        finally:
            sys.setprofile(None)
        return calls

    base, some, many = steps(0), steps(50), steps(200)
    assert many - base < 4.2 * (some - base)


def test_windows_line_ends_count_as_one(tmp_path: Path) -> None:
    path = tmp_path / "record.toml"
    path.write_bytes(SOUND.replace('"decision"', '"decison"').replace("\n", "\r\n").encode())
    with pytest.raises(RecordError) as caught:
        load_record(path)
    line = line_of(SOUND, '"decision"')
    assert [one.partition(" ")[0] for one in caught.value.problems] == [f"record.toml:{line}"]


def test_an_empty_file_is_told_what_it_needs() -> None:
    told = problems("")
    assert [one.split(":")[2].split("'")[1] for one in told] == ["title", "begins", "ends", "zone"]


def test_an_empty_record_is_a_record() -> None:
    record = read_record(SOUND[: SOUND.index("[[source]]")])
    assert isinstance(record, Record)
    assert record.facts == ()
    assert record.names() == ()


@pytest.mark.parametrize(("second", "clash"), [("2024-10-14", True), ("2024-10-15", False)])
def test_open_keys_of_one_question_do_not_overlap(second: str, clash: bool) -> None:
    """Which of two a question satisfies would depend on the order of the file."""
    first = '{ address = "crown.meet[*]", chose = "yes", date = "2024-10-14" }'
    other = f'{{ address = "crown.meet[*]", chose = "no", date = "{second}" }}'
    text = re.sub(r"decisions = \[.*?\]\n", f"decisions = [{first}, {other}]\n", SOUND, count=1, flags=re.DOTALL)
    if clash:
        with pytest.raises(RecordError, match="already imposed at .* at the same time"):
            read_record(text)
    else:
        assert read_record(text).facts


def test_a_sound_record_is_read_without_its_lines_until_one_is_told(tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr(lines, "lines_of", lambda text: looked.append(text) or lines_of(text))
    path = tmp_path / "record.toml"
    path.write_text(SOUND + "# read by nobody before\n", encoding="utf-8")
    record = load_record(path)
    assert not looked
    line = SOUND[: SOUND.index('id = "G1"')].count("\n")
    assert record.place(record.fact("G1")) == f'record.toml:{line} fact "G1"'
    assert len(looked) == 1
