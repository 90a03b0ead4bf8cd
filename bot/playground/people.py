"""Scripted persons and groups: they write, press and read, and wait for what they expect."""

from dataclasses import dataclass
from typing import Any

from bot.playground.state import Chat, Message, Query, Standing, World

PATIENCE = 10.0  # seconds

# Who Telegram shows in place of an administrator who speaks in the group's name.
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a pressed button said: a line at the top of the screen, or an alert; or the chat that it opened."""

    text: str
    alert: bool
    url: str = ""


class Room:
    """A chat as somebody in it reads it."""

    def __init__(self, world: World, chat: Chat) -> None:
        self.world = world
        self.chat = chat
        self._heard = 0

    @property
    def id(self) -> int:
        """The chat's id; a person's is their own."""
        return self.chat.id

    @property
    def inbox(self) -> tuple[Message, ...]:
        """The bot's messages as they stand now, oldest first."""
        return tuple(each for each in self.chat.messages.values() if each.by == self.world.bot_id)

    async def hears(self, part: str = "", *, seconds: float = PATIENCE) -> Message:
        """Wait for the next message or edit whose text contains `part`; those before it count as read.

        Raises AssertionError that names what was heard instead.
        """
        found: list[Message] = []

        def said() -> bool:
            for number, message in enumerate(self.chat.events[self._heard :], start=self._heard + 1):
                if part in message.text:
                    self._heard = number
                    found.append(message)
                    return True
            return False

        if not await self.world.bell.until(said, seconds):
            heard = [message.text for message in self.chat.events[self._heard :]]
            raise AssertionError(f"{self.chat.name} did not hear {part!r} in {seconds} s, but {heard}")
        return found[0]

    @property
    def unread(self) -> tuple[Message, ...]:
        """What came since the last that was waited for."""
        return tuple(self.chat.events[self._heard :])


class Group(Room):
    """A group with the bot in it."""

    def adds_bot(self, by: "Person") -> None:
        """A member takes the bot in; in a channel, as an administrator."""
        self.world.change_standing(self.id, by.id, Standing.OPEN)

    async def is_spoken_in(self, text: str, *, thread: int = 0) -> Message:
        """An administrator writes in the group's own name."""
        anybody = next(iter(self.chat.members))
        spoken_as: dict[str, Any] = {"from": ANONYMOUS, "sender_chat": self.chat.as_json()}
        return self.world.say(anybody, text, chat=self.id, thread=thread, **spoken_as)

    def kicks_bot(self, by: "Person") -> None:
        """A member throws the bot out."""
        self.world.change_standing(self.id, by.id, Standing.KICKED)

    def upgrades(self, by: "Person") -> "Group":
        """It becomes a supergroup: the same people under another id."""
        return Group(self.world, self.world.upgrade(self.id, by.id))

    def opens_thread(self) -> int:
        """A new thread of the forum; its id."""
        thread = max(self.chat.threads, default=1) + 1
        self.chat.threads.add(thread)
        return thread


class Person(Room):
    """Somebody with a private chat with the bot, who may also speak in groups."""

    async def says(self, text: str, *, into: Group | None = None, thread: int = 0) -> Message:
        """Write to the bot, or into a group."""
        return self.world.say(self.id, text, chat=into.id if into else None, thread=thread)

    async def replies(self, message: Message, text: str) -> Message:
        """Answer one of the messages of a chat, there."""
        return self.world.say(self.id, text, chat=message.chat, thread=message.thread, reply_to=message.id)

    async def sends_location(self, latitude: float, longitude: float) -> Message:
        """Share where they are."""
        return self.world.say(self.id, "", location={"latitude": latitude, "longitude": longitude})

    async def taps(self, message: Message, button: str) -> Query:
        """Press a button of a message as it was seen, by its words, and wait for nothing.

        Raises LookupError where it has no such button.
        """
        for row in message.keyboard:
            for each in row:
                if each.text == button and each.data is not None:
                    return self.world.press(self.id, message, each.data)
        raise LookupError(f"no button {button!r} to press among {message.buttons}")

    async def presses(self, message: Message, button: str, *, seconds: float = PATIENCE) -> Answer:
        """Press a button, and wait until the bot has answered the press."""
        query = await self.taps(message, button)
        if not await self.world.bell.until(lambda: query.answer is not None, seconds):
            raise AssertionError(f"{self.chat.name} pressed {button!r}, and no answer came in {seconds} s")
        assert query.answer is not None
        return Answer(**query.answer)

    def blocks(self) -> None:
        """Block the bot."""
        self.world.change_standing(self.id, self.id, Standing.BLOCKED)

    def unblocks(self) -> None:
        """Unblock the bot."""
        self.world.change_standing(self.id, self.id, Standing.OPEN)

    def deletes_account(self) -> None:
        """Be gone for good."""
        self.world.change_standing(self.id, self.id, Standing.DEACTIVATED)
