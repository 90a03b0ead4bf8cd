"""What gathering, filing and reading may rely on, whichever archive is behind their ports."""

from dataclasses import replace
from datetime import timedelta

from digests.model.articles import ArticleId, Page
from digests.model.sources import FeedSlug, FeedState, Gap, Ownership
from digests.model.stories import Placement, Report, Story, StoryId, Window
from digests.model.topics import Match, TopicSlug
from digests.ports import Filing, Gathering
from tests.builders import NOON, article, outlet

HOUR = timedelta(hours=1)
DAY = Window(start=NOON - 24 * HOUR, end=NOON)
TALKS = TopicSlug("talks")
TREATY = TopicSlug("treaty")


def gathering(*articles, states=(), gaps=()):
    return Gathering(states=tuple(states), gaps=tuple(gaps), articles=articles)


def match(number, topic=TALKS, score=0.5):
    return Match(topic=topic, article=ArticleId(number), score=score, why="envoys … met")


def place(number, story, origin="Northern Herald"):
    return Placement(article=ArticleId(number), story=StoryId(story), origin=origin)


def filing(*placements, matches=(), filed=None, moved=None):
    filed = tuple(each.article for each in placements) if filed is None else filed
    return Filing(filed=filed, matches=tuple(matches), placements=placements, moved=moved or {})


async def numbers(archive, limit=100):
    return [each.id for each in await archive.unfiled(limit)]


# Gathering


async def test_states_come_back_as_they_were_saved_and_the_last_one_counts(archive):
    plain = FeedState(feed=FeedSlug("herald"))
    full = FeedState(
        feed=FeedSlug("herald"),
        etag='W/"1"',
        modified="Wed, 04 Feb 2026 12:00:00 GMT",
        body_hash="00ff",
        failures=3,
        problem="The server answered 503.",
        next_check=NOON + timedelta(microseconds=1),
        last_good=NOON - HOUR,
        oldest_entry=NOON - 24 * HOUR,
    )
    other = FeedState(feed=FeedSlug("gazette"))
    await archive.save_gathering(gathering(states=[plain, other]))
    assert await archive.feed_states() == {"herald": plain, "gazette": other}
    await archive.save_gathering(gathering(states=[full]))
    assert await archive.feed_states() == {"herald": full, "gazette": other}


async def test_gaps_are_those_that_end_after_the_moment_also_without_a_start(archive):
    first = Gap(feed=FeedSlug("herald"), start=None, end=NOON - 2 * HOUR)
    second = Gap(feed=FeedSlug("gazette"), start=NOON - 3 * HOUR, end=NOON)
    await archive.save_gathering(gathering(gaps=[second, first]))
    assert await archive.gaps(NOON - 3 * HOUR) == (first, second)
    assert await archive.gaps(NOON - 2 * HOUR) == (second,)
    assert await archive.gaps(NOON) == ()


async def test_articles_come_back_whole(archive):
    one = replace(
        article(2**63 - 1, "Посланники зустрілися 会谈", text="Абзац."), keys=("guid:a:1", "url:ü"), language="uk"
    )
    assert await archive.save_gathering(gathering(one)) == 1
    assert await archive.unfiled(10) == (one,)


async def test_an_article_with_a_known_key_is_left_as_it_was(archive):
    first = article(1, "Envoys meet")
    edited = replace(article(2, "Envoys met"), keys=("guid:new", *first.keys))
    assert await archive.save_gathering(gathering(first)) == 1
    assert await archive.save_gathering(gathering(edited, article(3))) == 1
    assert [each.title for each in await archive.unfiled(10)] == ["Envoys meet", article(3).title]
    assert await archive.known_keys([*edited.keys, "url:unheard"]) == frozenset(first.keys)


async def test_of_two_articles_with_one_key_in_one_gathering_the_first_is_kept(archive):
    again = replace(article(2), keys=article(1).keys)
    assert await archive.save_gathering(gathering(article(1), again)) == 1
    assert await numbers(archive) == [1]


async def test_an_article_with_a_known_id_is_left_as_it_was(archive):
    await archive.save_gathering(gathering(article(1)))
    assert await archive.save_gathering(gathering(article(1, "Other", url="https://news.example/other"))) == 0
    assert [each.title for each in await archive.unfiled(10)] == [article(1).title]


async def test_any_number_of_keys_may_be_asked_for(archive):
    await archive.save_gathering(gathering(article(1)))
    keys = [f"url:{number}" for number in range(5_000)]
    assert await archive.known_keys([*keys, *article(1).keys]) == frozenset(article(1).keys)
    assert await archive.known_keys([]) == frozenset()


async def test_the_outlet_of_every_article_is_the_one_saved_last_for_its_feed(archive):
    sold = outlet(ownership=Ownership.STATE, country="RU")
    await archive.save_gathering(gathering(article(1)))
    await archive.save_gathering(gathering(article(2, of=sold)))
    assert [each.outlet for each in await archive.unfiled(10)] == [sold, sold]


