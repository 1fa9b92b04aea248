"""``negosim report``: one file, made of what was asked for and of nothing that was to be hidden."""

from __future__ import annotations

import subprocess
import sys

import pytest

from negosim.inference.evidence import record_until
from negosim.lab import dossier
from negosim.lab.dossier import cut
from negosim.stories.loading import load
from negosim.stories.questions import questions_of

FEW = ("-n", "100", "-j", "1", "--quick", "--decisions-alone")


@pytest.fixture
def page(tmp_path):
    return tmp_path / "page.html"


def test_a_page_without_a_question(negosim, page) -> None:
    said = negosim("report", "quarrel", "-o", str(page), *FEW)
    assert said.code == 0, said.err
    html = page.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert "A quarrel over a toll" in html
    assert "行會" in html
    assert said.out == ""
    assert "effective draws" in said.err


def test_the_page_on_stdout_is_the_page_in_the_file(negosim, page) -> None:
    negosim("report", "quarrel", "-o", str(page), *FEW)
    said = negosim("report", "quarrel", "-o", "-", *FEW)
    assert said.out == page.read_text(encoding="utf-8")


def test_two_processes_make_the_same_page(negosim, page) -> None:
    one = negosim("report", "quarrel", "-o", "-", *FEW)
    other = negosim("report", "quarrel", "-o", "-", "-n", "100", "-j", "2", "--quick", "--decisions-alone")
    assert one.out == other.out


def test_json_says_what_the_page_is_made_of(negosim, page) -> None:
    said = negosim("report", "quarrel", "-o", str(page), "--json", *FEW)
    assert said.document["bytes"] == len(page.read_bytes())
    assert said.document["replays"] == 100
    assert said.document["ess"] > 0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("visit-refusd",), "did you mean 'visit-refused'"),
        (("--knowledge-of", "kahn"), "did you mean 'khan'"),
        (("no-leak", "--knowledge-of", "khan"), "no what-ifs"),
        (("no-leak",) * 7, "at most 6"),
        (("--until", "tomorrow"), "not a local time"),
        (("no-leak", "--until", "2024-10-20"), "comes after 2024-10-20"),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_written(negosim, page, arguments, hint) -> None:
    said = negosim("report", "pti-2024", *arguments, "-o", str(page), *FEW)
    assert said.code == 2
    assert hint in " ".join(said.err.split())
    assert not page.exists()


def test_templates_are_imported_when_a_page_is_made_and_not_before() -> None:
    code = "import sys, negosim.cli, negosim.cli.share; sys.exit('jinja2' in sys.modules or 'negosim.lab.counterfactual.factorial' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_page_needs_a_place(negosim) -> None:
    assert negosim("report", "quarrel").code == 2
    said = negosim("report", "quarrel", "-o", "/nowhere/page.html", *FEW)
    assert said.code == 2
    assert "/nowhere/page.html" in said.err


@pytest.mark.slow
def test_a_page_with_three_what_ifs_is_no_larger_than_200_kilobytes(negosim, page) -> None:
    said = negosim("report", "pti-2024", "visit-refused", "own-physician-admitted", "not-re-arrested", "-o", str(page))
    assert said.code in (0, 1), said.err
    assert 100_000 < len(page.read_bytes()) < 200_000


# ── the future ──────────────────────────────────────────────────────────────────────────────────

UNTIL = "2024-10-20"


@pytest.fixture
def brief(monkeypatch) -> None:
    """Turning points and rivals from hardly any runs: here their words are looked for, not their figures."""
    monkeypatch.setattr(dossier, "TURNS_MIN", 4)
    monkeypatch.setattr(dossier, "RIVALS_MIN", 10)
    monkeypatch.setattr("negosim.lab.forecast.turning_points.PARTICLES", 100)


def words_of_the_future() -> list[str]:
    """What the record and the questions say of the time after the date, and nowhere before."""
    story = load("pti-2024")
    minute = story.scenario.calendar.at(f"{UNTIL}T23:59")
    record = story.documented
    known = {fact.id for fact in record_until(record, minute).facts}
    later = [fact.what for fact in record.facts if fact.id not in known]
    later += [one.title for one in record.sources if (one.date.latest or record.ends) > minute]
    later += [one.target.what for one in questions_of(story).outcomes if (one.target.span.latest or 0) > minute]
    later += [one.about for one in record.conflicts if not set(one.facts) <= known]
    before = " ".join(fact.what for fact in record.facts if fact.id in known)  # a rally at Sangjani, a march that clashed
    words = ("sangjani", "Sangjani", "final call", "final-call", "clash", "she-defied")
    return [*later, *(word for word in words if word not in before)]


@pytest.mark.once
def test_what_comes_after_the_date_is_not_in_the_file(negosim, page, brief) -> None:
    said = negosim("report", "pti-2024", "visit-refused", "--until", UNTIL, "-o", str(page), *FEW)
    assert said.code in (0, 1), said.err
    content = page.read_bytes()
    assert b"what comes after 20 Oct 2024 is left out" in content
    assert b"a page published later" in content
    future = words_of_the_future()
    assert len(future) > 60
    assert [words for words in future if words.encode() in content] == []


@pytest.mark.once
def test_without_the_date_the_future_is_there(negosim, page, brief) -> None:
    """The witness of the test above: the same search finds it in the whole page."""
    said = negosim("report", "pti-2024", "-o", str(page), *FEW)
    assert said.code == 0, said.err
    content = page.read_text(encoding="utf-8")
    assert len([words for words in words_of_the_future() if words in content]) > 60


def test_a_story_that_is_cut_keeps_no_word_of_what_is_cut_off() -> None:
    story = load("pti-2024")
    short = cut(story, story.scenario.calendar.at(UNTIL))
    assert short.documented.targets == ()
    assert 0 < len(short.documented.facts) < len(story.documented.facts)
    assert cut(story, None) is story


def test_an_actor_reads_only_what_it_knew(negosim, page) -> None:
    said = negosim("report", "pti-2024", "--knowledge-of", "speaker", "--until", "2024-11-20", "-o", str(page), *FEW)
    assert said.code == 0, said.err
    html = page.read_text(encoding="utf-8")
    assert "What Ayaz Sadiq knew" in html
    assert "what follows is left out" in html
    table = html.partition("<table id=chart")[2].partition("</table>")[0]
    assert "<b>announces</b>" in table
    assert "data-s=p" in table
    assert "data-s=b" not in table  # the Speaker hears what is said in public, and nothing of the back channel
