"""Figures of two texts: which count the same, and which of those cannot both be right."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.counts import comparable, counts, differ, same_terms, unambiguous


def one(text):
    (found,) = counts(text)
    return found


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("A strike on Odesa killed five people", "Five people were killed"),
        ("The sides exchanged 314 prisoners", "Envoys exchanged 157 prisoners"),
        ("Russia launched 120 drones at Ukraine", "Russia launched 90 drones at Ukraine"),
    ],
)
def test_figures_of_the_same_things_in_the_same_act_can_be_compared(text, other):
    left, right = counts(text)[-1], counts(other)[-1]
    assert comparable(left, right) == (left.acts == right.acts and left.counted == right.counted)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Russia launched 120 drones", "Ukraine launched 90 drones"),
        ("The strike killed 5 people", "The strike wounded 5 people"),
        ("The sides exchanged 314 prisoners", "The sides exchanged 314 letters"),
        ("Kyiv received $5 billion in supplies delivered", "Kyiv received 5 billion euros in supplies delivered"),
    ],
)
def test_figures_of_other_things_acts_parties_or_units_are_never_compared(text, other):
    assert not any(comparable(left, right) for left in counts(text) for right in counts(other))


@pytest.mark.parametrize("text", ["There are 12 reasons", "The talks ended after 3 hours", "They met on 4 February"])
def test_a_figure_that_says_too_little_is_left_out(text):
    assert counts(text) == ()


@pytest.mark.parametrize(
    ("text", "other", "different"),
    [
        ("The strike killed 15 miners", "The strike killed 12 miners", True),
        ("The strike killed 15 miners", "The strike killed 15 miners", False),
        ("The strike killed at least 12 miners", "The strike killed 15 miners", False),
        ("The strike killed 12 miners", "The strike killed at least 15 miners", True),
        ("The strike killed about 12 miners", "The strike killed 15 miners", False),
        ("The strike killed 98 miners", "The strike killed 100 miners", False),
        ("The strike killed 60 miners", "The strike killed 100 miners", True),
    ],
)
def test_a_bound_or_a_rounding_is_no_difference(text, other, different):
    assert comparable(one(text), one(other))
    assert differ(one(text), one(other)) is different


def test_a_figure_keeps_a_few_of_its_own_words_on_either_side():
    assert (
        one("Officials in Odesa say the strike killed 15 miners on their way home").words
        == "the strike killed 15 miners on their way"
    )


def test_what_a_text_counts_twice_and_differently_counts_for_nothing():
    said = counts("The strike killed 5 miners. The second strike killed 7 miners. Envoys exchanged 90 captives.")
    assert [each.value for each in unambiguous(said)] == [90.0]


def test_terms_do_not_mind_case_order_and_endings():
    assert same_terms("Talks resume", "resumed TALKS")
    assert not same_terms("Talks resume", "Talks end")


@given(
    st.lists(
        st.sampled_from(
            [
                "The",
                "strike",
                "killed",
                "at",
                "least",
                "12",
                "15",
                "120",
                "miners",
                "people",
                ",",
                "and",
                "of",
                "Russia",
                "Ukraine",
                "launched",
                "drones",
                "%",
                "$5",
                ".",
            ]
        ),
        max_size=16,
    ).map(" ".join)
)
def test_whatever_the_text_comparison_has_no_direction_and_nothing_differs_from_itself(text):
    found = counts(text)
    for left, right in combinations(found, 2):
        assert comparable(left, right) == comparable(right, left)
        assert differ(left, right) == differ(right, left)
    assert not any(differ(each, each) for each in found)
