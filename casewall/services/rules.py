"""What the tables of a service definition must agree on.

``contradictions`` finds what makes a definition impossible to run or unsafe; such a file is
refused. ``doubts`` finds what an administrator should look at before relying on it.

Pure: takes a :class:`~casewall.services.schema.Service`, asks no clock and no database.
"""

from collections.abc import Callable, Iterator, Sequence

from casewall.services import agency_rules, couple_rules, programme_rules
from casewall.services.kinds import Component, Dose, Sourced, Table
from casewall.services.positions import KeyPath
from casewall.services.remarks import Remark, repeated
from casewall.services.schema import STAGES, Service, Staff
from casewall.wall.duties import DUTIES, Duty
from casewall.wall.sides import Role

APPROVER_ROLES = frozenset(role for role in Role if Duty.APPROVE_DISCLOSURE in DUTIES[role])
"""Roles that may approve a disclosure, as ``casewall.wall.duties`` has it."""

PARTNER_APPROVER_ROLES = frozenset(
    role for role in APPROVER_ROLES if Duty.SUPPORT_PARTNER in DUTIES[role]
)
"""Those of them that come from partner support."""

GROUP_KINDS = ("group", "pre_group", "maintenance", "dads", "partner_support")
CLIENT_EVENTS = ("referred", "started", "ended")
# Those who would learn, from the day on which they are asked, that the partner is in contact.
WATCHED = ("client", "referrer")


def approvers(service: Service) -> tuple[Staff, ...]:
    """The staffing lines whose people may approve a disclosure."""
    return tuple(staff for staff in service.staffing if Role(staff.role) in APPROVER_ROLES)


def contradictions(service: Service) -> list[Remark]:
    """Everything in the definition that cannot stand, in the order of its tables."""
    return [remark for rule in CONTRADICTIONS for remark in rule(service)]


def doubts(service: Service) -> list[Remark]:
    """What can stand but should be looked at."""
    return [remark for rule in DOUBTS for remark in rule(service)]


# --- ids and names -----------------------------------------------------------------------


def _ids_are_unique(service: Service) -> Iterator[Remark]:
    lists: dict[KeyPath, Sequence[Table]] = {
        ("agencies",): service.agencies,
        ("areas", "places"): service.areas.places,
        ("referral_files",): service.referral_files,
        ("components",): service.components,
        ("programmes",): service.programmes,
        ("funding",): service.funding,
        ("costs",): service.costs,
        ("other_work",): service.other_work,
    }
    for path, tables in lists.items():
        for remark in repeated(path, (table.id for table in tables), "id"):  # type: ignore[attr-defined]
            yield Remark((*remark.path, "id"), remark.sentence)
    names = (agency.name.casefold() for agency in service.agencies)
    for remark in repeated(("agencies",), names, "name"):
        yield Remark((*remark.path, "name"), remark.sentence)


def _lists_repeat_nothing(service: Service) -> Iterator[Remark]:
    yield from repeated(("languages",), service.languages, "language")
    for at, indicators in enumerate(service.indicators):
        yield from repeated(("indicators", at, "ids"), indicators.ids, "indicator")
    asked = (f"{measure.id} of the {measure.asked_of}" for measure in service.measures)
    for remark in repeated(("measures",), asked, "measure"):
        yield Remark((*remark.path, "id"), remark.sentence)
    lines = (f"{route.route} by {', '.join(route.agencies)}" for route in service.referral_routes)
    for remark in repeated(("referral_routes",), lines, "route"):
        yield Remark((*remark.path, "route"), remark.sentence)


# --- components --------------------------------------------------------------------------


def _dose_can_be_reached(here: KeyPath, component: Component, dose: Dose) -> Iterator[Remark]:
    if dose.sessions is None and dose.hours is None:
        yield Remark((*here, "minimum_dose"), "the least dose is missing: give sessions or hours")
    if dose.sessions is not None:
        at = (*here, "minimum_dose", "sessions")
        if component.sessions is None:
            yield Remark(at, "cannot be checked: the component does not say how many sessions")
        elif dose.sessions > component.sessions:
            yield Remark(
                at, f"{dose.sessions} sessions are needed but only {component.sessions} delivered"
            )
    if dose.hours is not None:
        at = (*here, "minimum_dose", "hours")
        if component.hours is None:
            yield Remark(at, "cannot be checked: the component does not say sessions and minutes")
        elif dose.hours > component.hours:
            yield Remark(
                at,
                f"{dose.hours} hours are needed but only {component.hours.normalize():f} delivered "
                f"({component.sessions} sessions of {component.minutes} minutes)",
            )


