"""SQL of the functions by which a site learns who looked and keeps its accounts.

A site's role adds to the audit and cannot read it, and cannot change accounts and memberships,
which the row policies believe. These functions can, and each asks the signed context
who is looking before it does anything, so that an injected statement gains nothing by calling one.
"""

from __future__ import annotations

from collections.abc import Iterable

from casewall.wall.duties import DUTIES, Duty
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side

WITHOUT_RECORDS = frozenset(
    {Role.PROGRAMME_ADMINISTRATOR, Role.SAFETY_ADMINISTRATOR, Role.EVALUATOR}
)
"""Roles that see no record of anybody: their accounts are members of no compartment."""

_LOOKS = """\
create or replace function app.audit_looks(things uuid[], since timestamptz)
returns table (thing uuid, worker uuid, role text, verb text, day date, times bigint,
    last_at timestamptz) language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
    select e.object_id, e.worker, e.role, e.verb, (e.at at time zone 'UTC')::date, count(*),
        max(e.at)
    from public.audit_entry e
    where e.at >= since
        and (e.object_id = any (things)
            or things is null and e.kind in ('case', 'partnerfile', 'child'))
        and exists (select from public.staff_worker w where w.id = app.worker() and w.is_active
            and w.role in ({reviewers}))
    group by 1, 2, 3, 4, 5
$$;"""

_ACCOUNTS = """\
create or replace function app.keep_account(account uuid, mail text, called text, part text,
    of_agency text, active boolean, last_day date, places int[]) returns void language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    invents boolean;
begin
    select w.invented into invents from public.staff_worker w
    where w.id = app.worker() and w.is_active and w.role in ({administrators});
    if not found then
        raise exception 'only an administrator keeps accounts' using errcode = '42501';
    end if;
    if account = app.worker() or part not in ({roles})
        or exists (select from public.staff_worker w where w.id = account and w.role in ({systems}))
    then
        raise exception 'this account cannot be kept here' using errcode = '42501';
    end if;
    insert into public.staff_worker
        (id, email, name, role, agency_id, is_active, until, invented, password)
    values (account, mail, called, part, of_agency, active, last_day, invents, '!')
    on conflict (id) do update set email = excluded.email, name = excluded.name,
        role = excluded.role, agency_id = excluded.agency_id, is_active = excluded.is_active,
        until = excluded.until;
    delete from public.staff_membership m
    where m.worker_id = account and m.compartment_id <> all (places);
    insert into public.staff_membership (worker_id, compartment_id)
    select account, place from unnest(places) place
    where part not in ({without}) on conflict do nothing;
end $$;"""

_SUBJECTS = """\
create or replace function app.bind_account(account uuid, of_issuer text, known_as text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select from public.staff_worker w where w.id = app.worker() and w.is_active
                   and w.role in ({administrators})) then
        raise exception 'only an administrator keeps accounts' using errcode = '42501';
    end if;
    if account = app.worker()
        or exists (select from public.staff_worker w where w.id = account and w.role in ({systems}))
    then
        raise exception 'this account cannot be kept here' using errcode = '42501';
    end if;
    delete from public.staff_agencysubject s where s.worker_id = account;
    if known_as <> '' then
        insert into public.staff_agencysubject (worker_id, issuer, subject)
        values (account, of_issuer, known_as);
    end if;
end $$;"""

_BEFORE = """\
-- who looked, who works here
grant usage on schema public to {desk};
grant create, usage on schema app to {desk};
grant execute on function app.worker() to {desk};
revoke all on audit_entry, staff_worker, staff_membership from {desk};
grant select on audit_entry, staff_worker to {desk};
grant insert (id, email, name, role, agency_id, is_active, until, invented, password),
    update (email, name, role, agency_id, is_active, until) on staff_worker to {desk};
revoke all on staff_agencysubject from {desk};
grant select, insert, delete on staff_membership, staff_agencysubject to {desk};
set role {desk};"""

_AFTER = """\
revoke execute on function app.audit_looks(uuid[], timestamptz),
    app.keep_account(uuid, text, text, text, text, boolean, date, int[]),
    app.bind_account(uuid, text, text) from public;
grant execute on function app.audit_looks(uuid[], timestamptz),
    app.keep_account(uuid, text, text, text, text, boolean, date, int[]),
    app.bind_account(uuid, text, text) to {app};
reset role;
revoke create on schema app from {desk};"""

DESK = {Side.PROGRAMME: "prog_desk_owner", Side.SAFETY: "safe_desk_owner"}
"""Nobody logs in as these; they own the functions and hold the rights that these need."""


def inner_doors(side: Side, app: str) -> str:
    """The functions of one side, for its site's role `app`."""
    own = [role for role in SIDE_OF_ROLE if SIDE_OF_ROLE[role] is side]
    people = [role for role in own if role not in SYSTEM_ROLES]
    return "\n".join(
        text.format(
            app=app,
            desk=DESK[side],
            reviewers=_quoted(r for r in people if Duty.REVIEW_ACCESS in DUTIES[r]),
            administrators=_quoted(r for r in people if Duty.CONFIGURE in DUTIES[r]),
            roles=_quoted(people),
            systems=_quoted(r for r in own if r in SYSTEM_ROLES),
            without=_quoted(r for r in people if r in WITHOUT_RECORDS),
        )
        for text in (_BEFORE, _LOOKS, _ACCOUNTS, _SUBJECTS, _AFTER)
    )


def _quoted(roles: Iterable[Role]) -> str:
    return ", ".join(f"'{role.value}'" for role in roles)
