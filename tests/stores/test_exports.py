"""Runs in other programs' formats: each is what its readers expect, and says what it leaves out."""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
import warnings
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from negosim.core import events
from negosim.core.errors import BadValue, NotFound, StoreError
from negosim.core.events import EVENTS, Denied, Entry, Offered, Suspended
from negosim.core.time import Calendar
from negosim.stores.exports import FORMATS, VIEWS, view
from negosim.stores.exports.csv import plain_cell
from negosim.stores.exports.jsonl import read_jsonl, write_jsonl
from negosim.stores.exports.plover import CODES, DIFFERS, QUADS, cameo_quad, code_of
from negosim.stores.exports.rows import COLUMNS, rows
from negosim.stores.exports.transcript import fields_of
from negosim.stores.memory import MemoryStore
from negosim.testing.stores.samples import logs, sample_log
from tests.stores.exporting import HOSTILE, STORY, transcript, written

TOLD = transcript()
PLAIN = sorted(set(VIEWS) - {"parquet"})


def lines(form, told=TOLD):
    return [json.loads(line) for line in written(form, told).splitlines()]


def test_every_format_is_named_once_and_can_be_written():
    assert FORMATS == ("jsonl", "csv", "parquet", "ocel", "cloudevents", "plover", "dot", "mermaid")
    assert all(written(form, TOLD) for form in PLAIN)


@pytest.mark.parametrize("form", PLAIN)
def test_the_same_transcript_is_the_same_bytes(form):
    assert written(form, TOLD) == written(form, transcript())


@pytest.mark.parametrize("form", PLAIN)
def test_every_event_type_can_be_written(form):
    assert written(form, transcript(sample_log(len(EVENTS))))


@pytest.mark.parametrize("form", PLAIN)
def test_a_minute_beyond_the_calendar_is_told(form):
    far = transcript(
        [
            Entry(0, 2**53 - 1, Denied("sold", "crown")),
            Entry(1, 2**53 - 1, Suspended("quiet", "crown")),
        ]
    )
    with pytest.raises(BadValue, match="entry [01]: minute 9007199254740991 has no date"):
        written(form, far)


# ── CSV and Parquet ─────────────────────────────────────────────────────────────────────────────


def csv_rows(raw):
    """The tidy table read back, as ``rows`` gives it."""
    for row in csv.DictReader(StringIO(raw.decode(), newline="")):
        yield {
            "run": plain_cell(row["run"]),
            "index": int(row["index"]),
            "minute": int(row["minute"]),
            "at": datetime.fromisoformat(row["at"]),
            "label": row["label"],
            "sentence": plain_cell(row["sentence"]),
            "event": row["event"],
            "version": int(row["version"]),
            "by": plain_cell(row["by"]),
            "to": [plain_cell(one) for one in row["to"].split(" ")] if row["to"] else [],
            "channel": plain_cell(row["channel"]),
            "about": plain_cell(row["about"]),
            "details": json.loads(row["details"]),
            "causes": [int(one) for one in row["causes"].split()],
        }


def test_csv_has_a_header_and_a_row_per_event():
    table = list(csv.DictReader(StringIO(written("csv", TOLD).decode())))
    assert tuple(table[0]) == COLUMNS
    assert len(table) == len(STORY)
    assert table[3]["at"] == "1924-03-01T09:00+05:30"
    assert table[11]["to"] == "crown guild"
    assert json.loads(table[14]["details"])["share"] == 400
    assert table[7]["causes"] == "3 6"


def test_every_row_says_in_words_what_happened_and_that_it_was_simulated():
    table = list(csv.DictReader(StringIO(written("csv", TOLD).decode())))
    assert table[1]["sentence"] == "guild: announced strike"
    assert {row["label"] for row in table} == {"simulated", "simulated claim"}
    assert [row["event"] for row in table if row["label"] == "simulated claim"] == ["claimed"]


def test_csv_rows_come_back():
    assert list(csv_rows(written("csv", TOLD))) == list(rows(TOLD))


