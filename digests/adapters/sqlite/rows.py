"""Reads articles and reports, each with the outlet that its feed has now."""

import json
import sqlite3
from collections.abc import Iterable, Mapping

from digests.adapters.rows import ARTICLE, read_article, read_outlet, read_report
from digests.model.articles import Article
from digests.model.sources import FeedSlug, Outlet
from digests.model.stories import Report, StoryId


def listed(values: Iterable[int | str]) -> str:
    """Any number of values as one parameter, read by `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values))


def articles(
    connection: sqlite3.Connection, source: str, parameters: tuple[int | str, ...], columns: str = ARTICLE
) -> tuple[Article, ...]:
    """The articles that `source`, from FROM on, finds; it calls their table `a`. `columns` are ARTICLE or TOLD."""
    outlets = _outlets(connection)
    return tuple(read_article(row, outlets) for row in connection.execute(f"SELECT {columns} {source}", parameters))


def reports(
    connection: sqlite3.Connection, source: str, parameters: tuple[int | str, ...], columns: str = ARTICLE
) -> tuple[tuple[Report, StoryId], ...]:
    """The reports, each with its story, that `source`, from FROM on, finds; it calls its tables `a` and `p`. `columns` as above."""
    outlets = _outlets(connection)
    rows = connection.execute(f"SELECT {columns}, p.origin, p.story {source}", parameters)
    return tuple(read_report(row, outlets) for row in rows)


def _outlets(connection: sqlite3.Connection) -> Mapping[FeedSlug, Outlet]:
    """The outlet of every feed that an article came from: few, and shared by the articles."""
    rows = connection.execute("SELECT slug, outlet, country, ownership, vantage FROM feeds")
    return dict(read_outlet(row) for row in rows)
