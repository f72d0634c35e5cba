"""How a file is erased: every row that belongs to it, found by the relations of the tables.

The site process deletes no record of work. It may ask the database to carry out one deletion that
two people have decided (`app.carry_out`), and the function does only what that row of the ledger
says. What belongs to a file is not listed by hand: whoever adds a table with a relation to a
case, a partner's file or a child adds it to the erasure, and the change shows in `generated/`.

What no relation leads to (an identifier that crosses the wall, a row of intake) stands in `ROOTS`.
"""

# ruff: noqa: S608  # the SQL is put together from the names of our own tables

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import UUIDField

from casewall.wall.models import ArrivalModel
from casewall.wall.router import side_of_label
from casewall.wall.sides import Side

ERASER = {Side.PROGRAMME: "prog_erase_owner", Side.SAFETY: "safe_erase_owner"}
"""Nobody logs in as these; they own the functions and hold the rights that these need."""
LEDGER = {side: f"{side.value}_retention_deletion" for side in Side}
HOLDS = {side: f"{side.value}_retention_legalhold" for side in Side}


@dataclass(frozen=True, slots=True)
class Root:
    """A kind of file that can be erased.

    `holder` is the root's relation to the person's record, which goes with the last of that
    person's files. `named` are columns that hold the file's identifier without a relation,
    `person` those with the person's. `loose` are relations (model, field) that are emptied, since
    the row belongs to somebody else. `first` are further statements, which run before the rest;
    `needs` are the rights that they need.
    """

    kind: str
    model: str
    holder: str = ""
    named: frozenset[str] = frozenset()
    person: frozenset[str] = frozenset()
    loose: frozenset[tuple[str, str]] = frozenset()
    first: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()


_INTAKE = "safety_intake_intakereferral"
_READS = "select, update, delete"

_CHILD_CAME = (
    "from public.safety_children_childattendance where support_id in"
    " (select id from public.safety_children_childsupport where child_id = the_file)"
)
_NAMED = frozenset({"file", "file_id", "thing_id", "record_id", "about_id", "subject_id"})
_PERSON = frozenset({"person", "person_id"})

ROOTS: dict[Side, tuple[Root, ...]] = {
    Side.PROGRAMME: (
        Root(
            "case",
            "programme_cases.Case",
            holder="client",
            named=_NAMED | {"case_id"},
            person=_PERSON | {"client_id"},
        ),
    ),
    Side.SAFETY: (
        Root(
            "partner_file",
            "safety_partners.PartnerFile",
            holder="partner",
            named=_NAMED,
            person=_PERSON | {"partner_id"},
            # A child's own record stays with the child, whoever's file it was written in.
            loose=frozenset(
                {("safety_children.ChildAdult", "on_file"),
                 ("safety_children.ChildSafeguarding", "on_file")}
            ),
            first=(
                "delete from public.safety_intake_outboxitem where id in (select item"
                " from public.safety_coordination_disclosure where file_id = the_file);",
                "delete from public.safety_asking_slot where id in (select slot_id"
                " from public.safety_asking_asking where file_id = the_file);",
                # The client's part of the referral lives on; nothing of the partner's does.
                f"delete from public.{_INTAKE} where partner_file_id = the_file"
                " and client_item is null;",
                f"update public.{_INTAKE} set partner_file_id = null, partner_fingerprint = null,"
                " circumstances = null, children = '' where partner_file_id = the_file;",
            ),
            needs=((_INTAKE, _READS), ("safety_intake_outboxitem", "select, delete"),
                   ("safety_asking_slot", "select, delete")),
        ),
        Root(
            "child",
            "safety_children.Child",
            named=_NAMED | _PERSON,
            first=(
                # Work with one child alone, whose notes are about that child.
                "delete from public.safety_children_childsession where group_id is null"
                f" and id in (select session_id {_CHILD_CAME})"
                " and id not in (select session_id from public.safety_children_childattendance"
                f" where id not in (select id {_CHILD_CAME}));",
                "delete from public.safety_bookings_booking where child_id = the_file"
                " and file_id is null;",
                "update public.safety_bookings_booking set child_id = null"
                " where child_id = the_file;",
            ),
            needs=(("safety_bookings_booking", _READS),
                   ("safety_children_childsession", "select, delete")),
        ),
    ),
}