@given(logs())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_csv_rows_of_any_log_come_back(log):
    told = transcript(log)
    before = [
        row | {"at": row["at"].replace(second=0)}
        for row in rows(told)
        if "" not in row["to"]  # a meeting with somebody of no name
    ]
    after = {row["index"]: row for row in csv_rows(written("csv", told))}
    assert [after[row["index"]] for row in before] == before


def test_parquet_rows_come_back_with_their_types():
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(BytesIO(written("parquet", TOLD)))
    assert tuple(table.column_names) == COLUMNS
    assert str(table.schema.field("at").type) == "timestamp[ms, tz=Asia/Karachi]"
    back = [row | {"details": json.loads(row["details"])} for row in table.to_pylist()]
    assert back == list(rows(TOLD))
    run = json.loads(table.schema.metadata[b"negosim"])
    assert run == {"key": TOLD.key, "head": TOLD.head, "manifest": TOLD.manifest}


@given(logs())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=30)
def test_parquet_rows_of_any_log_come_back(log):
    parquet = pytest.importorskip("pyarrow.parquet")
    told = transcript(log)
    table = parquet.read_table(BytesIO(written("parquet", told)))
    back = [row | {"details": json.loads(row["details"])} for row in table.to_pylist()]
    assert back == list(rows(told))


def test_parquet_without_pyarrow_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(StoreError, match=r"pip install 'negosim\[parquet\]'"):
        written("parquet", TOLD)


# ── OCEL ────────────────────────────────────────────────────────────────────────────────────────


def test_ocel_declares_what_it_uses_and_relates_events_to_objects():
    log = json.loads(written("ocel", TOLD))
    objects = {one["id"]: one for one in log["objects"]}
    types = {
        one["name"]: {x["name"]: x["type"] for x in one["attributes"]} for one in log["eventTypes"]
    }
    assert {one["type"] for one in log["objects"]} == {one["name"] for one in log["objectTypes"]}
    for event in log["events"]:
        assert {one["name"] for one in event["attributes"]} <= set(types[event["type"]])
        assert all(one["objectId"] in objects for one in event["relationships"])
        assert datetime.fromisoformat(event["time"]).tzinfo is not None
    things = [*log["events"], *log["objects"]]
    assert all(type(one["value"]) is str for thing in things for one in thing["attributes"])
    values = [
        (types[x["type"]][a["name"]], a["value"]) for x in log["events"] for a in x["attributes"]
    ]
    assert all(type(json.loads(value)) is int for kind, value in values if kind == "integer")
    assert all(value in ("true", "false") for kind, value in values if kind == "boolean")
    due = {a["name"]: a["value"] for a in log["events"][1]["attributes"]}["due"]
    assert (types["announced"]["due"], due) == ("integer", str(50 * 60))
    related = {(one["qualifier"], one["objectId"]) for one in log["events"][8]["relationships"]}
    assert related == {
        ("by", "actor/crown"), ("to", "actor/guild"), ("offer", "offer/o"),
        ("promise", "promise/p"), ("through", "actor/envoy"),
    }  # fmt: skip
    assert objects["promise/p"]["relationships"] == [
        {"objectId": "actor/crown", "qualifier": "owed by"},
        {"objectId": "actor/guild", "qualifier": "owed to"},
        {"objectId": "offer/o", "qualifier": "follows from"},
    ]


@pytest.mark.parametrize("entries", [(), sample_log(len(EVENTS))], ids=["story", "every event"])
def test_ocel_is_read_by_pm4py(tmp_path, entries):
    told = transcript(entries)
    path = tmp_path / "log.json"
    path.write_bytes(written("ocel", told))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pm4py = pytest.importorskip("pm4py")
        ocel = pm4py.read_ocel2_json(str(path))
    document = json.loads(path.read_bytes())
    assert len(ocel.events) == len(told.entries)
    assert len(ocel.objects) == len(document["objects"])
    assert len(ocel.relations) == sum(len(one["relationships"]) for one in document["events"])
    assert len(ocel.o2o) == sum(len(one["relationships"]) for one in document["objects"])
    assert sorted(ocel.events["ocel:activity"]) == sorted(x.event.name for x in told.entries)


