"""Every page about children, for every role of this side: there, or not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casewall.safety.children import actions
from casewall.safety.children.models import (
    Arrangement,
    Child,
    ChildAdult,
    ChildAttendance,
    ChildConsent,
    ChildGoal,
    ChildGroup,
    ChildSafeguarding,
    ChildSession,
    ChildSupport,
    FileChildren,
    GroupChild,
    PlanStatus,
)
from casewall.safety.children.rules import Concern, Relationship, Threshold
from tests.safety.children.conftest import (
    ACCOUNTS,
    ADDRESS,
    PHONE,
    SERVICE,
    TODAY,
    Family,
)

Browse = Callable[[str], Client]
RECORDS = {"partner", "children", "coordinator", "manager"}
ON_FILES = {"partner", "coordinator", "manager"}
SUPPORTS = {"children", "manager"}
COORDINATES = {"coordinator", "manager"}


def day(name: str, on: date = TODAY) -> dict[str, str]:
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month),
            f"{name}_year": str(on.year)}


class Made:
    """One of everything, so that each page has something to show."""

    def __init__(self, family: Family):
        self.family = family
        self.support = family.supported(clients=[(family.case.pk, Relationship.PARENT)])
        self.child = self.support.child
        self.link, = family.seen("manager", ChildAdult, child=self.child, kind="partner")
        self.goal = actions.set_goal(
            support=self.support, goal="To sleep", on=TODAY, by=family["children"])
        self.referral = actions.refer_child(
            child=self.child, concern=Concern.HARM, threshold=Threshold.SIGNIFICANT_HARM,
            made_to="Invented Social Care", made_on=TODAY, reason="Bruises were seen.",
            consented=False, without_because="Danger.", on_file=family.file,
            by=family["partner"])
        self.group = actions.open_group(
            name="Tuesday group", service=SERVICE, compartment=self.child.compartment,
            begins_on=TODAY, by=family["children"])
        self.place = actions.join_group(
            group=self.group, support=self.support, on=TODAY, by=family["children"])

    def address(self, name: str) -> str:
        of = {
            "children": [], "children-counts": [], "child-new-alone": [], "child-groups": [],
            "child-group-new": [],
            "child-group": [self.group.pk], "child-group-join": [self.group.pk],
            "child-group-session": [self.group.pk], "child-group-leave": [self.place.pk],
            "child-arrangement": [self.link.pk], "child-adult-end": [self.link.pk],
            "child-referral-outcome": [self.referral.pk], "child-goal-state": [self.goal.pk],
            "child-new": [self.family.file.pk], "child-link": [self.family.file.pk],
            "children-asked": [self.family.file.pk],
        }
        supports = {"child-take", "child-allocate", "child-consent", "child-begin", "child-end",
                    "child-goal", "child-session"}
        return reverse(name, args=of.get(
            name, [self.support.pk] if name in supports else [self.child.pk]))


@pytest.fixture
def made(family: Family) -> Made:
    return Made(family)


PAGES = {
    "children": RECORDS,
    "children-counts": COORDINATES,
    "child-new-alone": {"children"},
    "child-groups": SUPPORTS,
    "child-group-new": SUPPORTS,
    "child-group": SUPPORTS,
    "child-group-join": SUPPORTS,
    "child-group-session": SUPPORTS,
    "child-arrangement": RECORDS,
    "child-adult-end": RECORDS,
    "child-referral-outcome": RECORDS,
    "child-goal-state": SUPPORTS,
    "child-allocate": {"manager"},
    "child-consent": SUPPORTS,
    "child-begin": SUPPORTS,
    "child-end": SUPPORTS,
    "child-goal": SUPPORTS,
    "child-session": SUPPORTS,
    "child": RECORDS,
    "child-edit": RECORDS,
    "child-adult-new": RECORDS,
    "child-plan": RECORDS,
    "child-same": COORDINATES,
    "child-safeguarding": RECORDS,
    "child-new": ON_FILES,
    "child-link": ON_FILES,
    "children-asked": ON_FILES,
}
ONLY_POSTED = {"child-take": SUPPORTS, "child-ask": RECORDS, "child-group-leave": SUPPORTS}


LISTS = {"children", "child-groups", "child-group-new", "child-new-alone"}
LOOKED_AT = {"children", "children-counts", "child-groups", "child-group", "child"}


def test_a_page_is_there_for_its_roles_and_for_own_children_only(
        made: Made, browser: Browse) -> None:
    for name in ACCOUNTS:
        as_role = {"other": "partner", "colleague": "children"}.get(name, name)
        for page, there_for in PAGES.items():
            is_there = as_role in there_for and (as_role == name or page in LISTS)
            address = made.address(page)
            answer = browser(name).get(address)
            assert answer.status_code == (200 if is_there else 404), (page, name)
            if page not in LOOKED_AT:
                # Nothing filled in: a form that is there says what is missing.
                sent = browser(name).post(address)
                assert sent.status_code == (422 if is_there else 404), (page, name)
            text = answer.content.decode()
            assert PHONE not in text
            assert ADDRESS not in text


def test_what_is_only_posted_is_there_for_its_roles(made: Made, browser: Browse) -> None:
    for name in ACCOUNTS:
        for page, there_for in ONLY_POSTED.items():
            assert browser(name).get(made.address(page)).status_code == 405
            answer = browser(name).post(made.address(page))
            assert answer.status_code == (302 if name in there_for else 404), (page, name)


def test_an_appointment_is_booked_from_the_page_of_the_child(made: Made, browser: Browse) -> None:
    book = reverse("book-child", args=[made.child.pk])
    for who in ("children", "partner", "manager"):
        assert book in browser(who).get(reverse("child", args=[made.child.pk])).content.decode()


def test_a_hidden_child_and_no_child_are_the_same_bytes(made: Made, browser: Browse) -> None:
    hidden = browser("other").get(made.address("child"))
    absent = browser("other").get(reverse("child", args=[uuid4()]))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content


def test_a_children_s_worker_opens_today_and_no_partner_s_file(
        made: Made, browser: Browse) -> None:
    today = unescape(browser("children").get(reverse("today")).content.decode())
    assert "Amira" not in today
    assert browser("children").get(reverse("partner", args=[made.family.file.pk])
                                   ).status_code == 404
    assert browser("children").get(reverse("partners")).status_code == 404
    child = unescape(browser("children").get(made.address("child")).content.decode())
    assert "Amira Invented (parent)" in child
    assert "On the programme" in child
    assert reverse("partner", args=[made.family.file.pk]) not in child


def test_today_asks_for_an_outcome_and_offers_a_waiting_child(
        made: Made, browser: Browse, family: Family) -> None:
    waiting = family.child(given_name="Wartend")
    actions.ask_support(child=waiting, on=TODAY, by=family["partner"])
    actions.refer_child(
        child=made.child, concern=Concern.HARM, threshold=Threshold.EARLY_HELP, made_to="Late",
        made_on=TODAY - timedelta(days=8), reason="Seen.", consented=True,
        on_file=family.file, by=family["partner"])
    for name in ("children", "manager"):
        text = unescape(browser(name).get(reverse("today")).content.decode())
        assert "Ask what came of a safeguarding referral:" in text
        assert "Waits for a children's worker:" in text
    assert "Waits for" not in browser("partner").get(reverse("today")).content.decode()
    assert "safeguarding referral:" in browser("partner").get(reverse("today")).content.decode()
    assert browser("colleague").post(
        reverse("child-take", args=[family.seen("colleague", ChildSupport)[0].pk])
    ).status_code == 302
    assert family.seen("children", Child, pk=waiting.pk) == []


def test_a_list_takes_the_same_queries_for_one_child_and_for_many(
        family: Family, browser: Browse) -> None:
    family.child()
    family.stated()

    def queries(address: str) -> int:
        with CaptureQueriesContext(connections["safety"]) as caught:
            assert browser("manager").get(address).status_code == 200
        return len(caught)

    file = reverse("partner", args=[family.file.pk]) + "?show=children"
    pages = [reverse("children"), reverse("children-counts"), file]
    for page in pages:
        queries(page)
    first = [queries(page) for page in pages]
    for number in range(6):
        family.child(given_name=f"Opfundet{number}")
        family.stated(name=f"Stated {number}")
    assert [queries(page) for page in pages] == first


def test_the_list_can_be_filtered_and_each_child_stands_in_it_once(
        made: Made, browser: Browse, family: Family) -> None:
    twin = family.child(by="other", file=family.other_file)
    actions.mark_same(child=twin, other=made.child, version=1, by=family["coordinator"])
    manager = browser("manager")
    for query, there in (("", True), ("?which=supported", True), ("?which=waiting", False)):
        text = manager.get(reverse("children") + query).content.decode()
        assert (reverse("child", args=[made.child.pk]) in text) is there
        assert reverse("child", args=[twin.pk]) not in text
    shown = unescape(manager.get(reverse("child", args=[twin.pk])).content.decode())
    assert "another record of a child" in shown
    assert "another record of a child" not in browser("other").get(
        reverse("child", args=[twin.pk])).content.decode()


def test_the_counts_are_of_unique_children_and_unknown_is_not_none(
        made: Made, browser: Browse, family: Family) -> None:
    actions.link_adult(child=made.child, file=family.other_file, on=TODAY,
                       relationship=Relationship.STEP_PARENT,
                       by=family["coordinator"])
    counted = actions_counts(family)
    assert (counted.children, counted.files, counted.files_with, counted.files_unknown) == (
        1, 2, 2, 0)
    text = unescape(browser("manager").get(reverse("children-counts")).content.decode())
    assert "It is not “no children”" in text


def actions_counts(family: Family) -> Any:
    from casewall.safety.children.reading import counts
    from casewall.wall.context import acting

    with acting(family["manager"]):
        return counts(family["manager"], TODAY)[SERVICE]


# ---- recording a child


def child_form(**changed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "given_name": "Opfundet", "family_name": "Invented",
            **day("born_on", date(2028, 2, 1)), "sex": "unknown", "relationship": "parent",
            **changed}


def test_a_child_is_recorded_once_however_often_the_button_is_pressed(
        family: Family, browser: Browse) -> None:
    address = reverse("child-new", args=[family.file.pk])
    typed = child_form(client_0="parent", needs=["sleep", "loss"], school="Invented School")
    first = browser("partner").post(address, typed)
    assert first.status_code == 302
    again = browser("partner").post(address, {**typed, "anyway": "yes"})
    assert again["Location"] == first["Location"]
    child, = family.seen("partner", Child)
    assert (child.needs, child.school) == ("sleep,loss", "Invented School")
    assert {link.kind for link in family.seen("partner", ChildAdult)} == {"partner", "client"}
    page = browser("partner").get(first["Location"]).content.decode()
    assert "Sleep or nightmares" in page


def test_the_same_child_is_asked_about_before_a_second_record_is_made(
        family: Family, browser: Browse) -> None:
    known = family.child()
    address = reverse("child-new", args=[family.file.pk])
    typed = child_form(needs=["sleep", "loss"])
    stopped = browser("partner").post(address, typed)
    text = unescape(stopped.content.decode())
    assert stopped.status_code == 422
    assert "Is this the same child?" in text
    assert text.count('name="needs"') >= 2
    assert len(family.seen("partner", Child)) == 1
    linked = browser("partner").post(reverse("child-link", args=[family.file.pk]),
                                     {"child": str(known.pk), "relationship": "parent"})
    assert linked.status_code == 302
    open_left = browser("partner").post(reverse("child-link", args=[family.file.pk]),
                                        {"child": str(known.pk), "relationship": ""})
    assert "There is a problem" in unescape(open_left.content.decode())
    anyway = browser("partner").post(address, {**typed, "anyway": "yes"})
    assert anyway.status_code == 302
    assert len(family.seen("partner", Child)) == 2
    # Whoever does not see the first child is not told of it.
    blind = browser("other").post(reverse("child-new", args=[family.other_file.pk]), child_form())
    assert blind.status_code == 302


@pytest.mark.parametrize(("changed", "says"), [
    (day("born_on", TODAY + timedelta(days=1)), "12 March 2036 has not come yet"),
    ({**day("born_on", date(2028, 2, 1)), **day("due_on", TODAY)}, "born or expected"),
    ({"born_on_day": "31", "born_on_month": "2"}, "There is no day 31 in month 2"),
    ({"relationship": "nobody"}, "nobody"),
])
def test_bad_input_says_what_is_wrong_and_keeps_what_was_typed(
        family: Family, browser: Browse, changed: dict[str, str], says: str) -> None:
    answer = browser("partner").post(
        reverse("child-new", args=[family.file.pk]), child_form(school="Kept School", **changed))
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert says in text
    assert "Kept School" in text


def test_a_statement_suggests_and_never_becomes_or_changes_a_record(
        family: Family, browser: Browse) -> None:
    statement = family.stated()
    unnamed = family.stated(name=None, born_on=None)
    section = reverse("partner", args=[family.file.pk]) + "?show=children"
    text = unescape(browser("partner").get(section).content.decode())
    assert "Stated on the programme side, not taken up here" in text
    assert "No name said" in text
    assert family.seen("manager", Child) == []
    address = f"{reverse('child-new', args=[family.file.pk])}?statement={statement.pk}"
    form = browser("partner").get(address).content.decode()
    assert 'value="Opfundet"' in form
    assert browser("partner").post(
        address, child_form(given_name="Corrected", client_0="parent")).status_code == 302
    link, = family.seen("manager", ChildAdult, kind="client")
    assert link.statement_id == statement.pk
    row, = family.seen("manager", type(statement), pk=statement.pk)
    assert (row.name, row.source_version) == ("Opfundet Invented", 1)
    other = f"{reverse('child-link', args=[family.file.pk])}?statement={unnamed.pk}"
    page = browser("partner").get(other).content.decode()
    child, = family.seen("partner", Child)
    assert str(child.pk) in page
    assert browser("partner").post(
        other, {"child": str(child.pk), "relationship": "parent"}).status_code == 302
    assert "not taken up here" in browser("partner").get(section).content.decode()
    assert "?statement=" + str(statement.pk) not in browser("partner").get(section).content.decode()
    nonsense = f"{reverse('child-new', args=[family.file.pk])}?statement=nonsense"
    assert browser("partner").get(nonsense).status_code == 200


def test_a_child_is_found_by_exact_name_and_linked_to_a_second_file(
        family: Family, browser: Browse) -> None:
    child = family.child()
    address = reverse("child-link", args=[family.other_file.pk])
    assert "Nobody fits" in browser("other").get(address + "?q=Opfundet").content.decode()
    assert str(child.pk) in browser("coordinator").get(address + "?q=Opfundet").content.decode()
    assert browser("coordinator").post(address, {"child": "x"}).status_code == 422
    browser("coordinator").post(address, {"child": str(child.pk), "relationship": "step_parent"})
    assert [one.pk for one in family.seen("other", Child)] == [child.pk]
    # Each of the two workers sees the own partner's link only.
    for name, adult in (("partner", "Amira"), ("other", "Noor")):
        text = browser(name).get(reverse("child", args=[child.pk])).content.decode()
        assert adult in text
        assert {"Amira": "Noor", "Noor": "Amira"}[adult] not in text


def test_a_children_s_worker_records_a_child_who_came_alone(
        family: Family, browser: Browse) -> None:
    address = reverse("child-new-alone")
    typed = child_form(service=SERVICE)
    del typed["relationship"]
    answer = browser("children").post(address, typed)
    assert answer.status_code == 302
    support, = family.seen("children", ChildSupport)
    assert support.worker == family["children"].worker
    child, = family.seen("children", Child)
    assert child.compartment == family.file.compartment
    again = browser("children").post(address, child_form(service=SERVICE))
    assert "Is this the same child?" in again.content.decode()


# ---- one child's forms


def post(made: Made, browser: Browse, name: str, page: str, /, **typed: Any) -> Any:
    return browser(name).post(made.address(page), {"form_id": str(uuid4()), **typed})


def test_every_form_of_a_child_can_be_filled_in(made: Made, browser: Browse) -> None:
    family = made.family

    def done(worker: str, page: str, /, **typed: Any) -> None:
        answer = post(made, browser, worker, page, **typed)
        assert answer.status_code == 302, unescape(answer.content.decode())[-3000:]

    done("partner", "child-plan", plan="protection_plan", agency="Invented Borough",
         social_worker="Opfundet Worker", **day("since"))
    done("partner", "child-arrangement", lives_with="part", contact="supervised", **day("since"))
    done("partner", "child-adult-new", who="other", adult_name="Invented Gran",
         relationship="grandparent", **day("on"))
    done("partner", "child-safeguarding", concern="harm", threshold="immediate_danger",
         made_to="Invented Care", reason="Heard.", consented="yes", told=["partner", "child"],
         **day("made_on"))
    done("children", "child-consent", by="adult", adult=str(made.link.pk), said="given",
         **day("said_on"))
    done("children", "child-goal", goal="To have a friend", **day("on"))
    done("children", "child-session", minutes="50", came="attended", note="We drew.",
         **day("held_on"))
    done("children", "child-group-session", minutes="90", note="The group painted.",
         **{f"came_{made.place.pk}": "attended"}, **day("held_on"))
    done("manager", "child-allocate", worker=str(family["colleague"].worker),
         version=str(family.seen("manager", ChildSupport)[0].version))
    done("colleague", "child-goal-state", state="reached", version="1", **day("on"))
    done("colleague", "child-referral-outcome", outcome="plan", version="1", **day("on"))
    text = unescape(browser("colleague").get(made.address("child")).content.decode())
    for words in ("Protection plan", "part of the time, since 11 March 2036",
                  "supervised, since", "Invented Gran (grandparent)", "Opfundet Worker",
                  "We drew.", "Group Tuesday group, 90 minutes: attended", "To have a friend",
                  "A plan was made", "Consent given"):
        assert words in text, words
    # The note of a group is about others as well: its own worker reads it.
    assert "The group painted." not in text
    assert "The group painted." in browser("children").get(
        made.address("child-group")).content.decode()
    partner = unescape(browser("partner").get(made.address("child")).content.decode())
    assert "We drew." not in partner
    assert "To have a friend" not in partner
    assert "Protection plan" in partner
    file = unescape(browser("partner").get(
        reverse("partner", args=[family.file.pk])).content.decode())
    assert "A child: protection plan" in file
    done("colleague", "child-end", reason="goals_reached", **day("on"),
         version=str(family.seen("manager", ChildSupport)[0].version))
    assert family.seen("manager", GroupChild)[0].left_on == TODAY


def test_what_somebody_else_saved_meanwhile_is_shown_beside_what_was_typed(
        made: Made, browser: Browse) -> None:
    child = made.child
    actions.correct_child(child=child, person=actions.Person(given_name="Newer"), version=1,
                          by=made.family["children"])
    stale = browser("partner").post(made.address("child-edit"), {
        "given_name": "Mine", "sex": "unknown", "version": "1"})
    text = unescape(stale.content.decode())
    assert stale.status_code == 422
    assert "Saved now, by somebody else" in text
    assert "Newer" in text
    assert 'value="Mine"' in text
    assert 'name="version" value="2"' in text
    for page, typed in (
        ("child-adult-end", day("on")),
        ("child-referral-outcome", {"outcome": "plan", **day("on")}),
    ):
        answer = post(made, browser, "partner", page, version="0", **typed)
        assert (answer.status_code, "Saved now" in answer.content.decode()) == (422, True), page
    for page, typed in (
        ("child-goal-state", {"state": "left", **day("on")}),
        ("child-end", {"reason": "moved_away", **day("on")}),
    ):
        answer = post(made, browser, "children", page, version="0", **typed)
        assert (answer.status_code, "Saved now" in answer.content.decode()) == (422, True), page
    answer = post(made, browser, "manager", "child-allocate", version="0",
                  worker=str(made.family["colleague"].worker))
    assert (answer.status_code, "Saved now" in answer.content.decode()) == (422, True)
    answer = post(made, browser, "manager", "child-same", version="0", other="none")
    assert (answer.status_code, "Saved now" in answer.content.decode()) == (422, True)


def test_a_referral_without_consent_and_without_a_reason_is_asked_why(
        made: Made, browser: Browse) -> None:
    answer = post(made, browser, "partner", "child-safeguarding", concern="harm",
                  threshold="early_help", made_to="Invented Care", reason="Kept words.",
                  consented="no", without_because=" ", **day("made_on"))
    text = unescape(answer.content.decode())
    assert "Say why the referral is made without consent." in text
    assert "Kept words." in text
    assert len(made.family.seen("manager", ChildSafeguarding)) == 1


def test_small_forms_say_what_is_missing(made: Made, browser: Browse) -> None:
    for page, typed, says in (
        ("child-arrangement", day("since"), "Nothing is answered yet"),
        ("child-adult-new", {"who": "other", "relationship": "parent", **day("on")},
         "Write the name of the other adult"),
        ("child-plan", {"plan": "none", **day("since", TODAY + timedelta(days=2))},
         "13 March 2036 has not come yet"),
        ("children-asked", {"answer": "none", **day("asked_on")}, "Children are linked"),
    ):
        answer = post(made, browser, "partner", page, **typed)
        assert answer.status_code == 422
        assert says in unescape(answer.content.decode())


def test_asked_and_none_are_shown_apart_on_the_file(family: Family, browser: Browse) -> None:
    section = reverse("partner", args=[family.other_file.pk]) + "?show=children"
    assert "nobody has asked yet" in browser("other").get(section).content.decode()
    address = reverse("children-asked", args=[family.other_file.pk])
    for answer, words in (("unknown", "unknown, asked on"), ("none", "none, asked on")):
        browser("other").post(address, {"form_id": str(uuid4()), "answer": answer,
                                        **day("asked_on")})
        text = browser("other").get(section).content.decode().replace("</strong>", "")
        assert words in text
    assert len(family.seen("other", FileChildren)) == 2


def test_two_records_are_marked_and_the_mark_is_taken_back(
        family: Family, browser: Browse) -> None:
    one, two = family.child(), family.child(by="other", file=family.other_file)
    address = reverse("child-same", args=[two.pk])
    assert str(one.pk) in browser("coordinator").get(address).content.decode()
    browser("coordinator").post(address, {"other": str(one.pk), "version": "1"})
    assert family.seen("manager", Child, pk=two.pk)[0].same_as_id == one.pk
    assert actions_counts(family).children == 1
    browser("coordinator").post(address, {"other": "none", "version": "2"})
    assert actions_counts(family).children == 2


def test_groups_are_opened_filled_and_left(family: Family, browser: Browse) -> None:
    support = family.supported()
    worker = browser("children")
    opened = {"form_id": str(uuid4()), "name": "Thursday group", "service": SERVICE,
              **day("begins_on")}
    for _ in range(2):
        assert worker.post(reverse("child-group-new"), opened).status_code == 302
    group, = family.seen("children", ChildGroup)
    assert family.seen("colleague", ChildGroup) == []
    assert "Thursday group" in worker.get(reverse("child-groups")).content.decode()
    join = reverse("child-group-join", args=[group.pk])
    assert worker.post(join, {"support": str(support.pk), **day("on")}).status_code == 302
    page = worker.get(reverse("child-group", args=[group.pk])).content.decode()
    assert "Opfundet Invented" in page
    place, = family.seen("children", GroupChild)
    worker.post(reverse("child-group-leave", args=[place.pk]))
    assert family.seen("children", GroupChild)[0].left_on == TODAY
    assert "is without a place" not in worker.get(join).content.decode()


def test_the_worker_who_ends_the_own_link_is_led_back_to_the_file(
        family: Family, browser: Browse) -> None:
    child = family.child()
    link, = family.seen("partner", ChildAdult)
    answer = browser("partner").post(
        reverse("child-adult-end", args=[link.pk]), {"version": "1", **day("on")}, follow=True)
    assert answer.status_code == 200
    assert reverse("partner", args=[family.file.pk]) in answer.redirect_chain[0][0]
    assert family.seen("partner", Child) == []
    assert family.seen("manager", ChildAdult)[0].ended_on == TODAY
    assert browser("partner").get(reverse("child", args=[child.pk])).status_code == 404


def test_asking_and_taking_answer_in_sentences(family: Family, browser: Browse) -> None:
    unborn = actions.record_child(
        person=actions.Person(due_on=TODAY + timedelta(days=60)), service=SERVICE,
        compartment=family.file.compartment, on=TODAY, file=family.file, by=family["partner"])
    answer = browser("partner").post(reverse("child-ask", args=[unborn.pk]), follow=True)
    text = unescape(answer.content.decode())
    assert "not born yet has no sessions" in text
    assert "An unborn child" in text
    assert "expected on 10 May 2036" in text
    support = family.supported()
    answer = browser("manager").post(reverse("child-take", args=[support.pk]), follow=True)
    assert "has a worker already" in answer.content.decode()


def test_nothing_of_these_models_is_left_unused(made: Made, browser: Browse) -> None:
    """The world of these tests fills what the pages read."""
    family = made.family
    for model in (Arrangement, ChildConsent, ChildGoal, ChildSafeguarding, GroupChild):
        assert family.seen("manager", model), model
        assert family.seen("officer", model) == []
        assert family.seen("colleague", model) == []
    for model in (ChildSession, ChildAttendance, PlanStatus):
        assert family.seen("officer", model) == []
    assert isinstance(made.child.pk, UUID)
