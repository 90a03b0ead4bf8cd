"""The server's back door: HTTP under /control/… for scripted persons and faults from another process.

POST takes a JSON object, every answer is one.

    POST /control/say      {"person", "text", "group"?, "thread"?}           somebody writes
    POST /control/crowd    {"count", "text"?}      so many people who know the bot, and perhaps write; their chats
    POST /control/press    {"person", "button", "chat"?, "message"?}         presses, by the button's words
    POST /control/block    {"person"}      POST /control/unblock {"person"}
    POST /control/fail     {"fault", "method"?, "person"?, "times"?, "code"?, "words"?, "parameters"?}
    GET  /control/hears?person=&part=&seconds=                               waits for the next message with `part`
    GET  /control/sent                                                       every delivery so far, in order
    GET  /control/arrivals?from=                                             when what is limited came: time, chat, taken
    GET  /control/state                                                      deliveries and waiting updates, counted
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.playground.faults import Fault
from bot.playground.state import Standing

if TYPE_CHECKING:
    from bot.playground.people import Room
    from bot.playground.server import BotApiServer


def add_routes(router: web.UrlDispatcher, server: BotApiServer) -> None:
    """Open the door on a server."""
    door = Control(server)
    for action in ("say", "crowd", "press", "block", "unblock", "fail"):
        router.add_post(f"/control/{action}", getattr(door, action))
    for question in ("hears", "sent", "arrivals", "state"):
        router.add_get(f"/control/{question}", getattr(door, question))


class Control:
    """One method a route."""

    def __init__(self, server: BotApiServer) -> None:
        self.server = server

    async def say(self, request: web.Request) -> web.Response:
        """Somebody writes, to the bot or into a group."""
        body = await request.json()
        person = self.server.person(body["person"], language=body.get("language", "en"))
        group = self.server.group(body["group"], person) if "group" in body else None
        message = await person.says(body["text"], into=group, thread=body.get("thread", 0))
        return web.json_response({"chat": message.chat, "message": message.id})

    async def crowd(self, request: web.Request) -> web.Response:
        """Many people at once."""
        body = await request.json()
        world = self.server.world
        chats = [world.add_person(f"One of many {number}") for number in range(body["count"])]
        for chat in chats:
            chat.standing = Standing.OPEN
            if "text" in body:
                world.say(chat.id, body["text"])
        return web.json_response({"chats": [chat.id for chat in chats]})

    async def press(self, request: web.Request) -> web.Response:
        """Somebody presses a button of a message, or of the newest message that has it."""
        body = await request.json()
        person, button = self.server.person(body["person"]), body["button"]
        chat = self.server.world.chats[body.get("chat", person.id)]
        for message in reversed(chat.messages.values()):
            if button in message.buttons and body.get("message") in {None, message.id}:
                query = await person.taps(message, button)
                return web.json_response({"query": query.id})
        raise web.HTTPNotFound(text=f"no message with the button {button!r}")

    async def block(self, request: web.Request) -> web.Response:
        """Somebody blocks the bot."""
        self.server.person((await request.json())["person"]).blocks()
        return web.json_response({})

    async def unblock(self, request: web.Request) -> web.Response:
        """Somebody unblocks the bot."""
        self.server.person((await request.json())["person"]).unblocks()
        return web.json_response({})

    async def fail(self, request: web.Request) -> web.Response:
        """Order a fault."""
        body = await request.json()
        if "person" in body:
            body["chat"] = self.server.person(body.pop("person")).id
        self.server.fails(Fault(body.pop("fault")), **body)
        return web.json_response({})

    async def hears(self, request: web.Request) -> web.Response:
        """Wait for the next message in a private chat or group; 408 where it does not come."""
        query = request.query
        room: Room = self.server.groups[query["group"]] if "group" in query else self.server.person(query["person"])
        try:
            message = await room.hears(query.get("part", ""), seconds=float(query.get("seconds", "10")))
        except AssertionError as error:
            raise web.HTTPRequestTimeout(text=str(error)) from None
        return web.json_response(dataclasses.asdict(message))

    async def sent(self, _: web.Request) -> web.Response:
        """Every delivery so far."""
        return web.json_response(self.server.world.deliveries)

    async def arrivals(self, request: web.Request) -> web.Response:
        """What is limited, as it came."""
        return web.json_response({"arrivals": self.server.arrivals[int(request.query.get("from", "0")) :]})

    async def state(self, _: web.Request) -> web.Response:
        """Counts, for whoever waits for the end of something."""
        state: dict[str, Any] = {
            "delivered": self.server.delivered,
            "updates": len(self.server.world.updates),
            "requests": self.server.requests,
            "people": {name: person.id for name, person in self.server.people.items()},
        }
        return web.json_response(state)