def _components_hold_together(service: Service) -> Iterator[Remark]:
    for at, component in enumerate(service.components):
        here: KeyPath = ("components", at)
        if component.minimum_dose is not None:
            yield from _dose_can_be_reached(here, component, component.minimum_dose)
        size = component.group_size
        if size is not None and component.kind not in GROUP_KINDS:
            yield Remark((*here, "group_size"), f"“{component.kind}” is not work in a group")
        if size is not None and size.least > size.most:
            yield Remark(
                (*here, "group_size", "least"),
                f"at least {size.least} people cannot be at most {size.most}",
            )
        if size is not None and size.least < (component.facilitators or 0):
            yield Remark(
                (*here, "group_size", "least"),
                f"a group of {size.least} would have more facilitators than clients: "
                f"{component.facilitators} facilitators are required",
            )
        if component.mixed_facilitators_wanted and (component.facilitators or 0) < 2:
            yield Remark(
                (*here, "mixed_facilitators_wanted"),
                "facilitators of different sexes are wanted, so facilitators must be 2 or more",
            )
        for place, language in enumerate(component.languages):
            if language not in service.languages:
                yield Remark(
                    (*here, "languages", place),
                    f"the service does not list the language “{language}”",
                )


def _service_has_its_core(service: Service) -> Iterator[Remark]:
    kinds = {component.kind for component in service.components}
    if not kinds & {"group", "one_to_one"}:
        yield Remark(("components",), "no component is a group or one-to-one work with the client")
    supporter = service.partner_support.agency
    if not any(
        component.kind == "partner_support" and component.agency == supporter
        for component in service.components
    ):
        yield Remark(
            ("partner_support", "agency"),
            f"no component of kind partner_support is delivered by “{supporter}”",
        )


# --- stages, trigger, clocks -------------------------------------------------------------


def _stages_are_in_order(service: Service) -> Iterator[Remark]:
    for needed in ("referred", "started", "closed"):
        if needed not in service.stages:
            yield Remark(("stages",), f"every case passes “{needed}”: add it")
    for at in range(1, len(service.stages)):
        before, stage = service.stages[at - 1], service.stages[at]
        if STAGES.index(stage) <= STAGES.index(before):
            yield Remark(("stages", at), f"“{stage}” cannot come after “{before}”")
    with_dose = [component for component in service.components if component.minimum_dose]
    if "minimum_dose" in service.stages and not (with_dose or service.programmes):
        yield Remark(
            ("stages",), "“minimum_dose” is used but no programme and no component has one"
        )


def _trigger_can_happen(service: Service) -> Iterator[Remark]:
    if service.partner_support.trigger != "assessed_suitable":
        return
    path: KeyPath = ("partner_support", "trigger")
    if "suitable" not in service.stages:
        yield Remark(path, "partners wait for “assessed_suitable” but no stage is “suitable”")
    if not any(component.kind == "assessment" for component in service.components):
        yield Remark(path, "partners wait for an assessment but no component is one")


def _her_worker_knows_first(service: Service) -> Iterator[Remark]:
    clocks = service.clocks
    delay = clocks.programme_contact_delay_hours * 60
    needed = clocks.pull_cadence_minutes + clocks.absence_notice_hours * 60
    if delay <= needed:
        yield Remark(
            ("clocks", "programme_contact_delay_hours"),
            f"{clocks.programme_contact_delay_hours} hours are too short: the worker of the "
            f"partner may need {clocks.pull_cadence_minutes} minutes (pull_cadence_minutes) and "
            f"{clocks.absence_notice_hours} hours (absence_notice_hours) to tell the partner "
            f"first; write {needed // 60 + 1} or more",
        )


def _measures_do_not_reveal(service: Service) -> Iterator[Remark]:
    for at, measure in enumerate(service.measures):
        for place, due in enumerate(measure.schedule):
            if measure.asked_of in WATCHED and due.counted_from not in CLIENT_EVENTS:
                yield Remark(
                    ("measures", at, "schedule", place, "counted_from"),
                    f"a measure asked of the {measure.asked_of} would follow the partner's support "
                    f"and so reveal it: use {', '.join(CLIENT_EVENTS)}",
                )


