"""The author's reference, one page a topic: ``negosim help TOPIC``.

``python -m pydoc negosim.stories.reference.TOPIC`` shows the same pages. Every page is read off the
code: the keys that the reader of records knows, the fields of events, the signatures of a seat's
acts. ``page.py`` says what a page is; each topic is a module with a ``PAGE``, whose example runs as
a test.
"""

from __future__ import annotations

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
    """The page of a topic. Raises NotFound with the nearest topic."""
    if topic not in TOPICS:
        raise NotFound("topic", topic, TOPICS)
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
