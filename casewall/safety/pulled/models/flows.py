"""The flow views of the programme cluster: read whole, by the pull only."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.sealed import SealedManager
from casewall.wall.sides import Role, Side, Viewer


class FlowView(models.Model):
    """A generated view of the programme cluster. Read-only; encrypted with the programme's key."""

    SIDE = Side.PROGRAMME
    IS_FLOW_VIEW = True
    SEALED_AS = ""

    id = models.UUIDField(primary_key=True)
    version = models.IntegerField()

    objects = SealedManager()

    class Meta:
        abstract = True
        managed = False

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        """Only the pull reads a view, never a person."""
        return rows if viewer.role is Role.SAFETY_SYSTEM else rows.none()

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return {
            f.name: Label.TEXT if getattr(f, "is_encrypted", False) else Label.CODE
            for f in cls._meta.local_fields
        }


class FlowCase(FlowView):
    """Where a case stands."""

    SEALED_AS = "programme_cases_case"

    client_id = models.UUIDField()
    referral_id = models.UUIDField()
    service = models.CharField(max_length=60)
    route = models.CharField(max_length=30)
    referred_on = models.DateField()
    stage = models.CharField(max_length=30)
    stage_on = models.DateField()
    contact = models.CharField(max_length=20)
    exit_reason = models.CharField(max_length=30)

    class Meta:
        managed = False
        db_table = "flow_case"


class FlowClient(FlowView):
    """How to recognise the client."""

    SEALED_AS = "programme_cases_client"

    given_name = EncryptedTextField()
    family_name = EncryptedTextField()
    born_on = EncryptedTextField(null=True)
    sex = models.CharField(max_length=10)

    class Meta:
        managed = False
        db_table = "flow_client"


class FlowSession(FlowView):
    """When and where a group, or one client, meets."""

    SEALED_AS = "programme_groups_session"

    group_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)
    number = models.IntegerField()
    held_on = models.DateField()
    begins_at = models.TimeField()
    minutes = models.IntegerField()
    room_id = models.UUIDField(null=True)
    state = models.CharField(max_length=20)

    class Meta:
        managed = False
        db_table = "flow_session"


class FlowPlace(FlowView):
    """A client's place in a group, from the first day to the last."""

    SEALED_AS = "programme_groups_groupmember"

    version = None  # type: ignore[assignment]  # a place is copied whole each time
    group_id = models.UUIDField()
    case_id = models.UUIDField()
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "flow_place"


class FlowRoom(FlowView):
    """In which building a room of the programme is."""

    SEALED_AS = "programme_groups_room"

    building = models.CharField(max_length=80)

    class Meta:
        managed = False
        db_table = "flow_room"


class FlowCourse(FlowView):
    """How far a client's way through a programme is."""

    SEALED_AS = "programme_courses_course"

    case_id = models.UUIDField()
    level = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    began_on = models.DateField(null=True)
    ends_by = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "flow_course"


class FlowAttendance(FlowView):
    """One mark of a register."""

    SEALED_AS = "programme_groups_attendance"

    session_id = models.UUIDField()
    case_id = models.UUIDField()
    outcome = models.CharField(max_length=30)
    minutes_attended = models.IntegerField()

    class Meta:
        managed = False
        db_table = "flow_attendance"


class FlowDeclaredPartner(FlowView):
    """A partner as the client, or his or her referrer, stated."""

    SEALED_AS = "programme_cases_declaredpartner"

    case_id = models.UUIDField()
    name = EncryptedTextField(null=True)
    relation = models.CharField(max_length=20)
    contact_details = EncryptedTextField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()

    class Meta:
        managed = False
        db_table = "flow_declared_partner"


class FlowSuitability(FlowView):
    """What an assessment decided; nothing where it is only booked."""

    SEALED_AS = "programme_cases_assessment"

    case_id = models.UUIDField()
    booked_for = models.DateTimeField()
    decision = models.CharField(max_length=30)
    decided_on = models.DateField(null=True)
    review_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "flow_suitability"


