import asyncio
import logging
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from digests.adapters.postgres.ledger import PostgresLedger
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.ledger import SqliteLedger
from digests.delivery import deliver, places
from digests.delivery.deliver import TickReport
from digests.editing import compose as editing
from digests.editing.positions import Speakers
from digests.errors import ChatGone, ChatMoved, ClaimLost, Refused, RetryLater, StorageError, Uncertain, Unsent
from digests.filing.own_words import OwnTopics, slug_of
from digests.filing.registry import Registry
from digests.model.people import Address, ChatId, DeliveryState, Edition, Heading
from digests.model.stories import DigestId, Placement, StoryId
from digests.model.topics import Match, OwnWords
from digests.ports import Filing, Gathering, Plan
from digests.text.names import Names
from tests.builders import article, subscription
from tests.digests.delivery.newsroom import (
    LONG_AGO,
    MINUTE,
    MORNING,
    Composer,
    Fate,
    Halt,
    Hands,
    Killed,
    Newsroom,
    OneDigest,
)
from tests.fakes.stores import MemoryArchive
from tests.postgres import emptied

PENDING, SENT = DeliveryState.PENDING, DeliveryState.SENT
UNCERTAIN, REFUSED = DeliveryState.UNCERTAIN, DeliveryState.REFUSED
HOUR = timedelta(hours=1)


def reader(chat=7, *, slots=(time(8, 0),), **more):
    return subscription(chat, slots=slots, since=LONG_AGO, **more)


def edition(chat=7, slot=time(8, 0), day=4):
    return Edition(address=Address(chat=ChatId(chat)), day=date(2026, 2, day), slot=slot, due=MORNING)


def arriving(error):
    error.arrives = True
    return error


async def test_a_due_edition_goes_out_once_in_all_its_parts():
    room = Newsroom(reader())
    deliverer = room.deliverer()
    assert await deliverer.tick() == TickReport(sent=2)
    assert await deliverer.tick() == TickReport()
    assert room.messenger.parts_for(7) == [1, 2]
    assert room.ledger.states(edition()) == (SENT, SENT)


async def test_nothing_goes_out_before_its_time():
    room = Newsroom(reader(), machine=Hands(MORNING - 13 * HOUR + MINUTE))
    deliverer = room.deliverer()
    await deliverer.tick()
    room.clock.now = MORNING - timedelta(seconds=1)
    await deliverer.tick()
    assert len(room.messenger.parts_for(7)) == 2  # yesterday's, and not yet today's


async def test_a_digest_is_composed_of_what_its_reader_follows_and_has_not_had():
    room = Newsroom(reader())
    deliverer = room.deliverer()
    await deliverer.tick()
    room.clock.passes(24 * HOUR)
    await deliverer.tick()
    (topics, first, nothing), (_, second, shown) = room.composer.asked
    assert topics == ("ukraine-talks",)
    assert (first.start, first.end) == (MORNING - 24 * HOUR, MORNING)
    assert (second.start, second.end) == (MORNING - 2 * HOUR, MORNING + 24 * HOUR)
    assert (nothing, shown) == ({}, {1: {10}, 2: {20}})


async def test_own_topics_are_in_a_digest_that_is_made_by_a_process_which_never_gathered():
    own = OwnWords(words="rare earths")
    registry, archive = Registry((), OwnTopics(Names(()), ())), MemoryArchive()
    news = article(1, "Rare earths found", published=MORNING - HOUR)
    await archive.save_gathering(Gathering(states=(), gaps=(), articles=(news,)))
    place = Placement(article=news.id, story=StoryId(1), origin="Herald")
    match = Match(topic=slug_of(own), article=news.id, score=1.0, why="rare earths")
    await archive.save_filing(Filing(filed=(news.id,), matches=(match,), placements=(place,), moved={}))
    theirs = replace(reader(), topics=(slug_of(own),), own=(own,))
    room = Newsroom(
        theirs, composer=editing.Composer(archive, registry, (), Speakers(Names(()), {})), learn=registry.learn
    )
    await room.deliverer().tick()
    (section,) = room.messenger.delivered[0][1].digest.sections
    assert (section.title, [brief.story for brief in section.briefs]) == ("Rare earths", [1])


