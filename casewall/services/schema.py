"""What a service definition may say: the keys, their kinds and their closed lists.

A *service* is a partnership of agencies: one side works with the client, the other supports
the partner. Everything that differs between two services (agencies, areas, routes, dose,
clocks, staffing, costs) is written in one TOML file and read into :class:`Service`.

This module knows single values and single tables. What two tables must agree on stands in
``rules.py``; files, lines and sentences for the administrator stand in ``load.py``. Take a
service from ``load.load`` or ``load.shipped``, which apply all three.

Numbers carry the authority they come from: each table with numbers has ``authority``, and
``authority_of`` names another source for a single key of that table.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from casewall.services.kinds import (
    Amount,
    Component,
    Count,
    Country,
    Currency,
    Days,
    Delivery,
    FieldName,
    Id,
    Language,
    Many,
    PhonePrefix,
    PositiveAmount,
    Some,
    Sourced,
    Table,
    Text,
    TimeZone,
    Year,
    Years,
)
from casewall.services.programmes import Programme

Side = Literal["programme", "safety", "referrer"]
"""Where an agency stands: with the client, with the partner, or outside, sending referrals."""

Route = Literal[
    "police",
    "self",
    "probation",
    "family_court",
    "child_social_care",
    "adult_social_care",
    "health",
    "substance_service",
    "marac",
    "other_agency",
]

Stage = Literal[
    "referred",
    "contacted",
    "assessment_booked",
    "assessed",
    "suitable",
    "agreement_signed",
    "waiting",
    "started",
    "minimum_dose",
    "completed",
    "follow_up",
    "closed",
]
"""Stages of a case in the order in which they are reached; a service uses some of them."""

Role = Literal[
    "facilitator",
    "assessor",
    "programme_manager",
    "referrer",
    "partner_worker",
    "childrens_worker",
    "coordinator",
    "safety_manager",
    "data_protection_officer",
    "evaluator",
    "programme_administrator",
    "safety_administrator",
]
"""The roles of ``casewall.wall.sides`` that people hold."""

Trigger = Literal["referred", "assessed_suitable"]
ContactRoute = Literal["phone", "text", "email", "letter", "in_person", "through_referrer"]
LinkKind = Literal["social", "psychological", "psychiatric", "substance", "legal"]
Party = Literal["client", "partner"]
Source = Literal["client", "partner", "worker", "referrer"]
Wave = Literal[
    "first_contact", "before", "middle", "after", "follow_up", "months_6", "months_12"
]
"""The time points of a questionnaire: T0 to T4, then six and twelve months after the end."""
CountedFrom = Literal[
    "referred", "started", "ended", "partner_first_contact", "partner_support_ended"
]

CostCategory = Literal[
    "staff_programme",
    "staff_partner_support",
    "staff_coordination",
    "contact_without_start",
    "supervision",
    "training",
    "interpreters",
    "travel",
    "administration",
    "evaluation",
    "rent",
    "contract",
    "care",
    "other",
]

CostBasis = Literal["total", "per_person", "per_week", "per_year"]
WorkKind = Literal[
    "training",
    "commissioned_assessment",
    "multi_agency",
    "survey",
    "accreditation",
    "good_practice",
    "case_meetings",
]

ROUTES: tuple[str, ...] = get_args(Route)
STAGES: tuple[str, ...] = get_args(Stage)
ROLES: tuple[str, ...] = get_args(Role)


class Period(Sourced):
    """When the service ran. No ``ended_on``: it still runs. Both days are included."""

    started_on: date
    ended_on: date | None = None


class Agency(Table):
    """One organisation of the partnership, or one that refers to it."""

    id: Id
    name: Text
    side: Side
    does: Text
    modelled_on: Text | None = None


class Place(Table):
    """One area from which referrals are taken."""

    id: Id
    name: Text
    kind: Text | None = None


class Areas(Sourced):
    """Where the service works: ``count`` areas of ``of_total`` in the country."""

    kind: Text
    count: Count | None = None
    of_total: Count | None = None
    places: Some[Place]


class ReferralRoute(Table):
    """One way in: who refers, and who speaks first with whom.

    ``agencies`` is empty for people who refer themselves. Without ``partner_contacted_by`` the
    agency of ``partner_support`` makes the first contact.
    """

    route: Route
    agencies: Many[Id] = ()
    client_contacted_by: Id
    partner_contacted_by: Id | None = None
    contacted_separately: bool = True
    names_both_parties: bool = False
    what: Text | None = None


class ReferralFile(Table):
    """One kind of referral file: which of its headers fills which field of a referral."""

    id: Id
    agency: Id
    route: Route
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    headers: Annotated[dict[str, FieldName], Field(min_length=1)]


class PartnerSupport(Sourced):
    """Which partners are contacted, when, by whom, how, and for how long support lasts.

    ``months`` absent: support has no end date of its own. Support never depends on the client
    staying in the programme.
    """

    trigger: Trigger
    agency: Id
    contacts: Literal["every_partner", "current_or_latest"]
    contact_routes: Some[ContactRoute]
    months: Count | None = None


class Children(Table):
    """The service for children and young adults, with its own workers on the safety side."""

    agency: Id
    delivered: Some[Delivery]
    young_adults: bool = False
    what: Text


class Clocks(Sourced):
    """How soon things must happen.

    ``first_contact_working_days``: a partner's first contact attempt, counted from the trigger.
    ``decision_notice_working_days``: her notice of his acceptance or refusal.
    ``absence_notice_hours``: her worker learns of an absence, counted from the pull.
    ``pull_cadence_minutes``: how often the safety side pulls from the programme side.
    ``programme_contact_delay_hours``: acts of the programme that contact a client fall due
    this long after every register, the same for everyone.
    """

    first_contact_working_days: Count
    decision_notice_working_days: Count
    absence_notice_hours: Count
    pull_cadence_minutes: Annotated[int, Field(ge=1, le=1440)]
    programme_contact_delay_hours: Count


class Keeping(Sourced):
    """How many years a file is kept after it has ended.

    ``years_with_children``: where children are recorded in it; absent, the same years.
    ``years_without_work``: a referral that never became work; absent, the same years.
    """

    years: Years
    years_with_children: Years | None = None
    years_without_work: Years | None = None


class ChildKeeping(Sourced):
    """How many years a child's record is kept after the work, and until which age at the least."""

    years: Years
    until_age: Years | None = None


