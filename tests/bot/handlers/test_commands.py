from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.views.schedule import when
from config.gazetteer import load_names
from digests.editing.compose import Composer
from digests.editing.positions import Speakers
from digests.model.answers import Standing
from digests.model.people import Address, ChatId, Edition, Schedule
from digests.model.stories import Placement, StoryId, Window
from digests.model.topics import Match
from digests.ports import Filing, Gathering
from tests.bot.handlers.office import TOPICS
from tests.builders import NOON, article


async def test_subscribing_without_time_or_city_says_that_both_are_the_usual_ones(office, ada):
    await ada.says("/subscribe ukraine talks")
    echo = await ada.hears("Following Ukraine talks.")
    assert "The usual time is 08:00; /time changes it." in echo.text
    assert "Every day at 08:00 UTC." in echo.text
    assert "Next: tomorrow, Thu 08:00 UTC." in echo.text
    assert "Times are UTC until you choose a city." in echo.text
    await ada.presses(echo, "Kyiv")
    assert "Next: tomorrow, Thu 08:00 Kyiv." in (await ada.hears("Kyiv")).text
    assert (await office.subscription(ada)).schedule.zone == "Europe/Kyiv"


async def test_a_time_after_subscribe_holds_for_the_whole_chat_and_says_so(office, ada):
    await ada.says("/subscribe new start 08:00 6:30pm")
    echo = await ada.hears("Following New START.")
    assert "These times now hold for all topics of this chat:" in echo.text
    assert "Every day at 08:00 and 18:30 UTC." in echo.text
    assert "Next: today, Wed 18:30 UTC." in echo.text


async def test_one_who_has_times_is_not_told_of_the_usual_one(office, ada):
    await ada.says("/time 9:00")
    await ada.says("/subscribe new start")
    echo = await ada.hears("Following New START.")
    assert "usual" not in echo.text
    assert "Every day at 09:00 UTC." in echo.text


async def test_time_takes_several_times_and_timezone_a_city(office, ada):
    await ada.says("/subscribe new start")
    await ada.says("/time 20:30 08.00")
    await ada.hears("Every day at 08:00 and 20:30 UTC.\nNext: today, Wed 20:30 UTC.")
    await ada.says("/timezone kiev")
    await ada.hears("Every day at 08:00 and 20:30 Kyiv.\nNext: today, Wed 20:30 Kyiv.")
    await ada.says("/subscriptions")
    await ada.hears("Following\n• New START\nEvery day at 08:00 and 20:30 Kyiv.")
    assert (await office.subscription(ada)).schedule.slots == (time(8), time(20, 30))


async def test_time_and_timezone_alone_offer_choices(office, ada):
    await ada.says("/time")
    await ada.presses(await ada.hears("Now: 08:00 UTC.\nWhen shall the digest come?"), "20:00")
    echo = await ada.hears("Once a topic is followed: every day at 20:00 UTC.")
    await ada.presses(echo, "City")
    await ada.presses(await ada.hears("Which city’s time?"), "UTC")
    await ada.says("/timezone")
    choice = await ada.hears("Now: UTC.\nWhich city’s time?")
    await ada.presses(choice, "Kyiv")
    await ada.presses(await ada.hears("every day at 20:00 Kyiv"), "Time")
    await ada.hears("Now: 20:00 Kyiv.")
    await ada.presses(choice, "UTC")
    await ada.hears("every day at 20:00 UTC")
    assert (await office.subscription(ada)).schedule.zone == "UTC"


async def test_a_country_or_an_abbreviation_of_several_times_is_asked_about(office, ada):
    await ada.says("/timezone USA")
    choice = await ada.hears("“USA” has more than one time. Which city’s?")
    await ada.presses(choice, "Chicago")
    await ada.hears("every day at 08:00 Chicago.")
    await ada.says("EST")
    await ada.presses(await ada.hears("EST is the time of more than one place. Which city’s?"), "New York")
    await ada.hears("every day at 08:00 New York.")
    await ada.says("/timezone Kyiv, Ukraine")
    await ada.hears("every day at 08:00 Kyiv.")