async def test_a_quiet_day_sends_its_one_honest_part():
    room = Newsroom(reader(), composer=Composer(stories=0))
    assert await room.deliverer().tick() == TickReport(sent=1)
    assert room.messenger.parts_for(7) == [1]


async def test_messages_are_remembered_so_that_answers_find_their_digest():
    room = Newsroom(reader())
    await room.deliverer().tick()
    assert room.digests.messages == {
        (Address(chat=ChatId(7)), 1): "digest0001",
        (Address(chat=ChatId(7)), 2): "digest0001",
    }
    assert "digest0001" in room.digests.kept


async def test_the_heading_gives_the_readers_zone_and_says_when_it_is_late():
    room = Newsroom(reader(), reader(8))
    await room.deliverer().tick()
    room.clock.passes(24 * HOUR + 31 * MINUTE)
    await room.deliverer().tick()
    headings = [content.heading for to, content in room.messenger.delivered if to == 8 and content.number == 1]
    assert [(each.at, each.zone, each.late_slot) for each in headings] == [
        (MORNING, "Europe/Kyiv", None),
        (MORNING + 24 * HOUR + 30 * MINUTE, "Europe/Kyiv", time(8, 0)),  # a multiple of five minutes
    ]


async def test_after_three_days_down_the_newest_edition_comes_once():
    room = Newsroom(reader(slots=(time(8, 0), time(9, 0))))
    await room.deliverer().tick()
    room.clock.passes(72 * HOUR + 91 * MINUTE)
    deliverer = room.deliverer()
    await deliverer.settle()
    await room.lives_on(deliverer)
    assert len(room.messenger.parts_for(7)) == 4
    assert room.messenger.delivered[-1][1].heading.late_slot == time(9, 0)


async def test_what_is_half_a_day_old_is_dropped_even_where_it_was_begun():
    room = Newsroom(reader(), **{"7": [None, Unsent("no route")]})
    await room.deliverer().tick()
    assert room.ledger.states(edition()) == (SENT, PENDING)
    room.clock.passes(12 * HOUR)
    await room.lives_on(room.deliverer(), 2)
    assert room.ledger.states(edition()) == (SENT, REFUSED)


async def test_an_edition_that_never_began_gives_way_to_the_next():
    room = Newsroom(reader(slots=(time(8, 0), time(8, 30))), **{"7": [Unsent("no route")] * 20})
    deliverer = room.deliverer()
    await room.lives_on(deliverer, 28)
    room.messenger.fate.clear()
    await room.lives_on(deliverer, 10)
    assert room.messenger.parts_for(7) == [1, 2]
    assert room.ledger.states(edition()) == (REFUSED, REFUSED)
    assert room.ledger.states(edition(slot=time(8, 30))) == (SENT, SENT)


async def test_an_edition_that_began_is_finished_before_the_next():
    room = Newsroom(reader(slots=(time(8, 0), time(8, 30))), **{"7": [None, RetryLater("slowly", after=HOUR)]})
    deliverer = room.deliverer()
    await room.lives_on(deliverer, 61)
    assert room.messenger.parts_for(7) == [1, 2, 1, 2]
    assert [content.digest.id for _, content in room.messenger.delivered] == ["digest0001"] * 2 + ["digest0002"] * 2


async def test_a_part_that_surely_was_not_sent_is_sent_later_with_growing_pauses():
    room = Newsroom(reader(), **{"7": [Unsent("no route")] * 5})
    deliverer = room.deliverer()
    seconds = []
    for second in range(100):
        before = len(room.messenger.attempts)
        await deliverer.tick()
        if len(room.messenger.attempts) > before:
            seconds.append(second)
        room.clock.passes(timedelta(seconds=1))
    assert seconds == [0, 2, 6, 14, 30, 62]
    assert room.messenger.parts_for(7) == [1, 2]
    assert len(room.composer.asked) == 1


async def test_a_chat_rests_as_long_as_the_server_asks_and_others_do_not():
    room = Newsroom(reader(), reader(8), **{"7": [RetryLater("slowly", after=5 * MINUTE)]})
    deliverer = room.deliverer()
    assert await deliverer.tick() == TickReport(sent=2, postponed=1)
    room.clock.passes(5 * MINUTE - timedelta(seconds=1))
    assert await deliverer.tick() == TickReport()
    room.clock.passes(timedelta(seconds=1))
    assert await deliverer.tick() == TickReport(sent=2)
    assert len(room.composer.asked) == 2


