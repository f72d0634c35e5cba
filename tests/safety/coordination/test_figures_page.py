"""The outcomes page: packs to choose from, charts with tables, and an evaluator's share of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casewall.safety.coordination.views.figures import MORE_PAGES
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff

Browser = Callable[[Role], Client]

FIGURE = {
    "pack": "p", "id": "x", "label": "Declined or not reached", "numerator": 73,
    "denominator": 392, "value": 18.6, "unit": "percent", "interval": [15.1, 22.8], "missing": 0,
    "response_rate": None, "source": "worker", "bounds": None, "suppressed": False,
    "definition": "Of persons referred.", "printed": 18, "note": None,
}
ROUNDED = {**FIGURE, "numerator": 75, "denominator": 390, "value": 19.0, "interval": [16, 23],
           "suppressed": True}


def flow(count: int | str, *, released: bool = False) -> dict[str, Any]:
    return {"role": "client", "title": "Flow of clients", "released": released, "answers": [],
            "steps": [{"key": "referred", "label": "Referred", "count": count, "unrecorded": 0,
                       "lost": []}]}


def bars(count: int) -> dict[str, Any]:
    return {"kind": "bars", "title": "Hours attended", "description": "D", "unit": "%",
            "bars": [{"label": "None", "value": 10.0, "numerator": count, "denominator": 90}]}


def survival() -> dict[str, Any]:
    return {"kind": "survival", "title": "Without a new incident", "description": "D",
            "ticks": [[0, "0"], [183, "6 months"]],
            "curves": [{"label": "Partners themselves", "steps": [[0, 100, None, None]],
                        "at_risk": [63, 41], "until": 200}]}


REPORT = {
    "pack": "intervention-centre", "title": "An invented centre", "service": "Demo",
    "service_code": SERVICE, "rule": "Internal.", "figures": [FIGURE],
    "flows": [flow(391)], "series": [bars(11), survival()],
    "released": {"rule": "Rounded.", "figures": [ROUNDED],
                 "flows": [flow(390, released=True)], "series": [bars(10)]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "reports"
    made.mkdir()
    with override_settings(CASEWALL_REPORTS_DIR=str(made)):
        yield made


def leave(folder: Path, name: str, **changed: Any) -> None:
    (folder / f"{name}.json").write_text(json.dumps({**REPORT, **changed}))


def page(client: Client, pack: str = "") -> str:
    answer = client.get(reverse("figures"), {"pack": pack} if pack else {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_flow_the_curve_and_the_hours_are_drawn_each_with_its_table(
    browser: Browser, folder: Path
) -> None:
    leave(folder, "intervention-centre")
    shown = page(browser(Role.COORDINATOR))
    for heading in ("How far people came", "Without a new incident", "Hours and costs", "Shares",
                    "All figures"):
        assert f">{heading}</h2>" in shown
    assert shown.count("<svg width=") == 4 == shown.count("The numbers as a table")
    assert "n = 391" in shown
    assert "11/90" in shown
    assert "Change, by who says so" not in shown
    assert " style=" not in shown


def test_packs_are_chosen_by_their_title(browser: Browser, folder: Path) -> None:
    leave(folder, "intervention-centre")
    leave(folder, "dvip", title="Boroughs", flows=[])
    leave(folder, "impact", service="Elsewhere")
    client = browser(Role.COORDINATOR)
    shown = page(client)
    assert 'href="/figures/?pack=dvip"' in shown
    assert "An invented centre (Elsewhere)" in shown
    assert ">Boroughs</h1>" in page(client, "dvip")


def test_one_pack_is_not_a_choice(browser: Browser, folder: Path) -> None:
    leave(folder, "dvip")
    shown = page(browser(Role.SAFETY_MANAGER))
    assert "An invented centre" in shown
    assert "?pack=" not in shown


@pytest.mark.parametrize("pack", ["absent", "../secret", "elsewhere"])
def test_a_pack_that_is_absent_or_another_service_s_is_not_there(
    browser: Browser, folder: Path, pack: str
) -> None:
    leave(folder, "intervention-centre")
    leave(folder, "elsewhere", service_code="another-service", title="Of another service")
    (folder.parent / "secret.json").write_text(json.dumps(REPORT))
    client = browser(Role.COORDINATOR)
    assert client.get(reverse("figures"), {"pack": pack}).status_code == 404
    assert "Of another service" not in page(client)


def test_an_evaluator_sees_the_pictures_of_the_release_alone(
    browser: Browser, folder: Path
) -> None:
    leave(folder, "intervention-centre", secret="EXACT", about={"Left out": "EXACT"})
    shown = page(browser(Role.EVALUATOR))
    assert "n = 390" in shown
    assert "75/390" in shown
    for exact in ("391", "73/392", "11/90", "EXACT", "Without a new incident"):
        assert exact not in shown


@pytest.mark.parametrize("released", [None, [], {"rule": "R", "figures": None}])
def test_without_a_release_an_evaluator_sees_no_figure_and_no_picture(
    browser: Browser, folder: Path, released: object
) -> None:
    leave(folder, "intervention-centre", released=released)
    shown = page(browser(Role.EVALUATOR))
    assert "<svg" not in shown
    assert "391" not in shown


def test_a_chart_that_cannot_be_drawn_is_said_and_the_others_stand(
    browser: Browser, folder: Path
) -> None:
    leave(folder, "intervention-centre", flows=[{"title": "Half a flow"}, flow(391)],
          series=["odd", {"kind": "pie"}, bars(11)],
          figures=[FIGURE, {**FIGURE, "value": 180}])
    shown = page(browser(Role.COORDINATOR))
    assert shown.count("A chart is left out") == 4
    assert "n = 391" in shown


def test_a_broken_pack_does_not_take_the_others_with_it(browser: Browser, folder: Path) -> None:
    leave(folder, "intervention-centre")
    (folder / "broken.json").write_text("{")
    client = browser(Role.COORDINATOR)
    assert "n = 391" in page(client)
    assert "Make it anew." in page(client, "broken")


def test_a_change_in_percent_is_not_drawn_as_a_share(browser: Browser, folder: Path) -> None:
    leave(folder, "intervention-centre", figures=[
        {**FIGURE, "unit": "percent change", "value": -29.0, "interval": [-40, -18]}])
    shown = page(browser(Role.COORDINATOR))
    assert "-29 % change" in shown
    assert ">Shares</h2>" not in shown


def test_more_packs_ask_the_database_nothing_more(browser: Browser, folder: Path) -> None:
    leave(folder, "intervention-centre")
    client = browser(Role.COORDINATOR)
    page(client)
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connections["safety"]) as queries:
            page(client)
        asked.append(len(queries))
        for name in ("a", "b", "c"):
            leave(folder, name)
    assert asked[0] == asked[1]


def test_each_role_is_led_only_to_pages_that_it_has(
    browser: Browser, staff: Staff, folder: Path
) -> None:
    leave(folder, "intervention-centre")
    for role in (Role.COORDINATOR, Role.SAFETY_MANAGER, Role.EVALUATOR,
                 Role.DATA_PROTECTION_OFFICER):
        client, shown = browser(role), page(browser(role))
        for name, _, _ in MORE_PAGES:
            there = client.get(reverse(name)).status_code == 200
            assert (f'href="{reverse(name)}"' in shown) is there


@pytest.mark.parametrize("role", [Role.PARTNER_WORKER, Role.CHILDRENS_WORKER])
def test_others_have_no_such_page(browser: Browser, folder: Path, role: Role) -> None:
    leave(folder, "intervention-centre")
    assert browser(role).get(reverse("figures")).status_code == 404
