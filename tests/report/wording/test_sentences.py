"""Every event has a sentence and a sign; hostile text cannot break a line."""

from __future__ import annotations

import re
from typing import get_type_hints

import pytest
from msgspec.structs import replace

from negosim.core import events as e
from negosim.core.actors import NATURE, Actor
from negosim.core.terms import Clause, Terms
from negosim.report.terminal.glyphs import ARROWS, SIGNS, STROKES, sign_of
from negosim.report.wording.sentences import WORDS, Speaker, Wording
from negosim.report.wording.text import ascii_only, clean, isolated

SAMPLES = {
    "terms": Terms((Clause("toll", "half", "crown"),)),
    "branches": (e.Branch("yield", "a", "b"), e.Branch("fight", "c", "d")),
    "issues": ("toll", "gate"),
    "alternatives": ("talk", "wait"),
    "attributes": ((), ()),
    "address": "crown.answer[strike]",
    "share": 1000,
    "entry": 0,
    "final": True,
}


def sample(kind):
    """An event of a type with a word in every field."""
    values = {}
    for name in get_type_hints(kind):
        if name in kind.__struct_fields__:
            default = "crown" if name in ("by", "to", "about", "offerer") else "some-thing"
            values[name] = SAMPLES.get(name, 1440 if name in ("due", "until") else default)
    if kind is e.Met:
        values["to"] = ("guild", "league")
    return kind(**values)


@pytest.fixture(scope="module")
def speaker(tale):
    return Speaker(tale.actors, tale.calendar)


@pytest.mark.parametrize("kind", e.EVENTS, ids=lambda kind: kind.name)
def test_every_event_is_a_sentence_with_a_verb(kind, speaker):
    sentence = speaker.sentence(sample(kind))
    assert not re.search(r"[{}\[\]*]", sentence.plain.replace("crown.answer[strike]", ""))
    assert sentence.plain[:1].isupper()
    assert sentence.spans, "no verb is emphasised"


@pytest.mark.parametrize("kind", e.EVENTS, ids=lambda kind: kind.name)
def test_every_event_has_a_sign(kind):
    assert sign_of(sample(kind)).mark(plain=True).isascii()


def test_no_word_without_an_event():
    special = {"countered", "kept-partly", "due", "given", "stated"}
    assert set(WORDS) - special == {kind.name for kind in e.EVENTS} == set(SIGNS)


def test_each_sign_and_line_is_told_apart_without_colour():
    signs = dict.fromkeys(SIGNS.values())
    assert len({sign.glyph for sign in signs}) == len(signs)
    assert len({stroke.dash for stroke in STROKES.values()}) == len(STROKES)
    assert len({stroke.plain for stroke in STROKES.values()}) == len(STROKES)
    assert not {sign.glyph for sign in signs} & set(ARROWS)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (e.Offered("o", "crown", "guild", "formal", SAMPLES["terms"], answers="x"),
         "The Crown counters to 行會: half"),
        (e.Said("crown", "", "hall", "no-new-toll"), "The Crown states: no new toll"),
        (e.Kept("p", "crown", "guild", "half", share=400), "keeps 40 % of the promise"),
        (e.Promised("p", "crown", "guild", "half", "o", due=1440), "half, by 21 Dec"),
        (e.Announced("fair", NATURE.id, "given", 4320), "Fair is due on 23 Dec"),
        (e.Happened("fair", NATURE.id), "Fair"),
        (e.Ordered("x#2", "crown", "guild", "formal", "stop", ""), "instructs 行會: stop"),
        (e.Met("visit#2", "crown", ("guild",), "formal"), "meets 行會: visit (2)"),
    ],
)  # fmt: skip
def test_sentences_read_as_they_should(event, words, speaker):
    assert words in speaker.sentence(event).plain


def test_an_answer_is_told_in_the_scenarios_words(tale):
    speaker = Speaker(tale.actors, tale.calendar, wording=Wording({"crown.answer": {"talk": "sits down"}}))
    chose = tale.entries[2].event
    assert "decides: sits down" in speaker.sentence(chose).plain