async def test_the_pause_a_server_asked_for_outlives_the_process():
    room = Newsroom(reader(), **{"7": [RetryLater("slowly", after=5 * MINUTE)]})
    await room.deliverer().tick()
    deliverer = room.deliverer()
    await deliverer.settle()
    await room.lives_on(deliverer, 5)
    assert len(room.messenger.attempts) == 1
    await room.lives_on(deliverer, 1)
    assert room.messenger.parts_for(7) == [1, 2]


@pytest.mark.parametrize("error", [Uncertain("no answer"), arriving(Uncertain("no answer"))])
async def test_what_may_have_arrived_is_not_sent_again_and_its_reader_is_told_once(error):
    room = Newsroom(reader(), **{"7": [error]})
    deliverer = room.deliverer()
    assert await deliverer.tick() == TickReport(sent=1, uncertain=1)
    assert await room.lives_on(deliverer) == [TickReport()] * 15
    assert room.ledger.states(edition()) == (UNCERTAIN, SENT)
    (notice,) = room.messenger.notices_for(7)
    assert (notice.edition, notice.digest) == (edition(), "digest0001")


@pytest.mark.parametrize("error", [Unsent("no route"), RetryLater("slowly", after=MINUTE)])
async def test_a_notice_that_surely_was_not_sent_is_sent_later(error):
    room = Newsroom(reader(), **{"7": [Uncertain("no answer"), None, error, error]})
    await room.lives_on(room.deliverer())
    assert len(room.messenger.notices_for(7)) == 1


@pytest.mark.parametrize("error", [Uncertain("no answer"), Refused("no")])
async def test_a_notice_is_never_repeated(error):
    room = Newsroom(reader(), **{"7": [Uncertain("no answer"), None, error]})
    await room.lives_on(room.deliverer())
    assert len(room.messenger.attempts) == 3


async def test_a_notice_to_a_chat_that_is_gone_pauses_it():
    room = Newsroom(reader(), **{"7": [Uncertain("no answer"), None, ChatGone("blocked")]})
    await room.lives_on(room.deliverer())
    assert room.people.subscriptions[Address(chat=ChatId(7))].paused == "blocked"


async def test_a_notice_to_a_group_that_moved_goes_there_once():
    room = Newsroom(reader(), **{"7": [Uncertain("no answer"), None, *[ChatMoved("moved", to=ChatId(-100))] * 9]})
    await room.lives_on(room.deliverer())
    assert len(room.messenger.notices_for(-100)) == 1
    assert len([chat for chat, _ in room.messenger.attempts if chat == 7]) == 3
    assert {address.chat for address in room.people.subscriptions} == {-100}


async def test_a_notice_that_finds_its_group_moved_before_it_began_is_told_there_by_the_ledger():
    room = Newsroom(reader(), **{"7": [Uncertain("no answer")]})

    async def moved():
        if room.messenger.attempts[-1][1].number == 2:  # both parts are on their way: the notice's turn
            raise ChatMoved("moved", to=ChatId(-100))

    deliverer = room.deliverer()
    await deliverer.tick()
    room.messenger.turns[7] = moved
    await room.lives_on(deliverer, 3)
    assert len(room.messenger.notices_for(-100)) == 1
    assert room.messenger.notices_for(7) == []


async def test_a_notice_waits_until_its_chat_has_rested():
    room = Newsroom(reader(), **{"7": [Uncertain("no answer"), RetryLater("slowly", after=5 * MINUTE)]})
    deliverer = room.deliverer()
    await room.lives_on(deliverer, 5)
    assert len(room.messenger.attempts) == 2
    await deliverer.tick()
    assert [type(content).__name__ for _, content in room.messenger.delivered] == ["Notice", "Part"]


async def test_who_has_left_hears_nothing_of_what_may_not_have_arrived():
    room = Newsroom(reader(), **{"7": [Uncertain("no answer")]})
    deliverer = room.deliverer()
    await deliverer.tick()
    await room.people.remove(Address(chat=ChatId(7)))
    await room.lives_on(deliverer, 3)
    assert len(room.messenger.attempts) == 2
    assert room.messenger.notices_for(7) == []


