"""The HTML page of a pack: what it draws, and how it looks in a real browser."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from casewall.outcomes.cards import load_pack
from casewall.outcomes.suppress import suppress
from casewall.reporting.drawings import all_drawings, flows_of
from casewall.reporting.page import as_html, charts
from tests.reporting.drawn import FIGURES, FLOWS, FLOWS_OUT, NAME, SERIES, SERIES_OUT
from tests.spec.cohort import published_cohort

CARDS = load_pack(NAME)
CHROMIUM = (
    os.environ.get("CASEWALL_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
)


def test_shares_of_one_denominator_stand_in_one_chart() -> None:
    drawn = {chart.title: chart.rows for chart in charts(FIGURES, CARDS)}
    assert [row[0] for row in drawn["Of all: persons at the Centre"]] == [
        "Clients (perpetrators) at the Centre", "Partners at the Centre"]
    assert ("Declined", "10.5%", "41/392") in [row[:3] for row in drawn["Of all: persons referred"]]


def test_a_hidden_cell_is_drawn_as_not_shown() -> None:
    drawn = {chart.title: chart.rows for chart in charts(suppress(FIGURES).figures, CARDS)}
    hidden = [row for row in drawn["Of all: persons referred"] if row[0] == "Unsafe to contact"]
    assert hidden[0][1] == "not shown"


def test_the_page_says_whether_it_may_leave_the_house() -> None:
    assert "Not for release." in as_html(FIGURES, pack=CARDS, title="T")
    released = as_html(suppress(FIGURES), pack=CARDS, title="T", release=True)
    assert "Not for release." not in released
    assert "Counts of 0–7 are hidden" in released


def test_words_from_outside_are_escaped() -> None:
    page = as_html(FIGURES, pack=CARDS, title="<b>T</b>", about={"Service": "<i>S</i>"})
    assert "&lt;b&gt;T&lt;/b&gt;" in page
    assert "<i>S" not in page


def test_flow_change_and_cost_are_drawn_each_with_its_table() -> None:
    page = as_html(FIGURES, pack=CARDS, title="T", flows=FLOWS, series=SERIES)
    drawn = all_drawings(FIGURES, CARDS, FLOWS, SERIES)
    assert page.count("<svg width=") == len(drawn) == page.count('class="numbers"')
    titles = [drawing.title for drawing in drawn]
    assert titles[:3] == ["Flow of clients", "Flow of partners",
                          "Change from before to after (T3), scales of 0 to 100"]
    assert "Cost per person, in EUR" in titles
    assert " style=" not in page


def test_the_pictures_of_a_release_hold_no_exact_count() -> None:
    page = as_html(suppress(FIGURES), pack=CARDS, title="T", release=True, flows=FLOWS_OUT,
                   series=SERIES_OUT)
    assert "n = 150" in page  # 148 clients and 244 partners were referred
    assert "n = 148" not in page
    assert "n = 244" not in page
    assert "unsafe to ask" in page
    assert "90 of 100 asked" in page


def test_nobody_s_flow_is_drawn_inside_only_where_somebody_was_referred() -> None:
    assert flows_of(replace(published_cohort(), persons=())) == []
    assert len(flows_of(replace(published_cohort(), persons=()), release=True)) == 2


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_the_screen_and_asks_nobody_for_anything(tmp_path: Path, width: int) -> None:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    place = tmp_path / "pack.html"
    place.write_text(as_html(FIGURES, pack=CARDS, title=CARDS.title, flows=FLOWS, series=SERIES),
                     encoding="utf-8")
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(place.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".figures tbody tr").count() == len(FIGURES)
        assert page.locator("figure > svg").count() == len(
            all_drawings(FIGURES, CARDS, FLOWS, SERIES))
        assert page.locator("h1").evaluate("e => getComputedStyle(e).fontWeight") == "700"
        browser.close()
    assert asked == [place.as_uri()]
