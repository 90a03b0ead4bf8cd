import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.pacing import LEAD, Pacing, pause_of
from digests.delivery.turns import OwnTurns
from tests.fakes.time import in_no_time

GROUP = -7


async def begin():
    """What a digest brings with it."""


class Bot:
    """Sends through a Pacing and notes when; a chat refuses with the pauses that stand in `refusals`."""

    def __init__(self, pacing):
        self.pacing = pacing
        self.sent = []
        self.refusals = {}

    async def send(self, chat, urgency=None, endpoint="sendMessage"):
        async def callback():
            now = asyncio.get_running_loop().time() - 1000
            if self.refusals.get(chat):
                pause = self.refusals[chat].pop(0)
                if pause:
                    raise RetryAfter(pause)
            self.sent.append((now, chat))
            return True

        return await self.pacing.process_request(
            callback, (), {}, endpoint, {} if chat is None else {"chat_id": chat}, urgency
        )

    async def send_all(self, chats, urgency=None, endpoint="sendMessage"):
        async with asyncio.TaskGroup() as tasks:
            for chat in chats:
                tasks.create_task(self.send(chat, urgency, endpoint))

    def times(self, chat=None):
        return [at for at, to in self.sent if chat in {None, to}]


def paced(scenario, rate=29.4):
    """Run a scenario over a fresh Pacing in jumping time; returns the bot."""

    async def run():
        pacing = Pacing(OwnTurns(asyncio.get_running_loop().time), rate)
        bot = Bot(pacing)
        async with asyncio.timeout(100_000):
            await pacing.initialize()
            await scenario(bot)
            await pacing.shutdown()
            bot.took = asyncio.get_running_loop().time() - 1000
        return bot

    return in_no_time(run())


def busiest(times, span=1.0):
    return max(sum(first <= at < first + span for at in times) for first in times)


def test_digests_go_out_at_the_full_rate_and_never_above_thirty_in_a_second():
    bot = paced(lambda bot: bot.send_all(range(1, 601), begin))
    assert busiest(bot.times()) <= 30
    assert 600 / bot.times()[-1] >= 29.4 * 0.98


def test_answers_may_come_in_a_burst_but_never_above_thirty_in_a_second():
    bot = paced(lambda bot: bot.send_all(range(1, 100)))
    assert bot.times()[29] == 0
    assert busiest(bot.times()) <= 30


def test_the_rate_is_the_operators():
    bot = paced(lambda bot: bot.send_all(range(1, 101), begin), rate=5)
    assert busiest(bot.times()) <= 5
    assert bot.times()[-1] == pytest.approx(99 / 5, rel=0.03)


def test_a_chat_gets_one_message_a_second():
    bot = paced(lambda bot: bot.send_all([7] * 5))
    assert busiest(bot.times()) == 1
    assert bot.times()[-1] < 4.2


def test_a_group_gets_twenty_a_minute():
    bot = paced(lambda bot: bot.send_all([GROUP] * 45))
    assert busiest(bot.times(), 60.0) == 20


def test_a_channel_counts_as_a_group():
    bot = paced(lambda bot: bot.send_all(["@desk"] * 21))
    assert busiest(bot.times(), 60.0) == 20


def test_edits_do_not_wait_for_the_chats_second_but_count_for_the_groups_minute():
    bot = paced(lambda bot: bot.send_all([GROUP] * 21, endpoint="editMessageText"))
    assert bot.times(GROUP)[19] == 0
    assert busiest(bot.times(), 60.0) == 20


@pytest.mark.parametrize("endpoint", ["answerCallbackQuery", "getChat", "sendChatAction", "setMyCommands"])
def test_what_puts_nothing_into_a_chat_is_not_delayed(endpoint):
    bot = paced(lambda bot: bot.send_all([7] * 100, endpoint=endpoint))
    assert bot.times()[-1] == 0


def test_a_message_without_a_chat_is_not_delayed():
    bot = paced(lambda bot: bot.send_all([None] * 100))
    assert bot.times()[-1] == 0


def test_a_chat_named_as_text_is_the_same_chat():
    bot = paced(lambda bot: bot.send_all(["7", 7]))
    assert bot.times()[-1] >= 1


