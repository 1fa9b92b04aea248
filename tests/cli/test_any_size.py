"""Every verb that asks, at sizes from one course on: no crash, no NaN, no interval without width."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from shutil import copytree

import pytest

from tests.cli.test_ask import QUESTIONS

pytestmark = pytest.mark.once
SIZES = (1, 2, 99, 100, *(pytest.param(n, marks=pytest.mark.slow) for n in (249, 250, 500)))
VERBS = {
    "whatif": ("no-offer",),
    "replay": (),
    "replay --predict": ("--predict",),
    "forecast": ("--from", "1724-03-01"),
    "forecast --do": ("--from", "1724-03-01", "--do", "crown.offer[strike]=wait"),
    "turning-points": (),
    "rivals": ("motive",),
    "causes": ("struck", "--question", "no-offer"),
    "check --recover": ("--recover", "--histories", "4"),
}
WITHOUT_ESTIMATE = ("known", "fixed")
"""What is known by then, or fixed by the evidence, is no estimate and needs no interval."""


@pytest.fixture
def story(tmp_path):
    """The quarrel with a question and two accounts of it."""
    folder = tmp_path / "quarrel"
    copytree(Path(__file__).parent / "stories" / "quarrel", folder)
    (folder / "questions.toml").write_text(QUESTIONS)
    code = (folder / "__init__.py").read_text()
    accounts = 'mechanisms={"proud": False}, accounts={"motive": {"pride": {"proud": True}, "need": {}}},'
    code = code.replace('happenings=("fair",),', f'happenings=("fair",), {accounts}')
    code = code.replace("    if offer is None:\n", '    if offer is None or seat.works("proud"):\n')
    (folder / "__init__.py").write_text(code)
    return str(folder)


def numbers(document, path=()):
    """Every number of a document with the way to it."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from numbers(value, (*path, key))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from numbers(value, (*path, place))
    elif isinstance(document, int | float):
        yield path, document


def intervals(document):
    """Every pair of ends, but for what is no estimate."""
    if isinstance(document, list):
        for value in document:
            yield from intervals(value)
    elif isinstance(document, dict) and not any(document.get(key) for key in WITHOUT_ESTIMATE):
        if isinstance(document.get("low"), float) and isinstance(document.get("high"), float):
            yield document["low"], document["high"]
        for key, value in document.items():
            if key.endswith("interval") and isinstance(value, list):
                yield tuple(value)
            else:
                yield from intervals(value)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_answers_at_any_size(negosim, story, verb, n):
    word = verb.split()[0]
    said = negosim(word, story, *VERBS[verb], "-n", str(n), "-j", "1", "--json")
    assert said.code in (0, 1), said.err
    assert [path for path, value in numbers(said.document) if not isfinite(value)] == []
    assert "NaN" not in said.out
    for low, high in intervals(said.document):
        assert low < high
    shown = negosim(word, story, *VERBS[verb], "-n", str(n), "-j", "1")
    assert "nan" not in shown.out.lower().split()
