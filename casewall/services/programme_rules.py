"""What the tables of one programme template must agree on, with each other and the service.

``contradictions`` finds what makes a template impossible to deliver; ``doubts`` what should be
looked at before clients start on it. Both are called by ``rules.py``.

Pure: takes a :class:`~casewall.services.schema.Service`, asks no clock and no database.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from casewall.services.kinds import Component
from casewall.services.positions import KeyPath
from casewall.services.programmes import LadderStep, Level, PlannedSession, Programme
from casewall.services.remarks import Remark, repeated
from casewall.services.schema import Service

NEVER_PART = {
    "partner_support": "partner support is never part of a programme for clients",
    "assessment": "an assessment comes before the programme and is not part of it",
}
DELIVERS = ("group", "one_to_one", "dads")
"""Kinds that a programme can consist of; the others prepare for it or follow it."""

GROUPS = ("group", "pre_group", "maintenance", "dads")
LONGEST = 300
"""Minutes, five hours: a longer session is more probably a slip of the key than a plan."""


def contradictions(service: Service) -> Iterator[Remark]:
    """Everything in the programmes that cannot stand, programme by programme."""
    yield from _apply(CONTRADICTIONS, service)


def doubts(service: Service) -> Iterator[Remark]:
    """What can stand but should be looked at, programme by programme."""
    yield from _apply(DOUBTS, service)


def _apply(rules: Iterable["ProgrammeRule"], service: Service) -> Iterator[Remark]:
    for at, programme in enumerate(service.programmes):
        for rule in rules:
            yield from rule(service, programme, ("programmes", at))


# --- what the rules ask ------------------------------------------------------------------


def _known(service: Service, programme: Programme) -> dict[str, Component]:
    """The components of a programme that the service has, by id and in its order."""
    components = {component.id: component for component in service.components}
    return {name: components[name] for name in programme.components if name in components}


def _minutes(service: Service, programme: Programme, planned: PlannedSession) -> int | None:
    component = _known(service, programme).get(planned.component)
    return planned.minutes or (component.minutes if component else None)


def _hours(
    service: Service, programme: Programme, schedule: Iterable[PlannedSession]
) -> Decimal | None:
    """Hours of some planned sessions; ``None`` where one of them has no minutes."""
    minutes = [_minutes(service, programme, planned) for planned in schedule]
    if None in minutes:
        return None
    return Decimal(sum(one or 0 for one in minutes)) / 60


def _plain(hours: Decimal) -> str:
    """Hours as people write them: 80, not 8E+1; never more than two decimals."""
    return f"{round(hours, 2).normalize():f}"


# --- names -------------------------------------------------------------------------------


def _names_stand_once(service: Service, programme: Programme, here: KeyPath) -> Iterator[Remark]:
    lists: tuple[tuple[KeyPath, str, list[str]], ...] = (
        (("modules",), "id", [one.id for one in programme.modules]),
        (("phases",), "id", [one.id for one in programme.phases]),
        (("levels",), "id", [one.id for one in programme.levels]),
        (("ladder",), "id", [one.id for one in programme.ladder]),
        (("completion", "criteria"), "id", [one.id for one in programme.completion.criteria]),
        (("notices",), "of", [one.of for one in programme.notices]),
        (
            ("attendance_codes",),
            "code",
            [one.code.strip().upper() for one in programme.attendance_codes],
        ),
    )
    for place, key, names in lists:
        noun = {"id": "id", "of": "notice", "code": "code"}[key]
        for remark in repeated((*here, *place), names, noun):
            yield Remark((*remark.path, key), remark.sentence)
    yield from repeated((*here, "components"), programme.components, "component")
    yield from repeated((*here, "approaches"), programme.approaches, "approach")
    yield from repeated((*here, "methods"), programme.methods, "method")
    yield from repeated((*here, "languages"), programme.languages, "language")
    for at, step in enumerate(programme.ladder):
        yield from repeated((*here, "ladder", at, "proposes"), step.proposes, "act")


def _languages_are_of_the_service(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    for at, language in enumerate(programme.languages):
        if language not in service.languages:
            yield Remark(
                (*here, "languages", at),
                f"the service does not list the language “{language}”",
            )


# --- components --------------------------------------------------------------------------


def _components_can_be_delivered(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    known = _known(service, programme)
    sides = {agency.id: agency.side for agency in service.agencies}
    for at, name in enumerate(programme.components):
        path = (*here, "components", at)
        if name not in known:
            listed = ", ".join(component.id for component in service.components)
            yield Remark(path, f"there is no component “{name}”; the components are {listed}")
        elif known[name].kind in NEVER_PART:
            yield Remark(path, f"“{name}” cannot stand here: {NEVER_PART[known[name].kind]}")
        elif sides.get(known[name].agency) not in (None, "programme"):
            yield Remark(
                path,
                f"“{name}” is delivered by “{known[name].agency}”, which is on the side "
                f"“{sides[known[name].agency]}”: a programme needs the programme side",
            )
    if known and not any(component.kind in DELIVERS for component in known.values()):
        yield Remark(
            (*here, "components"),
            f"none of the components delivers the programme: one must be {' or '.join(DELIVERS)}",
        )
    deliverers = {component.agency for component in known.values()}
    # Another rule speaks of an agency that is not on the programme side.
    if known and sides.get(programme.agency) == "programme" and programme.agency not in deliverers:
        yield Remark(
            (*here, "agency"), f"“{programme.agency}” delivers none of the programme's components"
        )


# --- schedule, modules, phases -----------------------------------------------------------


def _schedule_names_what_exists(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    modules = [module.id for module in programme.modules]
    for at, planned in enumerate(programme.schedule):
        path = (*here, "schedule", at)
        if planned.component not in programme.components:
            yield Remark(
                (*path, "component"),
                f"“{planned.component}” is not a component of this programme; they are "
                f"{', '.join(programme.components)}",
            )
        elif planned.component in _known(service, programme) and (
            _minutes(service, programme, planned) is None
        ):
            yield Remark(
                path, f"no minutes: give them here or at the component “{planned.component}”"
            )
        if planned.module not in modules:
            yield Remark(
                (*path, "module"),
                f"there is no module “{planned.module}”; the modules are {', '.join(modules)}",
            )


def _sessions_are_counted(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    for name, component in _known(service, programme).items():
        planned = [
            (at, one.number) for at, one in enumerate(programme.schedule) if one.component == name
        ]
        for expected, (at, number) in enumerate(planned, start=1):
            if number != expected:
                # The numbers after a wrong one are wrong too: one sentence is enough.
                yield Remark(
                    (*here, "schedule", at, "number"),
                    f"session {number} of “{name}” stands where session {expected} should: number "
                    "the sessions of a component 1, 2, 3 … in the order of the schedule",
                )
                break
        if not planned and component.kind not in NEVER_PART:
            yield Remark((*here, "schedule"), f"no session of “{name}” is planned")
        elif planned and component.sessions not in (None, len(planned)):
            yield Remark(
                (*here, "schedule"),
                f"sessions of “{name}”: the schedule has {len(planned)}, the component "
                f"{component.sessions}",
            )


def _modules_are_taught(service: Service, programme: Programme, here: KeyPath) -> Iterator[Remark]:
    taught = {planned.module for planned in programme.schedule}
    for at, module in enumerate(programme.modules):
        if module.id not in taught:
            yield Remark(
                (*here, "modules", at), f"no session of the schedule has the module “{module.id}”"
            )


def _phases_hold_every_module_once(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    if not programme.phases:
        return
    modules = [module.id for module in programme.modules]
    phase_of: dict[str, str] = {}
    for at, phase in enumerate(programme.phases):
        for place, name in enumerate(phase.modules):
            path = (*here, "phases", at, "modules", place)
            if name not in modules:
                listed = ", ".join(modules)
                yield Remark(path, f"there is no module “{name}”; the modules are {listed}")
            elif name in phase_of:
                yield Remark(path, f"the module “{name}” is already in phase “{phase_of[name]}”")
            phase_of.setdefault(name, phase.id)
    for at, name in enumerate(modules):
        if name not in phase_of:
            yield Remark((*here, "modules", at), f"the module “{name}” is in none of the phases")


# --- dose and levels ---------------------------------------------------------------------


def _dose_is_scheduled(service: Service, programme: Programme, here: KeyPath) -> Iterator[Remark]:
    dose, planned = programme.minimum_dose, len(programme.schedule)
    path = (*here, "minimum_dose")
    if dose.sessions is None and dose.hours is None:
        yield Remark(path, "the least dose is missing: give sessions or hours")
    if dose.sessions is not None and dose.sessions > planned:
        yield Remark(
            (*path, "sessions"), f"{dose.sessions} sessions are needed but only {planned} planned"
        )
    hours = _hours(service, programme, programme.schedule)
    if dose.hours is not None and hours is not None and dose.hours > hours:
        yield Remark(
            (*path, "hours"), f"{dose.hours} hours are needed but only {_plain(hours)} planned"
        )


def _levels_grow(service: Service, programme: Programme, here: KeyPath) -> Iterator[Remark]:
    for at in range(1, len(programme.levels)):
        before, level = programme.levels[at - 1], programme.levels[at]
        for key in ("months", "sessions", "hours"):
            less, more = getattr(before, key), getattr(level, key)
            if less is not None and more is not None and more <= less:
                yield Remark(
                    (*here, "levels", at, key),
                    f"{more} {key} are not more than the {less} of “{before.id}”: levels must grow",
                )


def _levels_can_be_reached(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    for at, level in enumerate(programme.levels):
        path = (*here, "levels", at)
        if level.sessions > len(programme.schedule):
            yield Remark(
                (*path, "sessions"),
                f"{level.sessions} sessions are needed but only {len(programme.schedule)} planned",
            )
            continue
        hours = _hours(service, programme, programme.schedule[: level.sessions])
        if level.hours is not None and hours is not None and level.hours > hours:
            yield Remark(
                (*path, "hours"),
                f"{level.hours} hours are needed but the first {level.sessions} sessions make "
                f"{_plain(hours)}",
            )
        yield from _level_gives_the_dose(programme, level, path)


def _level_gives_the_dose(programme: Programme, level: Level, path: KeyPath) -> Iterator[Remark]:
    for key in ("sessions", "hours"):
        given, least = getattr(level, key), getattr(programme.minimum_dose, key)
        if given is not None and least is not None and given < least:
            yield Remark((*path, key), f"{given} {key} are less than the minimum dose of {least}")


# --- ladder, completion ------------------------------------------------------------------


def _sessions_within(programme: Programme, step: LadderStep) -> int:
    """The most sessions that a step can count: of the course, or of its longest phase."""
    if step.within == "course":
        return len(programme.schedule)
    taught = Counter(planned.module for planned in programme.schedule)
    return max(
        (sum(taught[module] for module in phase.modules) for phase in programme.phases), default=0
    )


def _ladder_can_be_climbed(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    highest: dict[tuple[str, str], LadderStep] = {}
    for at, step in enumerate(programme.ladder):
        path = (*here, "ladder", at)
        if step.within == "phase" and not programme.phases:
            yield Remark((*path, "within"), "the programme has no phases: write “course”")
        elif step.after > _sessions_within(programme, step):
            yield Remark(
                (*path, "after"),
                f"“{step.id}” is never reached: it counts to {step.after} within a {step.within} "
                f"of {_sessions_within(programme, step)} sessions",
            )
        before = highest.get((step.counting, step.within))
        if before is not None and step.after <= before.after:
            yield Remark(
                (*path, "after"),
                f"“{step.id}” comes after “{before.id}”, so it must count further than "
                f"{before.after}",
            )
        else:
            highest[step.counting, step.within] = step


def _completion_has_limits(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    completion, weeks = programme.completion, programme.weeks
    path = (*here, "completion")
    longest = completion.extension_weeks_most
    if weeks is not None and longest is not None and longest > weeks:
        yield Remark(
            (*path, "extension_weeks_most"),
            f"an extension of {longest} weeks is longer than the programme, {weeks} weeks",
        )
    pause = completion.break_days_most
    if weeks is not None and pause is not None and pause > weeks * 7:
        yield Remark(
            (*path, "break_days_most"),
            f"a break of {pause} days is longer than the programme, {weeks} weeks",
        )
    months = completion.follow_up_months
    for at in range(1, len(months)):
        if months[at] <= months[at - 1]:
            yield Remark(
                (*path, "follow_up_months", at),
                f"{months[at]} months cannot come after {months[at - 1]}",
            )


# --- doubts ------------------------------------------------------------------------------


def _absence_leads_to_a_review(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    if not any("review" in step.proposes for step in programme.ladder):
        yield Remark(
            (*here, "ladder"), "no step proposes a review: a client can be absent without an end"
        )
    if not any(notice.of == "absence" for notice in programme.notices):
        yield Remark((*here, "notices"), "no notice of “absence”: the referrer is told of none")


def _completion_asks_for_something(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    if not any(criterion.required for criterion in programme.completion.criteria):
        yield Remark(
            (*here, "completion", "criteria"),
            "no criterion is required: time served alone would be completion",
        )


def _sessions_have_a_usual_length(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    for at, planned in enumerate(programme.schedule):
        minutes = _minutes(service, programme, planned)
        if minutes is not None and minutes > LONGEST:
            yield Remark(
                (*here, "schedule", at),
                f"{minutes} minutes are {_plain(Decimal(minutes) / 60)} hours for one session",
            )


def _groups_fit_into_the_weeks(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    planned = Counter(one.component for one in programme.schedule)
    for at, name in enumerate(programme.components):
        component = _known(service, programme).get(name)
        if component is None or component.kind not in GROUPS:
            continue
        weeks, sessions = component.weeks or programme.weeks, planned[name]
        if programme.weeks is not None and weeks is not None and weeks > programme.weeks:
            yield Remark(
                (*here, "weeks"),
                f"“{name}” takes {weeks} weeks but the programme {programme.weeks}",
            )
        elif weeks is None or sessions <= weeks:
            continue
        elif component.weeks is None:
            yield Remark(
                (*here, "components", at),
                f"{sessions} weekly sessions of “{name}” do not fit into {weeks} weeks; if several "
                "are held a week, give the component its weeks",
            )
        elif sessions % weeks:
            yield Remark(
                (*here, "components", at),
                f"{sessions} sessions of “{name}” do not fit into its {weeks} weeks, at no whole "
                "number a week",
            )


def _shortest_level_has_the_required_modules(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    if not programme.levels:
        return
    shortest = programme.levels[0]
    within = {planned.module for planned in programme.schedule[: shortest.sessions]}
    for at, module in enumerate(programme.modules):
        if module.required and module.id not in within:
            yield Remark(
                (*here, "modules", at),
                f"“{module.id}” is required but is not taught in the {shortest.sessions} sessions "
                f"of “{shortest.id}”",
            )


def _phases_follow_each_other(
    service: Service, programme: Programme, here: KeyPath
) -> Iterator[Remark]:
    order = {module: at for at, phase in enumerate(programme.phases) for module in phase.modules}
    latest: dict[str, int] = {}
    for at, planned in enumerate(programme.schedule):
        now = order.get(planned.module)
        if now is None:
            continue
        if now < latest.get(planned.component, 0):
            yield Remark(
                (*here, "schedule", at, "module"),
                f"“{planned.module}” is of phase “{programme.phases[now].id}”, which the sessions "
                "before it have left",
            )
        latest[planned.component] = max(now, latest.get(planned.component, 0))


ProgrammeRule = Callable[[Service, Programme, KeyPath], Iterator[Remark]]

CONTRADICTIONS: tuple[ProgrammeRule, ...] = (
    _names_stand_once,
    _languages_are_of_the_service,
    _components_can_be_delivered,
    _schedule_names_what_exists,
    _sessions_are_counted,
    _modules_are_taught,
    _phases_hold_every_module_once,
    _dose_is_scheduled,
    _levels_grow,
    _levels_can_be_reached,
    _ladder_can_be_climbed,
    _completion_has_limits,
)
DOUBTS: tuple[ProgrammeRule, ...] = (
    _absence_leads_to_a_review,
    _completion_asks_for_something,
    _sessions_have_a_usual_length,
    _groups_fit_into_the_weeks,
    _shortest_level_has_the_required_modules,
    _phases_follow_each_other,
)
