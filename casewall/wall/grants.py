"""SQL made from the tables: who may read and write what inside each cluster.

`statements(side)` is made from the models' labels and rights and from the table of flows. The
result is kept in `generated/` and held by a test; a change of it is a change that the wall's
owner reads. It can be run again at any time and then changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps

from casewall.wall import erasing
from casewall.wall.checks import is_walled
from casewall.wall.flows import bridge_kinds, flow_views
from casewall.wall.inner_doors import inner_doors
from casewall.wall.labels import REPORTABLE
from casewall.wall.models import ArrivalModel
from casewall.wall.router import side_of_label
from casewall.wall.sides import Side

PREFIX = {Side.PROGRAMME: "prog", Side.SAFETY: "safe"}
DATABASE = {Side.PROGRAMME: "casewall_programme", Side.SAFETY: "casewall_safety"}
GENERATED = Path(__file__).parent / "generated"

SHARED_RIGHTS: dict[str, str] = {
    "staff_agency": "select",
    "staff_service": "select",
    "staff_compartment": "select",
    "staff_membership": "select",
    "staff_worker": "select, update (last_login, password)",
    "staff_agencysubject": "select",
    "audit_entry": "insert",
    "django_session": "select, insert, update, delete",
    "casewall_cache": "select, insert, update, delete",
    "account_emailaddress": "select, insert, update",
    "mfa_authenticator": "select, insert, update, delete",
}
"""What a site process may do to shared tables. They hold nothing about clients or partners."""

REPORT_RIGHTS: dict[str, str] = {
    "staff_service": "select (code)",
    "staff_worker": "select (role, invented)",
}
"""What reporting may read of shared tables: which services are set up, and whether the people who
work here are invented, since only then may a table be published as it is."""

WITHOUT_RIGHTS = frozenset(
    {
        "account_emailconfirmation",
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
        "django_migrations",
    }
)
"""Tables that packages make and that no site process needs."""

_FUNCTIONS = """\
create or replace function app.worker() returns uuid language plpgsql stable
security definer set search_path = pg_catalog, pg_temp as $$
declare
    word text := nullif(current_setting('app.ctx', true), '');
    parts text[];
    pad record;
begin
    if word is null then return null; end if;
    parts := string_to_array(word, '.');
    select inner_pad, outer_pad into strict pad from priv.pads;
    if array_length(parts, 1) is distinct from 3
       or encode(sha256(pad.outer_pad || sha256(pad.inner_pad
            || convert_to(parts[1] || '.' || parts[2], 'UTF8'))), 'hex') <> parts[3]
       or parts[2]::bigint < extract(epoch from clock_timestamp()) then
        raise exception 'the context is not signed' using errcode = '42501';
    end if;
    return parts[1]::uuid;
end $$;
create or replace function app.my_compartments() returns int[] language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(array_agg(m.compartment_id), '{{}}') from public.staff_membership m
    join public.staff_worker w on w.id = m.worker_id and w.is_active
        and (w.until is null or w.until >= current_date)
    where m.worker_id = app.worker()
$$;
create or replace function app.is_system() returns boolean language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from public.staff_worker where id = app.worker() and is_active
                   and role in ('programme_system', 'safety_system'))
$$;
revoke execute on function app.worker(), app.my_compartments(), app.is_system() from public;
grant usage on schema app to {prefix}_app;
grant execute on function app.worker(), app.my_compartments(), app.is_system() to {prefix}_app;"""

_APPENDER = """\
grant create, usage on schema app to {role}_owner;
grant insert on {table} to {role}_owner;
drop policy if exists append on {table};
create policy append on {table} for insert to {role}_owner with check (true);
set role {role}_owner;
create or replace function app.{name}({arguments}) returns void language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
begin
{body}
end $$;
revoke execute on function app.{name}({types}) from public;
grant execute on function app.{name}({types}) to {role};
reset role;
revoke create on schema app from {role}_owner;
grant usage on schema app to {role};"""


_SLOTS = """\
-- the slots of questions on a device: all that the front door reads
grant create, usage on schema app to safe_door_owner;
grant select (id, code_hash, visit_hash, form, language, next_page, state, ends_at, touched_at,
    entrance_hash), update (visit_hash, entrance_hash, next_page, state, touched_at)
    on safety_asking_slot to safe_door_owner;
drop policy if exists slot_read on safety_asking_slot;
create policy slot_read on safety_asking_slot for select to safe_door_owner using (true);
drop policy if exists slot_move on safety_asking_slot;
create policy slot_move on safety_asking_slot for update to safe_door_owner
    using (true) with check (true);
