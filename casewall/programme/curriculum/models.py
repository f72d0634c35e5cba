"""Programme templates as they are installed: a version never changes once it is stored."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from django.db import models

from casewall.services.programmes import Template
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


@lru_cache(maxsize=64)
def template_in(content: str) -> Template:
    """The template in a stored version. Versions never change, so each is read once."""
    return Template.model_validate_json(content)


class TemplateVersion(WalledModel):
    """One version of a programme template of a service, in the compartment of its agency.

    `content` is `Template` as JSON. A course points at the version it began with and stays on it.
    """

    SIDE = Side.PROGRAMME
    APP_MAY = ("SELECT", "INSERT", "UPDATE")
    LABELS = {
        "service": Label.CODE,
        "code": Label.CODE,
        "version": Label.CODE,
        "name": Label.CONFIGURATION,
        "content": Label.CONFIGURATION,
        "installed_at": Label.DATE,
        "retired_on": Label.DATE,
    }

    service = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    version = models.IntegerField()
    name = models.CharField(max_length=200)
    content = models.TextField()
    installed_at = models.DateTimeField()
    retired_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "service", "code", "version"], name="one_template_version"
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        """A template holds no fact about a person: every worker of the compartment sees it."""
        if viewer.side is not Side.PROGRAMME or viewer.role is Role.REFERRER:
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)

    @cached_property
    def template(self) -> Template:
        """The template itself: components, schedule, ladder, criteria, notices."""
        return template_in(self.content)

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"
