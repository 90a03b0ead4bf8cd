from datetime import timedelta

import pytest

from digests.delivery import turns as module
from digests.delivery.turns import OwnTurns
from digests.ports import LATENESS, Limit

ONE = Limit(key="one", most=1, span=timedelta(seconds=1))


class Seconds:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


async def test_a_turn_that_comes_a_little_late_counts_from_when_there_was_room(seconds):
    turns = OwnTurns(seconds)
    await turns.take([ONE])
    seconds.now += 1 + LATENESS.total_seconds() / 2
    assert await turns.take([ONE]) is None
    seconds.now = 102.0
    assert await turns.take([ONE]) is None


async def test_a_turn_that_comes_later_counts_from_when_it_came(seconds):
    turns = OwnTurns(seconds)
    await turns.take([ONE])
    seconds.now += 1.5
    assert await turns.take([ONE]) is None
    seconds.now += 0.5
    assert (await turns.take([ONE])).pause == timedelta(seconds=0.5)


async def test_what_counts_no_more_is_forgotten(seconds, monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED", 50)
    turns = OwnTurns(seconds)
    for number in range(500):
        seconds.now += 0.1
        await turns.hold(f"held {number}", timedelta(seconds=1))
        assert await turns.take([Limit(key=f"chat {number}", most=1, span=ONE.span)]) is None
        assert len(turns._taken) + len(turns._held) <= 51
