"""Logging as the operator asked for it, with every secret struck out of whatever is written, tracebacks included."""

import json
import logging
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

# What a Bot API token looks like, wherever it comes from: in a URL, in a library's error, in the repr of a bot.
_TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")


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


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """Strike out the secrets, and whatever looks like a bot's token."""
    for secret in secrets:
        text = text.replace(secret, "…")
    return _TOKEN.sub("…", text)


def _not_of_the_retry_loop(record: logging.LogRecord) -> bool:
    return record.module != "networkloop"


def configure(level: str, form: str, secrets: Sequence[str] = ()) -> None:
    """Send log lines to standard error; `form` is "text" or "json"."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(secrets) if form == "json" else _Text(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # The updater's retry loop logs every failure with its traceback; bot/service.py says it in a line.
    logging.getLogger("telegram.ext").addFilter(_not_of_the_retry_loop)
    # A line a request and a job is noise at INFO, and at DEBUG it is asked for.
    for chatty in ("apscheduler", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel("DEBUG" if level == "DEBUG" else "WARNING")
