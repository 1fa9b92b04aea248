"""Entries and their bytes."""

import json
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from negosim.core import events as e
from negosim.core.errors import BadValue, NegosimError, NotFound, StoreError
from negosim.core.events import EVENTS, Entry
from negosim.core.terms import Clause, Terms
from negosim.stores.encoding import chain, codec
from negosim.stores.encoding.canonical import LARGEST, canonical, parse
from negosim.stores.encoding.codec import decode, document, encode, read_all
from negosim.testing.people import Truce
from negosim.testing.stores.samples import NUMBERS, logs, sample_log

LOST = Entry(3, 90, e.Lost("nature", "bob", 2), (2,))
RAW = encode(LOST)
KEY = "ba8d0721274e2696e7fcc05236750fe5164ae4b6de8bbb51b51a23825671165e"
HEAD = "85b47d1f5dcafba0ba996baff349922c153aecfcd31561300d14216e8ae46200"
FORK = "7c3cec75eecbc4dc0809a985c6f4a455a6542e2a4db00b1e31071e9817e137ce"

PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127)), inside, max_size=4)
    ),
)


# ── entries ─────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_is_one_canonical_object():
    assert RAW == (
        b'{"causes":[2],"event":{"by":"nature","entry":2,"to":"bob"},'
        b'"index":3,"minute":90,"name":"lost","version":1}'
    )


@given(logs())
def test_decoding_is_the_inverse_of_encoding(log):
    assert read_all([encode(entry) for entry in log]) == list(log)
    for entry in log:
        raw = encode(entry)
        assert decode(raw) == entry
        assert parse(raw)["event"] == document(entry)["event"]


@given(logs())
def test_the_bytes_are_those_of_the_standard_library(log):
    for entry in log:
        plain = {
            "index": entry.index,
            "minute": entry.minute,
            "causes": list(entry.causes),
            "name": entry.event.name,
            "version": entry.event.version,
            "event": msgspec.to_builtins(entry.event),
        }
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert encode(entry) == text.encode()


def test_every_event_type_can_be_stored():
    log = sample_log(len(EVENTS))
    assert {type(decode(encode(entry)).event) for entry in log} == set(EVENTS)


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        (e.Lost("nature", "bob", 2**53), r"lost\.entry: 54-bit integer"),
        (e.Lost("nature", "bob", 1.0), r"lost\.entry: float 1\.0"),
        (e.Lost("nature", "bob", math.nan), r"lost\.entry: float nan"),
        (e.Lost("nature", "bob", True), r"lost\.entry: bool where int"),
        (e.Lost("nature", "bob", None), r"lost\.entry: NoneType where int"),
        (e.Lost("nature", 7, 1), r"lost\.to: int where str"),
        (e.Lost("nature", "\ud800", 1), r"lost\.to: .*lone surrogate"),
        (e.Lost("nature", b"bob", 1), r"lost\.to: bytes"),
        (e.Met("m", "ann", ["bob"], "c"), r"met\.to: list where tuple"),
        (e.Chose("a", "x", ("y",), ((("gain", 1.5),),), "y"), r"chose\.attributes\[0\]\[0\]\[1\]"),
        (e.Rejected("o", "a", "b", "c", Terms((Clause("i", 1, "b"),))), r"rejected\.terms"),
        (e.Rejected("o", "a", "b", "c", None), r"rejected\.terms: NoneType where Terms"),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_name(event, complaint):
    with pytest.raises(BadValue, match=complaint):
        encode(Entry(0, 0, event))


@pytest.mark.parametrize(
    "entry", [Entry(0.0, 0, LOST.event), Entry(0, 2**60, LOST.event), Entry(0, 0, LOST.event, [1])]
)
def test_the_envelope_is_checked_too(entry):
    with pytest.raises(BadValue, match=r"index|minute|causes"):
        encode(entry)


