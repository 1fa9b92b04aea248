"""Every first screen of every story: it fits, in every alphabet and width, and uses none of the words that were dropped."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from negosim.stories import loading

BANNED = re.compile(
    r"\b(?:fed|unfed|mostly fed|ess|weighted draw|factual|consulted in none|asked in \d+ of|hindcast|persistence"
    r"|alarms|not to be told|chance begins|worth \d+|puts the backchannel to rest|is not met|worlds?|likelier|foretell)\b",
    re.IGNORECASE,
)
"""The words of the first release for which there are better ones."""
LONGEST = {"whatif": 40}
LINES = 45
DATES = {
    "cuba-1962": "1962-10-24", "oslo-1993": "1993-01-20", "pti-2024": "2024-11-14", "south-africa-1985": "1989-07-05",
}  # fmt: skip
FAST = (
    "list", "show NAME", "run NAME", "questions NAME", "check NAME",
)  # fmt: skip
SLOW = (
    "replay NAME -n 40", "forecast NAME --from DATE -n 40", "turning-points NAME -n 16", "study NAME -n 20",
    "whatif NAME QUESTION -n 80 --seconds 5",
)  # fmt: skip
LOOKS = {
    "80": ("80", ()), "160": ("160", ()), "ascii": ("80", ("--ascii",)), "no colour": ("80", ("--no-color",)),
}  # fmt: skip


def commands(templates: tuple[str, ...], story: str) -> list[list[str]]:
    """The commands of some verbs about a story, asked at its own date and question."""
    from negosim.stories.questions import questions_of

    question = questions_of(loading.load(story)).questions[0].id
    filled = (text.replace("QUESTION", question).replace("DATE", DATES[story]) for text in templates)
    return [text.replace("NAME", story).split() for text in filled]


def check(said, verb: str, width: int, *, in_ascii: bool, text: str) -> None:
    """That a screen answers, fits and says nothing banned."""
    assert said.code in (0, 1), said.err
    lines = said.out.rstrip("\n").splitlines()
    assert lines, text
    assert len(lines) <= LONGEST.get(verb, LINES), text
    assert max(cell_len(line) for line in lines) <= width, text
    assert "\x1b" not in said.out
    assert not in_ascii or said.out.isascii()
    words = [match[0] for match in BANNED.finditer(said.out)]
    assert words == [], text


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("story", DATES)
def test_every_screen_fits_and_speaks_plainly(negosim, monkeypatch, story, look):
    width, flags = LOOKS[look]
    monkeypatch.setenv("COLUMNS", width)
    for words in commands(FAST, story):
        said = negosim(*words, *flags)
        check(said, words[0], int(width), in_ascii="--ascii" in flags, text=f"{' '.join(words)}\n{said.out}")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """One store for the slow screens: what one look has asked, the next is only shown."""
    return tmp_path_factory.mktemp("kept")


@pytest.mark.slow
@pytest.mark.parametrize("verb", SLOW, ids=lambda template: template.replace("NAME ", ""))
@pytest.mark.parametrize("story", DATES)
def test_every_answer_fits_and_speaks_plainly(negosim, kept, home, monkeypatch, story, verb):
    monkeypatch.setenv("NEGOSIM_HOME", str(kept))
    (words,) = commands((verb,), story)
    for look, (width, flags) in LOOKS.items():
        monkeypatch.setenv("COLUMNS", width)
        (place := home / look).mkdir()
        monkeypatch.chdir(place)  # study writes its file here
        said = negosim(*words, *flags)
        check(said, words[0], int(width), in_ascii="--ascii" in flags, text=f"{' '.join(words)}\n{said.out}")


def test_a_screen_that_is_too_long_or_too_old_is_caught(negosim):
    said = negosim("show", "pti-2024", "--all")
    with pytest.raises(AssertionError):
        check(said, "show", 80, in_ascii=False, text="")
    assert BANNED.search("This fact was mostly fed")
    assert not BANNED.search("The federal capital")
