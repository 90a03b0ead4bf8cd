"""Finding phrases: case, endings, Chinese, sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.filing.phrases import PhraseIndex, words


def found(phrases, text):
    return [each.phrase for each in PhraseIndex(phrases).find(words(text))]


def test_initials_are_the_short_form():
    assert [word.written for word in words("U.S. and U.N. agree")] == ["US", "and", "UN", "agree"]


def test_a_possessive_is_the_word_itself():
    assert [word.folded for word in words("Ukraine’s envoy, Kyiv's offer")] == ["ukraine", "envoy", "kyiv", "offer"]


def test_an_apostrophe_inside_a_ukrainian_word_stays():
    assert [word.folded for word in words("перемирʼя")] == ["перемир'я"]


def test_sentences_end_at_points_but_not_after_an_initial():
    assert [word.sentence for word in words("John J. Smith left. Others stayed?\nYes")] == [0, 0, 0, 0, 1, 1, 3]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("US", "What the US wants"),
        ("US", "U.S. envoy lands"),
        ("Xi", "Xi's visit"),
        ("peace talks", "PEACE TALKS RESUME"),
        ("peace talks", "peace-talks venue"),
        ("переговор*", "О переговорах в Женеве"),
        ("мирн* переговор*", "мирные переговоры"),
        ("end * war", "A plan to end Russia's war"),
        ("和谈", "双方和谈开始"),
        ("People's Army", "the people’s army says"),
        ("Ann, Bob and Cid", "Ann, Bob and Cid"),
        ("peace talks", "“peace” talks"),
    ],
)
def test_is_found(phrase, text):
    assert found([phrase], text) == [phrase]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("US", "tell us more"),
        ("Xi", "the first XI"),
        ("New START", "a new start for all"),
        ("peace talks", "They want peace. Talks begin."),
        ("peace talks", "talks about peace"),
        ("end * war", "end war"),
        ("end * war", "the end"),
        ("peace talks", "peace"),
        ("peace talks", "They want peace, talks or not"),
        ("peace talks", "At peace – talks go on"),
    ],
)
def test_is_not_found(phrase, text):
    assert found([phrase], text) == []


def test_overlapping_phrases_are_all_found():
    assert found(["peace", "peace talks", "talks"], "Peace talks") == ["peace", "peace talks", "talks"]


def test_a_phrase_without_a_word_is_never_found():
    assert found(["—", "peace"], "— peace") == ["peace"]


@given(st.text())
def test_words_can_be_read_from_any_text(text):
    sentences = [word.sentence for word in words(text)]
    assert sentences == sorted(sentences)


@given(st.lists(st.from_regex(r"[a-zа-я]{4,9}", fullmatch=True), min_size=1, max_size=4), st.text(), st.text())
def test_a_phrase_is_found_wherever_it_stands(phrase, before, after):
    phrase = " ".join(phrase)
    assert phrase in found([phrase], f"{before} \n {phrase} \n {after}")
