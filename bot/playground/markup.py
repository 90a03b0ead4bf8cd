"""Telegram's HTML as Telegram's server reads it: text and entities, or its own complaint. Pure."""

import re
from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]

TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
BLANKS = " \t\r\n"
MAX_ENTITIES = 100  # what comes after the hundredth is shown as plain text, without a complaint
_ENTITY = re.compile(r"&(?:#(?P<decimal>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPOKEN = re.compile(
    r"(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?)|(?P<mention>(?<!\w)@\w{3,32})|(?P<url>https?://\S+)"
)


class BadMarkup(Exception):
    """What follows "can't parse entities: " in the server's refusal."""


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    argument: str


def utf16_length(text: str) -> int:
    """How Telegram counts: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(html: str) -> tuple[str, list[Entity]]:
    """Text and entities of a message sent with parse_mode HTML; raises BadMarkup as the real server would."""
    return _Reader(html).read()


def entities_in_speech(text: str) -> list[Entity]:
    """The commands, mentions and addresses that a person's client marks in what he types."""
    return [
        {"type": found.lastgroup, "offset": utf16_length(text[: found.start()]), "length": utf16_length(found[0])}
        for found in _SPOKEN.finditer(text)
    ]


def decode(text: str) -> str:
    """Replace the four named and all numeric character references; Telegram knows no others."""

    def character(found: re.Match[str]) -> str:
        if found["name"]:
            return _NAMED[found["name"]]
        code = int(found["decimal"]) if found["decimal"] else int(found["hex"], 16)
        unusable = code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000
        return found[0] if unusable else chr(code)

    return _ENTITY.sub(character, text)


class _Reader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.at = 0
        self.text = ""
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.html):
            tag = self.html.find("<", self.at)
            end = len(self.html) if tag < 0 else tag
            self.text += decode(self.html[self.at : end])
            self.at = end
            if tag >= 0:
                self._close_tag() if self.html.startswith("</", tag) else self._open_tag()
        if self.open:
            raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return self.text, self.entities

    def _offset(self, position: int) -> int:
        return len(self.html[:position].encode())

    def _peek(self) -> str:
        return self.html[self.at : self.at + 1]

    def _skip_blanks(self) -> None:
        while self._peek() and self._peek() in BLANKS:
            self.at += 1

    def _until(self, stops: str) -> str:
        start = self.at
        while self._peek() and self._peek() not in stops:
            self.at += 1
        return self.html[start : self.at]

    def _open_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until(BLANKS + ">").lower()
        if not self._peek():
            raise BadMarkup(f"Unclosed start tag at byte offset {self._offset(begin)}")
        if tag not in TAGS:
            raise BadMarkup(f'Unsupported start tag "{tag}" at byte offset {self._offset(begin)}')
        argument = ""
        self._skip_blanks()
        while self._peek() != ">":
            name, value = self._attribute(tag, begin)
            if (tag, name) in {("a", "href"), ("span", "class"), ("tg-emoji", "emoji-id"), ("code", "class")}:
                argument = value
            self._skip_blanks()
        self.at += 1
        if tag == "span" and argument != "tg-spoiler":
            raise BadMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {self._offset(begin)}')
        self.open.append(_Open(tag, len(self.text), argument))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._until(BLANKS + "=>").lower()
        if not name:
            raise BadMarkup(f'Empty attribute name in the tag "{tag}" at byte offset {self._offset(begin)}')
        self._skip_blanks()
        if self._peek() != "=":
            if tag == "blockquote" and name == "expandable":
                return name, ""
            raise BadMarkup(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
                f"at byte offset {self._offset(begin)}"
            )
        self.at += 1
        self._skip_blanks()
        value = self._value()
        if not self._peek():
            raise BadMarkup(f"Unclosed start tag at byte offset {self._offset(begin)}")
        return name, value

    def _value(self) -> str:
        quote = self._peek()
        if quote and quote in "'\"":
            self.at += 1
            value = decode(self._until(quote))
            self.at += 1
            return value
        start = self.at
        token = _NAME_TOKEN.match(self.html, self.at)
        assert token is not None, "the pattern matches the empty string, too"
        self.at = token.end()
        if self._peek() and self._peek() not in BLANKS + ">":
            raise BadMarkup(f"Unexpected end of name token at byte offset {self._offset(start)}")
        return token[0].lower()

    def _close_tag(self) -> None:
        begin = self.at
        self.at += 2
        if not self.open:
            raise BadMarkup(f"Unexpected end tag at byte offset {self._offset(begin)}")
        tag = self._until(BLANKS + ">").lower()
        self._skip_blanks()
        if self._peek() != ">":
            raise BadMarkup(f"Unclosed end tag at byte offset {self._offset(begin)}")
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise BadMarkup(
                f'Unmatched end tag at byte offset {self._offset(begin)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        self._add(opened)

    def _add(self, opened: _Open) -> None:
        covered = self.text[opened.start :]
        if not covered:
            return
        entity: Entity = {
            "type": TAGS[opened.tag],
            "offset": utf16_length(self.text[: opened.start]),
            "length": utf16_length(covered),
        }
        if opened.tag == "a":
            url = opened.argument or covered
            if not re.match(r"(?:https?|tg|mailto|tel)://?[^\s/]|(?:mailto|tel):|[\w-]+(?:\.[\w-]+)+", url):
                return  # Telegram shows the words and drops the link
            entity["url"] = url if ":" in url else f"http://{url}/"
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        self.entities.append(entity)
