"""Nothing reads until somebody has said who is looking: every public queryset method is tried."""

from __future__ import annotations

import ast
import asyncio
import copy
import inspect
import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Subquery
from django.shortcuts import get_list_or_404, get_object_or_404
from django.utils import timezone

from casewall.programme.cases.models import Case, Client, ClientToken, StageMove, Task
from casewall.wall.context import acting
from casewall.wall.models import ArrivalModel, WalledModel
from casewall.wall.sealed import SYSTEM_REASONS, SealedQuerySet, SealedRead
from casewall.wall.sides import Role, Viewer
from tests.people import Staff
from tests.wall.rows import a_case

ROOT = Path(__file__).resolve().parents[2]
SOMEBODY = Viewer(worker=UUID(int=1), name="Nobody", role=Role.PROGRAMME_MANAGER, agency="a",
                  compartments=frozenset({1}))


def a_move() -> StageMove:
    return StageMove(compartment=1, case_id=uuid4(), went_to="referred", moved_on="2026-03-02",
                     recorded_at=timezone.now(), worker=uuid4())


def opened() -> Any:
    return StageMove.objects.visible_to(SOMEBODY)


async def _each(rows: Any) -> list[Any]:
    return [row async for row in rows]


def use(result: Any) -> None:
    """Have whatever a method answered give its rows."""
    if inspect.isawaitable(result):
        use(asyncio.run(_wait(result)))
    elif isinstance(result, models.QuerySet) or inspect.isgenerator(result):
        list(result)
    elif hasattr(result, "__aiter__"):
        asyncio.run(_each(result))


async def _wait(awaitable: Any) -> Any:
    return await awaitable


CALLS: dict[str, Callable[[Any], Any]] = {
    # they read at once
    "aggregate": lambda q: q.aggregate(n=Count("id")),
    "contains": lambda q: q.contains(a_move()),
    "count": lambda q: q.count(),
    "earliest": lambda q: q.earliest("moved_on"),
    "exists": lambda q: q.exists(),
    "explain": lambda q: q.explain(),
    "first": lambda q: q.first(),
    "get": lambda q: q.get(pk=uuid4()),
    "in_bulk": lambda q: q.in_bulk([uuid4()]),
    "iterator": lambda q: q.iterator(chunk_size=1),
    "last": lambda q: q.last(),
    "latest": lambda q: q.latest("moved_on"),
    "raw": lambda q: q.raw("select 1"),
    # they write
    "bulk_create": lambda q: q.bulk_create([a_move()]),
    "bulk_update": lambda q: q.bulk_update([a_move()], ["went_to"]),
    "create": lambda q: q.create(compartment=1),
    "delete": lambda q: q.all().delete(),
    "get_or_create": lambda q: q.get_or_create(pk=uuid4()),
    "update": lambda q: q.update(went_to=""),
    "update_or_create": lambda q: q.update_or_create(pk=uuid4()),
    # they promise to read or write
    "aaggregate": lambda q: q.aaggregate(n=Count("id")),
    "abulk_create": lambda q: q.abulk_create([a_move()]),
    "abulk_update": lambda q: q.abulk_update([a_move()], ["went_to"]),
    "acontains": lambda q: q.acontains(a_move()),
    "acount": lambda q: q.acount(),
    "acreate": lambda q: q.acreate(compartment=1),
    "adelete": lambda q: q.all().adelete(),
    "aearliest": lambda q: q.aearliest("moved_on"),
    "aexists": lambda q: q.aexists(),
    "aexplain": lambda q: q.aexplain(),
    "afirst": lambda q: q.afirst(),
    "aget": lambda q: q.aget(pk=uuid4()),
    "aget_or_create": lambda q: q.aget_or_create(pk=uuid4()),
    "ain_bulk": lambda q: q.ain_bulk([uuid4()]),
    "aiterator": lambda q: q.aiterator(),
    "alast": lambda q: q.alast(),
    "alatest": lambda q: q.alatest("moved_on"),
    "aupdate": lambda q: q.aupdate(went_to=""),
    "aupdate_or_create": lambda q: q.aupdate_or_create(pk=uuid4()),
    # they give another queryset, which must be as sealed as the first
    "alias": lambda q: q.alias(n=Count("id")),
    "all": lambda q: q.all(),
    "annotate": lambda q: q.annotate(n=Count("id")),
    "complex_filter": lambda q: q.complex_filter({"went_to": ""}),
    "dates": lambda q: q.dates("moved_on", "day"),
    "datetimes": lambda q: q.datetimes("recorded_at", "day"),
    "defer": lambda q: q.defer("note"),
    "difference": lambda q: q.difference(opened()),
    "distinct": lambda q: q.distinct(),
    "exclude": lambda q: q.exclude(went_to=""),
    "extra": lambda q: q.extra(where=["true"]),
    "filter": lambda q: q.filter(went_to=""),
    "intersection": lambda q: q.intersection(opened()),
    "none": lambda q: q.none(),
    "only": lambda q: q.only("went_to"),
    "order_by": lambda q: q.order_by("moved_on"),
    "prefetch_related": lambda q: q.prefetch_related("case"),
    "reverse": lambda q: q.order_by("moved_on").reverse(),
    "select_for_update": lambda q: q.select_for_update(),
    "select_related": lambda q: q.select_related("case"),
    "union": lambda q: q.union(opened()),
    "using": lambda q: q.using("programme"),
    "values": lambda q: q.values("case__client__family_name"),
    "values_list": lambda q: q.values_list("id", flat=True),
}

