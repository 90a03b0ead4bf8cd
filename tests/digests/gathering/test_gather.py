"""A pass over many feeds: what is new is kept, what fails is its own affair, what may be missing is said."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from digests.errors import StorageError
from digests.gathering.gather import Gatherer, due, pause
from digests.model.sources import FeedState, Gap
from tests.builders import NOON, feed
from tests.fakes.feeds import FakeFeeds, FakeGatheringArchive


class Newsroom:
    """A gatherer over fakes, and a clock that is set by hand."""

    def __init__(self, longest=30):
        self.world = FakeFeeds()
        self.archive = FakeGatheringArchive()
        self.now = NOON
        self.longest = longest

    async def gather(self, *, later=timedelta(0)):
        self.now += later
        gatherer = Gatherer(
            self.world.feeds, self.world, self.world, self.archive, lambda: self.now, longest=self.longest
        )
        return await gatherer.gather()

    def state(self, number):
        return self.archive.states[f"feed-{number}"]


@pytest.fixture
def room():
    return Newsroom()


async def test_new_entries_become_articles_once(room):
    room.world.feed(1)
    room.world.entry(1, 1)
    room.world.entry(1, 2)
    first = await room.gather()
    again = await room.gather(later=timedelta(minutes=5))
    room.world.entry(1, 3)
    third = await room.gather(later=timedelta(minutes=5))
    assert [report.new for report in (first, again, third)] == [2, 0, 1]
    assert [report.read for report in (first, again, third)] == [1, 0, 1]
    assert again.unchanged == 1
    assert third.reached == 1
    assert len(room.archive.articles) == 3


async def test_nothing_to_read_is_no_error(room):
    report = await room.gather()
    assert (report.due, report.reached, report.new) == (0, 0, 0)


async def test_the_same_page_in_two_feeds_is_one_article(room):
    room.world.feed(1)
    room.world.feed(2)
    room.world.entry(1, 1, link="https://www.herald.example/x")
    room.world.entry(2, 1, link="http://herald.example/x/?utm_source=rss")
    assert (await room.gather()).new == 1


async def test_an_edited_entry_is_no_new_article(room):
    room.world.feed(1)
    room.world.entry(1, 1, title="Envoys meet")
    await room.gather()
    room.world.entry(1, 1, title="Envoys met", guid="another")
    assert (await room.gather()).new == 0
    assert room.archive.articles[0].title == "Envoys meet"


async def test_an_entry_that_leads_nowhere_is_left_out(room):
    room.world.feed(1)
    room.world.entry(1, 1, link="javascript:alert(1)")
    room.world.entry(1, 2, title="", summary="")
    report = await room.gather()
    assert (report.read, report.new) == (1, 0)


async def test_a_failing_feed_does_not_fail_the_pass(room):
    room.world.feed(1)
    room.world.feed(2)
    room.world.feed(3)
    room.world.entry(1, 1)
    room.world.fails(2)
    room.world.unreadable(3)
    report = await room.gather()
    assert report.read == 1
    assert {failure.feed for failure in report.failures} == {"feed-2", "feed-3"}
    assert room.state(2).problem == "It answered with status 500."
    assert room.state(3).problem == "It is an HTML page and not a feed."
    assert room.state(3).etag is None  # what could not be read is asked for again


async def test_a_failing_feed_rests_ever_longer_and_recovers_at_once(room):
    room.world.feed(1)
    room.world.entry(1, 1)
    room.world.fails(1)
    await room.gather()
    assert room.state(1).next_check == NOON + timedelta(minutes=5)
    report = await room.gather(later=timedelta(minutes=4))
    assert report.due == 0
    assert [(each.feed, each.problem) for each in report.resting] == [("feed-1", "It answered with status 500.")]
    report = await room.gather(later=timedelta(minutes=1))
    assert (report.due, report.resting) == (1, ())
    assert room.state(1).failures == 2
    room.world.works(1)
    assert (await room.gather(later=timedelta(minutes=10))).read == 1
    assert (room.state(1).failures, room.state(1).problem, room.state(1).next_check) == (0, None, None)


async def test_a_feed_that_only_fails_is_called_dead_once_after_three_days_and_again_when_it_dies_again(room):
    room.world.feed(1)
    room.world.entry(1, 1)
    room.world.fails(1)
    for _ in range(2):
        begun, told = room.now, []
        while room.now - begun < timedelta(days=10):
            report = await room.gather(later=timedelta(minutes=5))
            told += [(room.now - begun, each.feed) for each in report.dead]
        ((after, which),) = told
        assert timedelta(days=3) < after < timedelta(days=3, hours=6)
        assert which == "feed-1"
        room.world.works(1)
        assert (await room.gather(later=timedelta(hours=6))).dead == ()
        room.world.fails(1)


async def test_a_feed_is_not_dead_because_the_bot_was_down(room):
    room.world.feed(1)
    room.world.entry(1, 1)
    await room.gather()
    room.world.fails(1)
    assert (await room.gather(later=timedelta(days=5))).dead == ()


async def test_a_feed_that_did_not_change_is_a_good_reading(room):
    room.world.feed(1)
    room.world.entry(1, 1)
    await room.gather()
    room.world.not_modified(1)
    report = await room.gather(later=timedelta(hours=1))
    assert report.unchanged == 1
    assert room.state(1).last_good == room.now
    assert room.state(1).etag is not None


async def test_a_hanging_feed_holds_nobody_up():
    room = Newsroom(longest=0.2)
    room.world.feed(1)
    room.world.feed(2)
    room.world.entry(1, 1)
    room.world.answers(2, asyncio.Event().wait)
    report = await room.gather()
    assert report.new == 1
    assert [failure.feed for failure in report.failures] == ["feed-2"]
    assert "0.2 seconds" in report.failures[0].reason


@pytest.mark.parametrize("bug", [ZeroDivisionError(), TimeoutError()])
async def test_a_bug_is_not_taken_for_a_failing_feed(room, bug):
    room.world.feed(1)
    room.world.answers(1, bug)
    with pytest.raises(ExceptionGroup) as raised:
        await room.gather()
    assert raised.value.exceptions == (bug,)


async def test_an_archive_that_fails_says_so_itself(room):
    room.world.feed(1)
    room.world.entry(1, 1)
    room.archive.raises["known_keys"] = StorageError("The disk is full.")
    with pytest.raises(StorageError, match="full"):
        await room.gather()
    assert not room.archive.states


async def test_the_first_reading_knows_nothing_of_before(room):
    room.world.feed(1)
    room.world.entry(1, 1, minutes=90)
    room.world.entry(1, 2, minutes=10)
    report = await room.gather()
    assert room.archive.gaps == [Gap(feed="feed-1", start=None, end=NOON - timedelta(minutes=90))]
    assert report.truncated == ()
    assert room.state(1).oldest_entry == NOON - timedelta(minutes=90)


async def test_a_feed_that_reaches_back_to_the_last_reading_has_no_gap(room):
    room.world.feed(1)
    room.world.entry(1, 1, minutes=10)
    await room.gather()
    room.world.entry(1, 2, minutes=-170)
    assert (await room.gather(later=timedelta(hours=3))).truncated == ()
    assert len(room.archive.gaps) == 1


async def test_a_feed_whose_oldest_entry_is_younger_than_the_last_reading_is_truncated(room):
    room.world.feed(1)
    room.world.entry(1, 1, minutes=10)
    await room.gather()
    room.world.drop(1, 1)
    room.world.entry(1, 2, minutes=-120)
    report = await room.gather(later=timedelta(hours=3))
    assert report.truncated == ("feed-1",)
    assert room.archive.gaps[1:] == [Gap(feed="feed-1", start=NOON, end=NOON + timedelta(hours=2))]


async def test_dates_that_cannot_be_true_prove_nothing(room):
    room.world.feed(1)
    room.world.entry(1, 1, minutes=10)
    await room.gather()
    room.world.drop(1, 1)
    room.world.entry(1, 2, published=datetime(1970, 1, 1, tzinfo=UTC))
    room.world.entry(1, 3, minutes=-120)
    assert (await room.gather(later=timedelta(hours=3))).truncated == ("feed-1",)


async def test_a_feed_without_dates_has_no_gap_while_something_known_is_in_it(room):
    room.world.feed(1)
    room.world.entry(1, 1, published=None)
    await room.gather()
    room.world.entry(1, 2, published=None)
    assert (await room.gather(later=timedelta(hours=1))).truncated == ()
    room.world.drop(1, 1, 2)
    room.world.entry(1, 3, published=None)
    assert (await room.gather(later=timedelta(hours=1))).truncated == ("feed-1",)
    assert room.archive.gaps[-1] == Gap(feed="feed-1", start=NOON + timedelta(hours=1), end=NOON + timedelta(hours=2))


def test_pauses_double_up_to_six_hours():
    minutes = [pause(failures, None) / timedelta(minutes=1) for failures in (1, 2, 3, 7, 8, 10_000)]
    assert minutes == [5, 10, 20, 320, 360, 360]


def test_a_server_may_wish_for_more_but_not_for_ever():
    assert pause(1, timedelta(hours=8)) == timedelta(hours=8)
    assert pause(1, timedelta(seconds=1)) == timedelta(minutes=5)
    assert pause(1, timedelta(days=365)) == timedelta(hours=24)


def test_feeds_that_failed_come_last_and_resting_ones_not_at_all():
    feeds = [feed("failed"), feed("resting"), feed("good"), feed("new")]
    states = {
        "failed": FeedState(feed="failed", failures=3, next_check=NOON),
        "resting": FeedState(feed="resting", failures=1, next_check=NOON + timedelta(minutes=1)),
        "good": FeedState(feed="good", last_good=NOON),
    }
    assert [each.slug for each in due(feeds, states, NOON)] == ["good", "new", "failed"]


def test_a_clock_that_was_set_back_holds_no_feed_up():
    states = {"herald": FeedState(feed="herald", failures=1, next_check=NOON + timedelta(days=30))}
    assert due([feed("herald")], states, NOON)
