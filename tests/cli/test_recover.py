"""``check --recover`` on a small story: the band, the verdict, and whether what-ifs cover known twins."""

from __future__ import annotations

import pytest

from .test_ask import story  # noqa: F401 - a fixture

pytestmark = pytest.mark.once


def test_the_band_stands_beside_the_records_score(negosim, story):  # noqa: F811
    said = negosim("check", story, "--recover", "--histories", "20", "-n", "40", "-j", "1")
    text = " ".join(said.out.split())
    assert said.code == 0
    assert "20 histories of 2 decisions (median), none lost" in text or "20 histories of 1 decisions" in text
    assert "verdict: inside" in text
    assert "no-offer struck" in text
    assert any("well formed and agree on names" in line for line in said.out.splitlines())


def test_recover_json(negosim, story):  # noqa: F811
    document = negosim("check", story, "--recover", "--histories", "20", "-n", "40", "-j", "1", "--json").document
    found = document["recover"]
    assert found["verdict"] == "inside"
    assert found["low"] <= found["record"] <= found["high"]
    assert (found["histories"], found["lost"], found["n"]) == (20, 0, 40)
    (one,) = found["calibration"]
    assert one["ok"] is True
    assert one["histories"] == 20


def test_recover_needs_a_record(negosim, story):  # noqa: F811
    from pathlib import Path

    (Path(story) / "record.toml").unlink()
    (Path(story) / "questions.toml").unlink()
    said = negosim("check", story, "--recover", "--histories", "2", "-n", "5", "-j", "1")
    assert said.code == 2
    assert "no record called" in said.err