EXPLAINED = {
    "as_manager": "makes a manager; reads nothing",
    "db": "the name of the cluster",
    "ordered": "whether an order was asked for",
    "query": "the unfinished query; it refuses to become SQL (tested below)",
    "resolve_expression": "what Exists, Subquery and __in call; they are tested below",
    "visible_to": "the way in, for a person",
    "for_system": "the way in, for background work with a registered reason",
    # of the manager only
    "auto_created": "a flag", "creation_counter": "a number", "use_in_migrations": "a flag",
    "check": "Django's own check of the manager", "deconstruct": "for migrations",
    "contribute_to_class": "called once, when the class is made",
    "db_manager": "the manager for a named cluster (tested as a source below)",
    "from_queryset": "makes a class", "get_queryset": "the queryset (tested as a source below)",
}

SOURCES: dict[str, Callable[[], Any]] = {
    "manager": lambda: StageMove.objects,
    "queryset": lambda: StageMove.objects.get_queryset(),
    "manager of a cluster": lambda: StageMove.objects.db_manager("programme"),
    "records of a case": lambda: Case(compartment=1).stagemoves,
    "default manager": lambda: StageMove._default_manager,
}


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_every_public_method_is_tried_or_explained() -> None:
    everything = public(SealedQuerySet) | public(type(StageMove.objects))
    assert everything - set(CALLS) == set(EXPLAINED)
    assert public(models.QuerySet) | public(models.Manager) <= set(CALLS) | set(EXPLAINED)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("method", CALLS)
def test_a_sealed_set_refuses(method: str, source: str) -> None:
    with pytest.raises(SealedRead, match="say who is looking"):
        use(CALLS[method](SOURCES[source]()))


IMPLICIT: dict[str, Callable[[Any], Any]] = {
    "list": list, "len": len, "bool": bool, "repr": repr, "index": lambda q: q[0],
    "slice": lambda q: list(q[:5]), "stepped slice": lambda q: q[:9:2], "in": lambda q: 1 in q,
    "async for": lambda q: asyncio.run(_each(q)), "pickle": pickle.dumps,
    "str of the query": lambda q: str(q.query),
    "sql and parameters": lambda q: q.query.sql_with_params(),
    "deep copy": lambda q: list(copy.deepcopy(q)),
    "raw delete": lambda q: q._raw_delete("programme"),
    "raw update": lambda q: q._update([]),
    "raw insert": lambda q: q._insert([a_move()], fields=[]),
    "sealed and opened": lambda q: list(q & opened()),
    "sealed or opened": lambda q: list(q | opened()),
    "sealed xor opened": lambda q: list(q ^ opened()),
    "opened and sealed": lambda q: list(opened() & q),
    "opened or sealed": lambda q: list(opened() | q),
    "opened xor sealed": lambda q: list(opened() ^ q),
    "opened or sealed slice": lambda q: list(opened() | q[:5]),
    "opened slice or sealed": lambda q: list(opened()[:5] | q),
    "union": lambda q: list(opened().union(q)),
    "union of a union": lambda q: list(opened().union(opened(), q)),
    "difference": lambda q: list(opened().difference(q)),
    "intersection": lambda q: list(opened().intersection(q)),
    "pk in": lambda q: list(opened().filter(pk__in=q)),
    "pk in values": lambda q: list(opened().filter(pk__in=q.values("pk"))),
    "exclude pk in": lambda q: list(opened().exclude(pk__in=q.values("pk"))),
    "exists": lambda q: list(opened().filter(Exists(q.filter(pk=OuterRef("pk"))))),
    "not exists": lambda q: list(opened().filter(~Exists(q))),
    "exists as a column": lambda q: list(opened().annotate(there=Exists(q))),
    "subquery": lambda q: list(opened().annotate(one=Subquery(q.values("id")[:1]))),
    "exact": lambda q: list(opened().filter(went_to=q.values("went_to")[:1])),
    "aggregate over": lambda q: opened().aggregate(n=Count("id", filter=Exists(q))),
    "update with": lambda q: opened().update(went_to=Subquery(q.values("went_to")[:1])),
}


