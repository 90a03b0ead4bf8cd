from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import pytest

from digests.conversation.followups import About, Followups
from digests.conversation.latest import Latest
from digests.conversation.subscriptions import MOST_TOPICS, Subscriptions
from digests.conversation.topics import Topics
from digests.errors import PersonError
from digests.filing.own_words import OwnTopics, slug_of
from digests.filing.registry import Registry
from digests.model.answers import Chosen, Contents
from digests.model.people import Address, ChatId, Edition, MessageId
from digests.model.sources import Coverage
from digests.model.stories import Brief, Digest, DigestId, Report, Section, Sentence, StoryId
from digests.model.topics import OwnWords, Side, Term, Topic, TopicSlug
from digests.text.names import Names
from tests.builders import NOON, article, subscription
from tests.fakes.stores import MemoryArchive, MemoryDigests, MemoryPeople

HERE = Address(chat=ChatId(7))


def topic(slug, title, *anchors, sides=()):
    return Topic(
        slug=TopicSlug(slug),
        title=title,
        line="",
        background="",
        questions=(),
        sides=sides,
        anchors=tuple(Term(name=name, aliases=(name,)) for name in anchors),
    )


ENVOYS = Side(name="who", terms=(Term(name="Umerov", aliases=("Umerov", "Умєров", "Rustem Umerov")),))
TALKS = topic("ukraine-talks", "Ukraine talks", sides=(ENVOYS,))
START = topic("new-start", "New START", "СНВ-III", "New START treaty")
MANY = tuple(topic(f"topic-{letter}", f"Matter {letter}") for letter in "abcdefghijklmnopqrstuv")


def next_slot(subscription, after):
    if not subscription.topics or subscription.paused:
        return None
    slot = subscription.schedule.slots[0]
    return Edition(address=subscription.address, day=after.date(), slot=slot, due=after)


@dataclass
class Newsroom:
    """The services over stores in memory; `at` is the present."""

    at: datetime = NOON
    briefs: int = 1
    told: str = "Envoys meet"

    def __post_init__(self):
        self.people, self.digests, self.archive = MemoryPeople(), MemoryDigests(), MemoryArchive()
        self.topics = Topics((TALKS, START, *MANY), self.archive, self.people, self.clock)
        self.subscriptions = Subscriptions(self.people, self.topics, next_slot, self.clock)
        self.latest = Latest(self, self.digests, self.people, self.topics, self.clock)
        registry = Registry((TALKS, START, *MANY), OwnTopics(Names(()), ()))
        self.followups = Followups(self.digests, self.people, registry, lambda brief: brief.sentences, self.clock)

    def clock(self):
        return self.at

    async def compose(self, topics, window, *, most):
        told = article(1, self.told)
        brief = Brief(
            story=StoryId(1),
            topic=topics[0],
            headline=told.title,
            headline_by=None,
            sentences=(Sentence(text="They met.", article=told.id, speaker="Herald"),),
            reports=(Report(article=told, origin="Herald"),),
            independent_outlets=1,
        )
        section = Section(topic=topics[0], title=str(most), briefs=(brief,) * self.briefs)
        return Digest(id=DigestId("aaaaaaaaaa"), window=window, sections=(section,), coverage=Coverage(read=1, feeds=1))


@pytest.fixture
def room():
    return Newsroom()


@pytest.mark.parametrize(
    "name", ["new-start", "New START", "NEW START", "new–start", "снв-iii", "New START Treaty", " new\tstart "]
)
def test_a_topic_is_known_by_slug_title_and_the_terms_that_alone_mean_it(room, name):
    assert room.topics.find(name) == START


@pytest.mark.parametrize(
    ("name", "near"),
    [("nwe start", START), ("start", START), ("umerov in istanbul", TALKS), ("talks with ukraine", TALKS)],
)
def test_a_near_miss_is_suggested_and_not_taken(room, name, near):
    with pytest.raises(PersonError, match=f"Did you mean {near.title}") as caught:
        room.topics.find(name)
    assert caught.value.choices[0] == near.slug


def test_what_is_like_no_topic_leads_to_the_catalogue(room):
    with pytest.raises(PersonError, match="/topics shows what there is") as caught:
        room.topics.find("quantum chess")
    assert caught.value.choices == ()


