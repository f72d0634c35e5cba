import datetime
import re
from types import SimpleNamespace

import pytest
from django.template.exceptions import TemplateSyntaxError

from casewall.pages.charts import Bar, bar_chart
from casewall.pages.style_guide import Narrow

TODAY = datetime.date(2026, 3, 3)


def test_a_tag_is_a_word_first(draw):
    assert "Started" in draw('{% tag "Started" "teal" %}')
    with pytest.raises(TemplateSyntaxError, match="colour alone"):
        draw('{% tag " " "red" %}')
    with pytest.raises(TemplateSyntaxError, match="not 'crimson'"):
        draw('{% tag "Started" "crimson" %}')


@pytest.mark.parametrize(("colour", "sign"), [("red", "!"), ("orange", "▲"), ("green", "✓")])
def test_a_colour_that_judges_carries_a_sign(draw, colour, sign):
    assert sign in draw("{% tag 'Word' colour %}", colour=colour)


def test_a_case_header_says_what_is_not_known(draw):
    drawn = draw(
        "{% identity name=name reference='R-1' facts=facts flags=flags dates=dates %}",
        name="<i>Bo</i>",
        facts=[("Phone", None), ("Interpreter", True), ("Letters", False)],
        flags=["Plain", ("Do not write", "red")],
        dates=[("Referred", TODAY), ("Started", None)],
    )
    assert "<bdi>&lt;i&gt;Bo&lt;/i&gt;</bdi>" in drawn
    assert "not recorded" in drawn
    assert "yes" in drawn
    assert "no</bdi>" in drawn
    assert "3 March 2026" in drawn
    assert "not yet" in drawn
    assert "Do not write" in drawn


def test_the_present_section_is_marked(draw):
    items = [
        {"label": "Overview", "url": "/a", "current": True},
        {"label": "Contacts", "url": "/b", "count": 3},
    ]
    drawn = draw("{% sub_navigation items %}", items=items)
    assert drawn.count('aria-current="page"') == 1
    assert '<span class="cw-count">3</span>' in drawn


def test_a_history_runs_from_new_to_old_whatever_order_it_comes_in(draw):
    aware = datetime.datetime(2026, 3, 2, 23, 30, tzinfo=datetime.UTC)
    entries = [
        {"title": "Second", "when": datetime.date(2026, 3, 2)},
        {"title": "Newest", "when": aware, "by": "Bo", "label": ("Reached", "green")},
        {"title": "Oldest", "when": datetime.date(2026, 3, 1), "text": "<b>said</b>", "url": "/x"},
        {"title": "Third", "when": datetime.datetime(2026, 3, 2, 9, 0)},  # noqa: DTZ001
    ]
    drawn = draw("{% timeline entries %}", entries=entries)
    found = re.findall("Newest|Second|Third|Oldest", drawn)
    assert found == ["Newest", "Third", "Second", "Oldest"]
    assert "&lt;b&gt;said&lt;/b&gt;" in drawn
    # Shown by the local clock: half past midnight on the third.
    assert "3 March 2026, 00:30" in drawn
    assert "2 March 2026, 09:00" in drawn


def test_no_history_is_said(draw):
    assert "Nothing has been recorded yet." in draw("{% timeline entries %}", entries=[])


def test_a_summary_row_may_carry_one_link(draw):
    drawn = draw("{% summary_list rows %}", rows=[("A", None), ("B", 1, "Change", "/b")])
    assert "not recorded" in drawn
    assert 'href="/b">Change<span class="govuk-visually-hidden"> B</span>' in drawn
    with pytest.raises(TemplateSyntaxError, match="a row is"):
        draw("{% summary_list rows %}", rows=[("A", 1, "Change")])


def test_tasks_come_by_their_due_day_and_lateness_is_said_in_words(draw):
    tasks = [
        {"due": TODAY + datetime.timedelta(days), "what": f"Task {days}"}
        for days in (5, 1, 0, -1, -3)
    ]
    tasks[0] |= {"who": "Bo", "url": "/bo", "note": "twice", "tag": ("Booked", "teal")}
    drawn = draw("{% task_list tasks today %}", tasks=tasks, today=TODAY)
    assert re.findall(r"Task (-?\d)", drawn) == ["-3", "-1", "0", "1", "5"]
    for words in ("3 days late", "1 day late", "Today", "Tomorrow", "In 5 days"):
        assert words in drawn
    assert drawn.count("cw-task--late") == 2
    assert "Nobody is waiting" in draw("{% task_list tasks today %}", tasks=[], today=TODAY)


def test_a_table_names_its_columns_in_every_cell_for_narrow_screens(draw):
    columns = ["Name", ("Stage", "tag"), ("Referred", "date"), ("Sessions", "number")]
    rows = [
        {"cells": ["<Bo>", ("Started", "green"), TODAY, 0], "url": "/bo"},
        {"cells": ["Ida", None, None, None]},
    ]
    drawn = draw("{% case_table 'Clients' columns rows %}", columns=columns, rows=rows)
    assert '<a class="govuk-link" href="/bo"><bdi>&lt;Bo&gt;</bdi></a>' in drawn
    assert drawn.count('<span class="cw-cell__label" aria-hidden="true">Stage</span>') == 2
    assert drawn.count("not recorded") == 3
    assert "<bdi>0</bdi>" in drawn


def test_an_empty_table_says_so_in_the_page_s_words(draw):
    assert "No clients yet." in draw(
        "{% case_table 'Clients' columns rows empty='No clients yet.' %}", columns=["A"], rows=[]
    )


