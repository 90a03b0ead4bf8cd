import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.conversation.wishes import Wish, question, sure, wish
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
        ("EST", "timezone", "EST"),
        ("Kyiv, Ukraine", "timezone", "Kyiv, Ukraine"),
        ("unsubscribe from new start", "unsubscribe", "new start"),
        ("help!", "help", ""),
        ("Hello!", "hello", ""),
        ("Привіт", "hello", ""),
        ("compare 4", "compare", "4"),
        ("compare story 4, please", "compare", "4"),
        ("Subscribe to Ukraine talks please", "subscribe", "Ukraine talks"),
        ("what's new with ukraine", "latest", "ukraine"),
        ("topics: new start", "topics", "new start"),
    ],
)
def test_plain_words_are_understood(text, command, argument):
    assert wish(text) == Wish(command=command, argument=argument)


@pytest.mark.parametrize("text", ["", "newsroom gossip", "moreover", "who mediates the talks?", "LA", "\u202e", "123"])
def test_other_words_are_not(text):
    assert wish(text) is None


@pytest.mark.parametrize(
    "text", ["who mediates the talks?", "Что дальше?", "谁参加会谈？", "when do they meet again", "why is it so quiet"]
)
def test_a_question_is_known_by_its_mark_or_its_first_word(text):
    assert question(text)


@pytest.mark.parametrize("text", ["nice one", "Will called", "what a", "2", ""])
def test_other_words_ask_nothing(text):
    assert not question(text)


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "more 2",
        "compare 1",
        "topics",
        "time 08:00 18:30",
        "latest new start",
        "follow New START 9",
        "city Kyiv",
        "Lviv",
    ],
)
def test_what_leaves_no_word_over_is_surely_meant(text):
    assert sure(wish(text), lambda words: words.lower() == "new start")


@pytest.mark.parametrize(
    "text",
    [
        "time to go home",
        "news like this is awful",
        "more of the same",
        "hi",
        "hello there",
        "stop it",
        "stop 25:00",
        "city of fools",
    ],
)
def test_what_may_be_said_to_others_is_not(text):
    assert not sure(wish(text), lambda words: words.lower() == "new start")


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
