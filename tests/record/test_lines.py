"""Every key of a TOML text is found on the line it stands on."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from negosim.record.lines import Lines, lines_of

TEXT = '''\
# a comment with [[brackets]] = "and quotes"
title = "with # no comment and ]"

[[fact]]
id = "a"
cites = [
  { source = "x", at = "y = z" },  # said
  { source = 'it is', at = """two
lines""" },
]
begins = 2024-10-04 00:00:00
[fact.belief]
falls = 5

[[fact]]
"id" = "b"
belief.falls = 7
empty = []
'''


def test_lines_of_a_text_with_everything_in_it() -> None:
    lines = lines_of(TEXT)
    assert lines["title",] == 2
    assert lines["fact", 0] == 4
    assert lines["fact", 0, "cites"] == 6
    assert lines["fact", 0, "cites", 0, "at"] == 7
    assert lines["fact", 0, "cites", 1] == 8
    assert lines["fact", 0, "begins"] == 11
    assert lines["fact", 0, "belief"] == 12
    assert lines["fact", 0, "belief", "falls"] == 13
    assert lines["fact", 1, "id"] == 16
    assert lines["fact", 1, "belief", "falls"] == 17
    assert lines["fact", 1, "empty"] == 18


def test_the_nearest_line_around_what_is_missing() -> None:
    lines = Lines(TEXT)
    assert lines.at(("fact", 0, "cites", 0, "page")) == 7
    assert lines.at(("fact", 1, "kind")) == 15
    assert lines.at(("nothing",)) == 1


words = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
values = st.recursive(
    st.integers(-9, 9).map(str)
    | words.map(lambda one: '"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"')
    | words.filter(lambda one: "'" not in one).map(lambda one: f"'{one}'"),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda one: "[\n" + ",\n".join(one) + "\n]")
        | st.lists(inner, max_size=3).map(
            lambda one: "{" + ", ".join(f"k{n} = {v}" for n, v in enumerate(one)) + "}"
        )
    ),
    max_leaves=6,
)


@given(st.lists(values, max_size=5))
def test_every_path_of_a_sound_text_is_found_on_its_line(written: list[str]) -> None:
    text = "".join(f"\n[[entry]]\nkey = {value}\n" for value in written)
    lines = lines_of(text)
    assert len(tomllib.loads(text).get("entry", [])) == len(written)
    for place in range(len(written)):
        line = lines["entry", place, "key"]
        assert text.splitlines()[line - 1].startswith("key = ")
        assert lines["entry", place] == line - 1
    assert len({lines["entry", place] for place in range(len(written))}) == len(written)
