"""Groups, forum threads and channels: who may change what, and where answers go."""

from dataclasses import replace
from datetime import time

import pytest

from bot.playground.faults import Fault
from bot.playground.state import Button
from bot.views.digest import render_notice
from digests.delivery.courier import pause_chat
from digests.errors import ChatGone
from digests.model.people import Address, ChatId, Edition, Notice
from tests.builders import NOON, subscription


@pytest.fixture
def bob(office):
    return office.server.person("Bob")


@pytest.fixture
def group(office, ada, bob):
    return office.server.group("Desk", ada, bob)


@pytest.mark.parametrize(
    "command",
    ["start", "subscribe new start", "unsubscribe", "time 9", "timezone Kyiv", "pause", "resume", "export", "forget"],
)
async def test_settings_of_a_group_are_for_its_admins(office, group, bob, command):
    await bob.says(f"/{command}", into=group)
    refusal = await group.hears("Only admins of this group can do that here.")
    assert refusal.buttons == ("Open a chat",)
    await office.server.quiet()
    assert len(group.inbox) == 1
    assert await office.people.all() == ()


@pytest.mark.parametrize("command", ["latest new start", "topics", "subscriptions", "help"])
async def test_everybody_in_a_group_may_read(office, group, bob, command):
    await bob.says(f"/{command}", into=group)
    await group.hears()
    await office.server.quiet()
    assert "Only admins" not in group.inbox[0].text


async def test_somebody_elses_settings_button_is_refused_to_him_alone(office, group, ada, bob):
    await ada.says("/subscribe", into=group)
    picker = await group.hears("Tap to follow or to stop.")
    answer = await bob.presses(picker, "New START")
    assert answer.alert
    assert "Only admins of this group" in answer.text
    assert not group.unread
    assert await office.people.all() == ()
    await ada.presses(picker, "New START")
    await group.hears("Tap to follow")
    assert (await office.subscription(group)).topics == ("new-start",)


async def test_who_is_no_admin_any_more_is_refused_at_the_next_press(office, group, ada):
    await ada.says("/subscribe", into=group)
    picker = await group.hears("Tap to follow")
    group.chat.members[ada.id] = "member"
    assert (await ada.presses(picker, "New START")).alert


async def test_plain_words_change_nothing_for_who_may_not(office, group, ada, bob):
    await ada.says("/help", into=group)
    answer = await group.hears()
    await bob.replies(answer, "subscribe new start")
    await group.hears("Only admins of this group")
    await ada.replies(answer, "subscribe new start")
    await group.hears("Following New START.")


