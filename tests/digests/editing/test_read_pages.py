"""The pass that reads pages: for what will be shown and no more, each failure a value, and nobody held up."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from digests.editing.read_pages import PagePass, followed, in_full
from digests.errors import StorageError
from digests.model.articles import Page
from digests.model.stories import Placement, Window
from digests.model.topics import Match
from digests.ports import Filing, Gathering, PageDocument, PageFailure
from tests.builders import NOON, article, feed, outlet, subscription
from tests.fakes.stores import MemoryArchive, MemoryPeople

TALKS, TREATY = "ukraine-talks", "new-start"
DAY = Window(start=NOON - timedelta(days=1), end=NOON)
TEXT = (
    "Envoys of Ukraine and Russia met in Ankara on Friday for the third time this year.\n"
    "Another round is planned in Vienna for the second week of March, three diplomats told reporters on Friday."
)
KEPT = TEXT.splitlines()[0]


class FakePages:
    """PageFetcher and PageReader over what is told of each address; `asked` is every address in order."""

    def __init__(self, answers=None):
        self.answers = answers or {}
        self.asked = []

    async def fetch(self, url, feed):
        self.asked.append(url)
        answer = self.answers.get(url, TEXT)
        if callable(answer):
            answer = await answer()
        if answer is None or isinstance(answer, PageFailure):
            return answer
        return PageDocument(url=url, body=answer.encode(), content_type="text/html")

    async def read(self, document):
        return document.body.decode() or PageFailure(reason="It holds no text of an article.")


FEEDS = tuple(replace(feed(name.lower(), name=name), full_text=True) for name in ("Herald", "Courier", "Post"))


def told(number, name="Herald", *, title="Envoys of Ukraine meet in Ankara", text="", host=None):
    return article(
        number,
        title,
        text=text,
        of=outlet(name),
        url=f"https://{host or name.lower()}.example/{number}",
        published=NOON,
    )


async def archive_of(*articles, topics=(TALKS,), stories=None):
    """An archive in which each article is a story of its own, of all these topics, unless told which."""
    archive = MemoryArchive()
    await archive.save_gathering(Gathering(states=(), gaps=(), articles=articles))
    stories = stories or [each.id for each in articles]
    await archive.save_filing(
        Filing(
            filed=tuple(each.id for each in articles),
            matches=tuple(
                Match(topic=topic, article=each.id, score=1.0, why="talks") for each in articles for topic in topics
            ),
            placements=tuple(
                Placement(article=each.id, story=story, origin=each.outlet.name)
                for each, story in zip(articles, stories, strict=True)
            ),
            moved={},
        )
    )
    return archive


def pass_over(archive, pages, *, feeds=FEEDS, now=NOON, **limits):
    return PagePass(feeds, pages, pages, archive, lambda: now, **limits)


async def test_a_page_is_read_once_and_stands_where_the_story_is_told():
    archive, pages = await archive_of(told(1)), FakePages()
    report = await pass_over(archive, pages).read([TALKS], DAY)
    assert (report.read, report.failures, report.left) == (1, (), 0)
    (story,) = await archive.stories(TALKS, DAY)
    assert story.reports[0].article.text == KEPT
    await pass_over(archive, pages).read([TALKS], DAY)
    assert pages.asked == ["https://herald.example/1"]


async def test_filing_goes_on_to_see_what_the_feed_said():
    archive = await archive_of(told(1))
    await pass_over(archive, FakePages()).read([TALKS], DAY)
    ((report, _),) = await archive.placed_since(DAY.start)
    assert report.article.text == ""


async def test_only_stories_of_topics_that_are_asked_for_are_read():
    archive, pages = await archive_of(told(1)), FakePages()
    report = await pass_over(archive, pages).read([TREATY], DAY)
    assert (report.read, pages.asked) == (0, [])


TITLES = (
    "Grain ships leave Odesa again",
    "Drones hit a refinery near Samara",
    "Parliament extends martial law",
    "Brussels agrees on sanctions",
    "Prisoners come home to Chernihiv",
    "Gas transit contract ends quietly",
    "Generals visit the Kharkiv front",
    "Orphans return from Crimea",
    "Railway bridge burns in Bryansk",
    "Central bank raises rates sharply",
)


async def test_only_as_many_stories_are_read_for_a_topic_as_a_digest_brings_at_most():
    articles = [
        told(100 * place + number, name, title=title)
        for number, title in enumerate(TITLES)
        for place, name in enumerate(("Herald", "Courier"), start=1)
    ]
    archive = await archive_of(*articles, stories=[1 + each.id % 100 for each in articles])
    pages = FakePages()
    await pass_over(archive, pages).read([TALKS], DAY)
    assert len({url[-2:] for url in pages.asked}) == 8
    assert len(pages.asked) == 16


async def test_a_story_of_two_topics_is_asked_for_once():
    archive, pages = await archive_of(told(1), topics=(TALKS, TREATY)), FakePages()
    await pass_over(archive, pages).read([TALKS, TREATY, TALKS], DAY)
    assert pages.asked == ["https://herald.example/1"]


@pytest.mark.parametrize("flags", [{"full_text": False}, {"enabled": False}])
async def test_a_feed_without_the_flag_or_out_of_service_is_left_alone(flags):
    feeds = tuple(replace(each, **flags) for each in FEEDS)
    archive, pages = await archive_of(told(1)), FakePages()
    await pass_over(archive, pages, feeds=feeds).read([TALKS], DAY)
    assert pages.asked == []
    assert in_full(feeds) == ()
    assert in_full(FEEDS) == FEEDS


async def test_each_failure_is_remembered_with_its_reason_and_costs_no_other_page():
    busy = PageFailure(reason="Busy.", retry_after=timedelta(hours=1))
    articles = told(1), told(2, "Courier", title="Ukraine counts drones"), told(3, "Post", title="Ukraine sells grain")
    archive = await archive_of(*articles)
    pages = FakePages({articles[0].url: busy, articles[1].url: "", articles[2].url: TEXT.replace("Envoys", "Grain")})
    report = await pass_over(archive, pages).read([TALKS], DAY)
    assert report.read == 1
    assert sorted(report.failures) == ["Busy.", "It holds no text of an article."]
    known = await archive.pages([1, 2, 3])
    assert known[1] == Page(article=1, asked=NOON, failures=1, problem="Busy.", next_check=NOON + timedelta(hours=1))
    asked = len(pages.asked)
    await pass_over(archive, pages, now=NOON + timedelta(minutes=29)).read([TALKS], DAY)
    assert len(pages.asked) == asked
    await pass_over(archive, pages, now=NOON + timedelta(minutes=30)).read([TALKS], DAY)
    assert pages.asked[asked:] == [articles[1].url]
    assert (await archive.pages([2]))[2].failures == 2


async def test_pages_of_one_host_come_one_after_the_other_and_those_of_others_beside_them():
    articles = (
        told(1, host="a"),
        told(2, "Courier", host="a", title="Ukraine counts drones"),
        told(3, "Post", host="b", title=TITLES[0]),
    )
    archive = await archive_of(*articles)
    met = asyncio.Event()
    at_once = []

    def answer(host):
        async def come():
            at_once.append(host)
            assert at_once.count(host) == 1
            if len(at_once) == 2:
                met.set()
            await met.wait()
            at_once.remove(host)
            return TEXT

        return come

    pages = FakePages({each.url: answer(each.url.split("/")[2]) for each in articles})
    report = await pass_over(archive, pages).read([TALKS], DAY)
    assert report.read + len(report.failures) == 3


async def test_a_host_whose_turn_is_far_off_is_left_to_a_later_pass():
    articles = told(1), told(2, title="Ukraine counts drones")
    archive = await archive_of(*articles)
    pages = FakePages({each.url: None for each in articles})
    report = await pass_over(archive, pages).read([TALKS], DAY)
    assert (report.read, report.failures, report.left) == (0, (), 2)
    assert len(pages.asked) == 1
    assert await archive.pages([1, 2]) == {}


async def test_what_has_not_begun_in_time_is_left_to_the_next_pass():
    archive, pages = await archive_of(told(1)), FakePages()
    report = await pass_over(archive, pages, longest=0.0).read([TALKS], DAY)
    assert (report.left, pages.asked) == (1, [])
    assert await archive.pages([1]) == {}


async def test_a_page_that_hangs_past_the_end_is_a_failure_like_any():
    async def never():
        await asyncio.Event().wait()

    archive = await archive_of(told(1))
    pages = FakePages({"https://herald.example/1": never})
    report = await pass_over(archive, pages, longest=0.05, grace=0.0).read([TALKS], DAY)
    assert report.failures == ("It was not read before the pass ended.",)


async def test_a_bug_is_not_taken_for_a_slow_page():
    async def wrong():
        raise TimeoutError

    archive = await archive_of(told(1))
    with pytest.raises(ExceptionGroup):
        await pass_over(archive, FakePages({"https://herald.example/1": wrong})).read([TALKS], DAY)


async def test_a_store_that_fails_is_told():
    archive = await archive_of(told(1))

    async def refuse(_):
        raise StorageError("full")

    archive.save_pages = refuse
    with pytest.raises(StorageError):
        await pass_over(archive, FakePages()).read([TALKS], DAY)


async def test_what_is_followed_is_what_anybody_is_sent():
    people = MemoryPeople(subscription(7, TALKS, "own:abc"), subscription(8, TREATY, paused="blocked"))
    assert await followed(people) == {TALKS, "own:abc"}
