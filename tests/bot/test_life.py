"""The bot's whole life in one process: started over real stores, told to stop, and what Telegram says meanwhile."""

import asyncio
import contextlib
import signal
import socket
from datetime import timedelta

import aiohttp
import pytest

from bot import service
from bot.clock import machine_clock
from bot.playground.faults import Fault
from bot.playground.server import BotApiServer
from config.settings import Settings
from digests.adapters.data_folder import DataFolder
from digests.adapters.tinydb_people import TinyPeople
from digests.errors import ConfigurationError
from tests.builders import subscription

FEED = '[[feeds]]\nslug = "herald"\noutlet = "Herald"\nurl = "{url}"\ncountry = "NO"\nownership = "private"\n'


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Life:
    """A bot that runs as a task beside its Bot API server; it answers with its exit status."""

    def __init__(self, server, folder, **more):
        (folder / "feeds.toml").write_text(FEED.format(url=f"http://127.0.0.1:{free_port()}/"))
        self.server, self.folder, self.port = server, folder, free_port()
        given = {"telegram_bot_token": server.token, "telegram_api_url": server.url, "tick_every": 0.1}
        given |= {"data_dir": folder / "data", "feeds_file": folder / "feeds.toml", "allow_private_feeds": True}
        self.settings = Settings(**(given | {"port": self.port} | more))
        self.task = None

    async def has_a_reader(self, person):
        """A digest has been due to somebody for two minutes."""
        due = machine_clock().replace(second=0, microsecond=0) - timedelta(minutes=2)
        reader = subscription(person.id, slots=(due.time(),), zone="UTC", since=due - timedelta(minutes=1))
        with DataFolder(self.folder / "data") as folder:
            async with TinyPeople(folder.people) as people:
                await people.change(reader.address, lambda _: reader)

    def begins(self, *, listens=True):
        self.task = asyncio.get_running_loop().create_task(service.run(self.settings, listens=listens))

    async def met(self, method, times=1):
        """Wait until the bot has asked the server for a method so often."""
        asked = self.server.requests
        await self.server.world.bell.until(lambda: asked.get(method, 0) >= times or self.task.done(), 20)
        assert asked.get(method, 0) >= times

    async def ends(self, within=10.0):
        """Its exit status, or what it raised."""
        async with asyncio.timeout(within):
            return await self.task

    async def told_to_stop(self, within=10.0):
        signal.raise_signal(signal.SIGTERM)
        return await self.ends(within)


@pytest.fixture
async def server():
    async with BotApiServer() as server:
        yield server


@pytest.fixture
async def life(server, tmp_path):
    async with living(server, tmp_path) as life:
        yield life


@contextlib.asynccontextmanager
async def living(server, tmp_path, **more):
    life = Life(server, tmp_path, **more)
    try:
        yield life
    finally:
        if life.task is not None and not life.task.done():
            life.task.cancel()
            await asyncio.gather(life.task, return_exceptions=True)


async def test_it_answers_until_it_is_told_to_stop(life, server):
    life.begins()
    ada = server.person("Ada")
    await ada.says("/help")
    await ada.hears("/latest", seconds=20)
    assert await life.told_to_stop() == 0


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_that_is_revoked_is_met_by_a_digest_which_stays_unsent_and_ends_the_bot(server, tmp_path, code):
    ada = server.person("Ada")
    await ada.says("/start")
    async with living(server, tmp_path, **webhook()) as life:
        await life.has_a_reader(ada)
        server.fails(Fault.REFUSED, code=code, words="Unauthorized")
        life.begins()
        assert await life.ends(30) == 1
        server.world.updates.clear()
        life.begins()
        await ada.hears("Ukraine talks", seconds=30)
        assert await life.told_to_stop() == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": Fault.BAD_GATEWAY_BEFORE},
        {"fault": Fault.REFUSED, "code": 429, "words": "Too Many Requests", "parameters": {"retry_after": 60}},
    ],
)
async def test_it_ends_when_told_to_although_it_cannot_begin_to_ask(life, server, caplog, fault):
    server.fails(method="deleteWebhook", times=99, **fault)
    life.begins()
    await life.met("deleteWebhook")
    assert await life.told_to_stop() == 0
    assert "Telegram cannot be reached" in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_token_that_is_revoked_before_it_begins_to_ask_ends_it(life, server):
    server.fails(Fault.REFUSED, method="deleteWebhook", code=401, words="Unauthorized")
    life.begins()
    assert await life.ends() == 1


