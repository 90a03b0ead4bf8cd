from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.delivery.editions import due_edition, instant, late, next_edition, overdue, window
from digests.model.people import Edition
from digests.model.stories import Window
from tests.builders import NOON, subscription
from tests.digests.delivery.newsroom import Hands, Newsroom, OneDigest

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime"})


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def kyiv(*slots, since=LONG_AGO, **more):
    return subscription(7, slots=slots or (time(8, 0),), zone="Europe/Kyiv", since=since, **more)


def editions_between(reader, start, end):
    """What ticks at each due moment would find, in order."""
    found = []
    while (edition := next_edition(reader, start)) and edition.due <= end:
        found.append(edition)
        start = edition.due
    return found


def test_a_slot_is_the_local_time_of_the_readers_zone():
    edition = next_edition(kyiv(), NOON)
    assert (edition.day, edition.slot, edition.due) == (date(2026, 2, 5), time(8, 0), utc(2026, 2, 5, 6, 0))
    assert (edition.zone, edition.city) == ("Europe/Kyiv", None)


def test_without_a_zone_slots_are_utc():
    edition = next_edition(subscription(zone=None, since=LONG_AGO), NOON)
    assert (edition.due, edition.zone) == (utc(2026, 2, 5, 8, 0), "UTC")


def test_the_next_edition_is_after_the_moment_and_not_at_it():
    assert next_edition(kyiv(), utc(2026, 2, 4, 5, 59)).due == utc(2026, 2, 4, 6, 0)
    assert next_edition(kyiv(), utc(2026, 2, 4, 6, 0)).due == utc(2026, 2, 5, 6, 0)


def test_of_several_slots_the_nearest_is_next():
    reader = kyiv(time(8, 0), time(18, 30))
    assert next_edition(reader, NOON).due == utc(2026, 2, 4, 16, 30)
    assert next_edition(reader, utc(2026, 2, 4, 17, 0)).due == utc(2026, 2, 5, 6, 0)


def test_only_the_days_chosen_count():
    reader = kyiv()
    reader = replace(reader, schedule=replace(reader.schedule, days=frozenset({0})))
    assert next_edition(reader, NOON).day == date(2026, 2, 9)
    assert due_edition(reader, NOON) is None


def test_nothing_is_due_to_the_paused():
    reader = kyiv(paused="blocked")
    assert next_edition(reader, NOON) is None
    assert due_edition(reader, NOON) is None


def test_nothing_is_due_without_topics():
    reader = replace(kyiv(), topics=())
    assert next_edition(reader, NOON) is None
    assert due_edition(reader, NOON) is None


def test_no_slot_counts_that_is_not_after_the_schedule_began():
    began = utc(2026, 2, 4, 6, 0)
    assert due_edition(kyiv(since=began), NOON) is None
    assert next_edition(kyiv(since=began), utc(2026, 2, 1)).due == utc(2026, 2, 5, 6, 0)
    assert due_edition(kyiv(since=began - timedelta(seconds=1)), NOON).due == began


def test_the_newest_slot_is_due_and_older_ones_fold_into_it():
    reader = kyiv(time(8, 0), time(10, 0), time(18, 30))
    assert due_edition(reader, NOON).slot == time(10, 0)


def test_nothing_is_due_that_is_twelve_hours_old():
    assert due_edition(kyiv(), utc(2026, 2, 4, 17, 59)).due == utc(2026, 2, 4, 6, 0)
    assert due_edition(kyiv(), utc(2026, 2, 4, 18, 0)) is None


def test_an_edition_is_overdue_after_twelve_hours_and_late_after_thirty_minutes():
    edition = due_edition(kyiv(), NOON)
    assert not late(edition, edition.due + timedelta(minutes=30))
    assert late(edition, edition.due + timedelta(minutes=31))
    assert not overdue(edition, edition.due + timedelta(hours=11, minutes=59))
    assert overdue(edition, edition.due + timedelta(hours=12))


def test_a_time_that_the_clocks_skip_comes_as_much_later_as_they_jump():
    (edition,) = editions_between(kyiv(time(3, 30)), utc(2026, 3, 29), utc(2026, 3, 29, 23))
    assert (edition.day, edition.due) == (date(2026, 3, 29), utc(2026, 3, 29, 1, 30))


def test_a_time_that_comes_twice_counts_the_first_time():
    (edition,) = editions_between(kyiv(time(3, 30)), utc(2026, 10, 24, 22), utc(2026, 10, 25, 21))
    assert (edition.day, edition.due) == (date(2026, 10, 25), utc(2026, 10, 25, 0, 30))


def due(at):
    return Edition(address=kyiv().address, day=at.date(), slot=at.time(), due=at)


def test_a_window_without_a_past_is_a_day():
    assert window(None, due(NOON), NOON) == Window(start=NOON - DAY, end=NOON)


@given(st.timedeltas(min_value=-30 * DAY, max_value=30 * DAY), st.timedeltas(timedelta(), 12 * HOUR))
def test_a_window_overlaps_the_last_by_two_hours_and_is_three_days_at_most(before, lateness):
    now = NOON + lateness
    covered = window(now - before, due(NOON), now)
    assert NOON <= covered.end <= now < covered.end + timedelta(minutes=5)
    assert covered.end - 73 * HOUR < covered.start <= covered.end - 2 * HOUR
    if timedelta() <= before < 2 * DAY:
        assert now - before - 3 * HOUR - timedelta(minutes=5) < covered.start <= now - before - 2 * HOUR


