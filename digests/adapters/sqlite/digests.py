"""Digests as they were shown, and the messages that showed them; articles stand in a snapshot by their ids alone."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import TypeAdapter

from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.rows import articles, listed, stamp
from digests.model.people import Address, MessageId
from digests.model.stories import Digest, DigestId

_DIGEST: TypeAdapter[Digest] = TypeAdapter(Digest)


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


def _reports(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every report in a digest that was dumped, wherever one may stand."""
    for section in snapshot["sections"]:
        if section["nearest"]:
            yield section["nearest"]
        for brief in section["briefs"]:
            yield from brief["reports"]


def _save(connection: sqlite3.Connection, digest: Digest) -> None:
    snapshot = _DIGEST.dump_python(digest, mode="json")
    for report in _reports(snapshot):
        report["article"] = report["article"]["id"]
    saved = connection.execute(
        "INSERT OR IGNORE INTO digests (id, until, snapshot) VALUES (?, ?, ?)",
        (digest.id, stamp(digest.window.end), json.dumps(snapshot, ensure_ascii=False)),
    )
    if saved.rowcount:
        connection.executemany(
            "INSERT OR IGNORE INTO digest_articles (digest, article) VALUES (?, ?)",
            [(digest.id, report["article"]) for report in _reports(snapshot)],
        )


def _load(connection: sqlite3.Connection, digest_id: DigestId) -> Digest | None:
    row = connection.execute("SELECT snapshot FROM digests WHERE id = ?", (digest_id,)).fetchone()
    if row is None:
        return None
    snapshot = json.loads(row[0])
    source = "FROM articles AS a WHERE a.id IN (SELECT value FROM json_each(?))"
    shown = listed({report["article"] for report in _reports(snapshot)})
    by_id = {article.id: article for article in articles(connection, source, (shown,))}
    for report in _reports(snapshot):
        report["article"] = by_id[report["article"]]
    return _DIGEST.validate_python(snapshot)


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
