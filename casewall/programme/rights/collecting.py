"""Collecting what is recorded about a client: every record of the own cases, of every app.

The models are found by their relations, so that a new kind of record cannot be forgotten: a test
fails until it is listed here, as collected or as left out with the reason. Until then it is
collected, and marked as one that may tell of others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.utils import timezone

from casewall.wall.checks import is_walled
from casewall.wall.labels import Label
from casewall.wall.router import side_of_label
from casewall.wall.sides import Side, Viewer


@dataclass(frozen=True, slots=True)
class Kind:
    """How records of a model are collected.

    `words` names the kind, `source` is who said it where the record does not say so itself, in
    `said_in` or in one of the usual fields. `own` says that its personal fields are those of the
    person who asks.
    """

    words: str
    source: str = "worker"
    said_in: str = ""
    about_others: bool = False
    own: bool = False


COLLECTED: dict[str, Kind] = {
    "programme_cases.Client": Kind("Who you are", own=True),
    "programme_cases.Case": Kind("Your referral and where it stands", "referrer"),
    "programme_cases.StageMove": Kind("A step of your case"),
    "programme_cases.ContactAttempt": Kind("An attempt to reach you"),
    "programme_cases.Assessment": Kind("An assessment"),
    "programme_cases.DeclaredPartner": Kind("A partner who was named", about_others=True),
    "programme_cases.Task": Kind("Something that was to be done"),
    "programme_cases.Statement": Kind("Something that was told to the programme", "disclosure"),
    "programme_agreements.Agreement": Kind("Your agreement", own=True),
    "programme_agreements.Release": Kind("Your permission to tell others", about_others=True),
    "programme_assessments.EligibilityCheck": Kind("A check of the conditions"),
    "programme_assessments.EligibilityAnswer": Kind("An answer to a condition"),
    "programme_courses.Act": Kind("What followed an absence"),
    "programme_courses.CompletionReview": Kind("A review of your course"),
    "programme_courses.Course": Kind("Your course"),
    "programme_courses.CourseChange": Kind("A change of your course"),
    "programme_courses.CriterionRating": Kind("A rating in a review of your course"),
    "programme_courses.FollowUp": Kind("A contact after your course"),
    "programme_groups.Attendance": Kind("Your attendance"),
    "programme_groups.Availability": Kind("When you can come"),
    "programme_groups.GroupMember": Kind("Your place in a group"),
    "programme_groups.NonAssociation": Kind("Who is not placed with you", about_others=True),
    "programme_groups.Session": Kind("A session with you alone"),
    "programme_incidents.AskedSpan": Kind("Days about which somebody was asked", "worker"),
    "programme_incidents.CourtDay": Kind("A day in court"),
    "programme_incidents.CustodySpan": Kind("Days in custody"),
    "programme_incidents.Incident": Kind("An incident", about_others=True),
    "programme_incidents.IncidentReview": Kind("What followed an incident"),
    "programme_incidents.Proceeding": Kind("Police or court proceedings"),
    "programme_measuring.EarlierAnswer": Kind("Your earlier answers to a questionnaire", "client"),
    "programme_measuring.MeasureAnswer": Kind("Your answers to a questionnaire", "client"),
    "programme_needs.Circumstances": Kind("Where you live and work"),
    "programme_needs.DeclaredChild": Kind("A child who was named", about_others=True),
    "programme_needs.FamilyStatement": Kind("How many partners or children were stated"),
    "programme_needs.Need": Kind("A need"),
    "programme_needs.OnwardReferral": Kind("A referral to other help"),
    "programme_needs.SafeguardingReferral": Kind("A referral about a child", about_others=True),
    "programme_needs.ViolenceHistory": Kind("Earlier violence", about_others=True),
    "programme_notes.Correction": Kind("A correction of a note"),
    "programme_notes.EarlierNote": Kind("An earlier wording of a note"),
    "programme_notes.Note": Kind("A note"),
    "programme_reports.Document": Kind("A letter or a report"),
    "programme_reports.RecipientTold": Kind("That a reader of a document was told something"),
    "programme_risk.Commission": Kind("An assessment that somebody commissioned"),
    "programme_risk.RaisedResult": Kind("A result of a checklist that was raised"),
    "programme_risk.ReportFeedback": Kind("What a reader said of a report", "referrer"),
    "programme_risk.RiskAssessment": Kind("An assessment of risk", about_others=True),
    "programme_risk.RiskEvidence": Kind("What a source said of the risk", about_others=True),
    "programme_risk.RiskRating": Kind("A rating in an assessment of risk"),
    "programme_risk.RiskSource": Kind("Whether a source was asked about the risk", "worker"),
    "programme_rights.PersonStatement": Kind("What you said of your record", "client"),
    "programme_rights.Restriction": Kind("A restriction of your record"),
    "programme_rights.Complaint": Kind("A complaint", said_in="came_from", about_others=True),
}
"""How records are named to the person who asks, by the label of their model."""

LEFT_OUT: dict[str, str] = {
    "programme_cases.ClientToken": "holds keyed marks of the name and the phone, which say nothing",
    "programme_reports.IssuedFile": "is the file of a document, whose text is collected",
    "programme_rights.AccessRequest": "is the request itself",
    "programme_rights.AccessItem": "is a copy of a record that is collected",
    "programme_groups.Visitor": "names somebody who visited a session, and nobody else",
}
"""Models that lead to a case or a client and are not collected, with the reason."""

SOURCE_FIELDS = ("source", "stated_by")
OWN_SOURCE_WORDS = {"self": "client", "facilitator": "worker", "programme": "worker"}
WHEN = (
    "written_at", "recorded_at", "stated_on", "happened_on", "held_on", "answered_on", "tried_at",
    "made_on", "signed_on", "arrived_on", "moved_on", "checked_on", "began_on", "referred_on",
    "joined_on", "due_on", "booked_for", "first_on", "enrolled_on", "replaced_at",
)  # fmt: skip
"""The fields that say when a record was written, the first that there is."""
HIDDEN_FIELDS = frozenset({"version", "signature", "compartment"})
"""Fields that tell the person nothing: counters, and drawings as long as a page."""

Path = tuple[str, ...]


def models_of_a_case() -> dict[str, tuple[Any, Path]]:
    """Every model of this side whose rows lead to a case or a client, with the shortest way."""
    return models_leading_to(Side.PROGRAMME, "programme_cases.Case", "programme_cases.Client")


def models_leading_to(side: Side, *ends: str) -> dict[str, tuple[Any, Path]]:
    """Every model of a side whose rows lead to one of the `ends`, with the shortest way there."""
    of_side = [
        model
        for model in apps.get_models()
        if model._meta.managed
        and is_walled(model)
        and side_of_label(model._meta.app_label) is side
    ]
    known: dict[str, tuple[Any, Path]] = {
        model._meta.label: (model, ()) for model in of_side if model._meta.label in ends
    }
    waiting = [model for model in of_side if model._meta.label not in ends]
    grown = True
    while grown:
        grown = False
        for model in list(waiting):
            way = _way(model, known)
            if way is not None:
                known[model._meta.label] = (model, way)
                waiting.remove(model)
                grown = True
    return known


def _way(model: Any, known: dict[str, tuple[Any, Path]]) -> Path | None:
    ways = [
        (relation.name, *known[relation.related_model._meta.label][1])
        for relation in model._meta.fields
        if relation.is_relation and relation.related_model._meta.label in known
    ]
    return min(ways, key=len) if ways else None


def rows_of(label: str, client: Any, viewer: Viewer) -> list[Any]:
    """The rows of a model that belong to a client, as `viewer` sees them."""
    model, way = models_of_a_case()[label]
    rows = model.objects.visible_to(viewer)
    if label == "programme_cases.Client":
        return list(rows.filter(pk=client.pk))
    if label == "programme_groups.NonAssociation":
        return list(rows.filter(one__client=client) | rows.filter(other__client=client))
    to_client = "client" if _ends_at_case(model, way) else ""
    path = "__".join(part for part in (*way, to_client) if part)
    return list(rows.filter(**{path: client}))


def _ends_at_case(model: Any, way: Path) -> bool:
    for name in way:
        model = model._meta.get_field(name).related_model
    return bool(model._meta.label == "programme_cases.Case")


@dataclass(frozen=True, slots=True)
class Collected:
    """One record as it is handed to the review."""

    kind: str
    record: Any
    source: str
    about_others: bool
    written_on: date | None
    content: str


def collected_of(client: Any, viewer: Viewer) -> Iterator[Collected]:
    """Every record about a client, as `viewer` (the system account) sees it."""
    for label in sorted(models_of_a_case()):
        if label in LEFT_OUT:
            continue
        kind = COLLECTED.get(label, Kind(_plain_label(label), about_others=True))
        for row in rows_of(label, client, viewer):
            yield Collected(
                label, row, source_of(row, kind), kind.about_others, written_on(row),
                content_of(row, kind),
            )  # fmt: skip


def _plain_label(label: str) -> str:
    return label.partition(".")[2]


def words_of_kind(label: str) -> str:
    """A kind of record as the person who asks reads it."""
    return COLLECTED[label].words if label in COLLECTED else _plain_label(label)


def source_of(row: Any, kind: Kind) -> str:
    """Who said what a record holds."""
    if kind.source == "disclosure" or getattr(row, "item", None):
        return "disclosure"
    for name in (kind.said_in, *SOURCE_FIELDS) if kind.said_in else SOURCE_FIELDS:
        said = getattr(row, name, "")
        if said:
            return OWN_SOURCE_WORDS.get(str(said), str(said))
    return kind.source


def written_on(row: Any) -> date | None:
    """The day on which a record was written, or that it is about."""
    for name in WHEN:
        value = getattr(row, name, None)
        if isinstance(value, datetime):
            return timezone.localdate(value)
        if isinstance(value, date):
            return value
    return None


def content_of(row: Any, kind: Kind) -> str:
    """The fields of a record as JSON: `facts` that are coded, `texts` that somebody wrote."""
    facts: list[tuple[str, str]] = []
    texts: list[tuple[str, str]] = []
    for name, label in type(row).labels().items():
        if name in HIDDEN_FIELDS or label not in _SHOWN:
            continue
        value = shown(getattr(row, name))
        if not value:
            continue
        words = name.replace("_", " ").capitalize()
        free = label is Label.TEXT or (label is Label.PERSONAL and not kind.own)
        (texts if free else facts).append((words, value))
    return json.dumps({"facts": facts, "texts": texts}, ensure_ascii=False)


_SHOWN = frozenset({Label.PERSONAL, Label.TEXT, Label.CODE, Label.DATE, Label.CONFIGURATION})
Shower = Callable[[Any], str]


def shown(value: Any) -> str:
    """A value in plain words; empty where there is none."""
    match value:
        case None | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{timezone.localtime(value):%-d %B %Y, %H:%M}"
        case date():
            return f"{value:%-d %B %Y}"
        case str():
            return value if " " in value or not value.islower() else value.replace("_", " ")
        case _:
            return str(value)