async def test_a_location_sets_the_zone(office, ada):
    await ada.sends_location(48.5, 34.9)
    await ada.hears("Once a topic is followed: every day at 08:00 Dnipro.")
    assert (await office.subscription(ada)).schedule.zone == "Europe/Kyiv"


async def test_unsubscribing_can_be_undone(office, ada):
    await ada.says("/subscribe new start")
    await ada.says("/subscribe china russia")
    await ada.says("/unsubscribe new start")
    echo = await ada.hears("Stopped New START. Still following: China–Russia.")
    assert (await office.subscription(ada)).topics == ("china-russia",)
    await ada.presses(echo, "Undo")
    assert (await ada.hears("Following New START.")).id == echo.id
    assert (await office.subscription(ada)).topics == ("china-russia", "new-start")


async def test_unsubscribe_alone_offers_what_is_followed(office, ada):
    await ada.says("/unsubscribe")
    await ada.hears("nothing to stop")
    await ada.says("/subscribe new start")
    await ada.says("/unsubscribe")
    choice = await ada.hears("Which topic do you want to stop?")
    assert choice.buttons == ("New START",)
    await ada.presses(choice, "New START")
    await ada.hears("Nothing is followed here any more.")
    await ada.says("/unsubscribe new start")
    await ada.hears("New START was not followed here.")


async def test_the_catalogue_has_each_topic_with_its_line_and_a_card(office, ada):
    await ada.says("/topics")
    catalogue = await ada.hears("Ukraine talks — quiet today\nWhat happens about Ukraine talks.")
    await ada.presses(catalogue, "New START")
    card = await ada.hears("The background of New START.")
    await ada.presses(card, "Subscribe")
    await ada.hears("Following New START.")
    await ada.says("/topics new-start")
    card = await ada.hears("The background of New START.")
    assert card.buttons == ("Unsubscribe", "Latest")
    await ada.presses(card, "Latest")
    await ada.hears("New START — 2 stories")


async def test_the_catalogue_counts_as_many_stories_as_a_digest_of_the_topic_would_have(office, ada):
    titles = (
        "Inspectors return to desert silos under СНВ-III",
        "Senate panel debates bomber money beside СНВ-III",
        "Submarine patrols doubled off Iceland as СНВ-III ends",
        "Bishops pray for СНВ-III in Lima cathedral",
        "Quito offers its old palace for СНВ-III summit",
    )
    news = [article(number, title) for number, title in enumerate(titles)]
    await office.archive.save_gathering(Gathering(states=(), gaps=(), articles=tuple(news)))
    await office.archive.save_filing(
        Filing(
            filed=tuple(each.id for each in news),
            matches=tuple(Match(topic=TOPICS[2].slug, article=each.id, score=1.0, why="talks") for each in news),
            placements=tuple(Placement(article=each.id, story=StoryId(each.id), origin="Herald") for each in news),
            moved={},
        )
    )
    digest = await Composer(office.archive, TOPICS, (), Speakers(load_names(), {})).compose(
        ["new-start"], Window(start=NOON - timedelta(days=1), end=NOON), most=20
    )
    assert 1 < len(digest.briefs) < len(news)
    await ada.says("/topics")
    catalogue = await ada.hears(f"New START — {len(digest.briefs)} stories today")
    assert "Ukraine talks — quiet today" in catalogue.text


def test_a_delivery_that_is_days_ahead_is_named_by_its_date():
    schedule = Schedule(since=NOON, zone="Europe/Kyiv", city="Kyiv", days=frozenset({0, 4}))
    edition = Edition(
        address=Address(chat=ChatId(7)),
        day=date(2026, 2, 9),
        slot=time(8),
        due=datetime(2026, 2, 9, 6, tzinfo=UTC),
        zone="Europe/Kyiv",
        city="Kyiv",
    )
    standing = Standing(topics=TOPICS[:1], schedule=schedule, paused=None, next=edition, at=NOON)
    assert when(standing) == ("Mon, Fri at 08:00 Kyiv.", "Next: <b>Mon 9 Feb, 08:00 Kyiv</b>.")