class FlowFamilyStatement(FlowView):
    """How many partners or children were stated on the programme side."""

    SEALED_AS = "programme_needs_familystatement"

    case_id = models.UUIDField()
    of = models.CharField(max_length=10)
    answer = models.CharField(max_length=10)
    number = models.IntegerField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()

    class Meta:
        managed = False
        db_table = "flow_family_statement"


class FlowDeclaredChild(FlowView):
    """A child as the client, or the referrer, stated it."""

    SEALED_AS = "programme_needs_declaredchild"

    case_id = models.UUIDField()
    name = EncryptedTextField(null=True)
    born_on = EncryptedTextField(null=True)
    lives = models.CharField(max_length=20)
    sees_client = models.BooleanField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()

    class Meta:
        managed = False
        db_table = "flow_declared_child"


class FlowSafeguarding(FlowView):
    """A safeguarding referral that began on the programme side."""

    SEALED_AS = "programme_needs_safeguardingreferral"

    case_id = models.UUIDField()
    concern = models.CharField(max_length=30)
    made_on = models.DateField()
    outcome = models.CharField(max_length=20)
    outcome_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "flow_safeguarding"


class FlowAccessRequest(FlowView):
    """What a client asks about the own record."""

    SEALED_AS = "programme_rights_accessrequest"

    case_id = models.UUIDField()
    asked_for = models.CharField(max_length=20)
    received_on = models.DateField()
    how = models.CharField(max_length=20)
    identity = models.CharField(max_length=20)
    identity_on = models.DateField(null=True)
    asks = EncryptedTextField(null=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=20)
    items = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "flow_access_request"


class FlowAccessItem(FlowView):
    """A record of a client's file, as it was collected for a request."""

    SEALED_AS = "programme_rights_accessitem"

    case_id = models.UUIDField()
    request_id = models.UUIDField()
    kind = models.CharField(max_length=80)
    record_id = models.UUIDField()
    source = models.CharField(max_length=30)
    about_others = models.BooleanField()
    written_on = models.DateField(null=True)
    content = EncryptedTextField()

    class Meta:
        managed = False
        db_table = "flow_access_item"


class FlowBreachReport(FlowView):
    """That something went wrong with somebody's data on the programme side."""

    SEALED_AS = "programme_rights_breachreport"

    service = models.CharField(max_length=60)
    mishap = models.CharField(max_length=20)
    near_miss = models.BooleanField()
    what = EncryptedTextField()
    happened_on = models.DateField(null=True)
    found_at = models.DateTimeField()
    clients = models.IntegerField(null=True)
    partners = models.IntegerField(null=True)
    children = models.IntegerField(null=True)
    workers = models.IntegerField(null=True)
    reported_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "flow_breach_report"


class FlowRisk(FlowView):
    """The programme's own assessment of risk: one row a version, its level once it is signed."""

    SEALED_AS = "programme_risk_riskassessment"

    case_id = models.UUIDField()
    level = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    signed_on = models.DateField(null=True)
    review_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "flow_risk"


class FlowIncident(FlowView):
    """An incident in codes. It never changes; a correction is another row."""

    SEALED_AS = "programme_incidents_incident"

    version = 1  # there is no other version of it
    case_id = models.UUIDField()
    forms = models.CharField(max_length=120)
    signs = models.CharField(max_length=80)
    severity = models.IntegerField(null=True)
    source = models.CharField(max_length=20)
    happened_on = models.DateField()
    exact = models.BooleanField()
    told_on = models.DateField()
    corrects_id = models.UUIDField(null=True)
    taken_back = models.BooleanField()

    class Meta:
        managed = False
        db_table = "flow_incident"


class FlowProceeding(FlowView):
    """What the police or a court began, without a word of text."""

    SEALED_AS = "programme_incidents_proceeding"

    case_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    began_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_how = models.CharField(max_length=20)
    source = models.CharField(max_length=20)

    class Meta:
        managed = False
        db_table = "flow_proceeding"
