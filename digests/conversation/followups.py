"""Questions about a story of a digest that a person has before him."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from digests.editing.quotable import original
from digests.errors import PersonError
from digests.filing.registry import Registry
from digests.model.answers import Chosen, Contents, Telling
from digests.model.people import Address, MessageId
from digests.model.stories import Brief, Digest, DigestId, Sentence
from digests.ports import Clock, DigestStore, People

REMEMBERED = timedelta(days=7)

_ASKED_WHY = 10  # reports: one of the first says what the story is about


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Story `number` of `digest`; else of the one that `message` shows; else of the newest shown at the address."""

    address: Address
    number: int | None
    digest: DigestId | None = None
    message: MessageId | None = None


class Followups:
    """Answers from the snapshot of a digest, so that numbers mean what the person saw, also after a restart."""

    def __init__(
        self,
        digests: DigestStore,
        people: People,
        registry: Registry,
        expand: Callable[[Brief], tuple[Sentence, ...]],
        clock: Clock,
    ) -> None:
        self._digests = digests
        self._people = people
        self._registry = registry
        self._expand = expand
        self._clock = clock

    async def more(self, about: About) -> Telling | Contents:
        """The story in full; the digest's contents without a number that it has.

        Raises PersonError where there is no digest to speak of.
        """
        chosen = await self.sources(about)
        if isinstance(chosen, Contents):
            return chosen
        articles = {report.article.id: report.article for report in chosen.brief.reports}
        told = self._expand(chosen.brief)
        return Telling(
            chosen=chosen, sentences=told, originals=tuple(original(articles[each.article], each.text) for each in told)
        )

    async def sources(self, about: About) -> Chosen | Contents:
        """The story with all its reports; the digest's contents without a number that it has.

        Raises PersonError where there is no digest to speak of.
        """
        digest = await self._digest(about)
        if not digest.briefs:
            raise PersonError("That digest has no stories; /latest makes a new one.")
        if about.number is None or not 1 <= about.number <= len(digest.briefs):
            return Contents(digest=digest, asked=about.number)
        subscription = await self._people.get(about.address)
        zone, city = (subscription.schedule.zone, subscription.schedule.city) if subscription else (None, None)
        self._registry.learn(subscription.own if subscription else ())
        why = self._why(digest.briefs[about.number - 1])
        return Chosen(digest=digest, number=about.number, zone=zone or "UTC", city=city, why=why)

    def _why(self, brief: Brief) -> str | None:
        return self._registry.why(brief.topic, (report.article for report in brief.reports[:_ASKED_WHY]))

    async def _digest(self, about: About) -> Digest:
        found = about.digest
        if found is None and about.message is not None:
            found = await self._digests.digest_of_message(about.address, about.message)
        if found is None:
            found = await self._digests.newest_digest(about.address, self._clock() - REMEMBERED)
        if found is None:
            raise PersonError("There is no digest of the last 7 days here; /latest makes one.")
        digest = await self._digests.digest(found)
        if digest is None:
            raise PersonError("That digest is no longer kept; /latest makes a new one.")
        return digest
