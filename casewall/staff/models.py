"""The people who work here, and the compartments that they are members of.

These tables exist in each cluster, with that side's people only. They hold no fact about a
client or a partner, and row policies read them, so they carry no policy themselves.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from casewall.wall.ids import new_id
from casewall.wall.labels import Label
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Viewer


class Agency(models.Model):
    """An organisation in a service's partnership."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=200)

    LABELS = {"code": Label.CODE, "name": Label.CONFIGURATION}

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return cls.LABELS

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A partnership that is set up on this site; its rules are in its service definition."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=200)

    LABELS = {"code": Label.CODE, "name": Label.CONFIGURATION}

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return cls.LABELS

    def __str__(self) -> str:
        return self.name


class Compartment(models.Model):
    """Agency × service × sensitivity: the unit by which the database lets rows be seen."""

    STANDARD, RESTRICTED = "standard", "restricted"

    number = models.AutoField(primary_key=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    sensitivity = models.CharField(max_length=20, default=STANDARD)

    LABELS = {
        "number": Label.CODE,
        "agency": Label.CODE,
        "service": Label.CODE,
        "sensitivity": Label.CODE,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "service", "sensitivity"], name="one_compartment_each"
            )
        ]

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return cls.LABELS


class Workers(BaseUserManager["Worker"]):
    """Finds workers by their e-mail address, as sign-in needs it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Worker:
        worker = self.model(email=self.normalize_email(email).lower(), **fields)
        worker.set_password(password)
        worker.save(using=self._db)
        return worker


class Worker(AbstractBaseUser):
    """A person's account on this site, or the account of the side's background work.

    `until` is the last day of a sessional worker's account; None: nobody has set an end.
    `sex` is as the worker stated it, and is used only for the check of mixed facilitation; no
    page shows it.
    """

    SEXES = [("female", "Female"), ("male", "Male"), ("other", "Other")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=40, choices=[(r.value, r.value) for r in Role])
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)
    until = models.DateField(null=True)
    invented = models.BooleanField(default=False)
    sex = models.CharField(max_length=10, choices=SEXES, null=True)
    compartments = models.ManyToManyField(Compartment, through="Membership")

    objects = Workers()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    LABELS = {
        "id": Label.ID,
        "email": Label.CONFIGURATION,
        "name": Label.CONFIGURATION,
        "role": Label.CODE,
        "agency": Label.CODE,
        "is_active": Label.CODE,
        "until": Label.DATE,
        "invented": Label.CODE,
        "sex": Label.CODE,
        "password": Label.CREDENTIAL,
        "last_login": Label.DATE,
    }

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return cls.LABELS

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name by which pages greet a worker."""
        return self.name

    def has_ended(self, today: date) -> bool:
        """Whether the account's last day has passed."""
        return self.until is not None and self.until < today

    @property
    def is_staff(self) -> bool:
        """No account opens Django's admin; it is not installed."""
        return False

    @property
    def role_words(self) -> str:
        """The role as people say it."""
        return self.role.replace("_", " ")

    def as_viewer(self) -> Viewer:
        """This worker as the argument that decides what can be seen."""
        member_of = Membership.objects.filter(worker=self).values_list(
            "compartment_id", "compartment__service_id"
        )
        places = dict(member_of)
        return Viewer(
            worker=self.id,
            name=self.name,
            role=Role(self.role),
            agency=self.agency_id or "",
            compartments=frozenset(places),
            services=frozenset(places.values()),
        )


class Membership(models.Model):
    """A worker may touch the rows of a compartment. The row policies read this table."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE)
    compartment = models.ForeignKey(Compartment, on_delete=models.CASCADE)

    LABELS = {"id": Label.ID, "worker": Label.ID, "compartment": Label.CODE}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "compartment"], name="one_membership_each")
        ]

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return cls.LABELS


class AgencySubject(models.Model):
    """Who a worker is at the agency's own issuer (OpenID Connect). An administrator binds them."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, primary_key=True)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)

    LABELS = {"worker": Label.ID, "issuer": Label.CONFIGURATION, "subject": Label.CREDENTIAL}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_a_subject")
        ]

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return cls.LABELS


def system_viewer(role: Role) -> Viewer:
    """The account under which a side's background work runs (`on_side` must say which side)."""
    if role not in SYSTEM_ROLES:
        raise ValueError(f"{role} is not a system role.")
    return Worker.objects.using(SIDE_OF_ROLE[role].value).get(role=role).as_viewer()
