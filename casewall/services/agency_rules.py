"""Which agency may stand where in a definition, and what areas, routes and files agree on.

Pure: takes a :class:`~casewall.services.schema.Service`, asks no clock and no database.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from casewall.services.positions import KeyPath
from casewall.services.remarks import Remark
from casewall.services.schema import Service
from casewall.wall.sides import SIDE_OF_ROLE, Role

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
    for at, programme in enumerate(service.programmes):
        reason = "a programme for clients belongs to the programme side"
        yield AgencyPlace(("programmes", at, "agency"), programme.agency, ("programme",), reason)
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


CONTRADICTIONS: tuple[Callable[[Service], Iterator[Remark]], ...] = (
    _agencies_exist_on_the_right_side,
    _both_sides_have_an_agency,
    _areas_add_up,
    _routes_say_who_refers,
    _files_come_by_a_route,
)