@pytest.mark.parametrize("way", IMPLICIT)
def test_a_sealed_set_refuses_inside_anything_else(way: str) -> None:
    with pytest.raises(SealedRead):
        IMPLICIT[way](StageMove.objects.all())


@pytest.mark.parametrize("delete", ["delete", "_raw_delete"])
def test_a_table_without_dependants_is_not_deleted_in_one_go_either(delete: str) -> None:
    rows = ClientToken.objects.all()
    with pytest.raises(SealedRead):
        rows._raw_delete("programme") if delete == "_raw_delete" else rows.delete()


def test_shortcuts_refuse_as_well() -> None:
    for shortcut in (get_object_or_404, get_list_or_404):
        with pytest.raises(SealedRead):
            shortcut(StageMove, pk=uuid4())
    with pytest.raises(SealedRead):
        a_move().get_next_by_moved_on()
    with pytest.raises(SealedRead):
        Case(compartment=1, referral_id=uuid4()).validate_unique()


def test_related_sets_and_prefetches_of_an_opened_row_are_sealed(staff: Staff) -> None:
    by = staff[Role.PROGRAMME_MANAGER]
    case = a_case(staff)
    with acting(by):
        seen = Case.objects.visible_to(by).select_related("client").get(pk=case.pk)
        assert seen.client.full_name == "Aksel Opdigtet"
        for related in (seen.stagemoves, seen.groupmembers, seen.tasks, seen.client.cases):
            with pytest.raises(SealedRead):
                related.count()
        with pytest.raises(SealedRead):
            list(Case.objects.visible_to(by).prefetch_related("stagemoves"))
        with pytest.raises(SealedRead):
            list(Case.objects.visible_to(by).prefetch_related(
                Prefetch("stagemoves", queryset=StageMove.objects.all())))
        assert seen.stagemoves.visible_to(by).count() == 1
        (again,) = Case.objects.visible_to(by).prefetch_related(
            Prefetch("stagemoves", queryset=StageMove.objects.visible_to(by), to_attr="moves"))
        assert [move.went_to for move in again.moves] == ["referred"]


def test_an_opened_set_does_everything(staff: Staff) -> None:
    by = staff[Role.PROGRAMME_MANAGER]
    case = a_case(staff)
    with acting(by):
        rows = Case.objects.visible_to(by)
        assert rows.count() == 1
        assert rows.exists()
        assert list(rows.iterator()) == [case]
        assert rows.aggregate(n=Count("id")) == {"n": 1}
        assert rows.in_bulk([case.pk]) == {case.pk: case}
        assert list((rows | rows).union(rows)) == [case]
        assert list(rows & rows) == [case]
        assert list(rows ^ rows) == []
        # Whatever else is joined on is not of this kind; there is nothing of it to open.
        assert list(rows.union(Case._base_manager.none())) == [case]
        case.route = "court"
        assert rows.bulk_update([case], ["route"]) == 1
        moves = StageMove.objects.visible_to(by)
        assert list(rows.filter(Exists(moves.filter(case=OuterRef("pk"))))) == [case]
        assert list(rows.filter(pk__in=moves.values("case_id"))) == [case]
        assert rows.update(version=F("version") + 1) == 1
        task = Task.objects.visible_to(by).create(
            compartment=case.compartment, case=case, kind="call", due_on=case.referred_on)
        assert Task.objects.visible_to(by).get() == task
        tokens = ClientToken.objects.visible_to(by)
        assert tokens.filter(client=case.client).delete()[0] > 0
        made = tokens.bulk_create([ClientToken(compartment=case.compartment, client=case.client,
                                               token=uuid4(), kind="name")])
        assert tokens.get().pk == made[0].pk
        with pytest.raises(SealedRead):
            rows.raw("select * from programme_cases_case")


def test_a_viewer_of_the_other_side_sees_nothing(staff: Staff) -> None:
    a_case(staff)
    with acting(staff[Role.PROGRAMME_MANAGER]):
        for role in (Role.COORDINATOR, Role.SAFETY_MANAGER, Role.SAFETY_SYSTEM):
            assert not Case.objects.visible_to(staff[role]).exists()
            assert not Client.objects.visible_to(staff[role]).exists()


def test_a_model_must_say_who_sees_its_rows() -> None:
    with pytest.raises(TypeError, match="does not say who may see its rows"):
        WalledModel.visible_rows(None, SOMEBODY)


