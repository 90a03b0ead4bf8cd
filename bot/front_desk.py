"""The services that people reach through handlers, over the stores and the newsdesk of this process."""

from collections.abc import Sequence

from bot.context import Services
from bot.newsdesk import Newsdesk
from bot.stores import Stores
from config.gazetteer import load_speakers
from digests.conversation.comparisons import Comparisons
from digests.conversation.followups import Followups
from digests.conversation.latest import Latest
from digests.conversation.outlooks import Outlooks
from digests.conversation.presence import Presence
from digests.conversation.privacy import Privacy
from digests.conversation.proposals import Proposals
from digests.conversation.subscriptions import Subscriptions
from digests.conversation.topics import Topics
from digests.delivery.editions import next_edition
from digests.editing.condense import expand
from digests.editing.positions import Speakers
from digests.filing.file_back import BackFiler
from digests.filing.registry import Registry
from digests.model.sources import Feed
from digests.model.topics import Topic
from digests.ports import Clock
from digests.text.names import Names


def services(
    kept: Stores,
    desk: Newsdesk,
    topics: Sequence[Topic],
    feeds: Sequence[Feed],
    names: Names,
    registry: Registry,
    back_filer: BackFiler,
    clock: Clock,
) -> Services:
    """All of them; `registry` knows the topics and those in people's own words, which `back_filer` files."""
    archive, people, digests = kept.archive, kept.people, kept.digests
    catalogue = Topics(topics, archive, people, clock, registry)
    followups = Followups(digests, people, registry, expand, clock)
    speakers = Speakers(names, load_speakers(names))
    return Services(
        topics=catalogue,
        subscriptions=Subscriptions(people, catalogue, next_edition, clock),
        proposals=Proposals(people, catalogue, registry, back_filer, clock),
        latest=Latest(desk.composer, digests, people, catalogue, clock),
        followups=followups,
        comparisons=Comparisons(followups, archive, feeds),
        outlooks=Outlooks(catalogue, archive, people, speakers, registry.match, clock),
        presence=Presence(people, kept.chats, clock),
        privacy=Privacy(kept.chats, back_filer, clock),
    )
