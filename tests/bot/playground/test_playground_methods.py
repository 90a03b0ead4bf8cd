import asyncio
import json
import signal
import sys

import aiohttp
import pytest

from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.playground.methods import ApiError
from bot.playground.server import BotApiServer


class Client:
    """Calls the Bot API as a program would, and returns what it says."""

    def __init__(self, server, session):
        self.server = server
        self.session = session

    async def __call__(self, method, token=None, **parameters):
        form = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in parameters.items()
        }
        url = f"{self.server.url}/bot{token or self.server.token}/{method}"
        async with self.session.post(url, data=form) as response:
            answer = await response.json()
            assert answer["ok"] == (response.status == 200)
            return answer["result"] if answer["ok"] else (response.status, answer["description"])

    async def control(self, action, **body):
        async with self.session.post(f"{self.server.url}/control/{action}", json=body) as response:
            return await response.json() if response.status == 200 else response.status

    async def ask(self, question, **query):
        async with self.session.get(f"{self.server.url}/control/{question}", params=query) as response:
            return await response.json() if response.status == 200 else response.status


@pytest.fixture
async def server():
    async with BotApiServer() as server:
        yield server


@pytest.fixture
async def call(server):
    async with aiohttp.ClientSession() as session:
        yield Client(server, session)


@pytest.fixture
async def ada(server):
    ada = server.person("Ada")
    await ada.says("/start")
    return ada


def keyboard(*buttons):
    return {"inline_keyboard": [[button] for button in buttons]}


YES = {"text": "Yes", "callback_data": "y"}


async def test_a_message_of_4096_units_is_taken_and_one_more_is_refused(call, ada):
    text = "<b>" + "🙂" * 2048 + "</b>"
    assert (await call("sendMessage", chat_id=ada.id, text=text, parse_mode="HTML"))["message_id"]
    answer = await call("sendMessage", chat_id=ada.id, text="a" + text, parse_mode="HTML")
    assert answer == (400, "Bad Request: message is too long")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "<u>a</i>", "parse_mode": "html"},
            'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</u>", found "</i>"',
        ),
        ({"text": "a", "reply_markup": keyboard(YES | {"callback_data": "я" * 33})}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": keyboard(YES | {"callback_data": ""})}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a", "reply_markup": keyboard({"text": "Yes"})},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "reply_markup": keyboard(YES | {"text": " "})},
            "can't parse inline keyboard button: Button text must be non-empty",
        ),
        (
            {"text": "a", "reply_markup": keyboard({"text": "Go", "url": "news"})},
            "inline keyboard button URL 'news' is invalid: Wrong HTTP URL",
        ),
        ({"text": "a", "reply_markup": keyboard(*[YES] * 101)}, "reply markup is too long"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "a", "reply_markup": [1]}, "object expected as reply markup"),
        ({"text": "a", "message_thread_id": 4}, "message thread not found"),
        ({"text": "a", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "a", "chat_id": 5}, "chat not found"),
        ({"text": "a", "chat_id": "ada"}, "chat not found"),
        ({"text": "a", "chat_id": ""}, "chat_id is empty"),
    ],
)
async def test_a_message_that_telegram_would_not_take_is_refused(call, ada, parameters, words):
    assert await call("sendMessage", **({"chat_id": ada.id} | parameters)) == (400, f"Bad Request: {words}")
    assert ada.inbox == ()


async def test_callback_data_of_64_bytes_is_taken(call, ada):
    markup = keyboard(YES | {"callback_data": "я" * 32}, {"text": "Site", "url": "https://news.example/"})
    await call("sendMessage", chat_id=ada.id, text="a", reply_markup=markup)
    assert ada.inbox[0].buttons == ("Yes", "Site")


async def test_space_around_a_text_is_cut_and_entities_move_along(call, ada):
    html = '\n\n<b>News</b> <a href="https://news.example/1">here</a>\n'
    await call("sendMessage", chat_id=ada.id, text=html, parse_mode="HTML", link_preview_options={"is_disabled": True})
    (message,) = ada.inbox
    assert message.text == "News here"
    assert [entity["offset"] for entity in message.entities] == [0, 5]
    assert message.links == ("https://news.example/1",)
    assert not message.previews
    assert message.html == html