class Retention(Table):
    """How long each kind of file is kept. Each side counts by itself, from its own records."""

    case: Keeping
    partner_file: Keeping
    child: ChildKeeping


USUAL_AUTHORITY = (
    "Casewall's default, for the service to decide: British services commonly keep six to seven "
    "years after closing, longer with children; Washington State asks for seven"
)

USUAL_RETENTION = Retention(
    case=Keeping(
        years=7, years_with_children=10, years_without_work=2, authority=USUAL_AUTHORITY
    ),
    partner_file=Keeping(
        years=7, years_with_children=10, years_without_work=2, authority=USUAL_AUTHORITY
    ),
    child=ChildKeeping(years=10, until_age=25, authority=USUAL_AUTHORITY),
)


class Staff(Sourced):
    """Some people of one role at one agency. ``fte`` absent: not stated by the source."""

    role: Role
    agency: Id
    people: Count
    fte: PositiveAmount | None = None
    title: Text | None = None


class Funding(Sourced):
    """Money promised by one funder for one period; ``amount`` absent: not stated."""

    id: Id
    funder: Text
    amount: Amount | None = None
    currency: Currency
    from_on: date | None = None
    to_on: date | None = None
    note: Text | None = None


class Cost(Sourced):
    """One line of the cost ledger.

    ``included`` says whether the line is part of the published cost figure. A line that is left
    out may lack its amount (rent that nobody published); an included one may not.
    """

    id: Id
    category: CostCategory
    amount: Amount | None = None
    currency: Currency
    basis: CostBasis = "total"
    price_year: Year | None = None
    included: bool
    note: Text | None = None


class Due(Table):
    """When one wave of a measure is due: days after an event, and how late still counts."""

    wave: Wave
    counted_from: CountedFrom
    days: Days
    window_days: Count


class Measure(Sourced):
    """What is asked of one kind of person; answers of two sources are never pooled.

    ``asks`` names the questionnaires of the library; without it ``id`` is the questionnaire.
    """

    id: Id
    asked_of: Source
    asks: Many[Id] = ()
    schedule: Some[Due]
    note: Text | None = None


class Indicators(Table):
    """Figures of one report pack; without ``ids`` the whole pack."""

    pack: Id
    ids: Many[Id] = ()


class OnwardLink(Table):
    """Help elsewhere to which the service links people, and for which party."""

    kind: LinkKind
    parties: Some[Party]
    agency: Id | None = None


