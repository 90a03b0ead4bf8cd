"""To pause, to see what is stored, to have it erased; and how much one person may ask."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.handlers.limits import COMMANDS, MANY, MINUTE, Limit, Verdict
from tests.builders import NOON, subscription


async def test_a_pause_of_some_days_says_when_it_ends_and_ends_by_itself(office, ada):
    await ada.says("/subscribe new start")
    await ada.says("/timezone Kyiv")
    await ada.says("/pause 3")
    echo = await ada.hears("Paused until Sat 7 Feb, 14:00 Kyiv; /resume ends it.")
    assert "Next: Sun 8 Feb, 08:00 Kyiv." in echo.text
    await ada.says("/time 20:00")
    await ada.hears("Next: Sat 7 Feb, 20:00 Kyiv.")
    office.at = NOON + timedelta(days=4)
    await ada.says("/subscriptions")
    assert "Paused" not in (await ada.hears("Following")).text


async def test_a_pause_without_end_is_ended_by_resume_or_its_button(office, ada):
    await ada.says("/subscribe new start")
    await ada.says("/pause")
    echo = await ada.hears("Paused; /resume ends it.")
    assert "Next" not in echo.text
    await ada.presses(echo, "Resume")
    assert "Next: tomorrow, Thu 08:00 UTC." in (await ada.hears("Digests come again.")).text
    await ada.says("pause")
    await ada.hears("Paused; /resume ends it.")
    await ada.says("/resume")
    await ada.hears("Digests come again.")
    assert (await office.subscription(ada)).paused is None


@pytest.mark.parametrize(
    ("said", "until"), [("2 weeks", "Wed 18 Feb"), ("for 1 day", "Thu 5 Feb"), ("10d", "Sat 14 Feb")]
)
async def test_a_pause_may_be_said_in_words(office, ada, said, until):
    await ada.says("/subscribe new start")
    await ada.says(f"/pause {said}")
    await ada.hears(f"Paused until {until}, 12:00 UTC")


@pytest.mark.parametrize("said", ["0", "400", "a while", "-3", "60 weeks"])
async def test_a_pause_of_no_known_length_is_refused_with_an_example(office, ada, said):
    await ada.says(f"/pause {said}")
    await ada.hears("For how many days, 1 to 365? /pause 3, or /pause alone until /resume.")
    assert await office.people.all() == ()


async def test_where_nothing_is_followed_there_is_nothing_to_pause_or_to_resume(office, ada):
    await ada.says("/pause 3")
    await ada.hears("Nothing is followed here yet, so there is nothing to pause.")
    await ada.says("/resume")
    resumed = await ada.hears("Nothing is followed here yet.")
    assert resumed.text.count("ollowed") == 2
    assert "Once a topic is followed: every day at 08:00 UTC." in resumed.text
    assert await office.people.all() == ()


async def test_where_nothing_is_followed_a_city_promises_nothing(office, ada):
    await ada.says("/timezone paris")
    echo = await ada.hears("Once a topic is followed: every day at 08:00 Paris.")
    assert "Next" not in echo.text


async def test_everything_stored_comes_as_a_file(office, ada):
    await ada.says("/subscribe new start")
    await ada.says("/export")
    message = await ada.hears("Everything that is stored on this chat.")
    file = ada.chat.documents[message.id]
    assert file.name == "cablegram.json"
    stored = json.loads(file.body)
    assert (stored["chat"], stored["exported_at"]) == (ada.id, "2026-02-04T12:00:00+00:00")
    assert stored["subscriptions"][0]["topics"] == ["new-start"]


async def test_nothing_is_erased_before_it_is_confirmed(office, ada):
    await ada.says("/subscribe new start")
    await ada.says("/forget")
    question = await ada.hears("This erases everything that is stored on this chat")
    await ada.presses(question, "Keep it")
    await ada.hears("Nothing was erased.")
    assert await office.people.all() != ()
    await ada.presses(question, "Erase everything")
    await ada.hears("is erased. /start begins anew.")
    assert (await office.people.all(), office.chats.forgotten) == ((), [ada.id])


async def test_a_suggestion_keeps_the_times_that_were_said(office, ada):
    await ada.says("/subscribe nwe start 09:00 6:30pm")
    await ada.presses(await ada.hears("Did you mean New START?"), "New START")
    await ada.hears("Every day at 09:00 and 18:30 UTC.")
    assert [f"{slot:%H:%M}" for slot in (await office.subscription(ada)).schedule.slots] == ["09:00", "18:30"]


async def test_two_who_change_the_same_chat_at_once_lose_nothing(office, ada):
    await office.people.put(subscription(ada.id, "new-start"))
    services, here = office.services().subscriptions, (await office.people.all())[0].address
    await asyncio.gather(
        services.follow(here, "china russia"), services.set_times(here, "9"), services.follow(here, "ukraine talks")
    )
    kept = await office.subscription(ada)
    assert set(kept.topics) == {"new-start", "china-russia", "ukraine-talks"}
    assert f"{kept.schedule.slots[0]:%H}" == "09"


# Limits


async def test_a_thousand_commands_are_answered_within_the_limit_and_with_one_notice(office, ada):
    for _ in range(1_000):
        office.server.world.say(ada.id, "/help")
    await office.server.quiet(seconds=30)
    notices = [each for each in ada.inbox if "more than I answer: 20 a minute for each person" in each.text]
    assert (len(ada.inbox), len(notices)) == (COMMANDS + 1, 1)


async def test_presses_beyond_the_limit_are_answered_all_the_same(office, ada, monkeypatch):
    await ada.says("/help")
    message = await ada.hears()
    answers = [await ada.presses(message, "Help") for _ in range(62)]
    assert [each.alert for each in answers] == [False] * 60 + [True, False]
    assert "more than I answer: 60 a minute" in answers[60].text


async def test_one_who_floods_takes_nothing_from_others(office, ada):
    for _ in range(100):
        office.server.world.say(ada.id, "/help")
    bob = office.server.person("Bob")
    await bob.says("/help")
    await bob.hears("/latest")


async def test_those_who_speak_in_their_groups_name_take_nothing_from_other_groups(office, ada):
    first, second = office.server.group("Desk", ada), office.server.group("Newsroom", ada)
    for _ in range(COMMANDS + 5):
        await first.is_spoken_in("/help")
    await second.is_spoken_in("/help")
    await second.hears("/latest")
    await office.server.quiet()
    assert len(first.inbox) == COMMANDS + 1


def test_a_limit_counts_any_minute_and_tells_once_a_minute():
    now = [0.0]
    limit = Limit(2, clock=lambda: now[0])
    told = []
    for at in range(180):
        now[0] = float(at)
        verdict = limit.judge(7)
        if verdict is Verdict.TOLD:
            told.append(at)
        if at in {0, 1, 60, 61, 120, 121}:
            assert verdict is Verdict.ADMITTED
    assert told == [2, 62, 122]
    assert limit.judge(8) is Verdict.ADMITTED


def test_a_limit_forgets_who_has_been_quiet():
    now = [0.0]
    limit = Limit(1, clock=lambda: now[0])
    for person in range(MANY + 1):
        limit.judge(person)
        limit.judge(person)
    now[0] = MINUTE + 1
    assert limit.judge(0) is Verdict.ADMITTED
    assert len(limit._admitted) == 1
    assert not limit._told
