"""The key: five marks, each with a word, a sign and a colour of its own."""

from __future__ import annotations

from rich.cells import cell_len

from negosim.report.wording.key import MARKS, SIMULATED, TOLD, key


def test_no_two_marks_share_a_word_a_sign_or_a_colour() -> None:
    for face in ("word", "glyph", "plain", "style", "css"):
        assert len({getattr(mark, face) for mark in MARKS}) == len(MARKS) == 5, face


def test_a_sign_fills_one_cell_and_has_an_ascii_twin() -> None:
    for mark in MARKS:
        assert cell_len(mark.glyph) == cell_len(mark.plain) == 1
        assert mark.plain.isascii()


def test_a_screen_can_name_only_the_marks_it_shows() -> None:
    assert key((TOLD, SIMULATED), plain=False).plain == "▌ told to the model   ░ simulated"


def test_the_key_in_ascii_is_ascii() -> None:
    assert key(plain=True).plain.isascii()