# ── CloudEvents ─────────────────────────────────────────────────────────────────────────────────


def test_cloud_events_carry_the_whole_event_and_its_causes():
    events = json.loads(written("cloudevents", TOLD))
    assert [one["id"] for one in events] == [str(index) for index in range(len(STORY))]
    assert events[7]["causationid"] == "3 6"
    assert "causationid" not in events[0]
    assert events[3]["type"] == f"negosim.offered.v{Offered.version}"
    assert events[3]["subject"] == "offer/o"
    assert [one["data"] for one in events] == [dict(fields_of(event)) for event, _ in STORY]
    assert sorted(one["sequence"] for one in events) == [one["sequence"] for one in events]


@pytest.mark.parametrize("entries", [(), sample_log(len(EVENTS))], ids=["story", "every event"])
def test_cloud_events_are_read_by_their_sdk(entries):
    formats = pytest.importorskip("cloudevents.core.formats.json")
    spec = pytest.importorskip("cloudevents.core.v1.event")
    told = transcript(entries)
    for entry, raw in zip(told.entries, json.loads(written("cloudevents", told)), strict=True):
        event = formats.JSONFormat().read(spec.CloudEvent, json.dumps(raw))
        assert event.get_id() == str(entry.index)
        assert event.get_source() == f"urn:negosim:run:{told.key}"
        assert event.get_time() == told.at(entry)
        assert event.get_extension("sequence") == raw["sequence"]
        assert event.get_data() == raw["data"]


# ── PLOVER ──────────────────────────────────────────────────────────────────────────────────────

MODES = {
    "CONSULT": {"visit", "third-party", "multilateral", "phone"},
    "RETREAT": {"withdraw", "release", "disarm", "ceasefire", "access", "resign"},
    "REQUEST": {"assist", "change", "yield", "meet"},
    "REJECT": {"assist", "change", "yield", "meet"},
    "ACCUSE": {"disapprove", "investigate", "allege"},
    "THREATEN": {"restrict", "arrest", "relations", "expel", "territory", "violence"},
    "PROTEST": {"demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"},
    "SANCTION": {"convict", "expel", "withdraw", "discontinue"},
}
"""The modes of the manual for the events that have any."""


def test_every_code_is_one_of_the_manuals():
    known = {event for events in QUADS.values() for event in events}
    assert len(known) == 16
    names = {cls.name for cls in EVENTS}
    for (name, _), code in CODES.items():
        assert name in names
        assert code.event in known
        assert not code.mode or code.mode in MODES[code.event]
        assert code.cameo.isdigit()
        assert 3 <= len(code.cameo) <= 4


CROSSWALK = {
    "030": ("AGREE", ""), "035": ("AGREE", ""), "036": ("AGREE", ""), "042": ("CONSULT", "visit"),
    "045": ("CONSULT", ""), "046": ("CONSULT", ""), "057": ("SUPPORT", ""), "080": ("CONCEDE", ""),
    "081": ("CONCEDE", ""), "082": ("CONCEDE", ""), "106": ("DEMAND", "meet"),
    "112": ("ACCUSE", "disapprove"), "120": ("REJECT", ""), "1243": ("REJECT", "yield"),
    "125": ("REJECT", "meet"), "128": ("REJECT", "yield"), "129": ("REJECT", "yield"),
    "133": ("THREATEN", "relations"), "139": ("THREATEN", "relations"), "141": ("PROTEST", "demo"),
    "164": ("SANCTION", "withdraw"),
}  # fmt: skip
"""What ``CAMEO2PLOVER-2021.txt`` of openeventdata/PLOVER makes of the CAMEO codes used here."""


def test_codes_are_those_of_the_crosswalk_or_say_why_not():
    other = {key for key, code in CODES.items() if CROSSWALK[code.cameo] != (code.event, code.mode)}
    assert other == set(DIFFERS)
    assert all(len(reason.split()) > 5 for reason in DIFFERS.values())