async def test_the_catalogue_knows_what_a_chat_follows(room):
    await room.people.put(subscription(7, "new-start"))
    lines = await room.topics.lines(HERE)
    assert [line.topic.slug for line in lines if line.followed] == ["new-start"]
    line = await room.topics.line(Address(chat=ChatId(8)), "new start")
    assert (line.topic, line.stories, line.followed) == (START, 0, False)


async def test_following_twice_changes_nothing(room):
    first = await room.subscriptions.follow(HERE, "new start 9:30")
    room.at += timedelta(hours=1)
    again = await room.subscriptions.follow(HERE, "new start 9:30")
    assert (first.new, again.new) == (True, False)
    assert again.standing.schedule == first.standing.schedule
    assert again.standing.schedule.since == NOON


async def test_times_without_a_topic_are_no_subscription(room):
    with pytest.raises(PersonError, match="Which topic"):
        await room.subscriptions.follow(HERE, "08:00")
    assert await room.people.get(HERE) is None


async def test_the_first_topic_begins_the_schedule_and_the_second_leaves_it(room):
    await room.subscriptions.set_zone(HERE, "Kyiv")
    room.at += timedelta(hours=1)
    first = await room.subscriptions.follow(HERE, "new start")
    room.at += timedelta(hours=1)
    second = await room.subscriptions.follow(HERE, "ukraine talks")
    assert first.standing.schedule.since == second.standing.schedule.since == NOON + timedelta(hours=1)
    assert second.standing.topics == (START, TALKS)


async def test_one_who_stops_all_and_begins_anew_is_not_sent_what_was_due_between(room):
    await room.subscriptions.follow(HERE, "new start")
    await room.subscriptions.stop(HERE, "new start")
    room.at += timedelta(hours=5)
    change = await room.subscriptions.follow(HERE, "new start")
    assert change.standing.schedule.since == room.at


async def test_stopping_keeps_times_and_city(room):
    await room.subscriptions.follow(HERE, "new start 9:30")
    await room.subscriptions.set_zone(HERE, "Kyiv")
    stopped = await room.subscriptions.stop(HERE, "new start")
    again = await room.subscriptions.stop(HERE, "new start")
    assert (stopped.new, again.new) == (True, False)
    assert stopped.standing.next is None
    assert (again.standing.schedule.slots, again.standing.schedule.city) == ((time(9, 30),), "Kyiv")


async def test_a_change_of_times_or_city_begins_the_schedule_anew_and_the_same_does_not(room):
    await room.subscriptions.set_times(HERE, "8 20")
    room.at += timedelta(hours=1)
    moved = await room.subscriptions.set_spot(HERE, 50.4, 30.5)
    assert (moved.schedule.since, moved.schedule.zone) == (room.at, "Europe/Kyiv")
    room.at += timedelta(hours=1)
    assert (await room.subscriptions.set_zone(HERE, "kiev")).schedule == moved.schedule
    assert (await room.subscriptions.set_times(HERE, "20:00 8am")).schedule == moved.schedule


async def test_a_chat_follows_so_many_topics_and_no_more(room):
    for each in MANY[:MOST_TOPICS]:
        await room.subscriptions.follow(HERE, each.slug)
    with pytest.raises(PersonError, match="20 topics"):
        await room.subscriptions.follow(HERE, "new start")
    assert (await room.subscriptions.follow(HERE, MANY[0].title)).new is False


async def test_topics_that_left_the_catalogue_are_not_shown_and_make_room(room):
    await room.people.put(subscription(7, "gone", "new-start"))
    assert (await room.subscriptions.standing(HERE)).topics == (START,)
    await room.subscriptions.follow(HERE, "ukraine talks")
    assert (await room.people.get(HERE)).topics == ("new-start", "ukraine-talks")


async def test_coming_back_ends_a_pause_from_now_on(room):
    await room.people.put(subscription(7, "new-start", paused="blocked"))
    assert (await room.subscriptions.standing(HERE)).next is None
    room.at += timedelta(days=3)
    standing = await room.subscriptions.resume(HERE)
    assert standing.paused is None
    assert standing.next is not None
    assert standing.schedule.since == room.at
    room.at += timedelta(hours=1)
    assert (await room.subscriptions.resume(HERE)).schedule.since == room.at - timedelta(hours=1)