async def test_a_notice_that_another_has_sent_is_not_sent_again():
    room = Newsroom(reader(), **{"7": [Uncertain("no answer")]})
    deliverer = room.deliverer()
    await deliverer.tick()
    (doubt,) = await room.ledger.unannounced()
    await room.ledger.announce(doubt)
    await deliverer._notices.tell(doubt)
    assert room.messenger.notices_for(7) == []


async def test_a_refused_part_is_tried_once_and_the_others_go_out(caplog):
    room = Newsroom(reader(), **{"7": [Refused("message is too long")]})
    deliverer = room.deliverer()
    assert await deliverer.tick() == TickReport(sent=1, refused=1)
    await room.lives_on(deliverer, 3)
    assert len(room.messenger.attempts) == 2
    assert [record.levelname for record in caplog.records if "too long" in record.message] == ["WARNING"]


async def test_a_chat_that_is_gone_is_paused_after_one_attempt():
    room = Newsroom(reader(), **{"7": [ChatGone("The bot was blocked.")]})
    deliverer = room.deliverer()
    assert await deliverer.tick() == TickReport(refused=1)
    room.clock.passes(24 * HOUR)
    await room.lives_on(deliverer, 3)
    assert len(room.messenger.attempts) == 1
    assert room.ledger.states(edition()) == (REFUSED, REFUSED)
    assert room.people.subscriptions[Address(chat=ChatId(7))].paused == "The bot was blocked."


async def test_who_left_before_he_is_found_gone_stays_away(monkeypatch):
    monkeypatch.setattr(deliver, "PATIENCE", 0.01)
    room = Newsroom(reader(), **{"7": [ChatGone("blocked")]})
    room.messenger.gate = {7: asyncio.Event()}
    deliverer = room.deliverer()
    await deliverer.tick()
    await room.people.remove(Address(chat=ChatId(7)))
    room.messenger.gate[7].set()
    await deliverer.stop()
    assert room.people.subscriptions == {}


async def test_a_group_that_moved_gets_its_edition_under_the_new_id_once():
    room = Newsroom(reader(), reader(8), **{"7": [None, ChatMoved("moved", to=ChatId(-100))] + [Refused("gone")] * 9})
    deliverer = room.deliverer()
    await room.lives_on(deliverer)
    assert (room.messenger.parts_for(7), room.messenger.parts_for(-100)) == ([1], [2])
    assert {address.chat for address in room.people.subscriptions} == {-100, 8}
    room.clock.now = MORNING + 24 * HOUR
    await deliverer.tick()
    assert room.messenger.parts_for(-100) == [2, 1, 2]
    assert room.composer.asked[-1][2] == {1: {10}, 2: {20}}


async def test_what_people_chose_under_the_new_id_is_kept_beside_the_former_topics():
    fresh = replace(reader(-100), topics=("new-start",))
    room = Newsroom(reader(), fresh, **{"7": [ChatMoved("moved", to=ChatId(-100))]})
    await room.lives_on(room.deliverer())
    joined = replace(fresh, topics=(*reader().topics, "new-start"))
    assert room.people.subscriptions == {fresh.address: joined}
    assert room.messenger.parts_for(-100) == [1, 2]


@pytest.mark.parametrize(
    "change",
    [
        lambda people, one: people.remove(one.address),
        lambda people, one: people.put(replace(one, paused="for a week")),
        lambda people, one: people.put(replace(one, topics=())),
    ],
)
async def test_nobody_is_sent_what_he_no_longer_wants(change):
    room = Newsroom(reader(), **{"7": [Unsent("no route")]})
    deliverer = room.deliverer()
    await deliverer.tick()
    await change(room.people, reader())
    await room.lives_on(deliverer)
    assert room.messenger.delivered == []
    assert room.ledger.states(edition()) == (REFUSED, REFUSED)


async def test_one_editions_bug_is_logged_once_and_stops_no_other(caplog):
    room = Newsroom(reader(), reader(8))
    room.composer.failures = [ZeroDivisionError("a bug")]
    deliverer = room.deliverer()
    assert await deliverer.tick() == TickReport(sent=2, failed=1)
    await room.lives_on(deliverer)
    assert (room.messenger.parts_for(7), room.messenger.parts_for(8)) == ([1, 2], [1, 2])
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


async def test_a_bug_in_sending_leaves_its_part_in_doubt():
    room = Newsroom(reader(), **{"7": [ZeroDivisionError("a bug")]})
    await room.lives_on(room.deliverer())
    assert room.ledger.states(edition()) == (UNCERTAIN, SENT)
    assert len(room.messenger.notices_for(7)) == 1