def test_what_happens_to_a_channel_is_done_to_its_other_members():
    log = (
        Entry(0, 0, events.Suspended(by="crown", channel="table"), ()),
        Entry(1, 5, events.Resumed(by="chair", channel="table"), ()),
        Entry(2, 9, events.Suspended(by="crown", channel="unheard-of"), ()),
    )
    told = lines("plover", transcript(log))
    recipients = [[entity["identifier_text"] for entity in one["recipient"]] for one in told]
    assert recipients == [["guild", "chair"], ["crown", "guild"], []]


def test_times_before_standard_time_are_written_in_utc():
    calendar = Calendar(datetime(1815, 3, 1), "Europe/Vienna")
    told = evolve(TOLD, calendar=calendar)
    assert calendar.local(0).utcoffset() == timedelta(hours=1, minutes=5, seconds=21)
    plover = next(line for line in lines("plover", told) if line["negosim_entry"] == 1)
    stamps = [
        f"{plover['date']}T{plover['time']}",
        json.loads(written("ocel", told))["events"][1]["time"],
        json.loads(written("cloudevents", told))[1]["time"],
        list(csv.DictReader(StringIO(written("csv", told).decode())))[1]["at"],
    ]
    for stamp in stamps:
        assert stamp.endswith("+00:00")
        assert datetime.fromisoformat(stamp) == calendar.local(told.entries[1].minute)


def test_events_become_codes():
    coded = {one["negosim_entry"]: one for one in lines("plover")}
    told = {
        index: (one["event"][0], *one["mode"], one["negosim_cameo"]) for index, one in coded.items()
    }
    assert told == {
        1: ("THREATEN", "relations", "133"), 3: ("AGREE", "035"), 4: ("REQUEST", "meet", "106"),
        5: ("RETREAT", "access", "081"), 6: ("CONSULT", "visit", "042"), 7: ("SUPPORT", "057"),
        8: ("AGREE", "035"), 9: ("CONCEDE", "082"), 10: ("ACCUSE", "allege", "112"),
        11: ("CONSULT", "third-party", "045"), 12: ("CONSULT", "046"), 14: ("RETREAT", "080"),
    }  # fmt: skip


def test_required_fields_stand_and_nothing_is_presented_as_history():
    for one in lines("plover"):
        assert {"id", "date", "actor", "event"} <= set(one)
        assert one["actor"]
        assert one["context"] == ["hypothetical"]
        assert one["quad_code"] in QUADS
        assert datetime.fromisoformat(f"{one['date']}T{one['time']}").tzinfo is not None
        assert all(entity["code"] == "" for entity in (*one["actor"], *one["recipient"]))
    assert len({one["id"] for one in lines("plover")}) == len(lines("plover"))


def test_a_claim_stays_a_claim():
    claims = [one for one in lines("plover") if one["event"] == ["ACCUSE"]]
    assert [one["negosim_claim_by"] for one in claims] == ["envoy"]
    assert [entity["identifier_text"] for entity in claims[0]["recipient"]] == ["crown"]
    assert [one for one in lines("plover") if "negosim_claim_by" in one] == claims


def test_who_visits_is_the_actor_and_who_meets_is_everybody():
    coded = {one["negosim_entry"]: one for one in lines("plover")}

    def ids(entities):
        return [one["identifier_text"] for one in entities]

    assert (ids(coded[6]["actor"]), ids(coded[6]["recipient"])) == (["envoy"], ["guild"])
    assert (ids(coded[11]["actor"]), ids(coded[11]["recipient"])) == (
        ["chair", "crown", "guild"],
        [],
    )


def test_sectors_come_from_actors_that_have_one():
    from attrs import frozen

    from negosim.core.actors import Actor

    @frozen
    class Placed(Actor):
        sector: str = ""

    told = transcript(actors={"guild": Placed("guild", "The Guild", sector="LAB")})
    assert lines("plover", told)[0]["actor"][0]["sector"] == "LAB"
    assert lines("plover")[0]["actor"][0]["sector"] == ""


def test_concessions_are_verbal_in_one_scheme_and_material_in_the_other():
    called_off = next(one for one in lines("plover") if one["negosim_event"] == "called-off")
    assert (called_off["quad_code"], called_off["negosim_cameo_quad"]) == (1, 2)
    assert [cameo_quad(code) for code in ("057", "080", "139", "141")] == [1, 2, 3, 4]


