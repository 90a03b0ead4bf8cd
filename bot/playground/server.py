"""A strict Bot API server on loopback: HTTP in front of the world, with faults to order.

python -m bot.playground.server --port N [--log FILE]   stands alone, driven through /control/… (control.py)
                                [--latency SECONDS]     is as far away as Telegram is
"""

import argparse
import asyncio
import contextlib
import json
import re
import signal
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.playground import control
from bot.playground.faults import Fault, Faults, Order
from bot.playground.limits import Limits
from bot.playground.methods import METHODS, ApiError, Parameters
from bot.playground.people import PATIENCE, Group, Person
from bot.playground.state import Json, UploadedFile, World

TOKEN = "123456:" + "playground-token-of-35-characters__"
TOKEN_FORM = re.compile(r"\d{1,16}:[A-Za-z0-9_-]{35}")
LIMITED = {"sendmessage", "editmessagetext", "editmessagereplymarkup"}
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the name of a header
AGAIN = 0.05  # seconds until an update that a webhook did not take is brought again
STILL = 0.1  # seconds without a request, after which a bot that owes nothing counts as quiet


class BotApiServer:
    """Use it as an async context manager; `url` goes into TELEGRAM_API_URL, `token` into the bot.

    With `token` None every token of the right form is taken. `limits` refuses what Telegram would find too much, of all chats
    together `overall` a second;
    `log` is a file that every delivery is appended to, as a line of JSON. A sendMessage travels `latency` seconds: half
    of them before it is obeyed, so that who hangs up by then has sent nothing, half before it is answered.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str | None = TOKEN,
        limits: bool = False,
        overall: int = 30,
        log: Path | None = None,
        latency: float = 0.0,
    ) -> None:
        self.world = World()
        self.world.bot_id = int((token or TOKEN).partition(":")[0])
        self.world.on_delivery = self._delivered
        self.faults = Faults()
        self.requests: dict[str, int] = {}
        self.brought: list[int] = []  # what a webhook answered, 0 where it did not
        self.arrivals: list[tuple[float, int, bool]] = []  # of what is limited: seconds since 1970, chat, whether taken
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self._token = token
        self._port = port
        self._log = log
        self._latency = latency
        self._limits: Limits | None = (
            Limits(lambda: asyncio.get_running_loop().time(), overall=overall) if limits else None
        )
        self._poller: asyncio.Event | None = None
        self._busy = 0
        self._touched = 0.0
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._postman: asyncio.Task[None] | None = None

    # For tests ----------------------------------------------------------------------------------------------------

    @property
    def token(self) -> str:
        """A token that is taken."""
        return self._token or TOKEN

    @property
    def url(self) -> str:
        """The base URL of the Bot API: requests go to `<url>/bot<token>/<method>`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def delivered(self) -> dict[int, int]:
        """How many messages were sent to each chat, edits not counted."""
        chats = [each["chat"] for each in self.world.deliveries if each["what"] == "sent"]
        return {chat: chats.count(chat) for chat in chats}

    def person(self, name: str, *, language: str = "en") -> Person:
        """The person of that name; new where there is none."""
        if name not in self.people:
            self.people[name] = Person(self.world, self.world.add_person(name, language=language))
        return self.people[name]

    def group(self, name: str, *members: Person, forum: bool = False) -> Group:
        """The group of that name; where there is none, a new one whose first member is its creator."""
        if name not in self.groups:
            roles = {each.id: "member" if number else "creator" for number, each in enumerate(members)}
            self.groups[name] = Group(self.world, self.world.add_group(name, roles, forum=forum))
        return self.groups[name]

    def channel(self, name: str, *administrators: Person) -> Group:
        """A new channel without the bot; the first who is named is its creator."""
        roles = {each.id: "administrator" if number else "creator" for number, each in enumerate(administrators)}
        self.groups[name] = Group(self.world, self.world.add_channel(name, roles))
        return self.groups[name]

    def fails(self, fault: Fault, **order: Any) -> None:
        """Order a fault for requests to come; what may be said of it stands in faults.Order."""
        self.faults.orders.append(Order(fault=fault, **order))

    async def quiet(self, *, seconds: float = PATIENCE) -> None:
        """Wait until the bot owes nothing: updates taken and confirmed, presses answered, no request for .1 s."""
        loop = asyncio.get_running_loop()

        def owes_nothing() -> bool:
            answered = all(query.answer is not None for query in self.world.queries.values())
            return not self.world.updates and answered and not self._busy

        deadline = loop.time() + seconds
        while loop.time() < deadline:
            if not await self.world.bell.until(owes_nothing, deadline - loop.time()):
                break
            rest = self._touched + STILL - loop.time()
            if rest <= 0:
                return
            await self.world.bell.until(lambda: False, rest)
        raise AssertionError(f"the bot was not quiet within {seconds} s: {len(self.world.updates)} updates wait")

    @contextlib.asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """Nobody listens, and all connections are cut, until the block ends."""
        await self._stop()
        try:
            yield
        finally:
            await self._start()

    # Lifecycle ----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stop()

    async def _start(self) -> None:
        self._closing = asyncio.Event()
        application = web.Application()
        application.router.add_route("*", "/bot{token}/{method}", self._answer)
        control.add_routes(application.router, self)
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        # Awaited by _stop.
        self._postman = asyncio.get_running_loop().create_task(self._bring_updates())

    async def _stop(self) -> None:
        assert self._runner is not None
        assert self._postman is not None
        self._closing.set()
        self._postman.cancel()
        await asyncio.gather(self._postman, return_exceptions=True)
        self.world.bell.ring()
        await self._runner.cleanup()

    def _delivered(self, delivery: Json) -> None:
        self.world.deliveries.append(delivery)
        if self._log:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(delivery, ensure_ascii=False) + "\n")

    # Requests -----------------------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        self.requests[method] = self.requests.get(method, 0) + 1
        self.world.bell.ring()
        parameters = Parameters(await _parameters(request))
        if method.lower() == "getupdates":
            return await self._obey(request, token, method, parameters)
        self._busy += 1
        try:
            return await self._obey(request, token, method, parameters)
        finally:
            self._busy -= 1
            self._touched = asyncio.get_running_loop().time()
            self.world.bell.ring()

    async def _obey(self, request: web.Request, token: str, method: str, parameters: Parameters) -> web.StreamResponse:
        order = self.faults.take(method, parameters.number("chat_id"))
        if order and not order.fault.after:
            return await self._fail(request, order)
        way = self._latency / 2 if method.lower() == "sendmessage" else 0.0
        await asyncio.sleep(way)
        try:
            self._check(token)
            result = await self._call(method, parameters)
        except ApiError as error:
            response = _refusal(error.code, error.description, error.parameters)
        else:
            response = web.json_response({"ok": True, "result": result})
        await asyncio.sleep(way)
        return await self._fail(request, order) if order else response

    def _check(self, token: str) -> None:
        if not TOKEN_FORM.fullmatch(token):
            raise ApiError(404, "Not Found")
        if self._token is not None and token != self._token:
            raise ApiError(401, "Unauthorized")

    async def _call(self, method: str, parameters: Parameters) -> object:
        name = method.lower()
        if name == "getupdates":
            return await self._updates(parameters)
        if name not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        if name in LIMITED:
            self._admit(parameters.number("chat_id"))
        return METHODS[name](self.world, parameters)

    def _admit(self, chat: int) -> None:
        taken = False
        try:
            if self._limits:
                self._limits.admit(chat)
            taken = True
        finally:
            self.arrivals.append((time.time(), chat, taken))

    async def _updates(self, parameters: Parameters) -> list[Json]:
        if self.world.webhook["url"]:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        if self._poller:
            self._poller.set()
            self.world.bell.ring()
        mine = self._poller = asyncio.Event()
        allowed = parameters.structure("allowed_updates")
        if allowed is not None:  # else what was last asked for still holds
            self.world.allowed_updates = frozenset(allowed)
        try:
            offset = parameters.number("offset")
            if offset:
                self.world.updates = [each for each in self.world.updates if each["update_id"] >= offset]
                self.world.bell.ring()
            ready: Callable[[], bool] = lambda: bool(self.world.updates) or mine.is_set() or self._closing.is_set()  # noqa: E731
            await self.world.bell.until(ready, min(parameters.number("timeout"), 50))
        finally:
            if self._poller is mine:
                self._poller = None
        if mine.is_set():
            words = "terminated by other getUpdates request; make sure that only one bot instance is running"
            raise ApiError(409, f"Conflict: {words}")
        return self.world.updates[: parameters.number("limit", 100)]

    async def _bring_updates(self) -> None:
        """Where a webhook is set, bring it the updates one after the other, each until it is taken."""
        world = self.world
        async with ClientSession(timeout=ClientTimeout(total=PATIENCE)) as session:
            while True:
                ready: Callable[[], bool] = lambda: bool(world.updates and world.webhook["url"])  # noqa: E731
                await world.bell.until(ready, PATIENCE)
                if not ready():
                    continue
                update, secret = world.updates[0], world.webhook["secret_token"]
                headers = {SECRET_HEADER: secret} if secret else {}
                status = 0
                with contextlib.suppress(ClientError, TimeoutError):
                    async with session.post(world.webhook["url"], json=update, headers=headers) as answer:
                        status = answer.status
                self.brought.append(status)
                if status == 200:
                    world.updates.remove(update)  # the first of them, where one is brought twice
                    world.bell.ring()
                else:
                    await asyncio.sleep(AGAIN)

    async def _fail(self, request: web.Request, order: Order) -> web.StreamResponse:
        match order.fault:
            case Fault.RESET_BEFORE | Fault.RESET_AFTER:
                _reset(request)
            case Fault.SILENCE_BEFORE | Fault.SILENCE_AFTER:
                await self._closing.wait()  # or until the bot hangs up, which cancels this
            case Fault.BAD_GATEWAY_BEFORE | Fault.BAD_GATEWAY_AFTER:
                return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
            case Fault.CUT_AFTER:
                answer = web.StreamResponse(headers={"Content-Length": "1000"})
                await answer.prepare(request)
                await answer.write(b'{"ok":true,"result":{"mess')
                _reset(request)
            case Fault.REFUSED:
                return _refusal(order.code, order.words, order.parameters)
        return web.Response(text='{"ok":true,"result":{"message_id":', content_type="application/json")


