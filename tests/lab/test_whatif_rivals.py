"""Rival accounts: a verdict only where the record tells them apart, whatever the priors."""

from __future__ import annotations

import pytest

from negosim.core.errors import NotFound
from negosim.lab.library import load
from negosim.lab.rivals import classes_of, rivals

from .conftest import FIRST, STORY

WEIGHING = (
    STORY.replace("    while True:\n", "    shy = seat.works('bob-is-shy')\n    while True:\n")
    .replace("        if (yield from seat.choose(first", "        if shy and seat.chance('shyness', asked.what, {shy}):\n            continue\n        if (yield from seat.choose(first")
    .replace(
        '{{ann: {{"gain": weight}}, bob: {{"gain": weight}}}},\n',
        '{{ann: {{"gain": weight}}, bob: {{"gain": weight}}}}, {{"bob-is-shy": False, "idle": False}},\n'
        '    {{"bob": {{"shy": {{"bob-is-shy": True}}, "bold": {{"bob-is-shy": False}}, "brave": {{}}}}}},\n',
    )
)  # fmt: skip


def story(write, shyness):
    return load(write(FIRST, sd=500, story=WEIGHING.replace("{shy}", str(shyness))))


def test_accounts_that_imply_the_same_are_one_class():
    found = classes_of({"a": {"x": True}, "b": {}, "c": {"x": False}}, {"x": True})
    assert list(found) == ["a = b", "c"]


def test_a_verdict_where_the_record_tells(write):
    found = rivals(story(write, 950_000), "bob", n=600, jobs=1)
    assert found.verdict == "bold = brave"
    assert found.rivals[0].posterior > 0.9
    document = found.to_json()
    assert "among the accounts listed" in document["note"]
    assert set(document["rivals"][0]) >= {"name", "prior", "posterior", "log_evidence", "se"}


def test_no_verdict_where_it_hardly_does(write):
    found = rivals(story(write, 300_000), "bob", n=400, jobs=1)
    assert found.verdict is None
    assert "not surely above 3" in found.why_not


def test_an_unknown_topic_is_told_with_the_nearest(write):
    with pytest.raises(NotFound, match="did you mean 'bob'"):
        rivals(story(write, 300_000), "bobb", n=10, jobs=1)
