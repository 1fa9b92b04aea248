"""Texts of a story as HTML: escaped, and kept from reordering what stands beside them."""

from __future__ import annotations

from markupsafe import Markup, escape

from negosim.report.wording.text import clean, is_right_to_left


def isolated(text: object) -> Markup:
    """A text, escaped; isolated where part of it runs from right to left."""
    plain = clean(str(text))
    return Markup("<bdi>{}</bdi>").format(plain) if is_right_to_left(plain) else escape(plain)
