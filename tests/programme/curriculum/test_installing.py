"""Installing programme templates, and the pages that show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.command import install_templates_command
from casewall.programme.curriculum.models import TemplateVersion
from casewall.services.load import shipped
from casewall.services.programmes import template_of
from casewall.services.schema import Service
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import TODAY, Browse, World

DEFINITION = shipped()[SERVICE]
CODE = "counselling-course"


def with_programme(**changes: Any) -> Service:
    """The definition with other contents of its programme."""
    first, *others = DEFINITION.programmes
    return DEFINITION.model_copy(update={"programmes": (first.model_copy(update=changes), *others)})


def stored(world: World) -> list[TemplateVersion]:
    return sorted(world.rows(TemplateVersion, code=CODE), key=lambda row: row.version)


@pytest.fixture(autouse=True)
def nothing_installed(world: World) -> None:
    """Whatever the site comes with is left as it is; the first call may find it there."""
    install_templates(service=DEFINITION, by=world.system)


def test_a_template_is_stored_whole_in_the_compartment_of_its_agency(world: World) -> None:
    [version] = stored(world)
    assert version.template == template_of(DEFINITION, CODE)
    assert version.compartment == world.compartment()
    assert (version.version, version.retired_on) == (1, None)


def test_the_same_contents_again_change_nothing(world: World) -> None:
    before = [(row.pk, row.installed_at) for row in stored(world)]
    assert install_templates(service=DEFINITION, by=world.system) == []
    assert [(row.pk, row.installed_at) for row in stored(world)] == before


def test_a_version_in_use_is_not_changed(world: World) -> None:
    with pytest.raises(
        Refused,
        match="version 1 is in use with other contents; give the changed programme version 2",
    ):
        install_templates(service=with_programme(weeks=9), by=world.system)
    [version] = stored(world)
    assert version.template.programme.weeks == DEFINITION.programmes[0].weeks


def test_a_new_version_retires_the_one_before(world: World) -> None:
    made = install_templates(service=with_programme(version=2, weeks=9), by=world.system)
    assert [row.version for row in made] == [2]
    first, second = stored(world)
    assert (first.retired_on, second.retired_on) == (TODAY, None)
    assert first.template.programme.weeks == DEFINITION.programmes[0].weeks
    with pytest.raises(Refused, match="give the changed programme version 3"):
        install_templates(service=with_programme(weeks=9), by=world.system)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.PROGRAMME_MANAGER])
def test_only_who_sets_up_installs(role: Role, world: World) -> None:
    with pytest.raises(Refused, match="may not set up services"):
        install_templates(service=DEFINITION, by=world.staff[role])


def test_the_command_says_what_it_did_and_what_it_refused(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert install_templates_command([SERVICE]) == 0
    assert "are up to date" in capsys.readouterr().out
    text = Path(shipped.__code__.co_filename).parent / "definitions" / f"{SERVICE}.toml"
    file = tmp_path / "changed.toml"
    file.write_text(
        text.read_text(encoding="utf-8").replace(
            "extension_weeks_most = 10", "extension_weeks_most = 9"
        ),
        encoding="utf-8",
    )
    assert install_templates_command([str(file)]) == 1
    assert "version 1 is in use with other contents" in capsys.readouterr().err
    assert install_templates_command([str(tmp_path / "absent.toml")]) == 1
    assert "absent.toml" in capsys.readouterr().err
    assert install_templates_command(["your-choice"]) == 1
    assert "is not set up" in capsys.readouterr().err


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.PROGRAMME_MANAGER, Role.ASSESSOR])
def test_workers_read_a_template_with_its_authorities(
    role: Role, world: World, browse: Browse
) -> None:
    browser = browse(role)
    [version] = stored(world)
    page = browser.get("/templates/").content.decode()
    assert f"/templates/{version.pk}/" in page
    page = browser.get(f"/templates/{version.pk}/").content.decode()
    template = version.template
    for planned in template.programme.schedule:
        assert planned.title in page
    for step in template.programme.ladder:
        assert step.authority in page
    for criterion in template.programme.completion.criteria:
        assert criterion.text in page
    assert "What changed" not in page


def test_a_later_version_says_what_changed(world: World, browse: Browse) -> None:
    install_templates(service=with_programme(version=2, weeks=9), by=world.system)
    first, second = stored(world)
    browser = browse(Role.PROGRAMME_MANAGER)
    page = browser.get(f"/templates/{second.pk}/").content.decode()
    assert "What changed since version 1" in page
    assert "Programme, weeks" in page
    assert f"/templates/{first.pk}/" in page


def test_a_referrer_sees_no_template_and_absent_and_hidden_look_alike(
    world: World, browse: Browse
) -> None:
    [version] = stored(world)
    browser = browse(Role.REFERRER)
    hidden = browser.get(f"/templates/{version.pk}/")
    absent = browser.get(f"/templates/{world.system.worker}/")
    assert hidden.status_code == absent.status_code == 404
    assert version.name not in browser.get("/templates/").content.decode()


@pytest.mark.parametrize("number", [10, 100, 1000])
def test_the_list_needs_the_same_queries_for_any_number(
    number: int, world: World, browse: Browse
) -> None:
    from casewall.wall.context import acting

    [version] = stored(world)
    with acting(world.system):
        TemplateVersion.objects.visible_to(world.system).bulk_create(
            TemplateVersion(
                compartment=version.compartment,
                service=SERVICE,
                code=f"made-{n}",
                version=1,
                name=f"Invented {n}",
                content=version.content,
                installed_at=version.installed_at,
            )
            for n in range(number - 1)
        )
    browser = browse(Role.PROGRAMME_MANAGER)
    browser.get("/templates/")
    with CaptureQueriesContext(connections["programme"]) as context:
        page = browser.get("/templates/")
    assert page.content.decode().count('href="/templates/') >= number
    selects = [one for one in context if "programme_curriculum_templateversion" in one["sql"]]
    assert len(selects) == 1
