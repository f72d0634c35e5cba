"""What is stored of documents: what they say, who checked them, and the files that went."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from casewall.programme.cases.models import OfACase, choices, visible_cases
from casewall.programme.reports.rules import (
    SHOWN_TO_REFERRER,
    Basis,
    DocumentFacts,
    Kind,
    Purpose,
    State,
    thawed,
)
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


def visible_documents(rows: Any, viewer: Viewer, path: str = "") -> Any:
    """Narrow rows to those whose document (reached by `path`) this viewer may see.

    The agency that referred a case sees the reports of it that were issued to it.
    """
    rows = visible_cases(rows, viewer, f"{path}case__")
    if viewer.role is Role.REFERRER:
        return rows.filter(
            **{
                f"{path}state": State.ISSUED,
                f"{path}kind__in": SHOWN_TO_REFERRER,
                f"{path}to_referrer": True,
            }
        )
    return rows


class LetterTemplate(WalledModel):
    """An agency's own Word template for one kind of document in one language.

    `content` is the file in base 64. It holds no fact about a person; a newer one replaces it,
    and documents that were issued with it stay as they are.
    """

    SIDE = Side.PROGRAMME
    LABELS = {
        "kind": Label.CODE,
        "language": Label.CODE,
        "file_name": Label.CONFIGURATION,
        "content": Label.CONFIGURATION,
        "worker": Label.ID,
        "kept_at": Label.DATE,
        "retired_at": Label.DATE,
    }

    kind = models.CharField(max_length=30, choices=choices(Kind))
    language = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200)
    content = models.TextField()
    worker = models.UUIDField()
    kept_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "kind", "language"],
                condition=Q(retired_at=None),
                name="one_letter_template_each",
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return _visible_texts(rows, viewer)


class Letterhead(WalledModel):
    """The lines at the head of an agency's documents."""

    SIDE = Side.PROGRAMME
    LABELS = {
        "text": Label.CONFIGURATION,
        "worker": Label.ID,
        "kept_at": Label.DATE,
        "version": Label.CODE,
    }

    text = models.TextField(blank=True)
    worker = models.UUIDField()
    kept_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["compartment"], name="one_letterhead_each")]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return _visible_texts(rows, viewer)


def _visible_texts(rows: Any, viewer: Viewer) -> Any:
    """Texts are about no person: every worker of the compartment sees them, a referrer none."""
    if viewer.side is not Side.PROGRAMME or viewer.role is Role.REFERRER:
        return rows.none()
    return rows.filter(compartment__in=viewer.compartments)


class Document(OfACase):
    """A letter, a notice, a report or a certificate, from draft to issue.

    `facts` is `DocumentFacts` as JSON, frozen when it was written: it says what it says whatever
    the case says later. `checked_text` is what the second person read. `edition` counts
    the documents that took each other's place.
    """

    LABELS = {
        "kind": Label.CODE,
        "language": Label.CODE,
        "recipient": Label.TEXT,
        "to_referrer": Label.CODE,
        "purpose": Label.CODE,
        "basis": Label.CODE,
        "release": Label.ID,
        "act": Label.ID,
        "facts": Label.TEXT,
        "entries": Label.TEXT,
        "state": Label.CODE,
        "edition": Label.CODE,
        "replaces": Label.ID,
        "written_by": Label.ID,
        "written_at": Label.DATE,
        "returned_at": Label.DATE,
        "returned_note": Label.TEXT,
        "checked_by": Label.ID,
        "checked_at": Label.DATE,
        "checked_text": Label.TEXT,
        "issued_by": Label.ID,
        "issued_on": Label.DATE,
        "withdrawn_on": Label.DATE,
        "withdrawn_note": Label.TEXT,
        "version": Label.CODE,
    }

    kind = models.CharField(max_length=30, choices=choices(Kind))
    language = models.CharField(max_length=10)
    recipient = EncryptedTextField()
    to_referrer = models.BooleanField(default=False)
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    basis = models.CharField(max_length=20, choices=choices(Basis), blank=True)
    release = models.UUIDField(null=True)
    act = models.UUIDField(null=True)
    facts = EncryptedTextField()
    entries = EncryptedTextField()
    state = models.CharField(max_length=20, choices=choices(State), default=State.DRAFT)
    edition = models.IntegerField(default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    returned_note = EncryptedTextField(null=True)
    checked_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_text = EncryptedTextField(null=True)
    issued_by = models.UUIDField(null=True)
    issued_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_note = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "written_at"],
                name="document_to_check",
                condition=Q(state=State.DRAFT.value),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["act"],
                condition=Q(act__isnull=False, replaces__isnull=True)
                & ~Q(state=State.WITHDRAWN.value),
                name="one_document_an_act",
            ),
            models.CheckConstraint(
                name="checked_by_another_person",
                condition=Q(checked_by=None) | ~Q(checked_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="issued_only_when_checked",
                condition=Q(issued_on=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False, issued_by__isnull=False),
            ),
            models.CheckConstraint(
                name="issued_has_its_day",
                condition=~Q(state=State.ISSUED.value) | Q(issued_on__isnull=False),
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_documents(rows, viewer)

    @property
    def content(self) -> DocumentFacts:
        """What the document says."""
        return thawed(str(self.facts))


class IssuedFile(WalledModel):
    """A file of an issued document, in base 64: written once, and never changed or written again.

    The site process has no right to update this table, so that a second download is the same,
    byte for byte.
    """

    SIDE = Side.PROGRAMME
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"document": Label.ID, "ending": Label.CODE, "content": Label.TEXT}

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="files")
    ending = models.CharField(max_length=4, choices=[("docx", "Word"), ("pdf", "PDF")])
    content = EncryptedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "ending"], name="one_issued_file_each")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_documents(rows, viewer, "document__")


class RecipientTold(WalledModel):
    """That whoever received a document was told that it is recalled: who, when, by whom."""

    SIDE = Side.PROGRAMME
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "document": Label.ID,
        "whom": Label.TEXT,
        "told_on": Label.DATE,
        "worker": Label.ID,
    }

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="told")
    whom = EncryptedTextField()
    told_on = models.DateField()
    worker = models.UUIDField()

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is Role.REFERRER:
            return rows.none()
        return visible_documents(rows, viewer, "document__")
