"""Reads articles and reports, each with the outlet that its feed has now."""

from collections.abc import Sequence
from typing import Any

from digests.adapters.postgres.database import Connection
from digests.adapters.rows import ARTICLE, read_article, read_outlet, read_report
from digests.model.articles import Article
from digests.model.sources import FeedSlug, Outlet
from digests.model.stories import Report, StoryId


async def articles(
    connection: Connection, source: str, parameters: Sequence[Any], columns: str = ARTICLE
) -> tuple[Article, ...]:
    """The articles that `source`, from FROM on, finds; it calls their table `a`. `columns` are ARTICLE or TOLD."""
    rows = await (await connection.execute(f"SELECT {columns} {source}", parameters)).fetchall()
    outlets = await _outlets(connection)
    return tuple(read_article(row, outlets) for row in rows)


async def reports(
    connection: Connection, source: str, parameters: Sequence[Any], columns: str = ARTICLE
) -> tuple[tuple[Report, StoryId], ...]:
    """The reports, each with its story, that `source`, from FROM on, finds; it calls its tables `a` and `p`. `columns` as above."""
    rows = await (await connection.execute(f"SELECT {columns}, p.origin, p.story {source}", parameters)).fetchall()
    outlets = await _outlets(connection)
    return tuple(read_report(row, outlets) for row in rows)


async def _outlets(connection: Connection) -> dict[FeedSlug, Outlet]:
    """Read after the articles, so that a feed that came in between is not missing."""
    rows = await connection.execute("SELECT slug, outlet, country, ownership, vantage FROM feeds")
    return dict([read_outlet(row) async for row in rows])