def test_a_table_with_a_missing_cell_or_an_unknown_kind_is_refused(draw):
    with pytest.raises(TemplateSyntaxError, match="1 cells in a table of 2 columns"):
        draw("{% case_table 'C' columns rows %}", columns=["A", "B"], rows=[{"cells": [1]}])
    with pytest.raises(TemplateSyntaxError, match="not 'money'"):
        draw("{% case_table 'C' columns rows %}", columns=[("A", "money")], rows=[])


def test_a_list_offers_only_the_neighbours_that_it_has(draw):
    drawn = draw("{% next_previous next='?after=7' shown='1 to 25' %}")
    assert 'rel="next" href="?after=7"' in drawn
    assert 'rel="prev"' not in drawn
    assert draw("{% next_previous %}") == ""


def test_a_risky_step_posts_only_when_confirmed(draw):
    drawn = draw(
        "{% interruption 'Send?' points '/send' 'Yes, send' '/back' hidden %}",
        points=["It cannot be called back."],
        hidden=[("letter", "7")],
        csrf_token="abc",
    )
    assert 'method="post" action="/send"' in drawn
    assert 'name="csrfmiddlewaretoken" value="abc"' in drawn
    assert 'name="letter" value="7"' in drawn
    assert 'href="/back"' in drawn


def test_chosen_filters_can_be_taken_away_one_by_one(draw):
    drawn = draw(
        "{% filter_panel form chosen '/all' %}", form=Narrow(), chosen=[("Started", "?b=1")]
    )
    assert 'method="get"' in drawn
    assert 'href="?b=1"' in drawn
    assert 'href="/all"' in drawn
    assert "<details" in drawn
    assert " open>" in drawn


def test_the_two_search_boxes_of_a_page_do_not_share_an_id(draw):
    drawn = draw("{% search_box '/s' typed %}{% search_box '/s' page=False %}", typed="<x>")
    ids = re.findall(r' id="([^"]+)"', drawn)
    assert len(set(ids)) == 2
    assert "&lt;x&gt;" in drawn


def test_a_notice_says_its_kind_in_a_word(draw):
    assert "Problem:" in draw("{% notice 'Text' 'error' %}")
    assert "Look:" in draw("{% notice 'Text' heading='Look' %}")
    with pytest.raises(TemplateSyntaxError, match="not 'loud'"):
        draw("{% notice 'Text' 'loud' %}")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (SimpleNamespace(level_tag="success"), "success"),
        (SimpleNamespace(level_tag="debug"), "info"),
        ("bare", "info"),
    ],
)
def test_django_s_messages_become_notices(draw, message, kind):
    assert draw("{{ message|message_kind }}", message=message) == kind


def test_a_copied_fact_says_when_and_by_whom(draw):
    moment = datetime.datetime(2026, 3, 3, 13, 5, tzinfo=datetime.UTC)
    drawn = draw("{% as_of moment 'the programme side' %}", moment=moment)
    assert "As recorded by the programme side," in drawn
    assert "3 March 2026, 14:05" in drawn
    assert "As of" in draw("{% as_of moment %}", moment=moment)
    assert "Not received yet." in draw("{% as_of moment %}", moment=None)


def test_moments_and_days_are_written_out(draw):
    moment = datetime.datetime(2026, 3, 3, 13, 5, tzinfo=datetime.UTC)
    assert draw("{{ moment|worded }}", moment=moment) == "3 March 2026, 14:05"


def test_a_register_posts_one_answer_per_person(draw):
    people = [
        {"key": "7", "name": "Bo", "value": "absent", "note": "Session 3"},
        {"key": "8", "name": "Ida", "error": "Say whether Ida came.", "url": "/ida"},
    ]
    drawn = draw(
        "{% register people outcomes %}",
        people=people,
        outcomes=[("attended", "Attended"), ("absent", "Absent")],
    )
    assert re.findall(r'name="(outcome-\d)"', drawn) == ["outcome-7"] * 2 + ["outcome-8"] * 2
    assert re.findall(r'value="(\w+)" checked', drawn) == ["absent"]
    assert 'type="submit" name="all" value="attended"' in drawn
    assert "All attended" in drawn
    assert 'aria-describedby="outcome-8-error"' in drawn
    with pytest.raises(TemplateSyntaxError, match="at least one outcome"):
        draw("{% register people outcomes %}", people=people, outcomes=[])


def test_a_chart_comes_with_the_table_of_its_numbers(draw):
    drawing = bar_chart(title="T", description="D", bars=[Bar("A", 18.6, 73, 392)])
    drawn = draw("{% chart drawing %}", drawing=drawing)
    assert "<svg" in drawn
    assert "<td>73/392</td>" in drawn
    assert "<details" in drawn


def test_a_table_of_figures_shows_denominators(draw):
    drawn = draw(
        "{% figures rows 'Figures' %}",
        rows=[{"label": "A", "value": 18.6, "numerator": 73, "denominator": 392, "note": "cut"}],
    )
    assert "<td>73/392</td>" in drawn
    assert '<td class="cw-figures__note">cut</td>' in drawn


def test_leaving_is_a_plain_link_without_script(draw):
    drawn = draw("{% exit_this_page %}")
    assert 'href="/leave/"' in drawn
    assert 'data-closed="/closed/"' in drawn
    assert "noreferrer" in drawn


def test_an_empty_place_offers_the_next_step(draw):
    assert 'href="/load">Load a file' in draw(
        "{% empty_state 'No clients' 'Text' '/load' 'Load a file' %}"
    )
    assert "<a" not in draw("{% empty_state 'No clients' %}")
    assert ">Back</a>" in draw("{% back_link '/x' %}")
