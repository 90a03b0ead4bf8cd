from dataclasses import replace
from datetime import timedelta

import pytest

from bot.playground.server import BotApiServer
from bot.views.digest import render_notice
from bot.views.markup import as_plain
from bot.views.stories import told_sources
from digests.model.answers import Chosen
from digests.model.people import Address, ChatId, Edition, MessageId, Notice
from digests.model.sources import Coverage
from digests.model.stories import Aside, Digest, DigestId, Report, Section, Window
from tests.bot.handlers.office import Office, brief
from tests.builders import NOON, article, outlet


@pytest.mark.parametrize("words", ["/latest", "news", "/latest 5"])
async def test_latest_without_anything_followed_says_so_and_offers_to_read_a_topic_now(office, ada, words):
    await ada.says(words)
    offer = await ada.hears("Nothing is followed here yet. Tap a topic to read its latest now.")
    assert not office.editor.asked
    await ada.presses(offer, "New START")
    await ada.hears("New START — 2 stories")
    await ada.presses(offer, "Choose what to follow")
    await ada.hears("Tap to follow or to stop.")


async def test_in_a_group_that_follows_nothing_a_member_may_read_all_the_same(office, ada):
    bob = office.server.person("Bob")
    group = office.server.group("Desk", ada, bob)
    await bob.says("/latest", into=group)
    offer = await group.hears("Nothing is followed here yet.")
    await bob.presses(offer, "New START")
    await group.hears("New START — 2 stories")
    assert (await bob.presses(offer, "Choose what to follow")).alert


async def test_latest_asks_for_the_last_day_of_all_that_is_followed(office, ada):
    await ada.says("/subscribe new start")
    await ada.says("/subscribe ukraine talks")
    await ada.says("/timezone Tokyo")
    await ada.says("/latest 1")
    digest = await ada.hears("1 story")
    assert "Wed 4 Feb, 21:00 Tokyo" in digest.text
    ((topics, window, most),) = office.editor.asked
    assert topics == ("new-start", "ukraine-talks")
    assert (window.start, window.end, most) == (NOON - timedelta(hours=24), NOON, 1)


async def test_a_number_means_the_digest_that_is_answered_to_else_the_newest(office, ada):
    await ada.says("/latest ukraine talks")
    first = await ada.hears("Ukraine talks — 2 stories")
    office.editor.stories = 3
    await ada.says("/latest new start")
    second = await ada.hears("New START — 3 stories")
    await ada.says("/more 3")
    await ada.hears("3 · Envoys")
    await ada.replies(first, "3")
    await ada.hears("There is no story 3. This digest has stories 1 to 2.")
    await ada.replies(second, "/sources 3")
    await ada.hears("3 · Envoys")


async def test_numbers_still_hold_after_a_restart_for_seven_days():
    async with BotApiServer() as server:
        office, ada = Office(server), server.person("Ada")
        async with office.running():
            await ada.says("/latest new start")
            digest = await ada.hears("New START")
        async with office.running():
            office.at += timedelta(days=6, hours=23)
            await ada.says("/more 2")
            await ada.hears("2 · Envoys")
            await ada.presses(digest, "1")
            await ada.hears("1 · Envoys")
            office.at += timedelta(hours=2)
            await ada.says("/more 2")
            await ada.hears("There is no digest of the last 7 days here; /latest makes one.")


async def test_more_and_sources_turn_over_in_place(office, ada):
    await ada.says("/latest new start")
    digest = await ada.hears("New START — 2 stories")
    await ada.presses(digest, "1")
    told = await ada.hears("They met")
    assert told.links
    assert told.buttons == ("Originals", "Sources", "2 ›")
    await ada.presses(told, "2 ›")
    second = await ada.hears("2 · Envoys & ministers meet, round 2")
    assert second.id == told.id
    await ada.presses(second, "Sources")
    sources = await ada.hears("Times in UTC.")
    assert sources.id == told.id
    assert "Wed 4 Feb\n🇬🇧 Herald 1, private, 12:00: Envoys & ministers <meet> 2.1" in sources.text
    assert "↳ 🇷🇺 Agency, state, 12:00: Talks held 2" in sources.text
    assert sources.text.count("Wed 4 Feb") == 1
    await ada.presses(sources, "In full")
    await ada.hears("They met")
    await office.server.quiet()
    assert len(ada.inbox) == 2


async def test_sources_say_why_the_story_stands_under_its_topic(ada):
    await ada.says("/latest ukraine talks")
    await ada.hears("Ukraine talks — 2 stories")
    await ada.says("/sources 1")
    assert "Here under Ukraine talks: Talks held in the title.\nTimes in UTC." in (await ada.hears("Times in")).text


