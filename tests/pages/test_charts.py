import re
from xml.etree import ElementTree

import pytest

from casewall.pages.charts import (
    Bar,
    Point,
    Series,
    Stage,
    amount,
    bar_chart,
    flow_chart,
    standalone,
    wave_chart,
    wrapped,
)


def bars(*given: Bar, **settings):
    return bar_chart(title="Title", description="Description", bars=given, **settings)


def waves(*given: Series, names=("Before", "After"), minimum=0, maximum=10):
    return wave_chart(
        title="Title",
        description="Description",
        waves=names,
        series=given,
        minimum=minimum,
        maximum=maximum,
    )


def flow(*given: Stage):
    return flow_chart(title="Title", description="Description", stages=given)


ALL = [
    bars(
        Bar("Police <b>", 18.6, 73, 392, 15.1, 22.8),
        Bar("Own", None, note="too few"),
        Bar("Mean", 4.0, None, 12),
        Bar("Count", 5, 5),
        Bar("Bare", 5),
    ),
    waves(Series("Group", [Point(3, 2, 4, 9), Point(5)]), Series("Alone", [None, Point(4, 3, 5)])),
    waves(Series("Only one", [Point(3, 2, 4, 9), Point(5)])),
    flow(Stage("Referred", 392), Stage("Started", None), Stage("Completed", 107, "a note")),
]


@pytest.mark.parametrize("drawing", ALL)
def test_a_chart_is_named_and_described_for_people_who_do_not_see_it(drawing):
    root = ElementTree.fromstring(standalone(drawing))  # noqa: S314 (our own text)
    assert root.attrib["role"] == "img"
    title, description, *_ = list(root)
    assert root.attrib["aria-labelledby"].split() == [
        title.attrib["id"],
        description.attrib["id"],
    ]
    assert (title.text, description.text) == ("Title", "Description")


@pytest.mark.parametrize("drawing", ALL)
def test_a_chart_obeys_a_content_policy_without_inline_styles(drawing):
    assert "style" not in drawing.svg
    assert "<script" not in drawing.svg
    assert 'direction="ltr"' in drawing.svg
    assert 'class="cw-chart"' in drawing.svg


@pytest.mark.parametrize("drawing", ALL)
def test_a_chart_s_table_has_a_cell_for_every_column(drawing):
    assert drawing.rows
    assert {len(row) for row in drawing.rows} == {len(drawing.columns)}


def test_labels_are_escaped():
    assert "<b>" not in ALL[0].svg
    assert "Police &lt;b&gt;" in ALL[0].svg


def test_a_bar_stands_with_its_numerator_and_denominator():
    drawing = bars(Bar("Declined", 18.62, 73, 392, 15.1, 22.8))
    assert "18.6% (73/392)" in drawing.svg
    assert drawing.rows == (("Declined", "18.6%", "73/392", "15.1 to 22.8%", ""),)


def test_a_bar_s_length_is_its_share_of_the_scale():
    assert 'width="25%"' in bars(Bar("A", 25)).svg
    assert 'width="50%"' in bars(Bar("A", 25), maximum=50).svg
    assert 'width="100%" height="18"' in bars(Bar("A", 25, low=1, high=25), unit="hours").svg


def test_the_longest_interval_sets_the_scale_of_amounts():
    assert 'width="50%" height="18"' in bars(Bar("A", 10, low=5, high=20), unit="hours").svg


def test_bars_of_nothing_but_zero_are_drawn():
    assert 'width="0%"' in bars(Bar("A", 0), unit="hours").svg
    assert bars(unit="hours").rows == ()


def test_a_suppressed_bar_gives_no_length_away():
    with_value, without = bars(Bar("A", 90)), bars(Bar("A", None, 3, 5))
    assert "not shown" in without.svg
    assert "3/5" not in without.svg
    assert len(re.findall("<rect", without.svg)) == len(re.findall("<rect", with_value.svg)) - 1


def test_an_amount_without_a_denominator_says_so():
    assert "no denominator" in bars(Bar("A", 5)).svg
    assert "n = 12" in bars(Bar("A", 5, None, 12)).svg
    assert "n = 7" in bars(Bar("A", 5, 7)).svg


@pytest.mark.parametrize("bar", [Bar("A", -1), Bar("A", 101), Bar("A", 50, low=-2, high=60)])
def test_a_bar_outside_its_scale_is_refused(bar):
    with pytest.raises(ValueError, match=r"A: .* is outside the scale 0 to 100"):
        bars(bar)


