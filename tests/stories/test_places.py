"""Finding stories: by path, by name, the first of a name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from negosim.core.errors import NotFound
from negosim.stories.loading import load
from negosim.stories.places import find, places
from tests.small_stories import FIRST


def test_a_story_is_found_by_path_and_by_name(write, monkeypatch):
    folder = write(FIRST, name="my_story")
    monkeypatch.setenv("NEGOSIM_PATH", str(folder.parent))
    assert "my-story" in places()
    assert find("my-story") == find("my_story") == find(str(folder)) == find(folder / "record.toml") == folder


def test_an_unknown_name_has_the_nearest_known_one(write, monkeypatch):
    monkeypatch.setenv("NEGOSIM_PATH", str(write(FIRST, name="my_story").parent))
    with pytest.raises(NotFound, match="did you mean 'my-story'"):
        load("my-stroy")
    with pytest.raises(NotFound, match=r"no scenario called '\./nowhere'"):
        load("./nowhere")


def test_the_first_place_wins(write, tmp_path, monkeypatch):
    near, named, here = (write(FIRST, name=f"{place}twice") for place in ("scenarios/", "named/", ""))
    monkeypatch.chdir(tmp_path / "scenarios" / "..")
    assert find("twice") == here
    here.rename(tmp_path / "gone")
    assert find("twice") == near
    monkeypatch.setenv("NEGOSIM_PATH", str(tmp_path / "named"))
    assert find("twice") == named


def test_what_is_installed_is_found_and_takes_no_place_of_what_is_at_hand(write, tmp_path, monkeypatch):
    site = tmp_path / "site"
    for name in ("installed", "twice"):
        write(FIRST, name=f"site/{name}")
    (site / "others-1.dist-info").mkdir()
    (site / "others-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1\n")
    points = "[negosim.scenarios]\ninstalled = installed\ntwice = twice\n"
    (site / "others-1.dist-info" / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(str(site))
    assert find("installed") == places()["installed"] == site / "installed"
    assert find("twice") == places()["twice"] == site / "twice"

    monkeypatch.setenv("NEGOSIM_PATH", str(write(FIRST, name="near/twice").parent))
    assert find("twice") == places()["twice"] == tmp_path / "near" / "twice"


def test_what_is_installed_in_an_archive_or_beside_what_cannot_be_read_is_found(write, tmp_path, monkeypatch):
    write(FIRST, name="site/zipped")
    (tmp_path / "site" / "odd-1.dist-info" / "entry_points.txt").mkdir(parents=True)
    with ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("others-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: others\nVersion: 1\n")
        archive.writestr("others-1.dist-info/entry_points.txt", "[negosim.scenarios]\nzipped = zipped\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert "zipped" not in places()
    monkeypatch.syspath_prepend(str(tmp_path / "archive.zip"))
    assert places()["zipped"] == tmp_path / "site" / "zipped"


def test_a_folder_here_is_found_by_the_name_that_new_was_given(write, monkeypatch):
    folder = write(FIRST, name="my_story")
    monkeypatch.chdir(folder.parent)
    assert find("my-story") == find("./my-story") == folder


def test_a_story_that_comes_with_negosim_is_listed_in_another_place(tmp_path):
    source = Path(__file__).parents[2]
    code = "from negosim.stories.places import places; print(*places())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(source)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    bundled = {path.parent.name.replace("_", "-") for path in (source / "scenarios").glob("*/__init__.py")}
    assert set(done.stdout.split()) == bundled