async def test_the_picker_ticks_and_unticks(office, ada):
    await ada.says("/subscribe")
    picker = await ada.hears("Tap to follow or to stop.")
    await ada.presses(picker, "New START")
    ticked = await ada.hears("Tap to follow")
    await ada.presses(ticked, "✓ New START")
    await ada.hears("Tap to follow")
    assert (await office.subscription(ada)).topics == ()
    await ada.presses(picker, "Done")
    await ada.hears("Nothing is followed here yet.")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("/latest nwe start", "Did you mean New START?"),
        ("/latest quantum chess", "I have no topic “quantum chess”. /topics shows what there is."),
        ("/subscribe new start 25:00", "“25:00” is no time of day."),
        ("/unsubscribe ukrain talks", "Did you mean Ukraine talks?"),
        ("/topics <b>&", "I have no topic “<b>&”"),
        ("/topics \u202eevil\u2066", "I have no topic “evil”"),
        ("/time nonsense", "“nonsense” is no time of day. Write them like 08:00"),
        ("/time 1 2 3 4 5 6 7", "at most 6 a day"),
        ("/timezone Kyyiv", "Did you mean Kyiv?"),
        ("/timezone qqqqqq", "Name a big city"),
        ("/timezone +5:30", "name a city instead"),
        ("/latest new start 99", "A digest holds 1 to 20 stories"),
        ("/more 2", "There is no digest of the last 7 days here"),
        ("/start t_nothing", "I have no topic “nothing”"),
        ("/frobnicate", "I did not understand that."),
        ("what is the meaning of all this", "I cannot answer questions yet."),
        ("nice one", "I did not understand that."),
        ("+5:30", "name a city instead"),
    ],
)
async def test_what_cannot_be_done_gets_one_sentence(office, ada, said, heard):
    await ada.says(said)
    message = await ada.hears(heard)
    await office.server.quiet()
    assert len(ada.inbox) == 1
    assert len(message.text.splitlines()) == 1
    assert message.buttons


@pytest.mark.parametrize(
    "command", ["latest", "subscribe", "unsubscribe", "topics", "time", "timezone", "more", "start"]
)
async def test_a_flood_of_characters_gets_a_short_answer(office, ada, command):
    await ada.says(f"/{command} " + "<i>&\u202e\x00７﷽ё" * 1000)
    answer = await ada.hears()
    assert len(answer.text) < 300


async def test_a_suggestion_does_what_was_wished(office, ada):
    await ada.says("/subscribe nwe start")
    await ada.presses(await ada.hears("Did you mean"), "New START")
    await ada.hears("Following New START.")
    await ada.says("/timezone londn")
    await ada.presses(await ada.hears("Did you mean London"), "London")
    await ada.hears("Every day at 08:00 London.")


async def test_plain_words_do_what_the_command_does(office, ada):
    await ada.says("latest on new start")
    await ada.hears("New START — 2 stories")
    await ada.says("New START")
    await ada.hears("New START — 2 stories")
    await ada.says("2")
    await ada.hears("2 · Envoys & ministers meet, round 2")
    await ada.says("follow china-russia at 7pm")
    await ada.hears("Every day at 19:00 UTC")
    await ada.says("Lviv")
    await ada.hears("Every day at 19:00 Lviv")
    await ada.says("7:30")
    await ada.hears("Every day at 07:30 Lviv")


@pytest.mark.parametrize(
    ("said", "example", "button"),
    [
        ("/latest new start 99", "A digest holds 1 to 20 stories: /latest New START 5.", "New START"),
        ("/latest 0", "A digest holds 1 to 20 stories: /latest 5.", "Latest digest"),
    ],
)
async def test_a_number_out_of_range_is_answered_with_an_example_and_the_digest_that_was_wished(
    office, ada, said, example, button
):
    await ada.says("/subscribe new start")
    await ada.says(said)
    await ada.presses(await ada.hears(example), button)
    await ada.hears("New START — 2 stories")