def test_an_event_outside_the_union_cannot_be_stored():
    class Losst(e.Event):
        pass

    with pytest.raises(NotFound, match="did you mean 'Lost'"):
        encode(Entry(0, 0, Losst()))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (b'"lost"', b'"losst"', "did you mean 'lost'"),
        (b'"lost"', b'"\\u001b[31m"', "no event called"),
        (b'"entry":2', b'"entry":"2"', r"Expected `int`, got `str` - at `\$\.entry`"),
        (b'"entry":2', b'"entry":2.0', "float"),
        (b'"entry":2', b'"entry":2e0', "float"),
        (b'"entry":2', b'"entry":02', "malformed"),
        (b'"entry":2,', b"", "missing required field `entry`"),
        (b'"entry":2', b'"entri":2,"entry":2', "no field called entri"),
        (b'"entry":2', b'"entry":2,"entry":2', "a key given twice"),
        (b'"entry":2', b'"entry": 2', "spaces"),
        (b'"entry":2', b'"entry":9007199254740992', "54-bit integer"),
        (b'"version":1', b'"version":2', "version 2, this negosim knows 1"),
        (b'"version":1', b'"version":0', "no upcaster to version 1"),
        (b'"version":1', b'"version":1,"x":1', "unknown field `x`"),
        (b'"index":3,', b"", "missing required field `index`"),
        (b'"bob"', b'"\\ud800"', "malformed"),
        (b'"bob"', b'"\xff"', "utf-?8|UTF-?8|encoded"),
        (b"{", b"[", "malformed|Expected|trailing"),
        (RAW, b"", "truncated"),
        (RAW, b"[" * 100_000, "."),
        (b'"bob"', b'"' + b"b" * (1 << 20) + b'"', "the largest has"),
    ],
)  # fmt: skip
def test_only_what_was_encoded_is_decoded(old, new, complaint):
    with pytest.raises(NegosimError, match=complaint) as caught:
        decode(RAW.replace(old, new, 1))
    assert str(caught.value).replace("\n", "").isprintable()


def test_a_default_left_out_is_not_canonical():
    raw = encode(Entry(0, 0, e.Kept("p", "a", "b", "w")))
    with pytest.raises(BadValue, match="field 'share' is missing"):
        decode(raw.replace(b'"share":1000,', b""))


def test_a_value_beyond_its_limits_is_refused_when_read():
    raw = encode(Entry(0, 0, e.Kept("p", "a", "b", "w")))
    with pytest.raises(BadValue, match="0 is broken"):
        decode(raw.replace(b'"share":1000', b'"share":0'))


def test_damaged_bytes_from_a_store_are_a_store_error():
    with pytest.raises(StoreError, match="cannot be read"):
        read_all([RAW[:-1]])
    with pytest.raises(StoreError, match="cannot be read"):
        read_all([RAW + b"," + RAW])
    with pytest.raises(StoreError, match="cannot be read"):
        read_all([RAW.replace(b'"lost"', b'"losst"')])


# ── old versions ────────────────────────────────────────────────────────────────────────────────


def test_older_versions_are_brought_up_to_date_step_by_step(monkeypatch):
    monkeypatch.setattr(e.Lost, "version", 3)
    upcasters = {
        ("lost", 1): lambda fields: {"by": fields["by"], "whom": fields["to"]},
        ("lost", 2): lambda fields: {"by": fields["by"], "to": fields["whom"], "entry": -1},
    }
    assert decode(RAW, upcasters) == Entry(3, 90, e.Lost("nature", "bob", -1), (2,))
    with pytest.raises(BadValue, match="no upcaster to version 3"):
        decode(RAW, {("lost", 1): upcasters["lost", 1]})


def test_an_old_entry_must_be_canonical_too(monkeypatch):
    monkeypatch.setattr(e.Lost, "version", 2)
    with pytest.raises(BadValue, match="not canonical"):
        decode(RAW.replace(b":2,", b": 2,", 1), {("lost", 1): dict})


