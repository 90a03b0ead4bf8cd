"""Work in children that may die of it: whatever ends one is a sentence, and the next document finds another."""

import math
import multiprocessing
import os
import signal
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest
from pebble import ProcessExpired

from digests.adapters import children as children_module
from digests.adapters.children import Children, within_limits


@pytest.fixture
async def children():
    async with Children() as opened:
        yield opened


def running():
    return [child.pid for child in multiprocessing.active_children()]


async def test_who_read_nothing_ends_at_once():
    before = running()
    async with Children():
        assert running() == before


async def test_what_work_returns_comes_back_from_another_process(children):
    assert await children.read(math.gcd, 12, 18) == 6
    assert await children.read(os.getpid) in running()


async def test_a_crash_costs_its_document_and_nothing_else(children):
    assert await children.read(os.abort) == "Its reader crashed over it."
    assert await children.read(math.gcd, 12, 18) == 6


async def test_too_much_memory_is_a_sentence(children):
    assert await children.read(bytearray, 2_000_000_000) == "Reading it takes too much memory."


async def test_children_that_were_killed_are_replaced(children):
    await children.read(math.gcd, 12, 18)
    for child in running():
        os.kill(child, signal.SIGKILL)
    assert await children.read(math.gcd, 12, 18) == 6


class Answering:
    """A pool whose documents end as told."""

    active = True

    def __init__(self, *errors):
        self.errors = list(errors)

    def schedule(self, *_, **__):
        future = Future()
        error = self.errors.pop(0) if self.errors else None
        future.set_exception(error) if error else future.set_result(())
        return future

    def stop(self):
        pass

    def join(self):
        pass


def expired(exitcode):
    return ProcessExpired("gone", code=exitcode)


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ((TimeoutError(),), "more than 15 seconds"),
        ((MemoryError(),), "too much memory"),
        ((expired(-signal.SIGPROF),), "more than 3 seconds of computing"),
        ((expired(-signal.SIGSEGV),), "crashed"),
        ((BrokenProcessPool(), BrokenProcessPool()), "crashed"),
    ],
)
async def test_each_end_of_a_child_is_a_sentence(children, errors, said):
    children._pool = Answering(*errors)
    assert said in await children.read(math.gcd, 12, 18)


async def test_a_pool_that_broke_down_is_asked_once_more(children):
    children._pool = Answering(BrokenProcessPool())
    assert await children.read(math.gcd, 12, 18) == ()


async def test_a_pool_that_has_ended_is_made_anew(children):
    children._pool = Answering()
    children._pool.active = False
    assert await children.read(math.gcd, 12, 18) == 6


def test_the_time_of_a_document_ends_with_it_whatever_it_raised():
    with pytest.raises(ZeroDivisionError):
        within_limits(lambda: 1 / 0)
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
    assert within_limits(lambda: signal.getitimer(signal.ITIMER_PROF)[0]) > 0
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def test_a_child_is_confined(monkeypatch):
    limits = {}
    resource = children_module.resource
    monkeypatch.setattr(resource, "setrlimit", lambda kind, values: limits.update({kind: values}))
    children_module._confine()
    assert limits[resource.RLIMIT_AS] == (1_000_000_000, 1_000_000_000)
    assert limits[resource.RLIMIT_CORE] == (0, 0)
