"""Where the bot is: chats that throw it out or take it back, groups that get another id, channels that it posts to."""

from collections.abc import Callable
from dataclasses import replace

from digests.conversation.subscriptions import ASKED
from digests.model.answers import Channel
from digests.model.people import Address, ChatId, Schedule, Subscription
from digests.ports import Chats, Clock, People

GONE = "the bot was blocked or removed"


class Presence:
    """Keeps subscriptions in step with the chats that they are for."""

    def __init__(self, people: People, chats: Chats, clock: Clock) -> None:
        self._people = people
        self._chats = chats
        self._clock = clock

    async def left(self, chat: ChatId) -> None:
        """Nothing can be sent any more; what is followed is kept."""
        await self._change_all(chat, lambda one: replace(one, paused=one.paused or GONE))

    async def returned(self, chat: ChatId) -> bool:
        """Go on where the bot was thrown out, not where people asked for the pause; whether anything goes on."""
        now = self._clock()
        held = [each for each in await self._all(chat) if _shut_out(each)]
        await self._change_all(
            chat,
            lambda one: replace(one, paused=None, schedule=replace(one.schedule, since=now)) if _shut_out(one) else one,
        )
        return any(each.topics for each in held)

    async def moved(self, chat: ChatId, to: ChatId) -> None:
        """A group lives on under another id."""
        await self._chats.move(chat, to)

    async def joined_channel(self, chat: ChatId, title: str) -> Channel:
        """Know a channel that the bot may post to, under its title; one that is known goes on."""
        new = Subscription(address=Address(chat=chat), topics=(), schedule=Schedule(since=self._clock()))

        def joined(present: Subscription | None) -> Subscription:
            return replace(present or new, channel=title)

        await self._people.change(new.address, joined)
        await self.returned(chat)
        return Channel(chat=chat, title=title)

    async def channels(self) -> tuple[Channel, ...]:
        """The channels that the bot may post to, by title."""
        known = [each for each in await self._people.all() if each.channel is not None and not _shut_out(each)]
        found = [Channel(chat=each.address.chat, title=each.channel or "") for each in known]
        return tuple(sorted(found, key=lambda channel: (channel.title.casefold(), channel.chat)))

    async def channel(self, chat: ChatId) -> Channel | None:
        """The channel of this id, None where the bot knows none."""
        known = await self._people.get(Address(chat=chat))
        return Channel(chat=chat, title=known.channel) if known and known.channel is not None else None

    async def _all(self, chat: ChatId) -> list[Subscription]:
        return [each for each in await self._people.all() if each.address.chat == chat]

    async def _change_all(self, chat: ChatId, act: Callable[[Subscription], Subscription]) -> None:
        for each in await self._all(chat):
            await self._people.change(each.address, lambda one: one and act(one))


def _shut_out(one: Subscription) -> bool:
    """Nothing can be sent there: by GONE, or by what Telegram said when a digest was sent before anybody was told."""
    return one.paused not in {None, ASKED}
