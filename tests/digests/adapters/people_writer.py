"""A process that writes people until it is killed: `python -m tests.digests.adapters.people_writer PATH`.

For every line "FROM" on standard input it forks a child, says the child's process id, and waits for its end. The child
applies `change(n)` for n = FROM, FROM + 1 …, three at a time, and says n once the changes up to n are acknowledged.
Forking spares the tests a second of imports for every kill; the parent has no threads.
"""

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

from digests.adapters.tinydb_people import TinyPeople
from digests.model.people import Address, ChatId
from tests.builders import subscription

TOGETHER = 3


def change(number):
    """The address that a change is about, and its new subscription or None."""
    chat = number * 7 % 11
    return Address(chat=ChatId(chat)), None if number % 5 == 4 else subscription(chat, f"topic-{number}" * 200)


def state(number):
    """What is stored when the first `number` changes hold."""
    people = dict(change(each) for each in range(number))
    return {address: each for address, each in people.items() if each is not None}


async def apply(people, number):
    address, each = change(number)
    await (people.remove(address) if each is None else people.put(each))


async def write_on(path, start):
    async with TinyPeople(path) as people:
        for first in count(start, TOGETHER):
            await asyncio.gather(*(apply(people, first + each) for each in range(TOGETHER)))
            print(first + TOGETHER, flush=True)


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if not child:
            print(os.getpid(), flush=True)  # itself, so that it stands before all else that it says
            asyncio.run(write_on(Path(sys.argv[1]), int(line)))
        os.waitpid(child, 0)
        print("dead", flush=True)
