"""The pass that makes a digest, over an archive in memory."""

from datetime import timedelta

from digests.editing.compose import Composer, covered
from digests.model.sources import Coverage, FeedSlug, FeedState, Gap, Ownership
from digests.model.stories import Alone, Placement, StoryId, Window
from digests.model.topics import Match, Side, Term, Topic, TopicSlug
from digests.ports import Filing, Gathering
from tests.builders import NOON, article, feed, outlet
from tests.digests.editing.test_flags import SPEAKERS
from tests.fakes.stores import MemoryArchive

DAY = Window(start=NOON - timedelta(hours=24), end=NOON)
TALKS, ARMS = TopicSlug("talks"), TopicSlug("arms")


def topic(slug, title):
    sides = (Side(name="x", terms=(Term(name="x", aliases=("x",)),)),)
    return Topic(slug=slug, title=title, line="", background="", questions=(), sides=sides)


TOPICS = (topic(TALKS, "Talks"), topic(ARMS, "Arms"))
FEEDS = (feed("herald", name="Herald"), feed("post", name="Post"))


async def archive(*rows, states=(), gaps=()):
    """An archive with (number, story, topic, title, hours ago) rows."""
    made = MemoryArchive()
    articles = tuple(
        article(number, title, of=outlet(f"Paper {number}"), published=NOON - timedelta(hours=hours))
        for number, _, _, title, hours in rows
    )
    await made.save_gathering(Gathering(states=tuple(states), gaps=tuple(gaps), articles=articles))
    await made.save_filing(
        Filing(
            filed=tuple(each.id for each in articles),
            matches=tuple(
                Match(topic=of, article=each.id, score=1.0, why="x")
                for each, (_, _, of, _, _) in zip(articles, rows, strict=True)
            ),
            placements=tuple(
                Placement(article=each.id, story=StoryId(number), origin=each.outlet.name)
                for each, (_, number, _, _, _) in zip(articles, rows, strict=True)
            ),
            moved={},
        )
    )
    return made


async def test_a_digest_has_a_section_a_topic_in_the_order_asked_each_story_once():
    made = await archive(
        (1, 7, TALKS, "Envoys sign ceasefire for Brill", 1),
        (2, 8, ARMS, "Norland scraps forty warheads near Hallow", 2),
    )
    digest = await Composer(made, TOPICS, FEEDS, SPEAKERS).compose([ARMS, TALKS, ARMS], DAY)
    assert [(section.title, len(section.briefs)) for section in digest.sections] == [("Arms", 1), ("Talks", 1)]
    assert [brief.story for brief in digest.briefs] == [8, 7]
    assert len(digest.id) == 10


async def test_a_quiet_topic_keeps_its_section_and_names_the_latest_before():
    made = await archive((1, 7, TALKS, "Envoys sign ceasefire for Brill", 30))
    digest = await Composer(made, TOPICS, FEEDS, SPEAKERS).compose([TALKS, ARMS], DAY)
    assert [section.briefs for section in digest.sections] == [(), ()]
    assert [section.nearest and section.nearest.article.id for section in digest.sections] == [1, None]


async def test_what_was_had_is_left_out_and_a_topic_that_is_gone_too():
    made = await archive((1, 7, TALKS, "Envoys sign ceasefire for Brill", 1))
    composer = Composer(made, TOPICS, FEEDS, SPEAKERS)
    digest = await composer.compose([TALKS, TopicSlug("gone")], DAY, shown={StoryId(7): frozenset({1})})
    assert digest.briefs == ()
    assert [section.topic for section in digest.sections] == [TALKS]


async def test_what_another_story_of_the_days_before_said_is_not_said_again_to_who_had_it():
    made = await archive(
        (1, 7, TALKS, "Envoys sign ceasefire for Brill", 30),
        (2, 8, TALKS, "Ceasefire for Brill signed by envoys", 1),
    )
    composer = Composer(made, TOPICS, FEEDS, SPEAKERS)
    assert [brief.story for brief in (await composer.compose([TALKS], DAY)).briefs] == [8]
    assert (await composer.compose([TALKS], DAY, shown={StoryId(7): frozenset({1})})).briefs == ()


async def test_no_more_stories_than_asked_for():
    rows = [
        (1, 7, TALKS, "Envoys sign ceasefire for Brill", 1),
        (2, 8, TALKS, "Norland scraps forty warheads near Hallow", 2),
    ]
    digest = await Composer(await archive(*rows), TOPICS, FEEDS, SPEAKERS).compose([TALKS], DAY, most=1)
    assert len(digest.briefs) == 1


async def test_the_same_content_has_the_same_id_and_another_window_another():
    composer = Composer(await archive((1, 7, TALKS, "Envoys sign ceasefire for Brill", 1)), TOPICS, FEEDS, SPEAKERS)
    first = await composer.compose([TALKS], DAY)
    assert await composer.compose([TALKS], DAY) == first
    later = Window(start=DAY.start, end=DAY.end + timedelta(minutes=1))
    assert (await composer.compose([TALKS], later)).id != first.id


STATE_OWNED = {"country": "RU", "ownership": Ownership.STATE}
WIDE = (
    feed("agency", name="Agency", **STATE_OWNED),
    feed("channel", name="Channel", **STATE_OWNED),
    feed("herald", name="Herald", country="GB"),
    feed("capital", name="Capital", country="US"),
    feed("dnipro", name="Dnipro Post", country="UA"),
)


class Watched(MemoryArchive):
    """Counts how often everything is read that was told."""

    read = 0

    async def placed_since(self, since):
        self.read += 1
        return await super().placed_since(since)


