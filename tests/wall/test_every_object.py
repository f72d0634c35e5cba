"""Every address of both sites × every record that a worker may not see: answered like none.

The addresses come from the site, the records from the database, and what each address is about
from the statements that it sends. The one thing believed is `visible_to`, tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.test import Client, override_settings
from psycopg import sql

from casewall.config.embedded import Cluster
from casewall.services.load import shipped
from casewall.staff.actions import compartment_for, install_service
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side
from tests.browser.world import furnished
from tests.emptying import empty
from tests.filling import Filler
from tests.navigation import navigation_of
from tests.objects import NOWHERE, Address, Seen, addresses, answer, learn, model_of
from tests.people import SERVICE, Staff, _as_owner, add_colleague, signed_in, site_settings
from tests.programme.test_every_address import changed, stored

LEARNS = {
    Side.PROGRAMME: [Role.PROGRAMME_MANAGER, Role.ASSESSOR, Role.FACILITATOR],
    Side.SAFETY: [Role.SAFETY_MANAGER, Role.COORDINATOR, Role.PARTNER_WORKER,
                  Role.CHILDRENS_WORKER, Role.DATA_PROTECTION_OFFICER],
}  # fmt: skip
"""Roles that between them have every duty of a side."""
ELSEWHERE = {Side.PROGRAMME: Role.PROGRAMME_MANAGER, Side.SAFETY: Role.PARTNER_WORKER}
NOT_IN_A_TABLE: dict[Side, set[str]] = {
    Side.PROGRAMME: set(),
    Side.SAFETY: {"referrals/trial/<uuid:key>/", "referrals/trial/<uuid:key>/load/"},
}
"""A trial run of a file is of the session that made it: tested with the files."""
NO_ROW: dict[Side, set[str]] = {
    Side.PROGRAMME: {"programme_courses_act", "programme_groups_nonassociation",
                     "programme_groups_visitor", "programme_risk_riskassessment"},
    Side.SAFETY: {"safety_costs_costline"},
}  # fmt: skip
"""Tables whose own rules refuse a row of invented bytes, and that the world leaves empty: attacked
in tests/programme/test_every_address.py, and with the risk and the costs."""
LEAST = {Side.PROGRAMME: 130, Side.SAFETY: 260}
OTHER_AGENCY = {Side.PROGRAMME: "fjordby-police", Side.SAFETY: "lyngholm-shelter"}
"""A stranger of each side: of another agency; and of the same one, with no file of the own."""


@dataclass(frozen=True)
class Site:
    """A site with its addresses, and a browser and an eye for each role and for a stranger."""

    side: Side
    addresses: list[Address]
    browsers: dict[str, Client]
    seen: dict[str, Seen]
    roles: list[str]
    """Those that between them have every duty."""
    foreign: dict[tuple[str, str], UUID]
    """For each column in which a record is looked for, one of an agency that nobody here is of."""

    def elsewhere(self, address: Address, part: str) -> frozenset[UUID]:
        """The records of another agency that an address could be asked for."""
        return frozenset(self.foreign[one] for one in address.looked_in[part] & set(self.foreign))

    def everything(self, places: set[tuple[str, str]]) -> frozenset[UUID]:
        """The identifiers that anybody sees in these columns."""
        return frozenset().union(*(one.of(places) for one in self.seen.values()))

    def hidden(self, who: str) -> Iterator[tuple[Address, str, UUID, dict[str, UUID]]]:
        """Each address with a record that this worker does not see, and the ones before it."""
        eye = self.seen[who]
        for one in self.addresses:
            before: dict[str, UUID] = {}
            for part in one.parts:
                own = eye.of(one.looked_in[part])
                of_others = self.everything(one.looked_in[part]) - own
                if (who, one.route.split("/")[0]) in BY_DUTY:
                    of_others = frozenset()
                hidden = of_others | self.elsewhere(one, part)
                for pk in sorted(hidden):
                    yield one, part, pk, dict(before)
                if not own:
                    break
                before[part] = min(own)


def roles_of(side: Side) -> list[Role]:
    return [role for role in Role if SIDE_OF_ROLE[role] is side and role not in SYSTEM_ROLES]


@pytest.fixture(scope="module")
def world(staff_once: Staff, owner_urls: dict[str, str]) -> Iterator[Staff]:
    """The invented world of the browser's tests, made once for both sides and all roles."""
    empty(owner_urls.values())
    furnished(staff_once)
    yield staff_once
    empty(owner_urls.values())


