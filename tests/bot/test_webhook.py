"""Updates that Telegram brings: taken once, stored before they are confirmed, and from nobody else."""

import asyncio
import contextlib
import socket

import aiohttp
import pytest

from bot.inbox import NotStored
from bot.playground.server import BotApiServer
from bot.webhook import LARGEST, SECRET_HEADER, Reception, Webhook
from digests.errors import ConfigurationError, StorageError
from tests.bot.handlers.office import Office

SECRET = "a-secret_of-ours"
UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "text": "hi"}}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Taken:
    """An inbox that remembers, or fails as told."""

    def __init__(self):
        self.numbers = []
        self.problem = None

    async def __call__(self, update):
        if self.problem is not None:
            raise self.problem
        self.numbers.append(update.update_id)


@pytest.fixture
def taken():
    return Taken()


@pytest.fixture
async def post(taken):
    """Bring a body to a webhook; the status of the answer."""
    port = free_port()
    webhook = Webhook(url=f"https://bot.example:{port}/hook", secret=SECRET, bot=None, take=taken)
    async with (
        Reception(port=port, healthy=lambda: True, webhook=webhook, host="127.0.0.1"),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):

        async def bring(path="/hook", *, secret=SECRET, **body):
            headers = {} if secret is None else {SECRET_HEADER: secret}
            async with session.post(path, headers=headers, **body) as answer:
                return answer.status

        yield bring


async def test_an_update_with_the_secret_is_taken(post, taken):
    assert await post(json=UPDATE) == 200
    assert taken.numbers == [7]


@pytest.mark.parametrize("secret", [None, "", "another", SECRET + "x", SECRET[:-1], "ünïcode"])
async def test_without_the_secret_nothing_is_even_read(post, taken, secret):
    assert await post(json=UPDATE, secret=secret) == 403
    assert await post(data=b"{", secret=secret) == 403
    assert taken.numbers == []


async def test_a_secret_that_is_no_text_is_a_wrong_one(taken, caplog):
    port = free_port()
    webhook = Webhook(url="https://bot.example/hook", secret=SECRET, bot=None, take=taken)
    async with Reception(port=port, healthy=lambda: True, webhook=webhook, host="127.0.0.1"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        header = SECRET_HEADER.encode() + b": \xff\xfe"
        writer.write(
            b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n" + header + b"\r\n\r\n{}"
        )
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 403")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"\xff\xfe",
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": 7, "message": {"date": 0}}',
        b'{"update_id": 7, "message": 3}',
        b'{"update_id": 7, "message": [[]]}',
        b"[" * 100_000,
    ],
)
async def test_what_is_no_update_is_refused(post, taken, body):
    assert await post(data=body) == 400
    assert taken.numbers == []


async def test_what_is_larger_than_any_update_is_refused(post, taken):
    assert await post(data=b"x" * (LARGEST + 1)) == 413

    async def endless():
        for _ in range(20):
            yield b"x" * 100_000

    assert await post(data=endless()) == 413
    assert taken.numbers == []


async def test_what_could_not_be_stored_is_to_be_brought_again(post, taken, caplog):
    taken.problem = NotStored("The disk is full.")
    assert await post(json=UPDATE) == 503
    assert "Telegram will bring it again: The disk is full." in caplog.text


@pytest.mark.parametrize("path", ["/", "/hook/", "/healthz", "/other"])
async def test_elsewhere_there_is_nothing_to_bring(post, taken, path):
    assert await post(path, json=UPDATE) in {404, 405}
    assert taken.numbers == []


async def test_health_is_told_with_a_webhook_and_without():
    port, state = free_port(), {"healthy": True}
    url = f"http://127.0.0.1:{port}/healthz"
    async with Reception(port=port, healthy=lambda: state["healthy"], webhook=None), aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            assert (answer.status, await answer.text()) == (200, "ok")
        state["healthy"] = False
        async with session.get(url) as answer:
            assert answer.status == 503


async def test_a_port_that_is_taken_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"PORT={port}: nothing can listen there"):
            async with Reception(port=port, healthy=lambda: True, webhook=None, host="127.0.0.1"):
                """Not reached."""


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch, post):
    monkeypatch.setattr("bot.webhook.PATIENCE", 0.05)
    gate = asyncio.Event()

    async def slow():
        yield b"{"
        await gate.wait()

    assert await post(data=slow()) == 408


# The whole way


@contextlib.asynccontextmanager
async def brought(server, office):
    """The bot of an office whose updates are brought to it."""
    port = free_port()
    async with office.built() as application:
        url = f"http://127.0.0.1:{port}/telegram"
        webhook = Webhook(url=url, secret=SECRET, bot=application.bot, take=application.update_queue.put)
        async with Reception(port=port, healthy=lambda: True, webhook=webhook, host="127.0.0.1"):
            await application.bot.set_webhook(url, secret_token=SECRET, allowed_updates=["message", "callback_query"])
            yield application


async def test_people_are_answered_through_a_webhook_as_through_polling():
    async with BotApiServer() as server:
        office = Office(server)
        ada = server.person("Ada")
        async with brought(server, office):
            await ada.says("/subscribe new start 9")
            await ada.presses(await ada.hears("Following New START."), "Kyiv")
            await ada.hears("Every day at 09:00 Kyiv.")
            await server.quiet()
        assert server.requests.get("getUpdates", 0) == 0
        assert set(server.brought) == {200}


async def test_what_is_brought_twice_is_handled_once():
    async with BotApiServer() as server:
        office = Office(server)
        ada = server.person("Ada")
        async with brought(server, office):
            await ada.says("/help")
            await ada.hears()
            update = {
                "update_id": 700_001,
                "message": server.world.message_json(next(iter(ada.chat.messages.values()))),
            }
            for _ in range(3):
                server.world.repeat(update)
            await server.quiet()
            assert len(ada.inbox) == 1
        assert server.brought == [200] * 4


async def test_an_update_that_could_not_be_stored_is_brought_again_until_it_can():
    async with BotApiServer() as server:
        office = Office(server)
        ada, put, tries = server.person("Ada"), office.updates.put, []

        async def full_at_first(update_id, body):
            tries.append(update_id)
            if len(tries) < 3:
                raise StorageError("The disk is full.")
            return await put(update_id, body)

        office.updates.put = full_at_first
        async with brought(server, office):
            await ada.says("/help")
            await ada.hears()
            await server.quiet()
        assert server.brought == [503, 503, 200]
        assert len(ada.inbox) == 1
