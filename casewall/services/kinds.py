"""Kinds of value and the tables that a service and a programme template both need.

The base of ``schema.py`` (the partnership) and ``programmes.py`` (what is delivered to a
client): ids, counts, amounts, tables with their authority, and the components.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)

ComponentKind = Literal[
    "group", "one_to_one", "assessment", "pre_group", "maintenance", "dads", "partner_support"
]

Delivery = Literal["group", "one_to_one"]
Approach = Literal["social_educational", "criminological", "psychotherapeutic", "family"]
Method = Literal["cbt", "psychoeducation", "duluth", "narrative"]

T = TypeVar("T")
# A list in TOML becomes a tuple here, so that a loaded service cannot be changed by accident.
Many = Annotated[tuple[T, ...], Field(strict=False)]
Some = Annotated[tuple[T, ...], Field(strict=False, min_length=1)]


def _matching(pattern: str, sentence: str) -> AfterValidator:
    """A check that the whole text matches ``pattern``; ``sentence`` says what is expected."""
    shape = re.compile(pattern)

    def check(text: str) -> str:
        if not shape.fullmatch(text):
            raise ValueError(f"“{text}” is not {sentence}")
        return text

    return AfterValidator(check)


def _number(given: object, info: ValidationInfo) -> object:
    """Let a whole number stand for an amount: ``fte = 1`` means 1.0. Text and true/false do not.

    A template is kept as JSON, where an amount stands as text so that no digit is lost; there,
    and only there, text is read.
    """
    if isinstance(given, int) and not isinstance(given, bool):
        return Decimal(given)
    if isinstance(given, str) and info.mode == "json":
        try:
            return Decimal(given)
        except InvalidOperation:
            return given  # the check that follows says what is wrong
    return given


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


Text = Annotated[str, AfterValidator(_not_blank)]
Id = Annotated[
    str,
    _matching(
        r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "an id: use small letters a–z, digits and single hyphens, a letter first",
    ),
]
FieldName = Annotated[
    str,
    _matching(
        r"[a-z][a-z0-9_.]*",
        "the name of a referral field: use small letters, digits, underscores and dots",
    ),
]
Country = Annotated[str, _matching(r"[A-Z]{2}", "a country: use two capitals, such as DK or GB")]
Language = Annotated[
    str, _matching(r"[a-z]{2,3}", "a language: use two or three small letters, such as da or en")
]
Currency = Annotated[
    str, _matching(r"[A-Z]{3}", "a currency: use three capitals, such as EUR or GBP")
]
PhonePrefix = Annotated[
    str, _matching(r"\+[1-9][0-9]{0,3}", "a phone prefix: use + and one to four digits, as in +45")
]
TimeZone = Annotated[
    str, _matching(r"[A-Z][A-Za-z]+(/[A-Z][A-Za-z_-]+)+", "a time zone, such as Europe/London")
]
Amount = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=1_000_000_000)]
PositiveAmount = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=10_000)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Days = Annotated[int, Field(ge=0, le=10_000)]
Years = Annotated[int, Field(ge=1, le=100)]
Year = Annotated[int, Field(ge=1990, le=2100)]


class Table(BaseModel):
    """One table of the file: unknown keys refused, kinds not guessed, never changed once read."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Sourced(Table):
    """A table with numbers: where they come from, and which single number comes from elsewhere."""

    authority: Text
    authority_of: dict[str, Text] = {}

    def source_of(self, key: str) -> str:
        """The authority of one key of this table."""
        return self.authority_of.get(key, self.authority)


class Dose(Sourced):
    """The least that counts as having taken part: sessions, hours or both."""

    sessions: Count | None = None
    hours: PositiveAmount | None = None


class GroupSize(Sourced):
    """People in a group, at least and at most, facilitators not counted."""

    least: Count
    most: Count


class Component(Sourced):
    """One piece of work that is delivered: a group programme, an assessment, partner support.

    ``sessions`` of ``minutes`` each give the hours delivered; ``weeks`` is the calendar length.
    """

    id: Id
    name: Text
    kind: ComponentKind
    agency: Id
    sessions: Count | None = None
    minutes: Count | None = None
    weeks: Count | None = None
    minimum_dose: Dose | None = None
    group_size: GroupSize | None = None
    facilitators: Count | None = None
    mixed_facilitators_wanted: bool = False
    entry: Literal["rolling", "closed"] | None = None
    delivered: Many[Delivery] = ()
    approaches: Many[Approach] = ()
    methods: Many[Method] = ()
    languages: Many[Language] = ()
    note: Text | None = None

    @property
    def hours(self) -> Decimal | None:
        """Hours delivered in full; ``None`` where sessions or minutes are not stated."""
        if self.sessions is None or self.minutes is None:
            return None
        return Decimal(self.sessions * self.minutes) / 60
