"""Topics in a person's own words, from the first look to the last."""

import json
from datetime import time, timedelta

import pytest

from digests.model.articles import ArticleId
from digests.model.people import Address, ChatId
from digests.model.stories import Placement, StoryId
from digests.ports import Filing, Gathering
from tests.builders import NOON, article

TITLES = (
    "EU widens sanctions on Russian oil",
    "Price cap on Russian crude is lowered",
    "India asks for waiver on Russian oil",
    "Ukraine wins chess cup",
)


@pytest.fixture
async def filed(office):
    news = tuple(
        article(number, title, published=NOON - timedelta(hours=number)) for number, title in enumerate(TITLES, 1)
    )
    await office.archive.save_gathering(Gathering(states=(), gaps=(), articles=news))
    places = tuple(Placement(article=each.id, story=StoryId(each.id), origin="Herald") for each in news)
    await office.archive.save_filing(
        Filing(filed=tuple(ArticleId(each.id) for each in news), matches=(), placements=places, moved={})
    )
    return office


async def test_own_words_are_shown_before_anything_is_followed(filed, ada):
    await ada.says("/subscribe sanctions on Russian oil 09:30")
    offer = await ada.hears("Sanctions on Russian oil")
    assert "I look for sanctions + Russia + oil." in offer.text
    assert "It matches 2 stories this week:" in offer.text
    assert "EU widens sanctions on Russian oil — Northern Herald" in offer.text
    assert "Not matched, but near:\n• India asks for waiver on Russian oil" in offer.text
    assert (await filed.subscription(ada)).topics == ()
    await ada.presses(offer, "Subscribe")
    echo = await ada.hears("Following Sanctions on Russian oil.")
    assert "Every day at 09:30 UTC." in echo.text
    assert [match.article for match in filed.archive.matches] == [2, 1]
    assert (await filed.subscription(ada)).schedule.slots == (time(9, 30),)


async def test_wider_and_narrower_change_the_offer_in_place_and_back(filed, ada):
    await ada.says("/subscribe sanctions on Russian oil 09:30")
    offer = await ada.hears("It matches 2 stories")
    await ada.presses(offer, "Wider")
    wide = await ada.hears("It matches 3 stories")
    assert "Read widely" in wide.text
    await ada.presses(wide, "Narrower")
    await ada.presses(await ada.hears("It matches 2 stories"), "Narrower")
    narrow = await ada.hears("All of it must stand in a headline.")
    await ada.presses(narrow, "Subscribe")
    await ada.hears("Every day at 09:30 UTC.")


async def test_what_is_cancelled_is_forgotten(filed, ada):
    await ada.says("/subscribe sanctions on Russian oil")
    offer = await ada.hears("It matches 2 stories")
    await ada.presses(offer, "Cancel")
    await ada.hears("Nothing was saved.")
    assert (await filed.subscription(ada)).own == ()
    await ada.presses(offer, "Wider")
    await ada.hears("I no longer have those words; write /subscribe and the words again.")
    await filed.people.remove(Address(chat=ChatId(ada.id)))
    await ada.presses(offer, "Cancel")
    await ada.says("/subscriptions")
    await ada.hears("Nothing is followed here")
    assert await filed.subscription(ada) is None


async def test_own_topics_stand_beside_the_shipped_ones_everywhere(filed, ada):
    await ada.says("/subscribe sanctions on Russian oil")
    await ada.presses(await ada.hears("It matches 2 stories"), "Subscribe")
    await ada.hears("Following Sanctions on Russian oil.")
    await ada.says("/subscribe SANCTIONS on russian oil")
    await ada.hears("Already following Sanctions on Russian oil.")
    await ada.says("/subscriptions")
    await ada.hears("• Sanctions on Russian oil")
    await ada.says("/topics")
    await ada.hears("Sanctions on Russian oil ✓ — 2 stories today")
    await ada.says("/topics sanctions on russian oil")
    state = await ada.hears("sanctions, also embargo")
    assert "; Russia, also " in state.text
    assert "…" not in state.text
    await ada.says("/unsubscribe sanctions on russian oil")
    stopped = await ada.hears("Stopped Sanctions on Russian oil.")
    await ada.presses(stopped, "Undo")
    await ada.hears("Following Sanctions on Russian oil.")


async def test_buttons_of_an_offer_are_good_after_a_restart(office, ada):
    await ada.says("/subscribe rare earths")
    offer = await ada.hears("It matches no story of this week.")
    async with office.running():
        await ada.presses(offer, "Subscribe")
        await ada.hears("Following Rare earths.")