def test_a_store_reads_old_entries(monkeypatch):
    monkeypatch.setattr(e.Lost, "version", 2)
    monkeypatch.setitem(codec.UPCASTERS, ("lost", 1), dict)
    assert read_all([RAW, RAW]) == [LOST, LOST]


@pytest.mark.parametrize(
    ("name", "fields", "event"),
    [
        ("kept", {"share": 500}, e.Kept("p", "ann", "bob", "day", "", 500)),
        ("broken", {}, e.Broken("p", "ann", "bob", "day")),
        ("settled-too-late", {}, e.SettledTooLate("p", "ann", "bob", "day")),
    ],
)
def test_what_the_first_release_wrote_of_promises_is_read(name, fields, event):
    """Version 1 did not say by whose hand, nor what a late settlement was meant as."""
    body = {"promise": "p", "by": "ann", "to": "bob", "what": "day", "through": "", **fields}
    raw = canonical({"causes": [], "event": body, "index": 0, "minute": 5, "name": name, "version": 1})
    assert decode(raw) == Entry(0, 5, event)


def test_what_the_first_release_wrote_of_late_answers_is_read():
    late = e.AnsweredTooLate("o", "ann", "bob", "quiet", Terms.of(Truce.DAY))
    raw = encode(Entry(0, 5, late)).replace(b'"version":2', b'"version":1')
    for newer in (b'"answer":"",', b'"awaits":[],', b'"due":null,', b'"final":false,'):
        raw = raw.replace(newer, b"")
    assert decode(raw) == Entry(0, 5, late)
    assert late.as_meant is late


# ── documents ───────────────────────────────────────────────────────────────────────────────────


@given(PLAIN)
def test_documents_are_written_as_rfc_8785_says(plain):
    rfc8785 = pytest.importorskip("rfc8785", reason="rfc8785 is not installed")
    assert canonical(plain) == rfc8785.dumps(plain)


@given(PLAIN)
def test_documents_come_back(plain):
    raw = canonical(plain)
    assert parse(raw) == plain
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert raw == text.encode()


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"a": [0, 1.5]}, r"\$\.a\[1\]: float 1\.5"),
        ({"a": {"é": 1}}, r"\$\.a: key 'é' is not ASCII"),
        ({1: 2}, "key 1 is not ASCII"),
        ({"a": LARGEST + 1}, "54-bit"),
        ({"a": "\udfff"}, "surrogate"),
        ({"a": {1, 2}}, "set"),
        ({"a": b"x"}, "bytes"),
    ],
)
def test_documents_that_encoders_write_differently_are_refused(document, complaint):
    with pytest.raises(BadValue, match=complaint):
        canonical(document)


def test_depth_is_limited():
    deep = []
    for _ in range(100):
        deep = [deep]
    with pytest.raises(BadValue, match="deep"):
        canonical(deep)
    with pytest.raises(BadValue, match=r"deep|malformed|JSON"):
        parse(b"[" * 100_000 + b"]" * 100_000)


# ── chain ───────────────────────────────────────────────────────────────────────────────────────


def test_the_chain_is_what_it_was_in_the_first_release():
    """These digests stand in stored files: they never change."""
    manifest = {"scenario": "toy", "seed": 7}
    raw, parent = canonical({"seed": 8}), bytes(32)
    assert chain.run_key(manifest) == KEY
    assert chain.head(manifest, (LOST, LOST)) == HEAD
    assert chain.fork(parent, raw).hex() == FORK


@given(logs(), st.data())
def test_every_part_of_an_entry_is_in_its_link(log, data):
    if not log:
        return
    index = data.draw(st.integers(0, len(log) - 1))
    entry = log[index]
    for other in (
        replace(entry, minute=entry.minute + 1),
        replace(entry, causes=(*entry.causes, 0)),
        replace(entry, index=entry.index + 1),
        replace(entry, event=e.Denied("claim", "another")),
    ):
        changed = (*log[:index], other, *log[index + 1 :])
        assert other == entry or chain.head({}, changed) != chain.head({}, log)
