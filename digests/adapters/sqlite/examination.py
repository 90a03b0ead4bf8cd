"""A look at an SQLite file that changes nothing in it, whoever else has it open: whether it is whole, and what it holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from digests.adapters.rows import moment
from digests.adapters.sqlite.schema import MIGRATIONS
from digests.model.health import Finding, Records
from digests.model.people import Address, ChatId

PROBLEMS = 3  # that are shown of a file that is not whole
REBUILD = "INSERT INTO article_words (article_words) VALUES ('rebuild')"

_RESTORE = (
    "stop the bot and put back a good copy of the file, or move it and its -wal away to begin anew: "
    "then the archive is empty, and who had today's digest may get it again"
)


class SqliteExamination:
    """What `path` holds. `alone`: nobody else has the file, and nobody comes by it meanwhile."""

    def __init__(self, path: Path, *, alone: bool) -> None:
        self._path = path
        self._alone = alone

    def look(self) -> tuple[tuple[Finding, ...], Records | None]:
        """Findings, and records where the file is whole and of this version."""
        if not self._path.exists():
            return (Finding(about="database", seen=f"{self._path} is not there yet; the bot makes it."),), None
        try:
            with closing(self._opened("ro")) as connection:
                if wrong := self._unusable(connection):
                    return (wrong,), None
                return tuple(self._findings(connection)), _records(connection)
        except sqlite3.Error as error:
            return (self._unread(error),), None

    def _opened(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=1
        )

    def _unusable(self, connection: sqlite3.Connection) -> Finding | None:
        """What keeps from looking further: damage, or another version."""
        told = [line for (line,) in connection.execute("PRAGMA integrity_check(20)")]
        if told != ["ok"]:
            return self._damaged("; ".join(told[:PROBLEMS]))
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == len(MIGRATIONS):
            return None
        newer = version > len(MIGRATIONS)
        return Finding(
            about="database",
            seen=f"{self._path} has the tables of version {version}, this program those of {len(MIGRATIONS)}.",
            remedy="run the newer Cablegram, or set another DATA_DIR"
            if newer
            else "start the bot, which brings them up to date",
        )

    def _damaged(self, how: str) -> Finding:
        return Finding(about="database", seen=f"{self._path} is not whole: {how}.", remedy=_RESTORE)

    def _unread(self, error: sqlite3.Error) -> Finding:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return self._damaged(str(error))
        remedy = "see which other program has the file open, whose it is, and whether the disk is sound"
        return Finding(about="database", seen=f"{self._path} cannot be read: {error}.", remedy=remedy)

    def _findings(self, connection: sqlite3.Connection) -> Iterator[Finding]:
        loose = {table for table, *_ in connection.execute("PRAGMA foreign_key_check")}
        if loose:
            yield self._damaged(f"rows of {', '.join(sorted(loose))} hang on others that are gone")
        else:
            (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
            yield Finding(about="database", seen=f"{self._path} is whole, with {articles} articles.")
        yield self._index(connection)

    def _index(self, connection: sqlite3.Connection) -> Finding:
        (astray,) = connection.execute(
            """SELECT (SELECT count(*) FROM articles WHERE number NOT IN (SELECT id FROM article_words_docsize))
            + (SELECT count(*) FROM article_words_docsize WHERE id NOT IN (SELECT number FROM articles))"""
        ).fetchone()
        if not astray and not (self._alone and self._misspelt()):
            return Finding(about="full text", seen="Its index agrees with the archive.")
        return Finding(
            about="full text",
            seen="Its index does not agree with the archive"
            + (f": {astray} articles are missing or should be." if astray else "."),
            remedy=f'stop the bot, then: sqlite3 {self._path} "{REBUILD}"',
        )

    def _misspelt(self) -> bool:
        """Whether words differ. FTS5 tells it only to who might write; what it was asked is taken back."""
        with closing(self._opened("rw")) as connection:
            connection.execute("BEGIN")
            try:
                connection.execute("INSERT INTO article_words (article_words, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                    raise
                return True
            finally:
                connection.execute("ROLLBACK")
        return False


def _records(connection: sqlite3.Connection) -> Records:
    connection.execute("BEGIN")  # one state of the file, whoever writes meanwhile

    def number(query: str) -> int:
        (found,) = connection.execute(query).fetchone()
        return int(found)

    (received,) = connection.execute("SELECT max(received) FROM updates").fetchone()
    return Records(
        chats=frozenset(ChatId(chat) for (chat,) in connection.execute("SELECT DISTINCT chat FROM editions")),
        open={
            Address(chat=ChatId(chat), thread=thread): moment(due)
            for chat, thread, due in connection.execute(
                "SELECT chat, thread, min(due) FROM editions WHERE NOT done GROUP BY chat, thread"
            )
        },
        orphaned=number("SELECT count(*) FROM editions WHERE held"),
        halfway=number("SELECT count(*) FROM deliveries WHERE state = 'sending'"),
        untold=number(
            """SELECT count(DISTINCT edition) FROM deliveries AS one WHERE state = 'uncertain'
            AND NOT EXISTS (SELECT * FROM deliveries AS told WHERE told.edition = one.edition AND told.part = 0)"""
        ),
        waiting=number("SELECT count(*) FROM updates WHERE NOT handled"),
        begun=tuple(
            f"{kind} of chat {chat}" for kind, chat in connection.execute("SELECT kind, chat FROM intents ORDER BY id")
        ),
        received=moment(received),
    )
