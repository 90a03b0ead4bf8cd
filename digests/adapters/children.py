"""Hostile documents are read in children that can be killed: what stops, bloats or crashes one costs its document."""

import asyncio
import resource
import signal
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple

from pebble import ProcessExpired, ProcessFuture, ProcessPool

# This module is imported in the children too: whatever it imports, each of them holds in memory.

_CHILDREN = 2
_CPU = 3.0  # seconds a document
_PATIENCE = 15.0  # seconds a document may take on a machine with other work
_MEMORY = 1_000_000_000  # bytes of address space a child
_LIFETIME = 1_000  # documents, then a fresh child: what a big document took is given back

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class Children:
    """Two processes, started with the first document. Use it as an async context manager."""

    def __init__(self) -> None:
        self._pool: ProcessPool | None = None
        self._scheduling = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            await asyncio.to_thread(_stop, self._pool)
            self._pool = None

    async def read(self, work: Callable[[*Arguments], Result], *args: *Arguments) -> Result | str:
        """What `work`, a module's function, returns in a child, or a sentence on how its child died of it."""
        try:
            try:
                return await self._ask(work, *args)
            except (
                BrokenProcessPool
            ):  # an idle child was killed from outside, and the pool gave up: not this document's fault
                return await self._ask(work, *args)
        except TimeoutError:
            return f"Reading it took more than {_PATIENCE:g} seconds."
        except MemoryError:
            return "Reading it takes too much memory."
        except (ProcessExpired, BrokenProcessPool) as error:
            timer = isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGPROF
            return (
                f"Reading it took more than {_CPU:g} seconds of computing." if timer else "Its reader crashed over it."
            )

    async def _ask(self, work: Callable[[*Arguments], Result], *args: *Arguments) -> Result:
        async with self._scheduling:
            # Off the loop: the first document, and the first after a breakdown, starts two processes.
            future = await asyncio.to_thread(lambda: self._scheduled(work, *args))
        return await asyncio.wrap_future(future)

    def _scheduled(self, work: Callable[[*Arguments], Result], *args: *Arguments) -> "ProcessFuture[Result]":
        if self._pool is not None and not self._pool.active:
            _stop(self._pool)
            self._pool = None
        if self._pool is None:
            spawn = get_context("spawn")  # a fork would copy the whole bot, its locks and its connections
            self._pool = ProcessPool(_CHILDREN, max_tasks=_LIFETIME, initializer=_confine, context=spawn)
        return self._pool.schedule(work, args=args, timeout=_PATIENCE)


def within_limits(work: Callable[[], Result]) -> Result:
    """Do what may take for ever: SIGPROF ends the process past its time, even inside a regular expression."""
    signal.setitimer(signal.ITIMER_PROF, _CPU)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _confine() -> None:
    """Limit a fresh child."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
