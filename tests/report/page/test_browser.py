"""The page in a browser, used as a person uses it."""

from __future__ import annotations

import pytest

from tests.report.page.conftest import page_html
from tests.report.page.dossiers import HOSTILE, dossier, refused

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


def test_a_telephone_tells_both_histories(opened, html) -> None:
    found = opened(html, width=400)
    assert not found.page.locator("#chart .l").first.is_visible()
    gone = found.page.locator("#chart .gone:visible")
    assert gone.first.inner_text() == "does not happen"
    rejects = found.page.locator("#chart td.t:visible", has_text="rejects").first
    assert "what if" in rejects.evaluate("(one) => getComputedStyle(one, '::before').content")
    assert "backchannel" in found.page.locator("#chart tr[data-s=b] .d").first.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert not found.page.locator("#chart tr.c td.t:last-child").first.is_visible()


def test_a_channel_can_be_left_out(opened, html) -> None:
    found = opened(html)
    before = visible_rows(found)
    found.page.get_by_label("backchannel").uncheck()
    after = visible_rows(found)
    assert set(after) < set(before)
    assert not found.evaluate("[...document.querySelectorAll('#chart tr[data-s=b]')].some((one) => one.offsetParent)")
    found.page.get_by_label("backchannel").check()
    assert visible_rows(found) == before


def test_each_what_if_can_stand_beside_the_history(opened, html) -> None:
    found = opened(html)
    seen = []
    for name in ("q0", "q1", "q2"):
        found.page.locator("input[name=versus]").nth(int(name[1])).check()
        seen.append(found.texts("#chart td.t:last-child"))
        assert found.page.locator("#chart thead .q:visible").all_inner_texts() == [name]
    assert seen[0] != seen[1]
    assert "the two histories part here" in " ".join(found.texts("#chart .fork"))


def test_every_switch_moves_the_bars(opened, html) -> None:
    found = opened(html)
    bars = "[...document.querySelectorAll('#board .full')].map((one) => one.getAttribute('width'))"
    ticks = "[...document.querySelectorAll('#board .tick')].map((one) => one.getAttribute('x1'))"
    seen, as_it_was = [found.evaluate(bars)], found.evaluate(ticks)
    for place in range(3):
        found.page.locator("input[name=switch]").nth(place).check()
        seen.append(found.evaluate(bars))
    assert len({tuple(one) for one in seen}) == 4
    assert found.evaluate(ticks) == as_it_was
    assert found.texts("#board .now")[0] == "80 %"
    assert "took hold in 93 %" in found.page.locator("#board-note").inner_text()
    assert found.quiet


def test_a_move_shows_what_led_to_it(opened, html) -> None:
    found = opened(html)
    found.page.locator("#chart tr[data-d]").nth(6).hover()
    lit = found.evaluate("[...document.querySelectorAll('#chart tr[data-d]')].map((one, at) => one.classList.contains('on') ? at : -1).filter((at) => at >= 0)")
    assert 6 in lit
    assert max(lit) == 6
    assert 0 in lit
    assert found.evaluate("getComputedStyle(document.querySelectorAll('#chart tr[data-d]')[7].cells[0]).opacity") < "0.5"
    found.page.locator("h1").hover()
    assert not found.evaluate("document.getElementById('chart').classList.contains('dim')")


