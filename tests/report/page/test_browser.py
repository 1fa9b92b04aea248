"""The page in a browser, used as a person uses it."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

from negosim.lab.dossier import dossier_of_record
from negosim.record import load_record
from negosim.report.wording.key import MARKS
from tests.report.page.conftest import page_html
from tests.report.page.dossiers import HOSTILE, as_long_as_pti, dossier, refused

RECORD = Path(__file__).parents[3] / "scenarios" / "pti_2024" / "record.toml"

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def html() -> str:
    return page_html(dossier(40))


@pytest.fixture(scope="module")
def brief() -> str:
    """A page that has one of everything, for those who look at every element of it."""
    return page_html(dossier(12))


def axe_findings(found) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    result = axe.Axe().run(found.page)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in result.response["violations"]]


def visible_rows(found) -> list[int]:
    return found.evaluate("[...document.querySelectorAll('#chart tr[data-d]')].map((one, at) => one.offsetParent ? at : -1).filter((at) => at >= 0)")


def test_it_loads_in_silence_and_fetches_nothing(opened, html) -> None:
    found = opened(html)
    assert found.quiet, (found.said, found.asked)
    assert found.page.title() == "plain"


def test_a_request_would_be_noticed(opened, html) -> None:
    """The witness is awake: an image from elsewhere is refused by the policy, and said on the console."""
    found = opened(html.replace("<main id=main>", '<main id=main><img alt="" src="https://example.invalid/x.png">'))
    assert not found.quiet
    assert any("Content Security Policy" in line for line in found.said)


def test_a_script_of_somebody_else_is_refused(opened, html) -> None:
    found = opened(html.replace("<main id=main>", "<main id=main><script>window.ran = 3</script>"))
    assert found.evaluate("window.ran") is None
    assert found.said


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (400, "light"), (400, "dark")])
def test_axe_finds_nothing(opened, brief, width: int, scheme: str) -> None:
    found = opened(brief, width=width, scheme=scheme)
    found.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert axe_findings(found) == []


def test_axe_would_find_something(opened, brief) -> None:
    found = opened(brief.replace("--soft:#57606a", "--soft:#c9d1d9").replace('<html lang="en">', "<html>"))
    assert axe_findings(found)


def test_nothing_runs_out_of_the_window(opened, html) -> None:
    found = opened(html)
    for width in (320, 400, 700, 1001, 1280, 1920):
        found.resize(width)
        assert found.evaluate("document.documentElement.scrollWidth") <= width


def test_the_slider_hides_what_is_later(opened, html) -> None:
    found = opened(html)
    everything = visible_rows(found)
    found.page.locator("#until").press("Home")
    assert 0 < len(visible_rows(found)) < len(everything)
    assert found.page.locator("#until-day").inner_text() == "20 Dec"
    assert found.page.locator("#until").get_attribute("aria-valuetext") == "20 Dec"
    found.page.locator("#until").press("End")
    assert visible_rows(found) == everything
    assert found.page.locator("#until-day").inner_text() == "the end"


def test_a_telephone_tells_both_sides(opened, html) -> None:
    found = opened(html, width=400)
    row = found.page.locator("#fact-X1")
    assert row.locator("td.t").is_visible()
    assert "in neither simulated course" in row.locator("td.r").inner_text()
    assert found.page.locator("#fact-D1 td.t").is_visible()
    assert not found.page.locator("#fact-D1 td.r").is_visible()  # as documented goes without saying
    assert not found.page.locator("#chart td.l").first.is_visible()
    assert found.page.locator("#fact-C1 td.r").is_hidden()


def test_a_channel_can_be_left_out(opened, html) -> None:
    found = opened(html)
    before = visible_rows(found)
    found.page.get_by_label("formal").uncheck()
    assert set(visible_rows(found)) < set(before)
    assert not found.page.locator("#fact-X1").is_visible()
    found.page.get_by_label("formal").check()
    assert visible_rows(found) == before


def test_each_column_can_stand_beside_the_record(opened, html) -> None:
    found = opened(html)
    options = found.texts("#beside option")
    assert options == ["q0", "q1", "q2", "The Crown", "The League", "The Guild"]
    left, seen = found.texts("#chart td.t"), []
    for place in range(len(options)):
        found.page.locator("#beside").select_option(index=place)
        seen.append(found.texts("#chart td.r"))
        assert found.page.locator("#chart thead .q:visible").count() == 1
        assert found.texts("#chart td.t") == left  # the record stays, whatever stands beside it
    assert seen[0] != seen[1]
    found.page.locator("#beside").select_option(index=0)
    assert "Here the two part" in " ".join(found.texts("#chart .fork"))
    found.page.locator("#beside").select_option(index=1)
    assert not found.page.locator("#chart .fork").first.is_visible()


def test_what_no_model_uses_and_what_both_courses_have_are_shown_when_asked_for(opened, html) -> None:
    found = opened(html)
    assert not found.page.locator("#fact-B1").is_visible()
    few = visible_rows(found)
    found.page.locator("#context").check()
    assert found.page.locator("#fact-B1").is_visible()
    found.page.locator("#common").check()
    assert len(visible_rows(found)) > len(few) + 1


def test_facts_can_be_searched(opened) -> None:
    found = opened(page_html(dossier_of_record(load_record(RECORD))))
    everything = len(visible_rows(found))
    found.page.locator("#search").fill("D-Chowk zebra")
    assert visible_rows(found) == []
    found.page.locator("#search").fill("sángjani")
    words = found.texts("#chart tr[data-d]:visible td.t")
    assert 2 < len(words) < everything
    assert all("Sangjani" in text for text in words)
    assert found.page.locator("#count").inner_text() == f"{len(words)} of 84 facts"
    assert "search=" in found.page.url
    found.page.locator("#search").fill("")
    assert len(visible_rows(found)) == everything


def test_a_view_can_be_sent(opened, html) -> None:
    """Everything that can be set stands in the address, and an address sets it again."""
    found = opened(html)
    found.page.locator("#beside").select_option(label="The League")
    found.page.locator("#search").fill("plain")
    found.page.locator("#until").press("ArrowLeft")
    found.page.get_by_label("formal").uncheck()
    found.page.locator("#context").check()
    found.page.locator("#fact-B1 a.id").click()
    view = "[...document.querySelectorAll('#beside,#search,#until,.bar-of-controls input')].map((one) => one.type === 'checkbox' ? one.checked : one.value)"
    address, state, shown = found.page.url, found.evaluate(view), visible_rows(found)
    assert "#fact-B1&" in address
    found.page.goto("about:blank")
    found.page.goto(address)
    assert (found.evaluate(view), visible_rows(found)) == (state, shown)
    assert found.evaluate("document.activeElement.id") == "fact-B1"


def test_a_link_to_a_fact_shows_it_even_where_it_is_folded_away(opened, html) -> None:
    found = opened(html)
    found.page.evaluate("location.hash = '#fact-B1'")
    found.page.locator("#fact-B1").wait_for(state="visible")


@pytest.mark.parametrize("address", ["#&&=", "#%E0%A4", "#beside=nobody&until=never&without=%00", "#fact-<script>", "#__proto__"])
def test_an_address_nobody_made_does_no_harm(opened, html, address: str) -> None:
    found = opened(html)
    found.page.goto("about:blank")
    found.page.goto(str(found.asked[0]) + address)
    assert len(visible_rows(found)) > 5
    assert found.said == []


def test_a_row_shows_its_sources_and_what_led_to_it(opened, html) -> None:
    found = opened(html)
    found.page.locator("#fact-X1").hover()
    tip = found.page.locator("#tip")
    assert tip.is_visible()
    assert "interest: plain" in tip.inner_text()
    assert "The record puts it after plain D1" in " ".join(tip.inner_text().split())
    assert "cannot be produced; surprise 1.5 bits" in tip.inner_text()
    assert found.evaluate("[...document.querySelectorAll('#chart tr.on')].map((one) => one.id)") == ["fact-D1", "fact-X1"]
    found.page.keyboard.press("Escape")
    assert not tip.is_visible()
    found.page.locator("h1").hover()
    assert found.evaluate("document.querySelectorAll('#chart tr.on').length") == 0


def test_the_sources_of_a_row_need_neither_a_pointer_nor_a_script(opened, html) -> None:
    found = opened(html.replace("use strict", "no longer what the policy names"))
    found.page.locator("#fact-D1 summary").click()
    assert found.page.locator("#fact-D1 .src li").first.inner_text() == "[1] plain"
    assert found.page.locator("#s1 small").inner_text().startswith("plain, 2024-12-20/2024-12-21")


def test_what_stands_once_in_the_file_is_said_wherever_it_is_wanted(opened, html) -> None:
    """Publishers come from the list of sources, the names of signs from the key, the axis of a chart from one drawing."""
    found = opened(html)
    found.page.locator("#fact-D1 summary").click()
    assert found.page.locator("#fact-D1 .src li").first.inner_text() == "[1] plain, 2024-12-20/2024-12-21: plain"
    words = {mark.word for mark in MARKS}
    assert set(found.evaluate("[...document.querySelectorAll('#chart .k')].map((one) => one.ariaLabel)")) <= words
    assert html.count("100 %</text>") == 1
    assert found.page.locator("figure[data-odds] text.y").count() == 3 * found.page.locator("figure[data-odds]").count()


def test_the_keyboard_is_enough(opened, html) -> None:
    found = opened(html)
    found.page.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.className") == "skip"
    stops = []
    for _ in range(90):
        found.page.keyboard.press("Tab")
        stops.append(found.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.tagName"))
    assert {"search", "beside", "until", "channel", "context", "common", "SUMMARY", "A", "FIGURE", "BUTTON"} <= set(stops)
    assert found.evaluate("[...document.querySelectorAll('#chart tr')].filter((one) => one.tabIndex === 0).length") == 1
    first = "document.querySelectorAll('#chart tr[data-d]')[0]"
    found.evaluate(f"{first}.focus()")
    found.page.keyboard.press("ArrowDown")
    found.page.keyboard.press("ArrowDown")
    assert found.evaluate("document.activeElement.checkVisibility()")
    assert found.evaluate(f"document.activeElement !== {first}")
    assert found.page.locator("#said").inner_text()
    found.evaluate("document.getElementById('fact-D1').focus()")
    assert found.page.locator("#tip").is_visible()
    found.page.keyboard.press("Escape")
    assert not found.page.locator("#tip").is_visible()


def test_what_has_the_focus_is_not_covered(opened) -> None:
    """Neither by the jump links above nor by the sources below."""
    found = opened(page_html(dossier_of_record(load_record(RECORD))))
    assert not found.page.locator("#chart tr[data-d]").first.is_visible()  # context: the Tab key stops at what is shown
    found.page.locator("#chart tr[tabindex='0']").focus()
    for _ in range(25):
        found.page.keyboard.press("ArrowDown")
        assert found.evaluate("document.activeElement.matches('tr[data-d]')")
        top, bottom = found.evaluate("(({ top, bottom }) => [top, bottom])(document.activeElement.getBoundingClientRect())")
        assert top >= 0
        assert bottom <= found.evaluate("document.getElementById('tip').getBoundingClientRect().top") + 1


def test_it_is_read_in_the_order_in_which_it_is_meant(opened, html) -> None:
    found = opened(html)
    headings = found.evaluate("[...document.querySelectorAll('h1,h2')].map((one) => one.textContent)")
    assert headings == [
        "plain", "The record, and beside it a simulated course", "Answers and what they rest on", "How the odds moved",
        "Rival accounts", "Sources", "Methods",
    ]  # fmt: skip


def test_a_line_can_be_read_step_by_step(opened, html) -> None:
    found = opened(html)
    figure = found.page.locator("figure[data-odds]").first
    rest = figure.locator(".reading").inner_text()
    figure.focus()
    figure.press("ArrowRight")
    assert "before any decision: under 1 %" in figure.locator(".reading").inner_text() or "0 %" in figure.locator(".reading").inner_text()
    found.page.locator("#search").focus()
    assert figure.locator(".reading").inner_text() == rest


# ── what can be taken away ──────────────────────────────────────────────────────────────────────


def saved(found, button) -> tuple[str, bytes]:
    """The name and content of what a button saves."""
    with found.page.expect_download() as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_every_figure_can_be_saved_as_a_drawing_and_as_a_picture(opened, brief) -> None:
    found = opened(brief)
    figures = found.page.locator("figure")
    assert figures.count() == 7
    for place in range(figures.count()):
        assert figures.nth(place).get_by_text("SVG").count() == figures.nth(place).get_by_text("PNG").count() == 1
    for place in (0, 3):
        name, content = saved(found, figures.nth(place).get_by_text("SVG"))
        root = ET.fromstring(content)
        assert name.endswith(".svg")
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert {one.get("fill") for one in root.iter() if one.tag.endswith("text")} > {None} or len(list(root)) > 10
        assert figures.nth(place).locator("figcaption").inner_text()[:5] in content.decode()
        assert b"class=" not in content
        name, content = saved(found, figures.nth(place).get_by_text("PNG"))
        assert name.endswith(".png")
        assert content.startswith(b"\x89PNG")
    assert found.quiet


def test_a_picture_has_what_the_drawing_has(opened, brief) -> None:
    """The page paints the picture shape by shape: its line, its dot and its words are there."""
    found = opened(brief)
    _, content = saved(found, found.page.locator("figure[data-odds]").first.get_by_text("PNG"))
    colours = found.page.evaluate(
        """async (bytes) => {
            const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: "image/png" }));
            const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
            pen.drawImage(bitmap, 0, 0);
            const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height), seen = {};
            for (let at = 0; at < data.length; at += 4) { const key = `${data[at]},${data[at + 1]},${data[at + 2]}`; seen[key] = (seen[key] ?? 0) + 1; }
            return [bitmap.width, seen];
        }""",
        list(content),
    )
    width, seen = colours
    assert width == 3 * 360
    assert seen["255,255,255"] > 10_000  # paper
    assert seen["11,106,162"] > 50  # the line
    assert seen["27,31,36"] > 100  # the words and the full dot


def test_every_table_can_be_saved_and_runs_nothing_in_a_spreadsheet(opened) -> None:
    found = opened(page_html(dossier(12, text='=HYPERLINK("x")')))
    name, content = saved(found, found.page.locator("#chart + .save button"))
    assert name == "quarrel-record.csv"
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    assert rows[0][0] == "date"
    assert {len(row) for row in rows} <= {4, 1}
    cells = [cell for row in rows for cell in row]
    assert any("told to the model" in cell for cell in cells)
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "@")) for cell in cells)


def test_drawings_are_not_read_aloud(opened, html) -> None:
    """What a drawing shows is written beside it; its glyphs and letters would only be noise."""
    found = opened(html)
    glyphs = set(found.evaluate("[...document.querySelectorAll('.disc text')].map((one) => one.textContent)"))
    glyphs |= set(found.evaluate("[...document.querySelectorAll('#chart thead svg text, .odds text:not(.y)')].map((one) => one.textContent)"))
    assert len(glyphs) > 8
    spoken = [name for role, name in aloud(found) if role in ("StaticText", "image", "img", "SvgRoot", "graphics-symbol")]
    heard = glyphs & set(spoken) - {mark.glyph for mark in MARKS}  # these are named by their label
    assert heard <= {head for head in glyphs if f"<b>{head}</b>" in html}, heard


@pytest.mark.parametrize("width", [1280, 400])
def test_a_table_stays_a_table_to_those_who_hear_it(opened, html, width: int) -> None:
    """Stacked into blocks on a narrow screen, rows and cells keep their roles and their order."""
    found = opened(html, width=width)
    roles = [role for role, _ in aloud(found)]
    tables, rows = (found.evaluate(f"[...document.querySelectorAll('{one}')].filter((one) => one.checkVisibility()).length") for one in ("table", "tr"))
    assert tables > 4
    assert roles.count("table") == tables
    assert roles.count("row") == rows
    assert roles.count("cell") > 40
    assert roles.count("rowheader") > 10
    # this browser keeps a table's roles whatever its style; others need to be told
    assert found.evaluate("[...document.querySelectorAll('tr')].every((one) => one.getAttribute('role') === 'row')")
    assert found.evaluate("[...document.querySelectorAll('td')].every((one) => one.getAttribute('role') === 'cell')")


def aloud(found) -> list[tuple[str, str]]:
    """What a screen reader is given, in its order: roles and names."""
    session = found.page.context.new_cdp_session(found.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [(one["role"]["value"], one.get("name", {}).get("value", "")) for one in nodes if not one["ignored"]]


def test_it_prints(opened, html) -> None:
    found = opened(html)
    found.page.emulate_media(media="print")
    assert not found.page.locator(".bar-of-controls").first.is_visible()
    assert not found.page.locator(".save").first.is_visible()
    found.resize(900)  # a sheet is narrower than a window, and yet no telephone
    assert found.page.locator("#chart td.l:visible").count() >= 5
    assert found.page.locator("#chart thead").is_visible()
    assert found.quiet


def test_a_whole_history_with_three_what_ifs_is_printed_on_at_most_twelve_pages(opened) -> None:
    found = opened(page_html(as_long_as_pti()))
    pdf = found.page.pdf(prefer_css_page_size=True)
    assert 3 < len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 12


def test_it_is_readable_without_its_script(opened, html) -> None:
    found = opened(html.replace("use strict", "no longer what the policy names"))
    assert any("Content Security Policy" in line for line in found.said)
    assert not found.page.locator("#until").is_visible()
    assert len(visible_rows(found)) >= 20
    assert found.page.locator("#fact-B1").is_visible()


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
def test_hostile_texts_neither_run_nor_break_the_page(opened, text: str) -> None:
    found = opened(page_html(dossier(12, text=text, names=(text, text, text))), width=400)
    found.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert found.quiet, found.said
    assert found.evaluate("window.ran") is None
    assert found.evaluate("document.querySelectorAll('img, main script').length") == 0
    assert found.evaluate("document.documentElement.scrollWidth") <= 400
    assert found.evaluate("[...document.querySelectorAll('a[href]')].every((one) => /^(#|https:)/.test(one.getAttribute('href')))")
    assert "\u202e" not in found.page.content()
    found.resize(1280)
    assert found.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_refused_answer_is_shown_as_refused(opened) -> None:
    found = opened(page_html(refused(dossier(12))))
    assert "This model gives no answer: 12 effective draws" in found.page.locator(".lead").inner_text()
    assert axe_findings(found) == []


@pytest.mark.parametrize("questions", [0, 1, 6])
def test_any_number_of_what_ifs(opened, questions: int) -> None:
    found = opened(page_html(dossier(12, questions=questions)))
    assert found.quiet
    assert axe_findings(found) == []
    assert found.page.locator("#beside option").count() == questions + 3


def test_two_thousand_moves_stay_usable(opened) -> None:
    found = opened(page_html(dossier(2000)))
    found.page.locator("#common").check()
    assert len(visible_rows(found)) >= 1000
    found.page.locator("#until").press("Home")
    assert len(visible_rows(found)) < 20
    assert found.quiet


def test_a_record_of_nothing_is_a_page(opened) -> None:
    empty = evolve(dossier(12).record, facts=(), sources=(), conflicts=())
    found = opened(page_html(dossier_of_record(empty)))
    assert found.quiet
    assert axe_findings(found) == []
    assert "0 documented facts" in found.page.locator(".headline").inner_text()
