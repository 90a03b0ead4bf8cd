import asyncio
from datetime import time, timedelta

import pytest
from telegram.constants import ParseMode
from telegram.ext import Defaults, ExtBot

from bot.messenger import TelegramMessenger
from bot.pacing import Pacing
from bot.playground.faults import Fault
from bot.playground.server import BotApiServer
from bot.transport import AiohttpRequest
from bot.views import digest as views
from bot.views.markup import View
from digests.delivery.turns import OwnTurns
from digests.errors import ChatGone, ChatMoved, Refused, RetryLater, Uncertain, Unsent
from digests.model.people import Address, ChatId, Edition, Heading, Notice
from digests.model.sources import Coverage
from digests.model.stories import Digest, DigestId, Window
from tests.builders import NOON


async def begin():
    """Nothing is to be committed here."""


@pytest.fixture
async def server():
    async with BotApiServer() as server:
        yield server


@pytest.fixture
def ended():
    return []


@pytest.fixture
async def messenger(server, ended):
    bot = ExtBot(
        server.token,
        base_url=f"{server.url}/bot",
        request=AiohttpRequest(read=1.0),
        get_updates_request=AiohttpRequest(),
        rate_limiter=Pacing(OwnTurns(asyncio.get_running_loop().time)),
        defaults=Defaults(parse_mode=ParseMode.HTML),  # as in the application: plain text must win against it
    )
    async with bot:
        yield TelegramMessenger(bot, lambda: ended.append("unknown token"))


@pytest.fixture
async def ada(server):
    ada = server.person("Ada")
    await ada.says("/start")
    return ada


def at(room, thread=0):
    return Address(chat=ChatId(room.id), thread=thread)


HEADING = Heading(at=NOON, zone="Europe/Kyiv", city="Kyiv")


def quiet_digest():
    return Digest(
        id=DigestId("abcdefghij"),
        window=Window(start=NOON - timedelta(days=1), end=NOON),
        sections=(),
        coverage=Coverage(read=1, feeds=1),
    )


def part(messenger):
    (only,) = messenger.parts(quiet_digest(), HEADING)
    return only


async def test_a_part_is_put_before_its_reader_without_previews(messenger, ada):
    number = await messenger.send(at(ada), part(messenger), begin)
    (message,) = ada.inbox
    assert message.id == number
    assert message.html == views.render(part(messenger)).html
    assert not message.previews


async def test_a_notice_comes_with_a_button_that_shows_the_digest(messenger, ada):
    edition = Edition(address=at(ada), day=NOON.date(), slot=time(8, 0), due=NOON)
    await messenger.send(at(ada), Notice(edition=edition, digest=DigestId("abcdefghij")), begin)
    (message,) = ada.inbox
    assert "08:00" in message.text
    assert len(message.buttons) == 1


async def test_a_digest_goes_into_its_thread(server, messenger, ada):
    forum = server.group("Desk", ada, forum=True)
    thread = forum.opens_thread()
    await messenger.send(at(forum, thread), part(messenger), begin)
    assert [message.thread for message in forum.inbox] == [thread]


async def test_a_thread_that_is_gone_is_a_chat_that_is_gone(server, messenger, ada):
    with pytest.raises(ChatGone):
        await messenger.send(at(server.group("Desk", ada, forum=True), thread=99), part(messenger), begin)


async def test_who_blocked_the_bot_is_gone(messenger, ada):
    ada.blocks()
    with pytest.raises(ChatGone, match="blocked"):
        await messenger.send(at(ada), part(messenger), begin)


async def test_who_deleted_the_account_is_gone(messenger, ada):
    ada.deletes_account()
    with pytest.raises(ChatGone, match="deactivated"):
        await messenger.send(at(ada), part(messenger), begin)


async def test_a_group_that_threw_the_bot_out_is_gone(server, messenger, ada):
    group = server.group("Desk", ada)
    group.kicks_bot(ada)
    with pytest.raises(ChatGone, match="kicked"):
        await messenger.send(at(group), part(messenger), begin)