@pytest.mark.parametrize(
    "hostile", ["a\nb\tc", "x\x1b[31mred", "\u202eevil", "b\x07ell", "\u2066a\u2069", "z\u200bz"]
)
def test_hostile_text_is_cleaned(hostile):
    assert all(char.isprintable() for char in clean(hostile))


def test_ten_thousand_letters_wrap(tale, rendered):
    from attrs import evolve

    from negosim.report.terminal.timeline import Timeline
    from negosim.report.terminal.timeline_rows import rows_of_run

    loud = evolve(tale.actors["guild"], name="x" * 10_000)
    rows = rows_of_run(tale.entries[1:2], tale.channels, tale.calendar)
    shown = rendered(Timeline(rows=rows, actors={**tale.actors, "guild": loud}, calendar=tale.calendar))
    assert max(map(len, shown.splitlines())) <= 80


def test_ascii_keeps_what_it_can():
    assert ascii_only("Señor – “no” … 行") == 'Senor - "no" ... ?'


def test_only_what_runs_leftwards_is_isolated():
    from rich.text import Text

    assert isolated(Text("plain")).plain == "plain"
    assert isolated(Text("لیگ")).plain == "\u2066لیگ\u2069"


CROWN, GUILD = "حکومتِ پاکستان", "הגילדה"


@pytest.fixture(scope="module")
def leftwards():
    """Actors whose names are written from right to left, in two scripts."""
    from datetime import datetime

    from negosim.core.time import Calendar

    named = {"crown": Actor("crown", CROWN), "guild": Actor("guild", GUILD)}
    return Speaker(named, Calendar(datetime(2024, 3, 1), "UTC"))


def test_each_name_in_a_sentence_is_isolated_by_itself(leftwards):
    """Else the first name would turn the sentence, and B would be seen to make the offer of A."""
    offered = sample(e.Offered)
    sentence = leftwards.sentence(replace(offered, by="crown", to="guild"))
    verb = sentence.plain[sentence.spans[0].start : sentence.spans[0].end]
    assert sentence.plain.startswith(f"\u2068{CROWN}\u2069 {verb}")
    assert f"\u2068{GUILD}\u2069" in sentence.plain
    met = leftwards.sentence(replace(sample(e.Met), by="crown", to=("guild", "crown")))
    assert met.plain.count("\u2068") == 3


def test_a_page_isolates_names_and_no_sentence(leftwards):
    from negosim.report.page.html import isolated, words_in

    page = str(words_in(leftwards, e.Denied(by="crown", claim="a-<plot>")).__html__())
    assert page == f"<bdi>{CROWN}</bdi> <b>denies</b>: a &lt;plot&gt;"
    assert isolated(f"\u2068{GUILD}\u2069: <yes>") == f"<bdi>{GUILD}</bdi>: &lt;yes&gt;"
    assert isolated(GUILD) == f"<bdi>{GUILD}</bdi>"


def test_a_name_broken_over_two_lines_is_isolated_on_each():
    from rich.text import Text

    for half in (f"The \u2068{CROWN[:7]}", f"{CROWN[7:]}\u2069 denies"):
        line = isolated(Text(half)).plain
        assert (line[0], line[-1]) == ("\u2066", "\u2069")
        assert line.count("\u2066") + line.count("\u2068") == line.count("\u2069") == 2


def test_ascii_carries_no_isolates(leftwards):
    plain = replace(leftwards, plain=True)
    assert plain.sentence(e.Denied(by="crown", claim="a-plot")).plain == "Crown denies: a plot"


PLURALS = [
    ("denied", "deny"), ("vetoed", "veto"), ("promised", "promise"), ("conveyed", "pass on"), ("reached", "reach"),
    ("called-off", "call off"), ("released", "release"), ("said", "tell"), ("kept", "keep the promise"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "verb"), PLURALS)
def test_a_plural_name_has_a_plural_verb(name, verb, tale):
    leaders = Actor("crown", "The leaders", plural=True)
    speaker = Speaker({**tale.actors, "crown": leaders}, tale.calendar)
    kind = next(kind for kind in e.EVENTS if kind.name == name)
    assert speaker.sentence(sample(kind)).plain.startswith((f"The leaders {verb} ", f"The leaders {verb}:"))
