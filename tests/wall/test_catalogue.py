"""What stands in the catalogue of each cluster: every right, policy, view and function there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings

from casewall.config.clusters import SIDES
from casewall.drafts.models import DraftRecord
from casewall.safety.coordination.models import Opened
from casewall.safety.pulled.models import PulledAppointment
from casewall.wall import checks, erasing, grants
from casewall.wall.flows import flow_views
from casewall.wall.grants import (
    PREFIX,
    REPORT_RIGHTS,
    SHARED_RIGHTS,
    WITHOUT_RIGHTS,
    models_of,
    statements,
)
from casewall.wall.labels import REPORTABLE, Label
from casewall.wall.models import ArrivalModel
from casewall.wall.sides import Side
from tests.wall.sql import EVERY_ROLE, ROLES

WALLED = [(side, model) for side in Side for model in models_of(side)]


@pytest.fixture(scope="module")
def ask(owner_urls: dict[str, str]) -> Any:
    """A function that asks the catalogue of a side, as its owner."""

    def answer(side: Side, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(owner_urls[side.value]) as connection:
            return connection.execute(statement, values or None).fetchall()

    return answer


# --- the generated SQL ---------------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_the_kept_sql_is_what_the_tables_of_the_wall_say(side: Side) -> None:
    kept = (grants.GENERATED / f"{side.value}.sql").read_text(encoding="utf-8")
    assert kept == statements(side), "run `casewall wall grants` and have the change reviewed"


def test_the_kept_sql_is_written_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "GENERATED", tmp_path / "generated")
    assert [path.read_text() for path in grants.write_generated()] == [
        statements(side) for side in Side]


def test_no_word_that_the_server_keeps_for_itself_is_missing_from_our_list(ask: Any) -> None:
    kept = {word for (word,) in ask(
        Side.SAFETY, "select word from pg_get_keywords() where catcode in ('R', 'T')")}
    assert kept <= checks.RESERVED


EVERYTHING = """
select c.relname::text, a.grantee::regrole::text, a.privilege_type, c.relrowsecurity::text
from pg_class c, aclexplode(c.relacl) a
where relnamespace in ('public'::regnamespace, 'flow'::regnamespace)
union all select attrelid::regclass || attname, a.grantee::regrole::text, a.privilege_type, ''
from pg_attribute, aclexplode(attacl) a
union all select proname, proowner::regrole::text, a.grantee::regrole::text, prosrc
from pg_proc, aclexplode(proacl) a where pronamespace = 'app'::regnamespace
union all select polname || polrelid::regclass, pg_get_expr(polqual, polrelid),
    pg_get_expr(polwithcheck, polrelid), polroles::text from pg_policy
