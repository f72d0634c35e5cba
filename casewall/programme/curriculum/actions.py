"""Installing programme templates: a stored version never changes, a new one retires the old."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.curriculum.rules import may_install
from casewall.services.programmes import Template, templates_of
from casewall.services.schema import Service
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Side, Viewer


def install_templates(*, service: Service, by: Viewer) -> list[TemplateVersion]:
    """Store the programme templates of a service definition; returns the new versions.

    Each goes into the compartment of the agency that delivers the programme. The same contents
    again change nothing. A new version retires the earlier ones: new groups and courses begin
    on it, those that run stay on theirs. All or nothing. Raises `Refused` for a version that is
    in use with other contents, or that is lower than one in use.
    """
    require(by, Duty.CONFIGURE)
    with acting(by):
        made = [_install(template, by) for template in templates_of(service)]
        return [version for version in made if version is not None]


def _install(template: Template, by: Viewer) -> TemplateVersion | None:
    compartment = compartment_for(
        side=Side.PROGRAMME, service=template.service, agency=template.programme.agency
    )
    stored = TemplateVersion.objects.visible_to(by).filter(
        compartment=compartment, service=template.service, code=template.id
    )
    known = {row.version: row for row in stored.select_for_update().order_by("version")}
    decision = may_install(template, {number: row.template for number, row in known.items()})
    if not decision:
        raise Refused(decision.reason)
    if template.version in known:
        return None
    _retire(known.values(), by)
    version = TemplateVersion(
        compartment=compartment,
        service=template.service,
        code=template.id,
        version=template.version,
        name=template.programme.name,
        content=template.model_dump_json(),
        installed_at=timezone.now(),
    )
    version.save(force_insert=True)
    record(by=by, verb="installed", thing=version)
    return version


def _retire(versions: Iterable[TemplateVersion], by: Viewer) -> None:
    for version in versions:
        if version.retired_on is None:
            version.retired_on = timezone.localdate()
            version.save()
            record(by=by, verb="retired", thing=version)
