"""Subscriptions on disk: whole at every moment, recovered where the file was not, readable by a person."""

import asyncio
import json
import logging
import os
import random
import signal
import subprocess
import sys
import time as machine_time
from datetime import UTC, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.adapters.documents import read_subscription, written_subscription
from digests.adapters.tinydb_people import TinyPeople
from digests.adapters.twin_file import TwinFile
from digests.errors import StorageError
from digests.model.people import Address, ChatId, Schedule, Subscription
from digests.model.topics import TopicSlug
from tests.builders import subscription
from tests.digests.adapters.people_writer import TOGETHER, state

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "people.json"


async def stored(path):
    async with TinyPeople(path) as people:
        return await people.all()


async def store(path, *subscriptions):
    async with TinyPeople(path) as people:
        for each in subscriptions:
            await people.put(each)


# What stands on disk


async def test_what_was_put_is_there_after_opening_again(path):
    await store(path, subscription(7), subscription(-100123, "treaty", paused="blocked"))
    assert await stored(path) == (subscription(7), subscription(-100123, "treaty", paused="blocked"))


async def test_a_person_can_read_the_file(path):
    await store(path, subscription(7, slots=(time(8), time(18, 30))))
    tables = json.loads(path.read_bytes())
    assert tables["schema"] == {"1": {"version": 1}}
    assert list(tables["subscriptions"].values()) == [
        {
            "chat": 7,
            "thread": 0,
            "topics": ["ukraine-talks"],
            "slots": ["08:00", "18:30"],
            "zone": "Europe/Kyiv",
            "city": None,
            "days": [0, 1, 2, 3, 4, 5, 6],
            "since": "2026-02-04T12:00:00+00:00",
            "paused": None,
            "channel": None,
            "own": [],
        }
    ]


async def test_it_is_on_disk_when_put_returns_in_the_file_and_in_its_twin(path):
    async with TinyPeople(path) as people:
        await people.put(subscription(7))
        twin = path.with_name("people.json.bak")
        assert path.read_bytes() == twin.read_bytes()
        assert b"ukraine-talks" in path.read_bytes()
        await people.remove(subscription(7).address)
        assert b"ukraine-talks" not in path.read_bytes() + twin.read_bytes()


async def test_only_its_owner_may_read_it(path):
    await store(path, subscription(7))
    assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o600}


names = st.text(max_size=20)
subscriptions = st.builds(
    Subscription,
    address=st.builds(Address, chat=st.integers(-(2**52), 2**52).map(ChatId), thread=st.integers(0, 2**31)),
    topics=st.lists(names.map(TopicSlug), max_size=3).map(tuple),
    schedule=st.builds(
        Schedule,
        since=st.datetimes(timezones=st.just(UTC)),
        slots=st.lists(st.builds(time, st.integers(0, 23), st.integers(0, 59)), max_size=3).map(tuple),
        zone=st.none() | names,
        city=st.none() | names,
        days=st.frozensets(st.integers(0, 6)),
    ),
    paused=st.none() | names,
)


@given(subscriptions)
def test_every_subscription_comes_back_as_it_was(each):
    assert read_subscription(json.loads(json.dumps(written_subscription(each)))) == each


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(subscriptions, max_size=5, unique_by=lambda each: each.address))
async def test_many_subscriptions_come_back_from_disk(tmp_path_factory, many):
    path = tmp_path_factory.mktemp("people") / "people.json"
    await store(path, *many)
    assert await stored(path) == tuple(many)


# Writes that come together


async def test_changes_that_come_while_one_is_written_are_written_together(path, monkeypatch):
    bodies = []
    write = TwinFile.write
    monkeypatch.setattr(TwinFile, "write", lambda file, body: (bodies.append(body), write(file, body)))
    async with TinyPeople(path) as people:
        await asyncio.gather(*(people.put(subscription(chat)) for chat in range(1, 101)))
    assert len(bodies) <= 5
    assert len(await stored(path)) == 100


async def test_one_who_gives_up_waiting_does_not_cancel_the_others(path):
    async with TinyPeople(path) as people:
        first, second = (asyncio.ensure_future(people.put(subscription(chat))) for chat in (7, 8))
        await asyncio.sleep(0)
        first.cancel()
        await second
        assert first.cancelled()
    assert {each.address.chat for each in await stored(path)} == {7, 8}


async def test_a_write_that_fails_is_told_to_all_who_wait_for_it_and_changes_nothing(path, monkeypatch):
    await store(path, subscription(7))

    def full(descriptor):
        raise OSError(28, "No space left on device")

    async with TinyPeople(path) as people:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            told = await asyncio.gather(
                people.put(subscription(7, "treaty")), people.put(subscription(8)), return_exceptions=True
            )
        assert [type(each) for each in told] == [StorageError, StorageError]
        assert str(told[0]) == f"{path} cannot be written: No space left on device."
        assert await people.all() == (subscription(7),)
        await people.put(subscription(9))
    assert await stored(path) == (subscription(7), subscription(9))
    assert sorted(each.name for each in path.parent.iterdir()) == ["people.json", "people.json.bak"]