set role safe_door_owner;
create or replace function app.slot_open(code text, visit text, entrance text)
returns table (number uuid, form text, language text, next_page int) language sql
security definer set search_path = pg_catalog, pg_temp as $$
    update public.safety_asking_slot s
    set visit_hash = visit, entrance_hash = entrance, state = 'open',
        touched_at = clock_timestamp()
    where s.code_hash = code and s.state in ('waiting', 'open') and s.ends_at > clock_timestamp()
    returning s.id, s.form, s.language, s.next_page
$$;
create or replace function app.slot_read(visit text)
returns table (number uuid, form text, language text, next_page int) language sql
security definer set search_path = pg_catalog, pg_temp as $$
    update public.safety_asking_slot s set touched_at = clock_timestamp()
    where s.visit_hash = visit and s.state = 'open' and s.ends_at > clock_timestamp()
        and s.touched_at > clock_timestamp() - interval '30 minutes'
    returning s.id, s.form, s.language, s.next_page
$$;
create or replace function app.slot_step(
    visit text, page int, entry uuid, sealed bytea, finished boolean)
returns boolean language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.safety_asking_slot s
    set next_page = page + 1, touched_at = clock_timestamp(),
        state = case when finished then 'finished' else s.state end,
        visit_hash = case when finished then null else s.visit_hash end
    where s.visit_hash = visit and s.state = 'open' and s.next_page = page
        and s.ends_at > clock_timestamp()
        and s.touched_at > clock_timestamp() - interval '30 minutes';
    if not found then return false; end if;
    if sealed is not null then
        insert into public.safety_intake_doorentry (id, sealed, outcome)
        values (entry, sealed, '') on conflict do nothing;
    end if;
    return true;
end $$;
create or replace function app.slot_leave(visit text) returns void language sql
security definer set search_path = pg_catalog, pg_temp as $$
    update public.safety_asking_slot s set visit_hash = null where s.visit_hash = visit
