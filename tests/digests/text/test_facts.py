"""What a sentence states: figures with what they count, names, places, acts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.facts import Act, Stage, facts, figures


def counted(text):
    return [(each.value, each.unit) for each in figures(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The strike kills 12 people and wounds at least thirty", [(12, ""), (30, "")]),
        ("Norland approves $1.2 billion in arms for Sudland", [(1.2e9, "$")]),
        ("A €90bn loan and 5.5% growth", [(90e9, "€"), (5.5, "%")]),
        ("EUR 40 million for Hallow", [(40e6, "€")]),
        ("1,500 troops left, 12 500 stay", [(1500, ""), (12500, "")]),
        ("Two thousand lorries wait", [(2000, "")]),
        ("Ціна зросла до 1,5 млн доларів", [(1.5e6, "$")]),
        ("Погибли 5 человек, еще 2 тысячи без света", [(5, ""), (2000, "")]),
        ("Бюджет — 3 миллиарда рублей и 10 процентов", [(3e9, "₽"), (10, "%")]),
        ("双方交换300名战俘，价值2亿美元", [(300, ""), (2e8, "$")]),
    ],
)
def test_figures_are_read_with_scale_and_unit(text, found):
    assert counted(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "An 11-year-old of the 80th brigade",
        "F-16 jets at 10:30, No. 10, 10 a.m.",
        "On Feb. 4, 2026 and on 17 February",
        "4–5 февраля 2026 года",
        "2月4日",
        "One of them left",
        "A mast of 40m",
        "version 3.2.1",
    ],
)
def test_dates_times_ages_and_names_with_digits_are_no_figures(text):
    assert counted(text) == []


def test_a_figure_knows_what_it_counts_and_where_it_stands():
    text = "Drones killed 12 people and wounded 30 in Brill; prisoners: 40."
    dead, hurt, bare = figures(text)
    assert {"dead", "peopl"} <= dead.counts
    assert hurt.counts == {"wound"}
    assert bare.counts == frozenset()
    assert figures("12 of the lorries")[0].counts == {"lorri"}
    assert text[dead.start : dead.end] == "12"


def test_names_and_places_of_a_sentence_are_told_but_not_what_only_opens_it():
    found = facts(
        "Envoys of Norland met Ada Quist at length in Port Hallow on Friday, NATO said, the AP reported. Rain fell."
    )
    assert found.places == {("port", "hallow")}
    assert {("norland",), ("ada", "quist"), ("nato",)} <= found.names
    assert ("rain",) not in found.names
    assert ("envoy",) not in found.names


def test_a_title_in_capitals_tells_no_names():
    assert facts("Norland And Sudland Sign Ceasefire Deal In Hallow").names == frozenset()


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Norland signed the treaty", Act(name="sign", stage=Stage.DONE)),
        ("Norland to sign the treaty", Act(name="sign", stage=Stage.AHEAD)),
        ("Norland will probably sign", Act(name="sign", stage=Stage.AHEAD)),
        ("Norland did not sign", Act(name="sign", stage=Stage.NOT)),
        ("If asked, Norland signs", Act(name="sign", stage=Stage.DONE)),
        ("Стороны подписали соглашение", Act(name="sign", stage=Stage.DONE)),
        ("Сторони можуть відкласти зустріч", Act(name="postpone", stage=Stage.AHEAD)),
        ("双方签署条约", Act(name="sign", stage=Stage.DONE)),
    ],
)
def test_acts_are_told_with_how_far_they_got(text, act):
    assert act in facts(text).acts


def test_days_of_a_month_are_told_without_their_year():
    assert facts("On 4 February, Feb. 5th at noon, 3月7日, by June").days == {(2, 4), (2, 5), (3, 7), (6, 0)}
    assert facts("13月1日 and May 40").days == frozenset()


def test_the_noun_of_an_act_does_not_say_that_it_was_done():
    assert Act(name="expire", stage=Stage.NAMED) in facts("The expiry of the treaty").acts


@given(st.text(max_size=300))
def test_any_text_has_facts_and_figures_stand_in_it(text):
    for figure in facts(text).figures:
        assert 0 <= figure.start < figure.end <= len(text)
        assert figure.value >= 0