@pytest.mark.parametrize("step", ["claim_many", "sending", "release"])
async def test_on_a_full_disk_nothing_goes_out_that_is_not_noted_and_once_there_is_room_everything_does(step, caplog):
    room = Newsroom(reader())
    real = getattr(room.ledger, step)

    async def on_a_full_disk(*arguments):
        raise StorageError("the disk is full")

    setattr(room.ledger, step, on_a_full_disk)
    deliverer = room.deliverer()
    try:
        assert (await deliverer.tick()).failed == 1
    except StorageError:
        assert step == "claim_many"
    assert room.messenger.parts_for(7) == ([1, 2] if step == "release" else [])
    setattr(room.ledger, step, real)
    await room.lives_on(deliverer)
    assert room.messenger.parts_for(7) == [1, 2]
    assert room.ledger.rows[edition()].done
    assert [record.exc_info for record in caplog.records if record.levelno >= logging.WARNING and record.exc_info] == []


async def test_a_holder_whose_claim_was_taken_over_stops(caplog):
    room = Newsroom(reader())
    deliverer = room.deliverer()

    async def lost(*_):
        raise ClaimLost("another has it.")

    sending, room.ledger.sending = room.ledger.sending, lost
    assert await deliverer.tick() == TickReport(failed=1)
    assert room.messenger.attempts == []
    room.ledger.sending = sending
    await room.lives_on(deliverer)
    assert room.messenger.parts_for(7) == [1, 2]


async def test_what_another_holder_left_half_sent_becomes_uncertain():
    room = Newsroom(reader())
    one = edition()
    claim = await room.ledger.claim(one, deliver.LEASE)
    heading = Heading(at=MORNING, zone="Europe/Kyiv", city=None)
    await room.ledger.save_plan(claim, Plan(digest=DigestId("gone"), heading=heading, states=(PENDING, PENDING)))
    await room.ledger.sending(claim, 1)
    room.clock.passes(deliver.LEASE)
    await room.lives_on(room.deliverer(), 1)  # no settling, for the other may live
    assert room.ledger.states(one) == (UNCERTAIN, REFUSED)


async def test_a_digest_that_was_planned_is_sent_as_planned_and_marked_when_late():
    room = Newsroom(reader(), **{"7": [Unsent("no route")]})
    await room.deliverer().tick()
    room.clock.passes(HOUR)
    await room.deliverer().tick()
    assert [content.heading.late_slot for _, content in room.messenger.delivered] == [time(8, 0)] * 2
    assert [content.heading.at for _, content in room.messenger.delivered] == [MORNING] * 2


async def test_where_the_mark_would_split_it_differently_it_goes_without():
    room = Newsroom(reader(), **{"7": [None, Unsent("no route")]})
    await room.deliverer().tick()
    parts = room.messenger.parts
    room.messenger.parts = lambda digest, heading: parts(digest, heading)[: 1 if heading.late_slot else 2]
    room.clock.passes(HOUR)
    await room.deliverer().tick()
    assert [content.heading.late_slot for _, content in room.messenger.delivered] == [None, None]


@pytest.mark.parametrize("loss", ["its snapshot", "its split"])
async def test_what_cannot_be_shown_as_planned_is_dropped_and_logged(loss, caplog):
    room = Newsroom(reader(), **{"7": [None, Unsent("no route")]})
    deliverer = room.deliverer()
    await deliverer.tick()
    if loss == "its snapshot":
        room.digests.kept.clear()
    else:
        room.messenger.parts = lambda digest, heading: ()
    await room.lives_on(deliverer)
    assert room.ledger.states(edition()) == (SENT, REFUSED)
    assert len([record for record in caplog.records if "dropped" in record.message]) == 1


async def test_a_slow_chat_delays_nobodys_next_slot(monkeypatch):
    monkeypatch.setattr(deliver, "PATIENCE", 0.01)
    room = Newsroom(reader(), reader(8, slots=(time(8, 0), time(8, 1))))
    room.messenger.gate = {7: asyncio.Event()}
    deliverer = room.deliverer()
    await deliverer.tick()
    room.clock.passes(MINUTE)
    await deliverer.tick()
    assert room.messenger.parts_for(8) == [1, 2, 1, 2]
    assert room.messenger.parts_for(7) == []
    room.messenger.gate[7].set()
    while not (await deliverer.tick()).sent:
        pass
    assert room.messenger.parts_for(7) == [1, 2]
    await deliverer.stop()


