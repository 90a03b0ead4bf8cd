"""Digests as they were shown, and the messages that showed them."""

import sqlite3
from datetime import datetime
from functools import partial

from digests.adapters.rows import TOLD, stamp
from digests.adapters.snapshots import Snapshot, snapshot
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.rows import articles, listed
from digests.model.people import Address, MessageId
from digests.model.stories import Digest, DigestId


class SqliteDigests:
    """DigestStore over one database; a digest's articles must be in its archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_digest(self, digest: Digest) -> None:
        await self._database.run(partial(_save, digest=digest))

    async def digest(self, digest_id: DigestId) -> Digest | None:
        return await self._database.read(partial(_load, digest_id=digest_id))

    async def remember_message(self, address: Address, message: MessageId, digest_id: DigestId, at: datetime) -> None:
        row = (address.chat, address.thread, message, digest_id, stamp(at))
        await self._database.run(partial(_remember, row=row))

    async def digest_of_message(self, address: Address, message: MessageId) -> DigestId | None:
        query = "SELECT digest FROM messages WHERE chat = ? AND thread = ? AND message = ?"
        return await self._database.read(partial(_one_id, query=query, row=(address.chat, address.thread, message)))

    async def newest_digest(self, address: Address, since: datetime) -> DigestId | None:
        query = "SELECT digest FROM messages WHERE chat = ? AND thread = ? AND at > ? ORDER BY at DESC, message DESC LIMIT 1"
        return await self._database.read(
            partial(_one_id, query=query, row=(address.chat, address.thread, stamp(since)))
        )

    async def prune(self, before: datetime) -> None:
        """Forget messages older than `before`, and digests whose window ended before it and that no message shows."""
        await self._database.run(partial(_prune, before=before))


def _save(connection: sqlite3.Connection, digest: Digest) -> None:
    taken = snapshot(digest)
    saved = connection.execute(
        "INSERT OR IGNORE INTO digests (id, until, snapshot) VALUES (?, ?, ?)",
        (digest.id, stamp(digest.window.end), taken.text),
    )
    if saved.rowcount:
        connection.executemany(
            "INSERT INTO digest_articles (digest, article) VALUES (?, ?)",
            [(digest.id, article) for article in taken.articles],
        )


def _load(connection: sqlite3.Connection, digest_id: DigestId) -> Digest | None:
    row = connection.execute("SELECT snapshot FROM digests WHERE id = ?", (digest_id,)).fetchone()
    if row is None:
        return None
    kept = Snapshot(text=row[0])
    source = "FROM articles AS a WHERE a.id IN (SELECT value FROM json_each(?))"
    return kept.digest(articles(connection, source, (listed(kept.articles),), TOLD))


def _remember(connection: sqlite3.Connection, row: tuple[int | str, ...]) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO messages (chat, thread, message, digest, at) VALUES (?, ?, ?, ?, ?)", row
    )


def _one_id(connection: sqlite3.Connection, query: str, row: tuple[int, ...]) -> DigestId | None:
    found = connection.execute(query, row).fetchone()
    return None if found is None else DigestId(found[0])


def _prune(connection: sqlite3.Connection, before: datetime) -> None:
    connection.execute("DELETE FROM messages WHERE at < ?", (stamp(before),))
    connection.execute(
        "DELETE FROM digests WHERE until < ? AND NOT EXISTS (SELECT 1 FROM messages WHERE digest = digests.id)",
        (stamp(before),),
    )
