from dataclasses import replace
from datetime import time

import pytest

from bot.playground.faults import Fault
from bot.playground.server import BotApiServer
from tests.bot.handlers.office import Office
from tests.builders import NOON


async def test_four_taps_lead_from_start_to_a_first_digest(office, ada):
    await ada.says("/start")
    welcome = await ada.hears("Which topics")
    assert "Continue ›" not in welcome.buttons
    await ada.presses(welcome, "Ukraine talks")
    assert welcome.text.startswith("Cablegram reads outlets of many countries")
    assert "Continue" not in welcome.text
    picked = await ada.hears("Tap them, then Continue.")
    assert picked.id == welcome.id
    assert picked.text.startswith("Cablegram reads outlets of many countries")
    assert "✓ Ukraine talks" in picked.buttons
    await ada.presses(picked, "Continue ›")
    await ada.presses(await ada.hears("When shall the digest come?"), "07:00")
    await ada.presses(await ada.hears("Which city’s time?"), "New York")
    await ada.hears("Next: tomorrow, Thu 07:00 New York.")
    await ada.hears("2 stories")
    await office.server.quiet()
    subscription = await office.subscription(ada)
    assert subscription.topics == ("ukraine-talks",)
    assert subscription.schedule.slots == (time(7, 0),)
    assert (subscription.schedule.zone, subscription.schedule.city) == ("America/New_York", "New York")
    assert office.server.delivered == {ada.id: 2}


async def test_a_step_pressed_twice_is_taken_once(office, ada):
    await ada.says("/start")
    welcome = await ada.hears("Which topics")
    await ada.presses(welcome, "Ukraine talks")
    await ada.presses(welcome, "Ukraine talks")
    await office.server.quiet()
    assert (await office.subscription(ada)).topics == ("ukraine-talks",)
    await ada.presses(ada.inbox[-1], "Continue ›")
    await ada.presses(await ada.hears("When shall"), "08:00")
    cities = await ada.hears("Which city’s time?")
    await ada.presses(cities, "Kyiv")
    await ada.presses(cities, "Kyiv")
    await office.server.quiet()
    assert len(office.editor.asked) == 1


async def test_start_shows_the_home_panel_to_one_who_follows_something(office, ada):
    await ada.says("/subscribe new start")
    await ada.hears("Following New START")
    await ada.says("/start")
    panel = await ada.hears("Following\n• New START\nEvery day at 08:00 UTC.\nNext: tomorrow, Thu 08:00 UTC.")
    await ada.presses(panel, "Time")
    await ada.presses(await ada.hears("When shall"), "‹ Back")
    back = await ada.hears("New START")
    assert back.id == panel.id
    await ada.presses(back, "Help")
    assert (await ada.hears("/latest")).id == panel.id


async def test_a_shared_link_subscribes(office, ada):
    await ada.says("/start t_china-russia")
    await ada.hears("Following China–Russia")
    assert (await office.subscription(ada)).topics == ("china-russia",)


async def test_one_who_blocked_the_bot_and_comes_back_is_resumed_from_now_on(office, ada):
    await ada.says("/subscribe new start")
    await ada.hears("Following")
    subscription = await office.subscription(ada)
    await office.people.put(replace(subscription, paused="blocked"))
    await ada.says("/subscriptions")
    await ada.hears("Paused; /resume ends it.")
    office.at = NOON.replace(hour=15)
    await ada.says("/start")
    await ada.hears("Digests come again.")
    resumed = await office.subscription(ada)
    assert resumed.paused is None
    assert resumed.schedule.since == office.at


async def test_commands_are_offered_to_those_who_may_give_them(office):
    offered = {
        scope: [each["command"] for each in commands] for scope, commands in office.server.world.commands.items()
    }
    assert set(offered) == {"all_private_chats/", "all_group_chats/", "all_chat_administrators/"}
    assert offered["all_private_chats/"][:3] == ["latest", "more", "sources"]
    assert "channels" in offered["all_private_chats/"]
    assert "forget" not in offered["all_group_chats/"]
    assert set(offered["all_group_chats/"]) < set(offered["all_chat_administrators/"])


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": Fault.BAD_GATEWAY_BEFORE},
        {"fault": Fault.REFUSED, "code": 429, "words": "Too Many Requests", "parameters": {"retry_after": 9}},
        {"fault": Fault.REFUSED, "code": 403, "words": "Forbidden"},
    ],
)
async def test_a_bot_that_cannot_offer_its_commands_works_all_the_same(caplog, fault):
    async with BotApiServer() as server:
        server.fails(method="setMyCommands", **fault)
        async with Office(server).running():
            ada = server.person("Ada")
            await ada.says("/help")
            await ada.hears("/latest")
    assert "could not be told the commands" in caplog.text
