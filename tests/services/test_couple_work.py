"""There is no couple work and no mediation: in no definition, by no kind, under no name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
from django.apps import apps

import casewall
from casewall.services import kinds, schema
from casewall.services.couple_rules import word_for_both
from casewall.services.load import check, shipped
from casewall.wall.duties import Duty
from casewall.wall.router import side_of_label


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Couple counselling", "Couple"),
        ("couples-group", "couples"),
        ("family_mediation", "mediation"),
        ("Joint sessions", "Joint"),
        ("Parterapi", "Parterapi"),
        ("Samtaler for par", "par"),
        ("Konfliktmægling", "Konfliktmægling"),
        ("immediate_danger", None),
        ("Parent group", None),
        ("partner_support", None),
        ("One-to-one work", None),
        ("", None),
    ],
)
def test_which_words_mean_both_at_once(name: str, word: str | None) -> None:
    assert word_for_both(name) == word


@pytest.mark.parametrize(
    ("old", "new", "key", "word"),
    [
        ('name = "Assessment talks"', 'name = "Couple talks"', "components[1].name", "Couple"),
        ('id = "talks"', 'id = "mediation"', "components[1].id", "mediation"),
        ('name = "Partner support"', 'name = "Joint support"', "components[3].name", "Joint"),
    ],
)
def test_a_definition_with_couple_work_is_refused_with_key_and_line(
    spoiled: Callable[..., Path], old: str, new: str, key: str, word: str
) -> None:
    path = spoiled((old, new))
    line = path.read_text(encoding="utf-8").splitlines().index(new) + 1
    said = [str(remark) for remark in check(path)]
    assert [one for one in said if one.startswith("error")] == [
        f"error: line {line}, {key}: “{word}” would bring the client and the partner together: "
        "there is no couple work and no mediation; each is worked with apart"
    ]


def test_a_programme_with_couple_work_is_refused(spoiled_course: Callable[..., Path]) -> None:
    path = spoiled_course(('components = ["group", "talk"]', 'components = ["group", "talk"]'))
    text = path.read_text(encoding="utf-8")
    (old,) = [
        one for one in text.partition("[[programmes]]")[2].splitlines() if one.startswith("name")
    ][:1]
    path.write_text(text.replace(old, 'name = "Mediation course"'), encoding="utf-8")
    assert any("programmes[1].name: “Mediation”" in str(one) for one in check(path))


def test_no_shipped_service_delivers_it() -> None:
    found = [
        (service.id, name)
        for service in shipped().values()
        for delivered in (*service.components, *service.programmes)
        for name in (delivered.id, delivered.name)
        if word_for_both(name)
    ]
    assert found == []
    assert len(shipped()) >= 5


def _choices() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        if side_of_label(model._meta.app_label) is None:
            continue
        for field in model._meta.local_fields:
            for code, words in field.flatchoices:
                yield f"{field}", f"{code} {words}"


def _codes() -> Iterator[tuple[str, str]]:
    names = [
        module.name for module in pkgutil.walk_packages(casewall.__path__, "casewall.")
        if module.name.endswith("rules") and "couple" not in module.name
    ]  # fmt: skip
    for name in names:
        for kind in vars(importlib.import_module(name)).values():
            if isinstance(kind, type) and issubclass(kind, StrEnum):
                for code in kind:
                    yield f"{name}.{kind.__name__}", code.value


def _closed_lists() -> Iterator[tuple[str, str]]:
    for module in (kinds, schema):
        for name, kind in vars(module).items():
            for code in get_args(kind):
                if isinstance(code, str):
                    yield f"{module.__name__}.{name}", code


def test_no_closed_list_of_either_side_has_a_kind_for_it() -> None:
    walked = [*_choices(), *_codes(), *_closed_lists(), *(("duty", duty) for duty in Duty)]
    assert len(walked) > 300
    assert [(where, text) for where, text in walked if word_for_both(text)] == []