@pytest.fixture(scope="module", params=Side, ids=lambda side: side.value)
def site(request: pytest.FixtureRequest, world: Staff, owner_urls: dict[str, str],
         var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    side: Side = request.param
    stranger = add_colleague(owner_urls, ELSEWHERE[side], OTHER_AGENCY[side],
                             f"stranger.{side}@example.invalid")
    workers = {role.value: world.workers[role] for role in roles_of(side)} | {"stranger": stranger}
    with ExitStack() as stack:
        stack.enter_context(site_settings(side))
        stack.enter_context(override_settings(
            STATIC_ROOT=tmp_path_factory.mktemp("static"), ALLOWED_HOSTS=["testserver"],
            CASEWALL_SEARCH_URL="search", **navigation_of(side.value)))
        roles = [role.value for role in LEARNS[side]]
        found = Site(side, addresses(side), {who: signed_in(one) for who, one in workers.items()},
                     {who: Seen(one.as_viewer()) for who, one in workers.items()}, roles, {})
        learn(found.addresses, [(found.browsers[one], found.seen[one]) for one in roles])
        found.foreign.update(_rows_elsewhere(found, owner_urls, var))
        yield found


def _rows_elsewhere(site: Site, owner_urls: dict[str, str], var: Path
                    ) -> Iterator[tuple[tuple[str, str], UUID]]:
    """A row of another agency in every table in which a record is looked for."""
    with _as_owner(owner_urls):
        install_service(side=site.side, code=SERVICE, name=shipped()[SERVICE].name,
                        agencies=[("elsewhere", "Elsewhere (invented)")])
    where = compartment_for(side=site.side, service=SERVICE, agency="elsewhere")
    places = {place for one in site.addresses for part in one.parts
              for place in one.looked_in[part]}
    url = Cluster(var / site.side).superuser_url(f"casewall_{site.side}")
    with psycopg.connect(url, autocommit=True) as connection:
        fills = Filler(site.side, connection, where)
        for table, column in sorted(places):
            if fills.lone(model_of(table)):
                asked = sql.SQL("select {} from {} where compartment = %s limit 1").format(
                    sql.Identifier(column), sql.Identifier(table))
                [pk] = connection.execute(asked, [where]).fetchone() or (None,)
                if pk is not None:
                    yield (table, column), pk


SLICE = 8
"""Every commit, each role attacks every eighth address by one verb, another one than the role
beside it; by night, each attacks every address by both."""
BY_DUTY = {(Role.DATA_PROTECTION_OFFICER.value, "keeping")}
"""Who decides on deletion reads which files there are, and nothing of what is in them."""
NOTED: set[str] = {"safety_coordination_opened", "safety_partners_reveal"}
"""What looking leaves beside the audit: which partner's papers were open in the last days, and
that whoever checks a change of contact details was shown those that stand."""


def attacks(site: Site, who: str, number: int, *, whole: bool) -> Iterator[tuple[str, str, str]]:
    """(method, address of a hidden record, the same without one) for a worker."""
    last: tuple[str, str] | None = None
    for at, (one, part, pk, before) in enumerate(site.hidden(who)):
        if not whole and ((one.route, part) == last or (at + number) % SLICE):
            continue
        last = (one.route, part)
        both = ("GET", "POST")
        for method in both if whole else (both[(at // SLICE + number) % 2],):
            yield method, one.at(**before, **{part: pk}), one.at(**before, **{part: NOWHERE})


def told_apart(site: Site, *, whole: bool) -> tuple[list[object], int]:
    """Addresses at which a hidden record is not answered like none, and how many were tried."""
    wrong: list[object] = []
    tried = 0
    for number, who in enumerate(site.browsers):
        for method, hidden, absent in attacks(site, who, number, whole=whole):
            tried += 1
            browser = site.browsers[who]
            there, none = (answer(browser, method, one) for one in (hidden, absent))
            if there != none or there[0] == 200 or there[0] >= 500:
                wrong.append((who, method, hidden, there[0], none[0]))
    return wrong, tried


def test_every_address_says_what_it_is_about(site: Site) -> None:
    bare = [(one, part) for one in site.addresses for part in one.parts
            if not site.everything(one.looked_in[part]) | site.elsewhere(one, part)]
    unknown = {one.route for one, part in bare if not one.looked_in[part]}
    assert unknown == NOT_IN_A_TABLE[site.side]
    empty = {table for one, part in bare for table, _ in one.looked_in[part]}
    assert empty == NO_ROW[site.side]
    assert len(site.addresses) >= LEAST[site.side]


def test_a_hidden_record_is_answered_like_none(
        site: Site, record_property: Callable[[str, object], None]) -> None:
    wrong, tried = told_apart(site, whole=False)
    assert wrong == []
    assert tried > LEAST[site.side] // 3
    record_property("figure", f"0 of {tried:,} ({site.side})")


@pytest.mark.slow
def test_every_hidden_record_is_answered_like_none_at_every_address(
        site: Site, record_property: Callable[[str, object], None]) -> None:
    wrong, tried = told_apart(site, whole=True)
    assert wrong == []
    record_property("figure", f"0 of {tried:,} ({site.side}, whole)")


OTHER_VERBS = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
TAMPERED = "&".join(("compartment=1", "role=safety_manager", "viewer=1", "all=1", "_method=DELETE",
                     "is_superuser=1", "agency=x", "by=system", "visible_to=system"))
PASSES_OVER = {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE", "HTTP_X_ORIGINAL_URL": "/",
               "HTTP_X_FORWARDED_USER": "system", "HTTP_X_REWRITE_URL": "/"}


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.slow), 3])
def test_looking_other_verbs_and_other_parameters_change_nothing(
        site: Site, var: Path, every: int) -> None:
    """Each third address in every run, all of them by night."""
    wrong = []
    before = stored(var, site.side.value)
    for number, one in enumerate(site.addresses):
        if number % every:
            continue
        who = site.roles[number % len(site.roles)]
        browser, eye = site.browsers[who], site.seen[who]
        ids = {part: min(eye.of(one.looked_in[part]), default=NOWHERE) for part in one.parts}
        plain = answer(browser, "GET", one.at(**ids))
        again = browser.get(f"{one.at(**ids)}?{TAMPERED}", **PASSES_OVER)  # type: ignore[arg-type]
        verb = OTHER_VERBS[number % len(OTHER_VERBS)]
        status = browser.generic(verb, one.at(**ids)).status_code
        if status not in (403, 404, 405):
            wrong.append((who, verb, one.route, status))
        if plain[0] >= 500 or again.status_code != plain[0]:
            wrong.append((who, "GET", one.route, (plain[0], again.status_code)))
    assert wrong == []
    assert set(changed(before, stored(var, site.side.value))) <= NOTED


@pytest.mark.parametrize("who", ["evaluator", "safety_administrator", "programme_administrator",
                                 "referrer"])  # fmt: skip
def test_who_has_no_duty_changes_nothing_whatever_is_sent(
        site: Site, who: str, var: Path) -> None:
    if who not in site.browsers:
        return
    browser, before = site.browsers[who], stored(var, site.side.value)
    sent = {"version": "1", "form_id": str(NOWHERE), "reason": "x", "text": "x", "name": "x"}
    for one in (*site.addresses, *addresses(site.side, of_records=False)):
        for part in one.parts or ("",):
            pk = min(site.everything(one.looked_in.get(part, set())), default=NOWHERE)
            browser.post(one.at(**({part: pk} if part else {})), sent)
    assert changed(before, stored(var, site.side.value)) == []


def test_an_account_that_was_closed_reaches_nothing_from_the_next_request(
        site: Site, owner_urls: dict[str, str]) -> None:
    who = site.roles[0]
    browser, eye = site.browsers[who], site.seen[who]
    reached = [one.at(**{part: min(eye.of(one.looked_in[part])) for part in one.parts})
               for one in site.addresses
               if all(eye.of(one.looked_in[part]) for part in one.parts)][::7]
    assert any(browser.get(address).status_code == 200 for address in reached)
    switch = "update staff_worker set is_active = %s where id = %s"
    with psycopg.connect(owner_urls[site.side.value], autocommit=True) as owner:
        owner.execute(switch, [False, eye.viewer.worker])
        try:
            for address in reached:
                for method in ("GET", "POST"):
                    told = browser.generic(method, address)
                    assert told.status_code == 302, address
                    assert told.headers["Location"].startswith("/accounts/login/"), address
        finally:
            owner.execute(switch, [True, eye.viewer.worker])
