"""The pages of MARAC and MATAC: for their roles, whole, and in few queries."""

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

from casewall.safety.conferences import actions
from casewall.safety.conferences.models import (
    Conference,
    ConferenceReferral,
    HarmScore,
    Hearing,
    Nomination,
    TacticUse,
)
from casewall.safety.conferences.rules import State
from casewall.safety.conferences.tasking import State as NominationState
from casewall.safety.conferences.tasking import Tactic
from casewall.safety.pulled.models import PulledCase
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import SERVICE, Staff
from tests.programme.conftest import day_boxes
from tests.safety.conferences.conftest import (
    COORDINATOR,
    DAY,
    MANAGER,
    SECRET,
    SENT_TO,
    WORKER,
    at_day,
    filled,
    moment,
    rows,
    violence,
)
from tests.safety.pages.conftest import TODAY, Invented, new_file

Browser = Callable[[Role], Client]
ROLES = [
    role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY and role is not Role.SAFETY_SYSTEM
]
KEEP = (COORDINATOR, MANAGER)
REFER = (*KEEP, WORKER)


def main(answer: HttpResponse) -> str:
    """What the page itself says, without the frame that every page has."""
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def once(**typed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), **typed}


def version(answer: HttpResponse) -> str:
    found = re.search(r'name="version" value="([^"]*)"', main(answer))
    assert found
    return found[1]


PAGES = [
    ("maracs", "", REFER),
    ("marac-new", "", KEEP),
    ("marac-figures", "", KEEP),
    ("marac", "conference", REFER),
    ("marac-list", "conference", KEEP),
    ("marac-begin", "file", REFER),
    ("marac-referral", "referral", REFER),
    ("marac-print", "referral", REFER),
    ("marac-fill", "draft", REFER),
    ("marac-send", "draft", REFER),
    ("marac-withdraw", "draft", REFER),
    ("marac-hearing", "hearing", REFER),
    ("marac-ask", "hearing", KEEP),
    ("marac-heard", "hearing", KEEP),
    ("marac-flag", "hearing", KEEP),
    ("marac-action-new", "hearing", KEEP),
    ("marac-research", "research", KEEP),
    ("marac-action", "action", REFER),
    ("matacs", "", REFER),
    ("matac-new", "", REFER),
    ("matac", "nomination", REFER),
    ("matac-decide", "nomination", KEEP),
    ("matac-score", "nomination", KEEP),
    ("matac-tactic", "nomination", KEEP),
    ("matac-profile", "nomination", KEEP),
    ("matac-action-new", "nomination", KEEP),
    ("matac-review", "nomination", KEEP),
    ("matac-discharge", "nomination", KEEP),
    ("matac-action", "tasking", REFER),
]
READ_ONLY = ("maracs", "marac", "marac-figures", "marac-referral", "marac-print",
             "marac-hearing", "matacs", "matac")  # fmt: skip


@pytest.fixture
def things(staff: Staff, world: Invented, listed: Hearing) -> dict[str, Any]:
    """One of each record, by the name of its page."""
    by = staff[COORDINATOR]
    research = actions.ask_research(hearing=listed, agency="Opdigtet Politi", by=by)
    heard = actions.keep_hearing(hearing=listed, outcome="actions", summary="x", version=1, by=by)
    action = actions.add_conference_action(
        hearing=heard, what="Ring", owner=staff[WORKER].worker, agency="", due_on=TODAY, by=by
    )
    (case,) = rows(PulledCase, by, pk=world.case_id)
    nomination = actions.nominate(case=case, nominated_by="x", reason=SECRET, by=staff[WORKER])
    nomination = actions.decide_nomination(nomination=nomination, accept=True, because="x",
                                           version=1, by=by)  # fmt: skip
    tasking = actions.add_tasking_action(
        nomination=nomination, what="Besøg", owner=None, agency="Politi", due_on=TODAY, by=by
    )
    use = actions.use_tactic(nomination=nomination, tactic=Tactic.SUPPORT, note="x", by=by)
    (referral,) = rows(ConferenceReferral, by)
    draft = actions.begin_referral(file=world.file, by=by)
    return {"conference": heard.conference, "file": world.file, "referral": referral,
            "draft": draft, "hearing": heard, "research": research, "action": action,
            "nomination": nomination, "tasking": tasking, "use": use}  # fmt: skip