def test_what_has_no_code_is_counted():
    _, lost = view("plover", TOLD)
    assert lost.startswith("PLOVER has no code for 3 of 15 entries (1 chose, 1 happened, 1 said)")
    assert all(
        code_of(TOLD, entry.event) is None for entry in TOLD.entries if entry.event.by == "nature"
    )


def test_only_lossy_formats_say_that_they_lose():
    assert {form for form in VIEWS if view(form, TOLD)[1]} == {"plover", "dot", "mermaid"}


# ── graphs ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("form", "arrow"), [("dot", "->"), ("mermaid", "-->")])
def test_a_graph_has_a_node_per_entry_and_an_arrow_per_cause(form, arrow):
    text = written(form, TOLD).decode().splitlines()
    arrows = [line.split() for line in text if f" {arrow} " in line]
    wanted = [
        (f"n{cause}", f"n{index}") for index, (_, causes) in enumerate(STORY) for cause in causes
    ]
    assert [(one, other) for one, _, other in arrows] == wanted
    assert sum(
        bool(re.match(r"  n\d+[ [{]", line)) and f" {arrow} " not in line for line in text
    ) == len(STORY)
    assert "行會" in "".join(text)


@pytest.mark.parametrize(("form", "name"), [("dot", "\u2068{}\u2069"), ("mermaid", "#8296;{}#8297;")])
def test_the_giver_stands_left_of_the_arrow_in_every_script(form, name):
    """Each name is isolated by itself: else a line that begins with one from right to left is turned as a whole."""
    envoy = name.format("لیگ کا ایلچی")
    assert f"{envoy} → The Crown" in written(form, TOLD).decode()


def test_an_unknown_format_is_a_mistake_of_the_caller():
    assert len(HOSTILE) == len(set(HOSTILE))
    with pytest.raises(NotFound, match="did you mean 'parquet'"):
        view("parqet", TOLD)


def test_times_are_instants():
    first = json.loads(written("cloudevents", TOLD))[0]
    assert datetime.fromisoformat(first["time"]).astimezone(UTC).isoformat() == (
        "1924-02-29T18:30:00+00:00"
    )


# ── files that are no run ───────────────────────────────────────────────────────────────────────


def refused(raw):
    """Why these bytes are not imported; nothing is kept of them."""
    with MemoryStore() as store:
        with pytest.raises(StoreError) as caught:
            read_jsonl(store, raw.splitlines(keepends=True))
        assert list(store.runs()) == []
    return str(caught.value)


@pytest.mark.parametrize("form", [*PLAIN, "parquet"])
def test_an_export_that_is_no_run_is_called_what_it_is(form):
    if form == "parquet":
        pytest.importorskip("pyarrow")
    assert re.search(rf"^line 1: this is no negosim run .*but .*{form}", refused(written(form, TOLD)), re.IGNORECASE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw.replace(b"\n", b"\r\n"), "line ends were changed to those of Windows"),
        (lambda raw: b"\xef\xbb\xbf" + raw, "begins with a byte-order mark"),
        (lambda raw: raw.decode().encode("utf-16"), "the file is UTF-16 text"),
        (gzip.compress, "packed with gzip; unpack it first"),
        (lambda _: b"<negotiation_template/>\n", "XML"),
        (lambda _: b"event_id_cnty,event_date\n", "this is no negosim run"),
    ],
)
def test_what_happened_to_a_run_on_its_way_is_said(change, words):
    with MemoryStore() as store:
        raw = b"".join(write_jsonl(store, store.put_run({"seed": 1}, sample_log(3))))
    assert words in refused(change(raw))


def test_an_entry_that_cannot_follow_is_refused_with_its_line():
    with MemoryStore() as store:
        raw = b"".join(write_jsonl(store, store.put_run({"seed": 1}, sample_log(5))))
    spoilt = re.sub(rb'("index":3,.*"minute":)\d+', rb"\g<1>0", raw)
    assert spoilt != raw
    assert "line 5: its minute 0 lies before" in refused(spoilt)