async def test_latest_counts_stories_and_keeps_the_digest(room):
    reading = await room.latest.digest(HERE, "new start 5")
    assert reading.digest.sections[0].title == "5"
    assert (reading.heading.at, reading.heading.zone, reading.heading.city) == (NOON, "UTC", None)
    assert await room.digests.digest(reading.digest.id) == reading.digest


async def test_latest_of_nothing_is_nothing_and_of_a_chat_what_it_follows(room):
    assert await room.latest.digest(HERE, "") is None
    await room.people.put(replace(subscription(7, "new-start")))
    reading = await room.latest.digest(HERE, "3")
    assert reading.digest.sections[0].topic == "new-start"
    assert reading.heading.zone == "Europe/Kyiv"
    assert await room.latest.again(HERE, reading.digest.id) == reading


@pytest.mark.parametrize("text", ["new start 0", "new start 21", "999999"])
async def test_a_number_of_stories_out_of_range_is_refused(room, text):
    with pytest.raises(PersonError, match="1 to 20"):
        await room.latest.digest(HERE, text)


async def test_a_digest_that_is_gone_is_said_to_be(room):
    with pytest.raises(PersonError, match="no longer kept"):
        await room.latest.again(HERE, DigestId("bbbbbbbbbb"))
    with pytest.raises(PersonError, match="no longer kept"):
        await room.followups.more(About(address=HERE, number=1, digest=DigestId("bbbbbbbbbb")))


async def test_a_question_finds_its_digest_by_the_message_or_as_the_newest_of_a_week(room):
    with pytest.raises(PersonError, match="no digest of the last 7 days"):
        await room.followups.more(About(address=HERE, number=1))
    reading = await room.latest.digest(HERE, "new start")
    await room.latest.shown(HERE, MessageId(3), reading.digest.id)
    by_message = await room.followups.more(About(address=HERE, number=1, message=MessageId(3)))
    newest = await room.followups.more(About(address=HERE, number=1, message=MessageId(99)))
    assert by_message == newest
    assert by_message.sentences == reading.digest.briefs[0].sentences
    room.at += timedelta(days=8)
    with pytest.raises(PersonError, match="no digest of the last 7 days"):
        await room.followups.more(About(address=HERE, number=1))


@pytest.mark.parametrize("number", [None, 0, 2])
async def test_without_a_number_that_it_has_a_digest_shows_its_contents(room, number):
    reading = await room.latest.digest(HERE, "new start")
    about = About(address=HERE, number=number, digest=reading.digest.id)
    assert await room.followups.more(about) == Contents(digest=reading.digest, asked=number)


async def test_sources_come_with_the_readers_zone(room):
    await room.people.put(subscription(7, "new-start"))
    reading = await room.latest.digest(HERE, "")
    chosen = await room.followups.sources(About(address=HERE, number=1, digest=reading.digest.id))
    assert chosen == Chosen(digest=reading.digest, number=1, zone="Europe/Kyiv", city=None)
    assert chosen.brief == reading.digest.briefs[0]


async def test_sources_say_what_makes_a_story_belong_to_its_topic(room):
    room.told = "New START treaty lapses"
    reading = await room.latest.digest(HERE, "new start")
    chosen = await room.followups.sources(About(address=HERE, number=1, digest=reading.digest.id))
    assert (chosen.topic, chosen.why) == (reading.digest.sections[0].title, "New START treaty in the title")


async def test_a_story_of_own_words_says_by_which_of_them_it_was_found(room):
    own = OwnWords(words="rare earths")
    await room.people.put(replace(subscription(7), topics=(slug_of(own),), own=(own,)))
    room.told = "Rare earths found in Sweden"
    reading = await room.latest.digest(HERE, "rare earths")
    chosen = await room.followups.sources(About(address=HERE, number=1, digest=reading.digest.id))
    assert chosen.why == "rare + earths in the title"


async def test_a_digest_without_stories_has_none_to_tell(room):
    room.briefs = 0
    reading = await room.latest.digest(HERE, "new start")
    with pytest.raises(PersonError, match="has no stories"):
        await room.followups.sources(About(address=HERE, number=1, digest=reading.digest.id))
