"""A page as HTML: one file that fetches nothing and runs nothing but its own script.

The policy names the style and the script by their digests, so that a browser refuses whatever
else a text of a story might try. Texts are escaped by the templates; nothing is marked safe but
drawings made of numbers and the program's own words.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from negosim.report.page.html import isolated
from negosim.report.page.lanes import STROKES, width_of
from negosim.report.wording.key import SIMULATED
from negosim.report.wording.numbers import many

if TYPE_CHECKING:
    from negosim.report.page.knowledge import Sheet
    from negosim.report.page.page import Page
    from negosim.report.terminal.lanes import Lanes

STYLE, SCRIPT = "style.css", "script.js"


def render(page: Page) -> str:
    """The page as one HTML document; the same page gives the same text."""
    drawings = page.history.drawings
    used = {fact.stroke for fact in page.history.facts}
    days = {day: place for place, day in enumerate(dict.fromkeys(row.day for row in page.rows))}
    odds = [[list(one) for one in course.intervals] for course in page.odds.courses] if page.odds else []
    return _html(
        "page.html",
        page=page,
        days=days,
        strokes=[(letter, stroke) for letter, stroke in STROKES.items() if letter in used],
        signs=list(drawings.signs.values()),
        drawings=drawings.definitions(),
        lanes=drawings.lanes,
        simulated=SIMULATED,
        axis=page.odds.axis if page.odds else None,
        manifest=json.dumps(dict(page.manifest), indent=1) if page.manifest else "",
        data=script_json({"days": list(days), "odds": odds, "at": page.odds.at if page.odds else ()}),
    )


def render_sheet(sheet: Sheet) -> str:
    """What an actor knew, as one HTML document."""
    days = {one.iso: place for place, one in enumerate(sheet.days)}
    used = {heard.stroke for one in sheet.days for heard in one.heard}
    return _html(
        "knowledge.html",
        page=sheet,
        days=days,
        strokes=[(letter, stroke) for letter, stroke in STROKES.items() if letter in used],
        signs=list(sheet.drawings.signs.values()),
        drawings=sheet.drawings.definitions(),
        lanes=sheet.drawings.lanes,
        manifest=json.dumps(dict(sheet.manifest), indent=1),
        axis=None,
        data=None,
    )


def _html(template: str, lanes: Lanes, **values: Any) -> str:
    style = f":root{{--lanes:{width_of(lanes)}px}}\n{_text(STYLE)}"
    script = "\n".join(line for line in map(str.strip, _text(SCRIPT).splitlines()) if not line.startswith("//"))
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    found = _environment().get_template(template)
    return found.render(style=Markup(style), script=Markup(script), policy=policy, lanes=lanes, **values)  # noqa: S704 - own files


def _digest(text: str) -> str:
    """A source expression of a content security policy: the digest of an inline element."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


@cache
def _text(name: str) -> str:
    return (files("negosim.report.page") / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_text), autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True, undefined=StrictUndefined, keep_trailing_newline=True,
    )  # fmt: skip
    made.globals.update(many=many)
    made.filters["iso"] = isolated
    return made


def script_json(value: object) -> Markup | None:
    """JSON that cannot end the element it stands in."""
    if value is None:
        return None
    text = json.dumps(value, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
