"""How a word of a topic may stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.inflection import spellings


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Putin", ("Putin",)),
        ("Orbán", ("Orbán",)),
        ("习近平", ("习近平",)),
        ("pipeline", ("pipeline", "pipelines")),
        ("pipelines", ("pipeline", "pipelines")),
        ("tax", ("tax", "taxes")),
        ("launch", ("launch", "launches")),
        ("glass", ("glass", "glasses")),
        ("companies", ("company", "companies")),
        ("war", ("war", "wars")),
        ("company", ("company", "companies")),
        ("РФ", ("РФ",)),
        ("Россия", ("Росси*",)),
        ("Российский", ("Российск*",)),
        ("Северная Корея", ("Северн* Коре*",)),
        ("Глава РФ", ("Глав* РФ",)),
    ],
)
def test_is_spelt(phrase, expected):
    assert spellings(phrase) == expected


def test_a_short_stem_takes_only_endings_of_cases():
    assert {"Куба", "Кубы", "Кубой"} <= set(spellings("Куба"))
    assert not any(each.endswith("*") for each in spellings("Куба"))


@given(st.text(min_size=1))
def test_there_is_always_a_spelling(phrase):
    assert spellings(phrase)