ALWAYS_KEPT = ("safety_pulled_pulledcase", "safety_pulled_casetoken",
               "safety_pulled_pulledsafeguarding")
"""What stays of an erased case while an open partner's file is linked to it: who the client is,
where the case stood, and that a child was referred. Everything else of the copies goes."""


@dataclass(frozen=True, slots=True)
class Doomed:
    """A table of which rows go: those that `where` says (`the_file` is the file)."""

    table: str
    where: str


@dataclass(frozen=True, slots=True)
class Emptied:
    """A relation that is emptied in rows that stay."""

    table: str
    column: str
    where: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one erasure does, in order: empty, delete, then the person's record."""

    emptied: tuple[Emptied, ...]
    doomed: tuple[Doomed, ...]
    holder: tuple[Doomed, ...]
    holder_column: str


def _tables_of(side: Side) -> list[Any]:
    found = [
        m for m in apps.get_models()
        if side_of_label(m._meta.app_label) is side and m._meta.managed
        and not issubclass(m, ArrivalModel)
    ]
    return sorted(found, key=lambda m: m._meta.db_table)


def _relations(model: Any) -> Iterator[tuple[Any, Any]]:
    for field in model._meta.local_fields:
        if field.is_relation:
            yield field, field.related_model


def plan_of(side: Side, root: Root) -> Plan:
    """What an erasure of this kind of file does."""
    models = _tables_of(side)
    top = apps.get_model(root.model)
    ways = {model: [*(f for f, to in _relations(model)
                      if to is top and model is not top and not _is_loose(root, f)),
                    *_named(model, root.named)]
            for model in models}
    belongs = {model for model in models if ways[model]} | {top}
    growing = True
    while growing:
        growing = False
        for model in models:
            for field, to in _relations(model):
                if to in belongs and to is not top and to is not model and not field.null \
                        and not _is_loose(root, field) and field not in ways[model]:
                    ways[model].append(field)
                    belongs.add(model)
                    growing = True
    where = _Where(top, ways)
    order = _children_first(belongs, ways)
    doomed = [Doomed(m._meta.db_table, where.of(m)) for m in order if m is not top]
    doomed.append(Doomed(top._meta.db_table, "id = the_file"))
    emptied = _emptied(models, belongs, top, ways, where)
    return Plan(tuple(emptied), tuple(doomed), *_holder(models, root, top))


def _named(model: Any, columns: frozenset[str]) -> list[Any]:
    """Columns that hold an identifier without a relation. The ledger outlives what it tells of."""
    if model._meta.db_table in LEDGER.values():
        return []
    return [f for f in model._meta.local_fields if f.column in columns
            and isinstance(f, UUIDField)]


def _is_loose(root: Root, field: Any) -> bool:
    return (field.model._meta.label, field.name) in root.loose


class _Where:
    """Says which rows of a model belong to the file, in SQL."""

    def __init__(self, top: Any, ways: dict[Any, list[Any]]):
        self.top, self.ways = top, ways

    def of(self, model: Any) -> str:
        if model is self.top:
            return "id = the_file"
        return " or ".join(self._by(field) for field in self.ways[model])

    def _by(self, field: Any) -> str:
        if not field.is_relation or field.related_model is self.top:
            return f"{field.column} = the_file"
        parent = field.related_model
        return (f"{field.column} in (select id from public.{parent._meta.db_table} "
                f"where {self.of(parent)})")


def _children_first(belongs: set[Any], ways: dict[Any, list[Any]]) -> list[Any]:
    """Rows are found through their parents, so those of a child table go before the parents'."""
    order: list[Any] = []

    def add(model: Any) -> None:
        if model in order:
            return
        for other in sorted(belongs, key=lambda m: m._meta.db_table):
            if any(field.is_relation and field.related_model is model for field in ways[other]):
                add(other)
        order.append(model)

    for model in sorted(belongs, key=lambda m: m._meta.db_table):
        add(model)
    return order


def _emptied(
    models: Iterable[Any], belongs: set[Any], top: Any, ways: dict[Any, list[Any]], where: _Where
) -> Iterator[Emptied]:
    """Relations from rows that may stay to rows that go."""
    for model in models:
        for field, to in _relations(model):
            if to not in belongs or field in ways[model] or not field.null:
                continue
            pointing = where._by(field) if to is not top else f"{field.column} = the_file"
            stays = f" and ({where.of(model)}) is not true" if model in belongs else ""
            yield Emptied(model._meta.db_table, field.column, f"{pointing}{stays}")


