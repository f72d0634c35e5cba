"""Invented rows of every kind, in bulk, and the address of every page that they have."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casewall.programme.agreements.models import Agreement, AgreementText, Release
from casewall.programme.assessments.models import EligibilityAnswer, EligibilityCheck
from casewall.programme.cases import models as of_cases
from casewall.programme.cases.models import Case, Client
from casewall.programme.courses.models import (
    Act,
    CompletionReview,
    Course,
    CourseChange,
    CriterionRating,
    FollowUp,
)
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import (
    Attendance,
    Availability,
    ClosedWeeks,
    Group,
    GroupFacilitator,
    GroupMember,
    NonAssociation,
    Room,
    Session,
    Visitor,
)
from casewall.programme.incidents.models import (
    AskedSpan,
    CourtDay,
    CustodySpan,
    Incident,
    IncidentReview,
    Proceeding,
)
from casewall.programme.measuring.models import MeasureAnswer
from casewall.programme.needs.models import (
    Circumstances,
    DeclaredChild,
    FamilyStatement,
    Need,
    OnwardReferral,
    SafeguardingReferral,
    ViolenceHistory,
)
from casewall.programme.notes.models import Correction, EarlierNote, Note, ProgrammeDraft
from casewall.programme.reports.facts import Entries
from casewall.programme.reports.models import Document, IssuedFile, LetterTemplate
from casewall.programme.reports.rendering import template_for
from casewall.programme.reports.rules import DocumentFacts, Kind
from casewall.programme.risk.models import Commission, RiskAssessment, RiskEvidence
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import NOW, TODAY, World

URLCONF = "casewall.config.urls.programme"
ACCOUNT = ("account_", "mfa_", "pages:")
"""Pages of the sign-in package and of every site; they hold no record of a case."""

def _each(names: str, **arguments: str) -> dict[str, dict[str, str]]:
    return dict.fromkeys(names.split(), arguments)


ADDRESSES: dict[str, dict[str, str]] = {
    **_each("today cases search agreement_texts templates groups group_new rooms courses acts"
            " notes_waiting closed drafts draft_save draft_throw_away letter_templates stay"),
    **_each("case case_contact case_book case_move case_exit case_pause case_resume case_reopen"
            " case_correct case_declare case_referrer case_eligibility case_decide case_sign"
            " case_release case_place case_availability case_apart acts_accept case_enrol"
            " case_session case_sit_in needs_state violence_state family_state child_declare"
            " circumstances_state onward_new safeguarding_new note_new chronology measure_choose"
            " incident_new proceeding_new custody_new asked_new", pk="case"),
    **_each("measures-due measures_again"),
    **_each("measure_record measure_silence", pk="case", measure="abuse-used", wave="before"),
    **_each("incident incident_correct incident_take_back", pk="incident"),
    **_each("incident_review", pk="incidentreview"),
    **_each("proceeding proceeding_change court_day_new", pk="proceeding"),
    **_each("court_day_settle", pk="courtday"),
    **_each("custody_change", pk="custodyspan"),
    **_each("group group_add group_further group_facilitators group_end", pk="group"),
    **_each("register session_cancel session_record session_visitors acts_accept_register",
            pk="session"),
    **_each("session_move", pk="coming"),
    **_each("one_to_one_time", pk="alone"),
    **_each("visitor_signed", pk="visitor"),
    **_each("task_done", pk="task"),
    **_each("agreement_copy", pk="agreement"),
    **_each("agreement_text", service=SERVICE, language="da"),
    **_each("release_withdraw", pk="release"),
    **_each("template", pk="template"),
    **_each("group_place", pk="group", case_pk="waiting"),
    **_each("room_close", pk="room"),
    **_each("closed_weeks", pk="closedweeks"),
    **_each("place_end", pk="place"),
    **_each("apart_add", pk="case", other_pk="waiting"),
    **_each("apart_end", pk="case", pair_pk="pair"),
    **_each("act_done act_dismiss document_for_act", pk="act"),
    **_each("course_review course_extend course_break course_resume course_level", pk="course"),
    **_each("review_sign", pk="review"),
    **_each("follow_up", pk="follow_up"),
    **_each("onward_settle", pk="onward"),
    **_each("safeguarding_settle", pk="safeguarding"),
    **_each("note note_edit", pk="note"),
    **_each("note_correct", pk="locked_note"),
    **_each("document_new", pk="case", kind="invitation"),
    **_each("document_edit document_check document_withdraw", pk="draft_document"),
    **_each("document_issue", pk="checked_document"),
    **_each("document document_anew", pk="report"),
    **_each("document_file", pk="report", ending="docx"),
    **_each("letterhead", compartment="compartment"),
    **_each("letter_template letter_template_file", compartment="compartment",
            kind="invitation", language="en"),
}
"""Every named address, with what its arguments are: names of records of `Crowd`, or values."""


ELSEWHERE = {
    "casewall.pages.more": ("tests/pages/test_more.py",),
    "casewall.programme.access": ("tests/programme/access/test_access.py",),
    "casewall.programme.reports.ledger": ("tests/programme/reports/test_recalls.py",),
    "casewall.programme.retention": ("tests/programme/retention/test_keeping_case.py",),
    "casewall.programme.rights": ("tests/programme/rights/test_rights.py",),
    "casewall.programme.risk": ("tests/programme/risk/test_risk_pages.py",
                                "tests/programme/risk/test_risk.py"),
    "casewall.staff.account_views": ("tests/staff/test_account_pages.py",),
}
"""Modules whose pages are asked as every role by tests of their own, which name each of them."""


def patterns() -> dict[str, URLPattern]:
    """Every named address of the site but those of `ACCOUNT` and `ELSEWHERE`."""
    return {name: one for name, one in every_pattern().items()
            if not one.callback.__module__.startswith(tuple(ELSEWHERE))}


def every_pattern() -> dict[str, URLPattern]:
    """Every named address of the site but those of `ACCOUNT`."""
    return {name: one for name, one in _named(get_resolver(URLCONF).url_patterns, "")
            if not name.startswith(ACCOUNT)}


def _named(found: Any, space: str) -> Any:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _named(one.url_patterns, f"{space}{one.namespace}:" if one.namespace
                              else space)
        else:
            yield f"{space}{one.name}", one


FACTS = json.dumps(asdict(DocumentFacts(client_name="Invented")))
ENTRIES = json.dumps(asdict(Entries()), default=str)


class Crowd:
    """One group, one client with everything, and as many others as are asked for."""

    def __init__(self, world: World):
        self.world, self.by = world, world.manager
        self.compartment = world.compartment()
        self.facilitator = world.staff[Role.FACILITATOR].worker
        self.referrer = world.staff[Role.REFERRER].worker
        self.size = 0
        self.records: dict[str, UUID] = {}
        install_templates(service=shipped()[SERVICE], by=world.system)
        [self.version] = world.rows(TemplateVersion, code="counselling-course")
        self.records["template"] = self.version.pk
        self._begin()

    def grow(self, size: int) -> None:
        """Go on until there are so many rows of each kind."""
        new = range(self.size, size)
        if not new:
            return
        others = self._others(new)
        self._of_the_case(new)
        self._of_the_group(new, others)
        self._of_the_others(others)
        self._apart(others["placed"])
        self.size = size

    def address(self, name: str, *, absent: UUID | None = None, query: str = "") -> str:
        """The address of a page; with `absent`, of a record that is not there."""
        kwargs = {key: self._argument(key, value, absent)
                  for key, value in ADDRESSES[name].items()}
        return reverse(name, URLCONF, kwargs=kwargs) + query

    def _argument(self, key: str, value: Any, absent: UUID | None) -> Any:
        if key == "compartment":
            return self.compartment
        if value not in self.records:
            return value
        return absent if key == "pk" and absent else self.records[value]

    # --- making rows -------------------------------------------------------------------------

    def _add(self, model: Any, rows: Any) -> list[Any]:
        """Store rows in one statement, each relation by its number: Django looks at every record
        that it is given, which for thousands of rows takes longer than storing them."""
        with acting(self.by):
            made = model.objects.for_system("synthetic").bulk_create(
                [model(compartment=self.compartment, **dict(map(_by_number, row.items())))
                 for row in rows])
        if made:
            self.records.setdefault(model.__name__.lower(), made[0].pk)
        return list(made)

    def _cases(self, number: int, **more: Any) -> list[Any]:
        clients = self._add(Client, ({"given_name": f"Number{n}", "family_name": "Digt"}
                                     for n in range(number)))
        return self._add(Case, (
            {"client": client, "service": SERVICE, "referral_id": uuid4(), "route": "police",
             "referred_on": TODAY - timedelta(days=40), "stage": "agreement_signed",
             "stage_on": TODAY - timedelta(days=9), "referrer_worker": self.referrer,
             "next_action": "place", "next_action_on": TODAY, **more} for client in clients))

    def _group(self, name: str) -> dict[str, Any]:
        return {"name": name, "service": SERVICE, "template": self.version,
                "component": "counselling-group", "starts_on": TODAY - timedelta(weeks=200),
                "begins_at": time(18), "minutes": 120}

    def _session(self, group: Group, number: int, on: date, **more: Any) -> dict[str, Any]:
        return {"group": group, "component": "counselling-group", "number": number,
                "held_on": on, "begins_at": time(18), "minutes": 120, **more}

    def _begin(self) -> None:
        """What there is one of: the case, the group, its sessions, a course with its acts."""
        [self.case] = self._cases(1)
        [self.room] = self._add(Room, [{"name": "First room"}])
        [self.group] = self._add(Group, [{**self._group("First group"), "room": self.room}])
        self._add(GroupFacilitator, [{"group": self.group, "worker": self.facilitator}])
        held = {"state": "held", "marked_at": NOW, "marked_by": self.facilitator}
        [self.session] = self._add(
            Session, [self._session(self.group, 1, TODAY - timedelta(days=7), **held)])
        [coming] = self._add(Session, [self._session(self.group, 2, TODAY + timedelta(days=7))])
        [place] = self._add(GroupMember, [{"group": self.group, "case": self.case,
                                           "joined_on": TODAY - timedelta(days=20)}])
        self._add(Availability, [{"case": self.case, "stated_on": TODAY}])
        [self.course] = self._add(Course, [{**self._course(self.case), "state": "on_break"}])
        self.records |= {"coming": coming.pk, "place": place.pk, "case": self.case.pk}

    def _course(self, case: Case) -> dict[str, Any]:
        began = TODAY - timedelta(days=20)
        return {"case": case, "template": self.version, "state": "running",
                "enrolled_on": began, "began_on": began, "counts_from": began}

    def _others(self, new: range) -> dict[str, list[Any]]:
        """Clients in the group and clients who wait, with a course each."""
        placed, waiting = self._cases(len(new)), self._cases(len(new))
        self._add(GroupMember, ({"group": self.group, "case": case,
                                 "joined_on": TODAY - timedelta(days=20)} for case in placed))
        if waiting:
            self.records.setdefault("waiting", waiting[0].pk)
        return {"placed": placed, "waiting": waiting}

    def _of_the_case(self, new: range) -> None:
        """Rows of every kind that belong to a case, for the one case."""
        case, worker = {"case": self.case}, {"worker": self.facilitator}
        day, at = TODAY - timedelta(days=3), NOW - timedelta(days=3)
        rows: list[tuple[Any, dict[str, Any]]] = [
            (of_cases.ContactAttempt, {**worker, "tried_at": at, "route": "phone",
                                       "outcome": "spoke"}),
            (of_cases.StageMove, {**worker, "came_from": "referred", "went_to": "contacted",
                                  "moved_on": day, "recorded_at": at}),
            (of_cases.Assessment, {**worker, "booked_for": at, "held_on": day,
                                   "decision": "suitable"}),
            (of_cases.DeclaredPartner, {"name": "Invented", "stated_by": "client",
                                        "stated_on": day}),
            (of_cases.Task, {"kind": "late_first_contact", "due_on": day}),
            (of_cases.Statement, {"purpose": "statement", "text": "Invented",
                                  "arrived_on": day}),
            (Agreement, {**worker, "signed_on": day, "text_version": "1", "language": "da"}),
            (Release, {**worker, "recipient": "referrer", "recipient_name": "Invented",
                       "purpose": "report_to_referrer", "scope": "attendance",
                       "ground": "voluntary", "starts_on": day, "recorded_at": at}),
            (Need, {**worker, "kind": "housing", "level": "serious", "stated_by": "client",
                    "stated_on": day, "recorded_at": at}),
            (ViolenceHistory, {**worker, "since": "one_to_five", "kinds": "threats",
                               "stated_by": "client", "stated_on": day, "recorded_at": at}),
            (Circumstances, {**worker, "area": "hejlskov", "employment": "employed",
                             "stated_by": "client", "stated_on": day, "recorded_at": at}),
            (FamilyStatement, {"of": "children", "answer": "none", "stated_by": "client",
                               "stated_on": day}),
            (DeclaredChild, {"name": "Invented", "stated_by": "client", "stated_on": day}),
            (OnwardReferral, {**worker, "kind": "social", "agency": "Invented", "made_on": day,
                              "ask_on": TODAY}),
            (SafeguardingReferral, {**worker, "concern": "child_harm", "made_to": "Invented",
                                    "made_on": day, "reason": "Invented", "client_told": True,
                                    "ask_on": TODAY}),
            (CourseChange, {**worker, "course": self.course, "kind": "break", "from_on": day,
                            "until_on": TODAY, "reason": "Invented", "recorded_at": at}),
        ]
        for model, row in rows:
            self._add(model, ({**case, **row} for _ in new))
        self._add(FollowUp, ({**case, "course": self.course, "months": 3 + n, "due_on": TODAY}
                             for n in new))
        self._checks(new)
        self._written(new)
        self._sessions_alone(new)
        self._reviews(new)
        self._violence(new)
        self._risk(new)
        for name, model in (("onward", OnwardReferral), ("safeguarding", SafeguardingReferral),
                            ("follow_up", FollowUp)):
            self.records[name] = self.records[model.__name__.lower()]

    def _risk(self, new: range) -> None:
        """The assessment that is signed, after earlier versions, and what sources said."""
        worker = {"case": self.case, "worker": self.facilitator}
        row = {**worker, "writers": "", "level": "medium", "begun_on": TODAY, "signed_on": TODAY,
               "signed_at": NOW - timedelta(days=1), "signed_by": self.by.worker,
               "review_on": TODAY - timedelta(days=1)}
        if not self.size:
            self._add(RiskAssessment, [{**row, "version": 0, "state": "signed"}])
        self._add(RiskAssessment, ({**row, "version": n + 1, "state": "superseded"} for n in new))
        self._add(RiskEvidence, ({**worker, "source": "police", "how": "phone", "held_on": TODAY,
                                  "what": "Invented", "recorded_at": NOW} for _ in new))
        self._add(Commission, ({**worker, "commissioner": "court", "commissioned_by": "Invented",
                                "asked_on": TODAY, "due_on": TODAY} for _ in new))

    def _violence(self, new: range) -> None:
        """Incidents with their reviews, proceedings with court days, custody, and answers."""
        case, worker, day = {"case": self.case}, {"worker": self.facilitator}, TODAY
        told = {**case, **worker, "source": "police", "recorded_at": NOW}
        happened = self._add(Incident, (
            {**told, "forms": "physical", "happened_on": day, "told_on": day} for _ in new))
        self._add(IncidentReview, (
            {**case, "incident": one, "danger": False, "re_offence": True, "due_on": day}
            for one in happened))
        begun = self._add(Proceeding, (
            {**case, **worker, "kind": "bail", "began_on": day, "until_on": day,
             "source": "police", "stated_on": day} for _ in new))
        self._add(CourtDay, (
            {**case, **worker, "proceeding": one, "held_on": day, "source": "police"}
            for one in begun))
        span = {**told, "first_on": day - timedelta(days=9), "last_on": day}
        self._add(CustodySpan, ({**span, "why": "remand"} for _ in new))
        if not self.size:
            self._add(CustodySpan, [{**span, "why": "remand", "first_on": day, "last_on": None}])
        self._add(AskedSpan, (span for _ in new))
        self._add(MeasureAnswer, (
            {**case, **worker, "source": "client", "measure": f"invented-{n}", "wave": "before",
             "measure_version": "1", "not_answered": "not_reached", "recorded_at": NOW}
            for n in new))

    def _checks(self, new: range) -> None:
        checks = self._add(EligibilityCheck, (
            {"case": self.case, "version": n + 1, "rules": "invented", "checked_on": TODAY,
             "recorded_at": NOW, "worker": self.facilitator} for n in new))
        self._add(EligibilityAnswer, ({"case": self.case, "check_made": check,
                                       "rule": "violent", "answer": "yes"} for check in checks))

    def _written(self, new: range) -> None:
        """Notes with corrections and earlier texts, and documents."""
        note = {"case": self.case, "kind": "phone", "happened_on": TODAY, "written_at": NOW,
                "text": "Invented", "worker": self.facilitator}
        locked = self._add(Note, ({**note, "state": "approved", "decided_at": NOW,
                                   "decided_by": self.by.worker} for _ in new))
        self.records.setdefault("locked_note", locked[0].pk)
        notes = self._add(Note, ({**note, "state": "returned"} for _ in new))
        self.records["note"] = self.records.get("returned", notes[0].pk)
        self.records.setdefault("returned", notes[0].pk)
        self._add(Correction, ({"case": self.case, "note_id": self.records["locked_note"],
                                "text": "Invented", "reason": "Invented", "written_at": NOW,
                                "worker": self.facilitator} for _ in new))
        self._add(EarlierNote, ({"case": self.case, "note_id": self.records["note"],
                                 "version": n, "text": "Invented", "replaced_at": NOW,
                                 "worker": self.facilitator} for n in new))
        checked = {"checked_by": self.by.worker, "checked_at": NOW, "checked_text": "Invented"}
        issued = {**checked, "state": "issued", "issued_by": self.by.worker, "issued_on": TODAY}
        for name, row in (
            ("draft_document", {"written_by": self.facilitator}),
            ("checked_document", {**checked, "state": "checked"}),
            ("report", {**issued, "kind": "attendance_report", "to_referrer": True}),
        ):
            number = len(new) if name != "checked_document" else int(not self.size)
            made = self._add(Document, ({**self._document(self.case), **row}
                                        for _ in range(number)))
            if not made:
                continue
            self.records.setdefault(name, made[0].pk)
        word = template_for(self.compartment, Kind.ATTENDANCE_REPORT, "en", self.by)
        content = base64.b64encode(word).decode()
        if not self.size:
            self._add(IssuedFile, [{"document_id": self.records["report"], "ending": "docx",
                                    "content": content}])

    def _document(self, case: Case) -> dict[str, Any]:
        return {"case": case, "kind": "invitation", "language": "en", "recipient": "Invented",
                "purpose": "contact", "facts": FACTS, "entries": ENTRIES,
                "written_by": self.facilitator, "written_at": NOW}

    def _sessions_alone(self, new: range) -> None:
        alone = {"case": self.case, "kind": "one_to_one", "component": "counselling-one-to-one",
                 "begins_at": time(9), "minutes": 60, "worker": self.facilitator}
        planned = self._add(Session, ({**alone, "number": n + 1, "held_on": TODAY} for n in new))
        self.records.setdefault("alone", planned[0].pk)
        held = self._add(Session, ({**alone, "number": n + 1, "state": "held",
                                    "held_on": TODAY - timedelta(days=5)} for n in new))
        self._add(Attendance, ({**self._mark(self.case, one), "attended": False,
                                "outcome": "absent_accepted"} for one in held))

    def _mark(self, case: Case, session: Session) -> dict[str, Any]:
        return {"case": case, "session": session, "outcome": "attended", "attended": True,
                "complied": True, "minutes_attended": 120, "worker": self.facilitator,
                "recorded_at": NOW}

    def _reviews(self, new: range) -> None:
        row = {"case": self.case, "course": self.course, "held_on": TODAY,
               "sessions_attended": 1, "minutes_attended": 60, "dose_met": False,
               "modules_missing": 1, "decision": "end", "evidence": "Invented",
               "worker": self.facilitator}
        if not self.size:
            [waits] = self._add(CompletionReview, [row])
            self.records["review"] = waits.pk
        signed = self._add(CompletionReview, (
            {**row, "signed_at": NOW, "signed_by": self.by.worker} for _ in new))
        self._add(CriterionRating, ({"case": self.case, "review": one, "criterion": "stable",
                                     "met": "yes"} for one in signed))

    def _of_the_group(self, new: range, others: dict[str, list[Any]]) -> None:
        """Groups, sessions, marks, visitors, rooms, texts, templates and drafts."""
        groups = self._add(Group, (self._group(f"Group {n}") for n in new))
        self._add(GroupFacilitator, ({"group": group, "worker": self.facilitator}
                                     for group in groups))
        self._add(GroupMember, ({"group": group, "case": self.case, "joined_on": TODAY,
                                 "left_on": TODAY} for group in groups))
        self._add(Session, (self._session(group, number, TODAY + timedelta(days=days))
                            for group in groups for number, days in ((1, -1), (2, 3))))
        past = self._add(Session, (
            self._session(self.group, n + 3, TODAY - timedelta(days=8 + n), state="held",
                          marked_at=NOW) for n in new))
        self._add(Attendance, (self._mark(self.case, one) for one in past))
        marked = [*others["placed"], *([self.case] if not self.size else [])]
        self._add(Attendance, (self._mark(case, self.session) for case in marked))
        self._add(Visitor, ({"session": self.session, "name": "Invented", "purpose": "observer",
                             "worker": self.facilitator} for _ in new))
        self._add(Act, ({**self._act(self.case, self.course), "session": one} for one in past))
        if not self.size:
            self.records["session"] = self.session.pk
            self._add(Act, [{**self._act(self.case, self.course), "session": self.session,
                             "state": "proposed"}])
        self._kept(new)

    def _kept(self, new: range) -> None:
        self._add(Room, ({"name": f"Room {n}"} for n in new))
        self._add(ClosedWeeks, (
            {"service": "another", "first_on": TODAY + timedelta(days=n), "reason": "Invented",
             "last_on": TODAY + timedelta(days=n), "worker": self.by.worker} for n in new))
        self._add(TemplateVersion, (
            {"service": SERVICE, "code": self.version.code, "version": 1000 + n,
             "name": "Invented", "content": self.version.content, "installed_at": NOW,
             "retired_on": TODAY} for n in new))
        self._add(AgreementText, (
            {"service": SERVICE, "language": "da", "version": 100 + n, "title": "Invented",
             "body": "Invented", "made_at": NOW, "worker": self.by.worker} for n in new))
        self._add(LetterTemplate, (
            {"kind": "invitation", "language": "en", "file_name": "invented.docx",
             "content": "", "worker": self.by.worker, "kept_at": NOW, "retired_at": NOW}
            for _ in new))
        for role in (Role.PROGRAMME_MANAGER, Role.FACILITATOR):
            viewer = self.world.staff[role]
            with acting(viewer):
                ProgrammeDraft.objects.visible_to(viewer).bulk_create(
                    ProgrammeDraft(compartment=self.compartment, worker=viewer.worker,
                                   key=uuid4(), saved_at=NOW, content=_draft()) for _ in new)

    def _act(self, case: Case, course: Course) -> dict[str, Any]:
        return {"case": case, "course": course, "step": "first", "kind": "letter",
                "state": "accepted", "proposed_at": NOW, "due_at": NOW}

    def _of_the_others(self, others: dict[str, list[Any]]) -> None:
        """What waits for somebody, once for each of the others."""
        placed, worker = others["placed"], self.facilitator
        courses = self._add(Course, (self._course(case) for case in placed))
        pairs = list(zip(placed, courses, strict=True))
        self._add(Act, ({**self._act(case, course), "session": self.session,
                         "state": "proposed"} for case, course in pairs))
        self._add(CompletionReview, (
            {"case": case, "course": course, "held_on": TODAY, "sessions_attended": 1,
             "minutes_attended": 60, "dose_met": False, "modules_missing": 1,
             "decision": "end", "evidence": "Invented", "worker": worker}
            for case, course in pairs))
        self._add(FollowUp, ({"case": case, "course": course, "months": 3, "due_on": TODAY}
                             for case, course in pairs))
        self._add(of_cases.Task, ({"case": case, "kind": "late_first_contact", "due_on": TODAY}
                                  for case in placed))
        self._add(Note, ({"case": case, "kind": "phone", "happened_on": TODAY,
                          "written_at": NOW, "text": "Invented", "worker": worker}
                         for case in placed))
        self._add(Document, (self._document(case) for case in placed))
        self._add(Availability, ({"case": case, "stated_on": TODAY}
                                 for case in others["waiting"]))

    def _apart(self, others: list[Any]) -> None:
        pairs = [sorted((self.case.pk, one.pk)) for one in others]
        made = self._add(NonAssociation, ({"one_id": one, "other_id": other, "made_on": TODAY}
                                          for one, other in pairs))
        self.records.setdefault("pair", made[0].pk)


def _by_number(pair: tuple[str, Any]) -> tuple[str, Any]:
    name, value = pair
    return (f"{name}_id", value.pk) if isinstance(value, Model) else pair


def _draft() -> str:
    return json.dumps({"title": "Invented", "page": "/", "fields": [["text", "Invented"]],
                       "at": datetime.isoformat(NOW), "unread": [], "tab": "", "turn": 1,
                       "older": []})
