"""The joint picture of one file and one of its cases: what each source says, side by side.

Pulled facts carry the moment of their copy. What no source says is shown as missing: silence is
never a good sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from casewall.measures.definitions import load as load_measure
from casewall.measures.definitions import names as measure_names
from casewall.measures.over_time import title_of
from casewall.measures.scoring import band_words
from casewall.programme.incidents.rules import Source
from casewall.programme.incidents.shown import newest
from casewall.safety.children.models import ChildAdult, ChildSafeguarding, PlanStatus
from casewall.safety.children.reading import named, plan_on, plan_tag, plans_of
from casewall.safety.incidents.models import FileCourtDay, FileProceeding, SufferedIncident
from casewall.safety.intake.models import IntakeReferral
from casewall.safety.partners.danger import in_order, in_words
from casewall.safety.partners.models import FileLink, PartnerContact, PartnerFile, ScaleAnswer
from casewall.safety.partners.rules import Outcome
from casewall.safety.reading import names_of
from casewall.safety.risk.client import (
    SHOWN,
    OfClient,
    Rows,
    courts,
    incidents,
    of_client,
    shown_of_client,
)
from casewall.safety.risk.models import (
    DangerSignal,
    JointRisk,
    RiskAction,
    RiskReview,
    RiskTrigger,
)
from casewall.safety.risk.reading import why_due
from casewall.safety.risk.rules import (
    SOURCES,
    WORDS_OF_TRIGGER,
    SourceOf,
    late_words,
    missing,
)
from casewall.safety.risk.words import (
    HEARD_BY,
    OCCASIONS,
    day,
    level_tag,
    level_words,
    sources_words,
)
from casewall.safety.support.models import SafetyPlan, SupportSession
from casewall.wall.sides import Viewer


@dataclass(slots=True)
class Picture(OfClient):
    """Everything that a viewer can see of one pair, read in a fixed number of queries."""

    file: PartnerFile
    risk: JointRisk | None
    hers: list[SufferedIncident]
    courts: list[FileProceeding]
    court_days: list[FileCourtDay]
    scales: list[ScaleAnswer]
    signals: list[DangerSignal]
    children: list[ChildAdult]
    plans: dict[UUID, list[PlanStatus]]
    social_care: bool
    spoken: PartnerContact | None
    session: SupportSession | None
    plan: SafetyPlan | None
    referrer: bool
    reviews: list[RiskReview] = field(default_factory=list)
    triggers: list[RiskTrigger] = field(default_factory=list)
    actions: list[RiskAction] = field(default_factory=list)
    names: dict[UUID, str] = field(default_factory=dict)

    @property
    def had(self) -> set[str]:
        """The sources that say something here, by the records alone."""
        sources = {row.source for row in (*self.hers, *self.theirs)}
        sources |= {row.source for row in (*self.courts, *self.their_courts)}
        said = {
            SourceOf.CLIENT: any(row.signed_on for row in self.assessments),
            SourceOf.PARTNER: bool(self.spoken or self.session or "partner" in sources),
            SourceOf.CHILDREN: bool(self.children),
            SourceOf.POLICE: Source.POLICE.value in sources,
            SourceOf.COURTS: bool(self.courts or self.their_courts),
            SourceOf.ATTENDANCE: bool(self.marks),
            SourceOf.REFERRER: self.referrer or Source.REFERRER.value in sources,
            SourceOf.SOCIAL_CARE: self.social_care,
        }
        return {source.value for source, is_there in said.items() if is_there}


def cases_of(file: PartnerFile, viewer: Viewer) -> list[UUID]:
    """The cases that a file is linked to, the latest link first."""
    links = FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None)
    return list(links.order_by("-linked_on", "id").values_list("case_id", flat=True))


def picture(file: PartnerFile, case_id: UUID | None, viewer: Viewer) -> Picture:
    """Read the picture of a file and one of its cases (None: of the file alone)."""

    def seen(model: Any, *order: str, **which: Any) -> list[Any]:
        return list(model.objects.visible_to(viewer).filter(**which).order_by(*order, "id"))

    risk = JointRisk.objects.visible_to(viewer).filter(file=file, case_id=case_id).first()
    happened = newest(SufferedIncident.objects.visible_to(viewer).filter(file=file))
    answered = ScaleAnswer.objects.visible_to(viewer).filter(file=file, answered_on__isnull=False)
    read = Picture(
        file=file,
        risk=risk,
        **of_client(case_id, viewer),
        hers=[row for row in happened if not row.taken_back],
        courts=seen(FileProceeding, "-began_on", file=file),
        court_days=seen(FileCourtDay, "held_on", file=file, outcome=""),
        scales=list(answered.defer("answers").order_by("-answered_on", "id")),
        **_people(file, viewer),
    )
    if risk is not None:
        read.reviews = seen(RiskReview, "-reviewed_on", "-recorded_at", risk=risk)
        read.triggers = seen(RiskTrigger, "-about_on", risk=risk)
        read.actions = seen(RiskAction, "due_on", risk=risk)
    read.names = names_of(
        [
            *(row.worker for row in read.reviews),
            *(row.owner for row in read.actions),
            *(row.settled_by for row in read.actions),
            # Who acted on a sign of a child could tell of a file that is not this viewer's.
            *(row.acknowledged_by for row in read.signals if row.child_id is None),
            risk.owner if risk else None,
        ]
    )
    return read


def _people(file: PartnerFile, viewer: Viewer) -> dict[str, Any]:
    """What was said and seen of the partner and the children: the rest of the picture."""

    def of(model: Any, **which: Any) -> Any:
        return model.objects.visible_to(viewer).filter(**which)

    children = list(
        of(ChildAdult, file=file, ended_on=None)
        .select_related("child")
        .order_by("linked_on", "id")
    )
    keys = [link.child_id for link in children]
    decided = of(ChildSafeguarding, child__in=keys).exclude(outcome="waiting")
    return {
        "signals": [
            *of(DangerSignal, file=file).order_by("-raised_at", "id"),
            *of(DangerSignal, child__in=keys).order_by("-raised_at", "id"),
        ],
        "children": children,
        "plans": plans_of(keys, viewer),
        "social_care": decided.exists(),
        "spoken": of(PartnerContact, file=file, outcome=Outcome.SPOKE)
        .order_by("-tried_at", "id")
        .first(),
        "session": of(SupportSession, file=file, came="held").order_by("-began_at", "id").first(),
        "plan": of(SafetyPlan, file=file).order_by("-number", "id").first(),
        "referrer": of(IntakeReferral, partner_file_id=file.pk).exists(),
    }


def shown(read: Picture, today: date) -> dict[str, Any]:
    """The picture as its page shows it."""
    last = read.reviews[0] if read.reviews else None
    looked_at = set(last.sources.split(",")) if last else set()
    return {
        "standing": _level_rows(read, today),
        "level": level_tag(read.risk.level if read.risk else ""),
        "review": last,
        "review_by": read.names.get(last.worker, "") if last else "",
        "open_triggers": [_trigger(row) for row in read.triggers if row.answered_by_id is None],
        "missing": [SOURCES[one] for one in missing(read.had | looked_at)],
        **shown_of_client(read),
        "partner": _partner_rows(read),
        "scale_columns": ["Measure", ("Answered", "date"), "Score", "What it says"],
        "scales": _scales(read.scales),
        "signal_columns": ["Sign of danger", ("Raised", "date"), "By", "What was done"],
        "signals": [_signal(row, read.names) for row in read.signals[:SHOWN]],
        "incidents": incidents(read.hers, read.theirs),
        "courts": courts(read.courts, read.their_courts),
        "court_days": [day(row.held_on) for row in read.court_days if row.held_on >= today],
        "child_columns": ["Child", ("Plan", "tag"), "Since"],
        "children": [_child(link, read.plans, today) for link in read.children],
        "action_columns": ["What", "Who", ("Due", "date"), "What came of it"],
        "actions": [_action(row, read.names) for row in read.actions],
        "history": [_history(row, read.names) for row in read.reviews],
        "trigger_columns": ["What happened", ("On", "date"), "Found", "Looked at"],
        "triggers": [_trigger_row(row, read.reviews) for row in read.triggers[:SHOWN]],
    }


def _level_rows(read: Picture, today: date) -> Rows:
    risk = read.risk
    if risk is None:
        return [("Level", level_words("")), ("Next review", "as soon as somebody has judged")]
    due = capfirst(late_words(risk.review_on, today))
    rows: Rows = [
        ("Owner", read.names.get(risk.owner, "nobody yet") if risk.owner else "nobody yet"),
        ("Last review", day(risk.reviewed_on) if risk.reviewed_on else "never"),
        ("Next review", due),
    ]
    if risk.review_on <= today:
        rows.append(("Why now", why_due(risk, today)))
    return rows


def _partner_rows(read: Picture) -> Rows:
    spoken, session, plan = read.spoken, read.session, read.plan
    told = [row for row in read.hers if row.source == Source.PARTNER]
    relation = read.file.relation.replace("_", " ")
    return [
        ("Relation to the client", relation.capitalize()),
        ("Last spoken with", day(timezone.localdate(spoken.tried_at)) if spoken else "never"),
        (
            "Last session",
            day(timezone.localdate(session.began_at)) if session else "none was held yet",
        ),
        ("Incidents that the partner told of", str(len(told)) if told else "none written down"),
        ("Safety plan", f"version {plan.number}, {day(plan.written_on)}" if plan else "none yet"),
    ]


def _scales(rows: Iterable[ScaleAnswer]) -> list[dict[str, Any]]:
    """The newest answer to each measure."""
    installed = set(measure_names())
    newest_of: dict[str, ScaleAnswer] = {}
    for row in rows:
        newest_of.setdefault(row.measure, row)
    found = []
    for row in newest_of.values():
        known = load_measure(row.measure) if row.measure in installed else None
        band = band_words(known, row.band) if known and row.band else ""
        score = f"{row.score:g}" if row.score is not None else "no total"
        title = title_of(known) if known else row.measure
        found.append({"cells": [title, row.answered_on, score, band or "–"]})
    return found


def _signal(row: DangerSignal, names: dict[UUID, str]) -> dict[str, Any]:
    done = "Nobody has acted on it yet"
    if row.acknowledged_at is not None:
        done = row.done or "Marked done, nothing written"
        if row.acknowledged_by in names and row.child_id is None:
            done = f"{done} ({names[row.acknowledged_by]})"
    return {
        "url": reverse("danger-signal", args=[row.pk]),
        "cells": [
            in_words(in_order(row.signs.split(","))),
            row.raised_on,
            HEARD_BY[row.heard_by],
            done,
        ],
    }


def _child(
    link: ChildAdult, plans: dict[UUID, list[PlanStatus]], today: date
) -> dict[str, Any]:
    rows = plans.get(link.child_id, [])
    held = [row for row in rows if row.since <= today]
    since = day(max(row.since for row in held)) if held else "–"
    return {
        "url": reverse("child", args=[link.child_id]),
        "cells": [named(link.child), plan_tag(plan_on(rows, today)), since],
    }


def _action(row: RiskAction, names: dict[UUID, str]) -> dict[str, Any]:
    who = row.agency or (names.get(row.owner, "") if row.owner else "")
    came = "open"
    if row.done_on is not None:
        came = f"{'Dropped' if row.dropped else 'Done'} {day(row.done_on)}: {row.outcome}"
    return {
        "url": reverse("risk-action", args=[row.pk]),
        "cells": [row.what, who, row.due_on, came],
    }


def _history(row: RiskReview, names: dict[UUID, str]) -> dict[str, Any]:
    looked_at = [code for code in row.sources.split(",") if code]
    lacking = [SOURCES[one] for one in missing(looked_at)]
    return {
        "heading": f"{day(row.reviewed_on)}: {level_words(row.level).lower()}",
        "tag": level_tag(row.level),
        "rows": [
            ("Judged by", names.get(row.worker, "")),
            ("Occasion", OCCASIONS[row.occasion]),
            ("Level before", level_words(row.before)),
            ("Why", row.reasons),
            ("Plan", row.plan or "none written"),
            ("What had changed", row.changed or "nothing written"),
            ("Sources looked at", sources_words(looked_at) or "none"),
            ("Sources missing", "; ".join(lacking) or "none"),
            ("Next review by", day(row.review_on)),
        ],
    }


def _trigger(row: RiskTrigger) -> str:
    note = f": {row.note}" if row.note else ""
    return f"{WORDS_OF_TRIGGER[row.trigger]}, {day(row.about_on)}{note}"


def _trigger_row(row: RiskTrigger, reviews: list[RiskReview]) -> dict[str, Any]:
    seen = next((one for one in reviews if one.pk == row.answered_by_id), None)
    return {
        "cells": [
            WORDS_OF_TRIGGER[row.trigger],
            row.about_on,
            "by a worker" if row.worker else "in the records",
            f"on {day(seen.reviewed_on)}" if seen else "not yet",
        ]
    }
