"""What ends the bot from outside."""

import asyncio
import logging

import pytest
from telegram.error import Conflict, NetworkError

from bot.service import _Watch


class Moment:
    """A loop's clock that stands still until told."""

    def __init__(self, monkeypatch):
        self.now = 1000.0
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self.now)


@pytest.fixture
async def moment(monkeypatch):
    return Moment(monkeypatch)


def warnings(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_another_bot_with_the_same_token_is_told_once_and_after_a_minute_this_one_ends(moment, caplog):
    watch = _Watch()
    for _ in range(6):
        watch.on_polling_error(Conflict("terminated by other getUpdates request"))
        moment.now += 10
    assert len(warnings(caplog)) == 1
    assert not watch.ended.is_set()
    watch.on_polling_error(Conflict("terminated by other getUpdates request"))
    assert (watch.ended.is_set(), watch.status) == (True, 1)


async def test_another_bot_that_is_gone_again_is_forgiven(moment, caplog):
    watch = _Watch()
    watch.on_polling_error(Conflict("other"))
    moment.now += 300
    watch.on_polling_error(Conflict("other"))
    assert not watch.ended.is_set()
    assert len(warnings(caplog)) == 2


async def test_a_network_that_fails_is_a_line_and_no_end(moment, caplog):
    watch = _Watch()
    watch.on_polling_error(NetworkError("Telegram did not answer"))
    assert len(warnings(caplog)) == 1
    assert not watch.ended.is_set()


async def test_a_signal_ends_it_well_and_an_unknown_token_badly(caplog):
    watch = _Watch()
    watch.on_signal()
    assert (watch.ended.is_set(), watch.status) == (True, 0)
    watch = _Watch()
    watch.on_unknown_token()
    watch.on_unknown_token()
    assert (watch.ended.is_set(), watch.status) == (True, 1)
    assert len(warnings(caplog)) == 1
