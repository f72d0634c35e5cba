"""Which version of a template may follow which, and what changed from one to the next."""

from __future__ import annotations

from typing import Any

import pytest

from casewall.programme.curriculum.rules import Difference, differences, hours_words, may_install
from casewall.services.load import shipped
from casewall.services.programmes import Template, template_of

FOUR = template_of(shipped()["wwp-model"], "four-levels")
DANISH = template_of(shipped()["intervention-centre"], "counselling-course")


def changed(template: Template, **programme: Any) -> Template:
    """The template with other contents of its programme."""
    return template.model_copy(
        update={"programme": template.programme.model_copy(update=programme)}
    )


NEXT = changed(DANISH, version=2)


@pytest.mark.parametrize(
    ("template", "in_use", "allowed", "says"),
    [
        (DANISH, {}, True, "version 1, can be installed"),
        (DANISH, {1: DANISH}, True, "can be installed"),
        (NEXT, {1: DANISH}, True, "version 2, can be installed"),
        (DANISH, {1: DANISH, 2: NEXT}, True, "can be installed"),
        (
            changed(DANISH, weeks=3),
            {1: DANISH},
            False,
            "version 1 is in use with other contents; give the changed programme version 2",
        ),
        (changed(DANISH, weeks=3), {1: DANISH, 2: NEXT}, False, "version 3"),
        (DANISH, {2: NEXT}, False, "version 2 is in use, so version 1 cannot follow"),
    ],
)
def test_a_stored_version_never_changes_and_a_new_one_is_higher(
    template: Template, in_use: dict[int, Template], allowed: bool, says: str
) -> None:
    decision = may_install(template, in_use)
    assert bool(decision) is allowed
    assert says in decision.reason
    assert DANISH.programme.name in decision.reason


def test_the_same_contents_differ_in_nothing() -> None:
    assert differences(DANISH, DANISH) == ()
    assert differences(DANISH, NEXT) == ()


def test_a_changed_number_is_said_with_both_values() -> None:
    assert differences(DANISH, changed(DANISH, weeks=3)) == (
        Difference("programme, weeks", str(DANISH.programme.weeks), "3"),
    )
    assert differences(DANISH, changed(DANISH, weeks=None)) == (
        Difference("programme, weeks", str(DANISH.programme.weeks), None),
    )


def test_a_step_of_the_ladder_is_compared_by_its_id() -> None:
    first, *others = DANISH.programme.ladder
    later = first.model_copy(update={"after": first.after + 1, "proposes": ("call", "review")})
    assert differences(DANISH, changed(DANISH, ladder=(later, *others))) == (
        Difference(
            f"programme, ladder “{first.id}”, after", str(first.after), str(first.after + 1)
        ),
        Difference(
            f"programme, ladder “{first.id}”, proposes", ", ".join(first.proposes), "call, review"
        ),
    )


def test_what_is_new_and_what_was_taken_out_is_named() -> None:
    *others, last = DANISH.programme.completion.criteria
    without = DANISH.programme.completion.model_copy(update={"criteria": tuple(others)})
    assert differences(DANISH, changed(DANISH, completion=without)) == (
        Difference(f"programme, completion, criteria “{last.id}”", last.text, None),
    )
    assert differences(changed(DANISH, completion=without), DANISH) == (
        Difference(f"programme, completion, criteria “{last.id}”", None, last.text),
    )


def test_sessions_are_compared_by_component_and_number_and_levels_appear() -> None:
    first, *others = DANISH.programme.schedule
    renamed = first.model_copy(update={"title": "Another title"})
    assert differences(DANISH, changed(DANISH, schedule=(renamed, *others))) == (
        Difference(
            f"programme, schedule “{first.component} {first.number}”, title",
            first.title,
            "Another title",
        ),
    )
    added = differences(changed(FOUR, levels=()), FOUR)
    assert [one.after for one in added] == [level.name for level in FOUR.programme.levels]
    assert all(one.before is None for one in added)


def test_a_switch_and_an_empty_list_are_said_in_words() -> None:
    first, *others = DANISH.programme.modules
    optional = first.model_copy(update={"required": not first.required})
    assert differences(DANISH, changed(DANISH, modules=(optional, *others))) == (
        Difference(
            f"programme, modules “{first.id}”, required",
            "yes" if first.required else "no",
            "no" if first.required else "yes",
        ),
    )
    assert differences(changed(DANISH, methods=("cbt",)), changed(DANISH, methods=())) == (
        Difference("programme, methods", "cbt", None),
    )
    sourced = changed(DANISH, authority_of={"weeks": "A source"})
    assert Difference("programme, authority of, weeks", None, "A source") in differences(
        changed(DANISH, authority_of={}), sourced
    )


def test_a_component_that_gets_a_size_or_a_dose_says_what_is_in_it() -> None:
    first, *others = DANISH.components
    bare = first.model_copy(update={"group_size": None})
    sized = first.model_copy(update={"group_size": _size()})
    before, after = (
        DANISH.model_copy(update={"components": (one, *others)}) for one in (bare, sized)
    )
    assert differences(before, after) == (
        Difference(f"components “{first.id}”, group size", None, "least 4, most 12"),
    )


def _size() -> Any:
    from casewall.services.kinds import GroupSize

    return GroupSize(least=4, most=12, authority="invented for this test")


def test_hours_are_written_as_people_write_them() -> None:
    assert [hours_words(DANISH.hours), hours_words(FOUR.hours)] == [
        f"{float(DANISH.hours):g}",
        f"{float(FOUR.hours):g}",
    ]
