"""The world behind the server: people, groups, their messages, the updates that wait for the bot."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.playground.markup import Entity, entities_in_speech

Json = dict[str, Any]

BOT_USERNAME = "cablegram_bot"
POSTING = {"can_post_messages": True, "can_edit_messages": True}  # what administrators of a channel may


class Standing(StrEnum):
    """How the bot stands with a chat; all but OPEN refuse what it sends."""

    OPEN = "open"
    STRANGER = "stranger"  # a person who never wrote to the bot
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    KICKED = "kicked"
    ABSENT = "absent"  # a group or channel that the bot was not taken into yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button of an inline keyboard."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands in a chat; an edited one is another object with the same id.

    `html` is the text as it was sent, before parsing; `previews` says whether its links show previews.
    """

    chat: int
    id: int
    by: int
    date: int
    text: str
    entities: tuple[Entity, ...] = ()
    html: str = ""
    keyboard: tuple[tuple[Button, ...], ...] = ()
    thread: int = 0
    reply_to: int | None = None
    edits: int = 0
    previews: bool = True

    @property
    def buttons(self) -> tuple[str, ...]:
        """The words on its buttons, in reading order."""
        return tuple(button.text for row in self.keyboard for button in row)

    @property
    def links(self) -> tuple[str, ...]:
        """Where its words lead, in order."""
        return tuple(entity["url"] for entity in self.entities if entity["type"] == "text_link")


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file that the bot sent."""

    name: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class Chat:
    """A private chat (its id is the person's), a group or a channel (negative id), and everything said in it."""

    id: int
    name: str
    kind: str = "private"
    language: str = "en"
    standing: Standing = Standing.STRANGER
    moved_to: int | None = None
    members: dict[int, str] = field(default_factory=dict)  # person -> member, administrator, creator
    forum: bool = False
    threads: set[int] = field(default_factory=set)  # General is none of them: Telegram refuses its number
    messages: dict[int, Message] = field(default_factory=dict)
    events: list[Message] = field(default_factory=list)  # what the bot sent and edited here, in order
    actions: list[str] = field(default_factory=list)
    documents: dict[int, UploadedFile] = field(default_factory=dict)  # message -> the file that it brought

    def as_json(self) -> Json:
        """The chat as the Bot API shows it."""
        if self.kind == "private":
            return {"id": self.id, "type": "private", "first_name": self.name}
        forum = {"is_forum": True} if self.forum else {}
        return {"id": self.id, "type": self.kind, "title": self.name, **forum}


@dataclass(slots=True, kw_only=True)
class Query:
    """A pressed button; `answer` holds the parameters of answerCallbackQuery once they came."""

    id: str
    chat: int
    answer: Json | None = None


class Bell:
    """Wakes whoever waits for something in this world to become so."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Something changed: all who wait look again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until `holds()`, at most so many seconds; whether it came to hold."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not holds():
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                async with asyncio.timeout_at(deadline):
                    await waiter
            except TimeoutError:
                return holds()
            finally:
                self._waiting.discard(waiter)
        return True


class World:
    """Everything that the server knows. Synchronous; `bell` rings at every change."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.bell = Bell()
        self.bot_id = 0
        self.chats: dict[int, Chat] = {}
        self.updates: list[Json] = []
        self.allowed_updates: frozenset[str] = frozenset()  # none named means all
        self.queries: dict[str, Query] = {}
        self.commands: dict[str, list[Json]] = {}
        self.webhook: Json = {"url": ""}
        self.deliveries: list[Json] = []
        self.on_delivery: Callable[[Json], None] = self.deliveries.append
        self._people = itertools.count(1001)
        self._groups = itertools.count(2001)
        self._updates = itertools.count(700_001)
        self._messages = itertools.count(11)
        self._queries = itertools.count(1)

    # Who there is -------------------------------------------------------------------------------------------------

    def add_person(self, name: str, *, language: str = "en") -> Chat:
        """Somebody new, who has not yet written to the bot."""
        chat = Chat(id=next(self._people), name=name, language=language)
        self.chats[chat.id] = chat
        return chat

    def add_group(self, name: str, members: dict[int, str], *, forum: bool = False, large: bool = False) -> Chat:
        """A group with the bot in it; a `large` one is a supergroup from the start, a forum always is."""
        kind = "supergroup" if forum or large else "group"
        number = next(self._groups)
        chat = Chat(
            id=-number if kind == "group" else -1_000_000_000_000 - number,
            name=name,
            kind=kind,
            standing=Standing.OPEN,
            members=dict(members),
            forum=forum,
        )
        self.chats[chat.id] = chat
        return chat

    def add_channel(self, name: str, members: dict[int, str]) -> Chat:
        """A channel without the bot; its `members` beyond administrators are its readers."""
        chat = Chat(
            id=-1_000_000_000_000 - next(self._groups),
            name=name,
            kind="channel",
            standing=Standing.ABSENT,
            members=dict(members),
        )
        self.chats[chat.id] = chat
        return chat

    def user_json(self, person: int) -> Json:
        """A person, or the bot, as the Bot API shows them."""
        if person == self.bot_id:
            return {"id": person, "is_bot": True, "first_name": "Cablegram", "username": BOT_USERNAME}
        chat = self.chats[person]
        return {"id": person, "is_bot": False, "first_name": chat.name, "language_code": chat.language}

    # What people do -----------------------------------------------------------------------------------------------

    def say(
        self,
        person: int,
        text: str,
        *,
        chat: int | None = None,
        thread: int = 0,
        reply_to: int | None = None,
        **more: Any,
    ) -> Message:
        """A person writes in a chat; the bot is told where its privacy mode lets it read."""
        place = self.chats[chat or person]
        if place.id == person and place.standing in {Standing.STRANGER, Standing.BLOCKED}:
            self._bot_member(place, person, Standing.OPEN)
        message = self.write(place, by=person, text=text, entities=tuple(entities_in_speech(text)), thread=thread)
        body = {**self.message_json(message), **more}
        if reply_to is not None:
            body["reply_to_message"] = self.message_json(place.messages[reply_to])
        if self._bot_may_read(place, message, reply_to):
            self.update(message=body)
        return message

    def press(self, person: int, message: Message, data: str) -> Query:
        """A person presses a button of a message."""
        query = Query(id=str(next(self._queries)), chat=message.chat)
        self.queries[query.id] = query
        present = self.chats[message.chat].messages.get(message.id)
        shown = (
            self.message_json(present)
            if present
            else {"chat": self.chats[message.chat].as_json(), "message_id": message.id, "date": 0}
        )
        self.update(
            callback_query={
                "id": query.id,
                "from": self.user_json(person),
                "chat_instance": str(message.chat),
                "message": shown,
                "data": data,
            }
        )
        return query

    def change_standing(self, chat: int, person: int, standing: Standing) -> None:
        """The person, or the group by that person, blocks, unblocks, kicks or takes back the bot."""
        self._bot_member(self.chats[chat], person, standing)

    def upgrade(self, chat: int, person: int) -> Chat:
        """The group becomes a supergroup with another id."""
        old = self.chats[chat]
        new = self.add_group(old.name, old.members, large=True)
        old.moved_to = new.id
        for place, service in ((old, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": old.id})):
            message = self.write(place, by=person, text="")
            self.update(message={**self.message_json(message), **service})
        return new

    # What comes of it ---------------------------------------------------------------------------------------------

    def write(self, chat: Chat, *, by: int, text: str, **more: Any) -> Message:
        """Put a message into a chat."""
        message = Message(chat=chat.id, id=next(self._messages), by=by, date=int(self.clock()), text=text, **more)
        chat.messages[message.id] = message
        self.bell.ring()
        return message

    def update(self, **content: Json) -> Json:
        """Queue an update for the bot, if it is of a kind that the bot asked for."""
        update: Json = {"update_id": next(self._updates), **content}
        if not self.allowed_updates or self.allowed_updates & content.keys():
            self.updates.append(update)
            self.bell.ring()
        return update

    def repeat(self, update: Json) -> None:
        """Queue an update once more, under its old number."""
        self.updates.append(update)
        self.bell.ring()

    def message_json(self, message: Message) -> Json:
        """The message as the Bot API shows it."""
        chat = self.chats[message.chat]
        body: Json = {
            "message_id": message.id,
            "date": message.date,
            "chat": chat.as_json(),
            "from": self.user_json(message.by),
        }
        if message.text:
            body["text"] = message.text
        if message.entities:
            body["entities"] = list(message.entities)
        if message.thread:
            body |= {"message_thread_id": message.thread, "is_topic_message": True}
        if message.edits:
            body["edit_date"] = int(self.clock())
        if message.keyboard:
            body["reply_markup"] = {
                "inline_keyboard": [[_button_json(each) for each in row] for row in message.keyboard]
            }
        return body

    def from_bot(self) -> Iterator[Message]:
        """Every message of the bot that stands in any chat."""
        return (each for chat in self.chats.values() for each in chat.messages.values() if each.by == self.bot_id)

    def _bot_may_read(self, chat: Chat, message: Message, reply_to: int | None) -> bool:
        if chat.standing is not Standing.OPEN:
            return False
        if chat.kind == "private":
            return True
        replied = chat.messages.get(reply_to) if reply_to is not None else None
        if replied is not None and replied.by == self.bot_id:
            return True
        words = message.text.split(maxsplit=1)
        command, _, addressee = (words[0] if words else "").partition("@")
        if command.startswith("/"):
            return addressee.lower() in {"", BOT_USERNAME}
        return f"@{BOT_USERNAME}" in message.text.lower()

    def _bot_member(self, chat: Chat, person: int, standing: Standing) -> None:
        before, chat.standing = chat.standing, standing
        if before is Standing.STRANGER or standing is Standing.DEACTIVATED:
            return
        now = {"user": self.user_json(self.bot_id)}
        kind = chat.kind
        self.update(
            my_chat_member={
                "chat": chat.as_json(),
                "from": self.user_json(person),
                "date": int(self.clock()),
                "old_chat_member": now | _member_json(before, kind),
                "new_chat_member": now | _member_json(standing, kind),
            }
        )


def _button_json(button: Button) -> Json:
    return {"text": button.text} | ({"url": button.url} if button.url else {"callback_data": button.data})


def rights_json(status: str, kind: str) -> Json:
    """A member's status with the rights that go with it."""
    if status == "creator":
        return {"status": status, "is_anonymous": False}
    if status != "administrator":
        return {"status": status}
    rights = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
        "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
    )
    posts = POSTING if kind == "channel" else {}
    return {"status": status} | dict.fromkeys(rights.split(), False) | posts


def _member_json(standing: Standing, kind: str) -> Json:
    if standing is Standing.OPEN:
        return rights_json("administrator" if kind == "channel" else "member", kind)
    return {"status": "left"} if standing is Standing.ABSENT else {"status": "kicked", "until_date": 0}