async def test_a_chat_that_nobody_knows_is_gone(messenger):
    with pytest.raises(ChatGone, match="not found"):
        await messenger.send(Address(chat=ChatId(5)), part(messenger), begin)


@pytest.mark.parametrize(
    "words",
    ["CHAT_ADMIN_REQUIRED", "CHAT_SEND_PLAIN_FORBIDDEN", "USER_IS_BLOCKED", "not enough rights to send text messages"],
)
async def test_a_chat_that_takes_no_messages_is_gone_though_telegram_calls_the_request_bad(
    server, messenger, ada, words
):
    server.fails(Fault.REFUSED, words=f"Bad Request: {words}")
    with pytest.raises(ChatGone):
        await messenger.send(at(ada), part(messenger), begin)


async def test_a_conflict_is_unsent(server, messenger, ada):
    server.fails(Fault.REFUSED, code=409, words="Conflict")
    with pytest.raises(Unsent):
        await messenger.send(at(ada), part(messenger), begin)


async def test_a_group_that_became_a_supergroup_names_its_new_id(server, messenger, ada):
    group = server.group("Desk", ada)
    larger = group.upgrades(ada)
    with pytest.raises(ChatMoved) as raised:
        await messenger.send(at(group), part(messenger), begin)
    assert raised.value.to == larger.id
    await messenger.send(at(larger), part(messenger), begin)
    assert server.delivered == {larger.id: 1}


async def test_too_many_requests_come_back_with_the_pause(server, messenger, ada):
    server.fails(Fault.REFUSED, code=429, words="Too Many Requests: retry after 7", parameters={"retry_after": 7})
    with pytest.raises(RetryLater) as raised:
        await messenger.send(at(ada), part(messenger), begin)
    assert raised.value.after == timedelta(seconds=7)
    assert server.requests["sendMessage"] == 1


async def test_where_nobody_listens_it_is_unsent(server, messenger, ada):
    async with server.down():
        with pytest.raises(Unsent):
            await messenger.send(at(ada), part(messenger), begin)


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.REFUSED])
async def test_where_no_answer_tells_it_is_uncertain_and_not_sent_again(server, messenger, ada, fault):
    server.fails(fault)
    with pytest.raises(Uncertain):
        await messenger.send(at(ada), part(messenger), begin)
    assert server.requests["sendMessage"] == 1
    assert len(ada.inbox) == int(fault.after)


async def test_a_server_error_is_uncertain(server, messenger, ada):
    server.fails(Fault.REFUSED, code=500, words="Internal Server Error")
    with pytest.raises(Uncertain):
        await messenger.send(at(ada), part(messenger), begin)


async def test_markup_that_telegram_cannot_read_goes_out_once_as_plain_text(server, messenger, ada, monkeypatch):
    monkeypatch.setattr(views, "render", lambda part: View(html="<b>Fish &amp; chips</i>"))
    await messenger.send(at(ada), part(messenger), begin)
    assert [message.text for message in ada.inbox] == ["Fish & chips"]
    assert server.requests["sendMessage"] == 2


async def test_plain_text_that_is_refused_too_is_not_tried_a_third_time(server, messenger, ada):
    words = "Bad Request: can't parse entities: Unsupported start tag"
    server.fails(Fault.REFUSED, times=9, words=words)
    with pytest.raises(Refused):
        await messenger.send(at(ada), part(messenger), begin)
    assert server.requests["sendMessage"] == 2


async def test_any_other_refusal_is_final(server, messenger, ada, monkeypatch):
    monkeypatch.setattr(views, "render", lambda part: View(html="x" * 4097))
    with pytest.raises(Refused, match="too long"):
        await messenger.send(at(ada), part(messenger), begin)
    assert server.requests["sendMessage"] == 1


@pytest.mark.parametrize(("code", "words"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_token_that_is_not_known_leaves_the_message_unsent_and_ends_the_bot(
    server, messenger, ada, ended, code, words
):
    server.fails(Fault.REFUSED, code=code, words=words)
    with pytest.raises(Unsent):
        await messenger.send(at(ada), part(messenger), begin)
    assert ended == ["unknown token"]
