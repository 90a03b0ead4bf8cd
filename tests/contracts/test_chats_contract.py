"""What a change of a whole chat may be relied on for, whichever stores it concerns."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from digests.filing.own_words import slug_of
from digests.model.people import Address, ChatId, DeliveryState, Edition, Heading, MessageId
from digests.model.sources import Coverage
from digests.model.stories import Digest, DigestId, Placement, Section, StoryId, Window
from digests.model.topics import Match, OwnWords
from digests.ports import Filing, Gathering, Plan
from tests.builders import NOON, article, subscription

OLD, NEW, OTHER = ChatId(-77), ChatId(-100_077), ChatId(99)


def edition(chat, day=4):
    return Edition(address=Address(chat=chat), day=date(2026, 2, day), slot=time(8), due=NOON)


async def furnish(office, *chats):
    """Everybody follows something, has an open edition and a message, and has said something."""
    for number, chat in enumerate(chats):
        await office.people.put(subscription(chat))
        claim = await office.ledger.claim(edition(chat), timedelta(minutes=5))
        heading = Heading(at=NOON, zone="UTC", city=None)
        await office.ledger.save_plan(
            claim, Plan(digest=DigestId("abc"), heading=heading, states=(DeliveryState.PENDING,))
        )
        await office.ledger.release(claim, timedelta())
        await office.digests.remember_message(Address(chat=chat), MessageId(5), DigestId("abc"), NOON)
        await office.updates.put(number, b'{"update_id": 1, "message": {"chat": {"id": %d}, "text": "hm"}}' % chat)


async def test_a_chat_that_moves_takes_all_along_and_being_told_twice_is_no_error(office):
    await furnish(office, OLD, OTHER)
    for _ in range(2):
        await office.chats.move(OLD, NEW)
        assert {each.address.chat for each in await office.people.all()} == {NEW, OTHER}
        assert {each.address.chat for each in await office.ledger.open_editions()} == {NEW, OTHER}
        assert await office.digests.digest_of_message(Address(chat=NEW), MessageId(5)) == "abc"
        assert await office.digests.digest_of_message(Address(chat=OLD), MessageId(5)) is None


async def test_where_both_ids_follow_something_they_are_one_and_get_an_edition_once(office):
    await furnish(office, OLD, NEW)
    await office.people.put(subscription(NEW, "treaty"))
    await office.chats.move(OLD, NEW)
    (merged,) = await office.people.all()
    assert set(merged.topics) == {"ukraine-talks", "treaty"}
    assert await office.ledger.open_editions() == (edition(NEW),)


async def test_of_a_chat_that_is_forgotten_nothing_is_left_and_of_others_all(office):
    await furnish(office, OLD, OTHER)
    in_thread = replace(subscription(OLD), address=Address(chat=OLD, thread=3))
    await office.people.put(in_thread)
    shown = await office.chats.export(OLD)
    assert [each["thread"] for each in shown["subscriptions"]] == [0, 3]
    assert {name: len(rows) for name, rows in shown.items()} == {
        "subscriptions": 2,
        "messages": 1,
        "editions": 1,
        "deliveries": 1,
        "updates": 1,
    }
    await office.updates.handled(0)
    await office.chats.forget(OLD)
    assert await office.chats.export(OLD) == {"subscriptions": []}
    assert await office.people.all() == (subscription(OTHER),)
    assert await office.ledger.open_editions() == (edition(OTHER),)
    assert await office.ledger.claim(edition(OLD), timedelta(minutes=5)) is not None


async def test_editions_of_those_who_are_not_among_the_people_are_forgotten_when_it_is_settled(office):
    await furnish(office, OLD, OTHER)
    await office.people.remove(Address(chat=OLD))
    await office.chats.settle()
    assert await office.ledger.open_editions() == (edition(OTHER),)


OWN, SHARED, TRIED = OwnWords(words="rare earths"), OwnWords(words="deep sea cables"), OwnWords(words="grain deal")
WINDOW = Window(start=NOON - timedelta(days=1), end=NOON)


def digest(name, *words):
    sections = tuple(Section(topic=slug_of(own), title=own.words, briefs=()) for own in words)
    return Digest(id=DigestId(name), window=WINDOW, sections=sections, coverage=Coverage(read=1, feeds=1))


async def follow(office):
    """Somebody and another share own words; each has some that the other only once had, or has tried."""
    await office.people.put(replace(subscription(OLD, slug_of(OWN), slug_of(SHARED)), own=(OWN, SHARED)))
    await office.people.put(replace(subscription(OTHER, slug_of(SHARED)), own=(SHARED, TRIED)))
    news, every = article(1), (OWN, SHARED, TRIED)
    await office.archive.save_gathering(Gathering(states=(), gaps=(), articles=(news,)))
    matches = tuple(Match(topic=slug_of(own), article=news.id, score=1.0, why=own.words) for own in every)
    talks = Match(topic=subscription().topics[0], article=news.id, score=1.0, why="talks")
    place = Placement(article=news.id, story=StoryId(1), origin="Herald")
    await office.archive.save_filing(Filing(filed=(news.id,), matches=(*matches, talks), placements=(place,), moved={}))
    shown = {"mine": (OLD,), "both": (OLD, OTHER), "shared": (OLD,), "planned": (), "plain": ()}
    words = {"mine": (OWN, SHARED), "both": (OWN,), "shared": (SHARED, TRIED), "planned": (OWN,), "plain": ()}
    for number, (name, chats) in enumerate(shown.items()):
        await office.digests.save_digest(digest(name, *words[name]))
        for chat in chats:
            await office.digests.remember_message(Address(chat=chat), MessageId(number), DigestId(name), NOON)
    claim = await office.ledger.claim(edition(OTHER), timedelta(minutes=5))
    heading = Heading(at=NOON, zone="UTC", city=None)
    await office.ledger.save_plan(
        claim, Plan(digest=DigestId("planned"), heading=heading, states=(DeliveryState.PENDING,))
    )


async def left(office):
    """Which topics have matches, and which digests there are."""
    topics = {"own": OWN, "shared": SHARED, "tried": TRIED}
    found = {name for name, own in topics.items() if await office.archive.stories(slug_of(own), WINDOW)}
    assert await office.archive.stories(subscription().topics[0], WINDOW)
    names = ("mine", "both", "shared", "planned", "plain")
    return found, {name for name in names if await office.digests.digest(DigestId(name))}


@pytest.mark.parametrize("noticed", [True, False])
async def test_with_a_chat_its_own_words_are_forgotten_wherever_they_stand_but_where_another_has_them(office, noticed):
    await follow(office)
    if noticed:
        await office.chats.forget(OLD)
    else:  # as if all of it had come to be while the chat was forgotten
        await office.people.remove(Address(chat=OLD))
        await office.chats.settle()
    found, digests = await left(office)
    assert found == {"shared", "tried"}
    assert digests == {"both", "shared", "planned", "plain"} | (set() if noticed else {"mine"})
    await office.chats.forget(OLD)
    await office.chats.forget(OTHER)
    assert await left(office) == (set(), {"plain"})
