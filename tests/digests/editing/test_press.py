"""Digests for many readers, over an archive in memory."""

import asyncio
from datetime import time, timedelta

import pytest

from digests.delivery.editions import window
from digests.editing import press as module
from digests.editing.compose import Composer
from digests.editing.press import Press
from digests.errors import StorageError
from digests.model.people import Address, ChatId, Edition
from digests.model.stories import Length, StoryId, Window
from tests.builders import NOON
from tests.digests.editing.test_compose import ARMS, DAY, FEEDS, TALKS, TOPICS, archive
from tests.digests.editing.test_flags import SPEAKERS

RATE = 29.4
TITLES = (
    "Envoys sign ceasefire for Brill",
    "Norland scraps forty warheads near Hallow",
    "Ministers weigh gas pipeline through Tarn",
)


class Counting(Composer):
    """Counts what it drafts; raises what stands in `failures` first."""

    drafted = 0
    failures = ()

    async def draft(self, topics, window):
        self.drafted += 1
        await asyncio.sleep(0)
        if self.failures:
            self.failures, failure = self.failures[1:], self.failures[0]
            raise failure
        return await super().draft(topics, window)


async def counting():
    made = await archive(*[(number, number, TALKS, title, number) for number, title in enumerate(TITLES, start=1)])
    return Counting(made, TOPICS, FEEDS, SPEAKERS)


async def test_ten_thousand_readers_cost_a_handful_of_compositions(monkeypatch):
    composer = await counting()
    press = Press(composer)
    fitted = []
    fit = module.fit
    monkeypatch.setattr(module, "fit", lambda *asked: fitted.append(asked) or fit(*asked))
    edition = Edition(address=Address(chat=ChatId(7)), day=NOON.date(), slot=time(12, 0), due=NOON)
    histories = [{}, {StoryId(1): frozenset({1})}, {StoryId(2): frozenset({2}), StoryId(99): frozenset({99})}]
    digests = set()
    for reader in range(10_000):
        sent = timedelta(seconds=reader / RATE)  # as they come to their turn, today as yesterday
        covers = window(NOON - timedelta(days=1) + sent, edition, NOON + sent)
        digests.add((await press.compose((TALKS, ARMS), covers, shown=histories[reader % 3])).id)
    assert composer.drafted == 2  # 340 s of sending: two stretches of five minutes
    assert len(fitted) == len(digests) == 6


async def test_it_gives_each_reader_what_the_composer_would():
    composer = await counting()
    press = Press(composer)
    for shown in ({}, {StoryId(1): frozenset({1})}, {StoryId(77): frozenset({3})}, {StoryId(99): frozenset({99})}):
        for asked in ({"most": 1}, {"most": 8}, {"length": Length.SHORT}):
            expected = await composer.compose([TALKS, ARMS], DAY, shown=shown, **asked)
            assert await press.compose([TALKS, ARMS], DAY, shown=shown, **asked) == expected
    assert composer.drafted == 10  # what nobody was shown is composed without the days before


async def test_readers_who_come_together_wait_for_one_composition():
    composer = await counting()
    press = Press(composer)
    digests = await asyncio.gather(*(press.compose([TALKS], DAY) for _ in range(50)))
    assert composer.drafted == 1
    assert all(each is digests[0] for each in digests)


async def test_what_failed_is_tried_again_by_the_next_reader():
    composer = await counting()
    composer.failures = (StorageError("the disk is gone"),)
    press = Press(composer)
    with pytest.raises(StorageError):
        await press.compose([TALKS], DAY)
    assert (await press.compose([TALKS], DAY)).briefs


async def test_one_reader_who_gives_up_takes_nothing_from_the_others():
    composer = await counting()
    press = Press(composer)
    first = asyncio.ensure_future(press.compose([TALKS], DAY))
    second = asyncio.ensure_future(press.compose([TALKS], DAY))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).briefs


async def test_only_the_newest_are_kept(monkeypatch):
    monkeypatch.setattr(module, "DRAFTS", 2)
    composer = await counting()
    press = Press(composer)
    windows = [Window(start=DAY.start, end=DAY.end + timedelta(minutes=minutes)) for minutes in range(3)]
    for each in (*windows, windows[2], windows[1], windows[0]):
        await press.compose([TALKS], each)
    assert composer.drafted == 4