async def test_a_reply_to_what_is_gone_may_be_sent_all_the_same(call, ada):
    reply = {"message_id": 999, "allow_sending_without_reply": True}
    await call("sendMessage", chat_id=ada.id, text="a", reply_parameters=reply)
    assert ada.inbox[0].reply_to is None


async def test_edits_need_a_change_and_an_own_message(call, ada):
    sent = await call("sendMessage", chat_id=ada.id, text="a", reply_markup=keyboard(YES))
    edit = {"chat_id": ada.id, "message_id": sent["message_id"]}
    status, words = await call("editMessageText", **edit, text="a", reply_markup=keyboard(YES))
    assert (status, words.partition(":")[2][:24]) == (400, " message is not modified")
    assert (await call("editMessageText", **edit, text="b", reply_markup=keyboard(YES)))["text"] == "b"
    assert "edit_date" in await call("editMessageReplyMarkup", **edit)
    assert (await call("editMessageReplyMarkup", **edit))[0] == 400
    assert await call("editMessageText", **edit, text="b" * 4097) == (400, "Bad Request: MESSAGE_TOO_LONG")
    spoken = next(message for message in ada.chat.messages.values() if message.by == ada.id)
    refused = await call("editMessageText", chat_id=ada.id, message_id=spoken.id, text="c")
    assert refused == (400, "Bad Request: message can't be edited")
    refused = await call("editMessageText", chat_id=ada.id, message_id=999, text="c")
    assert refused == (400, "Bad Request: message to edit not found")


async def test_messages_are_deleted_once_and_in_groups_only_the_bots(server, call, ada):
    sent = await call("sendMessage", chat_id=ada.id, text="a")
    assert await call("deleteMessage", chat_id=ada.id, message_id=sent["message_id"]) is True
    refused = await call("deleteMessage", chat_id=ada.id, message_id=sent["message_id"])
    assert refused == (400, "Bad Request: message to delete not found")
    group = server.group("Desk", ada)
    spoken = await ada.says("/start", into=group)
    refused = await call("deleteMessage", chat_id=group.id, message_id=spoken.id)
    assert refused == (400, "Bad Request: message can't be deleted")


async def test_a_press_is_answered_once(call, ada):
    await call("sendMessage", chat_id=ada.id, text="a", reply_markup=keyboard(YES))
    query = await ada.taps(ada.inbox[0], "Yes")
    assert (await call("answerCallbackQuery", callback_query_id=query.id, text="x" * 201))[0] == 400
    assert await call("answerCallbackQuery", callback_query_id=query.id, text="Done", show_alert=True) is True
    assert query.answer == {"text": "Done", "alert": True, "url": ""}
    for number in (query.id, "unknown"):
        assert await call("answerCallbackQuery", callback_query_id=number) == (
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        )


async def test_a_button_of_a_deleted_message_can_still_be_pressed_where_somebody_sees_it(call, ada):
    sent = await call("sendMessage", chat_id=ada.id, text="a", reply_markup=keyboard(YES))
    seen = ada.inbox[0]
    await call("deleteMessage", chat_id=ada.id, message_id=sent["message_id"])
    await ada.taps(seen, "Yes")
    updates = await call("getUpdates")
    assert updates[-1]["callback_query"]["message"]["date"] == 0


async def test_only_a_button_that_is_there_can_be_pressed(call, ada):
    await call(
        "sendMessage", chat_id=ada.id, text="a", reply_markup=keyboard({"text": "Go", "url": "https://a.example"})
    )
    for words in ("No", "Go"):
        with pytest.raises(LookupError):
            await ada.taps(ada.inbox[0], words)