class OtherWork(Table):
    """Work beside the cases: training, commissioned assessments, surveys, accreditation."""

    id: Id
    kind: WorkKind
    what: Text
    agency: Id | None = None


class Escalation(Table):
    """So many incidents, or crimes, within so many months make a case for the conference."""

    of: Literal["incidents", "crimes"]
    at_least: Count
    months: Count


class Marac(Sourced):
    """The local rule by which a partner's case goes to the conference on victims at high risk.

    ``threshold``: so many questions of ``checklist`` answered yes; absent: no number decides.
    ``repeat_months``: new violence within so many months of a hearing brings the case back.
    ``flag_months``: how long a heard case stays flagged. ``honour_automatic``: suspected
    honour-based abuse is a criterion by itself. ``research_days``: how long before the meeting
    the agencies are asked what they know. Professional judgement is always a criterion.
    """

    checklist: Id = "risk-checklist-24"
    threshold: Count | None = None
    escalation: Many[Escalation] = ()
    repeat_months: Count = 12
    flag_months: Count = 12
    honour_automatic: bool = False
    research_days: Days = 7


class Points(Table):
    """So many points where the counted number is at least this."""

    at_least: Days
    points: Annotated[int, Field(ge=0, le=100)]


def _rising(rows: tuple[Points, ...]) -> tuple[Points, ...]:
    """The rows, if each begins higher than the one before and the first at 0."""
    begins = [row.at_least for row in rows]
    if begins[0] != 0 or begins != sorted(set(begins)):
        raise ValueError("must begin with at_least = 0, and each row higher than the one before")
    return rows


Scale = Annotated[Some[Points], AfterValidator(_rising)]


class Matac(Sourced):
    """The table by which recency, frequency, gravity and victims are scored for a tasking meeting.

    ``recency`` counts the days since the last incident, ``frequency`` the incidents within
    ``months``, ``gravity`` the gravest severity (0 not rated, 1 to 4), ``victims`` the different
    victims. A score is comparable only with another of the same ``scores_version``.
    """

    scores_version: Text
    months: Count = 24
    review_days: Count = 28
    recency: Scale
    frequency: Scale
    gravity: Scale
    victims: Scale


class Service(Table):
    """One partnership as its definition describes it.

    Lists keep the order of the file. ``modelled_on`` names the published service behind a
    shipped definition; its agencies are invented. ``date_order`` absent: a date that could be
    read in two ways is refused.
    """

    id: Id
    version: Count = 1
    name: Text
    modelled_on: Text
    summary: Text
    country: Country
    time_zone: TimeZone
    languages: Some[Language]
    phone_prefix: PhonePrefix
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    currency: Currency
    period: Period | None = None
    agencies: Some[Agency]
    areas: Areas
    referral_routes: Some[ReferralRoute]
    referral_files: Many[ReferralFile] = ()
    components: Some[Component]
    programmes: Many[Programme] = ()
    stages: Some[Stage]
    partner_support: PartnerSupport
    children: Children | None = None
    clocks: Clocks
    retention: Retention = USUAL_RETENTION
    marac: Marac | None = None
    matac: Matac | None = None
    staffing: Some[Staff]
    funding: Many[Funding] = ()
    costs: Many[Cost] = ()
    cost_note: Text | None = None
    measures: Many[Measure] = ()
    indicators: Many[Indicators] = ()
    onward_links: Many[OnwardLink] = ()
    other_work: Many[OtherWork] = ()

    def agency(self, agency_id: str) -> Agency:
        """The agency with this id; ``KeyError`` if the service has none."""
        return {agency.id: agency for agency in self.agencies}[agency_id]

    def component(self, component_id: str) -> Component:
        """The component with this id; ``KeyError`` if the service has none."""
        return {component.id: component for component in self.components}[component_id]

    def programme(self, programme_id: str) -> Programme:
        """The programme with this id; ``KeyError`` if the service has none."""
        return {programme.id: programme for programme in self.programmes}[programme_id]

    def agencies_on(self, side: Side) -> tuple[Agency, ...]:
        """The agencies of one side, in the order of the file."""
        return tuple(agency for agency in self.agencies if agency.side == side)

    def included_cost(self) -> Decimal:
        """Sum of the ledger's included lines of basis ``total``, in the service's currency."""
        return sum(
            (
                line.amount
                for line in self.costs
                if line.included and line.basis == "total" and line.amount is not None
            ),
            Decimal(0),
        )