union all select nspname, a.grantee::regrole::text, a.privilege_type, ''
from pg_namespace, aclexplode(nspacl) a
order by 1, 2, 3, 4
"""


@pytest.mark.parametrize("side", Side)
def test_installing_again_changes_nothing(
    side: Side, ask: Any, owner_urls: dict[str, str]
) -> None:
    before = ask(side, EVERYTHING)
    pads = ask(side, "select inner_pad, outer_pad from priv.pads")
    with psycopg.connect(owner_urls[side.value]) as connection:
        grants.install(connection, side, settings.CASEWALL_CONTEXT_KEYS[side.value])
    assert ask(side, EVERYTHING) == before
    assert ask(side, "select inner_pad, outer_pad from priv.pads") == pads


def test_a_key_longer_than_a_block_is_hashed_first() -> None:
    import hashlib
    import hmac

    for key in (b"short", bytes(range(64)), bytes(range(100))):
        inner, outer = grants.pads_of(key)
        mac = hashlib.sha256(outer + hashlib.sha256(inner + b"text").digest()).hexdigest()
        assert mac == hmac.new(key, b"text", hashlib.sha256).hexdigest()


# --- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_every_table_is_walled_or_on_the_list_of_shared_tables(side: Side, ask: Any) -> None:
    found = {name for (name,) in ask(
        side, "select tablename from pg_tables where schemaname = 'public'")}
    walled = {model._meta.db_table for model in models_of(side)}
    assert found == walled | set(SHARED_RIGHTS) | WITHOUT_RIGHTS
    elsewhere = ask(side, "select schemaname, tablename from pg_tables where schemaname not in "
                          "('public', 'pg_catalog', 'information_schema')")
    assert elsewhere == [("priv", "pads")]


def plain(expression: str) -> str:
    """An expression without the parentheses that each version of the server sets differently."""
    return " ".join(re.sub("[()]", " ", expression).lower().split()).replace(" ::", "::")


@pytest.mark.parametrize(("side", "model"), WALLED, ids=lambda v: getattr(v, "__name__", str(v)))
def test_every_walled_table_has_a_forced_policy_and_another_owner(
    side: Side, model: Any, ask: Any
) -> None:
    table, prefix = model._meta.db_table, PREFIX[side]
    ((security, forced, owner),) = ask(
        side, "select relrowsecurity, relforcerowsecurity, relowner::regrole::text "
              "from pg_class where relname = %s and relkind = 'r'", table)
    assert (security, forced, owner) == (True, True, f"{prefix}_owner")
    policies = ask(side, "select polname, polcmd::text, polpermissive, array(select "
                         "rolname::text from pg_roles where oid = any (polroles)), "
                         "pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) "
                         "from pg_policy where polrelid = %s::regclass order by 1", table)
    by_name = {row[0]: row[1:] for row in policies}
    arrivals = issubclass(model, ArrivalModel)
    rule = ("select app.is_system as is_system" if arrivals else
            "compartment = any select app.my_compartments as my_compartments::integer[]")
    command, permissive, roles, using, check = by_name.pop("wall")
    assert (command, permissive, roles) == ("*", True, [f"{prefix}_app"])
    assert plain(using) == plain(check) == rule
    if issubclass(model, ArrivalModel):
        appenders = {f"{prefix}_door_owner", f"{prefix}_bridge_owner"}
        command, _, (appender,), using, check = by_name.pop("append")
        assert appender in appenders
        assert (command, using, check) == ("a", None, "true")
    else:
        assert by_name.pop("report") == ("r", True, [f"{prefix}_report"], "true", None)
    if table in {view.table for view in flow_views()}:
        assert by_name.pop("flow") == ("r", True, ["prog_flow_owner"], "true", None)
    if table == "safety_asking_slot":
        assert by_name.pop("slot_read") == ("r", True, ["safe_door_owner"], "true", None)
        assert by_name.pop("slot_move") == ("w", True, ["safe_door_owner"], "true", "true")
    if table in erasing.tables_erased_from(side):
        assert by_name.pop("erase") == ("*", True, [erasing.ERASER[side]], "true", "true")
    assert by_name == {}


RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def rights_on_tables(ask: Any, side: Side, who: str) -> dict[str, set[str]]:
    """The rights of a role on whole tables and views outside the system's schemas."""
    found: dict[str, set[str]] = {}
    ((maintains,),) = ask(side, "select current_setting('server_version_num')::int >= 170000")
    for right in (*RIGHTS, "MAINTAIN") if maintains else RIGHTS:
        for (name,) in ask(
                side, "select nspname || '.' || relname from pg_class c join pg_namespace n on "
                      "n.oid = relnamespace where relkind in ('r', 'v', 'm', 'p', 'f') and "
                      "nspname !~ '^pg_' and nspname <> 'information_schema' "
                      "and has_table_privilege(%s, c.oid, %s)", who, right):
            found.setdefault(name.removeprefix("public."), set()).add(right)
    return found


def rights_on_columns(ask: Any, side: Side, who: str, right: str) -> dict[str, set[str]]:
    """The columns on which a role has a right, where it has not that right on the table."""
    found: dict[str, set[str]] = {}
    for name, column in ask(
            side, "select nspname || '.' || relname, attname from pg_class c "
                  "join pg_namespace n on n.oid = relnamespace "
                  "join pg_attribute a on attrelid = c.oid and attnum > 0 and not attisdropped "
                  "where relkind in ('r', 'v') and nspname !~ '^pg_' "
                  "and nspname <> 'information_schema' "
                  "and has_column_privilege(%s, c.oid, attnum, %s) "
                  "and not has_table_privilege(%s, c.oid, %s)", who, right, who, right):
            found.setdefault(name.removeprefix("public."), set()).add(column)
    return found