# --- money, dates, sources ---------------------------------------------------------------


def _periods_run_forward(service: Service) -> Iterator[Remark]:
    period = service.period
    if period is not None and period.ended_on is not None and period.ended_on < period.started_on:
        yield Remark(
            ("period", "ended_on"), f"{period.ended_on} is before the start, {period.started_on}"
        )
    for at, line in enumerate(service.funding):
        if line.from_on is not None and line.to_on is not None and line.to_on < line.from_on:
            yield Remark(
                ("funding", at, "to_on"), f"{line.to_on} is before the start, {line.from_on}"
            )


def _costs_can_be_added(service: Service) -> Iterator[Remark]:
    for at, line in enumerate(service.costs):
        here: KeyPath = ("costs", at)
        if line.amount is None and line.included:
            yield Remark(here, "an included cost needs its amount")
        if line.included and line.currency != service.currency:
            yield Remark(
                (*here, "currency"),
                f"included costs are added up in {service.currency}; convert this line and say how "
                "in its note",
            )


def _sourced_tables(table: Table, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Sourced]]:
    """Every table with numbers, however deep, with the path to it."""
    if isinstance(table, Sourced):
        yield path, table
    for key in type(table).model_fields:
        value = getattr(table, key)
        if isinstance(value, Table):
            yield from _sourced_tables(value, (*path, key))
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                if isinstance(item, Table):
                    yield from _sourced_tables(item, (*path, key, at))


def _authorities_name_keys(service: Service) -> Iterator[Remark]:
    for path, table in _sourced_tables(service):
        for key in table.authority_of:
            if key not in table.model_fields_set:
                yield Remark(
                    (*path, "authority_of", key), f"this table has no “{key}” to give a source for"
                )


# --- doubts ------------------------------------------------------------------------------


def _disclosures_can_be_approved(service: Service) -> Iterator[Remark]:
    possible = approvers(service)
    people = sum(staff.people for staff in possible)
    if people < 2:
        roles = ", ".join(sorted(role.value for role in APPROVER_ROLES))
        yield Remark(
            ("staffing",),
            f"a disclosure needs two approvers and this service has {people} ({roles}): nothing "
            "can be disclosed until it has two",
        )
    if possible and not any(Role(staff.role) in PARTNER_APPROVER_ROLES for staff in possible):
        yield Remark(
            ("staffing",),
            "one approver of a disclosure must come from partner support, and this service has "
            "none who does",
        )


def _all_areas_are_named(service: Service) -> Iterator[Remark]:
    count, named = service.areas.count, len(service.areas.places)
    if count is not None and named < count:
        yield Remark(
            ("areas", "places"),
            f"the count is {count} but {named} areas are named: referrals from others fit none",
        )


def _both_sides_are_staffed(service: Service) -> Iterator[Remark]:
    roles = {staff.role for staff in service.staffing}
    for role, missing in (
        ("facilitator", "nobody is named who runs the programme"),
        ("partner_worker", "nobody is named who supports partners"),
    ):
        if role not in roles:
            yield Remark(("staffing",), f"no one has the role “{role}”: {missing}")


def _costs_say_their_price_year(service: Service) -> Iterator[Remark]:
    for at, line in enumerate(service.costs):
        if line.amount is not None and line.price_year is None:
            yield Remark(("costs", at), "the amount has no price_year: every figure will say so")


Rule = Callable[[Service], Iterator[Remark]]

CONTRADICTIONS: tuple[Rule, ...] = (
    _ids_are_unique,
    _lists_repeat_nothing,
    *agency_rules.CONTRADICTIONS,
    *couple_rules.CONTRADICTIONS,
    _components_hold_together,
    programme_rules.contradictions,
    _service_has_its_core,
    _stages_are_in_order,
    _trigger_can_happen,
    _her_worker_knows_first,
    _measures_do_not_reveal,
    _periods_run_forward,
    _costs_can_be_added,
    _authorities_name_keys,
)
DOUBTS: tuple[Rule, ...] = (
    _disclosures_can_be_approved,
    _all_areas_are_named,
    _both_sides_are_staffed,
    _costs_say_their_price_year,
    programme_rules.doubts,
)
