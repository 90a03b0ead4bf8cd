"""The filing pass over an archive: once each, in one transaction a batch."""

from datetime import timedelta

import pytest

from digests.errors import StorageError
from digests.filing import file as file_module
from digests.filing.file import Filer
from digests.model.topics import Match, TopicSlug
from digests.ports import Gathering
from digests.text.names import Names
from tests.builders import NOON, article, outlet
from tests.fakes.stores import MemoryArchive

TALKS = TopicSlug("talks")
NAMES = Names(())
TITLES = (
    "Norland and Sudland agree to exchange 140 prisoners at talks in Brill",
    "Sudland and Norland agree exchange of 140 prisoners after Brill talks",
    "Storm floods the port of Hallow and cuts power to 9,000 homes",
)


def relevance(each):
    return (Match(topic=TALKS, article=each.id, score=1.0, why="talks"),) if "talks" in each.title else ()


async def filled(archive, titles=TITLES, first=1, **of_article):
    found = tuple(
        article(first + n, title, of=outlet(f"Paper {first + n}"), **of_article) for n, title in enumerate(titles)
    )
    await archive.save_gathering(Gathering(states=(), gaps=(), articles=found))
    return found


def clock():
    return NOON + timedelta(hours=1)


async def test_new_articles_get_topics_and_stories_once():
    archive = MemoryArchive()
    await filled(archive)
    filer = Filer(archive, relevance, NAMES, clock)
    report = await filer.file()
    assert (report.filed, report.matches, report.moved) == (3, 2, 0)
    placed = {each.article.title: story for each, story in await archive.placed_since(NOON - timedelta(days=1))}
    assert placed[TITLES[0]] == placed[TITLES[1]] != placed[TITLES[2]]
    assert (await filer.file()).filed == 0


async def test_another_process_goes_on_where_the_last_one_ended():
    archive = MemoryArchive()
    await filled(archive, TITLES[:1])
    await Filer(archive, relevance, NAMES, clock).file()
    await filled(archive, TITLES[1:2], first=2)
    await Filer(archive, relevance, NAMES, clock).file()
    stories = {story for _, story in await archive.placed_since(NOON - timedelta(days=1))}
    assert len(stories) == 1


async def test_many_are_filed_a_batch_at_a_time(monkeypatch):
    monkeypatch.setattr(file_module, "_BATCH", 2)
    archive = MemoryArchive()
    await filled(archive)
    assert (await Filer(archive, relevance, NAMES, clock).file()).filed == 3


async def test_what_has_left_the_window_is_let_go():
    archive = MemoryArchive()
    now = NOON
    filer = Filer(archive, relevance, NAMES, lambda: now)
    await filled(archive, TITLES[:1])
    await filer.file()
    now = NOON + timedelta(days=9)
    await filled(archive, TITLES[1:2], first=2, published=now)
    await filer.file()
    assert len({story for _, story in await archive.placed_since(NOON - timedelta(days=1))}) == 2


async def test_what_cannot_be_saved_stays_unfiled():
    archive = MemoryArchive()
    await filled(archive)
    save, archive.save_filing = archive.save_filing, refuse
    with pytest.raises(StorageError):
        await Filer(archive, relevance, NAMES, clock).file()
    archive.save_filing = save
    assert len(await archive.unfiled(10)) == 3


async def refuse(_):
    raise StorageError("The disk is full.")