async def test_a_webhook_that_telegram_refuses_is_a_wrong_setting(server, tmp_path):
    words = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    server.fails(Fault.REFUSED, method="setWebhook", words=words)
    async with living(server, tmp_path, **webhook()) as life:
        life.begins()
        with pytest.raises(ConfigurationError, match=r"(?i)WEBHOOK_URL=http.*an HTTPS URL must be provided"):
            await life.ends()


async def test_an_answer_that_telegram_keeps_waiting_is_broken_off_and_comes_after_the_next_start(
    life, server, monkeypatch
):
    monkeypatch.setattr(service, "DRAIN", 0.2)
    ada = server.person("Ada")
    await ada.says("/help")
    server.fails(Fault.REFUSED, code=429, words="Too Many Requests", parameters={"retry_after": 80})
    life.begins()
    await life.met("sendMessage")
    assert await life.told_to_stop() == 0
    assert not ada.inbox
    life.begins()
    await ada.hears("/latest", seconds=20)
    assert await life.told_to_stop() == 0


async def test_it_ends_although_telegram_does_not_answer_its_farewell(life, server, monkeypatch):
    monkeypatch.setattr("bot.answering.FAREWELL", 0.2)
    life.begins()
    await life.met("setMyCommands", times=3)
    await life.met("getUpdates")
    server.fails(Fault.SILENCE_BEFORE, method="getUpdates")
    assert await life.told_to_stop() == 0


async def test_whoever_watches_a_bot_that_asks_may_ask_for_its_health(life, server):
    life.begins()
    await life.met("setMyCommands", times=3)
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{life.port}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok")
    assert await life.told_to_stop() == 0


async def test_a_bot_that_asks_does_without_a_port_that_another_has(life, server, caplog):
    with socket.socket() as other:
        other.bind(("", life.port))
        other.listen()
        life.begins()
        await life.met("setMyCommands", times=3)
        assert await life.told_to_stop() == 0
    assert f"PORT={life.port}: nothing can listen there" in caplog.text


async def test_a_port_that_another_has_is_a_wrong_setting_where_updates_are_brought(server, tmp_path):
    async with living(server, tmp_path, **webhook()) as life:
        with socket.socket() as other:
            other.bind(("", life.port))
            other.listen()
            life.begins()
            with pytest.raises(ConfigurationError, match="nothing can listen there"):
                await life.ends()


async def test_a_worker_leaves_the_port_to_the_process_that_takes_updates_in(server, tmp_path, caplog):
    async with living(server, tmp_path, **webhook()) as life:
        life.begins(listens=False)
        await life.met("setMyCommands", times=3)
        with socket.socket() as other:
            other.bind(("", life.port))
        assert await life.told_to_stop() == 0


async def test_the_owner_hears_of_dead_feeds_and_of_more_readers_than_files_carry(server, tmp_path, monkeypatch):
    monkeypatch.setattr("digests.gathering.gather._DEAD", 1)
    monkeypatch.setattr("bot.owner.CROWD", 0)
    monkeypatch.setattr("bot.jobs.HOUSEKEEPING_EVERY", 0.2)
    ada = server.person("Ada")
    await ada.says("/start")
    async with living(server, tmp_path, admin_ids=frozenset({ada.id})) as life:
        await life.has_a_reader(server.person("Bob"))
        life.begins()
        await server.world.bell.until(lambda: len(ada.inbox) >= 3 or life.task.done(), 30)
        assert await life.told_to_stop() == 0
    heard = " ".join(message.text for message in ada.inbox)
    assert "For three days nothing could be read from herald" in heard
    assert "1 chats and threads follow something here" in heard


def webhook():
    return {"webhook_url": f"http://127.0.0.1:{free_port()}/hook", "webhook_secret": "a-secret_of-our-own"}
