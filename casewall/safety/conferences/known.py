"""What the records already hold for a referral: nobody is asked, or types, the same thing twice.

What is not known stays empty: the page and the form say “not known”, never “no”.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from casewall.programme.incidents.rules import Form, Kind, Sign, Source
from casewall.programme.incidents.shown import newest, when_words
from casewall.programme.incidents.words import listed
from casewall.programme.incidents.words import words_of as said
from casewall.safety.children.models import ChildAdult
from casewall.safety.conferences.criteria import marac_of
from casewall.safety.conferences.models import ConferenceReferral, Hearing
from casewall.safety.conferences.rules import Facts
from casewall.safety.incidents.models import FileProceeding, SufferedIncident
from casewall.safety.partners.models import FileLink, PartnerFile, SafeContact, ScaleAnswer
from casewall.safety.partners.rules import DAYS_IN_WORDS, Channel, Days
from casewall.safety.partners.words import RELATIONS, contact_in_words, in_words
from casewall.safety.pulled.models import PulledCase
from casewall.safety.support.models import PartnerNeed
from casewall.safety.support.rules import Area, Level
from casewall.safety.support.words import words_of as help_words
from casewall.services.schema import Marac
from casewall.wall.sides import Viewer

INCIDENTS_TOLD = 10
CRIMES = (Kind.CHARGE, Kind.CRIMINAL)
"""Proceedings that count as crimes for the local rule."""


def standing_incidents(file: PartnerFile, viewer: Viewer) -> list[SufferedIncident]:
    """The incidents of a file as they stand, the latest first."""
    rows = SufferedIncident.objects.visible_to(viewer).filter(file=file)
    return [row for row in newest(rows) if not row.taken_back]


def last_hearing(file: PartnerFile, viewer: Viewer) -> Hearing | None:
    """The last time that the case of a file was heard."""
    heard = Hearing.objects.visible_to(viewer).filter(file=file, heard_on__isnull=False)
    found: Hearing | None = heard.order_by("-heard_on", "id").first()
    return found


def facts_of(
    file: PartnerFile, viewer: Viewer, local: Marac, referral: ConferenceReferral | None = None
) -> Facts:
    """The facts that the local rule looks at: the records', and what a referral says besides."""
    crimes = FileProceeding.objects.visible_to(viewer).filter(file=file, kind__in=CRIMES)
    heard = last_hearing(file, viewer)
    return Facts(
        ticks=referral.ticks if referral else ticks_of(file, viewer, local.checklist),
        judgement=(referral.judgement or "") if referral else "",
        incidents=[row.happened_on for row in standing_incidents(file, viewer)],
        crimes=list(crimes.values_list("began_on", flat=True)),
        honour=referral.honour if referral else None,
        heard_on=heard.heard_on if heard else None,
    )


def ticks_of(file: PartnerFile, viewer: Viewer, checklist: str) -> int | None:
    """The count of the newest checklist, as its own rule counted it."""
    rows = ScaleAnswer.objects.visible_to(viewer).filter(
        file=file, measure=checklist, score__isnull=False
    )
    found = rows.order_by("-answered_on", "id").values_list("score", flat=True).first()
    return None if found is None else int(found)


def children_of(file: PartnerFile, viewer: Viewer) -> list[Any]:
    """The children of a file, each once."""
    links = ChildAdult.objects.visible_to(viewer).filter(file=file, ended_on=None)
    found = {
        link.child.same_as_id or link.child_id: link.child
        for link in links.select_related("child").order_by("linked_on", "id")
    }
    return list(found.values())