def test_every_page_is_there_for_its_roles_and_for_nobody_else(
    browser: Browser, things: dict[str, Any]
) -> None:
    for role in ROLES:
        client = browser(role)
        for name, of, theirs in PAGES:
            address = reverse(name, args=[things[of].pk] if of else [])
            assert client.get(address).status_code == (200 if role in theirs else 404), (role, name)
            if name in READ_ONLY:
                continue
            wanted = 302 if name == "marac-begin" else 422
            sent = client.post(address, {"x": "1"})
            assert sent.status_code == (wanted if role in theirs else 404), (role, name)
    for role in ROLES:
        answer = browser(role).post(reverse("matac-tactic-end", args=[things["use"].pk]))
        assert answer.status_code == (302 if role in KEEP else 404), role
    assert browser(WORKER).get(reverse("marac-fill", args=[things["referral"].pk])).status_code == (
        302
    )


def test_a_referral_and_a_hearing_over_their_pages(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    worker, office = browser(WORKER), browser(COORDINATOR)
    violence(staff, world)
    begin = reverse("marac-begin", args=[world.file.pk])
    assert "14 questions of the checklist" in main(worker.get(begin))
    for _ in range(2):
        assert worker.post(begin).status_code == 302
    (draft,) = rows(ConferenceReferral, staff[WORKER])
    page = reverse("marac-referral", args=[draft.pk])
    assert "General practitioner" in main(worker.get(page))
    assert "not known" in main(worker.get(page))
    fill = reverse("marac-fill", args=[draft.pk])
    shown = worker.get(fill)
    assert SECRET in main(shown)
    typed = once(
        referred_by="partner_support", name="Opdigtet Sørensen", what_happened=SECRET,
        judgement="Opdigtet: worse every week.", consent="yes", version=version(shown),
        children="Opdigtet barn, 7", children_count="2",
    )  # fmt: skip
    wrong = worker.post(fill, {**typed, "ticks": "40"})
    assert wrong.status_code == 422
    assert "worse every week" in main(wrong)
    answer = worker.post(fill, typed)
    assert answer.status_code == 302, main(answer)
    send = reverse("marac-send", args=[draft.pk])
    refused = worker.post(send, once(sent_to=SENT_TO, version=version(worker.get(send))))
    assert refused.status_code == 422
    assert "Write the day on which the partner consented" in main(refused)
    shown = worker.get(fill)
    typed |= {"version": version(shown), **day_boxes("consent_on", TODAY)}
    assert worker.post(fill, typed).status_code == 302
    assert worker.post(
        send, once(sent_to=SENT_TO, version=version(worker.get(send)))
    ).status_code == 302  # fmt: skip
    (sent,) = rows(ConferenceReferral, staff[WORKER])
    assert (sent.state, sent.sent_to, sent.criteria) == (State.SENT, SENT_TO, "judgement")
    assert (sent.children, actions.answers_of(sent)["children"]) == (2, "Opdigtet barn, 7")
    printed = main(worker.get(reverse("marac-print", args=[draft.pk])))
    assert SECRET in printed
    assert "never a “no”" in printed

    day = once(service=SERVICE, at="09:00", place="Sal", **day_boxes("on", TODAY))
    assert office.post(reverse("marac-new"), day).status_code == 302
    assert "Opdigtet Sørensen" in main(office.get(reverse("maracs")))
    (conference,) = rows(Conference, staff[COORDINATOR])
    chosen = once(referral=str(sent.pk))
    answer = office.post(reverse("marac-list", args=[conference.pk]), chosen)
    assert answer.status_code == 302, main(answer)
    (hearing,) = rows(Hearing, staff[COORDINATOR])
    heard = reverse("marac-heard", args=[hearing.pk])
    kept = once(heard="actions", summary="Aftalt", version=version(office.get(heard)))
    assert office.post(heard, kept).status_code == 302
    flagged = "MARAC: flag until 11 March 2037"
    assert flagged in main(worker.get(reverse("partner", args=[world.file.pk])))
    section = main(worker.get(reverse("partner", args=[world.file.pk]) + "?show=conferences"))
    assert "Heard, with actions" in section
    figures = main(office.get(reverse("marac-figures")))
    assert "not recorded" in figures
    assert "0/1 cases heard" in figures


def test_wrong_days_of_a_period_are_said(browser: Browser, world: Invented) -> None:
    page = reverse("marac-figures")
    last = day_boxes("last", moment(-9).date())
    asked = {"service": SERVICE, **day_boxes("first", TODAY), **last}
    answer = browser(COORDINATOR).get(page, asked)
    assert answer.status_code == 422
    assert "lies before the first" in main(answer)


def test_new_violence_after_a_hearing_stands_first_on_the_day_and_on_the_file(
    staff: Staff, browser: Browser, world: Invented, heard: Hearing
) -> None:
    with at_day(5):
        violence(staff, world, on=TODAY + 5 * DAY)
        worker = browser(WORKER)
        home = main(worker.get("/"))
        assert "New violence within the months after a MARAC: refer again" in home
        file = main(worker.get(reverse("partner", args=[world.file.pk])))
        assert "MARAC: to be referred again" in file


def test_a_nomination_over_its_pages(staff: Staff, browser: Browser, world: Invented) -> None:
    worker, office = browser(WORKER), browser(COORDINATOR)
    violence(staff, world)
    typed = once(case=str(world.case_id), nominated_by="Politi", reason="Igen og igen")
    assert worker.post(reverse("matac-new"), typed).status_code == 302
    (one,) = rows(Nomination, staff[COORDINATOR])
    page = reverse("matac", args=[one.pk])
    decide = reverse("matac-decide", args=[one.pk])
    assert office.post(
        decide, once(accept="yes", because="Ja", version=version(office.get(decide)))
    ).status_code == 302  # fmt: skip
    score = reverse("matac-score", args=[one.pk])
    assert 'value="1"' in main(office.get(score))
    facts = once(incidents="3", gravest="3", victims="2", **day_boxes("on", TODAY),
                 **day_boxes("last_on", TODAY))  # fmt: skip
    assert office.post(score, facts).status_code == 302
    (made,) = rows(HarmScore, staff[COORDINATOR])
    assert made.total == 10 + 6 + 8 + 7
    assert office.post(
        reverse("matac-tactic", args=[one.pk]), once(tactic="diversion", note="Bolig")
    ).status_code == 302  # fmt: skip
    (use,) = rows(TacticUse, staff[COORDINATOR])
    assert "Bolig" in main(office.get(page))
    office.post(reverse("matac-tactic-end", args=[use.pk]))
    assert rows(TacticUse, staff[COORDINATOR])[0].ended_on == TODAY
    assert office.post(
        reverse("matac-review", args=[one.pk]), once(note="Roligere")
    ).status_code == 302  # fmt: skip
    end = reverse("matac-discharge", args=[one.pk])
    fell = once(because="score_fell", note="x", version=version(office.get(end)))
    refused = office.post(end, fell)
    assert refused.status_code == 422
    assert "do not fall" in main(refused)
    assert office.post(end, {**fell, "because": "in_custody"}).status_code == 302
    (one,) = rows(Nomination, staff[COORDINATOR])
    assert one.state == NominationState.DISCHARGED


def test_the_queries_of_today_and_of_the_lists_do_not_grow(
    staff: Staff, browser: Browser, world: Invented, heard: Hearing
) -> None:
    office = browser(COORDINATOR)

    def queries(page: str) -> int:
        office.get(page)
        with CaptureQueriesContext(connections["safety"]) as seen:
            assert office.get(page).status_code == 200
        return len(seen)

    pages = ["/", reverse("maracs"), reverse("marac", args=[heard.conference_id])]
    few = [queries(page) for page in pages]
    by = staff[COORDINATOR]
    for number in range(4):
        file = new_file(staff, "Opdigtet", f"Nummer {number}")
        begun = actions.begin_referral(file=file, by=by)
        kept = actions.keep_referral(referral=begun, filled=filled(), version=1, by=by)
        sent = actions.send_referral(referral=kept, sent_to="x", version=kept.version, by=by)
        row = actions.list_referral(conference=heard.conference, referral=sent, by=by)
        actions.ask_research(hearing=row, agency="x", by=by)
        actions.begin_referral(file=file, by=by)
    assert [queries(page) for page in pages] == few