def test_an_answer_goes_before_the_digests_that_wait():
    async def scenario(bot):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bot.send_all(range(1, 301), begin))
            await asyncio.sleep(3)
            before = asyncio.get_running_loop().time() - 1000
            await bot.send(999)
            assert bot.times(999)[0] - before < LEAD + 2.1 / 29.4  # the next turn but one

    paced(scenario)


def test_a_429_stops_its_own_chat_for_as_long_as_it_says_and_no_other():
    async def scenario(bot):
        bot.refusals[7] = [30]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bot.send(7))
            tasks.create_task(bot.send_all(range(100, 120)))

    bot = paced(scenario)
    assert bot.times(7)[0] >= 30
    assert max(at for at, chat in bot.sent if chat != 7) < 0.2


def test_an_answer_is_given_up_after_three_tries():
    async def scenario(bot):
        bot.refusals[7] = [1, 1, 1, 0]
        with pytest.raises(RetryAfter):
            await bot.send(7)
        assert bot.refusals[7] == [0]

    paced(scenario)


def test_an_answer_that_would_come_minutes_late_is_given_up_at_once():
    async def scenario(bot):
        bot.refusals[7] = [120]
        with pytest.raises(RetryAfter):
            await bot.send(7)
        with pytest.raises(RetryAfter):
            await bot.send(7)

    bot = paced(scenario)
    assert bot.sent == []
    assert bot.took < 1


def test_a_digest_that_is_refused_is_handed_back_at_once():
    async def scenario(bot):
        bot.refusals[7] = [30, 0]
        with pytest.raises(RetryAfter):
            await bot.send(7, begin)
        assert bot.refusals[7] == [0]

    paced(scenario)


def test_a_digest_for_a_chat_that_must_be_left_alone_is_handed_back_unsent_with_the_rest_of_the_pause():
    async def scenario(bot):
        bot.refusals[7] = [30]
        with pytest.raises(RetryAfter):
            await bot.send(7, begin)
        await asyncio.sleep(10)
        with pytest.raises(RetryAfter) as raised:
            await bot.send(7, begin)
        assert timedelta(seconds=20) <= pause_of(raised.value) <= timedelta(seconds=22)
        await asyncio.sleep(22)
        await bot.send(7, begin)

    assert len(paced(scenario).sent) == 1


def test_a_digest_that_waits_already_is_handed_back_when_its_chat_is_stopped():
    async def scenario(bot):
        bot.refusals[7] = [0, 30]
        await bot.send(7)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bot.send(7))
            with pytest.raises(RetryAfter):
                await bot.send(7, begin)

    assert len(paced(scenario).sent) == 2


def test_a_digest_for_a_busy_group_is_handed_back():
    async def scenario(bot):
        await bot.send_all([GROUP] * 20)
        with pytest.raises(RetryAfter):
            await bot.send(GROUP, begin)

    paced(scenario)


def test_a_429_that_meets_several_chats_stops_all():
    async def scenario(bot):
        for chat in (1, 2, 3):
            bot.refusals[chat] = [20]
        await bot.send_all([1, 2, 3, 4])
        await bot.send(5)

    bot = paced(scenario)
    assert bot.times(5)[0] >= 20


def test_429s_that_lie_apart_stop_only_their_chats():
    async def scenario(bot):
        for chat in (1, 2, 3):
            bot.refusals[chat] = [20]
            with pytest.raises(RetryAfter):
                await bot.send(chat, begin)
            await asyncio.sleep(2)
        await bot.send(5)

    assert paced(scenario).times(5) == pytest.approx([6 + 3 * LEAD])


def test_who_stops_waiting_takes_nobodys_turn():
    async def scenario(bot):
        await bot.send(7)
        waiting = asyncio.ensure_future(bot.send(7))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await bot.send(7)

    assert paced(scenario).times()[-1] < 1.1


def test_who_is_cancelled_at_the_moment_of_his_turn_does_no_harm():
    async def scenario(bot):
        await bot.send(7)
        waiting = asyncio.ensure_future(bot.send(7))
        await asyncio.sleep(0.1)
        asyncio.get_running_loop().now += 2
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await bot.send(7)

    assert len(paced(scenario).sent) == 2


