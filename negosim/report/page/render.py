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
from negosim.report.page.svg import axis
from negosim.report.terminal.lanes import Lanes

if TYPE_CHECKING:
    from negosim.report.page.knowledge import Sheet
    from negosim.report.page.page import Page
    from negosim.report.page.record_page import RecordPage

STYLE, SCRIPT = "style.css", "script.js"


def render(page: Page) -> str:
    """The page as one HTML document; the same page gives the same text."""
    chart = page.chart
    used = {letter for row in chart.rows for letter in row.strokes}
    days = {day: place for place, day in enumerate(dict.fromkeys(row.day_of for row in chart.rows))}
    board = {"figures": page.board.figures, "held": page.board.held} if page.board.switches else None
    return _html(
        "page.html",
        page=page,
        days=days,
        strokes=[(letter, stroke) for letter, stroke in STROKES.items() if letter in used],
        signs=list(chart.drawings.signs.values()),
        drawings=chart.drawings.definitions(),
        lanes=chart.lanes,
        years=_years(page),
        months=axis(page.months),
        months_of_weeks=axis(page.months_of_weeks),
        manifest=json.dumps(dict(page.manifest), indent=1),
        data=script_json(board),
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
        data=None,
    )


def render_record(page: RecordPage) -> str:
    """A record alone, as one HTML document."""
    return _html("record.html", page=page, lanes=Lanes(()), signs=[], drawings=[], data=None)


def _years(page: Page) -> str:
    """The years of the rows: ``2024`` or ``2024–25``."""
    years = sorted({row.at.year for row in page.chart.rows})
    return "" if not years else f"{years[0]}" + (f"–{years[-1] % 100:02d}" if years[-1] != years[0] else "")


def _html(template: str, lanes: Lanes, **values: Any) -> str:
    style = f":root{{--lanes:{width_of(lanes)}px}}\n{_text(STYLE)}"
    script = _text(SCRIPT)
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
    made.globals.update(pc=_percent, two=_two, signed=_signed)
    made.filters["iso"] = isolated
    return made


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _two(share: float) -> str:
    return f"{share:.2f}"


def _signed(effect: float) -> str:
    said = f"{effect:+.2f}"
    return "0.00" if said in ("+0.00", "-0.00") else said.replace("-", "−")


def script_json(value: object) -> Markup | None:
    """JSON that cannot end the element it stands in."""
    if value is None:
        return None
    text = json.dumps(value, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