async def test_a_chat_that_is_being_served_is_served_its_next_slot_after_that(monkeypatch):
    monkeypatch.setattr(deliver, "PATIENCE", 0.01)
    room = Newsroom(reader(slots=(time(8, 0), time(8, 1))))
    room.messenger.gate = {7: asyncio.Event()}
    deliverer = room.deliverer()
    await deliverer.tick()
    room.clock.passes(MINUTE)
    await deliverer.tick()
    assert list(room.ledger.rows) == [edition()]
    room.messenger.gate[7].set()
    while len(room.messenger.delivered) < 4:
        await deliverer.tick()
    assert room.messenger.parts_for(7) == [1, 2, 1, 2]


async def test_a_digest_that_many_share_is_kept_once():
    room = Newsroom(reader(), reader(8), composer=OneDigest())
    await room.deliverer().tick()
    assert (room.messenger.parts_for(7), room.messenger.parts_for(8)) == ([1, 2], [1, 2])
    assert room.digests.saved == ["digest0001"]


async def test_stopping_lets_the_part_in_flight_end_and_leaves_the_rest_for_the_next_start(monkeypatch):
    monkeypatch.setattr(deliver, "PATIENCE", 0.01)
    room = Newsroom(reader())
    room.messenger.gate = {7: asyncio.Event()}
    deliverer = room.deliverer()
    await deliverer.tick()
    stop = asyncio.ensure_future(deliverer.stop())
    await asyncio.sleep(0)
    room.messenger.gate[7].set()
    await stop
    assert room.ledger.states(edition()) == (SENT, PENDING)
    await deliverer.tick()
    assert len(room.messenger.attempts) == 1
    await room.lives_on(room.deliverer(), 1)
    assert room.messenger.parts_for(7) == [1, 2]


async def claiming(room):
    """A tick that has claimed and has not been told yet; what lets it be told."""
    claim_many, claimed, told = room.ledger.claim_many, asyncio.Event(), asyncio.Event()

    async def slow(*arguments):
        claims = await claim_many(*arguments)
        claimed.set()
        await told.wait()
        return claims

    room.ledger.claim_many = slow
    deliverer = room.deliverer()
    tick = asyncio.ensure_future(deliverer.tick())
    await claimed.wait()
    return deliverer, tick, told


async def test_stopping_while_a_tick_claims_lets_go_of_what_it_had():
    room = Newsroom(reader())
    deliverer, tick, told = await claiming(room)
    stop = asyncio.ensure_future(deliverer.stop())
    await asyncio.sleep(0)
    told.set()
    await stop
    assert not room.ledger.rows[edition()].held
    assert await tick == TickReport()
    assert room.messenger.attempts == []


async def test_a_tick_that_hangs_is_waited_for_no_longer_than_the_drain(monkeypatch):
    monkeypatch.setattr(deliver, "DRAIN", 0.01)
    deliverer, tick, told = await claiming(Newsroom(reader()))
    await deliverer.stop()
    assert not tick.done()
    told.set()
    await tick
    await deliverer.stop()


async def test_stopping_begins_nothing_that_waits_for_its_turn(monkeypatch):
    monkeypatch.setattr(deliver, "PATIENCE", 0.01)
    monkeypatch.setattr(places, "FEWEST", 1)
    room = Newsroom(reader(), reader(8))
    room.messenger.gate = {7: asyncio.Event(), 8: asyncio.Event()}
    deliverer = room.deliverer()
    await deliverer.tick()
    stop = asyncio.ensure_future(deliverer.stop())
    await asyncio.sleep(0)
    for gate in room.messenger.gate.values():
        gate.set()
    await stop
    assert len(room.ledger.rows) == 1


async def test_what_only_waited_for_its_turn_when_the_process_died_is_sent_and_in_no_doubt(monkeypatch):
    monkeypatch.setattr(deliver, "PATIENCE", 0.01)
    monkeypatch.setattr(deliver, "DRAIN", 0.01)
    room = Newsroom(reader())
    room.messenger.turns = {7: asyncio.Event().wait}
    deliverer = room.deliverer()
    await deliverer.tick()
    await deliverer.stop()
    room.messenger.turns = {}
    again = room.deliverer()
    await again.settle()
    await room.lives_on(again)
    assert room.ledger.states(edition()) == (SENT, SENT)
    assert room.messenger.notices_for(7) == []