# Filing


async def test_unfiled_articles_come_oldest_first_and_up_to_the_limit(archive):
    await archive.save_gathering(gathering(article(3), article(1), article(2, published=NOON - HOUR)))
    assert await numbers(archive) == [2, 1, 3]
    assert await numbers(archive, limit=2) == [2, 1]


async def test_what_was_filed_is_no_longer_unfiled_also_without_a_story(archive):
    await archive.save_gathering(gathering(article(1), article(2), article(3)))
    await archive.save_filing(filing(place(1, 10), filed=(ArticleId(1), ArticleId(2))))
    assert await numbers(archive) == [3]
    placed = await archive.placed_since(NOON - HOUR)
    assert placed == ((Report(article=article(1), origin="Northern Herald"), 10),)


async def test_placed_articles_are_those_published_after_the_moment_oldest_first(archive):
    await archive.save_gathering(gathering(article(3), article(1), article(2, published=NOON - HOUR)))
    await archive.save_filing(filing(place(1, 10), place(2, 10, "AP"), place(3, 11)))
    placed = await archive.placed_since(NOON - 2 * HOUR)
    assert [(report.article.id, report.origin, story) for report, story in placed] == [
        (2, "AP", 10),
        (1, "Northern Herald", 10),
        (3, "Northern Herald", 11),
    ]
    assert [report.article.id for report, _ in await archive.placed_since(NOON - HOUR)] == [1, 3]


async def test_an_article_already_filed_is_left_as_it_was(archive):
    await archive.save_gathering(gathering(article(1)))
    await archive.save_filing(filing(place(1, 10), matches=[match(1)]))
    await archive.save_filing(filing(place(1, 11, "AP"), matches=[match(1, score=0.9), match(1, TREATY)]))
    assert await archive.stories(TALKS, DAY) == (
        Story(id=StoryId(10), reports=(Report(article=article(1), origin="Northern Herald"),), matches=(match(1),)),
    )


async def test_a_placement_may_move_an_article_that_was_filed_earlier(archive):
    await archive.save_gathering(gathering(article(1), article(2)))
    await archive.save_filing(filing(place(1, 10), filed=(ArticleId(1),)))
    await archive.save_filing(filing(place(2, 11), place(1, 11, "AP"), filed=(ArticleId(2),), moved={10: 11}))
    placed = await archive.placed_since(NOON - HOUR)
    assert [(report.article.id, report.origin, story) for report, story in placed] == [
        (1, "AP", 11),
        (2, "Northern Herald", 11),
    ]


# Reading


async def test_a_story_comes_whole_with_reports_outside_the_window_and_matches_of_other_topics(archive):
    old, new, late = (
        article(1, published=NOON - 48 * HOUR),
        article(2, published=NOON - HOUR),
        article(3, published=NOON + HOUR),
    )
    await archive.save_gathering(gathering(new, old, late, article(4)))
    matches = [match(1, TREATY), match(2), match(2, TREATY, 1.0)]
    await archive.save_filing(filing(place(1, 10), place(2, 10, "AP"), place(3, 10), place(4, 11), matches=matches))
    assert await archive.stories(TALKS, DAY) == (
        Story(
            id=StoryId(10),
            reports=(
                Report(article=old, origin="Northern Herald"),
                Report(article=new, origin="AP"),
                Report(article=late, origin="Northern Herald"),
            ),
            matches=tuple(matches),
        ),
    )


async def test_a_story_belongs_to_the_window_by_an_article_of_the_topic_not_by_another(archive):
    await archive.save_gathering(gathering(article(1, published=NOON - 48 * HOUR), article(2, published=NOON - HOUR)))
    await archive.save_filing(filing(place(1, 10), place(2, 10), matches=[match(1)]))
    assert await archive.stories(TALKS, DAY) == ()


async def test_a_window_reaches_from_after_its_start_up_to_and_with_its_end(archive):
    start, end = article(1, published=DAY.start), article(2, published=DAY.end)
    await archive.save_gathering(gathering(start, end))
    await archive.save_filing(filing(place(1, 10), place(2, 11), matches=[match(1), match(2)]))
    assert [each.id for each in await archive.stories(TALKS, DAY)] == [11]


async def test_stories_come_in_the_order_of_their_oldest_reports(archive):
    await archive.save_gathering(gathering(article(1), article(2, published=NOON - HOUR), article(3)))
    await archive.save_filing(
        filing(place(1, 10), place(2, 12), place(3, 12), matches=[match(number) for number in (1, 2, 3)])
    )
    assert [each.id for each in await archive.stories(TALKS, DAY)] == [12, 10]


async def test_a_match_without_a_story_is_in_no_story(archive):
    await archive.save_gathering(gathering(article(1)))
    await archive.save_filing(filing(filed=(ArticleId(1),), matches=[match(1)]))
    assert await archive.stories(TALKS, DAY) == ()
    assert await archive.latest_match(TALKS, NOON) is None


