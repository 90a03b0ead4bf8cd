"""A second headline is worth its place where it tells more, not where it says the first one again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.editing.repetition import adds, told

HEADLINE = "Norland resumes large-scale strikes on Brill harbour in freezing weather"


@pytest.mark.parametrize(
    "title",
    [
        "Norland resumes large-scale strikes on Brill harbour in glacial temperatures",  # other words of one sense
        "Norland resumes strikes on Brill",
        "Brill harbour hit by large-scale strikes, dockers gloomy in freezing weather",
        "Norland Resumes Large-Scale Strikes On Brill Harbour Amid Gloomy Glacial Nights",  # its capitals name nobody
        "Norland resumes large-scale strikes on ‘Brill harbour’ fog, gloom",  # a quotation that was told
    ],
)
def test_the_same_again_adds_nothing(title):
    assert not adds(title, told([HEADLINE]))


@pytest.mark.parametrize(
    "title",
    [
        "Bishop of Hallow asks fishermen for blankets",  # something else altogether
        "Strikes on Brill harbour in freezing weather leave 140 trawlers sunk, ropes torn",
        "Strikes on Brill harbour in freezing weather leave thousands of dockers homeless",
        "Sudland condemns large-scale strikes on Brill harbour, recalls dockers",
        "Strikes on Brill harbour called ‘arson’ and theft",
        "Strikes on Brill harbour in freezing weather sink trawler Seagull, dockers say",
    ],
)
def test_another_matter_an_amount_a_stance_a_quotation_and_a_name_add(title):
    assert adds(title, told([HEADLINE]))


def test_that_what_was_told_is_denied_always_adds():
    before = told(["Son of a prince on trial in Brill over theft"])
    assert adds("Son of a prince denies theft at trial in Brill", before)
    assert not adds("Son of a prince denies theft", told(["Son of a prince on trial", "Prince’s son denies theft"]))


def test_a_year_and_two_letters_are_neither_an_amount_nor_a_name():
    assert not adds("Strikes on Brill harbour in freezing weather of 2026 sink DJ trawlers", told([HEADLINE]))


def test_a_name_of_which_a_part_was_told_is_not_new():
    before = told(["Lowell buys trawler company of Brill harbour"])
    assert not adds("Ann Lowell purchases trawler company of harbour to shine", before)
    assert adds("Lowell seizes company of Brill from Seagull and Tern", before)


def test_what_was_told_by_a_sentence_is_told():
    assert adds("Bishop of Hallow asks fishermen for blankets", told([HEADLINE]))
    assert not adds(
        "Bishop of Hallow begs fishermen for blankets", told([HEADLINE, "Hallow’s bishop asks fishermen for blankets"])
    )


def test_a_title_without_terms_adds_nothing():
    assert not adds("", told([]))
    assert not adds("The and of", told([]))


@given(
    st.lists(
        st.sampled_from(
            [
                "Envoys",
                "of",
                "Norland",
                "sign",
                "40",
                "‘pacts’",
                "in",
                "Brill’s",
                "harbour",
                "denies",
                "Hallow",
                "The",
                "a",
            ]
        ),
        max_size=14,
    )
)
def test_no_title_adds_to_itself(parts):
    title = " ".join(parts)
    assert not adds(title, told([title]))