async def test_originals_put_the_outlets_exact_words_below_each_sentence(office, ada):
    await ada.says("/latest new start")
    await ada.presses(await ada.hears("New START"), "2")
    told = await ada.hears("They met")
    await ada.presses(told, "Originals")
    shown = await ada.hears("the outlet’s exact words")
    assert shown.id == told.id
    assert shown.text.count("They met.\nEnvoys & ministers <meet> 2.1\nHerald 1") == 2
    assert shown.buttons == ("‹ 1", "In full", "Sources")
    await ada.presses(shown, "‹ 1")
    first = await ada.hears("Envoys & ministers <meet> 1.1")
    await ada.presses(first, "In full")
    await ada.hears("1 · Envoys & ministers meet, round 1")


async def test_where_there_are_only_headlines_no_originals_are_offered(office, ada):
    office.editor.told = False
    await ada.says("/latest new start")
    await ada.presses(await ada.hears("New START"), "1")
    assert (await ada.hears("no more than headlines")).buttons == ("Sources", "2 ›")


async def test_the_originals_of_a_story_that_is_not_there_lead_to_the_contents(office, ada):
    await ada.says("/latest new start")
    message = await ada.hears("New START")
    await office.server.quiet()
    digest = await office.digests.newest_digest(Address(chat=ChatId(ada.id)), NOON - timedelta(days=1))
    office.server.world.press(ada.id, message, f"quote:{digest}:9")
    contents = await ada.hears("This digest has stories 1 to 2.")
    await ada.presses(contents, "2")
    await ada.hears("the outlet’s exact words")


def test_sources_stand_in_order_of_time_under_their_days():
    told = (
        article(1, "Second round opens", of=outlet("Herald"), published=NOON),
        article(2, "Envoys arrive", of=outlet("Courier", "IN"), published=NOON - timedelta(days=1)),
        article(3, "Envoys arrive", of=outlet("Gazette"), published=NOON - timedelta(hours=1)),
        article(4, "Second round ends", of=outlet("Herald"), published=NOON + timedelta(hours=3)),
    )
    reports = tuple(
        Report(article=each, origin=origin)
        for each, origin in zip(told, ("Herald", "Courier", "Courier", "Herald"), strict=True)
    )
    before = Aside(headline="Round is set", headline_by=None, earlier=True, lead=told[1].id, reports=reports[1:2])
    digest = Digest(
        id=DigestId("digestaaaa"),
        window=Window(start=NOON - timedelta(days=1), end=NOON),
        sections=(
            Section(
                topic="new-start",
                title="New START",
                briefs=(replace(brief(1, "new-start"), reports=reports, beside=(before,)),),
            ),
        ),
        coverage=Coverage(read=3, feeds=3),
    )
    view = told_sources(Chosen(digest=digest, number=1, zone="UTC", city=None))
    assert as_plain(view.html).partition("Times in UTC.\n\n")[2] == (
        "Tue 3 Feb\n🇮🇳 Courier, private, 12:00: Envoys arrive\n↳ 🇬🇧 Gazette, private, Wed 4 Feb, 11:00: Envoys arrive\n\n"
        "Wed 4 Feb\n🇬🇧 Herald, private, 12:00: Second round opens\n· 15:00: Second round ends\n\n"
        "Earlier: Round is set\n\nTue 3 Feb\n🇮🇳 Courier, private, 12:00: Envoys arrive"
    )


@pytest.mark.parametrize("command", ["/more", "/sources", "/more 9", "/more two", "/more 99999999999999999999"])
async def test_without_a_number_that_exists_one_hears_which_there_are(office, ada, command):
    await ada.says("/latest new start")
    await ada.hears("New START")
    await ada.says(command)
    contents = await ada.hears("This digest has stories 1 to 2.")
    assert "2 · Envoys & ministers meet, round 2" in contents.text
    await ada.presses(contents, "2")
    assert (await ada.hears("2 · Envoys")).id == contents.id


async def test_a_button_pressed_twice_is_answered_once(office, ada):
    await ada.says("/latest new start")
    digest = await ada.hears("New START — 2 stories")
    await ada.presses(digest, "2")
    told = await ada.hears("2 · Envoys")
    await ada.presses(digest, "2")
    await ada.presses(told, "‹ 1")
    turned = await ada.hears("1 · Envoys")
    await ada.presses(digest, "2")
    again = await ada.hears("2 · Envoys")
    assert told.id == turned.id == again.id
    await ada.presses(digest, "1")
    await ada.hears("1 · Envoys")
    await ada.presses(digest, "2")
    await ada.hears("2 · Envoys")
    await office.server.quiet()
    assert len(ada.inbox) == 4


async def test_a_second_press_is_known_in_so_many_chats_and_forgotten_first_where_it_was_first(
    office, ada, monkeypatch
):
    monkeypatch.setattr("bot.handlers.replies._MANY", 1)
    bob, digests = office.server.person("Bob"), {}
    for person in (ada, bob):
        await person.says("/latest new start")
        digests[person.id] = await person.hears("New START — 2 stories")
        await person.presses(digests[person.id], "2")
        await person.hears("2 · Envoys")
    await bob.presses(digests[bob.id], "2")
    await ada.presses(digests[ada.id], "2")
    await ada.hears("2 · Envoys")
    await office.server.quiet()
    assert (len(ada.inbox), len(bob.inbox)) == (3, 2)


