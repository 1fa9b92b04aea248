"""The author's reference, one page a topic: ``negosim help TOPIC``.

``python -m pydoc negosim.stories.reference.TOPIC`` shows the same pages. Every page is read off the
code: the keys that the reader of records knows, the fields of events, the signatures of a seat's
acts. ``page.py`` says what a page is; each topic is a module with a ``PAGE``, whose example runs as
a test.
"""

from __future__ import annotations

import re
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from negosim.core.errors import NotFound

if TYPE_CHECKING:
    from negosim.stories.reference.page import Page

HERE = "negosim.stories.reference"
TOPICS = {
    **{
        topic: f"{HERE}.{topic}"
        for topic in (
            "record", "expect", "questions", "changes", "time", "decisions", "events", "seat", "channels", "parts",
        )
    },
    "testing": "negosim.testing.plugin.manual",
}  # fmt: skip
"""Each topic with the module of its page; those of higher floors are imported only when asked for."""


def page_about(topic: str) -> Page:
    """The page of a topic. Raises NotFound with the nearest topic, or the pages on which the word stands."""
    if topic not in TOPICS:
        pages = _pages_with(topic)
        raise NotFound("topic", topic, () if pages else TOPICS, f"it stands on: {', '.join(pages)}" if pages else "")
    page: Page = import_module(TOPICS[topic]).PAGE
    return page


def contents() -> dict[str, str]:
    """Each topic with what its page is about; of a page that needs what is not installed, what it needs."""
    about = {}
    for topic in TOPICS:
        try:
            about[topic] = page_about(topic).about
        except ModuleNotFoundError as missing:
            about[topic] = f"needs {missing.name}, which is not installed: pip install 'negosim[test]'"
    return about


def _pages_with(word: str) -> list[str]:
    """The commands that show a page on which a word stands."""
    whole = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    found = []
    for topic in TOPICS:
        with suppress(ModuleNotFoundError):  # contents() says what such a page needs
            if whole.search(str(page_about(topic))):
                found.append(f"negosim help {topic}")
    return found
