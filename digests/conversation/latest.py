"""A digest now, of the last day: what the reader has had stands in it again."""

import re
from collections.abc import Sequence
from typing import Protocol

from digests.conversation.topics import DAY, Topics
from digests.errors import PersonError
from digests.model.answers import Reading
from digests.model.people import Address, Heading, MessageId, Subscription
from digests.model.stories import Digest, DigestId, Window
from digests.model.topics import TopicSlug
from digests.ports import Clock, DigestStore, People

USUAL = 8  # stories
MOST = 20

_COUNTED = re.compile(r"(?P<topic>.*?)\s*(?<!\S)(?P<count>\d{1,6})")


class Editor(Protocol):
    """Makes a digest; `editing.compose.Composer` does."""

    async def compose(self, topics: Sequence[TopicSlug], window: Window, *, most: int) -> Digest:
        """The topics' stories of a window, at most `most` in all."""
        ...


class Latest:
    """Digests on demand, and the memory of which message shows which."""

    def __init__(self, editor: Editor, digests: DigestStore, people: People, topics: Topics, clock: Clock) -> None:
        self._editor = editor
        self._digests = digests
        self._people = people
        self._topics = topics
        self._clock = clock

    async def digest(self, address: Address, text: str) -> Reading | None:
        """A digest of "[topic] [number of stories]"; without a topic of all that the chat follows, None if nothing.

        Raises PersonError where no such topic exists or the number is out of range.
        """
        subscription = await self._people.get(address)
        topic, most = self._topics.known(text, subscription), USUAL
        if topic is None:
            name, most = _counted(text)
            topic = self._topics.readable(name, subscription) if name else None
        if not 1 <= most <= MOST:
            example = f"/latest {topic.title} 5" if topic else "/latest 5"
            raise PersonError(f"A digest holds 1 to {MOST} stories: {example}.", (topic.slug,) if topic else ())
        topics = (topic,) if topic else self._topics.of(subscription.topics if subscription else ())
        if not topics:
            return None
        now = self._clock()
        window = Window(start=now - DAY, end=now)
        digest = await self._editor.compose(tuple(each.slug for each in topics), window, most=most)
        await self._digests.save_digest(digest)
        return Reading(digest=digest, heading=_heading(digest, subscription))

    async def again(self, address: Address, digest_id: DigestId) -> Reading:
        """A digest as it was. Raises PersonError where it is no longer kept."""
        digest = await self._digests.digest(digest_id)
        if digest is None:
            raise PersonError("That digest is no longer kept; /latest makes a new one.")
        return Reading(digest=digest, heading=_heading(digest, await self._people.get(address)))

    async def shown(self, address: Address, message: MessageId, digest_id: DigestId) -> None:
        """Remember that a message shows a digest, so that numbers in answers to it can be understood."""
        await self._digests.remember_message(address, message, digest_id, self._clock())


def _counted(text: str) -> tuple[str, int]:
    match = _COUNTED.fullmatch(" ".join(text.split()))
    if not match:
        return " ".join(text.split()), USUAL
    return match["topic"], int(match["count"])


def _heading(digest: Digest, subscription: Subscription | None) -> Heading:
    schedule = subscription.schedule if subscription else None
    zone, city = (schedule.zone, schedule.city) if schedule else (None, None)
    return Heading(at=digest.window.end, zone=zone or "UTC", city=city)
