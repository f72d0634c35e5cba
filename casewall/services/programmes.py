"""A programme template: what one course delivers, in which order, and by which rules it ends.

A service lists its templates under ``[[programmes]]``. A :class:`Template` is one of them with
everything that a client's course needs besides: its components, the country and time zone of
its dates, and how long programme contact waits after a register. It is kept as JSON for each
version, so that a client stays on the version with which the course began.

What two tables of a programme must agree on stands in ``programme_rules.py``. Pure: no Django,
no clock.
"""

from decimal import Decimal
from typing import Literal, Protocol

from casewall.services.kinds import (
    Approach,
    Component,
    Count,
    Country,
    Dose,
    Id,
    Language,
    Many,
    Method,
    PositiveAmount,
    Some,
    Sourced,
    Table,
    Text,
    TimeZone,
)

Counting = Literal["unaccepted_in_a_row", "unaccepted", "absences", "late"]
"""What a step of the ladder counts: unaccepted absences one after another, all unaccepted
absences, all absences, or sessions to which the client came late."""

Act = Literal["call", "letter", "referrer_notice", "review"]
NoticeOf = Literal["decision", "absence", "exit", "completion", "midpoint", "level_change"]

CHILD_IMPACT = "child-impact"
"""The theme of modules on children and on being a parent."""


class Module(Table):
    """One subject of the programme. ``required``: completion needs it of every client."""

    id: Id
    name: Text
    required: bool = True
    theme: Text | None = None


class Phase(Table):
    """One block of modules; phases follow each other in the order of the file."""

    id: Id
    name: Text
    modules: Some[Id]


class PlannedSession(Table):
    """One session: its number within its component (from 1), its module and its title.

    ``minutes`` absent: those of the component.
    """

    component: Id
    number: Count
    module: Id
    title: Text
    minutes: Count | None = None


class Level(Sourced):
    """A length that an assessment decides: months of weekly work, and the sessions.

    The sessions are the first ones of the schedule, and all of them the minimum dose. ``hours``:
    the least to be attended. Those planned follow from the schedule.
    """

    id: Id
    name: Text
    months: Count
    sessions: Count
    hours: PositiveAmount | None = None


class LadderStep(Sourced):
    """One answer to absences: ``after`` so many of what ``counting`` says, propose these acts.

    ``within``: whether the count begins again with each phase.
    """

    id: Id
    after: Count
    counting: Counting
    within: Literal["course", "phase"] = "course"
    proposes: Some[Act]


class Criterion(Table):
    """One thing that is rated before completion. ``required``: it cannot be left unmet."""

    id: Id
    text: Text
    required: bool = True


class Completion(Sourced):
    """What completion needs beside the dose, and how far a course may be stretched.

    ``extension_weeks_most`` and ``break_days_most`` absent: the source sets no limit.
    ``follow_up_months`` are counted from completion.
    """

    criteria: Some[Criterion]
    extension_weeks_most: Count | None = None
    break_days_most: Count | None = None
    follow_up_months: Some[Count] = (6, 12)


class Notice(Sourced):
    """How soon, in calendar days, the referrer is told of an event."""

    of: NoticeOf
    within_days: Count


class AttendanceCode(Table):
    """A code of a national system: whether he was there, and whether he kept to the rules."""

    code: Text
    words: Text
    attended: bool
    complied: bool


class Programme(Sourced):
    """One programme template of a service, as its definition describes it.

    ``components`` are components of the same service, in the order in which they matter;
    assessment and partner support are never among them. ``weeks`` is the calendar length of a
    course without breaks. ``minimum_dose`` counts group and one-to-one together. ``phases``
    absent: the modules have no blocks. ``levels`` absent: the course has one length.
    """

    id: Id
    version: Count = 1
    name: Text
    agency: Id
    approaches: Some[Approach]
    methods: Many[Method] = ()
    languages: Many[Language] = ()
    components: Some[Id]
    weeks: Count | None = None
    modules: Some[Module]
    phases: Many[Phase] = ()
    schedule: Some[PlannedSession]
    minimum_dose: Dose
    levels: Many[Level] = ()
    ladder: Some[LadderStep]
    completion: Completion
    notices: Many[Notice] = ()
    attendance_codes: Many[AttendanceCode] = ()