def test_lines_differ_in_marker_and_dash_and_not_in_colour_alone():
    both = waves(Series("A", [Point(1), Point(2)]), Series("B", [Point(3), Point(4)]))
    assert "stroke-dasharray" in both.svg
    assert "<circle" in both.svg
    assert '<rect x="-6"' in both.svg


def test_a_wave_that_was_not_asked_breaks_the_line():
    names = ("Before", "After", "Later")
    whole = waves(Series("A", [Point(1), Point(2), Point(3)]), names=names)
    broken = waves(Series("A", [Point(1), None, Point(3)]), names=names)
    # Five grid lines and one in the key; between three points, two pieces or none.
    assert whole.svg.count("<line") == 8
    assert broken.svg.count("<line") == 6
    assert broken.rows[1] == ("A", "After", "not shown", "", "")


def test_a_single_line_carries_its_values():
    assert ">5</text>" in waves(Series("A", [Point(3), Point(5)]), maximum=9).svg


def test_higher_values_lie_higher():
    drawing = waves(Series("A", [Point(0), Point(10)]))
    assert re.search(r'<line x1="33%" y1="234" x2="71%" y2="14"', drawing.svg)


@pytest.mark.parametrize(
    ("given", "names", "scale", "sentence"),
    [
        ([Series("A", [Point(1)])], ("Before", "After"), (0, 10), "A: 1 points for 2 waves"),
        ([Series("A", [Point(11)])], ("Before",), (0, 10), "A: 11 is outside the scale 0 to 10"),
        ([Series("A", [])], (), (0, 10), "at least one wave"),
        ([Series("A", [Point(1)])], ("Before",), (3, 3), "scale from 3 to 3 is empty"),
        ([Series("A", [None])] * 5, ("Before",), (0, 1), "5 lines cannot be told apart"),
    ],
)
def test_waves_that_do_not_fit_are_refused(given, names, scale, sentence):
    with pytest.raises(ValueError, match=sentence):
        waves(*given, names=names, minimum=scale[0], maximum=scale[1])


def test_a_flow_says_the_share_of_the_first_and_of_the_one_before():
    drawing = flow(Stage("Referred", 400), Stage("Started", 200), Stage("Completed", 50))
    assert drawing.rows[2] == ("Completed", "50", "12.5%", "25%", "")
    assert "50, 12.5% of the first" in drawing.svg


def test_a_flow_does_not_tell_a_suppressed_stage_by_its_neighbours():
    drawing = flow(Stage("Referred", 400), Stage("Started", None), Stage("Completed", 50))
    assert drawing.rows[1][1:4] == ("not shown", "", "")
    assert drawing.rows[2][1:4] == ("50", "12.5%", "")


@pytest.mark.parametrize("count", [-1, 401])
def test_a_stage_that_cannot_be_a_part_is_refused(count):
    with pytest.raises(ValueError, match="cannot be a part of 400"):
        flow(Stage("Referred", 400), Stage("Started", count))


def test_a_flow_of_nobody_is_drawn():
    assert flow(Stage("Referred", 0), Stage("Started", 0)).rows[1][2] == ""
    assert flow().rows == ()


def test_a_chart_for_a_report_has_a_width_of_its_own():
    text = standalone(bars(Bar("A", 1)), width=500)
    assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="500"')
    assert text.count("xmlns") == 1


def test_two_charts_on_a_page_do_not_share_ids():
    first, second = bars(Bar("A", 1)), bars(Bar("A", 2))
    assert re.findall('id="[^"]+"', first.svg) != re.findall('id="[^"]+"', second.svg)
    assert first.svg == bars(Bar("A", 1)).svg


@pytest.mark.parametrize(
    ("text", "letters", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("immeasurably long", 5, ["immeasurably", "long"]),
        ("", 5, [""]),
    ],
)
def test_labels_break_between_words(text, letters, lines):
    assert wrapped(text, letters) == lines


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (18.62, "%", "18.6%"),
        (20.0, "%", "20%"),
        (1234.5, "hours", "1,234.5 hours"),
        (3, "", "3"),
        (None, "%", "not shown"),
    ],
)
def test_amounts_carry_one_decimal_and_their_unit(value, unit, words):
    assert amount(value, unit) == words
