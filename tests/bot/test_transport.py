import asyncio
import contextlib
import json
import socket

import pytest
from aiohttp import web
from telegram import InputFile
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import ExtBot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.playground.faults import Fault
from bot.playground.server import BotApiServer
from bot.transport import AiohttpRequest, MaybeSent, NotSent, UpdatesRequest


@pytest.fixture
async def server():
    async with BotApiServer() as server:
        yield server


@pytest.fixture
async def bot(server):
    async with new_bot(server) as bot:
        yield bot


def new_bot(server, **timeouts):
    return ExtBot(
        server.token,
        base_url=f"{server.url}/bot",
        request=AiohttpRequest(**timeouts),
        get_updates_request=AiohttpRequest(**timeouts),
    )


@pytest.fixture
async def ada(server):
    ada = server.person("Ada")
    await ada.says("/start")
    return ada


async def test_a_message_arrives_and_its_number_comes_back(bot, ada):
    sent = await bot.send_message(ada.id, "Grüße, 你好")
    assert [(message.id, message.text) for message in ada.inbox] == [(sent.message_id, "Grüße, 你好")]


async def test_updates_come_by_long_polling(bot, ada):
    (update,) = await bot.get_updates(timeout=1)
    assert update.message.text == "/start"


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [
        (Fault.RESET_BEFORE, 0),
        (Fault.RESET_AFTER, 1),
        (Fault.GARBLED_AFTER, 1),
        (Fault.CUT_AFTER, 1),
    ],
)
async def test_what_fails_once_the_request_is_out_may_have_been_sent(server, bot, ada, fault, arrives):
    server.fails(fault)
    with pytest.raises(MaybeSent):
        await bot.send_message(ada.id, "News")
    assert len(ada.inbox) == arrives


@pytest.mark.parametrize(("fault", "arrives"), [(Fault.SILENCE_BEFORE, 0), (Fault.SILENCE_AFTER, 1)])
async def test_an_answer_that_does_not_come_in_time_may_have_been_sent(server, ada, fault, arrives):
    async with new_bot(server, read=0.5) as bot:
        server.fails(fault)
        with pytest.raises(MaybeSent):
            await bot.send_message(ada.id, "News")
    assert len(ada.inbox) == arrives


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY_BEFORE, Fault.BAD_GATEWAY_AFTER])
async def test_a_bad_gateway_is_a_network_error_that_does_not_claim_to_be_unsent(server, bot, ada, fault):
    server.fails(fault)
    with pytest.raises(NetworkError) as raised:
        await bot.send_message(ada.id, "News")
    assert not isinstance(raised.value, NotSent | BadRequest)


async def test_where_nobody_listens_nothing_was_sent_and_the_bot_recovers(server, bot, ada):
    async with server.down():
        with pytest.raises(NotSent):
            await bot.send_message(ada.id, "News")
    await bot.send_message(ada.id, "News again")
    assert [message.text for message in ada.inbox] == ["News again"]


async def test_an_unknown_host_means_not_sent():
    request = AiohttpRequest()
    async with request:
        with pytest.raises(NotSent):
            await request.do_request("http://nowhere.invalid/bot1:secret/getMe", "POST")


async def test_an_address_that_is_none_means_not_sent_and_is_not_repeated_in_the_error():
    async with AiohttpRequest() as request:
        with pytest.raises(NotSent) as raised:
            await request.do_request("http:///bot1:secret/getMe", "POST")
    assert "secret" not in str(raised.value)


async def test_a_server_that_accepts_nobody_means_not_sent():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:  # they fill the backlog, so that the next connection hangs
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        async with AiohttpRequest(connect=0.1, pool=0.1) as request:
            with pytest.raises(NotSent):
                await request.do_request(f"http://127.0.0.1:{deaf.getsockname()[1]}/", "POST")
        for filler in fillers:
            filler.close()


async def test_no_connection_left_in_the_pool_means_not_sent(server, ada):
    request = AiohttpRequest(connections=1, pool=0.1, connect=0.1)
    bot = ExtBot(server.token, base_url=f"{server.url}/bot", request=request, get_updates_request=AiohttpRequest())
    async with bot:
        server.fails(Fault.SILENCE_BEFORE)
        async with asyncio.TaskGroup() as tasks:
            stuck = tasks.create_task(bot.send_message(ada.id, "Held up"))
            await server.world.bell.until(lambda: server.requests.get("sendMessage") == 1, 5)
            with pytest.raises(NotSent):
                await bot.send_message(ada.id, "No room")
            stuck.cancel()
    assert ada.inbox == ()