# Files that are not whole


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 100,
        b'{"schema": {"1": {"version": 1}}, "subscr',
        b"[]",
        b'{"subscriptions": {}}',
        b'{"schema": {"1": {"version": 1}}, "subscriptions": {"1": {"chat": 7}}}',
        b'{"schema": {"1": {"version": 1}}, "subscriptions": []}',
    ],
)
async def test_a_file_that_is_not_whole_is_put_aside_and_restored_from_its_twin(path, caplog, body):
    await store(path, subscription(7))
    for number in (1, 2):
        path.write_bytes(body)
        with caplog.at_level(logging.WARNING):
            assert await stored(path) == (subscription(7),)
        assert path.with_name(f"people.json.unreadable-{number}").read_bytes() == body
    assert path.read_bytes() == path.with_name("people.json.bak").read_bytes()
    assert "put aside as people.json.unreadable-2" in caplog.text


async def test_a_file_that_is_missing_is_restored_from_its_twin(path):
    await store(path, subscription(7))
    path.unlink()
    assert await stored(path) == (subscription(7),)
    assert path.exists()


async def test_a_twin_that_is_missing_or_torn_is_no_matter(path):
    await store(path, subscription(7))
    path.with_name("people.json.bak").write_bytes(b"{")
    await store(path, subscription(8))
    path.unlink()
    assert await stored(path) == (subscription(7), subscription(8))


@pytest.mark.parametrize("twin", [b"{", None])
async def test_it_never_starts_empty_over_a_file_that_cannot_be_read(path, twin):
    path.write_bytes(b'{"torn')
    if twin:
        path.with_name("people.json.bak").write_bytes(twin)
    for _ in range(2):
        with pytest.raises(StorageError, match=r"Neither .*people\.json nor people\.json\.bak can be read"):
            await stored(path)
    assert path.read_bytes() == b'{"torn'


async def test_a_file_of_another_version_is_refused_and_left_as_it_is(path):
    body = b'{"schema": {"1": {"version": 2}}, "subscriptions": "in another shape"}'
    path.write_bytes(body)
    with pytest.raises(StorageError, match="written by another version of Cablegram"):
        await stored(path)
    assert [each.name for each in path.parent.iterdir()] == ["people.json"]


async def test_a_file_that_the_system_will_not_give_is_named_in_one_sentence(path):
    path.mkdir()
    with pytest.raises(StorageError, match=r"people\.json cannot be read: Is a directory\.$"):
        await stored(path)


# Kills


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


def write_dying(file, body, monkeypatch, at):
    """Write, but die before the system call number `at` (from 0) that changes the disk; False where it came through."""
    calls = iter(range(1_000))

    def dying(call):
        def mortal(*given, **named):
            if next(calls) == at:
                raise Killed
            return call(*given, **named)

        return mortal

    with monkeypatch.context() as patch:
        for name in ("open", "fdopen", "fsync", "replace"):
            patch.setattr(os, name, dying(getattr(os, name)))
        try:
            file.write(body)
        except Killed:
            return True
    return False


def test_a_kill_before_any_system_call_leaves_the_old_state_or_the_new(tmp_path, monkeypatch):
    survived = []
    for at in range(1_000):
        folder = tmp_path / str(at)
        folder.mkdir()
        file = TwinFile(folder / "people.json")
        file.write(b"old")
        died = write_dying(file, b"new", monkeypatch, at)
        survived.append(file.read(bytes))
        file.write(b"newer")
        assert file.read(bytes) == b"newer"
        if not died:
            break
    assert set(survived) == {b"old", b"new"}
    assert survived == sorted(survived, reverse=True)
    assert len(survived) > 8


def whole(path):
    """The people of both copies, read without recovery."""
    return [
        {each.address: each for each in map(read_subscription, json.loads(copy.read_bytes())["subscriptions"].values())}
        for copy in (path, path.with_name("people.json.bak"))
        if copy.exists()
    ]


def kill_while_writing(path, kills, seed):
    """Kill the writer at random moments; after each kill both copies are whole and hold all that was acknowledged."""
    moments = random.Random(seed)
    command = [sys.executable, "-m", "tests.digests.adapters.people_writer", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        reached, promised, unacknowledged = 0, 0, 0
        for _ in range(kills):
            print(reached, file=writer.stdin, flush=True)
            child = int(writer.stdout.readline())
            lines = [writer.stdout.readline() for _ in range(moments.randrange(4))]
            machine_time.sleep(moments.uniform(0, 0.008))  # the random moment is what is tested
            os.kill(child, signal.SIGKILL)
            while (line := writer.stdout.readline()) != "dead\n":
                lines.append(line)
            acknowledged = max([reached, *map(int, lines)])
            possible = [state(number) for number in range(acknowledged, acknowledged + TOGETHER + 1)]
            # A twin may lag behind what one kill let through and the next one gave no time to write again.
            promised = max([promised, *map(int, lines)])
            kept = [state(number) for number in range(promised, acknowledged + TOGETHER + 1)]
            assert all(copy in kept for copy in whole(path))
            found = {each.address: each for each in asyncio.run(stored(path))}
            assert found in possible
            reached = acknowledged + possible.index(found)
            unacknowledged += reached > acknowledged
        writer.stdin.close()
    assert not list(path.parent.glob("*.unreadable-*"))
    return unacknowledged


def test_no_kill_tears_the_file_or_loses_an_acknowledged_change(path):
    assert kill_while_writing(path, kills=60, seed=1) > 0, "no kill fell between the disk and the acknowledgement"


@pytest.mark.campaign
@pytest.mark.timeout(600)
def test_no_kill_of_a_thousand_tears_the_file_or_loses_an_acknowledged_change(path):
    assert kill_while_writing(path, kills=1_000, seed=2) > 0
