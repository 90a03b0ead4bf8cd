"""What every Ledger promises, over each of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from digests.adapters.postgres.ledger import PostgresLedger
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.ledger import SqliteLedger
from digests.errors import ClaimLost
from digests.model.articles import ArticleId
from digests.model.people import Address, ChatId, Claim, DeliveryState, Edition, Heading, MessageId
from digests.model.stories import DigestId, StoryId
from digests.ports import Plan
from tests.fakes.ledger import MemoryLedger
from tests.postgres import emptied

DUE = datetime(2026, 2, 4, 6, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
HERE = Address(chat=ChatId(7))
PENDING, SENDING, SENT = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT
UNCERTAIN, REFUSED = DeliveryState.UNCERTAIN, DeliveryState.REFUSED


class Machine:
    """A clock that stands until it is told to pass."""

    def __init__(self):
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def passes(self, pause):
        self.now += pause


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def ledger(request, tmp_path, machine):
    if request.param == "postgres":
        async with emptied(machine) as shared:
            yield PostgresLedger(shared, machine, "one without a sign of life")
        return
    if request.param == "memory":
        yield MemoryLedger(machine)
        return
    async with Database(tmp_path / "ledger.db") as database:
        yield SqliteLedger(database, machine)


def edition(*, chat=7, thread=0, slot=time(8, 0), due=DUE, city="Kyiv"):
    address = Address(chat=ChatId(chat), thread=thread)
    return Edition(address=address, day=date(2026, 2, 4), slot=slot, due=due, zone="Europe/Kyiv", city=city)


def plan(parts=1, *, digest="aaaaaaaaaa", at=DUE, late_slot=None, stories=()):
    heading = Heading(at=at, zone="Europe/Kyiv", city=None, late_slot=late_slot)
    return Plan(digest=DigestId(digest), heading=heading, states=(PENDING,) * parts, stories=stories)


async def claimed(ledger, parts=1, of=None, **how):
    claim = await ledger.claim(of or edition(), LEASE)
    await ledger.save_plan(claim, plan(parts, **how))
    return claim


async def states(ledger, claim):
    return (await ledger.plan(claim)).states


async def test_an_edition_is_claimed_by_one_only(ledger):
    assert (await ledger.claim(edition(), LEASE)).token == 1
    assert await ledger.claim(edition(), LEASE) is None
    assert await ledger.claim(edition(slot=time(18, 30)), LEASE) is not None
    assert await ledger.claim(edition(thread=3), LEASE) is not None


async def test_of_many_editions_claimed_at_once_each_is_had_that_is_free(ledger, machine):
    first, second, third = (edition(slot=time(hour)) for hour in (8, 9, 10))
    await ledger.claim(second, LEASE)
    claims = await ledger.claim_many((third, second, first, first), LEASE)
    assert [(claim.edition, claim.token) for claim in claims] == [(third, 1), (first, 1)]
    machine.passes(LEASE)
    assert {claim.token for claim in await ledger.claim_many((first, second, third), LEASE)} == {2}
    assert await ledger.claim_many((), LEASE) == ()


async def test_a_lapsed_lease_is_taken_over_and_the_former_holder_is_told(ledger, machine):
    first = await claimed(ledger)
    machine.passes(LEASE)
    second = await ledger.claim(edition(), LEASE)
    assert second.token == first.token + 1
    for late in (
        ledger.plan(first),
        ledger.save_plan(first, plan()),
        ledger.sending(first, 1),
        ledger.sent(first, 1, MessageId(1)),
        ledger.unsent(first, 1),
        ledger.refused(first, 1, "no"),
        ledger.uncertain(first, 1),
        ledger.skip(first, "no"),
        ledger.release(first, MINUTE),
    ):
        with pytest.raises(ClaimLost):
            await late
    await ledger.sending(second, 1)


async def test_an_edition_that_nobody_knows_is_nobodys_claim(ledger):
    with pytest.raises(ClaimLost):
        await ledger.plan(Claim(edition=edition(), token=1))


async def test_a_plan_is_read_back_as_it_was_made(ledger):
    claim = await ledger.claim(edition(), LEASE)
    assert await ledger.plan(claim) is None
    made = plan(2, late_slot=time(8, 0))
    await ledger.save_plan(claim, made)
    assert await ledger.plan(claim) == made


async def test_parts_go_from_pending_by_sending_to_each_end(ledger):
    claim = await claimed(ledger, 4)
    for part in (1, 2, 3, 4):
        await ledger.sending(claim, part)
    await ledger.sent(claim, 1, MessageId(70))
    await ledger.unsent(claim, 2)
    await ledger.refused(claim, 3, "too long")
    await ledger.uncertain(claim, 4)
    assert await states(ledger, claim) == (SENT, PENDING, REFUSED, UNCERTAIN)


@pytest.mark.parametrize("end", ["sent", "unsent", "refused", "uncertain"])
async def test_what_is_not_being_sent_cannot_end(ledger, end):
    claim = await claimed(ledger)
    arguments = {"sent": (MessageId(1),), "refused": ("no",)}.get(end, ())
    with pytest.raises(ValueError):
        await getattr(ledger, end)(claim, 1, *arguments)


async def test_what_was_sent_or_is_in_doubt_is_never_sent_again(ledger):
    claim = await claimed(ledger, 3)
    await ledger.sending(claim, 1)
    await ledger.sending(claim, 2)
    await ledger.sending(claim, 3)
    await ledger.sent(claim, 2, MessageId(1))
    await ledger.uncertain(claim, 3)
    for part in (1, 2, 3):
        with pytest.raises(ValueError):
            await ledger.sending(claim, part)


async def test_a_released_edition_is_open_again_after_its_pause(ledger, machine):
    claim = await claimed(ledger)
    assert await ledger.open_editions() == ()
    await ledger.release(claim, MINUTE)
    assert await ledger.open_editions() == ()
    assert await ledger.claim(edition(), LEASE) is None
    machine.passes(MINUTE)
    (again,) = await ledger.open_editions()
    assert (again, again.due, again.zone, again.city) == (edition(), DUE, "Europe/Kyiv", "Kyiv")
    assert (await ledger.claim(again, LEASE)).token == claim.token + 1


async def test_open_editions_come_oldest_first(ledger, machine):
    for slot in (time(18, 30), time(8, 0)):
        due = DUE.replace(hour=slot.hour)
        await ledger.release(await ledger.claim(edition(slot=slot, due=due), LEASE), timedelta())
    assert [each.slot.hour for each in await ledger.open_editions()] == [8, 18]
    assert [each.slot.hour for each in await ledger.open_editions(1)] == [8]


async def test_an_edition_without_a_plan_stays_open_when_released(ledger):
    await ledger.release(await ledger.claim(edition(city=None), LEASE), timedelta())
    assert await ledger.open_editions() == (edition(),)


async def test_an_edition_is_done_when_nothing_is_pending(ledger, machine):
    claim = await claimed(ledger)
    await ledger.sending(claim, 1)
    await ledger.uncertain(claim, 1)
    await ledger.release(claim, timedelta())
    machine.passes(LEASE)
    assert await ledger.open_editions() == ()
    assert await ledger.claim(edition(), LEASE) is None


async def test_a_skipped_edition_is_done_and_its_pending_parts_are_refused(ledger, machine):
    claim = await claimed(ledger, 2)
    await ledger.sending(claim, 1)
    await ledger.sent(claim, 1, MessageId(1))
    await ledger.skip(claim, "nobody is here")
    assert await states(ledger, claim) == (SENT, REFUSED)
    await ledger.release(claim, timedelta())
    machine.passes(LEASE)
    assert await ledger.claim(edition(), LEASE) is None
    assert await ledger.open_editions() == ()


async def test_settling_makes_doubt_of_what_was_being_sent_and_frees_the_claims_of_the_dead(ledger):
    claim = await claimed(ledger, 2)
    await ledger.sending(claim, 1)
    (left,) = await ledger.settle()
    assert (left.edition, left.part, left.state, left.digest) == (edition(), 1, UNCERTAIN, "aaaaaaaaaa")
    with pytest.raises(ClaimLost):
        await ledger.sending(claim, 2)
    assert await ledger.open_editions() == (edition(),)
    again = await ledger.claim(edition(), LEASE)
    assert await states(ledger, again) == (UNCERTAIN, PENDING)
    assert await ledger.settle() == ()


async def test_settling_keeps_the_pauses_that_servers_asked_for(ledger, machine):
    await ledger.release(await claimed(ledger), MINUTE)
    await ledger.settle()
    assert await ledger.open_editions() == ()
    machine.passes(MINUTE)
    assert await ledger.open_editions() == (edition(),)


async def test_an_edition_in_doubt_is_announced_once(ledger):
    claim = await claimed(ledger, 3)
    for part in (2, 3):
        await ledger.sending(claim, part)
        await ledger.uncertain(claim, part)
    (doubt,) = await ledger.unannounced()
    assert (doubt.edition, doubt.part, doubt.digest) == (edition(), 2, "aaaaaaaaaa")
    assert await ledger.announce(doubt)
    assert not await ledger.announce(doubt)
    assert await ledger.unannounced() == ()
    assert await states(ledger, claim) == (PENDING, UNCERTAIN, UNCERTAIN)
    assert not await ledger.announce(replace(doubt, edition=edition(chat=8)))


async def test_covered_is_what_was_planned_last_and_not_wholly_refused(ledger):
    assert await ledger.covered_until(HERE) is None
    await claimed(ledger)
    assert await ledger.covered_until(HERE) == DUE
    later = await claimed(ledger, of=edition(slot=time(18, 30)), at=DUE + MINUTE)
    assert await ledger.covered_until(HERE) == DUE + MINUTE
    await ledger.skip(later, "nobody is here")
    assert await ledger.covered_until(HERE) == DUE
    assert await ledger.covered_until(Address(chat=ChatId(8))) is None


async def test_shown_is_what_went_out_or_may_have(ledger):
    stories = tuple({StoryId(number): frozenset({ArticleId(number * 10)})} for number in range(1, 6))
    claim = await claimed(ledger, 5, stories=stories)
    for part in (1, 2, 3, 4):
        await ledger.sending(claim, part)
    await ledger.sent(claim, 1, MessageId(1))
    await ledger.uncertain(claim, 2)
    await ledger.refused(claim, 3, "no")
    await claimed(ledger, of=edition(chat=8), stories=({StoryId(9): frozenset({ArticleId(90)})},))
    assert await ledger.shown(HERE, DUE - MINUTE) == {1: {10}, 2: {20}, 4: {40}}
    assert await ledger.shown(HERE, DUE) == {}


async def test_a_story_shown_twice_has_the_articles_of_both(ledger):
    for number, slot in enumerate((time(8, 0), time(18, 30)), start=1):
        stories = ({StoryId(1): frozenset({ArticleId(number)})},)
        claim = await claimed(ledger, of=edition(slot=slot), stories=stories)
        await ledger.sending(claim, 1)
    assert await ledger.shown(HERE, DUE - MINUTE) == {1: {1, 2}}


async def test_a_moved_chat_takes_its_editions_along(ledger):
    claim = await claimed(ledger)
    await ledger.move(ChatId(7), ChatId(-100))
    with pytest.raises(ClaimLost):
        await ledger.sending(claim, 1)
    (moved,) = await ledger.open_editions()
    assert moved.address == Address(chat=ChatId(-100))
    assert await ledger.covered_until(moved.address) == DUE
    assert await ledger.covered_until(HERE) is None


async def test_of_an_edition_that_both_ids_have_the_old_ones_is_dropped(ledger):
    old = await claimed(ledger)
    await claimed(ledger, of=edition(chat=-100))
    await ledger.move(ChatId(7), ChatId(-100))
    assert await ledger.open_editions() == ()
    with pytest.raises(ClaimLost):
        await ledger.sending(old, 1)
    await ledger.settle()
    assert await ledger.open_editions() == (edition(chat=-100),)


async def test_what_is_done_and_old_is_pruned(ledger):
    claim = await claimed(ledger)
    await ledger.skip(claim, "nobody is here")
    await claimed(ledger, of=edition(slot=time(9, 0)))
    assert await ledger.prune(DUE) == 0
    assert await ledger.prune(DUE + MINUTE) == 1
    assert await ledger.claim(edition(), LEASE) is not None
