"""What is followed anew finds the week that was filed before."""

from dataclasses import replace

from config.gazetteer import load_families, load_names
from digests.filing.file_back import BackFiler
from digests.filing.own_words import OwnTopics, slug_of
from digests.filing.registry import Registry
from digests.model.articles import ArticleId
from digests.model.stories import Placement, StoryId, Window
from digests.model.topics import OwnWords
from digests.ports import Filing, Gathering
from tests.builders import NOON, article, subscription
from tests.fakes.stores import MemoryArchive, MemoryPeople

OWN = OwnWords(words="rare earths")
SLUG = slug_of(OWN)


async def newsroom():
    archive, people = MemoryArchive(), MemoryPeople()
    news = article(1, "Rare earths found", published=NOON)
    await archive.save_gathering(Gathering(states=(), gaps=(), articles=(news,)))
    place = Placement(article=ArticleId(1), story=StoryId(1), origin="Herald")
    await archive.save_filing(Filing(filed=(ArticleId(1),), matches=(), placements=(place,), moved={}))
    registry = Registry((), OwnTopics(load_names(), load_families()))
    return archive, people, registry, BackFiler(archive, people, registry, lambda: NOON)


async def test_a_topic_that_is_followed_anew_is_filed_back_once():
    archive, people, _, back = await newsroom()
    assert await back.refresh() == 0
    await people.put(replace(subscription(7, SLUG), own=(OWN,)))
    assert await back.refresh() == 1
    assert await back.refresh() == 0
    (story,) = await archive.stories(SLUG, Window(start=NOON.replace(hour=0), end=NOON))
    assert [match.why for match in story.matches] == ["rare earths in the title"]


async def test_own_words_that_nobody_has_any_more_are_known_no_longer():
    _, people, registry, back = await newsroom()
    await people.put(replace(subscription(7, SLUG), own=(OWN,)))
    await back.refresh()
    await back.forget()
    assert registry.get(SLUG) is not None
    await people.remove(subscription(7).address)
    await back.forget()
    assert registry.get(SLUG) is None


async def test_words_that_were_only_tried_are_not_filed():
    _, people, _registry, back = await newsroom()
    await people.put(replace(subscription(7, "new-start"), own=(OWN,)))
    assert await back.refresh() == 0