def _holder(models: Iterable[Any], root: Root, top: Any) -> tuple[tuple[Doomed, ...], str]:
    if not root.holder:
        return (), ""
    field = top._meta.get_field(root.holder)
    person = field.related_model
    rows = [Doomed(m._meta.db_table, f"{f.column} = the_person") for m in models if m is not top
            for f in (*(f for f, to in _relations(m) if to is person and m is not person),
                      *_named(m, root.person))]
    return (*rows, Doomed(person._meta.db_table, "id = the_person")), field.column


# --- the SQL -------------------------------------------------------------------------------------


def statements(side: Side) -> Iterator[str]:
    """The rights of the eraser and its functions."""
    eraser = ERASER[side]
    plans = [(root, plan_of(side, root)) for root in ROOTS[side]]
    yield "-- erasing a file: rights of a role that nobody logs in as"
    for table, rights in sorted(_rights(side, plans).items()):
        yield (
            f"revoke all on {table} from {eraser};\n"
            f"grant {', '.join(sorted(rights))} on {table} to {eraser};\n"
            f"drop policy if exists erase on {table};\n"
            f"create policy erase on {table} for all to {eraser} using (true) with check (true);"
        )
    yield (
        f"grant usage on schema public to {eraser};\n"
        f"grant create, usage on schema app to {eraser};\n"
        f"grant execute on function app.worker(), app.my_compartments(), app.is_system()"
        f" to {eraser};\n"
        f"set role {eraser};"
    )
    for root, plan in plans:
        yield _eraser(side, root, plan)
    if side is Side.SAFETY:
        yield _forgetter()
    yield _carry_out(side)
    yield f"reset role;\nrevoke create on schema app from {eraser};"


def rights_of(side: Side) -> dict[str, set[str]]:
    """The rights of the eraser, by table."""
    return _rights(side, [(root, plan_of(side, root)) for root in ROOTS[side]])


def tables_erased_from(side: Side) -> set[str]:
    """The tables on which the eraser has rights."""
    return set(rights_of(side))


def _rights(side: Side, plans: list[tuple[Root, Plan]]) -> dict[str, set[str]]:
    rights: dict[str, set[str]] = {}

    def may(table: str, *which: str) -> None:
        rights.setdefault(table, set()).update(which)

    for root, plan in plans:
        for gone in (*plan.doomed, *plan.holder):
            may(gone.table, "select", "delete")
        for one in plan.emptied:
            may(one.table, "select", "update")
        for table, words in root.needs:
            may(table, *words.split(", "))
    may(LEDGER[side], "select", "update")
    may(HOLDS[side], "select", "delete")
    if side is Side.SAFETY:
        for table in (*copies(), "safety_pulled_pulledcase", "safety_pulled_casetoken"):
            may(table, "select", "delete")
        may("safety_intake_referrermessage", "select", "delete")
        may("safety_partners_partnertask", "select", "delete")
    return rights


def copies() -> list[str]:
    """The safety side's tables with copies of a case's facts, but for the case itself."""
    return sorted(
        m._meta.db_table for m in _tables_of(Side.SAFETY)
        if m._meta.model_name.startswith("pulled")
        and any(f.column == "case_id" and not f.is_relation for f in m._meta.local_fields)
    )


def _eraser(side: Side, root: Root, plan: Plan) -> str:
    body = list(root.first)
    if plan.holder_column:
        top = plan.doomed[-1].table
        body.append(f"select {plan.holder_column} into the_person from public.{top}"
                    " where id = the_file;")
    body += [f"update public.{one.table} set {one.column} = null where {one.where};"
             for one in plan.emptied]
    body += [_counted(one) for one in plan.doomed]
    if plan.holder:
        top = plan.doomed[-1].table
        body.append(f"if not exists (select from public.{top}"
                    f" where {plan.holder_column} = the_person) then")
        body += [f"    {_counted(one)}" for one in plan.holder]
        body.append("end if;")
    return _function(f"erase_{root.kind}", "the_file uuid", "uuid[]",
                     "    all_gone uuid[] := '{}';\n    the_person uuid;\n",
                     [*body, "return all_gone;"],
                     grants=[f"to {_prefix(side)}_owner"], types="uuid")


