"""Articles in different languages meet in one story by names, acts, numbers and days, and by nothing less."""

from datetime import timedelta

import pytest

from digests.filing.languages import FEATURES_ACROSS, evidence_across
from digests.filing.sheets import sheet_of
from digests.filing.stories import Desk
from digests.filing.weights import ACROSS
from digests.model.articles import ArticleId
from digests.model.names import Kind, Name, NameId
from digests.text.names import Names
from tests.builders import NOON, article, outlet

NAMES = Names(
    [
        Name(id=NameId("orel"), kind=Kind.PERSON, aliases=("Orel", "Орел", "奥列尔")),
        Name(id=NameId("vesna"), kind=Kind.PERSON, aliases=("Vesna", "Весна", "韦斯娜")),
        Name(id=NameId("brill"), kind=Kind.PLACE, aliases=("Brill", "Брилл", "布里尔")),
        Name(id=NameId("hallow"), kind=Kind.PLACE, aliases=("Hallow", "Галлоу", "哈洛")),
    ]
)


def sheets(*titles, first=1, hours=0.0):
    return [
        sheet_of(article(n, title, of=outlet(f"Paper {n}"), published=NOON + timedelta(hours=hours)), NAMES)
        for n, title in enumerate(titles, first)
    ]


def stories(*titles):
    said = Desk().group({}, sheets(*titles), ()).stories
    return [said[ArticleId(n)] for n in range(1, len(titles) + 1)]


def test_every_kind_of_evidence_across_languages_has_a_weight():
    assert len(FEATURES_ACROSS) == len(ACROSS)


@pytest.mark.parametrize(
    ("english", "others"),
    [
        (
            "Orel expels 43 diplomats over spying in Brill",
            (
                "Орел выслал 43 дипломата за шпионаж в Брилле",
                "Орел вислав 43 дипломатів за шпигунство в Бриллі",
                "奥列尔驱逐布里尔43名外交官 涉间谍案",
            ),
        ),
    ],
)
def test_one_event_told_in_four_languages_is_one_story(english, others):
    for other in others:
        one, two = stories(english, other)
        assert one == two, other


def test_two_languages_that_share_letters_are_two_languages():
    one, two = stories(
        "Орел выслал 43 дипломата за шпионаж в Брилле", "Орел вислав 43 дипломатів за шпигунство в Бриллі"
    )
    assert one == two
    one, two = stories("Орел объявил о договоре с городом", "Орел объявил о договоре с городом в Бриллі")
    assert one != two


@pytest.mark.parametrize(
    "other",
    [
        "Весна выслала 12 дипломатов из Галлоу",
        "Орел прибыл в Брилл",
        "При взрыве в Галлоу погибли 43 человека",
        "韦斯娜在哈洛会见大使",
    ],
)
def test_another_event_of_the_same_days_stays_another_story(other):
    one, two = stories("Orel expels 43 diplomats over spying in Brill", other)
    assert one != two


def test_the_same_words_more_than_three_days_apart_are_two_stories():
    desk = Desk()
    first = desk.group({}, sheets("Orel expels 43 diplomats over spying in Brill"), ()).stories
    late = sheets("Орел выслал 43 дипломата за шпионаж в Брилле", first=2, hours=73)
    assert desk.group(first, late, ()).stories[ArticleId(2)] != first[ArticleId(1)]


def test_what_everyone_tells_finds_nobody():
    crowd = [f"Орел в Брилле {n}" for n in range(1, 40)]
    english = "Orel in Brill"
    said = stories(*crowd, english)
    assert said.count(said[-1]) == 1


def test_who_has_left_the_window_is_met_no_more():
    desk = Desk()
    first = desk.group({}, sheets("Orel expels 43 diplomats over spying in Brill"), ()).stories
    assert first
    later = desk.group({}, sheets("Орел выслал 43 дипломата за шпионаж в Брилле", first=2), ()).stories
    assert set(later) == {ArticleId(2)}


def test_the_evidence_is_the_same_from_both_sides():
    one, two = sheets("Orel meets Vesna in Brill", "Весна в Галлоу: погибли двое")
    rarity = dict.fromkeys(one.meant_told | two.meant_told, 3.0)
    assert evidence_across(one, two, rarity) == evidence_across(two, one, rarity)
    told = dict(zip(FEATURES_ACROSS, evidence_across(one, two, rarity), strict=True))
    assert told["other_places"]
    assert told["people"]
