"""Domain values become Telegram HTML, keyboards, a terminal page, JSON: pure."""