async def test_an_anonymous_admin_is_an_admin_and_another_channels_voice_is_not(office, group, bob):
    await group.is_spoken_in("/subscribe new start")
    await group.hears("Following New START.")
    spoken_as = {"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}}
    elsewhere = {"id": -1_000_000_000_555, "type": "channel", "title": "Elsewhere"}
    office.server.world.say(bob.id, "/subscribe china russia", chat=group.id, sender_chat=elsewhere, **spoken_as)
    await group.hears("Only admins of this group")


async def test_where_telegram_does_not_say_who_somebody_is_he_is_no_admin(office, group, ada):
    office.server.fails(Fault.REFUSED, method="getChatMember", words="Bad Request: member list is inaccessible")
    await ada.says("/time 9", into=group)
    await group.hears("Only admins of this group")


async def test_each_thread_of_a_forum_follows_what_it_chose_and_is_answered_there(office, ada):
    forum = office.server.group("Forum", ada, forum=True)
    first, second = forum.opens_thread(), forum.opens_thread()
    await ada.says("/subscribe new start 9", into=forum, thread=first)
    assert (await forum.hears("Following New START.")).thread == first
    await ada.says("/subscribe china russia 10", into=forum, thread=second)
    echo = await forum.hears("Following China–Russia.")
    assert echo.thread == second
    await ada.says("/subscriptions", into=forum)
    general = await forum.hears("Nothing is followed here yet.")
    assert general.thread == 0
    await ada.presses(echo, "Kyiv")
    await forum.hears("Every day at 10:00 Kyiv.")
    follows = {each.address: each.topics for each in await office.people.all()}
    chat = ChatId(forum.id)
    assert follows == {
        Address(chat=chat, thread=first): ("new-start",),
        Address(chat=chat, thread=second): ("china-russia",),
    }
    await ada.says("/latest", into=forum, thread=second)
    digest = await forum.hears("China–Russia — 2 stories")
    assert digest.thread == second
    await ada.replies(digest, "2")
    assert (await forum.hears("2 · Envoys & ministers meet, round 2")).thread == second


async def test_a_thread_that_only_gathers_answers_is_no_thread_of_a_forum(office, group, ada):
    office.server.world.say(ada.id, "/subscribe new start", chat=group.id, message_thread_id=77)
    await group.hears("Following New START.")
    assert await office.subscription(group) is not None


# Channels


@pytest.fixture
def channel(office, ada):
    return office.server.channel("World desk", ada)


async def managed(ada, channel):
    """The panel by which Ada manages her channel."""
    await ada.says("/help")
    channel.adds_bot(ada)
    joined = await ada.hears("I can post to World desk now.")
    await ada.presses(joined, "Manage World desk")
    return await ada.hears("World desk\nNothing is followed here yet.")


async def test_a_channel_is_managed_from_the_private_chat_of_who_added_the_bot(office, ada, channel):
    panel = await managed(ada, channel)
    await ada.presses(panel, "Topics")
    await ada.presses(await ada.hears("World desk\nUkraine talks"), "Choose what to follow")
    picker = await ada.hears("World desk\nTap to follow or to stop.")
    await ada.presses(picker, "New START")
    await ada.presses(await ada.hears("World desk\nTap to follow"), "Done")
    panel = await ada.hears("World desk\nFollowing\n• New START")
    await ada.replies(panel, "18:30")
    await ada.hears("World desk\nEvery day at 18:30 UTC.")
    await ada.replies(panel, "/timezone Kyiv")
    echo = await ada.hears("World desk\nEvery day at 18:30 Kyiv.")
    await ada.presses(echo, "Latest digest")
    await ada.hears("New START — 2 stories")
    (kept,) = await office.people.all()
    assert (kept.address.chat, kept.channel, kept.topics) == (channel.id, "World desk", ("new-start",))
    assert not channel.inbox
    await ada.says("/subscriptions")
    await ada.hears("Nothing is followed here yet.")


async def test_the_picker_of_channels_shows_those_that_the_person_runs(office, ada, bob, channel):
    await managed(ada, channel)
    other = office.server.channel("Another", bob)
    other.adds_bot(bob)
    await ada.says("/channels")
    picker = await ada.hears("Which channel?")
    assert picker.buttons == ("Manage World desk",)
    await bob.says("/channels")
    assert (await bob.hears("Which channel?")).buttons == ("Manage Another",)
    other.kicks_bot(bob)
    await bob.says("/channels")
    await bob.hears("I post to no channel that you manage.")


async def test_however_many_ask_for_their_channels_telegram_is_asked_once_about_each(office, ada, bob, channel):
    await managed(ada, channel)
    office.server.channel("Another", ada).adds_bot(ada)
    await ada.hears("I can post to Another now.")
    before = office.server.requests.copy()
    for person in (ada, bob, ada):
        await person.says("/channels")
        await person.hears("channel")
    asked = {method: count - before.get(method, 0) for method, count in office.server.requests.items()}
    assert (asked["getChatAdministrators"], asked.get("getChatMember", 0)) == (2, 0)


async def test_a_channel_that_telegram_does_not_show_is_nobodys(office, ada, channel):
    await managed(ada, channel)
    office.server.fails(Fault.REFUSED, method="getChatAdministrators", words="Bad Request: member list is inaccessible")
    await ada.says("/channels")
    await ada.hears("I post to no channel that you manage.")


async def test_a_channel_is_not_managed_by_who_does_not_run_it(office, ada, bob, channel):
    panel = await managed(ada, channel)
    await bob.says("/help")
    query = office.server.world.press(bob.id, panel, next(each.data for row in panel.keyboard for each in row))
    await office.server.quiet()
    assert "Only admins who may post to that channel" in query.answer["text"]
    channel.chat.members[ada.id] = "left"
    await ada.replies(panel, "18:30")
    await ada.hears("Only admins who may post to that channel")
    await ada.replies(panel, "/subscribe new start")
    await ada.hears("Only admins who may post to that channel")
    assert [each.topics for each in await office.people.all()] == [()]


async def test_who_never_spoke_to_the_bot_finds_the_channel_later(office, ada, channel, caplog):
    channel.adds_bot(ada)
    await office.server.quiet()
    assert not ada.inbox
    await ada.says("/channels")
    await ada.hears("Which channel?")
    assert not [each for each in caplog.records if each.levelname in {"WARNING", "ERROR"}]


async def test_a_reader_of_a_channel_is_led_to_a_chat_of_his_own(office, ada, bob, channel):
    await managed(ada, channel)
    await ada.says("/latest new start")
    digest = await ada.hears("New START — 2 stories")
    world = office.server.world
    post = replace(world.write(world.chats[channel.id], by=world.bot_id, text="x"), keyboard=digest.keyboard)
    answer = await bob.presses(post, "2")
    assert answer.url.startswith("https://t.me/cablegram_bot?start=more_")
    await bob.says("/start " + answer.url.partition("start=")[2])
    await bob.hears("2 · Envoys & ministers meet, round 2")
    query = office.server.world.press(bob.id, post, "home")
    await office.server.quiet()
    assert query.answer["url"] == "https://t.me/cablegram_bot?start=channel"
    await bob.presses(post, "Sources")
    await office.server.quiet()
    assert len(channel.inbox) == 1
    assert (await bob.presses(post, "Sources")).url.endswith("_0")
    await bob.says("/start " + (await bob.presses(post, "Sources")).url.partition("start=")[2])
    await bob.hears("This digest has stories 1 to 2.")


async def test_a_reader_of_a_channel_compares_in_a_chat_of_his_own(office, ada, bob, channel):
    await managed(ada, channel)
    await ada.says("/latest new start")
    digest = await ada.hears("New START — 2 stories")
    world = office.server.world
    post = replace(world.write(world.chats[channel.id], by=world.bot_id, text="x"), keyboard=digest.keyboard)
    answer = await bob.presses(post, "Compare")
    await bob.says("/start " + answer.url.partition("start=")[2])
    choices = await bob.hears("This digest has stories 1 to 2.")
    await bob.presses(choices, "2")
    await bob.hears("Envoys & ministers meet, round 2")


async def test_a_digest_of_a_channel_that_may_not_have_arrived_is_shown_to_whoever_asks_in_his_own_chat(
    office, ada, bob, channel
):
    await managed(ada, channel)
    await ada.says("/latest new start")
    await ada.hears("New START — 2 stories")
    (kept,) = office.digests.digests
    edition = Edition(address=Address(chat=ChatId(channel.id)), day=NOON.date(), slot=time(8, 0), due=NOON)
    line = render_notice(Notice(edition=edition, digest=kept))
    world = office.server.world
    button = Button(text="Show it", data=line.keyboard.inline_keyboard[0][0].callback_data)
    post = replace(world.write(world.chats[channel.id], by=world.bot_id, text="x"), keyboard=((button,),))
    answer = await bob.presses(post, "Show it")
    await bob.says("/start " + answer.url.partition("start=")[2])
    await bob.hears("New START — 2 stories")
    await bob.says("2")
    await bob.hears("2 · Envoys & ministers meet, round 2")


async def test_a_channel_that_removes_the_bot_is_paused_and_goes_on_when_it_is_back(office, ada, channel):
    panel = await managed(ada, channel)
    await ada.replies(panel, "/subscribe new start")
    await ada.hears("Following New START.")
    channel.kicks_bot(ada)
    await office.server.quiet()
    assert (await office.subscription(channel)).paused
    channel.adds_bot(ada)
    await ada.hears("I can post to World desk now.")
    kept = await office.subscription(channel)
    assert (kept.paused, kept.topics) == (None, ("new-start",))


async def test_a_channels_button_with_a_long_name_is_left_out_and_not_refused(office, ada, channel):
    await managed(ada, channel)
    await ada.says("/channels")
    await ada.presses(await ada.hears("Which channel?"), "Manage World desk")
    await ada.replies(await ada.hears("World desk"), "/subscribe nwe start 1 2 3 4 5 6")
    refusal = await ada.hears("Did you mean New START?")
    assert all(len(each.data.encode()) <= 64 for row in refusal.keyboard for each in row)


async def test_who_administers_a_channel_without_the_right_to_post_does_not_manage_it(
    office, ada, bob, channel, monkeypatch
):
    monkeypatch.setattr("bot.handlers.presence.REMEMBERED", 0.0)
    channel.chat.members[bob.id] = "administrator"
    panel = await managed(ada, channel)
    await bob.says("/channels")
    await bob.hears("Which channel?")
    monkeypatch.setattr("bot.playground.state.POSTING", {"can_post_messages": False, "can_edit_messages": False})
    await bob.says("/channels")
    await bob.hears("I post to no channel that you manage.")
    channel.kicks_bot(ada)
    channel.adds_bot(ada)
    await office.server.quiet()
    assert (await office.subscription(channel)).paused
    assert panel


# Comings and goings


async def test_a_group_that_takes_the_bot_in_is_told_what_it_is_for(office, group, ada, bob):
    group.kicks_bot(ada)
    group.adds_bot(ada)
    welcome = await group.hears("Admins of this group choose what it follows.")
    assert (await bob.presses(welcome, "Choose topics")).alert
    await ada.presses(welcome, "Choose topics")
    await group.hears("Tap to follow or to stop.")


async def test_a_group_that_threw_the_bot_out_and_takes_it_back_goes_on(office, group, ada):
    await ada.says("/subscribe new start", into=group)
    await group.hears("Following New START.")
    group.kicks_bot(ada)
    await office.server.quiet()
    assert (await office.subscription(group)).paused
    group.adds_bot(ada)
    await group.hears("Back again: what this group followed goes on.")
    kept = await office.subscription(group)
    assert (kept.paused, kept.topics) == (None, ("new-start",))


async def test_a_group_that_a_digest_found_shut_before_anybody_told_goes_on_when_the_bot_is_back(office, group, ada):
    await office.people.put(subscription(group.id, paused="Forbidden: bot was kicked from the supergroup chat"))
    group.kicks_bot(ada)
    group.adds_bot(ada)
    await group.hears("Back again: what this group followed goes on.")
    assert (await office.subscription(group)).paused is None


async def test_a_channel_that_a_digest_found_shut_is_not_offered_until_the_bot_is_back(office, ada, channel):
    await managed(ada, channel)
    kept = await office.subscription(channel)
    await office.people.put(replace(kept, paused="Forbidden: bot is not a member of the channel chat"))
    await ada.says("/channels")
    await ada.hears("I post to no channel that you manage.")
    channel.adds_bot(ada)
    await ada.hears("I can post to World desk now.")
    await ada.says("/channels")
    await ada.hears("Which channel?")


async def test_a_pause_that_people_asked_for_outlasts_their_throwing_the_bot_out(office, group, ada):
    await office.people.put(subscription(group.id, paused="its people asked for a pause"))
    group.kicks_bot(ada)
    group.adds_bot(ada)
    await group.hears("Admins of this group choose")
    assert (await office.subscription(group)).paused == "its people asked for a pause"


async def test_one_who_blocks_the_bot_is_paused_at_once_and_resumed_by_start(office, ada):
    await ada.says("/subscribe new start 9")
    await ada.hears("Following New START.")
    ada.blocks()
    await office.server.quiet()
    assert (await office.subscription(ada)).paused
    ada.unblocks()
    await office.server.quiet()
    assert (await office.subscription(ada)).paused
    await ada.says("/start")
    await ada.hears("Digests come again.")
    kept = await office.subscription(ada)
    assert (kept.paused, kept.topics) == (None, ("new-start",))


def member_changes(office, group, ada, *, before=None, now=None):
    """What the bot may do in a group changes: from a dict of rights that it has there to another, None for all."""
    world = office.server.world
    standings = []
    for rights in (before, now):
        member = {"user": world.user_json(world.bot_id), "status": "member"}
        if rights is not None:
            may = "send_messages send_polls send_other_messages send_audios send_documents send_photos send_videos"
            more = "send_video_notes send_voice_notes add_web_page_previews change_info invite_users pin_messages"
            names = f"{may} {more} manage_topics edit_tag react_to_messages".split()
            allowed = {f"can_{right}": rights.get(right, True) for right in names}
            member |= {"status": "restricted", "is_member": True, "until_date": 0} | allowed
        standings.append(member)
    world.update(
        my_chat_member={
            "chat": group.chat.as_json(),
            "from": world.user_json(ada.id),
            "date": 0,
            "old_chat_member": standings[0],
            "new_chat_member": standings[1],
        }
    )


async def test_a_member_whose_rights_change_is_greeted_by_nobody(office, group, ada):
    member_changes(office, group, ada, now={})
    await office.server.quiet()
    assert not group.inbox


async def test_a_group_where_the_bot_may_not_write_is_paused_and_goes_on_when_it_may_again(office, group, ada):
    await ada.says("/subscribe new start", into=group)
    await group.hears("Following New START.")
    member_changes(office, group, ada, now={"send_messages": False})
    await office.server.quiet()
    assert (await office.subscription(group)).paused
    member_changes(office, group, ada, before={"send_messages": False})
    await group.hears("Back again: what this group followed goes on.")
    assert (await office.subscription(group)).paused is None


async def test_a_group_whose_digest_met_the_ban_before_the_bot_was_told_goes_on_as_well(office, group, ada):
    await ada.says("/subscribe new start", into=group)
    await group.hears("Following New START.")
    here = (await office.subscription(group)).address
    await pause_chat(office.people, here, ChatGone("Forbidden: bot was kicked from the group chat"))
    group.kicks_bot(ada)
    group.adds_bot(ada)
    await group.hears("Back again: what this group followed goes on.")
    assert (await office.subscription(group)).paused is None


async def test_a_channel_whose_digest_met_the_ban_is_no_choice_until_the_bot_is_back(office, ada, channel):
    panel = await managed(ada, channel)
    await ada.replies(panel, "/subscribe new start")
    await ada.hears("Following New START.")
    here = (await office.subscription(channel)).address
    await pause_chat(office.people, here, ChatGone("Forbidden: bot is not a member of the channel chat"))
    await ada.says("/channels")
    await ada.hears("I post to no channel that you manage.")
    channel.adds_bot(ada)
    await ada.hears("I can post to World desk now.")
    assert (await office.subscription(channel)).paused is None


async def test_a_group_that_becomes_a_supergroup_takes_along_what_it_follows(office, group, ada):
    await ada.says("/subscribe new start 9", into=group)
    await group.hears("Following New START.")
    larger = group.upgrades(ada)
    await ada.says("/subscribe china russia", into=larger)
    await larger.hears("Following China–Russia.")
    (kept,) = await office.people.all()
    assert (kept.address.chat, kept.topics) == (larger.id, ("new-start", "china-russia"))
    assert f"{kept.schedule.slots[0]:%H:%M}" == "09:00"


async def test_an_answer_to_a_group_that_is_a_supergroup_by_now_goes_there(office, group, ada):
    office.server.world.allowed_updates = frozenset({"message"})
    larger = office.server.world.add_group("Desk", group.chat.members, large=True)
    await ada.says("/subscribe new start", into=group)
    group.chat.moved_to = larger.id
    await office.server.world.bell.until(lambda: bool(larger.events), 5)
    assert "Following New START." in larger.events[-1].text
    (kept,) = await office.people.all()
    assert kept.address.chat == larger.id


async def moves_unnoticed(office, group):
    """The group becomes a supergroup, and the bot is not told."""
    office.server.world.allowed_updates = frozenset({"message", "callback_query"})
    larger = office.server.world.add_group("Desk", group.chat.members, large=True)
    group.chat.moved_to = larger.id
    return larger


async def test_a_button_of_a_group_that_is_a_supergroup_by_now_is_answered_there(office, group, ada, caplog):
    await ada.says("/subscribe new start", into=group)
    panel = await group.hears("Following New START.")
    larger = await moves_unnoticed(office, group)
    await ada.presses(panel, "Kyiv")
    await office.server.world.bell.until(lambda: bool(larger.events), 5)
    assert "08:00 Kyiv" in larger.events[-1].text
    assert "Traceback" not in caplog.text


async def test_the_file_for_a_group_that_is_a_supergroup_by_now_goes_there(office, group, ada):
    larger = await moves_unnoticed(office, group)
    await ada.says("/export", into=group)
    await office.server.world.bell.until(lambda: bool(larger.events), 5)
    assert [file.name for file in larger.documents.values()] == ["cablegram.json"]