@pytest.mark.parametrize("side", Side)
def test_a_site_may_do_what_its_models_say_and_no_more(side: Side, ask: Any) -> None:
    expected = {model._meta.db_table:
                {"SELECT"} if issubclass(model, ArrivalModel) else set(model.APP_MAY)
                for model in models_of(side)}
    shared = {table: {word.strip().upper() for word in rights.partition(" (")[0].split(",")}
              for table, rights in SHARED_RIGHTS.items()}
    shared["staff_worker"] = {"SELECT"}
    app = f"{PREFIX[side]}_app"
    assert rights_on_tables(ask, side, app) == expected | shared
    assert rights_on_columns(ask, side, app, "UPDATE") == {
        **{model._meta.db_table: {"applied_on", "outcome", model.CONTENT}
           for model in models_of(side)
           if issubclass(model, ArrivalModel)},
        "staff_worker": {"last_login", "password"}}
    assert rights_on_columns(ask, side, app, "SELECT") == {}


PASSING = {PulledAppointment, Opened}
"""An appointment that the programme has called off, and what was opened more than 72 hours ago."""


def test_no_site_may_empty_delete_or_rewrite_what_is_a_record_of_work() -> None:
    for _, model in WALLED:
        may = set(getattr(model, "APP_MAY", ()))
        assert may <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
        if "DELETE" in may:
            is_draft, passes = issubclass(model, DraftRecord), model in PASSING
            assert is_draft or passes or Label.TOKEN in model.labels().values(), (
                "only a blind index is made anew, and only what passes is thrown away")


@pytest.mark.parametrize("side", Side)
def test_the_audit_is_written_and_never_read_or_changed_by_a_site(side: Side, ask: Any) -> None:
    assert rights_on_tables(ask, side, f"{PREFIX[side]}_app")["audit_entry"] == {"INSERT"}


# --- the narrow roles ----------------------------------------------------------------------------


def test_the_flow_role_reads_the_flow_views_and_nothing_else(ask: Any) -> None:
    expected = {f"flow.{view.name}": {"SELECT"} for view in flow_views()}
    assert rights_on_tables(ask, Side.PROGRAMME, "prog_flow") == expected
    for right in ("SELECT", "INSERT", "UPDATE", "REFERENCES"):
        assert rights_on_columns(ask, Side.PROGRAMME, "prog_flow", right) == {}


@pytest.mark.parametrize(("side", "who"), [
    (Side.PROGRAMME, "prog_bridge"), (Side.PROGRAMME, "prog_door"), (Side.SAFETY, "safe_door")])
def test_the_bridge_and_the_doors_have_no_right_on_any_table(
    side: Side, who: str, ask: Any
) -> None:
    assert rights_on_tables(ask, side, who) == {}
    for right in ("SELECT", "INSERT", "UPDATE", "REFERENCES"):
        assert rights_on_columns(ask, side, who, right) == {}


@pytest.mark.parametrize("side", Side)
def test_the_report_role_reads_coded_columns_only(side: Side, ask: Any) -> None:
    who = f"{PREFIX[side]}_report"
    expected = {}
    for model in models_of(side):
        if not issubclass(model, ArrivalModel):
            expected[model._meta.db_table] = {
                f.column for f in model._meta.local_fields
                if model.labels()[f.name] in REPORTABLE}
    for table, rights in REPORT_RIGHTS.items():
        expected[table] = set(re.findall(r"\w+", rights)) - {"select"}
    assert rights_on_tables(ask, side, who) == {}
    assert rights_on_columns(ask, side, who, "SELECT") == expected
    for right in ("INSERT", "UPDATE", "REFERENCES"):
        assert rights_on_columns(ask, side, who, right) == {}


def test_no_reported_column_is_personal_text_a_token_or_a_way_in(ask: Any) -> None:
    forbidden = {Label.PERSONAL, Label.TEXT, Label.TOKEN, Label.CREDENTIAL}
    models = {m._meta.db_table: m for m in apps.get_models()}
    seen = 0
    for side in Side:
        for table, columns in rights_on_columns(
                ask, side, f"{PREFIX[side]}_report", "SELECT").items():
            for field in models[table]._meta.local_fields:
                if field.column in columns:
                    seen += 1
                    assert models[table].labels()[field.name] not in forbidden
    assert seen > 100