@pytest.mark.parametrize("said", ["/latest ukraine", "what's new with ukraine", "/latest Talks 1"])
async def test_to_read_a_word_is_enough_that_only_one_title_has(office, ada, said):
    await ada.says(said)
    await ada.hears("Ukraine talks — ")


async def test_a_word_that_says_nothing_is_asked_about(office, ada):
    await ada.says("/latest new")
    await ada.hears("Did you mean New START?")


async def test_in_a_group_commands_carry_the_name_and_the_chat_has_one_subscription_set(office, ada):
    bob = office.server.person("Bob")
    group = office.server.group("Desk", ada, bob)
    await ada.says("/subscribe@cablegram_bot new start 9", into=group)
    await group.hears("Following New START.")
    await bob.says("/latest@cablegram_bot", into=group)
    digest = await group.hears("New START — 2 stories")
    await bob.says("nothing for the bot", into=group)
    await bob.says("/other@another_bot", into=group)
    await bob.says("/other", into=group)
    await bob.replies(digest, "2")
    await group.hears("2 · Envoys & ministers meet, round 2")
    await bob.says("/frobnicate@cablegram_bot", into=group)
    await group.hears("I did not understand that.")
    await office.server.quiet()
    assert len(group.inbox) == 4
    assert [each.address for each in await office.people.all()] == [Address(chat=ChatId(group.id))]


async def test_members_who_answer_one_another_are_not_disturbed(office, ada):
    bob = office.server.person("Bob")
    group = office.server.group("Desk", ada, bob)
    await ada.says("/latest new start", into=group)
    digest = await group.hears("New START — 2 stories")
    for aside in ("nice one", "hi", "who cares?", "time to go", "news like this is awful", "+20", "stop 25:00"):
        await bob.replies(digest, aside)
    await office.server.quiet()
    assert len(group.inbox) == 1
    await bob.replies(digest, "compare 2")
    await group.hears("2 · Envoys")
    await bob.replies(digest, "@cablegram_bot who cares?")
    await group.hears("I cannot answer questions yet.")


async def test_an_answer_to_a_digest_may_ask_to_compare(office, ada):
    await ada.says("/latest new start")
    digest = await ada.hears("New START — 2 stories")
    await ada.replies(digest, "compare 2")
    await ada.hears("Europe · 2 outlets")
    await ada.replies(digest, "who mediates?")
    answer = await ada.hears("I cannot answer questions yet.")
    assert answer.buttons


async def test_who_says_hello_is_welcomed_and_later_finds_the_panel_and_the_pause_as_it_was(office, ada):
    await ada.says("hello")
    await ada.hears("Which topics do you follow?")
    await ada.says("/subscribe new start")
    await ada.says("/pause")
    await ada.says("Hello!")
    await ada.hears("Following\n• New START")
    assert (await office.subscription(ada)).paused


async def test_help_names_each_command_that_answers(office, ada):
    await ada.says("/help")
    lines = (await ada.hears("/latest")).text
    assert all(command in lines for command in ("/compare", "/export", "/forget", "/timezone", "/unsubscribe"))


async def test_what_is_no_text_gets_a_line_too(office, ada):
    office.server.world.say(ada.id, "", sticker={
        "file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1,
        "is_animated": False, "is_video": False,
    })  # fmt: skip
    await ada.hears("I did not understand that.")


async def test_an_edited_command_is_not_obeyed_again(office, ada):
    message = await ada.says("/help")
    await ada.hears("/latest")
    edited = {**office.server.world.message_json(message), "edit_date": message.date + 1, "text": "/help"}
    office.server.world.update(edited_message=edited)
    await office.server.quiet()
    assert len(ada.inbox) == 1