def test_nobody_reads_an_inbox_as_a_person() -> None:
    from casewall.programme.referrals.models import BridgeItem

    assert issubclass(BridgeItem, ArrivalModel)
    assert BridgeItem.objects.visible_to(SOMEBODY).query.is_empty()


# --- background work -----------------------------------------------------------------------------

SYSTEM_READS = {
    # the two sides at work
    "casewall/programme/access/actions.py": {"membership": 2},
    "casewall/programme/access/looking.py": {"membership": 5},
    "casewall/programme/access/marked.py": {"membership": 2},
    "casewall/programme/cases/actions.py": {"tokens": 1},
    "casewall/programme/cases/models.py": {"membership": 1},
    "casewall/programme/groups/models.py": {"membership": 2},
    "casewall/programme/groups/planning/lists.py": {"overlaps": 2},
    "casewall/programme/retention/actions.py": {"retention": 2},
    "casewall/programme/retention/files.py": {"retention": 4},
    "casewall/safety/access/looking.py": {"membership": 8},
    "casewall/safety/bookings/actions.py": {"overlaps": 1},
    "casewall/safety/bookings/moving.py": {"overlaps": 4},
    "casewall/safety/bookings/meetings.py": {"overlaps": 4},
    "casewall/safety/bookings/separation.py": {"overlaps": 6, "tokens": 1},
    "casewall/safety/bookings/with_children.py": {"overlaps": 2},
    "casewall/safety/children/actions/family.py": {"tokens": 2},
    "casewall/safety/coordination/views/asking.py": {"placement": 1},
    "casewall/safety/intake/loading.py": {"intake": 2},
    "casewall/safety/partners/actions/files.py": {"tokens": 3},
    "casewall/safety/pulled/actions.py": {"pull": 3, "tokens": 2},
    "casewall/safety/pulled/appointments.py": {"pull": 5},
    "casewall/safety/pulled/first_contacts.py": {"pull": 6},
    "casewall/safety/pulled/levels.py": {"pull": 2},
    "casewall/safety/pulled/linking.py": {"pull": 2},
    "casewall/safety/pulled/telling.py": {"pull": 4},
    "casewall/safety/retention/files.py": {"retention": 9},
    "casewall/safety/retention/forgetting.py": {"retention": 1, "pull": 2},
    "casewall/safety/rights/gathering.py": {"pull": 5},
    "casewall/safety/risk/actions/triggers.py": {"pull": 1},
    "casewall/safety/support/actions/groups.py": {"overlaps": 6},
    # invented people, for a demonstration and the benchmark
    "casewall/config/bench/fill.py": {"synthetic": 3},
    "casewall/synthetic/bulk_courses.py": {"synthetic": 3},
    "casewall/synthetic/bulk_programme.py": {"synthetic": 6},
    "casewall/synthetic/bulk_safety.py": {"synthetic": 2},
    "casewall/synthetic/rows.py": {"synthetic": 1},
    "casewall/synthetic/run_programme.py": {"synthetic": 4},
    "casewall/synthetic/run_safety.py": {"synthetic": 3},
    "casewall/synthetic/run_support.py": {"synthetic": 4},
}
"""Every read without a worker, by file and reason. Whoever adds one changes this table, and the
wall's owner asks why."""


def test_an_unregistered_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="“curiosity” is not a registered reason"):
        StageMove.objects.for_system("curiosity")


def test_every_read_without_a_worker_is_on_the_list() -> None:
    assert system_reads() == SYSTEM_READS


def test_every_registered_reason_is_used_and_says_what_for() -> None:
    used = {reason for reasons in SYSTEM_READS.values() for reason in reasons}
    assert used == set(SYSTEM_REASONS)
    assert all(len(words.split()) >= 4 for words in SYSTEM_REASONS.values())


def system_reads() -> dict[str, dict[str, int]]:
    """Calls of `for_system` in the package, by file and reason."""
    found: dict[str, Counter[str]] = {}
    called = mentioned = 0
    for path in sorted((ROOT / "casewall").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "for_system":
                mentioned += 1
            assert not (isinstance(node, ast.Constant) and node.value == "for_system"), path
            if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "for_system"):
                (reason,) = node.args  # a literal, so that it can be listed here
                assert isinstance(reason, ast.Constant), f"{path}: name the reason in the call"
                called += 1
                name = str(path.relative_to(ROOT))
                found.setdefault(name, Counter())[reason.value] += 1
    assert called == mentioned, "call it where it is named, so that it can be listed here"
    return {path: dict(reasons) for path, reasons in found.items()}
