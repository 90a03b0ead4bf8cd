import asyncio

import pytest

from digests.delivery.places import AHEAD, FEWEST, Places


@pytest.fixture
async def passes(monkeypatch):
    """Lets seconds pass for the loop."""
    loop = asyncio.get_running_loop()
    real, passed = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: real() + passed[0])

    def by(seconds):
        passed[0] += seconds

    return by


async def test_as_many_may_be_inside_as_left_within_two_seconds(passes):
    places = Places()
    for _ in range(50):
        places.take()
        places.leave()
    assert places.free == 50
    places.take()
    assert places.free == 49
    passes(AHEAD)
    assert places.free == FEWEST - 1


async def test_who_waits_is_let_in_once_a_quarter_of_the_places_is_free():
    places = Places()
    for _ in range(FEWEST):
        places.take()
    waiting = asyncio.ensure_future(places.some(60))
    for left in range(FEWEST // 4):
        await asyncio.sleep(0)
        assert not waiting.done(), left
        places.leave()
    assert await waiting == FEWEST // 4


async def test_after_its_patience_it_goes_on_with_none():
    places = Places()
    for _ in range(FEWEST):
        places.take()
    assert await places.some(0) == 0
