"""What whoever runs the bot hears of it."""

import pytest
from telegram.constants import ParseMode
from telegram.ext import Defaults, ExtBot

from bot.owner import CROWD, Owner
from bot.playground.server import BotApiServer
from bot.transport import AiohttpRequest
from digests.gathering.gather import GatherReport
from digests.ports import FeedFailure


@pytest.fixture
async def server():
    async with BotApiServer() as server:
        yield server


@pytest.fixture
async def ada(server):
    ada = server.person("Ada")
    await ada.says("/start")
    return ada


@pytest.fixture
async def bot(server):
    bot = ExtBot(
        server.token,
        base_url=f"{server.url}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        defaults=Defaults(parse_mode=ParseMode.HTML),
    )
    async with bot:
        yield bot


def report(*dead):
    failures = tuple(FeedFailure(feed=feed, reason="It answered with <500>.") for feed in dead)
    return GatherReport(
        due=1, read=0, unchanged=0, failures=failures, dead=failures, truncated=(), resting=(), new=0, seconds=0.1
    )


async def test_the_people_of_admin_ids_hear_which_feeds_have_died(bot, ada, caplog):
    owner = Owner(bot, {ada.id})
    await owner.hear_of_feeds(report())
    assert not ada.inbox
    await owner.hear_of_feeds(report("herald", "gazette"))
    (told,) = ada.inbox
    words = "nothing could be read from herald (It answered with <500>), gazette (It answered with <500>)."
    assert words in told.text
    assert words in caplog.text


async def test_many_dead_feeds_are_one_message(bot, ada):
    await Owner(bot, {ada.id}).hear_of_feeds(report(*(f"feed-{number}" for number in range(400))))
    (told,) = ada.inbox
    assert "and 390 more" in told.text


async def test_who_has_no_chat_with_the_bot_keeps_nobody_else_from_hearing(server, bot, ada, caplog):
    stranger = server.person("Bob")
    await Owner(bot, {ada.id, stranger.id, 5}).hear_of_feeds(report("herald"))
    assert len(ada.inbox) == 1
    assert caplog.text.count("of ADMIN_IDS could not be told") == 2


async def test_without_admins_it_is_a_line_in_the_log(bot, caplog):
    await Owner(bot, ()).hear_of_feeds(report("herald"))
    assert "nothing could be read from herald" in caplog.text


async def test_that_postgres_is_due_is_said_once(bot, ada):
    owner = Owner(bot, {ada.id})
    for count in (CROWD, CROWD + 1, CROWD + 2):
        await owner.hear_of_readers(count)
    (told,) = ada.inbox
    assert f"{CROWD + 1} chats" in told.text
    assert "Postgres is due" in told.text