async def _parameters(request: web.Request) -> dict[str, Any]:
    values: dict[str, Any] = dict(request.query)
    form = await request.json() if request.content_type == "application/json" else await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            values[name] = UploadedFile(name=value.filename, body=value.file.read())
        else:
            values[name] = value
    return values


def _refusal(code: int, description: str, parameters: dict[str, int]) -> web.Response:
    body: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


def _reset(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    # Lingering for no time makes the kernel answer with RST instead of an orderly end.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def serve(port: int, log: Path | None, *, limits: bool, overall: int, token: str | None, latency: float) -> None:
    """Serve until SIGTERM or SIGINT; prints the address first."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # which a shell may have told what it runs beside itself to ignore
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with BotApiServer(port=port, token=token, limits=limits, overall=overall, log=log, latency=latency) as server:
        print(server.url, flush=True)
        await ended.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8081, help="0 picks a free one")
    parser.add_argument("--log", type=Path, help="append every delivery to this file, as JSON lines")
    parser.add_argument("--limits", action="store_true", help="answer 429 above Telegram's limits")
    parser.add_argument(
        "--overall", type=int, default=30, help="messages a second that they allow to all chats together"
    )
    parser.add_argument("--token", help="take this token only")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that a sendMessage travels, there and back")
    options = parser.parse_args()
    asyncio.run(
        serve(
            options.port,
            options.log,
            limits=options.limits,
            overall=options.overall,
            token=options.token,
            latency=options.latency,
        )
    )


if __name__ == "__main__":
    main()
