"""The record of the bundled story: complete, sourced, honestly dated, and mostly not fed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from negosim.core.events import EVENTS
from negosim.record import Cite, Fact, Record, Target, load_record

PATH = Path(__file__).parents[2] / "scenarios" / "pti_2024" / "record.toml"
SEED_ROWS = (
    [f"S{n:02}" for n in range(1, 20)]
    + ["S20a", "S20b", "S20c", "S21a", "S21b", "S22", "S23", "S24a", "S24b"]
    + [f"S{n}" for n in range(25, 29)]
)
MUST_FOLLOW = ("outcome", "belief", "claim")


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record(PATH)


def scored(record: Record) -> list[Fact | Target]:
    """Every entry with a date and a tolerance."""
    return [*record.facts, *record.targets]


def cites(record: Record) -> list[tuple[str, Cite]]:
    """Every citation of the record, with the entry it belongs to."""
    found = [(one.id, cite) for one in scored(record) for cite in one.cites]
    for conflict in record.conflicts:
        found += [(conflict.id, cite) for one in conflict.versions for cite in one.cites]
    return found


def test_every_row_is_an_entry(record: Record) -> None:
    ids = [one.id for one in record.facts]
    assert len(SEED_ROWS) == 32
    assert [one for one in ids if one.startswith("S")] == SEED_ROWS
    assert [one for one in ids if re.fullmatch(r"P\d+", one)] == [f"P{n}" for n in range(1, 46)]
    assert [one.id for one in record.conflicts] == [f"K{n}" for n in range(1, 13)]
    assert [one.id for one in record.targets] == [f"T{n}" for n in range(1, 11)]


def test_a_row_split_in_two_keeps_its_number(record: Record) -> None:
    ids = {one.id for one in record.facts}
    parts = [one for one in ids if "-" in one]
    assert parts
    assert {one.partition("-")[0] for one in parts} <= ids


def test_at_least_half_of_the_seed_is_not_fed(record: Record) -> None:
    seed = [record.fact(id) for id in SEED_ROWS]
    assert sum(one.must_follow and one.kind in MUST_FOLLOW for one in seed) >= 16
    assert sum(one.background for one in seed) <= 2


def test_the_clock_and_what_lies_before_it(record: Record) -> None:
    assert record.calendar.iso(0) == "2024-10-04T00:00+05:00"
    assert record.calendar.iso(record.ends) == "2025-01-05T00:00+05:00"
    assert all(record.fact(id).background for id in ("P1", "P2", "P3"))


def test_every_entry_is_cited_with_a_place(record: Record) -> None:
    cited = cites(record)
    everyone = {one.id for one in scored(record)} | {one.id for one in record.conflicts}
    assert {id for id, _ in cited} == everyone
    assert all(cite.at.strip() for _, cite in cited)
    assert {cite.source for _, cite in cited} == {one.id for one in record.sources}


def test_every_seed_row_points_into_the_seed(record: Record) -> None:
    for id in SEED_ROWS:
        [at] = [cite.at for cite in record.fact(id).cites if cite.source == "seed"]
        assert re.match(r"sentence \d+, '.+'$", at), id


def test_no_more_than_fifteen_words_are_quoted(record: Record) -> None:
    quotes = [
        (id, found[1])
        for id, cite in cites(record)
        if (found := re.search(r"(?<!\w)'(.+)'(?!\w)", cite.at))
    ]
    assert len(quotes) >= 32
    assert [(id, quote) for id, quote in quotes if len(quote.split()) > 15] == []


def test_nothing_is_later_than_the_record(record: Record) -> None:
    facts = [one.id for one in record.facts if (one.span.latest or 0) >= record.ends]
    assert facts == []
    last = record.calendar.at("2025-01-05T00:00")
    late = [one.id for one in record.sources if one.date.latest is None or one.date.latest >= last]
    # one page goes on being edited, and says so; the seed's own page tells when it was read
    assert late == ["wikipedia-november"]
    assert "goes on being edited" in record.source("wikipedia-november").note
    assert "23 October 2025" in record.source("seed").note
    notes = [one.note for one in scored(record)]
    assert not any("2025-1" in one or "October 2025" in one for one in notes)


def test_copies_of_one_informant_are_one_family(record: Record) -> None:
    assert {record.family(id) for id in ("seed", "R1", "R2", "R3")} == {"abbasi-informant"}
    families = {one.family for one in record.sources}
    assert len(families) > 20


def test_addresses_and_urls_are_used_once(record: Record) -> None:
    urls = [one.url for one in record.sources]
    assert len(set(urls)) == len(urls)
    addresses = [one.address for fact in record.facts for one in fact.decisions]
    assert len(set(addresses)) == len(addresses)


def test_a_tolerance_is_one_the_targets_give(record: Record) -> None:
    tolerant = {one.id: one.tolerance for one in scored(record) if one.tolerance}
    three, five = 3 * 1440, 5 * 1440
    assert tolerant == {
        "T8": three,
        "S25": five, "S28": five, "P41": five, "P43": five, "T9": five,
    }  # fmt: skip


def test_a_night_is_dated_as_a_night(record: Record) -> None:
    span = record.fact("S11").span
    assert (record.calendar.iso(span.earliest or 0), record.calendar.iso(span.latest or 0)) == (
        "2024-10-14T20:00+05:00",
        "2024-10-15T02:00+05:00",
    )


def test_all_dates_are_written_as_they_are_read(record: Record) -> None:
    dated = [(one.span.text, one.span) for one in scored(record)]
    assert [text for text, span in dated if span.format(record.calendar) != text] == []


def test_patterns_ask_for_events_and_fields_that_exist(record: Record) -> None:
    known: dict[str, set[str]] = {}
    for event in EVENTS:
        known[getattr(event, "name", "")] = set(event.__struct_fields__)
    for name in record.names():
        if name.kind == "event":
            assert name.name in known, name.unknown(known)
        if name.kind == "field":
            assert name.name in known[name.of], name.unknown(known[name.of])


def test_every_used_name_has_a_line_that_holds_it(record: Record) -> None:
    lines = PATH.read_text(encoding="utf-8").splitlines()
    for name in record.names():
        number = int(re.match(r"record\.toml:(\d+) ", str(name.place))[1])  # type: ignore[index]
        assert name.name in lines[number - 1]