@pytest.mark.parametrize("error", [RetryLater("its turn is far off", after=MINUTE), RuntimeError("a bug")])
async def test_what_fails_before_it_begins_is_sent_later(error):
    room = Newsroom(reader())

    async def turn():
        room.messenger.turns.clear()
        raise error

    room.messenger.turns = {7: turn}
    deliverer = room.deliverer()
    await deliverer.tick()
    assert room.ledger.states(edition()) == (PENDING, PENDING)
    await room.lives_on(deliverer)
    assert room.messenger.parts_for(7) == [1, 2]
    assert room.messenger.notices_for(7) == []


async def test_a_notice_whose_turn_is_far_off_is_sent_later():
    room = Newsroom(reader(), **{"7": [Uncertain("no answer")]})
    deliverer = room.deliverer()
    await deliverer.tick()

    async def turn():
        room.messenger.turns.clear()
        raise RetryLater("its turn is far off", after=MINUTE)

    room.messenger.turns = {7: turn}
    await room.lives_on(deliverer)
    assert len(room.messenger.notices_for(7)) == 1


async def test_what_hangs_longer_than_the_drain_is_cut_off_and_uncertain_after_the_start(monkeypatch):
    monkeypatch.setattr(deliver, "PATIENCE", 0.01)
    monkeypatch.setattr(deliver, "DRAIN", 0.01)
    room = Newsroom(reader())
    room.messenger.gate = {7: asyncio.Event()}
    deliverer = room.deliverer()
    await deliverer.tick()
    await deliverer.stop()
    again = room.deliverer()
    room.messenger.gate = None
    await again.settle()
    await room.lives_on(again)
    assert room.ledger.states(edition()) == (UNCERTAIN, SENT)
    assert len(room.messenger.notices_for(7)) == 1


async def test_stopping_with_nothing_in_flight_is_at_once():
    await Newsroom().deliverer().stop()


CHATS = (1, 2, 3, 4, 5)


def troubled(**how):
    """Five chats: all well; not reached at first; never answered; moved; gone."""
    return Newsroom(
        *[reader(chat) for chat in CHATS],
        **{
            "2": [Unsent("no route"), None, RetryLater("slowly", after=MINUTE)],
            "3": [None, arriving(Uncertain("no answer"))],
            "4": [ChatMoved("moved", to=ChatId(-100)) for _ in range(9)],
            "5": [ChatGone("blocked") for _ in range(9)],
        },
        **how,
    )


async def dies_and_lives_on(room, death):
    """The first process dies at a step; the second goes on. Whether the first came to its end before."""
    fate = Fate(death)
    first = room.deliverer(fate)
    try:
        await first.settle()
        await room.lives_on(first, 6)
        survived = True
    except Killed:
        survived = False
    await first.stop()
    second = room.deliverer()
    await second.settle()
    await room.lives_on(second)
    return survived


async def assert_nothing_twice_and_nothing_lost(room, states):
    for chat in (1, 2, 3, -100):
        delivered = room.messenger.parts_for(chat)
        assert len(delivered) == len(set(delivered)), (chat, delivered)
        found = await states(chat)
        assert len(found) == 2, chat
        for number, state in enumerate(found, start=1):
            assert state in {SENT, UNCERTAIN}, (chat, number, state)
            assert state is UNCERTAIN or number in delivered, (chat, number)
        assert len(room.messenger.notices_for(chat)) <= 1
    assert room.messenger.parts_for(4) == room.messenger.parts_for(5) == []
    assert {address.chat for address, one in room.people.subscriptions.items() if not one.paused} == {1, 2, 3, -100}


async def test_killed_at_any_step_nothing_comes_twice_and_nothing_is_lost():
    death, survived = 0, False
    while not survived:
        death += 1
        room = troubled()
        survived = await dies_and_lives_on(room, death)

        async def states(chat, room=room):
            return room.ledger.states(edition(chat))

        await assert_nothing_twice_and_nothing_lost(room, states)
    assert death > 100