async def test_a_slip_of_the_pen_is_asked_about_unless_it_stands_in_quotation_marks(office, ada):
    await ada.says("/subscribe nwe start")
    await ada.hears("Did you mean New START?")
    await ada.says("/subscribe “nwe start”")
    offer = await ada.hears("I look for “nwe start”.")
    assert offer.buttons == ("Subscribe", "Wider", "Narrower", "New START instead", "Cancel")


async def test_what_nobody_writes_about_is_named(filed, ada):
    await ada.says("/subscribe sanctions on <b>Rusian</b> oil 🔥 https://news.example/oil")
    offer = await ada.hears("Sanctions on Rusian oil")
    assert "It matches no story of this week. None names “Rusian”." in offer.text


async def test_a_shipped_topic_that_has_most_of_the_stories_is_offered_instead(office, ada):
    titles = ("СНВ-III ended, Moscow regrets", "Moscow: СНВ-III is history", "Moscow mayor on trams")
    news = tuple(
        article(number, title, published=NOON - timedelta(hours=number)) for number, title in enumerate(titles, 1)
    )
    await office.archive.save_gathering(Gathering(states=(), gaps=(), articles=news))
    places = tuple(Placement(article=each.id, story=StoryId(each.id), origin="Herald") for each in news)
    await office.archive.save_filing(
        Filing(filed=tuple(ArticleId(each.id) for each in news), matches=(), placements=places, moved={})
    )
    await ada.says("/subscribe Moscow")
    assert "New START instead" in (await ada.hears("It matches 3 stories")).buttons
    await ada.says("/subscribe Moscow trams")
    assert not any("instead" in label for label in (await ada.hears("It matches 1 story")).buttons)


async def test_a_single_word_stands_together_with_nothing(office, ada):
    await ada.says("/subscribe football")
    offer = await ada.hears("I look for football.")
    assert "A headline or a text that speaks of it is enough." in offer.text
    await ada.presses(offer, "Narrower")
    narrow = await ada.hears("It must stand in a headline.")
    await ada.presses(offer, "Wider")
    await ada.hears("Read widely: a mention is enough.")
    await ada.presses(narrow, "Subscribe")
    await ada.hears("Following Football.")
    await ada.says("/topics football")
    assert (await ada.hears("Football — quiet today\nfootball")).text.count("football") == 1


async def test_words_that_were_only_tried_are_shown_again_before_anything_is_followed(office, ada):
    for _ in range(2):
        await ada.says("/subscribe rare earths")
        assert "Subscribe" in (await ada.hears("It matches no story of this week.")).buttons
    assert (await office.subscription(ada)).topics == ()


async def test_words_that_were_only_tried_are_exported_as_such(office, ada):
    await ada.says("/subscribe rare earths")
    await ada.presses(await ada.hears("I look for"), "Subscribe")
    await ada.hears("Following Rare earths.")
    await ada.says("/subscribe deep sea cables")
    await ada.hears("I look for")
    await ada.says("/export")
    message = await ada.hears("Everything that is stored on this chat.")
    (stored,) = json.loads(ada.chat.documents[message.id].body)["subscriptions"]
    assert stored["own"] == [["rare earths", "usual"]]
    assert stored["tried"] == [["deep sea cables", "usual"]]


async def test_two_topics_named_beside_each_other_are_both_followed(office, ada):
    await ada.says("/subscribe new start, ukraine talks 8:00, 18:30")
    echo = await ada.hears("Following New START.\nFollowing Ukraine talks.")
    assert "Every day at 08:00 and 18:30 UTC." in echo.text
    assert (await office.subscription(ada)).topics == ("new-start", "ukraine-talks")
    await ada.says("/subscribe New START and China–Russia")
    await ada.hears("Already following New START.\nFollowing China–Russia.")
    await ada.says("/subscribe new start, rare earths")
    await ada.hears("I look for")


async def test_a_chinese_name_with_a_word_that_adds_little_is_asked_about(office, ada):
    await ada.says("/subscribe 中俄关系")
    await ada.presses(await ada.hears("Did you mean China–Russia?"), "China–Russia")
    await ada.hears("Following China–Russia.")
    await ada.says("/subscribe 中俄天然气管道")
    await ada.hears("I look for")


async def test_a_question_is_led_to_the_topic_of_which_it_names_most(office, ada):
    await ada.says("/subscribe who mediates the talks between china and ukraine")
    assert "Ukraine talks instead" in (await ada.hears("I look for")).buttons


async def test_words_without_anything_in_them_are_refused(office, ada):
    await ada.says("/subscribe about the")
    await ada.hears("What shall it be about?")
    await ada.says("/subscribe 08:00")
    await ada.hears("Which topic? Name it before the time")
