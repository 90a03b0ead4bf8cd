"""A Messenger that writes down what it is handed, and fails as it is told."""

import itertools
from collections import deque

from digests.errors import Uncertain
from digests.model.people import Address, Heading, MessageId, Notice, Part
from digests.model.stories import Digest
from digests.ports import Begin


class RecordingMessenger:
    """`sent` holds what arrived; `attempts` counts all calls. A digest has as many parts as `parts_each` says."""

    def __init__(self, *, parts_each: int = 1) -> None:
        self.sent: list[tuple[Address, Part | Notice]] = []
        self.attempts = 0
        self._parts_each = parts_each
        self._failures: deque[tuple[Address | None, Exception, bool]] = deque()

    def fails(self, error: Exception, *, at: Address | None = None, times: int = 1) -> None:
        """The next so many sends (to the address) raise the error; an Uncertain one arrives all the same."""
        self._failures.extend([(at, error, isinstance(error, Uncertain))] * times)

    def sent_to(self, address: Address) -> list[Part | Notice]:
        """What arrived at an address, in order."""
        return [content for to, content in self.sent if to == address]

    def parts(self, digest: Digest, heading: Heading) -> tuple[Part, ...]:
        """Stories dealt out evenly."""
        count, of = len(digest.briefs), self._parts_each
        edges = [count * number // of for number in range(of + 1)]
        return tuple(
            Part(
                digest=digest,
                heading=heading,
                number=number,
                of=of,
                first=first + 1 if last > first else 0,
                last=last if last > first else 0,
            )
            for number, (first, last) in enumerate(itertools.pairwise(edges), start=1)
        )

    async def send(self, address: Address, content: Part | Notice, begin: Begin) -> MessageId:
        """Arrive, or fail as ordered."""
        self.attempts += 1
        await begin()
        for order in self._failures:
            at, error, arrives = order
            if at in {None, address}:
                self._failures.remove(order)
                if arrives:
                    self.sent.append((address, content))
                raise error
        self.sent.append((address, content))
        return MessageId(len(self.sent))