@given(st.lists(st.timedeltas(timedelta(), timedelta(seconds=299)), min_size=2), st.timedeltas(HOUR, 70 * HOUR))
def test_who_is_served_within_five_minutes_reads_of_the_same_window(delays, before):
    last = NOON - before
    assert len({window(last, due(NOON), NOON + delay) for delay in delays}) == 1


def test_a_window_ends_no_sooner_than_its_edition_is_due():
    assert window(None, due(utc(2026, 2, 4, 6, 3)), utc(2026, 2, 4, 6, 4)).end == utc(2026, 2, 4, 6, 3)


def transitions(zone, start, end):
    """The instants at which the offset changes, to the minute."""

    def offset(moment):
        return moment.astimezone(zone).utcoffset()

    moment = start
    while moment < end:
        if offset(moment) != offset(moment + DAY):
            low, high = moment, moment + DAY
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            yield high
        moment += DAY


def assert_each_date_has_its_slot_once(key, slot, around):
    reader = subscription(7, slots=(slot,), zone=key, since=LONG_AGO)
    found = [edition.day for edition in editions_between(reader, around - 3 * DAY, around + 3 * DAY)]
    assert len(found) == len(set(found)), (key, slot, found)
    middle = around.astimezone(ZoneInfo(key)).date()
    assert {middle - DAY, middle, middle + DAY} <= set(found), (key, slot, found)


SLOTS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))


@pytest.mark.parametrize(
    "key", ["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "America/Scoresbysund", "Africa/Casablanca"]
)
def test_around_clock_changes_each_date_has_each_slot_once(key):
    changes = list(transitions(ZoneInfo(key), utc(2026, 1, 1), utc(2027, 1, 1)))
    assert changes
    for change in changes:
        for slot in SLOTS:
            assert_each_date_has_its_slot_once(key, slot, change)


@given(
    st.sampled_from(ZONES),
    st.integers(5, 3 * 365 - 5),
    st.times().map(lambda slot: slot.replace(second=0, microsecond=0)),
)
def test_anywhere_at_any_time_each_date_has_its_slot_once(key, day, slot):
    assert_each_date_has_its_slot_once(key, slot, LONG_AGO + day * DAY)


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_every_zone_and_clock_change_of_three_years():
    tried = 0
    for key in ZONES:
        for change in transitions(ZoneInfo(key), utc(2025, 1, 1), utc(2028, 1, 1)):
            for slot in SLOTS:
                assert_each_date_has_its_slot_once(key, slot, change)
            tried += 3 * len(SLOTS)
    print(f"{tried} zone-slots, {len(ZONES)} zones: 0 skipped, 0 doubled")
    assert tried >= 34_944


def test_two_slots_that_a_jump_brings_together_are_one_edition():
    found = editions_between(kyiv(time(3, 0), time(4, 0)), utc(2026, 3, 28, 12), utc(2026, 3, 29, 12))
    assert [edition.slot.hour for edition in found] == [4]
    assert due_edition(kyiv(time(3, 0), time(4, 0)), utc(2026, 3, 29, 1, 0)) == found[0]


@given(st.sampled_from(ZONES), st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.times())
def test_an_instant_reads_as_its_slot_unless_the_clocks_skipped_it(key, day, slot):
    zone = ZoneInfo(key)
    local = instant(day, slot, zone).astimezone(zone).replace(tzinfo=None, fold=0)
    assert local >= datetime.combine(day, slot)
    assert local - datetime.combine(day, slot) <= 2 * HOUR


CHANGES = st.lists(
    st.tuples(
        st.integers(1, 36 * 60),
        st.sampled_from(["Europe/Kyiv", "America/New_York", "Asia/Shanghai", "Pacific/Apia", None]),
        st.sets(st.sampled_from(SLOTS), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=6,
)


@given(CHANGES)
def test_nothing_that_was_due_before_a_change_is_due_after_it(changes):
    now = NOON
    for minutes, zone, slots in changes:
        reader = subscription(7, slots=tuple(sorted(slots)), zone=zone, since=now)
        until = now + timedelta(minutes=minutes)
        assert all(edition.due > now for edition in editions_between(reader, now, until))
        now = until
        assert due_edition(subscription(7, slots=tuple(sorted(slots)), zone=zone, since=now), now) is None


@pytest.mark.thousands
@given(CHANGES)
@settings(deadline=None)
async def test_whatever_a_person_changes_no_slot_comes_twice_on_a_date_and_what_is_new_comes(changes):
    """Of two zones one may show the same date and time again: then the ledger knows the edition, and none is sent."""
    room = Newsroom(composer=OneDigest(), machine=Hands(NOON))
    deliverer = room.deliverer()
    came, slots_due = [], set()
    for minutes, zone, slots in changes:
        reader = subscription(7, slots=tuple(sorted(slots)), zone=zone, since=room.clock.now)
        await room.people.put(reader)
        until = room.clock.now + timedelta(minutes=minutes)
        for edition in editions_between(reader, room.clock.now, until):
            slots_due.add((edition.day, edition.slot))
            room.clock.now = edition.due
            before = len(room.messenger.delivered)
            await deliverer.tick()
            if len(room.messenger.delivered) > before:
                came.append((edition.day, edition.slot))
        room.clock.now = until
    assert len(came) == len(set(came))
    assert set(came) == slots_due
