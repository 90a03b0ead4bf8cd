"""An event loop whose time jumps to the next timer when nothing else is left to do: hours pass in no time."""

import asyncio
import selectors


class _NoWaiting(selectors.DefaultSelector):
    loop = None

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout:
            self.loop.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """Use it as `asyncio.Runner(loop_factory=JumpingLoop)`; not for code that waits for sockets or threads."""

    def __init__(self):
        selector = _NoWaiting()
        selector.loop = self
        self.now = 1000.0
        super().__init__(selector)

    def time(self):
        """Seconds that nobody waited for."""
        return self.now


def in_no_time(coroutine):
    """Run it to its end on such a loop."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(coroutine)