def prefilled(file: PartnerFile, viewer: Viewer) -> dict[str, str]:
    """The answers of the form that the records hold, by the form's keys."""
    partner = file.partner
    cases = _cases(file, viewer)
    answers = {
        "name": partner.full_name,
        "born_on": _day(partner.born_on),
        "safe_contact": _safe(file, viewer),
        "language": partner.language,
        "client_name": "; ".join(case.name for case in cases),
        "client_born_on": "; ".join(filter(None, (_day(case.born_on) for case in cases))),
        "relationship": RELATIONS.get(file.relation, "") if file.relation != "unknown" else "",
        "children": "\n".join(_child(one) for one in children_of(file, viewer)),
        "what_happened": "\n".join(_incidents(file, viewer)),
        "police": "\n".join(_proceedings(file, viewer)),
        "engagement": "\n".join(_engagement(file, cases)),
        "before": "; ".join(
            f"{on:%-d %B %Y}"
            for on in Hearing.objects.visible_to(viewer)
            .filter(file=file, heard_on__isnull=False)
            .order_by("heard_on", "id")
            .values_list("heard_on", flat=True)
        ),
        **_needs(file, viewer),
    }
    return {key: text for key, text in answers.items() if text}


def _cases(file: PartnerFile, viewer: Viewer) -> list[PulledCase]:
    links = FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None)
    rows = PulledCase.objects.visible_to(viewer).filter(id__in=links.values("case_id"))
    return list(rows.order_by("-referred_on", "id"))


def _day(written: str | None) -> str:
    return f"{date.fromisoformat(written):%-d %B %Y}" if written else ""


def _safe(file: PartnerFile, viewer: Viewer) -> str:
    """The ways that are confirmed safe, with their times. Never a number and never a code word."""
    rows = SafeContact.objects.visible_to(viewer).filter(file=file, is_safe=True)
    today, told = timezone.localdate(), []
    for plan in sorted(rows, key=lambda one: list(Channel).index(Channel(one.channel))):
        hours = (
            f", {plan.from_time:%H:%M} to {plan.to_time:%H:%M}"
            if plan.from_time and plan.to_time
            else ""
        )
        late = " (to be confirmed again)" if plan.review_on and plan.review_on < today else ""
        days = DAYS_IN_WORDS[Days(plan.days)]
        told.append(f"{in_words(plan.channel)}: {days}{hours}{late}")
    return "\n".join(told)


def _child(child: Any) -> str:
    name = child.full_name or ("An unborn child" if child.due_on else "A child, name not known")
    return f"{name}, born {_day(child.born_on)}" if child.born_on else name


def _incidents(file: PartnerFile, viewer: Viewer) -> Iterator[str]:
    for row in standing_incidents(file, viewer)[:INCIDENTS_TOLD]:
        signs = f"; {listed(Sign, row.signs).lower()}" if row.signs else ""
        what = f". {row.what}" if row.what else ""
        yield (
            f"{when_words(row)}: {listed(Form, row.forms).lower()}{signs} "
            f"(source: {said(Source, row.source).lower()}){what}"
        )


def _proceedings(file: PartnerFile, viewer: Viewer) -> Iterator[str]:
    rows = FileProceeding.objects.visible_to(viewer).filter(file=file)
    for row in rows.order_by("-began_on", "id"):
        until = f", until {row.until_on:%-d %B %Y}" if row.until_on else ""
        ended = f", ended {row.ended_on:%-d %B %Y}" if row.ended_on else ""
        yield f"{said(Kind, row.kind)}, {row.began_on:%-d %B %Y}{until}{ended}"


def _engagement(file: PartnerFile, cases: Iterable[PulledCase]) -> Iterator[str]:
    last = f", last on {file.last_contact_on:%-d %B %Y}" if file.last_contact_on else ""
    yield f"Partner support: {contact_in_words(file.contact).lower()}{last}"
    for case in cases:
        yield (
            f"Programme: {case.stage.replace('_', ' ')} since {case.stage_on:%-d %B %Y}, as the "
            "programme side recorded it"
        )


def _needs(file: PartnerFile, viewer: Viewer) -> dict[str, str]:
    wanted = {Area.SUBSTANCES: "substances", Area.MENTAL_HEALTH: "mental_health"}
    rows = PartnerNeed.objects.visible_to(viewer).filter(file=file, area__in=list(wanted))
    newest_first = rows.order_by("area", "-recorded_at", "id").distinct("area")
    return {
        wanted[Area(row.area)]: (
            f"The partner: {help_words(Level, row.level).lower()}, said "
            f"{row.stated_on:%-d %B %Y}"
        )
        for row in newest_first
    }


def local_rule(file: PartnerFile) -> Marac:
    """The rule of the service of a file."""
    return marac_of(file.service)
