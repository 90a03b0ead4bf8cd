"""Digests as they were shown, and the messages that showed them."""

from datetime import datetime

from digests.adapters.postgres.database import Connection, Database
from digests.adapters.postgres.rows import articles
from digests.adapters.rows import TOLD, stamp
from digests.adapters.snapshots import Snapshot, snapshot
from digests.model.people import Address, MessageId
from digests.model.stories import Digest, DigestId


class PostgresDigests:
    """DigestStore over one database; a digest's articles must be in its archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_digest(self, digest: Digest) -> None:
        taken = snapshot(digest)
        await self._database.ask(
            """WITH saved AS (
                INSERT INTO digests (id, until, snapshot) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING RETURNING id)
            INSERT INTO digest_articles (digest, article) SELECT id, unnest(%s::BIGINT[]) FROM saved RETURNING 1""",
            (digest.id, stamp(digest.window.end), taken.text, list(taken.articles)),
        )

    async def digest(self, digest_id: DigestId) -> Digest | None:
        async def work(connection: Connection) -> Digest | None:
            found = await connection.execute("SELECT snapshot FROM digests WHERE id = %s", (digest_id,))
            row = await found.fetchone()
            if row is None:
                return None
            kept = Snapshot(text=row[0])
            source = "FROM articles AS a WHERE a.id = ANY(%s)"
            return kept.digest(await articles(connection, source, (list(kept.articles),), TOLD))

        return await self._database.run(work)

    async def remember_message(self, address: Address, message: MessageId, digest_id: DigestId, at: datetime) -> None:
        await self._database.ask(
            """INSERT INTO messages (chat, thread, message, digest, at) VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (chat, thread, message) DO UPDATE SET digest = excluded.digest, at = excluded.at RETURNING 1""",
            (address.chat, address.thread, message, digest_id, stamp(at)),
        )

    async def digest_of_message(self, address: Address, message: MessageId) -> DigestId | None:
        query = "SELECT digest FROM messages WHERE chat = %s AND thread = %s AND message = %s"
        return await self._one_id(query, (address.chat, address.thread, message))

    async def newest_digest(self, address: Address, since: datetime) -> DigestId | None:
        query = """SELECT digest FROM messages WHERE chat = %s AND thread = %s AND at > %s
            ORDER BY at DESC, message DESC LIMIT 1"""
        return await self._one_id(query, (address.chat, address.thread, stamp(since)))

    async def prune(self, before: datetime) -> None:
        """Forget messages older than `before`, and digests whose window ended before it and that no message shows."""

        async def work(connection: Connection) -> None:
            await connection.execute("DELETE FROM messages WHERE at < %s", (stamp(before),))
            await connection.execute(
                """DELETE FROM digests WHERE until < %s
                AND NOT EXISTS (SELECT 1 FROM messages WHERE digest = digests.id)""",
                (stamp(before),),
            )

        await self._database.run(work)

    async def _one_id(self, query: str, parameters: tuple[int, ...]) -> DigestId | None:
        found = await self._database.ask(query, parameters)
        return DigestId(found[0][0]) if found else None
