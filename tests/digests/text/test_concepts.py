"""What headlines mean in words of no language."""

import pytest

from digests.text.concepts import meanings, script
from digests.text.tokens import terms


def meant(text):
    return meanings(text, terms(text))


@pytest.mark.parametrize(
    ("told", "texts"),
    [
        (
            {"~quake", "~dead", "#31"},
            ("Earthquake kills 31", "Жертвами землетрясения, погиб 31 человек", "地震致31人死亡"),
        ),
        (
            {"~flood", "#2500"},
            ("Floods hit 2,500", "Повінь: 2500 осіб", "Наводнение: 2,5 тыс. человек", "洪灾致2500人无家可归"),
        ),
        ({"~loan", "#3.5e+10"}, ("Loan of $35bn", "Кредит на 35 млрд", "Позика у 35 мільярдів", "350亿美元贷款")),
        (
            {"~deport", "~diplomat", "#3"},
            ("Three diplomats expelled", "Высланы трое дипломатов", "Вислано трьох дипломатів"),
        ),
        ({"~conscript", "#150000"}, ("150,000 conscripts", "призыв: 150 тыс.", "призов: 150 000 осіб", "征兵15万人")),
    ],
)
def test_the_same_means_the_same_in_every_language(told, texts):
    for text in texts:
        assert told <= meant(text), text


def test_a_short_beginning_stands_for_itself_only():
    assert "~gas" in meant("Gas flows again")
    assert "~gas" not in meant("Gaspard flows again")


def test_names_and_small_words_mean_nothing_here():
    assert meant("Vesna and Orel, of the old town") == frozenset()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Talks in Brill", "en"),
        ("Переговоры в Брилле", "ru"),
        ("Переговори в Бриллі", "uk"),
        ("会谈在GPS", "zh"),
        ("", "en"),
    ],
)
def test_a_language_is_known_by_its_letters(text, written):
    assert script(text) == written