async def test_persons_say_what_they_waited_for_in_vain(server, call, ada):
    await call("sendMessage", chat_id=ada.id, text="Good evening", reply_markup=keyboard(YES))
    assert [message.text for message in ada.unread] == ["Good evening"]
    with pytest.raises(AssertionError, match="Good evening"):
        await ada.hears("morning", seconds=0.01)
    with pytest.raises(AssertionError, match="no answer came"):
        await ada.presses(ada.inbox[0], "Yes", seconds=0.01)
    with pytest.raises(AssertionError, match="not quiet"):
        await server.quiet(seconds=0.01)


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (lambda ada: ada.blocks(), "bot was blocked by the user"),
        (lambda ada: ada.deletes_account(), "user is deactivated"),
    ],
)
async def test_who_does_not_want_the_bot_gets_nothing(call, ada, happens, words):
    happens(ada)
    assert await call("sendMessage", chat_id=ada.id, text="a") == (403, f"Forbidden: {words}")


async def test_a_stranger_is_not_written_to(server, call):
    answer = await call("sendMessage", chat_id=server.person("Ben").id, text="a")
    assert answer == (403, "Forbidden: bot can't initiate conversation with a user")


async def test_who_comes_back_is_written_to_again(call, ada):
    ada.blocks()
    ada.unblocks()
    assert (await call("sendMessage", chat_id=ada.id, text="a"))["text"] == "a"
    kinds = [next(iter(update.keys() - {"update_id"})) for update in await call("getUpdates")]
    assert kinds == ["message", "my_chat_member", "my_chat_member"]


async def test_a_group_throws_the_bot_out_takes_it_back_and_becomes_a_supergroup(server, call, ada):
    group = server.group("Desk", ada)
    group.kicks_bot(ada)
    await ada.says("/latest", into=group)
    assert await call("sendMessage", chat_id=group.id, text="a") == (
        403,
        "Forbidden: bot was kicked from the group chat",
    )
    group.adds_bot(ada)
    larger = group.upgrades(ada)
    assert await call("sendMessage", chat_id=group.id, text="a") == (
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
    )
    assert (await call("sendMessage", chat_id=larger.id, text="a"))["chat"]["type"] == "supergroup"


async def test_in_a_group_the_bot_reads_only_what_is_meant_for_it(server, call, ada):
    group = server.group("Desk", ada)
    sent = await call("sendMessage", chat_id=group.id, text="Digest")
    for text in ("hello", "/latest@other_bot", "/latest", "/more@Cablegram_Bot 2", "@cablegram_bot hello", ""):
        await ada.says(text, into=group)
    await ada.replies(group.inbox[0], "2")
    updates = [update["message"] for update in await call("getUpdates", offset=-1)]
    updates = [update["message"] for update in await call("getUpdates")]
    assert [message["text"] for message in updates] == [
        "/start",
        "/latest",
        "/more@Cablegram_Bot 2",
        "@cablegram_bot hello",
        "2",
    ]
    assert updates[-1]["reply_to_message"]["message_id"] == sent["message_id"]


async def test_a_forum_has_threads(server, call, ada):
    forum = server.group("Forum", ada, forum=True)
    first, second = forum.opens_thread(), forum.opens_thread()
    assert first != second
    await call("sendMessage", chat_id=forum.id, text="a", message_thread_id=second)
    assert forum.inbox[0].thread == second
    assert (await call("getChat", chat_id=forum.id))["is_forum"]
    await ada.says("/latest", into=forum, thread=first)
    assert (await call("getUpdates"))[-1]["message"]["message_thread_id"] == first


async def test_who_is_what_in_a_group(server, call, ada):
    ben, eve = server.person("Ben"), server.person("Eve")
    group = server.group("Desk", ada, ben)
    group.chat.members[ben.id] = "administrator"
    administrators = await call("getChatAdministrators", chat_id=group.id)
    assert [each["status"] for each in administrators] == ["creator", "administrator"]
    statuses = [
        (await call("getChatMember", chat_id=group.id, user_id=who))["status"]
        for who in (ada.id, eve.id, server.world.bot_id)
    ]
    assert statuses == ["creator", "left", "member"]
    assert await call("getChatMember", chat_id=group.id, user_id=5) == (400, "Bad Request: PARTICIPANT_ID_INVALID")
    assert await call("getChatMember", chat_id=group.id) == (400, "Bad Request: invalid user_id specified")
    assert (await call("getChatAdministrators", chat_id=ada.id))[0] == 400