async def test_the_latest_match_is_the_newest_report_of_the_topic_up_to_the_moment(archive):
    await archive.save_gathering(
        gathering(article(1, published=NOON - 2 * HOUR), article(2, published=NOON - HOUR), article(3))
    )
    await archive.save_filing(
        filing(place(1, 10), place(2, 11, "AP"), place(3, 12), matches=[match(1), match(2), match(3, TREATY)])
    )
    older = Report(article=article(1, published=NOON - 2 * HOUR), origin="Northern Herald")
    newer = Report(article=article(2, published=NOON - HOUR), origin="AP")
    assert await archive.latest_match(TALKS, NOON) == newer
    assert await archive.latest_match(TALKS, NOON - HOUR) == newer
    assert await archive.latest_match(TALKS, NOON - HOUR - timedelta(microseconds=1)) == older
    assert await archive.latest_match(TALKS, NOON - 3 * HOUR) is None


async def test_a_story_stands_once_under_each_of_its_topics(archive):
    await archive.save_gathering(gathering(article(1), article(2), article(3, published=NOON - 48 * HOUR)))
    matches = [match(1), match(2), match(2, TREATY), match(3, TopicSlug("quiet"))]
    await archive.save_filing(filing(place(1, 10), place(2, 10), place(3, 11), matches=matches))
    for topic in (TALKS, TREATY):
        assert [each.id for each in await archive.stories(topic, DAY)] == [10]
    assert await archive.stories(TopicSlug("quiet"), DAY) == ()


async def test_matches_of_a_later_topic_are_added_to_what_was_filed_and_to_nothing_else(archive):
    await archive.save_gathering(gathering(article(1, published=NOON), article(2, published=NOON)))
    await archive.save_filing(filing(place(1, 10), matches=[match(1)], filed=[ArticleId(1)]))
    await archive.save_matches([match(1, score=0.9), match(1, TREATY), match(2, TREATY), match(3, TREATY)])
    (found,) = await archive.stories(TREATY, DAY)
    assert sorted((each.topic, each.article, each.score) for each in found.matches) == [
        (TALKS, 1, 0.5),
        (TREATY, 1, 0.5),
    ]
    assert [each.id for each in await archive.stories(TREATY, DAY)] == [10]


# Pages


def page(number, **fields):
    return Page(article=ArticleId(number), asked=NOON, **fields)


async def test_pages_come_back_as_they_were_saved_and_the_last_one_counts(archive):
    await archive.save_gathering(gathering(article(1), article(2)))
    failed = page(1, failures=2, problem="Busy.", next_check=NOON + HOUR)
    await archive.save_pages([failed, page(2, text="Абзац.")])
    assert await archive.pages([1, 2, 3]) == {1: failed, 2: page(2, text="Абзац.")}
    await archive.save_pages([page(1, text="Both sides met.\n\nThey parted.")])
    assert await archive.pages([1]) == {1: page(1, text="Both sides met.\n\nThey parted.")}
    assert await archive.pages([]) == {}


async def test_a_page_of_an_article_that_is_gone_is_left(archive):
    await archive.save_gathering(gathering(article(1)))
    await archive.save_pages([page(2, text="Both sides met."), page(1, text="Both sides met.")])
    assert set(await archive.pages([1, 2])) == {1}


async def test_a_story_is_told_with_the_text_of_the_page_and_filed_with_the_feeds_own(archive):
    own = [article(1), article(2, text="The feed's own."), article(3, text="The feed's own.")]
    await archive.save_gathering(gathering(*own))
    await archive.save_filing(filing(*(place(each.id, 7) for each in own), matches=[match(1)]))
    await archive.save_pages([page(1, text="The page's."), page(2, text="The page's."), page(3, problem="Busy.")])
    (story,) = await archive.stories(TALKS, DAY)
    assert [report.article.text for report in story.reports] == ["The page's.", "The page's.", "The feed's own."]
    placed = await archive.placed_since(DAY.start)
    assert [report.article.text for report, _ in placed] == ["", "The feed's own.", "The feed's own."]


async def test_pages_are_forgotten_by_the_time_at_which_they_were_asked_for(archive):
    await archive.save_gathering(gathering(article(1), article(2)))
    await archive.save_filing(filing(place(1, 7), place(2, 7), matches=[match(1)]))
    await archive.save_pages([page(1, text="The page's."), replace(page(2, text="The page's."), asked=NOON + HOUR)])
    await archive.prune_pages(NOON)
    assert set(await archive.pages([1, 2])) == {1, 2}
    await archive.prune_pages(NOON + HOUR)
    assert set(await archive.pages([1, 2])) == {2}
    (story,) = await archive.stories(TALKS, DAY)
    assert [report.article.text for report in story.reports] == ["", "The page's."]
