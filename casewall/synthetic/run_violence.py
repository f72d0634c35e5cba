"""Living what partners tell of: incidents, a report of new violence, an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from casewall.programme.incidents.rules import DayOutcome, Form, Kind, Severity, Sign, Source
from casewall.safety.children.models import ChildAdult
from casewall.safety.incidents import actions
from casewall.safety.incidents.models import (
    FileCourtDay,
    FileProceeding,
    SufferedIncident,
    ViolenceReport,
)
from casewall.safety.incidents.rules import Authority, Consent, Ground, Reached, Suffered
from casewall.safety.partners.rules import Channel
from casewall.synthetic.desk import Desk
from casewall.wall.context import acting

FORMS = (
    ([Form.PSYCHOLOGICAL, Form.CONTROL], [], Severity.MODERATE),
    ([Form.PHYSICAL, Form.THREATS], [Sign.THREAT_TO_KILL], Severity.SERIOUS),
    ([Form.STALKING], [], Severity.MODERATE),
    ([Form.ECONOMIC], [], None),
)
"""Invented incidents; they follow each other from file to file."""
WHERE = "safety_incidents."


def tells(desk: Desk) -> None:
    """Every second partner told of something from before the referral; the others were asked."""
    before = desk.began - timedelta(days=30)
    actions.record_asked(
        file=desk.file, source=Source.PARTNER, first_on=before, last_on=desk.last, by=desk.by,
        form=desk.form("asked"),
    )  # fmt: skip
    if desk.place % 2 == 0:
        _suffered(desk, desk.place, "earlier", before=True)


def live_violence(desks: Sequence[Desk]) -> None:
    """Once in a service: new violence that nobody was asked about yet, one told to an authority
    without consent, an order with two days in court, and what a child suffered."""
    for desk in desks[:1]:
        _suffered(desk, 2, "new", before=False)
    for desk in desks[1:2]:
        _told_without_consent(desk, _suffered(desk, 1, "danger", before=False))
        _order(desk)
    for desk in desks:
        if _of_a_child(desk):
            return


def _suffered(desk: Desk, which: int, name: str, *, before: bool) -> SufferedIncident:
    forms, signs, severity = FORMS[which % len(FORMS)]
    told_on = desk.day(0.6)
    day = desk.file.referred_on - timedelta(days=12) if before else told_on
    return actions.record_suffered(
        file=desk.file,
        suffered_by=Suffered.PARTNER,
        forms=forms,
        signs=signs,
        severity=severity,
        source=Source.PARTNER,
        happened_on=day,
        exact=not before,
        told_on=max(day, told_on),
        what=desk.text(WHERE + "sufferedincident.what"),
        by=desk.by,
        form=desk.form(f"incident {name}"),
    )


def _told_without_consent(desk: Desk, incident: SufferedIncident) -> None:
    """The partner said no; life is in danger, nobody answered, and the police were told."""
    with acting(desk.by):
        report = ViolenceReport.objects.visible_to(desk.by).filter(incident=incident).first()
    if report is None or report.ended_on is not None or report.consent != Consent.NOT_ASKED:
        return
    report = actions.record_consent(
        report=report, consent=Consent.NO, on=desk.last, version=report.version, by=desk.by
    )
    report = actions.record_ground(
        report=report, ground=Ground.LIFE_IN_DANGER, version=report.version, by=desk.by,
        reason=desk.text(WHERE + "violencereport.ground_reason"),
    )  # fmt: skip
    actions.record_try(
        report=report, tried_at=desk.at(desk.last, "10:10"), channel=Channel.CALL,
        outcome=Reached.NOT_REACHED, note=desk.text(WHERE + "trytotell.note"), by=desk.by,
        form=desk.form("try"),
    )  # fmt: skip
    actions.tell_authority(
        report=report, authority=Authority.POLICE, told_at=desk.at(desk.last, "11:00"),
        recipient=desk.text(WHERE + "authoritytold.recipient"),
        content=desk.text(WHERE + "authoritytold.content"), by=desk.by,
        form=desk.form("authority"),
    )  # fmt: skip


def _order(desk: Desk) -> None:
    """A protective order with a day in court that was held and one that is to come."""
    began = desk.day(0.3)
    actions.open_proceeding(
        file=desk.file, kind=Kind.PROTECTIVE_ORDER, began_on=began,
        until_on=desk.today + timedelta(days=60),
        court=desk.text(WHERE + "fileproceeding.court"),
        conditions=desk.text(WHERE + "fileproceeding.conditions"), source=Source.POLICE,
        stated_on=began, by=desk.by, form=desk.form("order"),
    )  # fmt: skip
    with acting(desk.by):
        order = FileProceeding.objects.visible_to(desk.by).filter(file=desk.file).first()
    for name, day in (("past", desk.day(0.8)), ("to come", desk.ahead(9))):
        actions.set_court_day(
            proceeding=order, held_on=max(began, day), at_time=None, source=Source.POLICE,
            by=desk.by, form=desk.form(f"court {name}"),
        )  # fmt: skip
    with acting(desk.by):
        rows = FileCourtDay.objects.visible_to(desk.by).filter(proceeding=order, outcome="")
        held = rows.filter(held_on__lte=desk.today).order_by("held_on").first()
    if held is not None:
        actions.settle_court_day(
            court_day=held, outcome=DayOutcome.HELD, version=held.version, by=desk.by,
            note=desk.text(WHERE + "filecourtday.note"),
        )  # fmt: skip


def _of_a_child(desk: Desk) -> bool:
    """What a child of this file saw; False where no child is in it."""
    with acting(desk.by):
        rows = ChildAdult.objects.visible_to(desk.by).filter(file=desk.file, ended_on=None)
        link = rows.select_related("child").first()
    if link is None:
        return False
    actions.record_child_incident(
        child=link.child, forms=[Form.PSYCHOLOGICAL], signs=[], severity=Severity.MODERATE,
        source=Source.PARTNER, happened_on=desk.day(0.4), exact=False, told_on=desk.day(0.6),
        what=desk.text(WHERE + "childincident.what"), by=desk.by, form=desk.form("child saw"),
    )  # fmt: skip
    return True