def test_the_keyboard_is_enough(opened, html) -> None:
    found = opened(html)
    found.page.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.className") == "skip"
    stops = []
    for _ in range(60):
        found.page.keyboard.press("Tab")
        stops.append(found.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert {"channel", "versus", "switch", "TR", "SUMMARY", "A"} <= set(stops)
    assert found.evaluate("[...document.querySelectorAll('#chart tr')].filter((one) => one.tabIndex === 0).length") == 1
    found.evaluate("document.querySelector('#chart tr[data-d]').focus()")
    found.page.keyboard.press("ArrowDown")
    found.page.keyboard.press("ArrowDown")
    assert found.evaluate("[...document.querySelectorAll('#chart tr[data-d]')].indexOf(document.activeElement)") == 2
    assert "led to this" in found.page.locator("#said").inner_text()
    found.page.keyboard.press("Escape")
    assert not found.evaluate("document.getElementById('chart').classList.contains('dim')")


def test_it_is_read_in_the_order_in_which_it_is_meant(opened, html) -> None:
    found = opened(html)
    headings = found.evaluate("[...document.querySelectorAll('h1,h2')].map((one) => one.textContent)")
    assert headings == [
        "plain", "Two histories", "What if? Turn the switches", "Answers and what they rest on",
        "When was it decided?", "Rival accounts", "The record", "Sources", "Methods",
    ]  # fmt: skip


def test_drawings_are_not_read_aloud(opened, html) -> None:
    """What a drawing shows is written beside it; its glyphs and letters would only be noise."""
    found = opened(html)
    glyphs = set(found.evaluate("[...document.querySelectorAll('.disc text')].map((one) => one.textContent)"))
    glyphs |= set(found.evaluate("[...document.querySelectorAll('#chart thead svg text, #months text')].map((one) => one.textContent)"))
    assert len(glyphs) > 8
    spoken = [name for role, name in aloud(found) if role in ("StaticText", "image", "img", "SvgRoot", "graphics-symbol")]
    heard = glyphs & set(spoken)
    assert heard <= {head for head in glyphs if f"<b>{head}</b>" in html}, heard


@pytest.mark.parametrize("width", [1280, 400])
def test_a_table_stays_a_table_to_those_who_hear_it(opened, html, width: int) -> None:
    """Stacked into blocks on a narrow screen, rows and cells keep their roles and their order."""
    found = opened(html, width=width)
    roles = [role for role, _ in aloud(found)]
    tables, rows = (found.evaluate(f"[...document.querySelectorAll('{one}')].filter((one) => one.checkVisibility()).length") for one in ("table", "tr"))
    assert tables > 5
    assert roles.count("table") == tables
    assert roles.count("row") == rows
    assert roles.count("cell") > 4 * 40
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


def test_each_outcome_of_a_question_has_its_blades_and_its_words(opened, html) -> None:
    found = opened(html, width=400)
    first = found.page.locator(".storm").first
    assert first.locator("tbody tr").count() >= 2
    labels = first.locator("tbody tr").first.locator("td").evaluate_all("(all) => all.map((one) => getComputedStyle(one, '::before').content)")
    assert labels == ['"plain 0 "', '"plain 1 "']
    assert found.page.locator("#study-1 ~ .wide > div").count() == 2


def test_it_prints(opened, html) -> None:
    found = opened(html)
    pdf = found.page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    found.page.emulate_media(media="print")
    assert not found.page.locator(".bar-of-controls").first.is_visible()
    found.resize(900)  # a sheet is narrower than a window, and yet no telephone
    assert found.page.locator("#chart td.l:visible").count() > 20
    assert found.page.locator("#chart thead").is_visible()
    assert found.quiet


def test_it_is_readable_without_its_script(opened, html) -> None:
    found = opened(html.replace("use strict", "no longer what the policy names"))
    assert any("Content Security Policy" in line for line in found.said)
    assert not found.page.locator("#until").is_visible()
    assert len(visible_rows(found)) > 20


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
    assert "No answer in this model: 46 effective draws" in found.page.locator(".lead").inner_text()
    assert axe_findings(found) == []


@pytest.mark.parametrize("questions", [0, 1, 6])
def test_any_number_of_what_ifs(opened, questions: int) -> None:
    found = opened(page_html(dossier(12, questions=questions)))
    assert found.quiet
    assert axe_findings(found) == []
    assert found.page.locator("input[name=switch]").count() == questions


def test_two_thousand_moves_stay_usable(opened) -> None:
    found = opened(page_html(dossier(2000)))
    assert len(visible_rows(found)) >= 2000
    found.page.locator("#chart tr[data-d]").nth(1500).hover()
    assert found.evaluate("document.querySelectorAll('#chart tr.on').length") > 100
    found.page.locator("#until").press("Home")
    assert len(visible_rows(found)) < 20
    assert found.quiet
