"""The pages about incidents on the safety side: for their roles, whole, and in few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casewall.programme.incidents.rules import Kind, Source
from casewall.safety.incidents import actions
from casewall.safety.incidents.models import (
    AuthorityTold,
    FileAsked,
    FileCourtDay,
    FileProceeding,
    SufferedIncident,
    ViolenceReport,
)
from casewall.safety.incidents.rules import EndedBecause
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff
from tests.programme.conftest import day_boxes
from tests.safety.incidents.conftest import (
    COORDINATOR,
    DAY,
    MANAGER,
    STRANGLED,
    WORKER,
    Told,
    rows,
)
from tests.safety.pages.conftest import TODAY, Invented, new_file

Browser = Callable[[Role], Client]
ROLES = [
    role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY and role is not Role.SAFETY_SYSTEM
]
THEIRS = (WORKER, COORDINATOR, MANAGER)
SENT: dict[str, Any] = {
    "suffered_by": "partner", "forms_of": ["physical", "threats"], "severity": "3",
    "signs": ["threat_to_kill"], "exact": "no", "source": "partner",
    "what": "Opdigtet: a threat in the stairs.", **day_boxes("happened_on", TODAY - DAY),
    **day_boxes("told_on", TODAY), **day_boxes("asked_from", TODAY - 30 * DAY),
}  # fmt: skip


def main(answer: HttpResponse) -> str:
    """What the page itself says, without the frame that every page has."""
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def once(**typed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), **typed}


def hidden(answer: HttpResponse, name: str = "version") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', main(answer))
    assert found
    return found[1]


def section(world: Invented) -> str:
    return reverse("partner", args=[world.file.pk]) + "?show=incidents"


def test_an_incident_is_written_once_and_its_danger_stands_first_on_the_day(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    worker = browser(WORKER)
    address = reverse("suffered-new", args=[world.file.pk])
    assert address in main(worker.get(section(world)))
    assert worker.get(address).status_code == 200
    sent = once(**SENT)
    for _ in range(2):
        answer = worker.post(address, sent)
        assert answer.status_code == 302, main(answer)
    (made,) = rows(SufferedIncident, staff[WORKER])
    assert (made.exact, made.signs) == (False, "threat_to_kill")
    shown = main(worker.get(section(world)))
    assert "around 10 March 2036" in shown
    assert "Ask the partner whether an authority may be told" in shown
    home = main(worker.get("/"))
    assert "threat to kill" in home
    assert "Ask the partner whether an authority may be told" in home
    file = main(worker.get(reverse("partner", args=[world.file.pk])))
    assert "New violence is being acted on" in file
    page = main(worker.get(reverse("suffered", args=[made.pk])))
    assert "Opdigtet: a threat in the stairs." in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"forms_of": ["physical"]}, "is a threat: choose that form too"),
        ({"forms_of": []}, "choose at least one answer"),
        ({"source": "client"}, "Select a valid choice"),
        (day_boxes("told_on", TODAY - 9 * DAY), "cannot have happened after that"),
        (day_boxes("asked_from", TODAY + DAY), "after the day on which it was told"),
    ],
)
def test_what_does_not_fit_is_said_and_kept_on_the_form(
    staff: Staff, browser: Browser, world: Invented, wrong: dict[str, Any], says: str
) -> None:
    address = reverse("suffered-new", args=[world.file.pk])
    answer = browser(WORKER).post(address, once(**{**SENT, **wrong}))
    assert answer.status_code == 422
    assert says in main(answer)
    assert "Opdigtet: a threat in the stairs." in main(answer)
    assert not rows(SufferedIncident, staff[WORKER])


def test_words_that_blame_are_pointed_out_once_and_never_blocked(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    address = reverse("suffered-new", args=[world.file.pk])
    sent = once(**{**SENT, "what": "Opdigtet: she provoked him."})
    first = browser(WORKER).post(address, sent)
    assert first.status_code == 422
    assert "pointed out" in main(first)
    sent["seen_wording"] = hidden(first, "seen_wording")
    assert browser(WORKER).post(address, sent).status_code == 302


def test_the_way_without_consent_over_its_pages(
    staff: Staff, browser: Browser, world: Invented, report: ViolenceReport
) -> None:
    worker = browser(WORKER)
    page = reverse("violence-report", args=[report.pk])
    step = {name: reverse(f"report-{name}", args=[report.pk])
            for name in ("consent", "ground", "try", "tell")}  # fmt: skip
    now = {**day_boxes("on", TODAY), "at": "09:30"}
    assert "has not consented" in main(worker.get(page))
    telling = once(authority="police", recipient="Opdigtet politi", content="Opdigtet.", **now)
    early = worker.post(step["tell"], telling)
    assert early.status_code == 422
    assert "has not consented" in main(early)
    shown = worker.get(step["consent"])
    answer = once(consent="no", version=hidden(shown), **day_boxes("on", TODAY))
    assert worker.post(step["consent"], answer).status_code == 302
    stale = worker.post(step["consent"], {**answer, "form_id": str(uuid4()), "consent": "yes"})
    assert stale.status_code == 422
    assert "Somebody else changed this" in main(stale)
    assert hidden(stale) != answer["version"]
    assert "decide whether there is a duty to warn" in main(worker.get(page))
    ground = once(ground="law_requires", version=hidden(worker.get(step["ground"])))
    assert worker.post(step["ground"], ground).status_code == 422
    assert worker.post(step["ground"], {**ground, "reason": "Opdigtet law"}).status_code == 302
    assert "Try to tell the partner first" in main(worker.get("/"))
    assert worker.get(step["try"]).status_code == 200
    late = once(channel="call", outcome="not_reached", **{**now, "at": "23:30"})
    assert worker.post(step["try"], late).status_code == 422
    attempt = once(channel="call", outcome="not_reached", note="Opdigtet note", **now)
    assert worker.post(step["try"], attempt).status_code == 302
    assert worker.post(step["tell"], telling).status_code == 302
    done = main(worker.get(page))
    assert "Not confirmed safe" in done
    assert "Opdigtet politi" in done
    assert "Tell the partner that the authority was told" in done
    assert worker.post(step["try"], once(channel="call", outcome="told", **now)).status_code == 302
    assert "Nothing more to do" in main(worker.get(page))
    assert len(rows(AuthorityTold, staff[WORKER])) == 1


def test_a_report_is_ended_with_a_reason_and_then_offers_no_step(
    browser: Browser, report: ViolenceReport
) -> None:
    worker, address = browser(WORKER), reverse("report-end", args=[report.pk])
    sent = once(because="partner_said_no", version=hidden(worker.get(address)))
    refused = worker.post(address, sent)
    assert refused.status_code == 422
    assert "has not said no" in main(refused)
    assert worker.post(address, {**sent, "because": "known_already"}).status_code == 302
    page = main(worker.get(reverse("violence-report", args=[report.pk])))
    assert "The authority knows already" in page
    assert "Every step" not in page


def test_an_incident_is_corrected_taken_back_and_reported_by_hand(
    staff: Staff, browser: Browser, told: Told
) -> None:
    worker, first = browser(WORKER), told(happened_on=TODAY - 400 * DAY)
    begin = reverse("suffered-report", args=[first.pk])
    assert begin in main(worker.get(reverse("suffered", args=[first.pk])))
    pages = {worker.post(begin).headers["Location"] for _ in range(2)}
    assert len(pages) == 1
    correct = reverse("suffered-correct", args=[first.pk])
    assert "hands round the neck" in main(worker.get(correct))
    assert worker.post(correct, once(**SENT)).status_code == 302
    again = worker.post(correct, once(**SENT))
    assert again.status_code == 422
    assert "Somebody else corrected" in main(again)
    assert "This version was corrected" in main(worker.get(reverse("suffered", args=[first.pk])))
    (newest,) = rows(SufferedIncident, staff[WORKER], corrects=first)
    back = reverse("suffered-take-back", args=[newest.pk])
    shown = {worker.post(back).headers["Location"] for _ in range(2)}
    assert len(shown) == 1
    assert "written down by mistake" in main(worker.get(shown.pop()))
    assert worker.post(begin).headers["Location"] == reverse("suffered", args=[first.pk])


def test_proceedings_hearings_and_who_was_asked_over_their_pages(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    worker = browser(WORKER)
    new = reverse("file-proceeding-new", args=[world.file.pk])
    sent = once(kind="protective_order", source="partner", conditions="Opdigtet.",
                **day_boxes("began_on", TODAY), **day_boxes("until_on", TODAY + 9 * DAY),
                **day_boxes("stated_on", TODAY))  # fmt: skip
    assert worker.get(new).status_code == 200
    assert worker.post(new, {**sent, "kind": "charge"}).status_code == 422
    assert worker.post(new, sent).status_code == 302
    (made,) = rows(FileProceeding, staff[WORKER])
    hearing = reverse("file-court-day-new", args=[made.pk])
    assert worker.get(hearing).status_code == 200
    day = once(source="agency", at_time="09.30", **day_boxes("held_on", TODAY + 10 * DAY))
    assert worker.post(hearing, day).status_code == 302
    (held,) = rows(FileCourtDay, staff[WORKER])
    home = main(worker.get("/"))
    assert "Hearing at 09:30 (protective order)" in home
    assert "Protective order ends: ask whether it is renewed" in home
    settle = reverse("file-court-day-settle", args=[held.pk])
    assert worker.get(settle).status_code == 200
    assert worker.post(settle, {"version": "1", "outcome": "decided"}).status_code == 422
    assert worker.post(settle, {"version": "1", "outcome": "called_off"}).status_code == 302
    change = reverse("file-proceeding-change", args=[made.pk])
    ends = {"version": "1", "ended_how": "lifted", **day_boxes("ended_on", TODAY)}
    assert worker.get(change).status_code == 200
    assert worker.post(change, ends).status_code == 302
    late = worker.post(change, {**ends, "ended_how": "expired"})
    assert late.status_code == 422
    assert hidden(late) == "2"
    page = main(worker.get(reverse("file-proceeding", args=[made.pk])))
    assert "Lifted, 11 March 2036" in page
    asked = reverse("file-asked-new", args=[world.file.pk])
    spans = once(source="police", **day_boxes("first_on", TODAY - 30 * DAY),
                 **day_boxes("last_on", TODAY))  # fmt: skip
    assert worker.get(asked).status_code == 200
    assert worker.post(asked, {**spans, **day_boxes("last_on", TODAY + DAY)}).status_code == 422
    assert worker.post(asked, spans).status_code == 302
    assert len(rows(FileAsked, staff[WORKER])) == 1


def addresses(staff: Staff, world: Invented, told: Told) -> list[str]:
    """Every page of this app about one file."""
    worker = staff[WORKER]
    incident = told(**STRANGLED)
    (report,) = rows(ViolenceReport, worker, incident=incident)
    made = actions.open_proceeding(
        file=incident.file, kind=Kind.BAIL, began_on=TODAY, until_on=None, court=None,
        conditions=None, source=Source.PARTNER, stated_on=TODAY, by=worker,
    )  # fmt: skip
    day = actions.set_court_day(proceeding=made, held_on=TODAY, at_time=None,
                                source=Source.PARTNER, by=worker)  # fmt: skip
    names = {
        world.file.pk: ("suffered-new", "file-asked-new", "file-proceeding-new"),
        incident.pk: ("suffered", "suffered-correct"),
        report.pk: ("violence-report", "report-consent", "report-ground", "report-try",
                    "report-tell", "report-end"),
        made.pk: ("file-proceeding", "file-proceeding-change", "file-court-day-new"),
        day.pk: ("file-court-day-settle",),
    }  # fmt: skip
    return [reverse(name, args=[pk]) for pk, listed in names.items() for name in listed]


def test_each_page_is_there_for_its_roles_and_for_nobody_else(
    staff: Staff, browser: Browser, world: Invented, told: Told
) -> None:
    pages = addresses(staff, world, told)
    (incident,) = rows(SufferedIncident, staff[WORKER])
    posts = [reverse(name, args=[incident.pk]) for name in ("suffered-take-back",
                                                             "suffered-report")]  # fmt: skip
    for role in ROLES:
        one = browser(role)
        for page in pages:
            assert one.get(page).status_code == (200 if role in THEIRS else 404), (role, page)
            if role not in THEIRS:
                assert one.post(page).status_code in (404, 405), (role, page)
        for page in posts:
            if role not in THEIRS:
                assert one.post(page).status_code == 404


def test_another_s_file_looks_like_no_file(
    staff: Staff, browser: Browser, world: Invented, told: Told
) -> None:
    from casewall.safety.partners.actions import take_file

    other = new_file(staff, "Opdigtet", "Anden")
    take_file(file=other, by=staff[MANAGER])
    incident = told(by=MANAGER, file=other)
    absent = browser(WORKER).get(reverse("suffered", args=[uuid4()]))
    seen = browser(WORKER).get(reverse("suffered", args=[incident.pk]))
    assert (seen.status_code, absent.status_code) == (404, 404)
    assert main(seen) == main(absent)
    assert browser(WORKER).get(reverse("suffered-new", args=[other.pk])).status_code == 404


def test_the_file_and_today_take_as_many_queries_for_many_records(
    staff: Staff, browser: Browser, world: Invented, told: Told
) -> None:
    worker = browser(WORKER)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connections["safety"]) as found:
            assert worker.get(address).status_code == 200
        return len(found)

    pages = [section(world), reverse("partner", args=[world.file.pk]), "/"]
    addresses(staff, world, told)
    for page in pages:
        queries(page)
    before = [queries(page) for page in pages]
    for _ in range(6):
        addresses(staff, world, told)
    assert [queries(page) for page in pages] == before


def test_a_reason_of_the_machine_is_not_offered(browser: Browser, report: ViolenceReport) -> None:
    page = main(browser(WORKER).get(reverse("report-end", args=[report.pk])))
    assert EndedBecause.TAKEN_BACK.value not in page
