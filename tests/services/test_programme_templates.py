"""A template gives a course what it needs, survives its time as JSON, and those shipped are as
the sources say."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from casewall.services.load import check, load, shipped
from casewall.services.programmes import CHILD_IMPACT, Template, template_of, templates_of

TEMPLATES = {
    template.key: template for service in shipped().values() for template in templates_of(service)
}


@pytest.fixture
def course(spoiled_course) -> Template:
    return template_of(load(spoiled_course()), "course")


# --- what a course asks of its template ----------------------------------------------------------


def test_a_template_carries_what_a_course_needs_of_its_service(course: Template) -> None:
    assert (course.id, course.version, course.key) == ("course", 3, "small-service/course")
    assert [component.id for component in course.components] == ["group", "talk"]
    assert (course.country, course.time_zone) == ("DK", "Europe/Copenhagen")
    assert course.contact_delay_hours == 48


def test_sessions_of_a_component_come_by_number_with_their_own_minutes_or_its(course) -> None:
    assert [one.title for one in course.sessions_of("group")] == ["One", "Two", "Three", "Four"]
    assert [course.minutes_of(one) for one in course.sessions_of("group")] == [90, 120, 90, 90]
    assert [course.minutes_of(one) for one in course.sessions_of("talk")] == [60, 60]
    assert course.sessions_of("nothing") == ()


def test_the_hours_of_a_template_are_those_of_its_whole_schedule(course: Template) -> None:
    assert course.hours == Decimal("8.5")


def test_modules_levels_and_components_are_found_by_id_and_phases_by_module(course) -> None:
    assert course.module("children").theme == CHILD_IMPACT
    assert [module.id for module in course.required_modules()] == ["safety", "children"]
    assert course.phase_of("extra").id == "second"
    assert course.phase_of("nothing") is None
    assert course.level("long").months == 12
    assert course.component("talk").kind == "one_to_one"
    for absent in (course.module, course.level, course.component):
        with pytest.raises(KeyError):
            absent("nothing")


def test_a_service_gives_only_the_templates_that_it_has(spoiled_course, spoiled) -> None:
    service = load(spoiled_course())
    assert [template.id for template in templates_of(service)] == ["course"]
    with pytest.raises(KeyError):
        template_of(service, "nothing")
    assert templates_of(load(spoiled())) == ()


def test_a_session_without_minutes_anywhere_is_named(course: Template) -> None:
    bare = course.component("talk").model_copy(update={"minutes": None})
    spoiled = course.model_copy(update={"components": (course.component("group"), bare)})
    with pytest.raises(ValueError, match="“Talk one” has no minutes"):
        _ = spoiled.hours


# --- kept as JSON --------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_comes_back_from_json_as_it_was(template: Template) -> None:
    text = template.model_dump_json()
    again = Template.model_validate_json(text)
    assert again == template
    assert again.model_dump_json() == text
    assert isinstance(again.programme.schedule, tuple)
    for level in again.programme.levels:
        assert isinstance(level.hours, Decimal)


@pytest.mark.parametrize("amount", ["0.10", "1E+1", "4.5", "58.50"])
def test_no_digit_of_an_amount_is_lost_in_json(course: Template, amount: str) -> None:
    dose = course.programme.minimum_dose.model_copy(update={"hours": Decimal(amount)})
    programme = course.programme.model_copy(update={"minimum_dose": dose})
    template = course.model_copy(update={"programme": programme})
    again = Template.model_validate_json(template.model_dump_json())
    assert again == template
    assert str(again.programme.minimum_dose.hours) == amount


@pytest.mark.parametrize("amount", ['"many"', '"NaN"', '"-1"', "true", "[]"])
def test_an_amount_that_is_none_is_refused_from_json(course: Template, amount: str) -> None:
    text = course.model_dump_json()
    assert text.count('"hours":"4.5"') == 1
    with pytest.raises(ValidationError):
        Template.model_validate_json(text.replace('"hours":"4.5"', f'"hours":{amount}'))


def test_a_number_as_text_is_read_from_json_only(spoiled_course) -> None:
    with pytest.raises(ValueError, match="without quotation marks"):
        load(spoiled_course(("hours = 4.5", 'hours = "4.5"')))


# --- those that are shipped ----------------------------------------------------------------------


def test_every_service_ships_its_programmes() -> None:
    assert set(TEMPLATES) == {
        "dvip/violence-prevention",
        "dvip/violence-prevention-arabic",
        "intervention-centre/counselling-course",
        "substance-pilot/day-programme",
        "wwp-model/four-levels",
        "wwp-model/national-26",
        "wwp-model/individual-therapy",
        "wwp-model/family-and-parenthood",
        "your-choice/dads-programme",
        "your-choice/safer-respectful",
    }


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_shipped_programme_answers_absence_judges_completion_and_tells(template) -> None:
    programme = template.programme
    assert any("review" in step.proposes for step in programme.ladder)
    assert {notice.of for notice in programme.notices} >= {"decision", "absence", "completion"}
    assert programme.completion.follow_up_months == (6, 12)
    assert "no-sign-of-violence" in {
        one.id for one in programme.completion.criteria if one.required
    }
    titles = Counter((one.module, one.title) for one in programme.schedule)
    assert max(titles.values()) == 1


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_names_nothing_of_the_safety_side(template: Template) -> None:
    """It is read on the programme side, by people whom clients ask."""
    service = shipped()[template.service]
    other = service.agencies_on("safety")
    text = template.model_dump_json()
    for agency in other:
        assert agency.id not in text
        assert agency.name not in text
    apart = {one.id for one in service.components if one.kind == "partner_support"}
    assert not apart & {one.id for one in template.components}
    for phrase in ("partner contact", "partner support", "partner worker", "tells the partner"):
        assert phrase not in text.lower()


@pytest.mark.parametrize("key", sorted(set(TEMPLATES) - {"wwp-model/national-26"}))
def test_children_have_a_module_in_every_programme_of_our_own_making(key: str) -> None:
    assert CHILD_IMPACT in {module.theme for module in TEMPLATES[key].programme.modules}


def test_the_24_weeks_are_two_blocks_of_12_group_sessions_with_one_to_ones() -> None:
    template = TEMPLATES["your-choice/safer-respectful"]
    assert template.programme.weeks == 24
    blocks = Counter(
        template.phase_of(one.module).id for one in template.sessions_of("programme-group")
    )
    assert blocks == {"safer": 12, "respectful": 12}
    assert len(template.sessions_of("programme-one-to-one")) == 6
    dads = TEMPLATES["your-choice/dads-programme"].programme
    assert (dads.weeks, len(dads.schedule), dads.approaches[0]) == (10, 10, "family")


def test_hours_are_up_to_80_in_london_and_more_than_60_in_the_day_programme() -> None:
    assert TEMPLATES["dvip/violence-prevention"].hours == 80
    days = TEMPLATES["substance-pilot/day-programme"]
    assert sum(days.minutes_of(one) for one in days.sessions_of("day-programme")) > 60 * 60
    component = days.component("day-programme")
    assert component.sessions > component.weeks
    assert days.programme.minimum_dose.hours == 30


def test_the_arabic_programme_is_in_arabic_with_workers_and_support_who_speak_it() -> None:
    service = shipped()["dvip"]
    assert TEMPLATES["dvip/violence-prevention-arabic"].programme.languages == ("ar",)
    assert "ar" in service.component("womens-support").languages
    assert {line.role for line in service.staffing if "Arabic" in (line.title or "")} == {
        "facilitator",
        "partner_worker",
    }


def test_the_danish_course_is_20_group_sessions_of_two_hours_and_10_talks() -> None:
    template = TEMPLATES["intervention-centre/counselling-course"]
    assert [template.minutes_of(one) for one in template.sessions_of("counselling-group")] == (
        [120] * 20
    )
    assert len(template.sessions_of("counselling-one-to-one")) == 10


def test_the_national_schedule_has_26_sessions_and_19_codes_on_two_axes() -> None:
    template = TEMPLATES["wwp-model/national-26"]
    minutes = Counter(template.minutes_of(one) for one in template.programme.schedule)
    assert minutes == {150: 21, 60: 5}
    sizes = Counter(one.module for one in template.programme.schedule)
    assert [sizes[module.id] for module in template.programme.modules] == [
        1, 2, 1, 6, 1, 4, 1, 6, 1, 3,
    ]  # fmt: skip
    codes = {one.code: (one.attended, one.complied) for one in template.programme.attendance_codes}
    assert len(codes) == 19
    assert (codes["ATTC"], codes["AFTC"]) == ((True, True), (True, False))
    assert (codes["UAAB"], codes["AAME"]) == ((False, False), (False, True))
    assert sum(attended for attended, _ in codes.values()) == 4
    assert {code for code, (_, complied) in codes.items() if not complied} == {
        "AFTC",
        "ATSH",
        "UAAB",
    }


def test_levels_of_6_9_12_and_18_months_begin_with_every_required_module() -> None:
    template = TEMPLATES["wwp-model/four-levels"]
    levels = template.programme.levels
    assert [level.months for level in levels] == [6, 9, 12, 18]
    assert [level.hours for level in levels] == [26, 39, 52, 78]
    assert [template.hours_of(one.sessions) for one in levels] == [39, Decimal("58.5"), 78, 117]
    for level in levels:
        reached = {one.module for one in template.programme.schedule[: level.sessions]}
        assert reached >= {module.id for module in template.required_modules()}
        phases = {template.phase_of(module).id for module in reached}
        assert len(phases) == levels.index(level) + 1


def test_the_four_approaches_of_the_model_are_those_of_its_programmes() -> None:
    programmes = shipped()["wwp-model"].programmes
    assert sorted(approach for one in programmes for approach in one.approaches) == [
        "criminological",
        "family",
        "psychotherapeutic",
        "social_educational",
    ]


# --- the page on writing one ---------------------------------------------------------------------


def test_the_example_of_the_how_to_page_has_nothing_to_look_at(spoiled) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-programme.md"
    example = re.search(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    component = (
        '[[components]]\nid = "evening-group"\nname = "Evening group"\nkind = "group"\n'
        'agency = "programme"\nsessions = 3\nminutes = 90\nauthority = "Test"\n\n'
    )
    written = example[1].replace('"our-programme"', '"programme"')
    path = spoiled(("[partner_support]", f"{component}{written}\n[partner_support]"))
    assert check(path) == []
    assert template_of(load(path), "evening-course").hours == Decimal("4.5")
