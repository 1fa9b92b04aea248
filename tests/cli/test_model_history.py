"""How much a model was worked on stands in every report: versions replayed, the freeze, changes since."""

from __future__ import annotations

from pathlib import Path

from negosim.stories.preregistration import ModelHistory


def test_before_the_first_replay_there_is_nothing_to_say():
    assert ModelHistory(0, None, 0, ()).lines == ()
    assert ModelHistory(0, "1724-04-01", 0, ()).lines == (
        "0 versions of this model replayed against its record. It was frozen on 1724-04-01, unchanged since.",
    )


def test_versions_replayed_are_counted_by_replay_and_check(negosim, quarrel):
    folder = quarrel("record.toml", "documented", "documented")
    fast = ("-n", "20", "-j", "1")
    assert negosim("replay", folder, *fast, "--json").document["standing"]["versions"] == 1
    assert "1 version of this model replayed" in " ".join(negosim("replay", folder, *fast, "--all").out.split())
    quarrel("__init__.py", "calm=900", "calm=800")
    assert negosim("check", folder, "--json").document["standing"]["versions"] == 1
    assert negosim("replay", folder, *fast, "--json").document["standing"]["versions"] == 2
    quarrel("__init__.py", "calm=800", "calm=700")
    said = negosim("check", folder, "--recover", "--histories", "2", *fast)
    assert "3 versions of this model replayed against its record. It is not frozen" in " ".join(said.out.split())
    # deleting what was shown forgets no version
    for run in negosim("store", "list", "--json").document:
        negosim("store", "delete", run["run"])
    assert negosim("check", folder, "--json").document["standing"]["versions"] == 3


def test_changes_since_the_freeze_are_listed(negosim, quarrel):
    folder = quarrel("record.toml", "documented", "documented")
    assert negosim("freeze", folder, "--date", "1724-04-01").code == 0
    assert "frozen on 1724-04-01, unchanged since" in " ".join(negosim("check", folder).out.split())
    quarrel("__init__.py", "calm=900", "calm=800")
    said = negosim("replay", folder, "-n", "20", "-j", "1", "--all")
    assert "frozen on 1724-04-01, changed since in 1" in " ".join(said.out.split())
    assert "menu crown.offer talk: calm 900, price -100 -> calm 800, price -100" in " ".join(said.out.split())
    ahead = negosim("forecast", folder, "--from", "1724-03-01", "-n", "40", "-j", "1", "-v")
    assert "Written after the events" in ahead.out
    assert "changed since in 1" in ahead.out
    turns = negosim("turning-points", folder, "-n", "20", "-j", "1", "--all")
    assert "menu crown.offer talk" in turns.out
    assert negosim("turning-points", folder, "-n", "20", "-j", "1", "--json").document["standing"]["tuned"]


def test_a_freeze_that_an_editor_changed_is_read_or_told(negosim, quarrel):
    folder = quarrel("record.toml", "documented", "documented")
    negosim("freeze", folder, "--date", "1724-04-01")
    file = Path(folder) / "freeze.json"
    whole = file.read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + whole)
    assert "frozen on 1724-04-01, unchanged since" in " ".join(negosim("check", folder).out.split())
    for spoilt in (whole[:40], b"[]", b'{"date": "1724-04-01"}', whole.decode().encode("utf-16")):
        file.write_bytes(spoilt)
        said = negosim("check", folder)
        assert said.code == 2
        assert "freeze.json: is not as 'negosim freeze' wrote it" in said.err


def test_a_forecast_from_after_the_freeze_is_one(negosim, quarrel):
    folder = quarrel("record.toml", "documented", "documented")
    negosim("freeze", folder, "--date", "1724-03-01")
    said = negosim("forecast", folder, "--from", "1724-03-02", "-n", "40", "-j", "1")
    assert "Written before the events" in said.out
    document = negosim("forecast", folder, "--from", "1724-03-01", "-n", "40", "-j", "1", "--json").document
    assert document["after_the_events"] is False
    assert set(document["scores"]) == {"model", "random", "base rates", "persistence", "repetition"}
    assert document["scores"]["persistence"]["events"] == 2


def test_a_check_needs_no_store(negosim, quarrel, monkeypatch):
    folder = quarrel("record.toml", "documented", "documented")
    monkeypatch.setenv("NEGOSIM_HOME", "/proc/none")
    said = negosim("check", folder)
    assert said.code == 0
    assert "not frozen" in said.out
    assert "version" not in said.out