async def test_commands_are_kept_by_scope_and_language(server, call):
    commands = [{"command": "latest", "description": "A digest now"}]
    assert await call("setMyCommands", commands=commands, language_code="en") is True
    await call("setMyCommands", commands=commands, scope={"type": "all_private_chats"})
    assert set(server.world.commands) == {"default/en", "all_private_chats/"}
    refused = await call("setMyCommands", commands=[{"command": "Latest!", "description": "x"}])
    assert refused == (400, "Bad Request: BOT_COMMAND_INVALID")
    refused = await call("setMyCommands", commands=[{"command": "latest", "description": ""}])
    assert refused == (400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")


async def test_a_webhook_and_polling_exclude_each_other(call, ada):
    refused = await call("setWebhook", url="http://bot.example")
    assert refused == (400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    assert await call("setWebhook", url="https://bot.example") is True
    assert (await call("getUpdates"))[0] == 409
    assert (await call("getWebhookInfo"))["pending_update_count"] == 1
    assert await call("deleteWebhook", drop_pending_updates=True) is True
    assert await call("getUpdates") == []


async def test_an_update_comes_until_it_is_confirmed(call, ada):
    (update,) = await call("getUpdates")
    assert await call("getUpdates") == [update]
    assert await call("getUpdates", offset=update["update_id"] + 1) == []
    await ada.sends_location(50.4, 30.5)
    (update,) = await call("getUpdates", limit=1)
    assert update["message"]["location"] == {"latitude": 50.4, "longitude": 30.5}


async def test_only_updates_that_were_asked_for_come(call, ada):
    await call("getUpdates", allowed_updates=["message"])
    ada.blocks()
    ada.unblocks()
    await ada.says("/help")
    assert [update["message"]["text"] for update in await call("getUpdates")] == ["/start", "/help"]


async def test_of_two_pollers_the_older_is_sent_away(server, call):
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(call("getUpdates", timeout=20))
        await server.world.bell.until(lambda: server.requests.get("getUpdates") == 1 and server._poller, 5)
        second = tasks.create_task(call("getUpdates", timeout=20))
        status, words = await first
        await server.person("Ada").says("/start")
        (update,) = await second
    assert (status, words[:48]) == (409, "Conflict: terminated by other getUpdates request")
    assert update["message"]["text"] == "/start"


async def test_tokens_and_methods_must_be_known(server, call):
    assert await call("getMe", token="123:short") == (404, "Not Found")
    assert await call("getMe", token="1:" + "x" * 35) == (401, "Unauthorized")
    assert await call("getNothing") == (404, "Not Found: method not found")
    assert (await call("GETME"))["username"] == "cablegram_bot"
    assert await call("deleteMyCommands") is True


async def test_without_a_token_of_its_own_it_takes_any_of_the_right_form():
    async with BotApiServer(token=None) as server, aiohttp.ClientSession() as session:
        assert (await Client(server, session)("getMe", token="77:" + "x" * 35))["is_bot"]


async def test_json_and_queries_are_read_too(server, call, ada):
    url = f"{server.url}/bot{server.token}/sendMessage?chat_id={ada.id}"
    async with call.session.post(url, json={"text": "a", "reply_markup": keyboard(YES)}) as response:
        assert response.status == 200
    assert ada.inbox[0].buttons == ("Yes",)


async def test_a_chat_action_is_noted(call, ada):
    assert await call("sendChatAction", chat_id=ada.id, action="typing") is True
    assert ada.chat.actions == ["typing"]
    assert (await call("sendChatAction", chat_id=ada.id))[0] == 400


def test_limits_are_telegrams():
    now = [0.0]
    limits = Limits(lambda: now[0])
    limits.admit(1)
    with pytest.raises(ApiError) as raised:
        limits.admit(1)
    assert (raised.value.code, raised.value.parameters) == (429, {"retry_after": 1})
    now[0] = 1.0
    limits.admit(1)
    for chat in range(2, 31):
        limits.admit(chat)
    with pytest.raises(ApiError):
        limits.admit(31)
    for second in range(20):
        now[0] = 10.0 + second
        limits.admit(-5)
    now[0] = 30.0
    with pytest.raises(ApiError) as raised:
        limits.admit(-5)
    assert raised.value.parameters == {"retry_after": 40}
    now[0] = 70.0
    limits.admit(-5)


async def test_with_limits_on_the_second_message_of_a_second_is_refused():
    async with BotApiServer(limits=True) as server, aiohttp.ClientSession() as session:
        ada, call = server.person("Ada"), Client(server, session)
        await ada.says("/start")
        await call("sendMessage", chat_id=ada.id, text="a")
        assert await call("sendMessage", chat_id=ada.id, text="b") == (429, "Too Many Requests: retry after 1")
        assert server.delivered == {ada.id: 1}


async def test_a_fault_meets_only_the_requests_it_was_ordered_for(server, call, ada):
    ben = server.person("Ben")
    await ben.says("/start")
    server.fails(
        Fault.REFUSED, chat=ben.id, times=2, code=429, words="Too Many Requests", parameters={"retry_after": 3}
    )
    assert (await call("sendMessage", chat_id=ada.id, text="a"))["text"] == "a"
    for _ in range(2):
        assert await call("sendMessage", chat_id=ben.id, text="a") == (429, "Too Many Requests")
    assert (await call("sendMessage", chat_id=ben.id, text="a"))["text"] == "a"


async def test_deliveries_are_logged_for_other_processes(tmp_path):
    log = tmp_path / "sent.jsonl"
    async with BotApiServer(log=log) as server, aiohttp.ClientSession() as session:
        ada = server.person("Ada")
        await ada.says("/start")
        await Client(server, session)("sendMessage", chat_id=ada.id, text="a")
    (line,) = [json.loads(line) for line in log.read_text().splitlines()]
    assert (line["chat"], line["text"], line["what"]) == (ada.id, "a", "sent")


async def test_another_process_can_play_the_persons(server, call):
    said = await call.control("say", person="Ada", text="/start")
    ada = server.person("Ada")
    assert said["chat"] == ada.id
    await call.control("say", person="Ada", text="/start", group="Desk")
    await call("sendMessage", chat_id=ada.id, text="Topics?", reply_markup=keyboard(YES))
    assert (await call.ask("hears", person="Ada", part="Topics"))["text"] == "Topics?"
    assert await call.ask("hears", person="Ada", seconds="0.01") == 408
    assert await call.ask("hears", group="Desk", seconds="0.01") == 408
    assert (await call.control("press", person="Ada", button="Yes"))["query"] == "1"
    assert await call.control("press", person="Ada", button="No") == 404
    await call.control("fail", fault="refused", person="Ada", words="Bad Request: no")
    assert await call("sendMessage", chat_id=ada.id, text="a") == (400, "Bad Request: no")
    await call.control("fail", fault="refused")
    assert (await call("sendMessage", chat_id=ada.id, text="a"))[0] == 400
    await call.control("block", person="Ada")
    assert (await call("sendMessage", chat_id=ada.id, text="a"))[0] == 403
    await call.control("unblock", person="Ada")
    assert [each["text"] for each in await call.ask("sent")] == ["Topics?"]
    state = await call.ask("state")
    assert state["delivered"] == {str(ada.id): 1}
    assert state["people"] == {"Ada": ada.id}


async def test_it_serves_alone_until_it_is_stopped(tmp_path):
    command = ["-m", "bot.playground.server", "--port", "0", "--log", str(tmp_path / "log"), "--limits"]
    server = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    try:
        address = (await server.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session, session.get(f"{address}/control/state") as response:
            assert (await response.json())["updates"] == 0
    finally:
        server.send_signal(signal.SIGINT)
        assert await server.wait() == 0
