"""What views build with: buttons, rows of them, and as many blocks as one message holds."""

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.views.markup import MESSAGE_LIMIT, utf16_length

_MOST_DATA = 64  # bytes, https://core.telegram.org/bots/api#inlinekeyboardbutton
_MOST_BUTTONS = 90  # Telegram takes 100 a message; the rest is for a view's own below them
_FOR_THE_REST = 40


def button(label: str, *data: str | int) -> InlineKeyboardButton:
    """A button whose data, joined by colons, one pattern in the handler table understands."""
    joined = ":".join(str(part) for part in data)
    assert len(joined.encode()) <= _MOST_DATA, f"Telegram refuses {joined}"
    return InlineKeyboardButton(label, callback_data=joined)


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