async def test_a_button_pressed_again_after_something_else_was_said_is_answered_below_that(office, ada, monkeypatch):
    await ada.says("/latest new start")
    digest = await ada.hears("New START — 2 stories")
    await ada.presses(digest, "2")
    first = await ada.hears("2 · Envoys")
    await ada.says("/help")
    await ada.hears("/latest")
    await ada.presses(digest, "2")
    second = await ada.hears("2 · Envoys")
    assert second.id != first.id
    monkeypatch.setattr("bot.handlers.replies._AGAIN", 0.0)
    await ada.presses(digest, "2")
    assert (await ada.hears("2 · Envoys")).id not in {first.id, second.id}


@pytest.mark.parametrize(
    ("command", "button", "promise"),
    [
        ("/more", None, "Tap a story to read it in full."),
        ("/sources", "Sources", "Tap a story to see who reports it."),
        ("/compare", "Compare", "Tap a story to see how each side tells it."),
    ],
)
async def test_the_choice_of_a_story_says_what_a_tap_will_bring(office, ada, command, button, promise):
    await ada.says("/latest new start")
    digest = await ada.hears("New START")
    await ada.says(command)
    await ada.hears(promise)
    if button:
        await ada.presses(digest, button)
        await ada.hears(promise)


async def test_the_sources_button_of_a_digest_asks_of_which_story(office, ada):
    await ada.says("/latest new start")
    await ada.presses(await ada.hears("New START"), "Sources")
    contents = await ada.hears("This digest has stories 1 to 2.")
    await ada.presses(contents, "1")
    await ada.hears("Times in UTC.")


async def test_a_digest_without_stories_has_no_numbers(office, ada):
    office.editor.stories = 0
    await ada.says("/latest new start")
    await ada.hears("no new stories")
    await ada.says("/more 1")
    await ada.hears("That digest has no stories; /latest makes a new one.")


async def test_a_story_that_many_outlets_carry_still_fits_one_message(office, ada):
    office.editor.reports = 90
    await ada.says("/latest new start")
    await ada.hears("New START")
    await ada.says("/sources 1")
    assert (await ada.hears("Times in UTC.")).text.endswith("more.")


async def test_a_story_of_headlines_alone_says_so_and_one_told_by_state_media_names_it(office, ada):
    office.editor.told = False
    await ada.says("/latest new start")
    await ada.hears("New START")
    await ada.says("/more 1")
    told = await ada.hears("1 · Agency: Envoys & ministers meet")
    assert "\nSo far only Russian state media, of 41 feeds read\n\n" in told.text
    assert "no more than headlines:\n\n• Envoys & ministers <meet> 1.1 (Herald 1)" in told.text
    await ada.says("/more")
    await ada.hears("1 · Agency: Envoys & ministers meet, round 1\n2 · Agency: Envoys")


async def test_a_digest_that_may_not_have_arrived_is_shown_in_place_of_its_notice(office, ada):
    here = Address(chat=ChatId(ada.id))
    await ada.says("/latest new start")
    sent = await ada.hears("New START")
    await office.server.quiet()
    digest = await office.digests.newest_digest(here, NOON - timedelta(days=1))
    edition = Edition(address=here, day=NOON.date(), slot=NOON.time(), due=NOON)
    view = render_notice(Notice(edition=edition, digest=digest))
    await office.application.bot.send_message(ada.id, view.html, reply_markup=view.keyboard)
    line = await ada.hears("may not have arrived")
    await ada.presses(line, "Show it")
    again = await ada.hears("New START — 2 stories")
    assert (again.id, again.text) == (line.id, sent.text)
    await ada.presses(line, "Show it")
    await office.server.quiet()
    assert await office.digests.digest_of_message(here, MessageId(again.id)) == digest
    assert len(ada.inbox) == 2


async def test_the_later_parts_of_a_digest_follow_the_notice(office, ada):
    office.editor.stories, office.editor.length = 8, 700
    await ada.says("/latest new start 8")
    await ada.hears("New START")
    await ada.hears("(2/")
    await office.server.quiet()
    before = len(ada.inbox)
    digest = await office.digests.newest_digest(Address(chat=ChatId(ada.id)), NOON - timedelta(days=1))
    await ada.says("/help")
    message = await ada.hears("/latest")
    office.server.world.press(ada.id, message, f"show:{digest}")
    await ada.hears("(2/")
    await office.server.quiet()
    assert len(ada.inbox) == 2 * before


async def test_a_button_of_a_digest_that_is_gone_says_so(office, ada):
    await ada.says("/help")
    message = await ada.hears()
    for data in ("more:aaaaaaaaaa:1", "show:aaaaaaaaaa", "tell:aaaaaaaaaa:1"):
        office.server.world.press(ada.id, message, data)
        await ada.hears("That digest is no longer kept; /latest makes a new one.")
