"""Every field is labelled, encrypted where it must be, and no relation leaves its side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from casewall.programme.cases.models import Case, Client
from casewall.safety.partners.models import Partner
from casewall.safety.pulled.models import FlowView
from casewall.staff.models import Worker
from casewall.vault.fields import EncryptedTextField
from casewall.wall.checks import SHARED_APPS, check_wall, is_walled, problems_of
from casewall.wall.flows import flow_views
from casewall.wall.labels import ENCRYPTED, REPORTABLE, Label
from casewall.wall.models import ArrivalModel, WalledModel
from casewall.wall.router import SideRouter, side_of_label
from casewall.wall.sides import Side

OURS = [m for m in apps.get_models(include_auto_created=True)
        if side_of_label(m._meta.app_label) or m._meta.app_label in SHARED_APPS]


def test_no_model_has_a_problem() -> None:
    assert check_wall() == []


def test_the_check_runs_with_the_other_checks_of_a_site() -> None:
    assert run_checks(tags=["casewall"]) == []
    from django.core.checks.registry import registry

    assert check_wall in registry.get_checks()


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_every_field_of_every_model_has_a_label(model: Any) -> None:
    assert set(model.labels()) == {f.name for f in model._meta.local_fields}
    assert set(model.labels().values()) <= set(Label)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_what_is_personal_is_encrypted_and_nothing_encrypted_is_reported(model: Any) -> None:
    for field in model._meta.local_fields:
        label, encrypted = model.labels()[field.name], getattr(field, "is_encrypted", False)
        assert encrypted == (label in ENCRYPTED), field
        assert not (encrypted and label in REPORTABLE)


def test_both_sides_have_models_and_the_shared_apps_as_well() -> None:
    found = {side_of_label(m._meta.app_label) for m in OURS}
    assert found == {Side.PROGRAMME, Side.SAFETY, None}
    assert sum(is_walled(m) for m in OURS) > 25


def labelled(*names: str) -> dict[str, Label]:
    return dict.fromkeys(names, Label.CODE)


def nothing(cls: Any, rows: Any, viewer: Any) -> Any:
    return rows.none()


def unlabelled() -> Any:
    class Secret(WalledModel):
        SIDE = Side.PROGRAMME
        word = models.CharField(max_length=5)

        class Meta:
            app_label = "programme_cases"

    return Secret


def stale() -> Any:
    class Stale(WalledModel):
        SIDE = Side.PROGRAMME
        LABELS = labelled("gone")

        class Meta:
            app_label = "programme_cases"

    return Stale


def personal_in_the_clear() -> Any:
    class Clear(WalledModel):
        SIDE = Side.SAFETY
        LABELS = {"name": Label.PERSONAL, "note": Label.TEXT, "fine": Label.TEXT}
        name = models.CharField(max_length=5)
        note = models.TextField()
        fine = EncryptedTextField()

        class Meta:
            app_label = "safety_partners"

    return Clear


def across() -> Any:
    class Across(WalledModel):
        SIDE = Side.PROGRAMME
        LABELS = labelled("partner")
        partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "programme_cases"

    return Across


def up_and_across() -> Any:
    class UpAndAcross(WalledModel):
        SIDE = Side.SAFETY
        LABELS = labelled("client")
        client = models.ForeignKey(Client, on_delete=models.CASCADE)

        class Meta:
            app_label = "safety_partners"

    return UpAndAcross


def to_a_shared_table() -> Any:
    class Keeper(WalledModel):
        SIDE = Side.PROGRAMME
        LABELS = labelled("worker")
        worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "programme_cases"

    return Keeper


def from_a_shared_table() -> Any:
    class Gossip(models.Model):
        LABELS = labelled("id", "case")
        case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "staff"

        @classmethod
        def labels(cls) -> dict[str, Label]:
            return cls.LABELS

    return Gossip


def many_to_many_across() -> Any:
    class Many(WalledModel):
        SIDE = Side.PROGRAMME
        partners = models.ManyToManyField(Partner, related_name="+")

        class Meta:
            app_label = "programme_cases"

    return Many


def generic() -> Any:
    from django.contrib.contenttypes.fields import GenericForeignKey

    class Generic(WalledModel):
        SIDE = Side.PROGRAMME
        LABELS = labelled("kind", "object_id")
        kind = models.IntegerField()
        object_id = models.UUIDField()
        thing = GenericForeignKey("kind", "object_id")

        class Meta:
            app_label = "programme_cases"

    return Generic


def not_walled() -> Any:
    class Open(models.Model):
        class Meta:
            app_label = "safety_partners"

    return Open


def unsealed() -> Any:
    class Unsealed(WalledModel):
        SIDE = Side.SAFETY
        everything = models.Manager()

        class Meta:
            app_label = "safety_partners"

    return Unsealed


def on_the_wrong_side() -> Any:
    class Astray(WalledModel):
        SIDE = Side.SAFETY

        class Meta:
            app_label = "programme_cases"

    return Astray


def named_like_sql() -> Any:
    class Turn(WalledModel):
        SIDE = Side.PROGRAMME
        LABELS = labelled("on", "right")
        on = models.DateField()
        right = models.BooleanField()

        class Meta:
            app_label = "programme_cases"

    return Turn


PROBLEMS: list[tuple[Callable[[], Any], set[tuple[str, str]]]] = [
    (unlabelled, {("wall.E002", "Secret.word has no label: say what it would tell if it were "
                                "read.")}),
    (stale, {("wall.E002", "Stale labels a field “gone” that it does not have.")}),
    (personal_in_the_clear, {("wall.E002", "Clear.name is personal but not encrypted."),
                             ("wall.E002", "Clear.note is text but not encrypted.")}),
    (across, {("wall.E003", "Across.partner leads across the wall.")}),
    (up_and_across, {("wall.E003", "UpAndAcross.client leads across the wall.")}),
    (to_a_shared_table, {("wall.E003", "Keeper.worker: keep the identifier, not a relation.")}),
    (from_a_shared_table,
     {("wall.E003", "Gossip.case leads from a shared table into one side.")}),
    (many_to_many_across, {("wall.E003", "Many.partners leads across the wall.")}),
    (generic, {("wall.E003", "Generic.thing is a generic relation, which leads anywhere.")}),
    (not_walled, {("wall.E001", "Open does not label its fields."),
                  ("wall.E004", "Open lies on one side and is not a WalledModel or an "
                                "ArrivalModel."),
                  ("wall.E004", "Open.objects is a manager that is not sealed."),
                  ("wall.E004", "Open does not say that its side is safety.")}),
    (unsealed, {("wall.E004", "Unsealed.everything is a manager that is not sealed.")}),
    (named_like_sql, {("wall.E005", "Turn: “on” is a word of SQL; give it another name."),
                      ("wall.E005", "Turn: “right” is a word of SQL; give it another name.")}),
    (on_the_wrong_side, {("wall.E004", "Astray does not say that its side is programme.")}),
]


@pytest.mark.parametrize(("make", "expected"), PROBLEMS, ids=lambda p: getattr(p, "__name__", ""))
def test_a_model_that_breaks_a_rule_fails_the_build(
    make: Callable[[], Any], expected: set[tuple[str, str]]
) -> None:
    with isolate_apps("django.contrib.contenttypes"):
        found = {(problem.id, problem.msg) for problem in problems_of(make())}
    assert found == expected


def test_a_walk_over_relations_never_reaches_the_other_side() -> None:
    """Forwards, backwards and through hidden relations, from every model of each side."""
    for side in Side:
        seen, waiting = set(), [m for m in OURS if side_of_label(m._meta.app_label) is side]
        while waiting:
            model = waiting.pop()
            if model in seen:
                continue
            seen.add(model)
            waiting += [f.related_model for f in model._meta.get_fields(include_hidden=True)
                        if f.is_relation and f.related_model]
        assert {side_of_label(m._meta.app_label) for m in seen} == {side}


# --- where a model lives -------------------------------------------------------------------------


def test_a_side_lives_in_its_own_cluster_and_a_flow_view_is_read_through_its_own_role() -> None:
    router = SideRouter()
    for model in OURS:
        side = side_of_label(model._meta.app_label)
        if side is None:
            continue
        expected = "programme_flow" if issubclass(model, FlowView) else side.value
        assert router.db_for_read(model) == router.db_for_write(model) == expected


def test_no_migration_of_one_side_runs_on_the_other() -> None:
    router = SideRouter()
    allowed = {(label, db) for label in ("programme_cases", "safety_partners", "staff")
               for db in ("default", "programme", "safety", "programme_flow", "safety_report")
               if router.allow_migrate(db, label)}
    assert allowed == {("programme_cases", "programme"), ("safety_partners", "safety"),
                       ("staff", "programme"), ("staff", "safety")}


def test_no_record_of_one_side_may_be_related_to_one_of_the_other() -> None:
    router = SideRouter()
    assert router.allow_relation(Case(), Client())
    assert router.allow_relation(Case(), Worker())
    assert not router.allow_relation(Case(), Partner())


def test_flow_views_name_columns_that_exist_and_models_that_match_them() -> None:
    models_of_views = {m._meta.db_table: m for m in apps.get_models() if issubclass(m, FlowView)}
    assert set(models_of_views) == {view.name for view in flow_views()}
    tables = {m._meta.db_table: m for m in apps.get_models()}
    for view in flow_views():
        columns = {f.column for f in tables[view.table]._meta.local_fields}
        assert set(view.columns) <= columns
        model = models_of_views[view.name]
        assert {f.column for f in model._meta.local_fields} <= set(view.columns)
        assert view.table == model.SEALED_AS
        assert set(model.labels()) == {f.name for f in model._meta.local_fields}


WITH_TEXT = {"flow_access_request": {"asks"}, "flow_access_item": {"content"},
             "flow_breach_report": {"what"}, "flow_deletion": {"file_hash"}}
"""Where text goes up, and it is encrypted: what a client asks of the own record and the copies
made for that, which are reviewed above; what went wrong with somebody's data; and the keyed hash
by which a deleted case is recognised."""


def test_no_flow_view_shows_free_text_or_a_compartment() -> None:
    tables = {m._meta.db_table: m for m in apps.get_models()}
    for view in flow_views():
        labels = tables[view.table].labels()
        names = {f.column: f.name for f in tables[view.table]._meta.local_fields}
        texts = {c for c in view.columns if labels[names[c]] in (Label.TEXT, Label.TOKEN)}
        assert texts == WITH_TEXT.get(view.name, set())
        assert "compartment" not in view.columns


def test_an_inbox_is_labelled_as_well() -> None:
    for model in OURS:
        if issubclass(model, ArrivalModel):
            assert model.labels()["id"] is Label.ID