# Owners of views and functions that look past a policy: their own rights are as narrow.
LOCKED_RIGHTS = {
    "prog_flow_owner": {"columns": {view.table: set(view.columns) for view in flow_views()}},
    "prog_bridge_owner": {"tables": {"programme_referrals_bridgeitem": {"INSERT"}}},
    "prog_door_owner": {"tables": {"programme_referrals_doorentry": {"INSERT"}}},
    "safe_door_owner": {
        "tables": {"safety_intake_doorentry": {"INSERT"}},
        "columns": {"safety_asking_slot": {
            "id", "code_hash", "visit_hash", "entrance_hash", "form", "language", "next_page",
            "state", "ends_at", "touched_at"}}},
    "safe_flow_owner": {},
    **{f"{prefix}_desk_owner": {"tables": {
        "audit_entry": {"SELECT"}, "staff_worker": {"SELECT"},
        "staff_agencysubject": {"SELECT", "INSERT", "DELETE"},
        "staff_membership": {"SELECT", "INSERT", "DELETE"}}} for prefix in ("prog", "safe")},
    **{erasing.ERASER[side]: {"tables": {
        table: {right.upper() for right in rights}
        for table, rights in erasing.rights_of(side).items()}} for side in Side},
}


@pytest.mark.parametrize("who", LOCKED_RIGHTS)
def test_whoever_owns_a_view_or_a_function_has_one_narrow_right(who: str, ask: Any) -> None:
    side = Side.PROGRAMME if who.startswith("prog") else Side.SAFETY
    own = {f"flow.{view.name}" for view in flow_views()} if who == "prog_flow_owner" else set()
    tables = {name: rights for name, rights in rights_on_tables(ask, side, who).items()
              if name not in own}
    assert tables == LOCKED_RIGHTS[who].get("tables", {})
    assert rights_on_columns(ask, side, who, "SELECT") == LOCKED_RIGHTS[who].get("columns", {})


# --- functions and views (A12) -------------------------------------------------------------------

DEFINERS = {
    Side.PROGRAMME: {
        ("app.worker()", "prog_owner", ("prog_app",)),
        ("app.my_compartments()", "prog_owner", ("prog_app",)),
        ("app.is_system()", "prog_owner", ("prog_app",)),
        ("app.audit_looks(uuid[],timestamp with time zone)", "prog_desk_owner", ("prog_app",)),
        ("app.keep_account(uuid,text,text,text,text,boolean,date,integer[])",
         "prog_desk_owner", ("prog_app",)),
        ("app.bind_account(uuid,text,text)", "prog_desk_owner", ("prog_app",)),
        ("app.carry_out(uuid)", "prog_erase_owner", ("prog_app",)),
        ("app.erase_case(uuid)", "prog_erase_owner", ("prog_owner",)),
        ("app.bridge_append(uuid,text,bytea)", "prog_bridge_owner", ("prog_bridge",)),
        ("app.door_append(uuid,bytea)", "prog_door_owner", ("prog_door",)),
    },
    Side.SAFETY: {
        ("app.worker()", "safe_owner", ("safe_app",)),
        ("app.my_compartments()", "safe_owner", ("safe_app",)),
        ("app.is_system()", "safe_owner", ("safe_app",)),
        ("app.audit_looks(uuid[],timestamp with time zone)", "safe_desk_owner", ("safe_app",)),
        ("app.keep_account(uuid,text,text,text,text,boolean,date,integer[])",
         "safe_desk_owner", ("safe_app",)),
        ("app.bind_account(uuid,text,text)", "safe_desk_owner", ("safe_app",)),
        ("app.carry_out(uuid)", "safe_erase_owner", ("safe_app",)),
        ("app.erase_partner_file(uuid)", "safe_erase_owner", ("safe_owner",)),
        ("app.erase_child(uuid)", "safe_erase_owner", ("safe_owner",)),
        ("app.forget_case(uuid,boolean)", "safe_erase_owner", ("safe_app",)),
        ("app.door_append(uuid,bytea)", "safe_door_owner", ("safe_door",)),
        ("app.slot_open(text,text,text)", "safe_door_owner", ("safe_door",)),
        ("app.slot_read(text)", "safe_door_owner", ("safe_door",)),
        ("app.slot_step(text,integer,uuid,bytea,boolean)", "safe_door_owner", ("safe_door",)),
        ("app.slot_leave(text)", "safe_door_owner", ("safe_door",)),
        ("app.slot_passed(text)", "safe_door_owner", ("safe_door",)),
    },
}
"""Every function of ours, who owns it and who may call it. All of them run as their owner. Those
of the owner read accounts and memberships only; those that write belong to roles without login."""


