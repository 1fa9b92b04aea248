"""Questions that cannot be answered, and a posterior that cannot be kept or trusted: one screen, nothing lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from negosim.stores.sqlite import SqliteStore
from tests.cli.test_ask import QUESTIONS
from tests.cli.test_bad_input import NO, USAGE, assert_tells

ASKED = ("no-offer", "-n", "80", "-j", "1", "--json")


@pytest.fixture
def story(quarrel, home):
    (home / "quarrel" / "questions.toml").write_text(QUESTIONS)
    return str(home / "quarrel")


def altered(home, change):
    """Change every posterior that the store has kept."""
    with closing(sqlite3.connect(home / "home" / "negosim.sqlite")) as base, base:
        rows = base.execute("SELECT document, key FROM kept WHERE kind IN ('island', 'guide')").fetchall()
        assert rows
        base.executemany("UPDATE kept SET document = ? WHERE key = ?", [(change(raw), key) for raw, key in rows])


def flipped(document):
    return document[:-1] + bytes([document[-1] ^ 1])


# ── questions ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "verb",
    [
        ("whatif", "--do", "crown.offer[strik]=wait", "-n", "40", "-j", "1"),
        ("forecast", "--from", "1724-03-01", "--do", "crown.offer[strik]=wait", "-n", "40", "-j", "1"),
        ("causes", "struck", "--question", "elsewhere", "-n", "4", "-j", "1"),
        ("run", "--do", "crown.offer[strik]=wait"),
    ],
)
def test_a_change_that_nobody_reaches(negosim, story, home, verb):
    elsewhere = QUESTIONS.split("[[question]]")[1].replace("no-offer", "elsewhere").replace("[strike]", "[strik]")
    (home / "quarrel" / "questions.toml").write_text(f"{QUESTIONS}\n[[question]]{elsewhere}")
    word, *rest = verb
    assert_tells(negosim(word, story, *rest), NO, "took hold in none of", "did you mean 'crown.offer[strike]'?")


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan"])
def test_seconds_that_are_no_time(negosim, story, seconds):
    assert_tells(negosim("whatif", story, "no-offer", "--seconds", seconds), USAGE, "--seconds")


def test_a_second_is_time_enough_for_a_rough_answer(negosim, story):
    said = negosim("whatif", story, "no-offer", "--seconds", "0.001", "-n", "4000", "-j", "1", "--json")
    assert said.code == 0
    assert said.document["n"] < 400


# ── records ─────────────────────────────────────────────────────────────────────────────────────


def test_a_record_that_no_course_follows_is_named_and_costs_finite_bits(negosim, story, quarrel):
    """The crown's offer came, and the guild is said to have struck and to have called the strike off."""
    quarrel("record.toml", 'expect = [{ event = "called-off", by = "guild", what = "strike" }]',
            'expect = [{ event = "called-off", by = "guild", what = "strike" }, { event = "ended", by = "guild" }]')  # fmt: skip
    said = negosim("replay", story, "-n", "40", "-j", "1", "--json")
    (row,) = [row for row in said.document["facts"] if row["id"] == "Q3"]
    assert (said.code, row["reproduced"]) == (0, False)
    assert 0 < row["surprise_bits"] < 20
    said = negosim("whatif", story, *ASKED)
    assert said.code == 0
    assert said.document["evidence"]["failing"] == ["Q3"]
    assert "no simulated course bears out Q3" in " ".join(negosim("whatif", story, *ASKED[:-1]).out.split())


def test_a_story_that_raises_in_every_course_is_told_with_its_line(negosim, story, quarrel):
    quarrel("__init__.py", '        seat.call_off("strike")', "        1 / 0")
    quarrel("record.toml", 'chose = "talk"', 'chose = "talk" }, { address = "guild.answer[half]", chose = "accept"')
    assert_tells(negosim("whatif", story, *ASKED), 3, "ZeroDivisionError", "__init__.py:")


# ── what is kept ────────────────────────────────────────────────────────────────────────────────


def test_a_flipped_bit_in_the_posterior(negosim, story, home):
    document = negosim("whatif", story, *ASKED).document
    altered(home, flipped)
    for verb in (("whatif", story, *ASKED), ("replay", story, "-n", "80", "-j", "1")):
        assert_tells(negosim(*verb), USAGE, "of the posterior has been altered", "--store PLACE", "--seed")
    assert negosim("whatif", story, *ASKED, "--store", str(home / "other.sqlite")).document == document


def test_a_posterior_of_another_story(negosim, story, home, quarrel):
    negosim("whatif", story, *ASKED)
    with closing(sqlite3.connect(home / "home" / "negosim.sqlite")) as base:
        theirs = dict(base.execute("SELECT kind || substr(key, 65), document FROM kept"))
    quarrel("record.toml", "A quarrel", "Another quarrel")
    negosim("whatif", story, *ASKED)
    with closing(sqlite3.connect(home / "home" / "negosim.sqlite")) as base, base:
        for key, place in base.execute("SELECT key, kind || substr(key, 65) FROM kept").fetchall():
            base.execute("UPDATE kept SET document = ? WHERE key = ?", (theirs[place], key))
    assert_tells(negosim("whatif", story, *ASKED), USAGE, "belongs to another story, record or release")


def test_a_disk_that_is_full_while_the_posterior_is_kept_loses_nothing_that_was(negosim, story, home, monkeypatch):
    document = negosim("whatif", story, *ASKED, "--store", str(home / "other.sqlite")).document
    kept, put = [], SqliteStore._cache_put

    def until_full(self, kind, key, value):
        if len(kept) == 4:
            ((pages,),) = self._execute("PRAGMA page_count")
            self._execute(f"PRAGMA max_page_count = {pages}")
            value += bytes(10**6)
        put(self, kind, key, value)
        kept.append(key)

    monkeypatch.setattr(SqliteStore, "_cache_put", until_full)
    assert_tells(negosim("whatif", story, *ASKED), USAGE, "the disk is full", "is not lost", "--store")
    monkeypatch.undo()
    monkeypatch.setenv("NEGOSIM_HOME", str(home / "home"))
    with closing(sqlite3.connect(home / "home" / "negosim.sqlite")) as base:
        assert [key for (key,) in base.execute("SELECT key FROM kept WHERE kind != 'version'")] == kept
    assert negosim("whatif", story, *ASKED).document == document
