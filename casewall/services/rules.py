"""What the tables of a service definition must agree on.

``contradictions`` finds what makes a definition impossible to run or unsafe; such a file is
refused. ``doubts`` finds what an administrator should look at before relying on it.

Pure: takes a :class:`~casewall.services.schema.Service`, asks no clock and no database.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from casewall.services.positions import KeyPath
from casewall.services.schema import (
    STAGES,
    Component,
    Dose,
    Service,
    Sourced,
    Staff,
    Table,
)
from casewall.wall.duties import DUTIES, Duty
from casewall.wall.sides import SIDE_OF_ROLE, Role

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


class Remark(NamedTuple):
    """Something that two places of a definition disagree on, at the place to look first."""

    path: KeyPath
    sentence: str


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


def _repeated(path: KeyPath, names: Iterable[str], noun: str) -> Iterator[Remark]:
    seen: dict[str, int] = {}
    for at, name in enumerate(names):
        if name in seen:
            first = seen[name] + 1
            yield Remark((*path, at), f"the {noun} “{name}” is already used by number {first}")
        else:
            seen[name] = at


def _ids_are_unique(service: Service) -> Iterator[Remark]:
    lists: dict[KeyPath, Sequence[Table]] = {
        ("agencies",): service.agencies,
        ("areas", "places"): service.areas.places,
        ("referral_files",): service.referral_files,
        ("components",): service.components,
        ("funding",): service.funding,
        ("costs",): service.costs,
        ("other_work",): service.other_work,
    }
    for path, tables in lists.items():
        for remark in _repeated(path, (table.id for table in tables), "id"):  # type: ignore[attr-defined]
            yield Remark((*remark.path, "id"), remark.sentence)
    names = (agency.name.casefold() for agency in service.agencies)
    for remark in _repeated(("agencies",), names, "name"):
        yield Remark((*remark.path, "name"), remark.sentence)


def _lists_repeat_nothing(service: Service) -> Iterator[Remark]:
    yield from _repeated(("languages",), service.languages, "language")
    for at, indicators in enumerate(service.indicators):
        yield from _repeated(("indicators", at, "ids"), indicators.ids, "indicator")
    asked = (f"{measure.id} of the {measure.asked_of}" for measure in service.measures)
    for remark in _repeated(("measures",), asked, "measure"):
        yield Remark((*remark.path, "id"), remark.sentence)
    lines = (f"{route.route} by {', '.join(route.agencies)}" for route in service.referral_routes)
    for remark in _repeated(("referral_routes",), lines, "route"):
        yield Remark((*remark.path, "route"), remark.sentence)


# --- agencies and their side -------------------------------------------------------------


class AgencyPlace(NamedTuple):
    """A place that names an agency, the sides that it may be on there, and why only those."""

    path: KeyPath
    agency: str | None
    sides: tuple[str, ...] = ("programme", "safety", "referrer")
    reason: str = ""


def _agencies_that_refer(service: Service) -> Iterator[AgencyPlace]:
    for at, route in enumerate(service.referral_routes):
        here: KeyPath = ("referral_routes", at)
        for place, agency in enumerate(route.agencies):
            # Any side may refer: a shelter may hear of someone who wants help to change.
            yield AgencyPlace((*here, "agencies", place), agency)
        yield AgencyPlace(
            (*here, "client_contacted_by"),
            route.client_contacted_by,
            ("programme", "referrer"),
            "those who support partners never contact a client",
        )
        yield AgencyPlace(
            (*here, "partner_contacted_by"),
            route.partner_contacted_by,
            ("safety", "referrer"),
            "those who work with clients never contact a partner",
        )
    for at, file in enumerate(service.referral_files):
        yield AgencyPlace(("referral_files", at, "agency"), file.agency)
    for at, link in enumerate(service.onward_links):
        yield AgencyPlace(("onward_links", at, "agency"), link.agency)
    for at, work in enumerate(service.other_work):
        yield AgencyPlace(("other_work", at, "agency"), work.agency)


def _agencies_that_work(service: Service) -> Iterator[AgencyPlace]:
    apart = (("safety",), "partners are supported apart from the programme")
    for at, component in enumerate(service.components):
        here: KeyPath = ("components", at, "agency")
        if component.kind == "partner_support":
            yield AgencyPlace(here, component.agency, *apart)
        else:
            reason = "work with clients belongs to the programme side"
            yield AgencyPlace(here, component.agency, ("programme",), reason)
    yield AgencyPlace(("partner_support", "agency"), service.partner_support.agency, *apart)
    if service.children is not None:
        reason = "children are supported on the safety side"
        yield AgencyPlace(("children", "agency"), service.children.agency, ("safety",), reason)
    for at, staff in enumerate(service.staffing):
        # Referrers sign in at the programme's site but work for an agency outside it.
        side = "referrer" if staff.role == "referrer" else SIDE_OF_ROLE[Role(staff.role)].value
        reason = f"the role “{staff.role}” belongs to it"
        yield AgencyPlace(("staffing", at, "agency"), staff.agency, (side,), reason)


def _agencies_exist_on_the_right_side(service: Service) -> Iterator[Remark]:
    sides = {agency.id: agency.side for agency in service.agencies}
    for path, agency, allowed, reason in (
        *_agencies_that_refer(service),
        *_agencies_that_work(service),
    ):
        if agency is None:
            continue
        if agency not in sides:
            known = ", ".join(sides)
            yield Remark(path, f"there is no agency “{agency}”; the agencies are {known}")
        elif sides[agency] not in allowed:
            wanted = " or ".join(allowed)
            yield Remark(
                path,
                f"“{agency}” is on the side “{sides[agency]}”, but here it must be {wanted}: "
                f"{reason}",
            )


def _both_sides_have_an_agency(service: Service) -> Iterator[Remark]:
    for side, reason in (
        ("programme", "nobody works with the client"),
        ("safety", "nobody supports the partner"),
    ):
        if not service.agencies_on(side):  # type: ignore[arg-type]
            yield Remark(("agencies",), f"no agency has the side “{side}”: {reason}")


# --- areas, routes, files ----------------------------------------------------------------


def _areas_add_up(service: Service) -> Iterator[Remark]:
    areas = service.areas
    if areas.count is not None and len(areas.places) > areas.count:
        yield Remark(
            ("areas", "count"),
            f"{len(areas.places)} areas are named but the count is {areas.count}",
        )
    most = max(areas.count or 0, len(areas.places))
    if areas.of_total is not None and most > areas.of_total:
        yield Remark(
            ("areas", "of_total"), f"{most} areas cannot be part of {areas.of_total} in all"
        )


def _routes_say_who_refers(service: Service) -> Iterator[Remark]:
    for at, route in enumerate(service.referral_routes):
        here: KeyPath = ("referral_routes", at)
        if route.route == "self" and route.agencies:
            yield Remark(
                (*here, "agencies"), "people who refer themselves are sent by no agency: remove it"
            )
        if route.route != "self" and not route.agencies:
            yield Remark((*here, "agencies"), "the agency that refers is missing")
        if (
            route.partner_contacted_by == route.client_contacted_by
            and not route.contacted_separately
        ):
            yield Remark(
                (*here, "contacted_separately"),
                f"“{route.client_contacted_by}” contacts both parties, so it must contact each "
                "separately: write true",
            )


def _files_come_by_a_route(service: Service) -> Iterator[Remark]:
    routes = {
        (route.route, agency) for route in service.referral_routes for agency in route.agencies
    }
    for at, file in enumerate(service.referral_files):
        here: KeyPath = ("referral_files", at)
        if (file.route, file.agency) not in routes:
            yield Remark(
                (*here, "route"), f"no referral route “{file.route}” has the agency “{file.agency}”"
            )
        headers: dict[str, str] = {}
        for header, field in file.headers.items():
            plain = " ".join(header.split()).casefold()
            if not plain:
                yield Remark((*here, "headers", header), "a header without a name fills no field")
            elif headers.setdefault(plain, field) != field:
                yield Remark(
                    (*here, "headers", header),
                    f"this header already fills “{headers[plain]}”; it cannot fill “{field}” too",
                )


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
    if "minimum_dose" in service.stages and not any(
        component.minimum_dose for component in service.components
    ):
        yield Remark(("stages",), "“minimum_dose” is used but no component has a minimum dose")


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
    _agencies_exist_on_the_right_side,
    _both_sides_have_an_agency,
    _areas_add_up,
    _routes_say_who_refers,
    _files_come_by_a_route,
    _components_hold_together,
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
)