@pytest.mark.parametrize("side", Side)
def test_every_function_is_on_the_reviewed_list_and_states_its_search_path(
    side: Side, ask: Any
) -> None:
    rows = ask(side, "select p.oid::regprocedure::text, proowner::regrole::text, prosecdef, "
                     "proconfig, array(select rolname::text from pg_roles r where "
                     "has_function_privilege(r.oid, p.oid, 'execute') and rolcanlogin and "
                     "not rolsuper and r.oid <> proowner order by 1), proacl::text "
                     "from pg_proc p join pg_namespace n on n.oid = pronamespace "
                     "where nspname not in ('pg_catalog', 'information_schema')")
    assert {(name, owner, tuple(callers)) for name, owner, _, _, callers, _ in rows} == (
        DEFINERS[side])
    for _, owner, definer, config, _, acl in rows:
        assert definer
        assert config == ["search_path=pg_catalog, pg_temp"]
        assert "{=X" not in acl, "everybody may call it"
        assert ",=X" not in acl, "everybody may call it"
        if not owner.endswith("_owner") or owner.count("_") == 2:
            ((can_login,),) = ask(side, "select rolcanlogin from pg_roles where rolname = %s",
                                  owner)
            assert not can_login


@pytest.mark.parametrize("side", Side)
def test_every_view_is_a_flow_view_behind_a_barrier_and_owned_by_nobody_who_logs_in(
    side: Side, ask: Any
) -> None:
    rows = ask(side, "select nspname, relname, relkind::text, rolname::text, rolcanlogin, "
                     "reloptions from pg_class c join pg_namespace n on n.oid = relnamespace "
                     "join pg_roles r on r.oid = relowner where relkind in ('v', 'm') "
                     "and nspname not in ('pg_catalog', 'information_schema')")
    expected = flow_views() if side is Side.PROGRAMME else ()
    assert sorted(rows) == sorted(
        ("flow", view.name, "v", "prog_flow_owner", False, ["security_barrier=true"])
        for view in expected)


@pytest.mark.parametrize("side", Side)
def test_there_is_no_trigger_rule_extension_or_foreign_server_of_unknown_making(
    side: Side, ask: Any
) -> None:
    assert ask(side, "select tgname from pg_trigger where not tgisinternal") == []
    assert ask(side, "select rulename from pg_rules where schemaname not in "
                     "('pg_catalog', 'information_schema')") == []
    assert ask(side, "select extname::text from pg_extension") == [("plpgsql",)]
    assert ask(side, "select srvname from pg_foreign_server") == []
    assert ask(side, "select evtname from pg_event_trigger") == []
    assert ask(side, "select subname from pg_subscription") == []


# --- roles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_no_role_of_ours_is_above_the_policies(side: Side, ask: Any) -> None:
    rows = ask(side, "select rolname::text, rolcanlogin, rolinherit or rolsuper or rolcreatedb or "
                     "rolcreaterole or rolreplication or rolbypassrls from pg_roles "
                     "where rolname ~ '^(prog|safe)_'")
    names = SIDES[side.value]
    assert {name: (login, power) for name, login, power in rows} == {
        **dict.fromkeys(names.roles.values(), (True, False)),
        **dict.fromkeys(names.locked_roles, (False, False))}


@pytest.mark.parametrize("side", Side)
def test_only_the_owner_may_become_another_role(side: Side, ask: Any) -> None:
    rows = ask(side, "select member::regrole::text, roleid::regrole::text from pg_auth_members "
                     "where member::regrole::text ~ '^(prog|safe)_'")
    names = SIDES[side.value]
    assert set(rows) == {(names.roles["OWNER"], role) for role in names.locked_roles}


@pytest.mark.parametrize(("side", "word"), EVERY_ROLE, ids=str)
def test_no_role_may_create_anything_anywhere(side: Side, word: str, ask: Any) -> None:
    who = SIDES[side.value].roles[word]
    ((database, temporary),) = ask(
        side, "select has_database_privilege(%s, current_database(), 'create'), "
              "has_database_privilege(%s, current_database(), 'temporary')", who, who)
    assert not database
    assert not temporary
    assert ask(side, "select nspname from pg_namespace where has_schema_privilege"
                     "(%s, oid, 'create')", who) == []


SCHEMAS = {"APP": {"app", "public"}, "FLOW": {"flow", "public"}, "BRIDGE": {"app", "public"},
           "DOOR": {"app", "public"}, "REPORT": {"public"}}


