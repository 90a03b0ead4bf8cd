"""Words that can be compared, across forms, spellings and languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.tokens import terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("talks", "talking"),
        ("the U.S. and Russia", "the United States and Russia"),
        ("Zelenskyy's demand", "Zelensky demands"),
        ("Erdoğan", "Erdogan"),
        ("переговоров", "переговоры"),
        ("переговорів", "переговори"),
        ("Путин", "Putin"),
        ("习近平", "Xi Jinping"),
    ],
)
def test_forms_and_spellings_of_one_thing_are_one_term(one, other):
    assert set(terms(one)) & set(terms(other))


def test_words_that_tell_nothing_are_left_out_and_numbers_stay():
    found = terms("The 1,550 warheads of a treaty, or 3.5 percent")
    assert "1550" in found
    assert "3.5" in found
    assert "the" not in found
    assert "of" not in found


def test_chinese_is_told_by_pairs_of_characters():
    assert terms("停火协议") == ("停火", "火协", "协议")
    assert terms("火") == ("火",)


def test_a_single_letter_is_no_term_and_a_digit_is():
    assert terms("b 7") == ("7",)


@given(st.text(max_size=200))
def test_any_text_has_terms_that_are_folded_and_whole(text):
    assert all(term and term == term.strip() for term in terms(text))
