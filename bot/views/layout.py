"""What views build with: buttons, rows of them, and as many blocks as one message holds."""

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.views.markup import MESSAGE_LIMIT, utf16_length

CHANNEL = r"@(?P<channel>[0-9a-z]{1,13}):"
"""What stands before the data of a button by which a channel is managed: its id without the sign, to the base of 36."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST_DATA = 64  # bytes, https://core.telegram.org/bots/api#inlinekeyboardbutton
_MOST_BUTTONS = 90  # Telegram takes 100 a message; the rest is for a view's own below them
_FOR_THE_REST = 40


def button(label: str, *data: str | int) -> InlineKeyboardButton:
    """A button whose data, joined by colons, one pattern in the handler table understands."""
    joined = ":".join(str(part) for part in data)
    assert len(joined.encode()) <= MOST_DATA, f"Telegram refuses {joined}"
    return InlineKeyboardButton(label, callback_data=joined)


def managing(each: InlineKeyboardButton, chat: int) -> InlineKeyboardButton:
    """The same button, acting for a channel; one that leads elsewhere, or acts for a channel already, as it is."""
    if not isinstance(each.callback_data, str) or each.callback_data.startswith("@"):
        return each
    return InlineKeyboardButton(each.text, callback_data=f"@{_base36(-chat)}:{each.callback_data}")


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits


def grid(
    buttons: Iterable[InlineKeyboardButton], width: int, *below: Sequence[InlineKeyboardButton]
) -> InlineKeyboardMarkup:
    """Rows of `width`, then the rows `below`; empty rows are left out."""
    shown = list(buttons)[:_MOST_BUTTONS]
    rows = [shown[start : start + width] for start in range(0, len(shown), width)]
    return InlineKeyboardMarkup([row for row in (*rows, *below) if row])


def fitted(blocks: Sequence[str], between: str = "\n") -> str:
    """Blocks of HTML, each whole, as far as a message holds them; the others are counted."""
    shown: list[str] = []
    length = 0
    for block in blocks:
        length += utf16_length(block) + len(between)
        if length > MESSAGE_LIMIT - _FOR_THE_REST:
            return between.join([*shown, f"… and {len(blocks) - len(shown)} more."])
        shown.append(block)
    return between.join(shown)