def test_who_is_cancelled_just_before_others_are_looked_at_takes_nobodys_turn():
    async def scenario(bot):
        await bot.send(7)
        waiting = asyncio.ensure_future(bot.send(7))
        await asyncio.sleep(0.1)
        asyncio.get_running_loop().now += 2
        waiting.cancel()
        await bot.send(7)
        await asyncio.wait([waiting])
        assert waiting.cancelled()

    assert paced(scenario).times() == pytest.approx([0, 2.1])


def test_shutting_down_leaves_nothing_to_end():
    async def scenario(bot):
        await bot.pacing.shutdown()
        await bot.send(7)

    assert len(paced(scenario).sent) == 1


def test_all_processes_of_a_bot_keep_its_limits_together():
    async def scenario(bot):
        bots = [Bot(Pacing(bot.pacing._turns)) for _ in range(4)]
        async with asyncio.TaskGroup() as tasks:
            for number, each in enumerate(bots):
                tasks.create_task(each.send_all(range(1000 * number, 1000 * number + 150), begin))
                tasks.create_task(each.send(7))
        for each in bots:
            bot.sent += each.sent

    bot = paced(scenario)
    assert busiest(bot.times()) <= 30
    assert busiest(bot.times(7)) == 1
    assert 604 / max(bot.times()) >= 29.4 * 0.98


def test_a_disk_that_takes_its_time_to_begin_digests_makes_no_crowd_of_them():
    async def scenario(bot):
        async def slow_disk():
            loop = asyncio.get_running_loop()
            await asyncio.sleep(0.05 if loop.time() % 3 < 2 else 0.3)  # now and then everybody waits for it

        async with asyncio.TaskGroup() as tasks:
            for first in range(0, 600, 60):
                tasks.create_task(bot.send_all(range(first, first + 60), slow_disk))

    bot = paced(scenario)
    assert len(bot.sent) == 600
    assert busiest(bot.times()) <= 30


def test_a_429_that_one_process_meets_stops_the_chat_in_all_of_them():
    async def scenario(bot):
        other = Bot(Pacing(bot.pacing._turns))
        bot.refusals[7] = [30]
        with pytest.raises(RetryAfter):
            await bot.send(7, begin)
        with pytest.raises(RetryAfter):
            await other.send(7, begin)
        await other.send(7, endpoint="editMessageText")
        assert other.times()[0] >= 30

    paced(scenario)


def test_no_answer_waits_two_seconds_while_digests_wait_in_crowds():
    async def scenario(bot):
        waits = []
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bot.send_all(range(1, 1801), begin))
            for asked in range(50):
                await asyncio.sleep(1)
                before = asyncio.get_running_loop().time()
                await bot.send(10_000 + asked)
                waits.append(asyncio.get_running_loop().time() - before)
        assert max(waits) < 0.2

    bot = paced(scenario)
    digests = [at for at, chat in bot.sent if chat < 10_000]
    assert 1850 / max(digests) >= 29.4 * 0.98


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 90),
            st.sampled_from([1, 2, 3, -1, -2]),
            st.sampled_from([None, begin]),
            st.sampled_from(["sendMessage", "editMessageText"]),
        ),
        min_size=1,
        max_size=150,
    )
)
def test_whatever_is_asked_no_limit_is_broken(wishes):
    async def later(bot, at, chat, urgency, endpoint):
        await asyncio.sleep(at)
        try:
            await bot.send(chat, urgency, endpoint)
        except RetryAfter:
            assert urgency is begin

    async def scenario(bot):
        async with asyncio.TaskGroup() as tasks:
            for wish in wishes:
                tasks.create_task(later(bot, *wish))

    bot = paced(scenario)
    if bot.sent:
        assert busiest(bot.times()) <= 30
    for group in {-1, -2} & Counter(chat for _, chat in bot.sent).keys():
        assert busiest(bot.times(group), 60.0) <= 20


def test_the_pause_is_read_in_the_old_type_and_in_the_new(monkeypatch):
    assert pause_of(RetryAfter(3)) == timedelta(seconds=3)
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    assert pause_of(RetryAfter(3)) == timedelta(seconds=3)
