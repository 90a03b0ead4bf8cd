"""What is told of people, ledger and time, and when it is wrong."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from digests.delivery.editions import OVERDUE
from digests.delivery.health import DRIFT, PATIENCE, agreement
from digests.filing.own_words import slug_of
from digests.model.health import Condition, Records
from digests.model.people import Address, ChatId
from digests.model.topics import OwnWords
from tests.builders import NOON, subscription

TOPICS = ("ukraine-talks", "new-start")
SOUND = Records(chats=frozenset(), open={}, orphaned=0, halfway=0, untold=0, waiting=0)


def told(*people, running=False, topics=TOPICS, now=NOON, machine_now=NOON, **records):
    """The findings by what they are about."""
    condition = Condition(running=running, findings=(), subscriptions=people, records=replace(SOUND, **records))
    return {each.about: each for each in agreement(condition, topics, now, machine_now)}


def wrong(*people, **more):
    return {about for about, each in told(*people, **more).items() if each.remedy is not None}


def test_where_all_agree_nothing_is_wrong():
    found = told(subscription(7), subscription(8, paused="blocked"), chats=frozenset({7}))
    assert wrong(subscription(7), chats=frozenset({ChatId(7)})) == set()
    assert found["people"].seen == "Subscriptions: 2, of which paused: 1."


def test_what_cannot_be_read_is_not_judged():
    unread = Condition(running=False, findings=())
    assert [each.about for each in agreement(unread, TOPICS, NOON, NOON)] == ["clock"]


@pytest.mark.parametrize("zone", ["Atlantis/Capital", "../Kyiv", "Europe"])
def test_zones_that_the_machine_does_not_know_are_named(zone):
    found = told(subscription(7, zone=zone), subscription(8, zone=None))
    assert zone in found["zones"].seen
    assert found["zones"].remedy


def test_topics_that_no_file_describes_are_named_but_for_peoples_own():
    own = OwnWords(words="grain corridor")
    people = replace(subscription(7, "lost-topic", slug_of(own)), own=(own,))
    assert "(lost-topic)" in told(people)["followed topics"].seen
    assert wrong(people, topics=None) == set()


def test_of_many_names_a_few_are_shown():
    people = [subscription(chat, f"lost-{chat}") for chat in range(1, 9)]
    assert "(lost-1, lost-2, lost-3, lost-4, lost-5 and 3 more)" in told(*people)["followed topics"].seen


@pytest.mark.parametrize("what", [{"orphaned": 1}, {"halfway": 2}])
def test_what_a_process_that_is_gone_has_left_is_ended_by_a_start(what):
    found = told(subscription(7), **what)["ledger"]
    assert "A process that is gone held" in found.seen
    assert found.remedy.startswith("start the bot")
    assert wrong(subscription(7), running=True, **what) == set()


def test_a_running_bot_that_leaves_an_edition_past_its_time_is_stuck():
    here = Address(chat=ChatId(7))
    late = {here: NOON - OVERDUE - PATIENCE}
    later = {here: NOON - OVERDUE - PATIENCE - timedelta(seconds=1)}
    assert wrong(subscription(7), running=True, open=late) == set()
    assert wrong(subscription(7), running=True, open=later) == {"ledger"}
    assert wrong(subscription(7), running=False, open=later) == set()


def test_a_change_of_both_stores_that_was_not_ended_is_named():
    found = told(subscription(7), begun=("move of chat 7",))["people and ledger"]
    assert "move of chat 7" in found.seen
    assert found.remedy.startswith("start the bot")
    assert wrong(subscription(7), running=True, begun=("move of chat 7",)) == set()


@pytest.mark.parametrize(("running", "remedy"), [(True, "leave the bot running"), (False, "start the bot")])
def test_editions_of_chats_that_are_not_among_the_people_are_told(running, remedy):
    found = told(subscription(7), running=running, chats=frozenset({ChatId(7), ChatId(9)}))["people and ledger"]
    assert "(9)" in found.seen
    assert found.remedy.startswith(remedy)


def test_a_clock_that_went_back_is_told():
    assert wrong(received=NOON + DRIFT) == set()
    assert wrong(received=NOON + DRIFT + timedelta(seconds=1)) == {"clock"}
    assert wrong(machine_now=datetime.fromisoformat("1970-01-01T00:10:00+00:00")) == {"clock"}
