"""An address is taken apart in one place."""

from __future__ import annotations

import pytest

from negosim.core.address import Address


@pytest.mark.parametrize(
    ("text", "actor", "decision", "key", "stem"),
    [
        ("bob.first[x]", "bob", "first", "x", "bob.first"),
        ("bob.first[x]#2", "bob", "first", "x", "bob.first"),
        ("bob.first", "bob", "first", "", "bob.first"),
        ("bob.first#2", "bob", "first", "", "bob.first"),
        ("nature.loss[way-bob-said-bob/way/a.b-ann]", "nature", "loss", "way-bob-said-bob/way/a.b-ann", "nature.loss"),
        ("bob", "bob", "", "", "bob"),
        ("", "", "", "", ""),
    ],
)
def test_an_address_is_actor_decision_and_key(text, actor, decision, key, stem):
    address = Address.of(text)
    assert (address.text, address.actor, address.decision, address.key, address.stem) == (text, actor, decision, key, stem)


def test_an_open_key_covers_every_question_of_its_decision():
    wanted = Address.of("bob.first[*]")
    assert wanted.is_open
    assert wanted.covers("bob.first[x]")
    assert wanted.covers("bob.first[x]#2")
    assert not wanted.covers("bob.first-of-all[x]")
    assert not wanted.covers("bob.second[x]")


def test_a_closed_key_covers_its_own_question_alone():
    wanted = Address.of("bob.first[x]")
    assert not wanted.is_open
    assert wanted.covers("bob.first[x]")
    assert not wanted.covers("bob.first[x]#2")
    assert not wanted.covers("bob.first[xy]")


def test_nature_decides_at_her_own_addresses():
    assert Address.of("nature.hour[storm]").is_natural
    assert not Address.of("naturalist.hour[storm]").is_natural