def _counted(one: Doomed) -> str:
    return (f"with rows as (delete from public.{one.table} where {one.where} returning id)"
            " select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;")


def _forgetter() -> str:
    """The safety side's copies of an erased case: all of them, or all but who the client is."""
    kept = [t for t in copies() if t not in ALWAYS_KEPT]
    body = [
        "if not app.is_system() then",
        "    raise exception 'only the background work forgets' using errcode = '42501';",
        "end if;",
        *(_counted(Doomed(table, "case_id = the_file")) for table in kept),
        "delete from public.safety_intake_referrermessage"
        " where reference = left(the_file::text, 8);",
        "delete from public.safety_partners_partnertask where case_id = the_file"
        " and file_id is null;",
        "if wholly then",
        *(f"    {_counted(Doomed(table, 'case_id = the_file'))}"
          for table in sorted({*copies(), "safety_pulled_casetoken"} - set(kept))),
        "    select referral_id into the_referral from public.safety_pulled_pulledcase"
        " where id = the_file;",
        "    delete from public.safety_intake_outboxitem where id = the_referral"
        " and sent_at is not null;",
        f"    delete from public.{_INTAKE} where client_item = the_referral"
        " and partner_file_id is null;",
        f"    update public.{_INTAKE} set client_item = null, client_fingerprint = null"
        " where client_item = the_referral;",
        f"    {_counted(Doomed('safety_pulled_pulledcase', 'id = the_file'))}",
        "end if;",
        "return all_gone;",
    ]
    return _function("forget_case", "the_file uuid, wholly boolean", "uuid[]",
                     "    all_gone uuid[] := '{}';\n    the_referral uuid;\n", body,
                     grants=["to safe_app"], types="uuid, boolean")


def _carry_out(side: Side) -> str:
    choices = "\n".join(
        f"        when '{root.kind}' then app.erase_{root.kind}(the_row.file_id)"
        for root in ROOTS[side]
    )
    body = [
        f"select * into the_row from public.{LEDGER[side]} where id = deletion for update;",
        "if the_row.id is null or the_row.file_id is null or the_row.done_at is not null",
        "    or the_row.refused_at is not null",
        "    or the_row.approved_by is null or the_row.approved_by = the_row.decided_by",
        "    or the_row.approved_by is distinct from app.worker()",
        "    or not the_row.compartment = any (app.my_compartments()) then",
        "    raise exception 'this deletion was not decided by two people'"
        " using errcode = '42501';",
        "end if;",
        f"if exists (select from public.{HOLDS[side]} where file_id = the_row.file_id"
        " and lifted_at is null) then",
        "    raise exception 'this file is held' using errcode = '42501';",
        "end if;",
        *(f"if the_row.kind = '{root.kind}' and not exists (select from"
          f" public.{apps.get_model(root.model)._meta.db_table} where id = the_row.file_id"
          " and compartment = the_row.compartment) then\n"
          "        raise exception 'no such file' using errcode = '42501';\n    end if;"
          for root in ROOTS[side]),
        f"all_gone := case the_row.kind\n{choices} end;",
        f"update public.{LEDGER[side]} set file_id = null, done_at = clock_timestamp()"
        " where id = deletion;",
        "return all_gone;",
    ]
    return _function("carry_out", "deletion uuid", "uuid[]",
                     "    the_row record;\n    all_gone uuid[];\n", body,
                     grants=[f"to {_prefix(side)}_app"], types="uuid")


def _function(
    name: str, arguments: str, returns: str, declares: str, body: Iterable[str], *,
    grants: Iterable[str], types: str,
) -> str:
    lines = "\n".join(f"    {line}" for line in body)
    rights = "\n".join(f"grant execute on function app.{name}({types}) {to};" for to in grants)
    return (
        f"drop function if exists app.{name}({types});\n"
        f"create function app.{name}({arguments}) returns {returns} language plpgsql\n"
        "security definer set search_path = pg_catalog, pg_temp as $$\n"
        f"declare\n{declares}begin\n{lines}\nend $$;\n"
        f"revoke execute on function app.{name}({types}) from public;\n{rights}"
    )


def _prefix(side: Side) -> str:
    return "prog" if side is Side.PROGRAMME else "safe"