@pytest.mark.parametrize(("side", "word"), EVERY_ROLE, ids=str)
def test_a_role_enters_only_the_schemas_that_it_needs(side: Side, word: str, ask: Any) -> None:
    rows = ask(side, "select nspname::text from pg_namespace where nspname !~ '^pg_' and "
                     "nspname <> 'information_schema' and "
                     "has_schema_privilege(%s, oid, 'usage')", SIDES[side.value].roles[word])
    assert {name for (name,) in rows} == SCHEMAS[word]


def test_each_cluster_knows_the_roles_of_its_own_side_only(ask: Any) -> None:
    for side, prefix in PREFIX.items():
        other = PREFIX[Side.SAFETY if side is Side.PROGRAMME else Side.PROGRAMME]
        names = {name for (name,) in ask(side, "select rolname::text from pg_roles")}
        assert any(name.startswith(f"{prefix}_") for name in names)
        assert not any(name.startswith(f"{other}_") for name in names)
        assert set(ROLES[side]) <= set(SIDES[side.value].roles)


# --- what a collision could tell (W11) -----------------------------------------------------------

OF_ITS_COMPARTMENT = "the compartment is part of the key, so only its own workers can collide"
TELLING = {
    "programme_agreements_agreementtext": {
        ("compartment", "service", "language", "version"): OF_ITS_COMPARTMENT},
    "programme_curriculum_templateversion": {
        ("compartment", "service", "code", "version"): OF_ITS_COMPARTMENT},
    "programme_groups_room": {("compartment", "name"): OF_ITS_COMPARTMENT},
    "programme_reports_letterhead": {("compartment",): OF_ITS_COMPARTMENT},
    "programme_reports_lettertemplate": {
        ("compartment", "kind", "language"): OF_ITS_COMPARTMENT},
    "safety_asking_slot": {
        ("code_hash",): "a slow keyed hash of a random code; about no person",
        ("visit_hash",): "a hash of a random word of the browser; about no person"},
    "safety_bookings_room": {("compartment", "building", "name"): OF_ITS_COMPARTMENT},
    "safety_intake_headermapping": {
        ("service",): "which services have loaded a file; about no person"},
    "safety_intake_intakereferral": {
        ("service", "client_fingerprint"): "a keyed hash, made by the intake alone",
        ("service", "partner_fingerprint"): "a keyed hash, made by the intake alone"},
}
"""Unique keys without a random identifier in them, and why a collision tells nothing to a worker
of another compartment."""


@pytest.mark.parametrize(("side", "model"), WALLED, ids=lambda v: getattr(v, "__name__", str(v)))
def test_a_unique_key_holds_a_random_identifier_so_that_no_guess_can_collide(
    side: Side, model: Any, ask: Any
) -> None:
    table = model._meta.db_table
    rows = ask(side, "select array(select attname::text from pg_attribute where attrelid = "
                     "indrelid and attnum = any (indkey) order by array_position("
                     "indkey::int2[], attnum)) from pg_index where indrelid = %s::regclass "
                     "and indisunique", table)
    names = {f.column: f.name for f in model._meta.local_fields}
    explained = TELLING.get(table, {})
    guessable = {tuple(columns) for (columns,) in rows if not any(
        model.labels()[names[column]] is Label.ID for column in columns)}
    assert guessable == set(explained)


@pytest.mark.parametrize("side", Side)
def test_a_foreign_key_leads_to_a_random_identifier_of_the_same_side(side: Side, ask: Any) -> None:
    rows = ask(side, "select conrelid::regclass::text, confrelid::regclass::text, "
                     "(select array_agg(format_type(atttypid, -1)) from pg_attribute where "
                     "attrelid = confrelid and attnum = any (confkey)) "
                     "from pg_constraint where contype = 'f'")
    walled = {model._meta.db_table for model in models_of(side)}
    own = [(table, target, types) for table, target, types in rows if table in walled]
    assert own
    for table, target, types in own:
        assert target in walled, table
        assert types == ["uuid"]
    assert not {target for table, target, _ in rows if table not in walled} & walled


@pytest.mark.parametrize("side", Side)
def test_nothing_is_numbered_one_after_the_other_but_accounts_and_settings(
    side: Side, ask: Any
) -> None:
    rows = ask(side, "select d.refobjid::regclass::text from pg_class s join pg_depend d on "
                     "d.objid = s.oid and d.deptype in ('a', 'i') where s.relkind = 'S'")
    assert {name for (name,) in rows} & {m._meta.db_table for m in models_of(side)} == set()
