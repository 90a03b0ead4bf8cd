import asyncio
import time
from datetime import timedelta

from digests.ports import Limit

SECONDS = timedelta(seconds=1)
FEW = Limit(key="few", most=2, span=0.3 * SECONDS)
ONE = Limit(key="one", most=1, span=0.1 * SECONDS)


async def waits(turns, *limits):
    """Take a turn, waiting for it as often as told; how long it took in seconds, and what was waited for."""
    begun, keys = time.monotonic(), []
    while wait := await turns.take(limits):
        keys.append(wait.key)
        await asyncio.sleep(wait.pause.total_seconds())
    return time.monotonic() - begun, keys


async def test_there_are_so_many_turns_in_a_span_and_the_next_one_is_told_when(turns):
    assert [await turns.take([FEW]) for _ in range(2)] == [None, None]
    wait = await turns.take([FEW])
    assert wait.key == "few"
    assert 0.1 * SECONDS < wait.pause <= 0.3 * SECONDS
    took, _ = await waits(turns, FEW)
    assert took >= 0.1


async def test_a_turn_that_is_not_had_counts_under_no_key(turns):
    assert await turns.take([ONE]) is None
    for _ in range(5):
        assert (await turns.take([FEW, ONE])).key == "one"
    assert [await turns.take([FEW]) for _ in range(2)] == [None, None]


async def test_it_waits_for_the_key_that_has_room_last(turns):
    assert [await turns.take([FEW]) for _ in range(2)] == [None, None]
    assert await turns.take([ONE]) is None
    took, keys = await waits(turns, ONE, FEW)
    assert took >= 0.1
    assert set(keys) == {"few"}


async def test_keys_do_not_hinder_each_other(turns):
    assert await turns.take([ONE]) is None
    assert await turns.take([Limit(key="other", most=1, span=ONE.span)]) is None


async def test_a_key_that_is_held_gives_no_turn_until_the_longest_hold_is_over(turns):
    await turns.hold("one", 0.2 * SECONDS)
    await turns.hold("one", 0.01 * SECONDS)
    assert 0.1 * SECONDS < (await turns.take([ONE])).pause <= 0.2 * SECONDS
    took, keys = await waits(turns, ONE)
    assert took >= 0.1
    assert set(keys) == {"one"}


async def test_who_asks_at_the_same_time_gets_no_more_than_there_is(turns):
    taken = await asyncio.gather(*(turns.take([FEW]) for _ in range(10)))
    assert taken.count(None) == 2