class Template(Table):
    """The whole of what a client's course stays on, whatever the definition says later.

    ``components`` are those of the programme, in its order. ``model_dump_json`` and
    ``model_validate_json`` give back exactly the same template.
    """

    service: Id
    programme: Programme
    components: Some[Component]
    country: Country
    time_zone: TimeZone
    contact_delay_hours: Count

    @property
    def id(self) -> str:
        """The id of the programme within its service."""
        return self.programme.id

    @property
    def version(self) -> int:
        """The version of the programme, raised with each change to one in use."""
        return self.programme.version

    @property
    def key(self) -> str:
        """``service/programme``: one template among those of all services."""
        return f"{self.service}/{self.programme.id}"

    def component(self, component_id: str) -> Component:
        """The component with this id; ``KeyError`` if the programme has none."""
        return {component.id: component for component in self.components}[component_id]

    def module(self, module_id: str) -> Module:
        """The module with this id; ``KeyError`` if the programme has none."""
        return {module.id: module for module in self.programme.modules}[module_id]

    def level(self, level_id: str) -> Level:
        """The level with this id; ``KeyError`` if the programme has none."""
        return {level.id: level for level in self.programme.levels}[level_id]

    def required_modules(self) -> tuple[Module, ...]:
        """The modules without which nobody completes, in the order of the programme."""
        return tuple(module for module in self.programme.modules if module.required)

    def phase_of(self, module_id: str) -> Phase | None:
        """The phase of a module; ``None`` where the programme has no phases."""
        return next((phase for phase in self.programme.phases if module_id in phase.modules), None)

    def sessions_of(self, component_id: str) -> tuple[PlannedSession, ...]:
        """The planned sessions of one component by number; none for an unknown component."""
        planned = (one for one in self.programme.schedule if one.component == component_id)
        return tuple(sorted(planned, key=lambda one: one.number))

    def minutes_of(self, planned: PlannedSession) -> int:
        """Minutes of a planned session: its own, or those of its component.

        Raises ``ValueError`` where neither is stated; a checked definition always states one.
        """
        minutes = planned.minutes or self.component(planned.component).minutes
        if minutes is None:
            raise ValueError(f"“{planned.title}” has no minutes, nor has its component")
        return minutes

    @property
    def hours(self) -> Decimal:
        """Hours of the whole schedule, every session in full."""
        return self.hours_of(len(self.programme.schedule))

    def hours_of(self, sessions: int) -> Decimal:
        """Hours of so many sessions from the beginning of the schedule, each in full."""
        planned = self.programme.schedule[:sessions]
        return Decimal(sum(self.minutes_of(one) for one in planned)) / 60


class Delay(Protocol):
    """Clocks of a service, as far as a template asks for them."""

    @property
    def programme_contact_delay_hours(self) -> int:
        """Hours that acts which contact a client wait after every register."""
        ...


class Partnership(Protocol):
    """A :class:`~casewall.services.schema.Service`, as far as a template asks for it.

    ``schema.py`` builds on this module, which therefore cannot import the service itself.
    """

    @property
    def id(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def clocks(self) -> Delay: ...
    @property
    def programmes(self) -> tuple[Programme, ...]: ...
    def component(self, component_id: str) -> Component: ...
    def programme(self, programme_id: str) -> Programme: ...


def template_of(service: Partnership, programme_id: str) -> Template:
    """The template of one programme of a service; ``KeyError`` if the service has none."""
    programme = service.programme(programme_id)
    return Template(
        service=service.id,
        programme=programme,
        components=tuple(service.component(component) for component in programme.components),
        country=service.country,
        time_zone=service.time_zone,
        contact_delay_hours=service.clocks.programme_contact_delay_hours,
    )


def templates_of(service: Partnership) -> tuple[Template, ...]:
    """The templates of all programmes of a service, in the order of its definition."""
    return tuple(template_of(service, programme.id) for programme in service.programmes)
