"""The tables, as migrations in order: what has been released is never edited, only followed by another."""

_ARCHIVE = """
"""

_LEDGER = """
"""

_INBOX = """
"""

MIGRATIONS: tuple[str, ...] = (_ARCHIVE + _LEDGER + _INBOX,)
