"""What is written beside a store appears whole or not at all."""

import os

import pytest

from negosim.stores.atomic_file import write_file, write_folder


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*"))


def broken_off(error):
    yield b"half"
    raise error


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt(), SystemExit(143)], ids=repr)
def test_what_breaks_off_leaves_the_file_that_was_there(tmp_path, error):
    path = tmp_path / "page.html"
    path.write_bytes(b"before")
    with pytest.raises(type(error)):
        write_file(path, broken_off(error))
    assert path.read_bytes() == b"before"
    assert files_in(tmp_path) == ["page.html"]


def test_a_file_takes_the_place_of_another_and_of_what_a_killed_process_left(tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(b"before")
    (tmp_path / ".page.html.part").write_bytes(b"half")
    write_file(path, [b"whole", b"ly"])
    assert path.read_bytes() == b"wholely"
    assert files_in(tmp_path) == ["page.html"]


def test_a_file_is_synced_before_it_takes_its_place(tmp_path, monkeypatch):
    path, done = tmp_path / "page.html", []
    monkeypatch.setattr(os, "fsync", lambda _: done.append(path.exists()))
    write_file(path, [b"whole"])
    assert done == [False]


def test_a_folder_appears_with_all_its_files_or_not_at_all(tmp_path):
    write_folder(tmp_path / "in" / "story", {"a.py": b"1", "b.toml": b"2"})
    assert files_in(tmp_path) == ["a.py", "b.toml", "in", "story"]
    with pytest.raises(TypeError):
        write_folder(tmp_path / "other", {"a.py": b"1", "b.toml": None})
    assert files_in(tmp_path) == ["a.py", "b.toml", "in", "story"]