async def told(*rows):
    """An archive with (number, story, feed, title) rows of five hours ago, every feed read since."""
    made, outlets = Watched(), {each.slug: each.outlet for each in WIDE}
    articles = [
        article(number, title, of=outlets[slug], published=NOON - timedelta(hours=5)) for number, _, slug, title in rows
    ]
    await made.save_gathering(
        Gathering(states=tuple(good(each.slug, 0) for each in WIDE), gaps=(), articles=tuple(articles))
    )
    await made.save_filing(
        Filing(
            filed=tuple(each.id for each in articles),
            matches=tuple(Match(topic=TALKS, article=each.id, score=1.0, why="x") for each in articles),
            placements=tuple(
                Placement(article=each.id, story=StoryId(number), origin=each.outlet.name)
                for each, (_, number, _, _) in zip(articles, rows, strict=True)
            ),
            moved={},
        )
    )
    return made


MINED = (
    (1, 7, "agency", "Smugglers mined Sarkland harbour — Russian navy"),
    (2, 7, "channel", "Sarkland harbour was mined by smugglers — Russian fleet"),
)


async def test_a_story_of_one_states_media_alone_says_so_of_how_many_feeds():
    made = await told(*MINED)
    composer = Composer(made, TOPICS, WIDE, SPEAKERS)
    (brief,) = (await composer.compose([TALKS], DAY)).briefs
    assert brief.alone == Alone(vantage="RU", read=5)
    assert made.read == 1


async def test_so_does_its_update():
    made = await told(*MINED, (3, 7, "agency", "Divers lift forty barrels from Sarkland harbour — Russian navy"))
    had = {StoryId(7): frozenset({1, 2})}
    (brief,) = (await Composer(made, TOPICS, WIDE, SPEAKERS).compose([TALKS], DAY, shown=had)).briefs
    assert (brief.update, brief.alone) == (True, Alone(vantage="RU", read=5))


async def test_it_is_said_no_more_once_somebody_else_has_it_and_makes_another_digest():
    before = await Composer(await told(*MINED), TOPICS, WIDE, SPEAKERS).compose([TALKS], DAY)
    gap = Gap(feed=FeedSlug("capital"), start=None, end=NOON)
    broken = await told(*MINED)
    broken.known_gaps.append(gap)
    other = await told(*MINED, (3, 8, "herald", "Mines in Sarkland harbour laid by smugglers"))
    both = await Composer(other, TOPICS, WIDE, SPEAKERS).compose([TALKS], DAY)
    assert {brief.alone for brief in both.briefs} == {None}
    after = await Composer(broken, TOPICS, WIDE, SPEAKERS).compose([TALKS], DAY)
    assert [brief.alone for brief in after.briefs] == [None]
    assert after.id != before.id


async def test_where_nothing_is_suspected_nothing_more_is_read():
    made = await told(*MINED, (3, 7, "herald", "Mines in Sarkland harbour laid by smugglers"))
    (brief,) = (await Composer(made, TOPICS, WIDE, SPEAKERS).compose([TALKS], DAY)).briefs
    assert brief.alone is None
    assert made.read == 0


def good(slug, hours):
    return FeedState(feed=FeedSlug(slug), last_good=NOON - timedelta(hours=hours))


def coverage(*states, gaps=()):
    return covered(FEEDS, {state.feed: state for state in states}, gaps, DAY)


def test_what_was_read_is_counted_and_who_was_not_is_named():
    assert coverage(good("herald", 1)) == Coverage(read=1, feeds=2, unreached=("Post",))
    assert coverage(good("herald", 1), good("post", 30)) == Coverage(read=1, feeds=2, unreached=("Post",))
    assert coverage(good("herald", 1), FeedState(feed=FeedSlug("post"))) == Coverage(
        read=1, feeds=2, unreached=("Post",)
    )


def test_a_gap_in_the_window_is_told_and_an_older_one_is_not():
    states = (good("herald", 1), good("post", 1))
    recent = Gap(feed=FeedSlug("post"), start=NOON - timedelta(hours=9), end=NOON - timedelta(hours=3))
    before = Gap(feed=FeedSlug("herald"), start=None, end=NOON - timedelta(hours=40))
    assert coverage(*states, gaps=[recent, before]).truncated == ("Post",)


def test_a_feed_last_read_hours_before_the_end_has_a_gap():
    assert coverage(good("herald", 1), good("post", 9)).truncated == ("Post",)


async def test_stories_with_the_same_headline_in_other_words_are_one_and_stages_stand_beside_each_other():
    made = await archive(
        (1, 7, TALKS, "Norland and Sudland envoys begin ceasefire talks at Brill", 5),
        (2, 7, TALKS, "Envoys of Norland and Sudland begin ceasefire talks at Brill", 5),
        (3, 8, TALKS, "Norland, Sudland envoys begin talks on ceasefire at Brill", 4),
        (4, 9, TALKS, "Norland and Sudland envoys wrap up ceasefire talks at Brill with no date", 1),
    )
    (brief,) = (await Composer(made, TOPICS, FEEDS, SPEAKERS).compose([TALKS], DAY)).briefs
    assert (brief.story, brief.articles) == (9, {1, 2, 3, 4})
    assert [other.earlier for other in brief.beside] == [True, True]
    made = await archive(
        (1, 7, TALKS, "Norland and Sudland envoys begin ceasefire talks at Brill", 5),
        (2, 7, TALKS, "Envoys of Norland and Sudland begin ceasefire talks at Brill", 5),
        (3, 8, TALKS, "Norland, Sudland envoys begin talks on ceasefire at Brill", 4),
    )
    (brief,) = (await Composer(made, TOPICS, FEEDS, SPEAKERS).compose([TALKS], DAY)).briefs
    assert (brief.story, [report.article.id for report in brief.reports], brief.beside) == (7, [1, 2, 3], ())
