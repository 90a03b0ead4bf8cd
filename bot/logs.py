"""Logging as the operator asked for it, with every secret struck out of whatever is written, tracebacks included."""

import json
import logging
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

from telegram.error import TelegramError

# What a Bot API token looks like, wherever it comes from: in a URL, in a library's error, in the repr of a bot.
_TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")


_SHORTEST = 6  # of a password that is struck out by itself


class _Text(logging.Formatter):
    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record), self._secrets)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 logging's name
        return datetime.fromtimestamp(record.created, UTC).strftime(datefmt or "%Y-%m-%dT%H:%M:%SZ")


class _Json(_Text):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(line, ensure_ascii=False), self._secrets)


def passwords(url: str) -> tuple[str, ...]:
    """The password in a URL, as it stands there and as it is meant; a short one would strike out half of every line."""
    found = re.search(r"//[^:@/]*:(.*)@", url)
    return tuple({each for each in (found[1], unquote(found[1])) if len(each) >= _SHORTEST}) if found else ()


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """Strike out the secrets, and whatever looks like a bot's token."""
    for secret in secrets:
        text = text.replace(secret, "…")
    return _TOKEN.sub("…", text)


def _without_expected_traceback(record: logging.LogRecord) -> bool:
    """Keep a line about a network that failed under python-telegram-bot, and drop the traceback that it adds.

    The library logs as `telegram.…`; of a poll that was cancelled while it failed asyncio tells, as the library forgets it.
    """
    if (
        record.name.startswith(("telegram", "asyncio"))
        and record.exc_info
        and isinstance(record.exc_info[1], TelegramError)
    ):
        record.msg, record.args = f"{record.getMessage()} ({record.exc_info[1]})", ()
        record.exc_info = None
    return True


def configure(level: str, form: str, secrets: Sequence[str] = ()) -> None:
    """Send log lines to standard error; `form` is "text" or "json"."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(secrets) if form == "json" else _Text(secrets))
    handler.addFilter(_without_expected_traceback)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # A line a request and a job is noise at INFO, and at DEBUG it is asked for.
    for chatty in ("apscheduler", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel("DEBUG" if level == "DEBUG" else "WARNING")
