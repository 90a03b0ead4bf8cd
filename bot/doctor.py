"""What an operator is told when he asks how things are: files, stores, people, time, each with what to do where it is wrong."""

import asyncio
from collections.abc import Collection

from bot.clock import machine_clock, program_clock
from bot.stores import NEWSDESK, UPDATES
from config.catalogue import in_use, load_feeds, load_topics
from config.settings import Settings
from digests.adapters.embedded_examination import examine_folder
from digests.delivery.health import agreement
from digests.errors import ConfigurationError
from digests.model.health import Condition, Finding
from digests.model.topics import TopicSlug


async def examine(settings: Settings) -> tuple[Finding, ...]:
    """Look at everything, and change nothing. Raises ConfigurationError for a DATABASE_URL that cannot be read."""
    topics, about_files = _files(settings)
    condition = await _condition(settings)
    findings = agreement(condition, topics, program_clock(settings.clock)(), machine_clock())
    return *about_files, *condition.findings, *findings


async def _condition(settings: Settings) -> Condition:
    if settings.database_url is None:
        return await asyncio.to_thread(examine_folder, settings.data_dir)
    from digests.adapters.postgres.examination import examine_database

    return await examine_database(settings.database_url.get_secret_value(), (NEWSDESK, UPDATES), machine_clock)


def _files(settings: Settings) -> tuple[Collection[TopicSlug] | None, tuple[Finding, ...]]:
    findings = []
    topics: Collection[TopicSlug] | None = None
    try:
        topics = {topic.slug for topic in load_topics(settings.topics_dir)}
        findings.append(Finding(about="topics", seen=f"{len(topics)} topics in {settings.topics_dir}."))
    except ConfigurationError as error:
        findings.append(_bad("topics", error))
    try:
        feeds = load_feeds(settings.feeds_file)
        used = len(in_use(feeds, settings.jurisdiction))
        findings.append(
            Finding(about="feeds", seen=f"{used} of {len(feeds)} feeds of {settings.feeds_file} are in use.")
        )
    except ConfigurationError as error:
        findings.append(_bad("feeds", error))
    return topics, tuple(findings)


def _bad(about: str, error: ConfigurationError) -> Finding:
    return Finding(
        about=about, seen=str(error), remedy="mend the file, or name another; the bot does not start with it"
    )