STATES = "SELECT state FROM deliveries JOIN editions ON edition = id WHERE chat = {} AND part > 0 ORDER BY part"


@asynccontextmanager
async def on_sqlite(machine):
    """A ledger, and what asks it for the states of a chat's edition."""
    async with Database(":memory:") as database:
        query = STATES.format("?")
        yield (
            SqliteLedger(database, machine),
            lambda chat: database.run(lambda connection: connection.execute(query, (chat,)).fetchall()),
        )


@asynccontextmanager
async def on_postgres(machine):
    """As on SQLite; no worker has given a sign of life, so that a start takes every former one for gone."""
    async with emptied(machine) as database:
        query = STATES.format("%s")
        yield PostgresLedger(database, machine, "1-a"), lambda chat: database.ask(query, (chat,))


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(
    ("opened", "stride"),
    [
        (on_sqlite, 7),
        (on_postgres, 61),
        pytest.param(on_sqlite, 1, marks=pytest.mark.campaign),
        pytest.param(on_postgres, 1, marks=pytest.mark.campaign),
    ],
)
async def test_killed_at_any_step_over_a_database_nothing_comes_twice_and_nothing_is_lost(opened, stride):
    """The short form dies at every so many steps; the steps between are the same port calls of other chats."""
    death, deaths, survived, met = 1, 0, False, Counter()
    while not survived:
        machine = Hands()
        async with opened(machine) as (ledger, ask):
            room = troubled(machine=machine, ledger=ledger)
            survived = await dies_and_lives_on(room, death)

            async def states(chat, ask=ask):
                return tuple(DeliveryState(state) for (state,) in await ask(chat))

            await assert_nothing_twice_and_nothing_lost(room, states)
            for chat in (1, 2, 3, -100, 5):
                met.update(await states(chat))
        death += stride
        deaths += 1
    print(f"{deaths} deaths: {dict(met)}")
    assert death > 100
    assert set(met) == {SENT, UNCERTAIN, REFUSED}


async def is_stopped_and_goes_on(room, at):
    """The first process is stopped at a step until long after its lease; another does its work. Whether it came so far."""
    halt = Halt(at)
    first, second = room.deliverer(halt), room.deliverer()
    living = asyncio.ensure_future(room.lives_on(first, 3))
    stopped = asyncio.ensure_future(halt.stopped.wait())
    await asyncio.wait([living, stopped], return_when=asyncio.FIRST_COMPLETED)
    if not stopped.done():
        stopped.cancel()
        return False
    room.clock.passes(deliver.LEASE + MINUTE)
    await room.lives_on(second)
    halt.goes_on.set()
    await asyncio.wait([living])
    await first.stop()
    await room.lives_on(second, 3)
    return True


def stopping():
    """Four readers; where one is sent to while it is stopped, it may finish that one send."""
    return Newsroom(
        *[reader(chat) for chat in CHATS[:4]],
        **{
            "2": [Unsent("no route"), None, RetryLater("slowly", after=MINUTE)],
            "3": [None, arriving(Uncertain("no answer"))],
            "4": [ChatGone("blocked") for _ in range(9)],
        },
    )


async def test_a_worker_that_is_stopped_anywhere_past_its_lease_and_goes_on_sends_nothing_twice(monkeypatch):
    """A claim that lapsed is taken over, and what was being sent is not: whoever was stopped in it may end that one send."""
    monkeypatch.setattr(deliver, "PATIENCE", 0.01)
    stops, states_met = 0, Counter()
    came_so_far = True
    while came_so_far:
        room = stopping()
        came_so_far = await is_stopped_and_goes_on(room, stops + 1)
        stops += came_so_far
        for chat in (1, 2, 3):
            delivered = room.messenger.parts_for(chat)
            assert len(delivered) == len(set(delivered)), (stops, chat, delivered)
            states = room.ledger.states(edition(chat))
            states_met.update(states)
            for number, state in enumerate(states, start=1):
                assert state in {SENT, UNCERTAIN}, (stops, chat, number, state)
                assert state is UNCERTAIN or number in delivered, (stops, chat, number)
            assert len(room.messenger.notices_for(chat)) <= 1
        assert room.messenger.parts_for(4) == []
    print(f"{stops} stops: {dict(states_met)}")
    assert stops >= 100
    assert states_met[UNCERTAIN] > stops  # chat 3's, and those who were stopped in the middle of a send
