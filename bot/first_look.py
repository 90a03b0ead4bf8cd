"""The digest for somebody without a token: of live feeds, or of the invented sample where none can be read."""

from collections.abc import Sequence
from datetime import timedelta

from bot.clock import program_clock
from bot.wiring import newsdesk, passing_newsdesk
from config.catalogue import in_use, load_feeds, load_topics
from config.sample import load_sample
from config.settings import Settings
from digests.gathering.articles import article, identity
from digests.model.sources import FeedState
from digests.model.stories import Digest, Window
from digests.model.topics import Topic
from digests.ports import Clock, Gathering

PATIENCE = 5.0  # seconds
DAY = timedelta(hours=24)


async def digest(settings: Settings) -> tuple[Digest, bool]:
    """A digest of all shipped topics over the last day, and whether it is invented.

    Raises StorageBusy where a bot runs on the same DATA_DIR, ConfigurationError for bad topics or feeds.
    """
    clock = program_clock(settings.clock)
    topics = load_topics(settings.topics_dir)
    feeds = in_use(load_feeds(settings.feeds_file), settings.jurisdiction)
    async with newsdesk(settings, topics, feeds, clock, longest=PATIENCE) as desk:
        gathered = await desk.gather_and_file()
        if gathered.reached:
            end = clock()
            slugs = [topic.slug for topic in topics]
            return await desk.composer.compose(slugs, Window(start=end - DAY, end=end)), False
    return await invented(settings, topics, clock), True


async def invented(settings: Settings, topics: Sequence[Topic], clock: Clock) -> Digest:
    """The digest of the bundled sample, made as any other, over a database that nobody keeps."""
    end = clock()
    entries = load_sample(end)
    feeds = tuple({feed.slug: feed for feed, _ in entries}.values())
    async with passing_newsdesk(settings, topics, feeds, clock) as desk:
        names = [(feed, entry, identity(entry, feed)) for feed, entry in entries]
        articles = (article(entry, feed, name, end) for feed, entry, name in names if name is not None)
        states = tuple(FeedState(feed=feed.slug, last_good=end) for feed in feeds)
        found = tuple(each for each in articles if each is not None)
        await desk.archive.save_gathering(Gathering(states=states, gaps=(), articles=found))
        await desk.filer.file()
        return await desk.composer.compose([topic.slug for topic in topics], Window(start=end - DAY, end=end))