async def test_before_it_is_opened_and_after_it_is_closed_nothing_is_sent():
    request = AiohttpRequest()
    with pytest.raises(NotSent):
        await request.do_request("http://127.0.0.1:1/", "POST")
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()
    with pytest.raises(NotSent):
        await request.do_request("http://127.0.0.1:1/", "POST")


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.GARBLED_AFTER, Fault.BAD_GATEWAY_AFTER, Fault.CUT_AFTER])
async def test_no_error_or_log_line_holds_the_token(server, bot, ada, fault, caplog):
    caplog.set_level("DEBUG")
    server.fails(fault)
    with pytest.raises(TelegramError) as raised:
        await bot.send_message(ada.id, "News")
    error = raised.value
    while error:
        assert server.token not in repr(error)
        error = None if error.__suppress_context__ else error.__context__
    assert server.token not in caplog.text


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        (400, "Bad Request: chat not found", BadRequest),
        (401, "Unauthorized", InvalidToken),
        (403, "Forbidden: bot was blocked by the user", Forbidden),
        (409, "Conflict: terminated by other getUpdates request", Conflict),
        (500, "Internal Server Error", NetworkError),
    ],
)
async def test_what_telegram_answers_is_raised_as_the_library_names_it(server, bot, ada, code, words, kind):
    server.fails(Fault.REFUSED, code=code, words=words)
    with pytest.raises(kind):
        await bot.send_message(ada.id, "News")


@pytest.mark.parametrize("payload", [b"", b"[]", b"true", b'{"ok": true}', b"<html>", b"\xff"])
def test_an_answer_that_is_none_of_the_bot_api_may_hide_a_sent_message(payload):
    with pytest.raises(MaybeSent):
        AiohttpRequest.parse_json_payload(payload)


@contextlib.asynccontextmanager
async def answering(status, body):
    """The address of a server that answers everything alike."""

    async def answer(_):
        return web.Response(status=status, text=body)

    application = web.Application()
    application.router.add_post("/{any:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot1:x/getUpdates"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 409, 429])
@pytest.mark.parametrize("body", ["<html>Not Found</html>", '{"description": "no such page"}', '{"result": 1}'])
async def test_what_a_proxy_says_of_its_own_is_not_taken_for_telegrams_word_on_a_chat_or_the_token(status, body):
    ended = []
    async with answering(status, body) as url, UpdatesRequest(lambda: ended.append(status)) as request:
        with pytest.raises(MaybeSent):
            await request.post(url)
    assert ended == []


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_the_bot_api_does_not_know_ends_the_asking(status):
    ended = []
    body = json.dumps({"ok": False, "error_code": status, "description": "Unauthorized"})
    async with answering(status, body) as url, UpdatesRequest(lambda: ended.append(status)) as request:
        with pytest.raises(InvalidToken):
            await request.post(url)
    assert ended == [status]


async def test_files_go_out_as_multipart():
    seen = {}

    async def take(request):
        form = await request.post()
        seen.update(chat=form["chat_id"], name=form["document"].filename, body=form["document"].file.read())
        return web.json_response({"ok": True, "result": True})

    application = web.Application()
    application.router.add_post("/send", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    data = RequestData(
        [
            RequestParameter("chat_id", 7, None),
            RequestParameter("document", None, [InputFile(b"{}", filename="export.json", attach=False)]),
        ]
    )
    try:
        async with AiohttpRequest() as request:
            status, _ = await request.do_request(f"http://127.0.0.1:{runner.addresses[0][1]}/send", "POST", data)
    finally:
        await runner.cleanup()
    assert (status, seen) == (200, {"chat": "7", "name": "export.json", "body": b"{}"})


async def test_timeouts_may_be_lifted(server, ada, bot):
    await bot.send_message(
        ada.id, "Patient", read_timeout=None, connect_timeout=None, pool_timeout=None, write_timeout=None
    )
    assert len(ada.inbox) == 1
    assert AiohttpRequest(read=7).read_timeout == 7