$$;
create or replace function app.slot_passed(entrance text) returns boolean language sql
security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from public.safety_asking_slot s where s.entrance_hash = entrance)
$$;
{rights}
reset role;
revoke create on schema app from safe_door_owner;"""

SLOT_FUNCTIONS = (
    "slot_open(text, text, text)",
    "slot_read(text)",
    "slot_step(text, int, uuid, bytea, boolean)",
    "slot_leave(text)",
    "slot_passed(text)",
)
"""What the front door may ask of a slot, and nothing else."""


def models_of(side: Side) -> list[Any]:
    """The walled models of a side that have a table there, by table name."""
    found = [
        m
        for m in apps.get_models()
        if side_of_label(m._meta.app_label) is side and m._meta.managed and is_walled(m)
    ]
    return sorted(found, key=lambda m: m._meta.db_table)


def statements(side: Side) -> str:
    """The whole SQL of a side, in the order in which it must run."""
    parts = [*_schemas(side), _FUNCTIONS.format(prefix=PREFIX[side])]
    parts += [text for model in models_of(side) for text in _table(side, model)]
    if side is Side.PROGRAMME:
        parts += list(_bridge())
        parts += [text for view in flow_views() for text in _flow_view(view)]
    parts += list(_door(side))
    if side is Side.SAFETY:
        parts += list(_slots())
    parts += list(_shared(side))
    parts.append(inner_doors(side, f"{PREFIX[side]}_app"))
    parts += list(erasing.statements(side))
    return "\n\n".join(parts) + "\n"


def _schemas(side: Side) -> Iterator[str]:
    prefix = PREFIX[side]
    yield (
        f"-- The {side} cluster. Made from casewall/wall; do not edit.\n"
        "create schema if not exists app;\ncreate schema if not exists priv;\n"
        "create schema if not exists flow;\n"
        "revoke all on schema app, priv, flow from public;\n"
        "revoke create on schema public from public;\n"
        f"grant usage on schema public to {prefix}_app, {prefix}_report, {prefix}_door_owner"
        + (f", {prefix}_bridge_owner, {prefix}_flow_owner;" if side is Side.PROGRAMME else ";")
    )
    yield (
        "create table if not exists priv.pads (\n"
        "    one boolean primary key default true check (one),\n"
        "    inner_pad bytea not null, outer_pad bytea not null\n);\n"
        "revoke all on priv.pads from public;"
    )


def _table(side: Side, model: Any) -> Iterator[str]:
    table, prefix = model._meta.db_table, PREFIX[side]
    lines = [f"-- {table}", f"revoke all on {table} from {prefix}_app, {prefix}_report;"]
    if issubclass(model, ArrivalModel):
        columns = f"applied_on, outcome, {model.CONTENT}"
        lines.append(f"grant select, update ({columns}) on {table} to {prefix}_app;")
        rule = "(select app.is_system())"
    else:
        rights = ", ".join(right.lower() for right in model.APP_MAY)
        lines.append(f"grant {rights} on {table} to {prefix}_app;")
        rule = "compartment = any ((select app.my_compartments())::int[])"
    lines += [
        f"alter table {table} enable row level security;",
        f"alter table {table} force row level security;",
        f"drop policy if exists wall on {table};",
        f"create policy wall on {table} for all to {prefix}_app\n"
        f"    using ({rule})\n    with check ({rule});",
    ]
    reportable = _reportable(model)
    if reportable:
        lines += [
            f"grant select ({', '.join(reportable)}) on {table} to {prefix}_report;",
            f"drop policy if exists report on {table};",
            f"create policy report on {table} for select to {prefix}_report using (true);",
        ]
    yield "\n".join(lines)


def _reportable(model: Any) -> list[str]:
    if issubclass(model, ArrivalModel):
        return []
    labels = model.labels()
    return [f.column for f in model._meta.local_fields if labels[f.name] in REPORTABLE]


def _flow_view(view: Any) -> Iterator[str]:
    columns = ", ".join(view.columns)
    yield (
        f"-- flow {view.name}\n"
        "grant create, usage on schema flow to prog_flow_owner;\n"
        f"grant select ({columns}) on {view.table} to prog_flow_owner;\n"
        f"drop policy if exists flow on {view.table};\n"
        f"create policy flow on {view.table} for select to prog_flow_owner using (true);\n"
        "set role prog_flow_owner;\n"
        f"drop view if exists flow.{view.name};\n"
        f"create view flow.{view.name} with (security_barrier = true) as\n"
        f"    select {columns} from public.{view.table};\n"
        f"grant select on flow.{view.name} to prog_flow;\n"
        "reset role;\n"
        "revoke create on schema flow from prog_flow_owner;\n"
        "grant usage on schema flow to prog_flow;"
    )


def _bridge() -> Iterator[str]:
    kinds = ", ".join(f"'{kind}'" for kind in bridge_kinds())
    yield "-- the bridge\n" + _APPENDER.format(
        role="prog_bridge",
        table="programme_referrals_bridgeitem",
        name="bridge_append",
        arguments="item uuid, kind text, payload bytea",
        types="uuid, text, bytea",
        body=f"    if kind not in ({kinds}) then\n"
        "        raise exception 'this kind does not cross' using errcode = '22023';\n"
        "    end if;\n"
        "    insert into public.programme_referrals_bridgeitem (id, kind, payload, outcome)\n"
        "    values (item, kind, payload, '') on conflict do nothing;",
    )


def _door(side: Side) -> Iterator[str]:
    table = "programme_referrals_doorentry" if side is Side.PROGRAMME else "safety_intake_doorentry"
    yield "-- the front door\n" + _APPENDER.format(
        role=f"{PREFIX[side]}_door",
        table=table,
        name="door_append",
        arguments="entry uuid, sealed bytea",
        types="uuid, bytea",
        body=f"    insert into public.{table} (id, sealed, outcome)\n"
        "    values (entry, sealed, '') on conflict do nothing;",
    )


def _slots() -> Iterator[str]:
    rights = [
        f"revoke execute on function app.{name} from public;\n"
        f"grant execute on function app.{name} to safe_door;"
        for name in SLOT_FUNCTIONS
    ]
    yield _SLOTS.format(rights="\n".join(rights))


def _shared(side: Side) -> Iterator[str]:
    app = f"{PREFIX[side]}_app"
    lines = ["-- shared tables"]
    for table, rights in SHARED_RIGHTS.items():
        lines.append(f"revoke all on {table} from {app};")
        lines.append(f"grant {rights} on {table} to {app};")
    for table in sorted(WITHOUT_RIGHTS):
        lines.append(f"revoke all on {table} from {app};")
    for table, rights in REPORT_RIGHTS.items():
        lines.append(f"revoke all on {table} from {PREFIX[side]}_report;")
        lines.append(f"grant {rights} on {table} to {PREFIX[side]}_report;")
    yield "\n".join(lines)


def pads_of(key: bytes) -> tuple[bytes, bytes]:
    """HMAC-SHA256 inner and outer pads of a key (RFC 2104), which is all the database keeps."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def install(connection: Any, side: Side, key: bytes) -> None:
    """Run the statements as the owner of the cluster's database and keep the pads there."""
    with connection.cursor() as cursor:
        cursor.execute(statements(side))
        cursor.execute(
            "insert into priv.pads (inner_pad, outer_pad) values (%s, %s) on conflict (one) "
            "do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            pads_of(key),
        )


def write_generated() -> list[Path]:
    """Write the snapshot files; a test fails while they differ from `statements`."""
    GENERATED.mkdir(exist_ok=True)
    paths = []
    for side in Side:
        path = GENERATED / f"{side.value}.sql"
        path.write_text(statements(side), encoding="utf-8")
        paths.append(path)
    return paths
