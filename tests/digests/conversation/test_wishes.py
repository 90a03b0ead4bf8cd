import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.conversation.wishes import Wish, wish
from digests.conversation.words import fold, repeatable
from digests.errors import PersonError


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("latest on new start", "latest", "new start"),
        ("Latest", "latest", ""),
        ("what's new?", "latest", ""),
        ("What’s new on Ukraine talks?", "latest", "Ukraine talks"),
        ("please follow ukraine talks 08:00", "subscribe", "ukraine talks 08:00"),
        ("2", "more", "2"),
        (" 12 ", "more", "12"),
        ("more about 3", "more", "3"),
        ("tell me more about story 3", "more", "3"),
        ("sources 1", "sources", "1"),
        ("08:00 18:30", "time", "08:00 18:30"),
        ("Kyiv", "timezone", "Kyiv"),
        ("unsubscribe from new start", "unsubscribe", "new start"),
        ("help!", "help", ""),
        ("topics: new start", "topics", "new start"),
    ],
)
def test_plain_words_are_understood(text, command, argument):
    assert wish(text) == Wish(command=command, argument=argument)


@pytest.mark.parametrize("text", ["", "newsroom gossip", "moreover", "who mediates the talks?", "LA", "\u202e", "123"])
def test_other_words_are_not(text):
    assert wish(text) is None


@given(st.text(max_size=300))
def test_any_text_is_a_wish_or_none(text):
    try:
        wished = wish(text)
    except PersonError as error:
        assert "name a city" in str(error)  # noqa: PT017
    else:
        assert wished is None or wished.command


def test_folding_forgets_case_accents_and_what_stands_between_words():
    assert fold(" New-START_Treaty…\u202e") == fold("new start\ttreaty") == "new start treaty"


@given(st.text(max_size=1000))
def test_what_is_repeated_is_one_short_line_that_cannot_turn(text):
    line = repeatable(text)
    assert len(line) <= 40
    assert line.isprintable()
    assert not set(line) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")


def test_what_is_cut_ends_in_an_ellipsis():
    assert repeatable("word " * 100).endswith("…")
    assert repeatable("a short one") == "a short one"
