"""The key: five states, each with a word, a sign and a colour of its own."""

from __future__ import annotations

from rich.cells import cell_len

from negosim.report.wording.key import KEY, SIMULATED, TOLD, key_line


def test_no_two_states_share_a_word_a_sign_or_a_colour() -> None:
    for face in ("word", "sign", "plain", "style", "tone"):
        assert len({getattr(state, face) for state in KEY}) == len(KEY) == 5, face


def test_a_sign_fills_one_cell_and_has_an_ascii_twin() -> None:
    for state in KEY:
        assert cell_len(state.sign) == cell_len(state.plain) == 1
        assert state.plain.isascii()


def test_the_key_fits_a_line_of_eighty_columns() -> None:
    for plain in (False, True):
        line = key_line(plain=plain)
        assert line.cell_len <= 80
        assert all(state.word in line.plain for state in KEY)
        assert line.plain.isascii() is plain


def test_a_screen_can_name_only_the_states_it_shows() -> None:
    assert key_line((TOLD, SIMULATED)).plain == "▌ told to the model  ░ simulated"
