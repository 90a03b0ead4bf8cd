import asyncio
import inspect
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.playground.faults import Fault
from bot.views import home, layout
from bot.views.markup import escape, utf16_length
from digests.errors import PersonError, StorageError


async def test_a_handler_that_raises_apologises_with_a_number_and_is_logged_once(office, ada, caplog):
    async def broken(*_, **__):
        raise ZeroDivisionError("a bug")

    office.editor.compose = broken
    await ada.says("/latest new start")
    apology = await ada.hears("Something went wrong on my side")
    number = apology.text.partition("(")[2].partition(")")[0]
    await office.server.quiet()
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert number in record.getMessage()
    assert record.exc_info
    assert office.server.token not in caplog.text
    await ada.says("/help")
    await ada.hears("/latest")


async def test_an_expected_failure_leaves_one_line_and_no_traceback(office, ada, caplog):
    async def full(*_):
        raise StorageError("/srv/bot/cablegram.sqlite cannot be written: the disk is full.")

    office.people.change = full
    await ada.says("/subscribe new start")
    said = await ada.hears("That cannot be done at the moment")
    assert "/srv" not in said.text
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert (record.exc_info, "the disk is full" in record.getMessage()) == (None, True)


async def test_what_cannot_be_done_is_said_in_its_own_words_where_a_handler_has_none(office, ada):
    async def gone(*_):
        raise PersonError("Nothing is stored here.")

    office.application.bot_data.services.privacy.export = gone
    await ada.says("/export")
    await ada.hears("Nothing is stored here.")


WORDS = {"subscribe": "new start", "unsubscribe": "new start", "latest": "new start", "time": "9", "timezone": "Kyiv"}
COMMANDS = [name for name, _ in home.READING + home.SETTINGS + home.PRIVATE]
ASKS_NO_STORE = {"help", "forget"}  # to be forgotten is confirmed first


def break_all_stores(office, error):
    async def broken(*_, **__):
        raise error

    for store in (office.people, office.digests, office.archive, office.chats, office.editor):
        for name in dir(store):
            if inspect.iscoroutinefunction(getattr(store, name)):
                setattr(store, name, broken)


@pytest.mark.parametrize("error", [ZeroDivisionError("a bug"), StorageError("The disk is full.")])
@pytest.mark.parametrize("command", COMMANDS)
async def test_whatever_command_meets_trouble_is_answered_once_and_logged_once(office, ada, caplog, command, error):
    break_all_stores(office, error)
    await ada.says(f"/{command} {WORDS.get(command, '2')}")
    await ada.hears()
    await office.server.quiet()
    (answer,) = ada.inbox
    records = [record for record in caplog.records if record.levelno >= logging.WARNING]
    if command in ASKS_NO_STORE:
        assert records == []
        return
    (record,) = records
    if isinstance(error, StorageError):
        assert answer.text == "That cannot be done at the moment; please try again in a few minutes."
        assert record.getMessage() == "The disk is full."
        assert record.exc_info is None
    else:
        assert "Something went wrong on my side" in answer.text
        assert record.exc_info[0] is ZeroDivisionError


async def test_one_who_blocked_the_bot_meanwhile_leaves_one_line(office, ada, caplog):
    office.server.fails(Fault.REFUSED, code=403, words="Forbidden: bot was blocked by the user")
    await ada.says("/help")
    await office.server.quiet()
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.exc_info is None
    assert not ada.inbox


async def test_an_apology_that_does_not_get_through_leaves_a_line(office, ada, caplog):
    async def broken(*_, **__):
        raise ZeroDivisionError("a bug")

    office.editor.compose = broken
    office.server.fails(Fault.REFUSED, code=403, words="Forbidden: bot was blocked by the user")
    await ada.says("/latest new start")
    await office.server.quiet()
    assert "The apology could not be sent" in caplog.text


async def test_an_error_outside_any_chat_is_logged_alone(office, caplog):
    await office.application.process_error(None, ZeroDivisionError("a bug"))
    assert "Handling an update failed" in caplog.text


async def test_a_press_that_is_too_old_to_be_answered_is_obeyed_all_the_same(office, ada):
    await ada.says("/help")
    message = await ada.hears()
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    office.server.fails(Fault.REFUSED, method="answerCallbackQuery", words=old)
    await ada.taps(message, "Following")
    await ada.hears("Nothing is followed here yet.")


async def test_another_refusal_of_a_press_is_a_bug(office, ada, caplog):
    await ada.says("/help")
    message = await ada.hears()
    office.server.fails(Fault.REFUSED, method="answerCallbackQuery", words="Bad Request: TEXT_INVALID")
    await ada.taps(message, "Following")
    await ada.hears("Something went wrong")


async def test_a_message_that_can_no_longer_be_edited_is_said_anew(office, ada):
    await ada.says("/help")
    message = await ada.hears()
    office.server.fails(Fault.REFUSED, method="editMessageText", words="Bad Request: message can't be edited")
    await ada.presses(message, "Following")
    assert (await ada.hears("Nothing is followed here yet.")).id != message.id
    office.server.fails(Fault.REFUSED, method="editMessageText", words="Bad Request: chat_id is empty")
    await ada.presses(message, "Topics")
    await ada.hears("Something went wrong")


async def test_a_message_too_old_to_be_shown_is_still_good_for_its_buttons(office, ada):
    await ada.says("/help")
    message = await ada.hears()
    del office.server.world.chats[ada.id].messages[message.id]
    await ada.presses(message, "Following")
    await ada.hears("Nothing is followed here yet.")


async def test_a_press_that_names_no_message_is_answered_in_the_private_chat(office, ada):
    await ada.says("/help")
    await ada.hears()
    update = {
        "id": "99",
        "from": office.server.world.user_json(ada.id),
        "chat_instance": "1",
        "data": "home",
        "inline_message_id": "x",
    }
    office.server.world.update(callback_query=update)
    await office.server.quiet()


@pytest.mark.parametrize(
    "data", ["nonsense", "follow:", "follow:no-such-topic", "more:UPPER:1", "zone:h:Nowhere", "at:h:99:99"]
)
async def test_forged_data_gets_a_line(office, ada, data):
    await ada.says("/help")
    message = await ada.hears()
    query = office.server.world.press(ada.id, message, data)
    await ada.hears()
    await office.server.quiet()
    assert query.answer is not None
    assert len(ada.inbox) == 2
    assert "went wrong" not in ada.inbox[-1].text


async def test_work_that_takes_long_shows_that_it_goes_on(office, ada, monkeypatch):
    monkeypatch.setattr("bot.handlers.replies._PATIENCE", 0.0)
    shown, compose = asyncio.Event(), office.editor.compose

    async def slow(*args, **kwargs):
        await shown.wait()
        return await compose(*args, **kwargs)

    office.editor.compose = slow
    await ada.says("/latest new start")
    chat = office.server.world.chats[ada.id]
    await office.server.world.bell.until(lambda: bool(chat.actions), 5)
    shown.set()
    await ada.hears("New START")
    assert chat.actions == ["typing"]


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300), max_size=60))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_blocks_are_cut_to_what_a_message_holds(texts):
    assert utf16_length(layout.fitted([escape(text) for text in texts])) <= 4096


def test_a_button_never_carries_more_than_telegram_takes():
    with pytest.raises(AssertionError, match="Telegram refuses"):
        layout.button("x", "follow", "a" * 58)


def test_every_command_is_offered_with_a_line():
    assert all(name.isascii() and 0 < len(line) <= 256 for name, line in home.READING + home.SETTINGS + home.PRIVATE)
