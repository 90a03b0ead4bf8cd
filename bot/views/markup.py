"""Telegram's HTML: escape, link, measure. Whatever an outlet wrote goes through here before a person sees it."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import InlineKeyboardMarkup

MESSAGE_LIMIT = 4096  # UTF-16 units after parsing, https://core.telegram.org/bots/api#sendmessage

# Controls, bidirectional overrides and isolates, zero-width characters but the joiners that scripts and emoji need.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One message: Telegram's HTML and the buttons below it."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


def escape(text: str) -> str:
    """Make foreign text safe to stand in HTML: no markup, no controls, no characters that turn the line around."""
    return html.escape(_UNSEEN.sub("", text), quote=False)


def bold(text: str) -> str:
    """Foreign text in bold."""
    return f"<b>{escape(text)}</b>"


def italic(text: str) -> str:
    """Foreign text in italics."""
    return f"<i>{escape(text)}</i>"


def quotation(text: str) -> str:
    """Foreign text as a block of its own, set off as quoted."""
    return f"<blockquote>{escape(text)}</blockquote>"


def link(url: str, text: str) -> str:
    """Foreign text as a link; only the text where the address is no http(s) one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return escape(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return escape(text)
    return f'<a href="{html.escape(_UNSEEN.sub("", url))}">{escape(text)}</a>'


def as_plain(markup: str) -> str:
    """What a person reads, for where Telegram takes no markup."""
    return html.unescape(_TAG.sub("", markup))


def shorten(text: str, most: int) -> str:
    """Cut at a word, with an ellipsis, to at most `most` characters."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,;:—–-") + "…"


def utf16_length(markup: str) -> int:
    """How long Telegram takes a message to be: in UTF-16 units, once tags and entities are parsed."""
    return len(html.unescape(_TAG.sub("", markup)).encode("utf-16-le")) // 2
